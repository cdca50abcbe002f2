//! A menu of the places where the view can be.

use crate::{
    components::{
        icon::{Icon, Picture},
        menu::{Menu, use_menu},
    },
    state::layout::Dock,
    text,
};
use yew::prelude::*;

/// A place for the view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spot {
    /// In the page.
    Dock(Dock),
    /// In a window of its own.
    Window,
    /// In a tab of its own.
    Tab,
}

const SPOTS: [Spot; 5] =
    [Spot::Dock(Dock::Bottom), Spot::Dock(Dock::Right), Spot::Dock(Dock::Float), Spot::Window, Spot::Tab];

impl Spot {
    fn icon(self) -> Icon {
        match self {
            Self::Dock(Dock::Bottom) => Icon::DockBottom,
            Self::Dock(Dock::Right) => Icon::DockRight,
            Self::Dock(Dock::Float) => Icon::Float,
            Self::Window => Icon::NewWindow,
            Self::Tab => Icon::NewTab,
        }
    }
}

/// Properties of [`DockMenu`].
#[derive(Properties, PartialEq)]
pub struct DockMenuProps {
    /// Where the view is.
    pub dock: Dock,
    /// A place was chosen.
    pub onspot: Callback<Spot>,
}

/// A button that opens the menu. Arrow keys go through it, Escape closes it.
#[component]
pub fn DockMenu(props: &DockMenuProps) -> Html {
    let Menu { open, list, toggle, onkeydown, onfocusout } = use_menu();
    let item = |spot: Spot| {
        let (open, onspot) = (open.clone(), props.onspot.clone());
        let onclick = Callback::from(move |_: MouseEvent| {
            open.set(false);
            onspot.emit(spot);
        });
        let checked = match spot {
            Spot::Dock(dock) => Some((dock == props.dock).to_string()),
            Spot::Window | Spot::Tab => None,
        };
        let role = if checked.is_some() { "menuitemradio" } else { "menuitem" };
        html! {
            <button type="button" {role} aria-checked={checked} tabindex="-1" {onclick}>
                <Picture icon={spot.icon()} /><span>{ text::spot(spot) }</span>
            </button>
        }
    };
    html! {
        <div class="dock-menu" {onkeydown} {onfocusout}>
            <button
                type="button"
                class="icon"
                title={text::DOCK}
                aria-label={text::DOCK}
                aria-haspopup="menu"
                aria-expanded={open.to_string()}
                onclick={toggle}
            >
                <Picture icon={Spot::Dock(props.dock).icon()} />
            </button>
            if *open {
                <div role="menu" aria-label={text::DOCK} ref={list}>{ for SPOTS.into_iter().map(item) }</div>
            }
        </div>
    }
}
