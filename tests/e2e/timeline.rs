//! The timeline by pointer and keyboard, over ten minutes of made-up history: what is selected, shown, said and painted
//! is what the history holds.

use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use protocol::{
    Cause, Frame, Hello, Import, Instance, Phase, PhaseKind, Series, Slices, State, Status, Tally,
};
use serde_json::{Value, json};
use session::{GoLineLive, Range, Recording, fmt};
use xtask::browser::Scheme;
use xtask::server::Server;

use crate::harness::{Need, Scene, Tab, fixture_site};
use crate::viewer::Mouse;
use crate::{bridge, viewer};

pub fn trials(scene: &Scene) -> Vec<Trial> {
    vec![
        scene.trial("timeline: one bucket in ten minutes is painted and told", spike),
        scene.trial("timeline: a value for each track at the cursor", values),
        scene.trial("timeline: a stay in Go that has not ended", running),
        scene.trial("timeline: a drag selects, its ends move, a click clears", selects),
        scene.needs(&[Need::DevTools]).trial("timeline: the wheel zooms where the pointer is", wheel),
        scene.trial("timeline: keys zoom, pan, move the cursor and select", keys),
        scene.trial("timeline: what is zoomed stays while time goes on", follows),
    ]
}

/// Keys by their WebDriver names.
const LEFT: &str = "\u{e012}";
const UP: &str = "\u{e013}";
const RIGHT: &str = "\u{e014}";
const DOWN: &str = "\u{e015}";
const ENTER: &str = "\u{e007}";
const ESCAPE: &str = "\u{e00c}";
/// Of a mouse event, in the browser's protocol.
const SHIFT: u32 = 8;
/// Buckets of 100 ms in ten minutes.
const BUCKETS: u32 = 6000;
const END: f64 = 600e3;
/// The bucket that is not like the others.
const SPIKE: u32 = 3333;

/// Gets in a bucket: no two neighbours are alike.
fn gets(bucket: u32) -> u32 {
    if bucket == SPIKE { 1_000_000 } else { 100 + bucket % 7 }
}

/// The recording's frame `seq`, with buckets from `from` to `to`; 20 ms in Go begin each.
fn frame(seq: u32, from: u32, to: u32, state: State) -> Frame {
    let buckets = from..to;
    let count = buckets.len();
    let t = |bucket: u32| f64::from(bucket) * 100.0;
    let calls = (0..to).map(|bucket| u64::from(gets(bucket))).sum();
    let tally = Tally { calls, time_ms: f64::from(to), time_error_ms: 1.0, timed_calls: 1_000 };
    let instance = Instance {
        id: 1,
        phases: vec![Phase { kind: PhaseKind::RuntimeInit, start: 0.0, end: None, exact: true }],
        imports: vec![(0, Import { name: "syscall/js.valueGet".into(), tally, bytes: None })],
        series: Series {
            t: buckets.clone().map(|bucket| t(bucket + 1)).collect(),
            calls: vec![buckets.clone().map(gets).collect()],
            time_ms: vec![vec![1.0; count]],
            bytes_to_go: vec![1_000.0; count],
            bytes_to_js: vec![3_000.0; count],
            memory_bytes: buckets.clone().map(|bucket| f64::from(1 + bucket / 1000) * 65_536.0).collect(),
            js_refs: vec![f64::NAN; count],
            funcs: vec![f64::NAN; count],
            js_heap_bytes: vec![f64::NAN; count],
            goroutines: vec![f64::NAN; count],
        },
        slices: Slices {
            start: buckets.clone().map(t).collect(),
            end: buckets.clone().map(|bucket| t(bucket) + 20.0).collect(),
            cause: vec![Cause::Timer; count],
            bridge_ms: vec![5.0; count],
            calls: buckets.map(gets).collect(),
        },
        ..Instance::default()
    };
    Frame {
        seq,
        t: t(to),
        hello: (seq == 0).then(|| Hello { recorder: true, ..Hello::default() }),
        status: Status { state, wall_ms: t(to), ..Status::default() },
        instances: vec![instance],
        ..Frame::default()
    }
}

