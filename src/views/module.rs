//! A module's facts: how it came, and what it is.

use crate::text;
use session::{Compiler, Module, Network, fmt};
use yew::prelude::*;

/// Properties of [`ModuleFacts`].
#[derive(Properties, PartialEq)]
pub struct ModuleFactsProps {
    /// The module.
    pub module: Module,
}

/// A fact, or why it is not known.
type Fact = Result<String, &'static str>;

/// The facts.
#[component]
pub fn ModuleFacts(props: &ModuleFactsProps) -> Html {
    let row = |(label, fact): (&'static str, Fact)| {
        let value = match fact {
            Ok(value) => html! { { value } },
            Err(why) => html! { <span class="unknown" title={why}>{ text::UNKNOWN }</span> },
        };
        html! { <div><dt>{ label }</dt><dd>{ value }</dd></div> }
    };
    html! {
        <section aria-labelledby="module">
            <h2 id="module">{ text::MODULE }</h2>
            <dl class="module-facts">
                { for came(&props.module).into_iter().chain(is(&props.module)).map(row) }
            </dl>
        </section>
    }
}

fn came(module: &Module) -> Vec<(&'static str, Fact)> {
    let network = module.network.as_ref();
    let told = |of: &dyn Fn(&Network) -> Option<String>| -> Fact {
        of(network.ok_or(text::NO_REQUEST_ABOUT)?).ok_or(text::NOT_TOLD_ABOUT)
    };
    let url = Some(module.url.clone()).filter(|url| !url.is_empty());
    let size = text::size(network.and_then(|it| it.wire_bytes), module.bytes);
    let streamed = |it: &Network| {
        it.streamed.map(|yes| if yes { text::STREAMED_YES } else { text::STREAMED_NO }.to_owned())
    };
    // A response that was read and names no encoding has none.
    let encoding = |it: &Network| it.encoding.clone().or(it.status.map(|_| text::IDENTITY.to_owned()));
    vec![
        (text::MODULE_URL, url.ok_or(text::NO_REQUEST_ABOUT)),
        (text::MODULE_STATUS, told(&|it| it.status.map(|status| status.to_string()))),
        (text::MODULE_TYPE, told(&|it| it.content_type.clone())),
        (text::MODULE_ENCODING, told(&encoding)),
        (text::MODULE_SIZE, size.ok_or(text::NOT_TOLD_ABOUT)),
        (text::MODULE_STREAMED, told(&streamed)),
        (text::MODULE_TTFB, told(&|it| it.ttfb_ms.map(fmt::ms))),
        (text::MODULE_DOWNLOAD, told(&|it| it.download_ms.map(fmt::ms))),
        (text::MODULE_CACHE, told(&|it| it.cache.clone())),
    ]
}

fn is(module: &Module) -> Vec<(&'static str, Fact)> {
    let built = match module.compiler {
        Compiler::Go => module.go_version.clone(),
        Compiler::Tinygo => Some(text::tinygo(module.compiler_version.as_deref())),
        compiler => Some(compiler.as_str().to_owned()),
    };
    let tiny = module.compiler == Compiler::Tinygo;
    let names = module.stripped.map(|yes| {
        if yes && tiny {
            text::NAMES_STRIPPED_TINYGO
        } else if yes {
            text::NAMES_STRIPPED
        } else {
            text::NAMES_THERE
        }
        .to_owned()
    });
    let unread = if tiny { text::NOT_IN_TINYGO_ABOUT } else { text::NOT_READ_ABOUT };
    let functions = module.functions.map(|n| fmt::count(u64::from(n)));
    vec![
        (text::MODULE_GO, built.ok_or(text::NOT_READ_ABOUT)),
        (text::MODULE_PATH, module.path.clone().ok_or(unread)),
        (text::MODULE_FUNCTIONS, functions.ok_or(unread)),
        (text::MODULE_NAMES, names.ok_or(text::NOT_READ_ABOUT)),
    ]
}
