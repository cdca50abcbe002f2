//! The root component: which screen the location asks for.

use crate::{
    platform::location,
    state::route::{Route, Source},
    views::{
        framed::Framed,
        launcher::Launcher,
        live::{Dropped, Live},
    },
};
use yew::prelude::*;

/// The viewer.
#[component]
pub fn App() -> Html {
    let route = use_state_eq(|| Route::parse(&location::hash()));
    let file = use_state(|| None::<Dropped>);
    {
        let route = route.clone();
        use_effect_with((), move |()| {
            let listener = location::on_hash_change(move || route.set(Route::parse(&location::hash())));
            move || drop(listener)
        });
    }
    let onfile = {
        let (file, route) = (file.clone(), route.clone());
        Callback::from(move |dropped| {
            file.set(Some(dropped));
            let open = Route::Open(Source::File);
            location::go(&open.format());
            route.set(open);
        })
    };
    match &*route {
        Route::Launcher => html! { <Launcher {onfile} /> },
        Route::Live => html! { <Live key="live" /> },
        Route::Open(source) => html! {
            <Live key={route.format()} source={source.clone()} file={(*file).clone()} />
        },
        Route::Frame(url) => html! { <Framed key={route.format()} url={url.clone()} /> },
    }
}