/// The viewer with these frames to come, the first of them told, all of it shown.
async fn replay(tab: &Tab, frames: &[Frame]) -> Result<Server> {
    let mut site = fixture_site();
    for (at, frame) in frames.iter().enumerate() {
        site = site.page(&format!("/frame-{at}"), frame.encode()?);
    }
    let server = tab.serve(site, "").await?;
    tab.browser.view(1280, 900, Scheme::Light).await?;
    let viewer = tab.profiler().url("/").replace(':', "%3A") + "%23/live";
    let url = server.localhost_url(&format!("/replay.html?viewer={viewer}"));
    tab.visit(&url, "document.querySelector('iframe')?.src").await?;
    let frame = tab.browser.driver().execute("return document.querySelector('iframe')", Vec::new()).await?;
    frame.element()?.enter_frame().await?;
    tab.until("document.querySelectorAll('.plots canvas').length === 5").await?;
    viewer::click(tab, "[...document.querySelectorAll('.segmented button')].at(-1)").await?;
    tab.until("document.querySelector('.segmented [aria-pressed=true]').innerText === 'Full range'").await?;
    // Off the button, which has keys of its own.
    tab.eval("document.querySelector('.plots').focus()").await?;
    Ok(server)
}

async fn replay_stopped(tab: &Tab) -> Result<Server> {
    replay(tab, &[frame(0, 0, BUCKETS, State::Stopped)]).await
}

/// The next frame, and the picture after it.
async fn tell_next(tab: &Tab) -> Result<()> {
    viewer::leave(tab).await?;
    tab.eval("tell()").await?;
    let frame = tab.browser.driver().execute("return document.querySelector('iframe')", Vec::new()).await?;
    frame.element()?.enter_frame().await?;
    Ok(())
}

async fn press(tab: &Tab, key: &str) -> Result<()> {
    viewer::press(tab, key).await?;
    settle(tab).await
}

/// Until what was asked for is painted.
async fn settle(tab: &Tab) -> Result<()> {
    let frames = "new Promise((done) => { let n = 4; const next = () => n-- ? requestAnimationFrame(next) : done(1); next(); })";
    tab.eval(frames).await.map(drop)
}

/// A point of the plots, `at` as a part of their width.
async fn point(tab: &Tab, at: f64) -> Result<(f64, f64)> {
    let plots = tab
        .eval("(({ left, top, width }) => [left, top, width])(document.querySelector('.plots').getBoundingClientRect())")
        .await?;
    let plots: [f64; 3] = serde_json::from_value(plots)?;
    Ok(((plots[0] + at * plots[2]).round(), (plots[1] + 20.0).round()))
}

async fn mouse(tab: &Tab, what: Mouse, at: f64) -> Result<()> {
    viewer::mouse(tab, what, point(tab, at).await?).await?;
    settle(tab).await
}

/// A turn of the wheel, in pixels.
async fn turn(tab: &Tab, at: f64, (x, y): (f64, f64), shift: bool) -> Result<()> {
    let at = point(tab, at).await?;
    let event = json!({ "type": "mouseWheel", "x": at.0, "y": at.1, "deltaX": x, "deltaY": y,
        "modifiers": if shift { SHIFT } else { 0 } });
    tab.browser.devtools("Input.dispatchMouseEvent", event).await?;
    settle(tab).await
}

async fn drag(tab: &Tab, from: f64, to: f64) -> Result<()> {
    mouse(tab, Mouse::Move, from).await?;
    mouse(tab, Mouse::Press, from).await?;
    if from != to {
        mouse(tab, Mouse::Drag, (from + to) / 2.0).await?;
        mouse(tab, Mouse::Drag, to).await?;
    }
    mouse(tab, Mouse::Release, to).await
}

/// A stretch of time in the location's hash, ms.
async fn stretch(tab: &Tab, name: &str) -> Result<Option<(f64, f64)>> {
    // It follows what is shown when that rests.
    tokio::time::sleep(std::time::Duration::from_millis(600)).await;
    let hash = tab.eval("location.hash").await?;
    let hash = hash.as_str().context("no hash")?;
    let value = hash.split(['?', '&']).find_map(|part| part.strip_prefix(name)?.strip_prefix('='));
    let Some((start, end)) = value.and_then(|value| value.split_once('-')) else { return Ok(None) };
    Ok(Some((start.parse()?, end.parse()?)))
}

/// A pixel of the plots in ms, when all is shown.
async fn pixel_ms(tab: &Tab) -> Result<f64> {
    let width = tab.eval("document.querySelector('.plots').clientWidth").await?;
    Ok(END / width.as_f64().context("no width")?)
}

fn close(what: &str, (start, end): (f64, f64), expected: (f64, f64), within: f64) -> Result<()> {
    let near = |a: f64, b: f64| (a - b).abs() <= within;
    ensure!(near(start, expected.0) && near(end, expected.1), "{what}: {start} to {end}, not {expected:?}");
    Ok(())
}

