//! Reusable presentational parts. They show what they are given and hand intents back.

pub mod choice;
pub mod copy_field;
pub mod cursor;
pub mod dock_menu;
pub mod icon;
mod list_row;
pub mod list_table;
mod menu;
pub mod modal;
pub mod plot;
pub mod range_chip;
pub mod segmented;
pub mod selection;
pub mod sort_table;
mod table_row;
pub mod tabs;
pub mod tracks_menu;
