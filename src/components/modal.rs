//! A dialog over the view: the browser's own, which keeps the focus inside, gives it back, and closes on Escape.

use crate::{platform::dialog, text};
use yew::prelude::*;

/// Properties of [`Modal`].
#[derive(Properties, PartialEq)]
pub struct ModalProps {
    /// It is open.
    pub open: bool,
    /// What it is about.
    pub title: &'static str,
    /// Tells it from others in the document.
    pub id: &'static str,
    /// It was closed.
    pub onclose: Callback<()>,
    /// What it holds.
    pub children: Html,
}

/// The dialog. It is always there, so that it can give the focus back.
#[component]
pub fn Modal(props: &ModalProps) -> Html {
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
        <dialog ref={node} class={classes!("modal", props.id)} aria-labelledby={props.id} {onclose}>
            <h2 id={props.id}>{ props.title }</h2>
            if props.open {
                { props.children.clone() }
            }
            <button type="button" class="plain" {onclick}>{ text::DIALOG_CLOSE }</button>
        </dialog>
    }
}
