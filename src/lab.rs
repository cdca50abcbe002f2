//! The timeline with twelve synthetic tracks and ten minutes of history, for `cargo xtask bench tracks`. Not part of the
//! site: behind the feature `lab`, exported by an example.
//!
//! Frames go the way they always go: into a recording, read as a snapshot, shown by [`Timeline`]. Only the tracks are
//! more: the live ones that are bands over time, again and again.

use crate::{
    state::{
        axis::{Axis, AxisAction, Kept},
        history::{Bucket, History},
        snapshot::Snapshot,
        span::Span,
        theme::Theme,
    },
    views::timeline::Timeline,
    viz::{
        Range,
        track::{Band, Body, Track, Tracks},
        tracks,
    },
};
use js_sys::{Array, Float64Array, Object, Reflect};
use protocol::{Frame, Hello, Import, Instance, Phase, PhaseKind, Series, Status};
use session::Recording;
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen::prelude::*;
use yew::prelude::*;

const TRACKS: [&Track; 12] = {
    let [a, b, c] = tracks::BENCHED;
    [a, b, c, a, b, c, a, b, c, a, b, c]
};
/// Ten minutes of buckets.
const BUCKETS: u32 = 6000;
const BUCKET_MS: f64 = 100.0;
const IMPORTS: [&str; 6] = [
    "syscall/js.valueGet",
    "syscall/js.valueSet",
    "syscall/js.valueCall",
    "syscall/js.copyBytesToJS",
    "syscall/js.copyBytesToGo",
    "syscall/js.valueNew",
];

thread_local! {
    static BENCH: RefCell<Bench> = RefCell::default();
}

#[derive(Default)]
struct Bench {
    recording: Recording,
    history: History,
    /// Frames applied.
    seq: u32,
    buckets: u32,
    axis: Axis,
    snapshot: Rc<Snapshot>,
    show: Option<UseStateSetter<Picture>>,
}

#[derive(Clone, Default, PartialEq)]
struct Picture {
    snapshot: Rc<Snapshot>,
    kept: Kept,
    axis: Axis,
}

/// Shows the tracks in this document, following now.
///
/// # Errors
/// Where a synthetic frame does not fit the recording.
#[wasm_bindgen]
pub fn mount() -> Result<(), JsError> {
    record(BUCKETS)?;
    yew::Renderer::<Twelve>::new().render();
    Ok(())
}

/// A tenth of a second goes by: one more bucket, one more picture.
///
/// # Errors
/// Where a synthetic frame does not fit the recording.
#[wasm_bindgen]
pub fn advance() -> Result<(), JsError> {
    record(1)?;
    show();
    Ok(())
}

/// Shows a stretch, its ends given as parts (0 to 1) of all there is.
#[wasm_bindgen]
pub fn look(start: f64, end: f64) {
    BENCH.with_borrow_mut(|bench| {
        let all = bench.kept().range();
        let at = |part: f64| all.start + part * all.len();
        let action = AxisAction::Show(Range::new(at(start), at(end)));
        bench.axis = bench.axis.after(action, bench.kept());
    });
    show();
}

/// Each track as `{ height, edges, bands }`, for another library to draw: `height` in CSS pixels, `edges` in ms, one
/// more than each band has values.
///
/// # Errors
/// Where a synthetic frame does not fit the recording.
#[wasm_bindgen]
pub fn series() -> Result<Array, JsError> {
    record(BUCKETS)?;
    BENCH.with_borrow(|bench| {
        let buckets: Vec<Bucket> = bench.history.buckets.from(0).copied().collect();
        let ends = buckets.iter().map(|bucket| bucket.end);
        let edges: Vec<f64> = buckets.first().map(|first| first.start).into_iter().chain(ends).collect();
        Ok(TRACKS.into_iter().map(|track| told(track, &buckets, &edges)).collect())
    })
}

fn told(track: &Track, buckets: &[Bucket], edges: &[f64]) -> Object {
    let Body::Bands(bands) = track.body else { return Object::new() };
    let values = |band: &Band<Bucket>| -> Vec<f64> { buckets.iter().map(band.value).collect() };
    let bands = bands.iter().map(|band| Float64Array::from(values(band).as_slice()));
    let fields: [(&str, JsValue); 3] = [
        ("height", track.height.into()),
        ("edges", Float64Array::from(edges).into()),
        ("bands", bands.collect::<Array>().into()),
    ];
    let object = Object::new();
    for (name, value) in fields {
        let _ = Reflect::set(&object, &name.into(), &value);
    }
    object
}

