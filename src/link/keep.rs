//! When the running recording is kept, and what is offered of earlier ones: opens the store, writes about once a second
//! and when the document goes away, and looks for the page's previous run.

use super::{Shared, keeper::Keeper, schedule, with};
use crate::{
    platform::{clock, locks, page, store::Store},
    state::{
        past::Offer,
        runs::{self, Document, Ending, Last, Run},
    },
};
use gloo::timers::callback::Interval;
use std::rc::Rc;
use yew::platform::spawn_local;

/// How often what is new is written, ms.
const EVERY_MS: u32 = 1000;

/// Begins to keep what comes.
pub fn begin(channel: &Shared) {
    let (ticking, leaving) = (Rc::downgrade(channel), Rc::downgrade(channel));
    let keep = Interval::new(EVERY_MS, move || with(&ticking, tick));
    let unload = page::on_hide(move |kept| {
        with(&leaving, |channel| {
            // Firefox may tell of it while it has us wait for its storage: what we are at then ends with the document.
            let Ok(embedded) = channel.try_borrow_mut().map(|it| it.is_embedded()) else { return };
            end(channel, last(embedded, kept));
        });
    });
    {
        let timers = &mut channel.borrow_mut().timers;
        timers.keep = Some(keep);
        timers.unload = unload;
    }
    let weak = Rc::downgrade(channel);
    spawn_local(async move {
        let opened = Store::open().await;
        with(&weak, |channel| {
            match opened {
                Ok(store) => channel.borrow_mut().keeper.store = Some(store),
                Err(why) => channel.borrow_mut().keeper.failed(why),
            }
            tick(channel);
            schedule(channel);
        });
    });
}

/// A view in the page goes with it; a window goes because its reader closes it. In Firefox a page that may be kept says
/// nothing: what is kept has not crashed.
fn last(embedded: bool, kept: bool) -> Last {
    match (embedded, kept && page::is_firefox()) {
        (true, true) => Last::Goodbye,
        (true, false) => Last::Unloaded,
        (false, _) => Last::Closed,
    }
}

/// The last that is seen of the run, and why, unless more is known already.
pub fn end(channel: &Shared, last: Last) {
    channel.borrow_mut().keeper.ends(last);
    write(channel);
}

fn tick(channel: &Shared) {
    {
        let inner = channel.borrow();
        // A window of its own keeps it meanwhile; and what has ended does not go on.
        if inner.popout.is_some() || inner.keeper.has_ended() {
            return;
        }
    }
    let began = clock::now();
    write(channel);
    look(channel);
    channel.borrow_mut().worked(began);
}

fn write(channel: &Shared) {
    let Some(writing) = channel.borrow_mut().keeper.write() else { return };
    let weak = Rc::downgrade(channel);
    spawn_local(async move {
        if let Err(why) = writing.await {
            with(&weak, |channel| {
                channel.borrow_mut().keeper.failed(why);
                schedule(channel);
            });
        }
    });
}

/// Looks for the page's previous run, once it is known which page this is; what is too much goes.
fn look(channel: &Shared) {
    let (store, here, last) = {
        let keeper = &mut channel.borrow_mut().keeper;
        if keeper.looks == 0 {
            return;
        }
        let (Some(store), Some(here)) = (keeper.store.clone(), keeper.document()) else { return };
        keeper.looks -= 1;
        (store, here, keeper.looks == 0)
    };
    let weak = Rc::downgrade(channel);
    spawn_local(async move {
        let Ok((runs, alive)) = known(&store).await else { return };
        let previous = runs::previous(&runs, &here, &alive, last).map(|run| offer(run, Some(&here), &alive));
        with(&weak, |channel| {
            let Some(previous) = previous else { return };
            {
                let keeper = &mut channel.borrow_mut().keeper;
                keeper.looks = 0;
                keeper.keeping.previous = Some(Rc::new(previous));
            }
            schedule(channel);
        });
    });
}

/// All runs that are kept, after those that are too much went, and ids of those that go on.
async fn known(store: &Store) -> Result<(Vec<Run>, Vec<String>), String> {
    let held = locks::held().await;
    let all = store.runs().await?;
    let mut runs: Vec<Run> = all.iter().filter_map(|json| Run::parse(json)).collect();
    let alive = held.unwrap_or_else(|| runs::fresh(&runs, clock::since_epoch()));
    let surplus = runs::surplus(&runs, &alive);
    if !surplus.is_empty() {
        store.forget(&surplus).await?;
        runs.retain(|run| !surplus.contains(&run.id));
    }
    Ok((runs, alive))
}

fn offer(run: &Run, next: Option<&Document>, alive: &[String]) -> Offer {
    let ending = if alive.contains(&run.id) { Ending::Running } else { run.ending(next) };
    Offer { run: Rc::new(run.clone()), ending, when: clock::date(run.began) }
}

/// How a run ended; `next` is the document after it.
pub async fn ending(run: &Run, next: Option<&Document>) -> Ending {
    let alive = locks::held().await;
    let alive = alive.unwrap_or_else(|| runs::fresh(std::slice::from_ref(run), clock::since_epoch()));
    offer(run, next, &alive).ending
}

/// All runs that are kept, the latest first.
///
/// # Errors
/// In the browser's words.
pub async fn all() -> Result<Vec<Offer>, String> {
    let (mut runs, alive) = known(&Store::open().await?).await?;
    runs.retain(|run| run.programs > 0);
    runs.sort_by(|a, b| b.seen.total_cmp(&a.seen));
    Ok(runs.iter().map(|run| offer(run, None, &alive)).collect())
}

/// Forgets runs.
///
/// # Errors
/// In the browser's words.
pub async fn forget(ids: Vec<String>) -> Result<(), String> {
    Store::open().await?.forget(&ids).await
}

/// Forgets the run that is offered.
pub fn forget_previous(channel: &Shared) {
    let (store, offer) = {
        let Keeper { store, keeping, looks, .. } = &mut channel.borrow_mut().keeper;
        *looks = 0;
        (store.clone(), keeping.previous.take())
    };
    if let (Some(store), Some(offer)) = (store, offer) {
        let weak = Rc::downgrade(channel);
        spawn_local(async move {
            // What cannot be forgotten is offered again.
            let _ = store.forget(std::slice::from_ref(&offer.run.id)).await;
            with(&weak, |channel| {
                channel.borrow_mut().keeper.looks = 1;
                look(channel);
            });
        });
    }
    schedule(channel);
}
