//! The session as its users see it: file, analyses, report.

#![expect(clippy::unwrap_used, reason = "tests")]

mod analyses;
mod bridge;
mod findings;
mod fixture;
mod formats;
mod held;
mod page;
mod patterns;
mod report;