#[component]
fn Twelve() -> Html {
    let picture = use_state(Picture::default);
    let setter = picture.setter();
    use_effect_with((), move |()| {
        BENCH.with_borrow_mut(|bench| bench.show = Some(setter));
        show();
    });
    let Picture { snapshot, kept, axis } = (*picture).clone();
    html! {
        <div class="live"><main>
            <Timeline tracks={Tracks::from(TRACKS)} choices={Vec::new()} {snapshot} {kept} {axis} theme={Theme::default()} onaxis={Callback::noop()} ontrack={Callback::noop()} />
        </main></div>
    }
}

fn show() {
    let (show, picture) = BENCH.with_borrow(|bench| {
        let snapshot = bench.snapshot.clone();
        (bench.show.clone(), Picture { snapshot, kept: bench.kept(), axis: bench.axis })
    });
    if let Some(show) = show {
        show.set(picture);
    }
}

fn record(buckets: u32) -> Result<(), JsError> {
    BENCH.with_borrow_mut(|bench| bench.record(buckets))
}

impl Bench {
    fn kept(&self) -> Kept {
        let Snapshot { begin, since, now, .. } = *self.snapshot;
        Kept { begin, since, now, growing: true }
    }

    fn record(&mut self, buckets: u32) -> Result<(), JsError> {
        if self.seq == 0 {
            self.axis = self.axis.after(AxisAction::Follow(Span::TenMinutes), self.kept());
        }
        let frame = self.frame(buckets);
        self.recording.apply(frame)?;
        self.snapshot = Rc::new(Snapshot::of(&self.recording, &mut self.history, 0.0, None));
        Ok(())
    }

    fn frame(&mut self, buckets: u32) -> Frame {
        let from = self.buckets;
        self.buckets += buckets;
        self.seq += 1;
        let (end, first) = (f64::from(self.buckets) * BUCKET_MS, self.seq == 1);
        let import = |name: &&str| Import { name: (*name).to_owned(), ..Import::default() };
        let instance = Instance {
            id: 1,
            phases: vec![Phase { kind: PhaseKind::RuntimeInit, start: 0.0, end: None, exact: true }],
            imports: (0..).zip(IMPORTS.iter().map(import)).collect(),
            series: series_of(from..self.buckets),
            ..Instance::default()
        };
        Frame {
            seq: self.seq,
            t: end,
            hello: first.then(|| Hello { recorder: true, ..Hello::default() }),
            status: Status { wall_ms: end, ..Status::default() },
            instances: vec![instance],
            ..Frame::default()
        }
    }
}

fn series_of(buckets: std::ops::Range<u32>) -> Series {
    let each = |kind: u32, scale: f64| buckets.clone().map(move |i| value(kind, i) * scale);
    let imports = 0..IMPORTS.len() as u32;
    Series {
        t: buckets.clone().map(|i| f64::from(i + 1) * BUCKET_MS).collect(),
        calls: imports.clone().map(|k| each(k, 1e4).map(|calls| calls as u32).collect()).collect(),
        time_ms: imports.map(|k| each(k, 9.0).map(|ms| ms as f32).collect()).collect(),
        bytes_to_go: each(6, 1e6).collect(),
        bytes_to_js: each(7, 1e5).collect(),
        memory_bytes: buckets.clone().map(|i| f64::from(64 + i / 600) * 65_536.0).collect(),
        js_refs: vec![f64::NAN; buckets.len()],
        funcs: vec![f64::NAN; buckets.len()],
        js_heap_bytes: vec![f64::NAN; buckets.len()],
        goroutines: vec![f64::NAN; buckets.len()],
    }
}

/// Waves, noise, and a spike now and then: 0 to 1. The same again after ten minutes.
fn value(kind: u32, bucket: u32) -> f64 {
    let i = bucket % BUCKETS;
    let wave = (f64::from(i) / (20.0 + 7.0 * f64::from(kind))).sin() * 0.2 + 0.3;
    let mixed = (i ^ kind << 16).wrapping_add(1).wrapping_mul(0x9e37_79b1);
    let noise = f64::from((mixed ^ mixed >> 15).wrapping_mul(0x85eb_ca77) >> 8) / f64::from(1 << 24);
    if noise > 0.995 { 1.0 } else { wave * (0.5 + noise / 2.0) }
}
