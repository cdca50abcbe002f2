//! What the view knows and how it changes: reducers and pure functions, without effects, futures or web types.

pub mod app;
pub mod axis;
pub mod bridge;
pub mod column;
pub mod connection;
pub mod frames;
pub mod gesture;
pub mod hash;
pub mod history;
pub mod keys;
pub mod kind;
pub mod layout;
pub mod pace;
pub mod readers;
pub mod route;
pub mod rows;
pub mod search;
pub mod site;
pub mod snapshot;
pub mod span;
pub mod stage;
pub mod startup;
pub mod table;
pub mod theme;
pub mod treegrid;
pub mod view;
