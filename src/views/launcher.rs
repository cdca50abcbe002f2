//! The first screen: what this is, and every way to begin.

use crate::{
    components::copy_field::CopyField,
    platform::{file, keyboard, location, targets},
    state::{
        demos,
        route::{Route, Source},
    },
    text,
};
use yew::prelude::*;

use super::{bookmarklets::Bookmarklets, live::Dropped, runs::Runs};

/// The recording that the site comes with.
const RECORDED: &str = "demos/bridge.gopherscope.json.gz";

/// Properties of [`Launcher`].
#[derive(Properties, PartialEq)]
pub struct LauncherProps {
    /// A session file was put here.
    pub onfile: Callback<Dropped>,
}

/// The launcher.
#[component]
pub fn Launcher(props: &LauncherProps) -> Html {
    let over = use_state_eq(|| false);
    let trouble = use_state_eq(|| None::<String>);
    let take = {
        let (onfile, trouble) = (props.onfile.clone(), trouble.clone());
        Callback::from(move |read: Result<(String, Vec<u8>), String>| match read {
            Ok((name, bytes)) => onfile.emit(Dropped { name, bytes: bytes.into() }),
            Err(why) => trouble.set(Some(why)),
        })
    };
    let dragged = |is_over: bool| {
        let over = over.clone();
        Callback::from(move |event: DragEvent| {
            // Without this the browser would show the file itself.
            event.prevent_default();
            over.set(is_over);
        })
    };
    let ondrop = {
        let (over, take) = (over.clone(), take.clone());
        Callback::from(move |event: DragEvent| {
            event.prevent_default();
            over.set(false);
            file::dropped(&event, take.clone());
        })
    };
    let onchange = Callback::from(move |event: Event| file::chosen(&event, take.clone()));
    let recorded = Route::Open(Source::Profile(RECORDED.into())).format();
    html! {
        <main
            class={classes!("launcher", over.then_some("is-over"))}
            ondragover={dragged(true)}
            ondragleave={dragged(false)}
            {ondrop}
        >
            <h1>{ text::NAME }</h1>
            <p class="lead">{ text::LAUNCHER_LEAD }</p>
            <section aria-labelledby="tag">
                <h2 id="tag">{ text::LAUNCHER_TAG }</h2>
                <p>{ text::LAUNCHER_HOW }</p>
                <CopyField code={text::script_tag(&location::beside("agent.js"))} />
            </section>
            <Bookmarklets />
            <OpenPage />
            <section aria-labelledby="recorded">
                <h2 id="recorded">{ text::LAUNCHER_RECORDED }</h2>
                <p>
                    <a href={recorded}>{ text::LAUNCHER_RECORDED_LINK }</a>{ text::LAUNCHER_FILE }
                    <label class="file">
                        <input type="file" accept=".gz,.json" {onchange} />
                        <span>{ text::LAUNCHER_CHOOSE }</span>
                    </label>
                </p>
                if let Some(why) = &*trouble {
                    <p class="notice error" role="alert">{ why }</p>
                }
            </section>
            <Runs />
            <section aria-labelledby="demos">
                <h2 id="demos">{ text::LAUNCHER_DEMOS }</h2>
                <p>{ text::LAUNCHER_DEMOS_HOW }{ " " }<a href="demos/">{ text::LAUNCHER_DEMOS_LINK }</a></p>
                <ul class="demos">{ for demos::all().iter().map(demo) }</ul>
            </section>
            <p class="privacy">{ text::LAUNCHER_PRIVACY }</p>
        </main>
    }
}

fn demo(demo: &demos::Demo) -> Html {
    let variant = |(name, url): &(String, String)| {
        let label = format!("{}, {name}", demo.name);
        html! { <a href={format!("demos/{url}")} aria-label={label}>{ name }</a> }
    };
    html! {
        <li>
            <b>{ &demo.name }</b>
            <span class="variants">{ for demo.variants.iter().map(variant) }</span>
            <span class="about">{ &demo.about }</span>
        </li>
    }
}

/// A page of this very site, in a frame.
#[component]
fn OpenPage() -> Html {
    let url = use_state_eq(String::new);
    let recent = use_state_eq(targets::load);
    let oninput = {
        let url = url.clone();
        Callback::from(move |event: InputEvent| url.set(keyboard::value(&event)))
    };
    let onsubmit = {
        let url = url.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if !url.trim().is_empty() {
                location::go(&Route::Frame(url.trim().into()).format());
            }
        })
    };
    let forget = |target: &str| {
        let (recent, target) = (recent.clone(), target.to_owned());
        Callback::from(move |_: MouseEvent| {
            let rest: Vec<String> = recent.iter().filter(|it| **it != target).cloned().collect();
            targets::save(&rest);
            recent.set(rest);
        })
    };
    let row = |target: &String| {
        html! {
            <li>
                <a href={Route::Frame(target.clone()).format()}>{ target }</a>
                <button type="button" class="plain" aria-label={text::forget_target(target)} onclick={forget(target)}>
                    { text::FORGET }
                </button>
            </li>
        }
    };
    html! {
        <section aria-labelledby="open">
            <h2 id="open">{ text::LAUNCHER_FRAME }</h2>
            <p>{ text::launcher_frame_how(&location::origin()) }</p>
            <form class="open" {onsubmit}>
                <input
                    type="text"
                    inputmode="url"
                    name="url"
                    aria-labelledby="open"
                    placeholder={location::beside("demos/bridge/")}
                    value={(*url).clone()}
                    {oninput}
                />
                <button type="submit">{ text::OPEN }</button>
            </form>
            if !recent.is_empty() {
                <ul class="recent" aria-label={text::RECENT}>{ for recent.iter().map(row) }</ul>
            }
        </section>
    }
}
