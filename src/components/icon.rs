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
}

impl Icon {
    fn path(self) -> &'static str {
        match self {
            Self::Collapse => "M3.5 11.5h9",
            Self::Close => "M4 4l8 8M12 4l-8 8",
            Self::System => {
                "M8 2.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11zM8 2.5v11M9.5 3v10M11 3.7v8.6M12.5 5v6"
            }
            Self::Light => {
                "M8 5.2a2.8 2.8 0 1 0 0 5.6a2.8 2.8 0 1 0 0-5.6zM8 1v1.6M8 13.4V15M1 8h1.6M13.4 8H15M3 3l1.2 1.2\
                 M11.8 11.8L13 13M3 13l1.2-1.2M11.8 4.2L13 3"
            }
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
    /// It was pressed.
    pub onclick: Callback<()>,
}

/// A button with a picture.
#[component]
pub fn IconButton(props: &IconButtonProps) -> Html {
    let onclick = props.onclick.reform(|_: MouseEvent| ());
    html! {
        <button type="button" class="icon" title={props.label} aria-label={props.label} {onclick}>
            <svg viewBox="0 0 16 16" aria-hidden="true"><path d={props.icon.path()} /></svg>
        </button>
    }
}