async fn spike(tab: &Tab) -> Result<()> {
    let _server = replay_stopped(tab).await?;
    settle(tab).await?;
    // Columns with anything painted near the top, right of the axis's label.
    let painted = "(() => {
        const canvas = document.querySelectorAll('.plots canvas')[1];
        const { width } = canvas;
        const { data } = canvas.getContext('2d').getImageData(0, Math.round(canvas.height * 0.3), width, 1);
        const grid = [...data.slice((width - 3) * 4, (width - 2) * 4)].join();
        const magenta = (x) => data[x * 4 + 3] && data[x * 4] - data[x * 4 + 1] > 40;
        return [width, [...Array(width).keys()].filter((x) => x > 80 && magenta(x)), grid];
    })()";
    let (width, columns, _): (f64, Vec<f64>, Value) = serde_json::from_value(tab.eval(painted).await?)?;
    let at = (f64::from(SPIKE) + 0.5) / f64::from(BUCKETS) * width;
    ensure!(columns.len() == 1 && (columns[0] - at).abs() <= 1.0, "{columns:?}, not {at} of {width}");
    let labels = tab
        .eval("[...document.querySelectorAll('.plots canvas[role=img]')].map((it) => it.ariaLabel)")
        .await?;
    let memory = |pages: f64| fmt::bytes(pages * 65_536.0);
    let bytes = fmt::bytes_rate(40_000.0);
    // The last second's ten buckets, and so many stays of 20 ms.
    let now: u32 = (BUCKETS - 10..BUCKETS).map(gets).sum();
    let expected = [
        format!("Go: now 20\u{a0}% busy; 0–10:00: 20\u{a0}% busy, 6,000 stays, longest {}", fmt::ms(20.0)),
        format!(
            "Crossings: now {}; 0–10:00: least {}, greatest {}",
            fmt::rate(now.into()),
            fmt::rate(1e3),
            fmt::rate(1e7)
        ),
        format!("Copied: now {bytes}; 0–10:00: least {bytes}, greatest {bytes}"),
        format!(
            "Linear memory: now {}; 0–10:00: least {}, greatest {}",
            memory(6.0),
            memory(1.0),
            memory(6.0)
        ),
    ];
    assert_eq!(labels, json!(expected));
    Ok(())
}

async fn values(tab: &Tab) -> Result<()> {
    let _server = replay_stopped(tab).await?;
    drag(tab, 0.25, 0.26).await?;
    press(tab, ENTER).await?;
    // From close by, a pixel is less than a bucket.
    let (start, end) = stretch(tab, "range").await?.context("not zoomed")?;
    for at in [0.2, 0.8] {
        mouse(tab, Mouse::Move, at).await?;
        let place = tab.eval("(({ left, width }, line) => (line.getBoundingClientRect().left - left) / width)(document.querySelector('.plots').getBoundingClientRect(), document.querySelector('.plots .cursor'))").await?;
        let time = start + place.as_f64().context("no cursor")? * (end - start);
        let bucket = (time / 100.0) as u32;
        let chips = "[...document.querySelectorAll('.cursor .chip b')].map((it) => it.textContent)";
        let chips: Vec<String> = serde_json::from_value(tab.eval(chips).await?)?;
        let go = if time % 100.0 < 20.0 {
            format!(
                "timer {}, {} crossings, {} in JS",
                fmt::ms(20.0),
                fmt::count(gets(bucket).into()),
                fmt::ms(5.0)
            )
        } else {
            "not in Go".into()
        };
        let rate = fmt::rate(f64::from(gets(bucket)) * 10.0);
        let memory = fmt::bytes(f64::from(1 + bucket / 1000) * 65_536.0);
        assert_eq!(chips, [go, rate, fmt::bytes_rate(40_000.0), memory], "at {time} ms");
        let published = tab
            .eval("parseFloat(document.querySelector('.live').style.getPropertyValue('--cursor'))")
            .await?;
        ensure!(
            (published.as_f64().context("no cursor")? / 100.0 - at).abs() < 2e-3,
            "{published}, not {at}"
        );
    }
    mouse(tab, Mouse::Move, -0.1).await?;
    assert_eq!(tab.eval("document.querySelector('.plots .cursor')").await?, Value::Null);
    Ok(())
}

