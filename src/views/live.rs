//! The live view: bar, headline, tabs, the timeline that all views share, and the view; or a badge.

use crate::{
    components::dock_menu::Spot,
    link::{Given, Link},
    platform::{self, keyboard, location, tab},
    state::{
        app::{Action, Dialog, LiveState},
        facts::Topic,
        hash::Place,
        keys::{self, Command},
        layout::Layout,
        route::{Route, Source},
        search::Search,
        snapshot::Snapshot,
        startup::Startup,
        view::ViewId,
    },
    text,
};
use gloo::timers::callback::Timeout;
use std::rc::Rc;
use yew::prelude::*;

use super::{
    badge::Badge,
    bar::{Bar, Press},
    bridge::Bridge,
    facts::FactsView,
    headline::Headline,
    help::Help,
    overview::Overview,
    process::Process,
    startup::StartupView,
    tabs::{PANEL, SEARCH, ViewTabs},
    timeline::Timeline,
};

/// How long the view must rest before the location says where it is, ms.
const HASH_MS: u32 = 300;

/// A file that the reader put here.
#[derive(Clone, PartialEq)]
pub struct Dropped {
    /// Its name.
    pub name: String,
    /// What is in it.
    pub bytes: Rc<Vec<u8>>,
}

/// Properties of [`Live`].
#[derive(Properties, PartialEq)]
pub struct LiveProps {
    /// The recording that is over to show; the page's own where there is none.
    #[prop_or_default]
    pub source: Option<Source>,
    /// The file, where that is what to show.
    #[prop_or_default]
    pub file: Option<Dropped>,
}

impl LiveProps {
    fn given(&self) -> Option<Given> {
        let source = self.source.clone()?;
        Some(match (&source, &self.file) {
            (Source::File, Some(file)) => Given::File(file.name.clone(), file.bytes.clone()),
            _ => Given::Source(source),
        })
    }

    fn route(&self) -> Route {
        self.source.clone().map_or(Route::Live, Route::Open)
    }
}

/// The view of a running recording, or of one that is over.
#[component]
pub fn Live(props: &LiveProps) -> Html {
    let state = use_reducer(|| LiveState::new(platform::theme::load()).hiding(platform::tracks::load()));
    let link = use_state(|| None::<Link>);
    {
        let (dispatcher, link) = (state.dispatcher(), link.clone());
        let given = props.given();
        use_effect_with((), move |()| {
            let (keys, layouts) = (dispatcher.clone(), dispatcher.clone());
            let publish = Callback::from(move |update| dispatcher.dispatch(Action::Update(update)));
            let arrange = Callback::from(move |layout| layouts.dispatch(Action::Arrange(layout)));
            link.set(Some(match given {
                Some(given) => Link::show(publish, given),
                None => Link::open(publish, arrange),
            }));
            let listener = keyboard::on_key(move |press| obey(keys::command(press), &keys));
            move || drop(listener)
        });
    }
    use_link(&state, link.as_ref());
    use_effect_with(state.tracks.hidden().to_vec(), |hidden| platform::tracks::save(hidden));
    let embedded = link.as_ref().is_some_and(Link::is_embedded);
    use_hash(&state, props.route(), embedded);
    let onpress = {
        let (dispatcher, link) = (state.dispatcher(), (*link).clone());
        let layout = state.layout;
        Callback::from(move |press| {
            pressed(press, layout, link.as_ref(), |action| dispatcher.dispatch(action));
        })
    };
    if state.layout.collapsed {
        return html! { <Badge
            stage={state.stage.clone()}
            snapshot={state.snapshot.clone()}
            wrong={state.wrong()}
            {onpress}
        /> };
    }
    let (stage, snapshot) = (&state.stage, &state.snapshot);
    html! {
        <div class="live">
            <Bar
                stage={stage.clone()}
                snapshot={snapshot.clone()}
                theme={state.theme}
                pace={state.pace}
                paused_ms={state.paused.map(|since| state.now - since)}
                keeping={state.keeping.clone()}
                reload={state.reload.clone()}
                closable={props.source.is_none()}
                dock={embedded.then_some(state.layout.dock)}
                onpress={onpress.clone()}
            />
            <main>
                <Headline
                    stage={stage.clone()}
                    snapshot={snapshot.clone()}
                    tables={state.tables.clone()}
                    live={props.source.is_none()}
                    apart={state.apart}
                    reload={state.reload.clone()}
                    onpress={onpress.clone()}
                    open={state.findings && state.view == ViewId::Overview}
                    onfindings={on(&state, |()| Action::Findings)}
                />
                if snapshot.programs > 0 {
                    <ViewTabs
                        view={state.view}
                        marked={state.marked()}
                        programs={programs(snapshot)}
                        ran={snapshot.programs}
                        program={snapshot.shown}
                        selection={state.axis.selection}
                        search={state.search.clone()}
                        onaxis={on(&state, Action::Axis)}
                        onview={on(&state, Action::View)}
                        onprogram={on(&state, Action::Program)}
                        onsearch={on(&state, Action::Search)}
                    />
                    <Timeline
                        tracks={state.tracks.shown()}
                        choices={state.tracks.choices()}
                        snapshot={snapshot.clone()}
                        kept={state.kept()}
                        axis={state.axis}
                        theme={state.theme}
                        onaxis={on(&state, Action::Axis)}
                        ontrack={on(&state, Action::Track)}
                    />
                    <div
                        class="view"
                        onpointerenter={on(&state, |_| Action::Reading(true))}
                        onpointerleave={on(&state, |_| Action::Reading(false))}
                        role="tabpanel" id={PANEL} aria-labelledby={format!("tab-{}", state.view.key())}>
                        { view(&state, &onpress) }
                    </div>
                }
            </main>
            <Help open={state.dialog == Some(Dialog::Keys)} onclose={on(&state, |()| Action::Dialog(None))} />
            <Process open={state.dialog == Some(Dialog::Process)} onclose={on(&state, |()| Action::Dialog(None))} />
        </div>
    }
}

