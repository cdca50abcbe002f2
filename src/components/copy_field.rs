//! A line of code with a button that copies it.

use crate::{platform::clipboard, text};
use yew::{platform::spawn_local, prelude::*};

/// Properties of [`CopyField`].
#[derive(Properties, PartialEq)]
pub struct CopyFieldProps {
    /// The code.
    pub code: String,
}

/// Code, selectable, and its copy button.
#[component]
pub fn CopyField(props: &CopyFieldProps) -> Html {
    let outcome = use_state_eq(|| None);
    let onclick = {
        let (outcome, code) = (outcome.clone(), props.code.clone());
        Callback::from(move |_: MouseEvent| {
            let (outcome, code) = (outcome.clone(), code.clone());
            spawn_local(async move { outcome.set(Some(clipboard::copy(&code).await)) });
        })
    };
    let (label, failed) = match *outcome {
        None => (text::COPY, None),
        Some(true) => (text::COPIED, None),
        Some(false) => (text::COPY, Some(text::COPY_FAILED)),
    };
    html! {
        <div class="copy-field">
            <code>{ &props.code }</code>
            <button type="button" {onclick} aria-live="polite">{ label }</button>
            if let Some(failed) = failed {
                <p role="status">{ failed }</p>
            }
        </div>
    }
}