/// In Go since the ninth minute, and still: painted to the end, counted, and told at the cursor.
async fn running(tab: &Tab) -> Result<()> {
    let mut first = frame(0, 0, BUCKETS / 10 * 9, State::Recording);
    let since = first.t;
    (first.t, first.instances[0].open) = (END, Some((since, Cause::Event)));
    let _server = replay(tab, &[first]).await?;
    mouse(tab, Mouse::Move, 0.95).await?;
    let chip = viewer::text(tab, ".cursor .chip b").await?;
    assert_eq!(chip, "event running since 9:00.00");
    let label = tab.eval("document.querySelectorAll('.plots canvas')[0].ariaLabel").await?;
    let label = label.as_str().context("no label")?;
    // Nine minutes at a fifth, and a minute.
    ensure!(
        label.contains(": 28\u{a0}% busy, 5,401 stays")
            && label.ends_with(&format!("longest {}", fmt::ms(60e3))),
        "{label}"
    );
    let painted = "(() => {
        const canvas = document.querySelectorAll('.plots canvas')[0];
        const { width } = canvas;
        const { data } = canvas.getContext('2d').getImageData(0, Math.round(canvas.height / 2), width, 1);
        const rgba = (x) => [...data.slice(x * 4, x * 4 + 4)].join();
        const colour = rgba(Math.round(width * 0.95));
        return [width, [...Array(width).keys()].filter((x) => rgba(x) === colour)];
    })()";
    let (width, columns): (f64, Vec<f64>) = serde_json::from_value(tab.eval(painted).await?)?;
    let (first, last) = (columns[0], columns[columns.len() - 1]);
    // From the ninth minute to the end of the tenth, wherever that is by now: the axis goes on, and no frame comes any more.
    let tenth = first / 0.9;
    ensure!((last - tenth).abs() <= 3.0 && tenth > 0.9 * width, "{first} to {last} of {width}");
    Ok(())
}

async fn selects(tab: &Tab) -> Result<()> {
    let _server = replay_stopped(tab).await?;
    let pixel = pixel_ms(tab).await?;
    drag(tab, 0.2, 0.6).await?;
    let selected = stretch(tab, "select").await?.context("nothing selected")?;
    close("selected", selected, (0.2 * END, 0.6 * END), pixel)?;
    let clock = |ms: f64| {
        let seconds = (ms / 1e3).round() as u32;
        format!("{}:{:02}", seconds / 60, seconds % 60)
    };
    let chip = viewer::text(tab, ".range-chip button").await?;
    assert_eq!(chip, format!("{}–{}", clock(selected.0), clock(selected.1)));
    narrowed(tab, selected).await?;
    // Its right end, then its left one beyond the right.
    drag(tab, 0.6, 0.5).await?;
    close(
        "right end",
        stretch(tab, "select").await?.context("nothing")?,
        (0.2 * END, 0.5 * END),
        pixel * 2.0,
    )?;
    drag(tab, 0.2, 0.9).await?;
    close(
        "left end",
        stretch(tab, "select").await?.context("nothing")?,
        (0.5 * END, 0.9 * END),
        pixel * 2.0,
    )?;
    let label = tab.eval("document.querySelectorAll('.plots canvas')[0].ariaLabel").await?;
    ensure!(label.as_str().context("no label")?.contains("5:00–9:00: 20\u{a0}% busy"), "{label}");
    drag(tab, 0.7, 0.7).await?;
    ensure!(stretch(tab, "select").await?.is_some(), "a click inside cleared it");
    drag(tab, 0.3, 0.3).await?;
    assert_eq!(stretch(tab, "select").await?, None);
    assert_eq!(viewer::text(tab, ".range-chip").await?, Value::Null);
    Ok(())
}

/// That the table by import is of the selection: of what the session holds in it.
async fn narrowed(tab: &Tab, (start, end): (f64, f64)) -> Result<()> {
    viewer::click(tab, "document.querySelector('#tab-bridge')").await?;
    tab.until("document.querySelector('.bridge .scope') && true").await?;
    bridge::choose(tab, "By import").await?;
    let mut recording = Recording::new();
    recording.apply(frame(0, 0, BUCKETS, State::Stopped))?;
    let imports = |range| {
        let mut live = GoLineLive::new(range);
        live.update(recording.session(), recording.revision());
        bridge::as_shown(&bridge::by_cost(&live.read(recording.session()).imports()), true)
    };
    let expected = imports(Some(Range { start, end }));
    ensure!(!expected.is_empty() && expected != imports(None), "{expected:?}");
    bridge::shows(tab, 0, &expected).await
}