/// The programs that can be shown, by their number and name.
fn programs(snapshot: &Snapshot) -> Vec<(u32, String)> {
    let first = snapshot.programs.saturating_sub(snapshot.startups.len()) + 1;
    let name = |(n, it): (usize, &Startup)| {
        (it.instance, text::program(n, it.module.as_ref(), it.realm.as_deref(), it.over))
    };
    (first..).zip(snapshot.startups.iter()).map(name).collect()
}

fn view(state: &UseReducerHandle<LiveState>, onpress: &Callback<Press>) -> Html {
    let (snapshot, tables) = (state.snapshot.clone(), state.tables.clone());
    match state.view {
        ViewId::Overview => html! {
            <Overview
                {snapshot}
                {tables}
                search={state.search.clone()}
                findings={state.findings}
                onlead={on(state, |(view, words)| Action::Lead(view, words))}
            />
        },
        ViewId::Startup => html! {
            <StartupView
                startups={snapshot.startups.clone()}
                chosen={state.startup()}
                range={state.axis.range(state.kept())}
                onaxis={on(state, Action::Axis)}
            />
        },
        ViewId::Memory => {
            let running = state.stage.is_running();
            facts(state, Topic::Memory, running.then(|| onpress.reform(|_| Press::Census)))
        }
        ViewId::Gc => facts(state, Topic::Gc, None),
        ViewId::Loop => facts(state, Topic::Loop, None),
        ViewId::Environment => facts(state, Topic::Environment, None),
        ViewId::Bridge => html! {
           <Bridge
               {snapshot}
               {tables}
               bridge={state.bridge.clone()}
               search={state.search.clone()}
               onbridge={on(state, Action::Bridge)}
               onaxis={on(state, Action::Axis)}
               onsearch={on(state, Action::Search)}
           />
        },
    }
}

/// A view that has facts of its own.
fn facts(state: &UseReducerHandle<LiveState>, topic: Topic, oncensus: Option<Callback<MouseEvent>>) -> Html {
    let (facts, search) = (state.tables.facts.clone(), Search::new(&state.search));
    html! { <FactsView {topic} {facts} {search} {oncensus} onaxis={on(state, Action::Axis)} /> }
}

/// A callback that dispatches what it is given as an action.
fn on<T: 'static>(
    state: &UseReducerHandle<LiveState>,
    action: impl Fn(T) -> Action + 'static,
) -> Callback<T> {
    let dispatcher = state.dispatcher();
    Callback::from(move |it| dispatcher.dispatch(action(it)))
}

