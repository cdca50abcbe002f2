//! A page in a frame, as large as the window, watched from its first script on; above it a line that says so.

use crate::{
    components::{
        copy_field::CopyField,
        icon::{Icon, IconButton},
    },
    platform::{framed::Frame, location, targets},
    state::{
        framed::{Framed as State, Why},
        route::Route,
        targets as list,
    },
    text,
};
use web_sys::Element;
use yew::prelude::*;

/// Properties of [`Framed`].
#[derive(Properties, PartialEq)]
pub struct FramedProps {
    /// The page.
    pub url: String,
}

/// The frame.
#[component]
pub fn Framed(props: &FramedProps) -> Html {
    let within = use_node_ref();
    let frame = use_mut_ref(|| None::<Frame>);
    let state = use_state_eq(|| (State::Loading, props.url.clone()));
    {
        let (within, frame, state, url) = (within.clone(), frame.clone(), state.clone(), props.url.clone());
        use_effect_with((), move |()| {
            let told = Callback::from(move |(how, url): (State, String)| {
                if how == State::Watched {
                    targets::save(&list::opened(&targets::load(), &url));
                    location::replace_hash(&Route::Frame(url.clone()).format());
                }
                state.set((how, url));
            });
            if let Some(within) = within.cast::<Element>() {
                *frame.borrow_mut() = Some(Frame::open(within, &url, told));
            }
            move || drop(frame.take())
        });
    }
    let onreload = Callback::from(move |()| {
        if let Some(frame) = &*frame.borrow() {
            frame.reload();
        }
    });
    let (how, url) = &*state;
    let class = match how {
        State::Loading => "is-waiting",
        State::Watched => "is-live",
        State::Not(_) => "is-error",
    };
    html! {
        <main class="framed">
            <header class="bar">
                <h1><a href="#/">{ text::NAME }</a></h1>
                <p class={classes!("stage", class)}><i aria-hidden="true" /><span role="status">{ text::framed(how) }</span></p>
                <code>{ url }</code>
                <div class="actions" role="group" aria-label={text::ACTIONS}>
                    <IconButton icon={Icon::Reload} label={text::FRAME_RELOAD} onclick={onreload} />
                </div>
            </header>
            if let State::Not(why) = how {
                <div class="notice error" role="alert">
                    <p><b>{ text::not_framed(why) }</b>{ " " }{ text::not_framed_next(why) }</p>
                    if !matches!(why, Why::NoUrl) {
                        <CopyField code={text::script_tag(&location::beside("agent.js"))} />
                    }
                    <p><a href="#/">{ text::OPEN_LAUNCHER }</a></p>
                </div>
            }
            <div class="page" ref={within} hidden={matches!(how, State::Not(_))} />
        </main>
    }
}