async fn wheel(tab: &Tab) -> Result<()> {
    let _server = replay_stopped(tab).await?;
    let pixel = pixel_ms(tab).await?;
    for _ in 0..4 {
        turn(tab, 0.25, (0.0, -240.0), false).await?;
    }
    let (start, end) = stretch(tab, "range").await?.context("not zoomed")?;
    ensure!(end - start < END / 5.0, "{start} to {end}");
    let under = start + 0.25 * (end - start);
    ensure!((under - 0.25 * END).abs() <= pixel, "{under} ms came under the pointer");
    turn(tab, 0.25, (200.0, 0.0), false).await?;
    let panned = stretch(tab, "range").await?.context("not zoomed")?;
    let by = 200.0 * pixel / END * (end - start);
    close("panned", panned, (start + by, end + by), pixel)?;
    turn(tab, 0.25, (0.0, -200.0), true).await?;
    let back = stretch(tab, "range").await?.context("not zoomed")?;
    close("panned back", back, (start, end), pixel)?;
    viewer::click(tab, "[...document.querySelectorAll('.segmented button')].at(-1)").await?;
    assert_eq!(stretch(tab, "range").await?, None);
    assert_eq!(tab.eval("document.querySelector('.live > main').scrollTop").await?, 0);
    Ok(())
}

async fn keys(tab: &Tab) -> Result<()> {
    let _server = replay_stopped(tab).await?;
    press(tab, "w").await?;
    let length = END * 0.7;
    let middle = ((END - length) / 2.0, (END + length) / 2.0);
    close("closer", stretch(tab, "range").await?.context("not zoomed")?, middle, 1.0)?;
    press(tab, "a").await?;
    let earlier = (middle.0 - length * 0.15, middle.1 - length * 0.15);
    close("earlier", stretch(tab, "range").await?.context("not zoomed")?, earlier, 1.0)?;
    press(tab, "d").await?;
    close("later", stretch(tab, "range").await?.context("not zoomed")?, middle, 1.0)?;
    for (arrow, expected) in [(LEFT, earlier), (RIGHT, middle)] {
        press(tab, arrow).await?;
        close("by an arrow", stretch(tab, "range").await?.context("not zoomed")?, expected, 1.0)?;
    }
    for farther in ["s", DOWN] {
        for _ in 0..3 {
            press(tab, UP).await?;
        }
        ensure!(stretch(tab, "range").await?.is_some(), "not zoomed");
        for _ in 0..5 {
            press(tab, farther).await?;
        }
        assert_eq!(stretch(tab, "range").await?, None, "{farther}");
    }
    press(tab, "w").await?;
    press(tab, "0").await?;
    assert_eq!(stretch(tab, "range").await?, None);
    // From the right edge, ten steps to the left, and as many again.
    for key in [",", "["] {
        for _ in 0..10 {
            press(tab, key).await?;
        }
    }
    let words = viewer::text(tab, ".timeline-frame [role=status]").await?;
    let words = words.as_str().context("no words")?;
    ensure!(words.starts_with("9:00.") && words.contains("Crossings 1.0"), "{words}");
    for _ in 0..10 {
        press(tab, ",").await?;
    }
    close("selected", stretch(tab, "select").await?.context("nothing")?, (0.9 * END, END), 1.0)?;
    press(tab, ENTER).await?;
    close("zoomed to it", stretch(tab, "range").await?.context("not zoomed")?, (0.9 * END, END), 1.0)?;
    press(tab, ESCAPE).await?;
    assert_eq!(stretch(tab, "select").await?, None);
    // In a field they are text.
    viewer::click(tab, "document.querySelector('input[type=search]')").await?;
    press(tab, "0").await?;
    ensure!(stretch(tab, "range").await?.is_some(), "a key in the search box");
    Ok(())
}

async fn follows(tab: &Tab) -> Result<()> {
    let frames =
        [frame(0, 0, BUCKETS, State::Recording), frame(1, BUCKETS, BUCKETS + 3000, State::Recording)];
    let _server = replay(tab, &frames).await?;
    viewer::click(tab, "document.querySelector('.segmented button')").await?;
    assert_eq!(stretch(tab, "range").await?, None);
    drag(tab, 0.2, 0.4).await?;
    press(tab, ENTER).await?;
    let before = stretch(tab, "range").await?.context("not zoomed")?;
    tell_next(tab).await?;
    tab.until("document.querySelector('.stage time')?.innerText >= '15:00'").await?;
    assert_eq!(stretch(tab, "range").await?, Some(before));
    let crossings = "document.querySelectorAll('.plots canvas')[1].ariaLabel";
    press(tab, "n").await?;
    assert_eq!(stretch(tab, "range").await?, None);
    press(tab, ESCAPE).await?;
    let shown = format!("/^Crossings: now .*; 1[45]:[0-9.]+–15:/.test({crossings})");
    tab.until(&shown).await
}
