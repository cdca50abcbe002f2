//! A menu of the tracks: each is shown or hidden.

use crate::{
    components::{
        icon::{Icon, Picture},
        menu::{Menu, use_menu},
    },
    state::track_list::Choice,
    text,
};
use yew::prelude::*;

/// Properties of [`TracksMenu`].
#[derive(Properties, PartialEq)]
pub struct TracksMenuProps {
    /// Every track.
    pub choices: Vec<Choice>,
    /// One is to be hidden, or shown again, by its key.
    pub ontoggle: Callback<&'static str>,
}

/// A button that opens the menu, which stays while tracks are chosen. Arrow keys go through it, Escape closes it.
#[component]
pub fn TracksMenu(props: &TracksMenuProps) -> Html {
    let Menu { open, list, toggle, onkeydown, onfocusout } = use_menu();
    let item = |choice: &Choice| {
        let key = choice.track.key;
        let onclick = props.ontoggle.reform(move |_: MouseEvent| key);
        html! {
            <button
                type="button"
                role="menuitemcheckbox"
                aria-checked={choice.wanted.to_string()}
                title={choice.track.about}
                tabindex="-1"
                {onclick}
            >
                <span>{ choice.track.name }</span>
                if !choice.come {
                    <small>{ text::NOTHING_YET }</small>
                }
            </button>
        }
    };
    html! {
        <div class="tracks-menu" {onkeydown} {onfocusout}>
            <button
                type="button"
                class="icon"
                title={text::TRACKS_MENU}
                aria-label={text::TRACKS_MENU}
                aria-haspopup="menu"
                aria-expanded={open.to_string()}
                onclick={toggle}
            >
                <Picture icon={Icon::Tracks} />
            </button>
            if *open {
                <div role="menu" aria-label={text::TRACKS_MENU} ref={list}>{ for props.choices.iter().map(item) }</div>
            }
        </div>
    }
}
