//! Runs that this browser keeps: each opens in full, and can be deleted.

use crate::{
    link::keep,
    state::{
        past::Offer,
        route::{Route, Source},
    },
    text,
};
use yew::{platform::spawn_local, prelude::*};

/// The list; nothing where there is none.
#[component]
pub fn Runs() -> Html {
    let runs = use_state(|| Ok::<Vec<Offer>, String>(Vec::new()));
    let load = {
        let runs = runs.clone();
        Callback::from(move |()| {
            let runs = runs.clone();
            spawn_local(async move { runs.set(keep::all().await) });
        })
    };
    {
        let load = load.clone();
        use_effect_with((), move |()| load.emit(()));
    }
    let forget = |ids: Vec<String>| {
        let load = load.clone();
        Callback::from(move |_: MouseEvent| {
            let (ids, load) = (ids.clone(), load.clone());
            spawn_local(async move {
                // What could not be deleted is still listed.
                let _ = keep::forget(ids).await;
                load.emit(());
            });
        })
    };
    let row = |offer: &Offer| {
        let id = offer.run.id.clone();
        html! {
            <li>
                <a href={Route::Open(Source::Run(id.clone())).format()}>{ &offer.run.page }</a>
                <span class="about">{ text::line(offer) }</span>
                <button type="button" class="plain" aria-label={text::delete_run(offer)} onclick={forget(vec![id])}>
                    { text::DELETE }
                </button>
            </li>
        }
    };
    match &*runs {
        Ok(runs) if runs.is_empty() => html! {},
        Ok(runs) => {
            let all = runs.iter().map(|offer| offer.run.id.clone()).collect();
            html! {
                <section aria-labelledby="runs">
                    <h2 id="runs">{ text::RUNS }</h2>
                    <p>{ text::RUNS_ABOUT }</p>
                    <ul class="runs">{ for runs.iter().map(row) }</ul>
                    if runs.len() > 1 {
                        <button type="button" class="plain" onclick={forget(all)}>{ text::DELETE_ALL }</button>
                    }
                </section>
            }
        }
        Err(why) => html! { <p class="note">{ text::no_runs(why) }</p> },
    }
}
