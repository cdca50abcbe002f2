//! The launcher's bookmarklets: one that loads the agent, one that carries it.

use crate::{
    components::copy_field::CopyButton,
    platform::{fetch, location},
    state::bookmarklet,
    text,
};
use yew::{platform::spawn_local, prelude::*};

/// Most bytes of an agent.
const MAX_AGENT: usize = 4 << 20;

/// Both, to drag or to copy.
#[component]
pub fn Bookmarklets() -> Html {
    let site = use_memo((), |()| location::beside(""));
    let loader = use_memo((), |()| {
        let words = bookmarklet::LoaderWords {
            policy: text::LOADER_POLICY,
            trusted: text::LOADER_TRUSTED,
            unreachable: &text::loader_unreachable(&site),
            slow: &text::loader_slow(&site),
            close: text::LOADER_CLOSE,
        };
        AttrValue::from(bookmarklet::url(&bookmarklet::loader(&site, &words)))
    });
    let agent = use_state_eq(|| None::<Result<AttrValue, String>>);
    {
        let (agent, site) = (agent.clone(), site.clone());
        use_effect_with((), move |()| {
            spawn_local(async move {
                let url = location::beside("agent.js");
                let read = match fetch::bytes(&url, MAX_AGENT).await.map(String::from_utf8) {
                    Ok(Ok(script)) => Ok(bookmarklet::self_contained(&site, &script).into()),
                    Ok(Err(_)) => Err(text::NO_TEXT.to_owned()),
                    Err(failure) => Err(text::not_fetched(&failure, &url)),
                };
                agent.set(Some(read));
            });
        });
    }
    html! {
        <section aria-labelledby="bookmarklets" class="bookmarklets">
            <h2 id="bookmarklets">{ text::LAUNCHER_BOOKMARKLETS }</h2>
            <p>{ text::LAUNCHER_BOOKMARKLETS_HOW }</p>
            <Bookmarklet name={text::BOOKMARKLET} url={(*loader).clone()}>
                { text::BOOKMARKLET_LOADS }
            </Bookmarklet>
            {
                match &*agent {
                    None => html! { <p class="about">{ text::BOOKMARKLET_BUILDS }</p> },
                    Some(Err(why)) => html! { <p class="notice error" role="alert">{ text::no_bookmarklet(why) }</p> },
                    Some(Ok(code)) => html! { <SelfContained code={code.clone()} /> },
                }
            }
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct SelfContainedProps {
    code: AttrValue,
}

#[component]
fn SelfContained(props: &SelfContainedProps) -> Html {
    let url = use_memo(props.code.clone(), |code| AttrValue::from(bookmarklet::url(code)));
    html! {
        <Bookmarklet name={text::BOOKMARKLET_WHOLE} url={(*url).clone()}>
            { text::bookmarklet_carries(url.len(), bookmarklet::FIREFOX_LIMIT) }
            { " " }
            <CopyButton label={text::COPY_FOR_CONSOLE} code={props.code.clone()} failed={text::COPY_CLOSED} />
        </Bookmarklet>
    }
}

#[derive(Properties, PartialEq)]
struct BookmarkletProps {
    name: &'static str,
    url: AttrValue,
    /// What it does.
    children: Html,
}

/// A link to drag into the bookmarks, and its copy button.
#[component]
fn Bookmarklet(props: &BookmarkletProps) -> Html {
    let pressed = use_state_eq(|| false);
    let onclick = {
        let pressed = pressed.clone();
        // It would run here, where nothing is to be profiled.
        Callback::from(move |event: MouseEvent| {
            event.prevent_default();
            pressed.set(true);
        })
    };
    html! {
        <div class="bookmarklet">
            <p class="grab">
                <a class="drag" href={props.url.clone()} draggable="true" title={text::BOOKMARKLET_DRAG} {onclick}>
                    { props.name }
                </a>
                <CopyButton label={text::COPY_BOOKMARKLET} code={props.url.clone()} failed={text::COPY_CLOSED} />
            </p>
            if *pressed {
                <p role="status">{ text::BOOKMARKLET_DRAG }</p>
            }
            <p class="about">{ props.children.clone() }</p>
        </div>
    }
}
