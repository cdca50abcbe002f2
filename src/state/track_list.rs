//! Which tracks the timeline shows, and in which order.
//!
//! A track comes with its first data. While a recording is young it takes its place among the others; later it is put
//! under them, and not while somebody reads what is below: nothing that is being read moves.

use super::history::History;
use crate::viz::{
    track::{Track, Tracks},
    tracks,
};

/// The tracks that have come, and what is hidden of them.
#[derive(Clone, Debug, PartialEq)]
pub struct TrackList {
    come: Vec<&'static str>,
    hidden: Vec<String>,
}

/// A track in the menu.
#[derive(Clone, Copy, PartialEq)]
pub struct Choice {
    /// Which.
    pub track: &'static Track,
    /// Whether it is shown once there is something to show.
    pub wanted: bool,
    /// Whether there is.
    pub come: bool,
}

impl TrackList {
    /// Those that are always there, but for what is hidden.
    pub fn hiding(hidden: Vec<String>) -> Self {
        let mut list = Self { come: Vec::new(), hidden };
        list.update(&History::default(), true, false);
        list
    }

    /// Tracks that have something to show come. `young`: they may take their place. `held`: none may come now.
    pub fn update(&mut self, history: &History, young: bool, held: bool) {
        let new = |track: &&&Track| (track.present)(history) && !self.come.contains(&track.key);
        let new: Vec<_> = tracks::ALL.iter().filter(new).map(|track| track.key).collect();
        if new.is_empty() || held {
            return;
        }
        self.come.extend(new);
        if young {
            self.come.sort_by_key(|key| tracks::ALL.iter().position(|track| track.key == *key));
        }
    }

    /// Hides a track, or shows it again.
    pub fn toggle(&mut self, key: &str) {
        match self.hidden.iter().position(|hidden| hidden == key) {
            Some(at) => drop(self.hidden.remove(at)),
            None => self.hidden.push(key.to_owned()),
        }
    }

    /// What is hidden, by key.
    pub fn hidden(&self) -> &[String] {
        &self.hidden
    }

    fn is_wanted(&self, key: &str) -> bool {
        !self.hidden.iter().any(|hidden| hidden == key)
    }

    /// The tracks shown, from the top down.
    pub fn shown(&self) -> Tracks {
        let track = |key: &&str| tracks::ALL.into_iter().find(|track| track.key == *key);
        self.come.iter().filter(|key| self.is_wanted(key)).filter_map(track).collect()
    }

    /// All tracks there can be.
    pub fn choices(&self) -> Vec<Choice> {
        let choice = |track: &'static Track| Choice {
            track,
            wanted: self.is_wanted(track.key),
            come: self.come.contains(&track.key),
        };
        tracks::ALL.into_iter().map(choice).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::history::Bucket;
    use session::Microtask;

    fn keys(list: &TrackList) -> Vec<&'static str> {
        list.shown().iter().map(|track| track.key).collect()
    }

    fn probed() -> History {
        let mut history = History::default();
        history.probes.push(Microtask {
            t: 1.0,
            realm: 0,
            sync_ms: 1.0,
            queued_ms: 1.0,
            drain_ms: 1.0,
            exact: true,
        });
        history
    }

    #[test]
    fn a_track_comes_with_its_data_and_moves_nothing_later() {
        let mut list = TrackList::hiding(Vec::new());
        assert_eq!(keys(&list), ["go", "crossings", "copied", "memory"]);
        let mut late = list.clone();
        list.update(&probed(), true, false);
        assert_eq!(keys(&list), ["go", "crossings", "copied", "backlog", "memory"]);
        late.update(&probed(), false, true);
        assert_eq!(keys(&late).len(), 4, "somebody reads");
        late.update(&probed(), false, false);
        assert_eq!(keys(&late), ["go", "crossings", "copied", "memory", "backlog"]);
        late.update(&History::default(), false, false);
        assert_eq!(keys(&late).len(), 5, "what has come stays");
    }

    #[test]
    fn what_is_hidden_stays_so_when_it_comes() {
        let mut list = TrackList::hiding(vec!["backlog".into(), "of another version".into()]);
        list.update(&probed(), true, false);
        assert_eq!(keys(&list).len(), 4);
        let backlog = list.choices().into_iter().find(|it| it.track.key == "backlog").unwrap();
        assert!(backlog.come && !backlog.wanted);
        list.toggle("backlog");
        list.toggle("go");
        assert_eq!(keys(&list), ["crossings", "copied", "backlog", "memory"]);
        assert_eq!(list.hidden(), ["of another version", "go"]);
    }

    #[test]
    fn keys_and_names_tell_tracks_apart() {
        for (at, track) in tracks::ALL.iter().enumerate() {
            let others = &tracks::ALL[at + 1..];
            assert!(others.iter().all(|other| other.key != track.key && other.name != track.name));
        }
        let bucket = Bucket {
            start: 0.0,
            end: 100.0,
            calls: [0.0; 5],
            to_go: 0.0,
            to_js: 0.0,
            memory: 0.0,
            refs: 7.0,
            js_heap: 0.0,
            goroutines: 0.0,
        };
        let mut history = History::default();
        history.buckets.push(bucket);
        history.has_refs = true;
        let refs = tracks::ALL.into_iter().find(|track| track.key == "refs").unwrap();
        assert!((refs.present)(&history) && (refs.latest)(&history) == Some(7.0));
    }
}
