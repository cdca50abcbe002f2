//! Buttons that are a picture: stroked on a 16 px grid, named for those who do not see it.

use yew::prelude::*;

/// A picture.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Icon {
    /// A bar at the bottom.
    Collapse,
    /// A cross.
    Close,
    /// Half a disc.
    System,
    /// A sun.
    Light,
    /// A moon.
    Dark,
    /// Two bars.
    Pause,
    /// A triangle.
    Resume,
    /// A circle, struck through.
    Clear,
    /// An arrow that goes round.
    Reload,
    /// A question mark.
    Help,
    /// A lens.
    Search,
    /// A window, its lower part filled.
    DockBottom,
    /// A window, its right part filled.
    DockRight,
    /// A window within a window.
    Float,
    /// A window, and an arrow out of it.
    NewWindow,
    /// A tab, and a plus.
    NewTab,
    /// Lines, one of them struck.
    Tracks,
}

impl Icon {
    fn path(self) -> &'static str {
        match self {
            Self::Tracks => "M2.5 4h11M2.5 8h4M9.5 8h4M2.5 12h11M8 6.5v3",
            Self::Collapse => "M3.5 11.5h9",
            Self::Close => "M4 4l8 8M12 4l-8 8",
            Self::System => {
                "M8 2.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11zM8 2.5v11M9.5 3v10M11 3.7v8.6M12.5 5v6"
            }
            Self::Light => {
                "M8 5.2a2.8 2.8 0 1 0 0 5.6a2.8 2.8 0 1 0 0-5.6zM8 1v1.6M8 13.4V15M1 8h1.6M13.4 8H15M3 3l1.2 1.2\
                 M11.8 11.8L13 13M3 13l1.2-1.2M11.8 4.2L13 3"
            }
            Self::Pause => "M5.5 3.5v9M10.5 3.5v9",
            Self::Resume => "M5 3.5v9l7.5-4.5z",
            Self::Clear => "M8 2.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11zM4.2 4.2l7.6 7.6",
            Self::Reload => "M12.8 8a4.800 4.800 0 1 1-1.500-3.500M12.900 2.500v3h-3",
            Self::Help => "M5.6 6a2.4 2.4 0 1 1 3.5 2.1c-.8.4-1.1.9-1.1 1.7M8 12.4v.1",
            Self::Search => "M7 3a4 4 0 1 0 0 8a4 4 0 1 0 0-8zM10 10l3.2 3.2",
            Self::DockBottom => "M2.5 3h11v10h-11zM2.5 9.5h11M4.5 11.3h7",
            Self::DockRight => "M2.5 3h11v10h-11zM9.5 3v10M11.5 5v6",
            Self::Float => "M13.5 7V3h-11v10h4M8 8.5h6v5H8z",
            Self::NewWindow => "M8 3.5H3v9.500h9.500V8M9.500 3h4v4M13.300 3.200L8 8.500",
            Self::NewTab => "M2.500 13V5h4.500l1.500 2h5v6zM11 2v4M9 4h4",
            Self::Dark => "M13 9.6A5.5 5.5 0 1 1 6.4 3a4.4 4.4 0 0 0 6.6 6.6z",
        }
    }
}

/// Properties of [`IconButton`].
#[derive(Properties, PartialEq)]
pub struct IconButtonProps {
    /// The picture.
    pub icon: Icon,
    /// What it does.
    pub label: &'static str,
    /// Whether it is down, for one that stays down.
    #[prop_or_default]
    pub pressed: Option<bool>,
    /// It cannot be pressed now.
    #[prop_or_default]
    pub disabled: bool,
    /// It was pressed.
    pub onclick: Callback<()>,
}

/// A button with a picture.
#[component]
pub fn IconButton(props: &IconButtonProps) -> Html {
    let onclick = props.onclick.reform(|_: MouseEvent| ());
    let pressed = props.pressed.map(|pressed| pressed.to_string());
    html! {
        <button
            type="button"
            class="icon"
            title={props.label}
            aria-label={props.label}
            aria-pressed={pressed}
            disabled={props.disabled}
            {onclick}
        >
            <Picture icon={props.icon} />
        </button>
    }
}

/// Properties of [`Picture`].
#[derive(Properties, PartialEq)]
pub struct PictureProps {
    /// The picture.
    pub icon: Icon,
}

/// A picture that says nothing by itself.
#[component]
pub fn Picture(props: &PictureProps) -> Html {
    html! { <svg viewBox="0 0 16 16" aria-hidden="true"><path d={props.icon.path()} /></svg> }
}
