//! The list of keys, in the browser's own dialog: it keeps the focus inside, gives it back, and closes on Escape.

use crate::{
    platform::dialog,
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
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with(
            props.open,
            move |open| if *open { dialog::open(&node) } else { dialog::close(&node) },
        );
    }
    let onclose = props.onclose.reform(|_: Event| ());
    let onclick = props.onclose.reform(|_: MouseEvent| ());
    html! {
        <dialog ref={node} class="help" aria-labelledby="help-title" {onclose}>
            <h2 id="help-title">{ text::HELP }</h2>
            <dl>{ for BINDINGS.iter().map(row) }</dl>
            <button type="button" {onclick}>{ text::HELP_CLOSE }</button>
        </dialog>
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
