//! The bar on top: what state we are in, how the figures were come by, and the view's own buttons.

use crate::{
    components::{
        dock_menu::{DockMenu, Spot},
        icon::{Icon, IconButton},
    },
    platform::host,
    state::{
        app::Dialog, layout::Dock, past::Keeping, reload::Reload, snapshot::Snapshot, stage::Stage,
        theme::Theme,
    },
    text,
};
use session::{Lamp, Mode, Status, fmt};
use std::rc::Rc;
use yew::prelude::*;

/// What the reader wants of the view.
pub enum Press {
    /// Make it a badge.
    Collapse,
    /// Make it large again.
    Expand,
    /// Take it away.
    Close,
    /// Put it elsewhere.
    Spot(Spot),
    /// Hold the view still, or let it go on.
    Pause,
    /// Forget what was recorded.
    Clear,
    /// Count the JavaScript values that Go holds by what they are.
    Census,
    /// Show the page's previous run,
    Previous,
    /// or the running one again.
    Live,
    /// Forget the previous run.
    ForgetPrevious,
    /// Open the page anew, with our hooks first.
    Reload,
    /// It is known that it does not come so.
    DismissReload,
    /// It is known that no window of its own can be had.
    DismissApart,
    /// Open a dialog.
    Dialog(Dialog),
    /// Another theme.
    Theme(Theme),
}

/// Properties of [`Bar`].
#[derive(Properties, PartialEq)]
pub struct BarProps {
    /// What the reader looks at.
    pub stage: Stage,
    /// Figures.
    pub snapshot: Rc<Snapshot>,
    /// The theme.
    pub theme: Theme,
    /// Updates per second, where the thread is the target's too.
    pub pace: Option<f64>,
    /// For how long the view has stood still, ms.
    pub paused_ms: Option<f64>,
    /// How keeping the running recording goes.
    pub keeping: Keeping,
    /// How it goes where the page was asked for anew.
    pub reload: Reload,
    /// The view can be closed.
    pub closable: bool,
    /// Where in the page the view is; `None` in a window of its own.
    pub dock: Option<Dock>,
    /// A button was pressed.
    pub onpress: Callback<Press>,
}

/// The bar.
#[component]
pub fn Bar(props: &BarProps) -> Html {
    let press = |make: fn(Theme) -> Press| {
        let theme = props.theme;
        props.onpress.reform(move |()| make(theme))
    };
    let icon = match props.theme {
        Theme::System => Icon::System,
        Theme::Light => Icon::Light,
        Theme::Dark => Icon::Dark,
    };
    let paused = props.paused_ms.is_some();
    let over = props.stage.is_past();
    let previous = props.onpress.reform(|_: MouseEvent| Press::Previous);
    let (pause, pause_label) = if paused { (Icon::Resume, text::RESUME) } else { (Icon::Pause, text::PAUSE) };
    let offer = props.onpress.reform(|_: MouseEvent| Press::Dialog(Dialog::Process));
    html! {
        <header class="bar">
            <h1>{ text::NAME }</h1>
            <p class={classes!("stage", dot(&props.stage))}>
                <i aria-hidden="true" />
                <span role="status">{ text::stage(&props.stage) }</span>
                if let Some(wall) = props.snapshot.wall_ms {
                    <time title={text::ELAPSED_ABOUT}>{ text::elapsed(wall) }</time>
                }
                if let Some(paused) = props.paused_ms {
                    <span class="paused" title={text::PAUSED_ABOUT}>
                        { text::PAUSED }{ " " }<time>{ text::elapsed(paused) }</time>
                    </span>
                }
            </p>
            if let Some(offer) = props.keeping.previous.as_ref().filter(|_| !over) {
                <button type="button" class="offer previous" title={text::previous_about(offer)} onclick={previous}>
                    { text::PREVIOUS_RUN }
                </button>
            }
            if props.stage.can_reload() && props.snapshot.is_late() {
                <ReloadButton class="offer" asked={props.reload == Reload::Asked} onpress={props.onpress.clone()} />
            }
            if let Some(status) = &props.snapshot.status {
                <ul class="facts" aria-label={text::FACTS}>
                    { for facts(status, &props.snapshot.faults) }
                    if let Some(why) = props.keeping.trouble.as_ref().filter(|_| !over) {
                        { fact("", text::NOT_KEPT.into(), text::not_kept_about(why), false) }
                    }
                    if let Some(pace) = props.pace {
                        { fact("", text::pace(pace), text::PACE_ABOUT.into(), false) }
                        if host::parts_sites() {
                            <li>
                                <button type="button" class="offer" onclick={offer}>{ text::PROCESS_OFFER }</button>
                            </li>
                        }
                    }
                </ul>
            }
            <div class="actions" role="group" aria-label={text::ACTIONS}>
                if !over {
                    <IconButton
                        icon={pause}
                        label={pause_label}
                        pressed={Some(paused)}
                        disabled={!paused && !props.stage.is_running()}
                        onclick={press(|_| Press::Pause)}
                    />
                    <IconButton icon={Icon::Clear} label={text::CLEAR} onclick={press(|_| Press::Clear)} />
                }
                <IconButton {icon} label={text::theme(props.theme)} onclick={press(|theme| Press::Theme(theme.next()))} />
                <IconButton icon={Icon::Help} label={text::HELP_BUTTON} onclick={press(|_| Press::Dialog(Dialog::Keys))} />
                if let Some(dock) = props.dock {
                    <DockMenu {dock} onspot={props.onpress.reform(Press::Spot)} />
                    <IconButton icon={Icon::Collapse} label={text::COLLAPSE} onclick={press(|_| Press::Collapse)} />
                }
                if props.closable {
                    <IconButton icon={Icon::Close} label={text::CLOSE} onclick={press(|_| Press::Close)} />
                }
            </div>
        </header>
    }
}

