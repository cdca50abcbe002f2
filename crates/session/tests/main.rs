//! The session as its users see it: file, analyses, report.

mod analyses;
mod fixture;
mod formats;
mod report;
