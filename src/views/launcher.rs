//! The first screen: what this is and how to begin.

use crate::{components::copy_field::CopyField, platform::location, text};
use yew::prelude::*;

/// The launcher.
#[component]
pub fn Launcher() -> Html {
    let tag = text::script_tag(&location::beside("agent.js"));
    html! {
        <main class="launcher">
            <h1>{ text::NAME }</h1>
            <p class="lead">{ text::LAUNCHER_LEAD }</p>
            <p>{ text::LAUNCHER_HOW }</p>
            <CopyField code={tag} />
            <p>
                { text::LAUNCHER_DEMOS }{ " " }
                <a href="demos/">{ text::LAUNCHER_DEMOS_LINK }</a>{ "." }
            </p>
            <p class="privacy">{ text::LAUNCHER_PRIVACY }</p>
        </main>
    }
}
