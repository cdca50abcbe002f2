//! The list of keys.

use crate::{
    components::modal::Modal,
    state::keys::{BINDINGS, Binding},
    text,
};
use yew::prelude::*;

/// Properties of [`Help`].
#[derive(Properties, PartialEq)]
pub struct HelpProps {
    /// It is open.
    pub open: bool,
    /// It was closed.
    pub onclose: Callback<()>,
}

/// The dialog.
#[component]
pub fn Help(props: &HelpProps) -> Html {
    html! {
        <Modal open={props.open} title={text::HELP} id="help" onclose={props.onclose.clone()}>
            <dl>{ for BINDINGS.iter().map(row) }</dl>
        </Modal>
    }
}

fn row(binding: &Binding) -> Html {
    let key = |(at, key): (usize, &&str)| {
        html! {
            <>
                if at > 0 {
                    { " " }{ text::HELP_OR }{ " " }
                }
                <kbd>{ text::key(key) }</kbd>
            </>
        }
    };
    html! {
        <div>
            <dt>{ for binding.keys.iter().enumerate().map(key) }</dt>
            <dd>{ text::command(binding.command) }</dd>
        </div>
    }
}
