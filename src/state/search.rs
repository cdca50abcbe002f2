//! The search box: rows stay that have every word looked for, whatever the case.

use session::{CostRow, GoLine, Place};

/// What is looked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Search(Vec<String>);

impl Search {
    /// From what stands in the box.
    pub fn new(text: &str) -> Self {
        Self(text.split_whitespace().map(str::to_lowercase).collect())
    }

    /// Whether nothing is looked for.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a row with these words stays.
    pub(super) fn finds(&self, words: &str) -> bool {
        let words = words.to_lowercase();
        self.0.iter().all(|word| words.contains(word))
    }
}

/// What has words.
pub trait Words {
    /// All of them.
    fn words(&self) -> String;

    /// Whether it has those looked for.
    fn is_found(&self, search: &Search) -> bool {
        search.is_empty() || search.finds(&self.words())
    }
}

impl Words for GoLine {
    fn words(&self) -> String {
        let mut words = match &self.place {
            Place::Line { func, file, line } => {
                let line = line.map(|line| format!(":{line}")).unwrap_or_default();
                format!("{func} {}{line}", file.as_deref().unwrap_or_default())
            }
            other => other.text(),
        };
        for it in &self.crossings {
            words.extend([" ", &it.import, " ", &it.label]);
        }
        words
    }
}

impl Words for CostRow {
    fn words(&self) -> String {
        format!("{} {}", self.import, self.label)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use session::{Crossing, Estimate};

    fn line() -> GoLine {
        let crossing = Crossing {
            import: "syscall/js.valueSet".into(),
            member: Some("textContent".into()),
            label: "set textContent".into(),
            calls: Estimate::default(),
            time_ms: None,
            share: None,
            bytes: None,
        };
        GoLine {
            place: Place::Line {
                func: "main.(*Grid).Draw".into(),
                file: Some("/src/app/grid.go".into()),
                line: Some(88),
            },
            crossings: vec![crossing],
            realm: None,
            samples: 1,
            calls: Estimate::default(),
            time_ms: None,
            share: None,
            bytes: None,
            per_call_ms: None,
        }
    }

    #[test]
    fn every_word_counts_in_any_order_and_case() {
        let finds = |text: &str| line().is_found(&Search::new(text));
        for text in ["", "  ", "grid.go:88", "GRID", "draw set", "textcontent", "valueSet", "set text"] {
            assert!(finds(text), "{text}");
        }
        for text in ["grid.go:89", "draw get", "textContents"] {
            assert!(!finds(text), "{text}");
        }
    }
}
