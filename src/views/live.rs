//! The live view: bar, headline, tracks on one time axis, tables, start-up; or a badge.

use crate::{
    link::Link,
    platform,
    state::app::{Action, LiveState},
};
use yew::prelude::*;

use super::{
    badge::Badge,
    bar::{Bar, Press},
    headline::Headline,
    imports::Imports,
    lines::Lines,
    phases::Phases,
    timeline::Timeline,
};

/// The live view.
#[component]
pub fn Live() -> Html {
    let state = use_reducer(|| LiveState::new(platform::theme::load()));
    let link = use_state(|| None::<Link>);
    {
        let (dispatcher, link) = (state.dispatcher(), link.clone());
        use_effect_with((), move |()| {
            let publish = Callback::from(move |update| dispatcher.dispatch(Action::Update(update)));
            link.set(Some(Link::open(publish)));
        });
    }
    let embedded = link.as_ref().is_some_and(Link::is_embedded);
    let onpress = {
        let (dispatcher, link) = (state.dispatcher(), (*link).clone());
        Callback::from(move |press| pressed(press, link.as_ref(), |action| dispatcher.dispatch(action)))
    };
    if state.collapsed {
        return html! { <Badge stage={state.stage.clone()} snapshot={state.snapshot.clone()} {onpress} /> };
    }
    let onspan = {
        let dispatcher = state.dispatcher();
        Callback::from(move |span| dispatcher.dispatch(Action::Show(span)))
    };
    let (stage, snapshot) = (&state.stage, &state.snapshot);
    html! {
        <div class="live">
            <Bar stage={stage.clone()} snapshot={snapshot.clone()} theme={state.theme} {embedded} {onpress} />
            <main>
                <Headline stage={stage.clone()} snapshot={snapshot.clone()} tables={state.tables.clone()} />
                if snapshot.programs > 0 {
                    <Timeline
                        snapshot={snapshot.clone()}
                        running={stage.is_running()}
                        span={state.span}
                        theme={state.theme}
                        {onspan}
                    />
                    <div class="panels">
                        <Lines tables={state.tables.clone()} stacks={snapshot.has_stacks()} />
                        <div class="aside">
                            <Phases phases={snapshot.phases.clone()} />
                            <Imports tables={state.tables.clone()} />
                        </div>
                    </div>
                }
            </main>
        </div>
    }
}

fn pressed(press: Press, link: Option<&Link>, dispatch: impl Fn(Action)) {
    let tell = |ui| {
        if let Some(link) = link {
            link.ui(ui);
        }
    };
    match press {
        Press::Collapse => {
            tell("collapse");
            dispatch(Action::Collapse(true));
        }
        Press::Expand => {
            tell("expand");
            dispatch(Action::Collapse(false));
        }
        Press::Close => tell("close"),
        Press::Theme(theme) => {
            platform::theme::apply(theme);
            dispatch(Action::Theme(theme));
        }
    }
}
