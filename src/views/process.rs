//! How to give the view a process of its own, where it may share the page's thread.

use crate::{
    components::{copy_field::CopyField, modal::Modal},
    platform::location,
    state::site,
    text,
};
use yew::prelude::*;

/// Properties of [`Process`].
#[derive(Properties, PartialEq)]
pub struct ProcessProps {
    /// It is open.
    pub open: bool,
    /// It was closed.
    pub onclose: Callback<()>,
}

/// The dialog.
#[component]
pub fn Process(props: &ProcessProps) -> Html {
    let elsewhere = site::elsewhere(&location::beside("agent.js"));
    html! {
        <Modal open={props.open} title={text::PROCESS} id="process" onclose={props.onclose.clone()}>
            <p>{ text::PROCESS_WHY }</p>
            if let Some(url) = elsewhere {
                <p>{ text::PROCESS_HOW }</p>
                <CopyField code={text::script_tag(&url)} />
                <p class="note">{ text::PROCESS_LISTENS }</p>
            } else {
                <p>{ text::PROCESS_HOST }</p>
            }
        </Modal>
    }
}