/// What the link has to know of the state.
#[hook]
fn use_link(state: &UseReducerHandle<LiveState>, link: Option<&Link>) {
    let pausing = link.cloned();
    use_effect_with(state.paused.is_some(), move |paused| {
        if let Some(link) = pausing {
            link.pause(*paused);
        }
    });
    let link = link.cloned();
    use_effect_with((state.wanted(), link.is_some()), move |(wanted, _)| {
        if let Some(link) = link {
            link.want(wanted.clone());
        }
    });
}

/// Goes where the location's hash leads, and keeps it at where the view is. A view that `remembers` goes where it was
/// before its page was reloaded: its frame always begins at the beginning.
#[hook]
fn use_hash(state: &UseReducerHandle<LiveState>, route: Route, remembers: bool) {
    let dispatcher = state.dispatcher();
    let known = use_mut_ref(String::new);
    let read = known.clone();
    use_effect_with((), move |()| {
        let go = move || {
            let hash = location::hash();
            dispatcher.dispatch(Action::Place(Place::parse(&hash)));
            read.replace(hash);
        };
        go();
        let listener = location::on_hash_change(go);
        move || drop(listener)
    });
    let page = state.keeping.page.clone().filter(|_| remembers);
    let dispatcher = state.dispatcher();
    let linked = use_state(|| !Place::parse(&location::hash()).is_default());
    use_effect_with(page.clone(), move |page| {
        let kept = page.as_deref().filter(|_| !*linked).and_then(tab::load_place);
        if let Some(hash) = kept {
            dispatcher.dispatch(Action::Place(Place::parse(&hash)));
        }
    });
    use_effect_with((state.place(), page), move |(place, page)| {
        let (hash, page) = (place.format(&route), page.clone());
        let timer = Timeout::new(HASH_MS, move || {
            // Else somebody has just led elsewhere, and the browser is about to say so.
            if location::hash() == *known.borrow() {
                location::replace_hash(&hash);
                known.replace(location::hash());
            }
            if let Some(page) = page {
                tab::save_place(&page, &hash);
            }
        });
        move || drop(timer)
    });
}

/// Obeys a key; `true` where it was one of ours.
fn obey(command: Option<Command>, dispatcher: &UseReducerDispatcher<LiveState>) -> bool {
    let Some(command) = command else { return false };
    match command {
        Command::Search => keyboard::focus(SEARCH),
        Command::Out => keyboard::blur(SEARCH),
        _ => {}
    }
    dispatcher.dispatch(Action::Key(command));
    true
}

fn pressed(press: Press, layout: Layout, link: Option<&Link>, dispatch: impl Fn(Action)) {
    let tell = |ui| {
        if let Some(link) = link {
            link.ui(ui);
        }
    };
    let ask = |ask: fn(&Link)| {
        if let Some(link) = link {
            ask(link);
        }
    };
    match press {
        Press::Previous => ask(Link::show_previous),
        Press::Live => ask(Link::show_live),
        Press::Census => ask(Link::census),
        Press::ForgetPrevious => ask(Link::forget_previous),
        Press::Reload => ask(Link::reload),
        Press::DismissReload => ask(Link::dismiss_reload),
        Press::DismissApart => ask(Link::dismiss_apart),
        Press::Collapse => {
            tell("collapse");
            dispatch(Action::Collapse(true));
        }
        Press::Expand => {
            tell("expand");
            dispatch(Action::Collapse(false));
        }
        Press::Close => tell("close"),
        Press::Spot(Spot::Dock(dock)) => {
            let layout = layout.docked(dock);
            if let Some(link) = link {
                link.arrange(layout);
            }
            dispatch(Action::Arrange(layout));
        }
        Press::Spot(spot) => {
            if let Some(link) = link {
                link.pop_out(spot == Spot::Tab);
            }
        }
        Press::Pause => dispatch(Action::Pause),
        Press::Clear => {
            if let Some(link) = link {
                link.clear();
            }
            dispatch(Action::Clear);
        }
        Press::Dialog(dialog) => dispatch(Action::Dialog(Some(dialog))),
        Press::Theme(theme) => {
            platform::theme::apply(theme);
            dispatch(Action::Theme(theme));
        }
    }
}
