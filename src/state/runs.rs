//! Runs that this browser keeps, so that a reload, a hang or a crash of the page leaves them to be looked at: what is
//! known of each, how it ended, which one belongs to a page, and which have to go. `link::keep` writes and reads them.

use protocol::VERSION;
use serde::{Deserialize, Serialize};

/// Most runs kept.
pub const MAX_RUNS: usize = 6;
/// Most bytes of a run.
pub const MAX_RUN_BYTES: u64 = 64 << 20;
/// Most bytes of all.
const MAX_BYTES: u64 = 160 << 20;
/// A page that answered no more for longer than this had stopped answering, ms.
const SILENT_MS: f64 = 3e3;
/// A run that was written within this may go on: views write once a second. ms.
const FRESH_MS: f64 = 3e3;
/// A page that is back within this was reloaded, ms.
const RELOAD_MS: f64 = 10e3;

/// How the keeping view saw a run end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Last {
    /// It did not: it goes on, or view and page went at once.
    #[default]
    Nothing,
    /// The page went away, and said so.
    Goodbye,
    /// The view in it went away, and nothing was said.
    Unloaded,
    /// The reader closed the view.
    Closed,
}

/// What is known of a run. Times are ms since the Unix epoch.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Run {
    /// Names it: one document of a page.
    pub id: String,
    /// Version of the frames kept.
    pub protocol: u32,
    /// URL of the page.
    pub page: String,
    /// When the page began.
    pub began: f64,
    /// When its last frame came.
    pub heard: f64,
    /// When it was last written.
    pub seen: f64,
    /// How long it was recorded, ms.
    pub wall_ms: Option<f64>,
    /// Go programs that ran.
    pub programs: usize,
    /// Exit code of the latest.
    pub exit_code: Option<i32>,
    /// Bytes of frames kept.
    pub bytes: u64,
    /// Pieces they are kept in.
    pub chunks: u32,
    /// Later frames were not kept: it was as long as may be.
    pub full: bool,
    /// How it ended.
    pub last: Last,
    /// The tab that it was in.
    pub tab: String,
    /// The view may have been on the page's own thread, where nothing can be heard of the page's last moments.
    pub shared: bool,
}

/// How a run ended, as far as is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Ending {
    /// The page was loaded anew.
    Reload,
    /// The page was left or closed.
    Left,
    /// The view was closed; the page went on.
    ViewClosed,
    /// The page had stopped answering.
    Silent {
        /// For how long, ms.
        ms: f64,
    },
    /// Without a word: it crashed, or was killed.
    Lost,
    /// It has not.
    Running,
}

/// A run's document: what a later one is compared with.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    /// Its run's id.
    pub id: String,
    /// URL of the page.
    pub page: String,
    /// When it began, ms since the Unix epoch.
    pub began: f64,
    /// Its tab.
    pub tab: String,
}

impl Run {
    /// A run from storage; `None` for anything else, and for one whose frames cannot be read any more.
    pub fn parse(json: &str) -> Option<Self> {
        serde_json::from_slice(json.as_bytes())
            .ok()
            .filter(|run: &Self| run.protocol == VERSION && !run.id.is_empty())
    }

    /// For [`Self::parse`].
    pub fn to_json(&self) -> String {
        // Plain data: it cannot fail, and an empty text is no run.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// How it ended; `next` is the document that came after it, where one did.
    pub fn ending(&self, next: Option<&Document>) -> Ending {
        // In a process of its own the view hears the page's last word before it goes; on the page's thread it outlives
        // no crash.
        let last = if self.shared && self.last == Last::Unloaded { Last::Goodbye } else { self.last };
        match last {
            Last::Closed => Ending::ViewClosed,
            Last::Goodbye if next.is_some_and(|next| self.is_before(next)) => Ending::Reload,
            Last::Goodbye => Ending::Left,
            Last::Nothing | Last::Unloaded if self.seen - self.heard > SILENT_MS => {
                Ending::Silent { ms: self.seen - self.heard }
            }
            Last::Nothing | Last::Unloaded => Ending::Lost,
        }
    }

    /// Right before, in the same tab.
    fn is_before(&self, next: &Document) -> bool {
        self.tab == next.tab && (next.began - self.seen).abs() < RELOAD_MS
    }
}

/// What one page's URLs have in common: all but query and fragment.
fn place(url: &str) -> &str {
    url.split(['?', '#']).next().unwrap_or_default()
}

/// The latest run of a document's page before it; `alive` are ids of those that still go on. What seems to go on in this very
/// tab has yet to end: before the `last` look, that is waited for.
pub fn previous<'a>(runs: &'a [Run], here: &Document, alive: &[String], last: bool) -> Option<&'a Run> {
    let of_page = |run: &&Run| run.id != here.id && run.programs > 0 && place(&run.page) == place(&here.page);
    let waits = |run: &Run| !last && run.tab == here.tab;
    let runs = runs.iter().filter(of_page).filter(|run| waits(run) || !alive.contains(&run.id));
    runs.max_by(|a, b| a.seen.total_cmp(&b.seen)).filter(|run| !alive.contains(&run.id))
}

/// Ids of those that seem to go on at `now`: nothing has ended them, and they were written just before.
pub fn fresh(runs: &[Run], now: f64) -> Vec<String> {
    let goes_on = |run: &&Run| run.last == Last::Nothing && (now - run.seen).abs() < FRESH_MS;
    runs.iter().filter(goes_on).map(|run| run.id.clone()).collect()
}

