//! What a button and the menu that it opens share: focus, keys, and when it closes.

use crate::platform::menu;
use yew::prelude::*;

/// A menu and what its elements are to call.
pub struct Menu {
    /// Whether it is open.
    pub open: UseStateHandle<bool>,
    /// Of the element with the items.
    pub list: NodeRef,
    /// Of the button.
    pub toggle: Callback<MouseEvent>,
    /// Of the element around button and menu: arrow keys go through the items, Escape closes.
    pub onkeydown: Callback<KeyboardEvent>,
    /// Of the same: focus that leaves button and menu closes it.
    pub onfocusout: Callback<FocusEvent>,
}

/// A menu that is closed at first; opened, it has the focus.
#[hook]
pub fn use_menu() -> Menu {
    let open = use_state_eq(|| false);
    let list = use_node_ref();
    {
        let list = list.clone();
        use_effect_with(*open, move |open| {
            if *open {
                menu::enter(&list);
            }
        });
    }
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    let onkeydown = {
        let open = open.clone();
        Callback::from(move |event: KeyboardEvent| {
            if *open && menu::key(&event) {
                open.set(false);
            }
        })
    };
    let onfocusout = {
        let open = open.clone();
        Callback::from(move |event: FocusEvent| {
            if menu::left(&event) {
                open.set(false);
            }
        })
    };
    Menu { open, list, toggle, onkeydown, onfocusout }
}
