//! The root component: which screen the location asks for.

use crate::{
    platform::location,
    state::route::Route,
    views::{launcher::Launcher, live::Live},
};
use yew::prelude::*;

/// The viewer.
#[component]
pub fn App() -> Html {
    let route = use_state_eq(|| Route::parse(&location::hash()));
    {
        let route = route.clone();
        use_effect_with((), move |()| {
            let listener = location::on_hash_change(move || route.set(Route::parse(&location::hash())));
            move || drop(listener)
        });
    }
    match *route {
        Route::Launcher => html! { <Launcher /> },
        Route::Live => html! { <Live /> },
    }
}