/// Ids of those to let go, so that the rest is few and small enough: the oldest, never those in `alive`.
pub fn surplus(runs: &[Run], alive: &[String]) -> Vec<String> {
    let mut latest: Vec<&Run> = runs.iter().collect();
    latest.sort_by(|a, b| b.seen.total_cmp(&a.seen));
    let (mut kept, mut bytes, mut out) = (0, 0u64, Vec::new());
    for run in latest {
        let fits = kept < MAX_RUNS && bytes.saturating_add(run.bytes) <= MAX_BYTES;
        if fits || alive.contains(&run.id) {
            kept += 1;
            bytes = bytes.saturating_add(run.bytes);
        } else {
            out.push(run.id.clone());
        }
    }
    out
}

/// Appends a frame to a piece: its length in four bytes, little end first, then its bytes.
pub fn append(chunk: &mut Vec<u8>, frame: &[u8]) {
    // No frame is longer: the port reads none.
    chunk.extend_from_slice(&(frame.len() as u32).to_le_bytes());
    chunk.extend_from_slice(frame);
}

/// The frames of a piece; ends at the first that is cut short.
pub fn frames(mut chunk: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let (length, rest) = chunk.split_first_chunk::<4>()?;
        let (frame, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        chunk = rest;
        Some(frame)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn run(id: &str, seen: f64) -> Run {
        Run {
            id: id.into(),
            protocol: VERSION,
            page: "https://a.example/app?x=1#y".into(),
            seen,
            heard: seen,
            programs: 1,
            tab: "t".into(),
            ..Run::default()
        }
    }

    fn here() -> Document {
        Document { id: "now".into(), page: "https://a.example/app".into(), began: 61e3, tab: "t".into() }
    }

    #[test]
    fn the_latest_of_the_same_page_that_is_over() {
        let other = Run { page: "https://a.example/".into(), ..run("other", 9e9) };
        let empty = Run { programs: 0, ..run("empty", 8e9) };
        let runs = [run("a", 1e3), run("b", 60e3), run("now", 62e3), run("alive", 61e3), other, empty];
        let alive = ["alive".to_owned()];
        let found = |runs, last| previous(runs, &here(), &alive, last).map(|it: &Run| it.id.as_str());
        assert_eq!(found(&runs, true), Some("b"));
        assert_eq!(previous(&runs[2..3], &here(), &[], true), None);
        // One tab has one document at a time.
        assert_eq!(found(&runs, false), None);
        let elsewhere = [run("b", 60e3), Run { tab: "u".into(), ..run("alive", 61e3) }];
        assert_eq!(found(&elsewhere, false), Some("b"));
    }

    #[test]
    fn what_was_just_written_seems_to_go_on() {
        let left = Run { last: Last::Goodbye, ..run("left", 59e3) };
        assert_eq!(fresh(&[run("a", 56e3), run("b", 58e3), left], 60e3), ["b"]);
    }

    #[test]
    fn how_it_ended() {
        let ends = |last, seen, heard, tab: &str| {
            Run { last, heard, tab: tab.into(), ..run("a", seen) }.ending(Some(&here()))
        };
        assert_eq!(ends(Last::Goodbye, 60e3, 60e3, "t"), Ending::Reload);
        assert_eq!(ends(Last::Goodbye, 60e3, 60e3, "u"), Ending::Left);
        assert_eq!(ends(Last::Goodbye, 50e3, 50e3, "t"), Ending::Left);
        assert_eq!(ends(Last::Closed, 60e3, 60e3, "t"), Ending::ViewClosed);
        assert_eq!(ends(Last::Nothing, 60e3, 59e3, "t"), Ending::Lost);
        assert_eq!(ends(Last::Nothing, 60e3, 52e3, "t"), Ending::Silent { ms: 8e3 });
        assert_eq!(Run { last: Last::Goodbye, ..run("a", 60e3) }.ending(None), Ending::Left);
        assert_eq!(ends(Last::Unloaded, 60e3, 59e3, "t"), Ending::Lost);
        let shared = Run { last: Last::Unloaded, shared: true, ..run("a", 60e3) };
        assert_eq!(shared.ending(Some(&here())), Ending::Reload);
    }

    #[test]
    fn the_oldest_and_the_largest_go_never_what_goes_on() {
        let runs: Vec<Run> = (0..9).map(|at| run(&at.to_string(), f64::from(at))).collect();
        assert_eq!(surplus(&runs, &[]), ["2", "1", "0"]);
        assert_eq!(surplus(&runs, &["1".into()]), ["2", "0"]);
        let large = |id: &str, seen| Run { bytes: MAX_RUN_BYTES, ..run(id, seen) };
        let runs = [large("a", 1.0), large("b", 2.0), large("c", 3.0), run("d", 0.0)];
        assert_eq!(surplus(&runs, &[]), ["a"]);
    }

    #[test]
    fn what_is_no_run_of_ours_is_none() {
        let kept = run("a", 5.0);
        assert_eq!(Run::parse(&kept.to_json()), Some(kept.clone()));
        assert_eq!(Run::parse(&Run { protocol: VERSION + 1, ..kept }.to_json()), None);
        for text in ["", "null", "{}", "[]", r#"{"id":7}"#] {
            assert_eq!(Run::parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn frames_come_back_also_of_a_piece_cut_short(
            given in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..20), 0..6), cut in 0..200usize,
        ) {
            let mut chunk = Vec::new();
            given.iter().for_each(|frame| append(&mut chunk, frame));
            prop_assert!(frames(&chunk).eq(given.iter().map(Vec::as_slice)));
            let part: Vec<_> = frames(&chunk[..cut.min(chunk.len())]).collect();
            prop_assert!(part.iter().zip(&given).all(|(a, b)| a == b) && part.len() <= given.len());
        }

        #[test]
        fn any_text_is_a_run_or_none(text in ".*") {
            Run::parse(&text);
        }
    }
}