/// Properties of [`ReloadButton`].
#[derive(Properties, PartialEq)]
pub struct ReloadButtonProps {
    /// How it looks.
    pub class: &'static str,
    /// It was pressed, and the page loads.
    pub asked: bool,
    /// It is pressed.
    pub onpress: Callback<Press>,
}

/// Has the page open anew with our hooks first.
#[component]
pub fn ReloadButton(props: &ReloadButtonProps) -> Html {
    let onclick = props.onpress.reform(|_: MouseEvent| Press::Reload);
    html! {
        <button type="button" class={props.class} title={text::RELOAD_ABOUT} disabled={props.asked} {onclick}>
            { if props.asked { text::RELOADING } else { text::RELOAD } }
        </button>
    }
}

/// The class of a stage's dot.
pub fn dot(stage: &Stage) -> &'static str {
    match stage {
        Stage::Live => "is-live",
        Stage::Waiting { overdue: false } | Stage::NoProgram => "is-waiting",
        Stage::Waiting { overdue: true } | Stage::Quiet { .. } => "is-quiet",
        Stage::Reading { .. } => "is-waiting",
        Stage::Mismatch { .. } | Stage::Damaged { .. } | Stage::Unreadable { .. } => "is-error",
        Stage::Alone | Stage::Stopped | Stage::Exited { .. } | Stage::Gone | Stage::Recorded(_) => "is-over",
    }
}

fn facts(status: &Status, faults: &[String]) -> Vec<Html> {
    let mode = if status.mode == Mode::Sample { text::SAMPLE_ABOUT } else { text::OBSERVE_ABOUT };
    let (clock, cost) = (status.clock_step_ms, status.overhead);
    let mut out = vec![
        lamp(status.lamp),
        fact("", status.mode.as_str().into(), mode.into(), false),
        fact(text::CLOCK, fmt::or_unknown(clock, fmt::ms), text::CLOCK_ABOUT.into(), false),
        fact(text::COST, fmt::or_unknown(cost, fmt::percent), text::cost_about(status), false),
    ];
    if let Some(viewer) = status.viewer {
        out.push(fact(text::VIEWER, fmt::percent(viewer), text::VIEWER_ABOUT.into(), false));
    }
    let dropped = text::dropped_about(&status.dropped_by_kind);
    out.push(fact(text::DROPPED, fmt::count(status.dropped), dropped, status.dropped > 0));
    if status.errors > 0 {
        out.push(fact(text::FAULTS, fmt::count(status.errors as u64), text::faults_about(faults), true));
    }
    out
}

fn lamp(lamp: Lamp) -> Html {
    let class = match lamp {
        Lamp::NoGo => "is-over",
        Lamp::Waiting => "is-waiting",
        Lamp::Early => "is-live",
        Lamp::Late => "is-quiet",
    };
    let (name, about) = text::lamp(lamp);
    html! {
        <li class={classes!("lamp", (lamp == Lamp::Late).then_some("warn"))} title={about}>
            <i class={class} aria-hidden="true" /><b>{ name }</b>
        </li>
    }
}

fn fact(label: &'static str, value: String, about: String, warn: bool) -> Html {
    html! {
        <li class={warn.then_some("warn")} title={about}>
            if !label.is_empty() {
                <span>{ label }</span>{ " " }
            }
            <b>{ value }</b>
        </li>
    }
}
