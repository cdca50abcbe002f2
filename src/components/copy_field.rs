//! A line of code with a button that copies it, and the button alone.

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
    html! {
        <div class="copy-field">
            <code>{ &props.code }</code>
            <CopyButton code={props.code.clone()} failed={text::COPY_FAILED} />
        </div>
    }
}

/// Properties of [`CopyButton`].
#[derive(Properties, PartialEq)]
pub struct CopyButtonProps {
    /// What it copies.
    pub code: AttrValue,
    /// What it says at rest.
    #[prop_or(text::COPY)]
    pub label: &'static str,
    /// What is said where the browser will not copy.
    pub failed: &'static str,
}

/// Copies, and says whether it did.
#[component]
pub fn CopyButton(props: &CopyButtonProps) -> Html {
    let outcome = use_state_eq(|| None);
    let onclick = {
        let (outcome, code) = (outcome.clone(), props.code.clone());
        Callback::from(move |_: MouseEvent| {
            let (outcome, code) = (outcome.clone(), code.clone());
            spawn_local(async move { outcome.set(Some(clipboard::copy(&code).await)) });
        })
    };
    html! {
        <>
            <button type="button" {onclick} aria-live="polite">
                { if *outcome == Some(true) { text::COPIED } else { props.label } }
            </button>
            if *outcome == Some(false) {
                <p role="status">{ props.failed }</p>
            }
        </>
    }
}
