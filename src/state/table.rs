//! Order of a live table's rows: by the chosen column, and still while somebody is at them.

use super::{
    rows::{Figures, Shown},
    search::{Search, Words},
};
use session::{Caller, Subject};
use std::{cmp::Ordering, collections::HashMap, rc::Rc};

/// A column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// The Go line, import or member.
    Name,
    /// What a Go line crosses as.
    Crosses,
    /// Calls.
    Calls,
    /// Time.
    Time,
    /// Share.
    Share,
    /// Bytes.
    Bytes,
    /// Time per call.
    PerCall,
}

impl Column {
    /// Whether a first press shows the greatest first: figures, not names.
    pub fn descends(self) -> bool {
        !matches!(self, Self::Name | Self::Crosses)
    }
}

/// What can stand in a table: a row, or a node of its tree.
pub trait Row {
    /// Its figures.
    fn figures(&self) -> Figures;
    /// Order by a column of words; both are of one table.
    fn compare_words(&self, other: &Self, by: Column) -> Ordering;
}

/// A row that has callers, beside which they are found.
pub trait TopRow: Row {
    /// What its callers are asked for by.
    fn subject(&self) -> Subject;
    /// As it is shown.
    fn shown(&self, subject: &Rc<Subject>) -> Shown;
}

/// The chosen column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    /// Which.
    pub by: Column,
    /// Greatest first.
    pub descending: bool,
}

impl Default for Sort {
    /// What takes most time first.
    fn default() -> Self {
        Self { by: Column::Time, descending: true }
    }
}

impl Sort {
    /// After a press on a column's header: the other way round, or a new column with its natural order.
    pub fn pressed(self, column: Column) -> Self {
        let descending = if self.by == column { !self.descending } else { column.descends() };
        Self { by: column, descending }
    }

    fn compare<R: Row>(self, a: &R, b: &R) -> Ordering {
        match self.by {
            Column::Name | Column::Crosses => directed(a.compare_words(b, self.by), self.descending),
            by => unknown_last(a.figures().of(by), b.figures().of(by), self.descending),
        }
    }
}

/// Compares figures in the asked order, with unknown ones last whatever the order.
pub(super) fn unknown_last(a: Option<f64>, b: Option<f64>, descending: bool) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => directed(a.total_cmp(&b), descending),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    }
}

/// An ordering in the asked direction.
pub(super) fn directed(ordering: Ordering, descending: bool) -> Ordering {
    if descending { ordering.reverse() } else { ordering }
}

/// Places of rows that keep them, by id. Others follow, sorted.
pub type Held = HashMap<u64, usize>;

/// The rows in order, each with its id.
fn arrange<R: Row>(rows: impl Iterator<Item = (u64, R)>, sort: Sort, held: &Held) -> Vec<(u64, R)> {
    let mut rows: Vec<(u64, R)> = rows.collect();
    let place = |id: &u64| held.get(id).copied().unwrap_or(usize::MAX);
    rows.sort_by(|a, b| place(&a.0).cmp(&place(&b.0)).then_with(|| sort.compare(&a.1, &b.1)));
    rows
}

/// The rows as they are shown: in order, open ones followed by their callers. Of the top rows at most `limit`.
pub fn shown<R: TopRow>(
    rows: &[&R],
    trees: Option<&HashMap<Subject, Vec<Caller>>>,
    sort: Sort,
    held: &Held,
    limit: usize,
) -> Vec<Shown> {
    let rows = rows.iter().map(|&row| {
        let subject = Rc::new(row.subject());
        (Shown::id_of(&subject, None), Top(row, subject))
    });
    let mut out = Vec::new();
    for (_, Top(row, subject)) in arrange(rows, sort, held).into_iter().take(limit) {
        let shown = row.shown(&subject);
        match trees {
            None => out.push(shown),
            Some(trees) => {
                let tree = trees.get(&*subject);
                out.push(shown.opened(tree.map(Vec::as_slice)));
                callers(tree.map_or(&[][..], Vec::as_slice), &subject, 2, sort, held, &mut out);
            }
        }
    }
    out
}

/// Rows of a table of the bridge, of any kind.
pub trait TopRows {
    /// The rows found as they are shown, and how many were found; see [`shown`].
    fn found(
        &self,
        search: &Search,
        trees: Option<&HashMap<Subject, Vec<Caller>>>,
        sort: Sort,
        held: &Held,
        limit: usize,
    ) -> (Vec<Shown>, usize);
}

impl<R: TopRow + Words> TopRows for Vec<R> {
    fn found(
        &self,
        search: &Search,
        trees: Option<&HashMap<Subject, Vec<Caller>>>,
        sort: Sort,
        held: &Held,
        limit: usize,
    ) -> (Vec<Shown>, usize) {
        let found: Vec<&R> = self.iter().filter(|row| row.is_found(search)).collect();
        (shown(&found, trees, sort, held, limit), found.len())
    }
}

struct Top<'a, R>(&'a R, Rc<Subject>);

impl<R: Row> Row for Top<'_, R> {
    fn figures(&self) -> Figures {
        self.0.figures()
    }
    fn compare_words(&self, other: &Self, by: Column) -> Ordering {
        self.0.compare_words(other.0, by)
    }
}

impl Row for &Caller {
    fn figures(&self) -> Figures {
        Figures {
            calls: self.calls,
            time_ms: self.time_ms,
            share: self.share,
            bytes: self.bytes,
            per_call_ms: self.per_call_ms,
        }
    }

    fn compare_words(&self, other: &Self, _: Column) -> Ordering {
        self.place.cmp(&other.place)
    }
}

fn callers(level: &[Caller], row: &Rc<Subject>, depth: usize, sort: Sort, held: &Held, out: &mut Vec<Shown>) {
    let nodes = level.iter().map(|node| (Shown::id_of(row, Some(node.key)), node));
    for (id, node) in arrange(nodes, sort, held) {
        out.push(Shown::caller(id, node, row, depth));
        callers(node.callers.as_deref().unwrap_or_default(), row, depth + 1, sort, held, out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use session::{CostRow, Estimate, Place};

    fn row(import: &str, calls: f64, bytes: Option<f64>) -> CostRow {
        CostRow {
            import: import.into(),
            member: None,
            label: String::new(),
            calls: Estimate::exact(calls),
            time_ms: None,
            share: None,
            per_call_ms: None,
            bytes: bytes.map(Estimate::exact),
        }
    }

    fn node(key: u64, calls: f64, callers: Option<Vec<Caller>>) -> Caller {
        Caller {
            key,
            place: Place::Line { func: key.to_string(), file: None, line: None },
            own: true,
            inlined: false,
            samples: 1,
            calls: Estimate::exact(calls),
            time_ms: None,
            share: None,
            bytes: None,
            per_call_ms: None,
            has_callers: callers.is_some(),
            callers,
        }
    }

    fn names(rows: &[CostRow], sort: Sort, held: &Held) -> Vec<String> {
        let rows: Vec<&CostRow> = rows.iter().collect();
        shown(&rows, None, sort, held, 9).iter().map(|row| row.name.func.to_string()).collect()
    }

    fn held(names: &[&str]) -> Held {
        let id = |name: &str| Shown::id_of(&Subject::Import(name.into()), None);
        names.iter().enumerate().map(|(at, name)| (id(name), at)).collect()
    }

    #[test]
    fn each_column_sorts_by_its_own_figure_with_unknown_ones_last() {
        let rows = [row("b", 1.0, Some(9.0)), row("a", 3.0, None), row("c", 2.0, Some(4.0))];
        let sorted = |by, descending| names(&rows, Sort { by, descending }, &Held::new());
        assert_eq!(sorted(Column::Name, false), ["a", "b", "c"]);
        assert_eq!(sorted(Column::Calls, true), ["a", "c", "b"]);
        assert_eq!(sorted(Column::Bytes, true), ["b", "c", "a"]);
        assert_eq!(sorted(Column::Bytes, false), ["c", "b", "a"]);
        // Nothing was timed: the order the session gave stays.
        assert_eq!(sorted(Column::Time, true), ["b", "a", "c"]);
    }

    #[test]
    fn held_rows_keep_their_places_and_new_ones_follow() {
        let rows =
            [row("new", 9.0, None), row("b", 5.0, None), row("c", 7.0, None), row("newer", 10.0, None)];
        let by_calls = Sort { by: Column::Calls, descending: true };
        assert_eq!(names(&rows, by_calls, &held(&["b", "gone", "c"])), ["b", "c", "newer", "new"]);
    }

    #[test]
    fn a_second_press_turns_the_order() {
        let sort = Sort::default();
        assert_eq!(sort.pressed(Column::Time), Sort { by: Column::Time, descending: false });
        assert_eq!(sort.pressed(Column::Calls), Sort { by: Column::Calls, descending: true });
        assert_eq!(sort.pressed(Column::Name), Sort { by: Column::Name, descending: false });
    }

    #[test]
    fn callers_follow_their_row_sorted_and_held_like_it() {
        let rows = [row("a", 9.0, None), row("b", 1.0, None), row("cut", 0.5, None)];
        let rows: Vec<&CostRow> = rows.iter().collect();
        let subject = Subject::Import("a".into());
        let tree = vec![node(1, 3.0, Some(vec![node(3, 3.0, None)])), node(2, 6.0, None)];
        let trees = HashMap::from([(subject.clone(), tree)]);
        let by_calls = Sort { by: Column::Calls, descending: true };
        let lines = |held: &Held| -> Vec<(String, usize, Option<bool>)> {
            let shown = shown(&rows, Some(&trees), by_calls, held, 2);
            shown.iter().map(|row| (row.name.func.to_string(), row.level, row.open)).collect()
        };
        let row = |name: &str, level, open| (name.to_owned(), level, open);
        assert_eq!(
            lines(&Held::new()),
            [
                row("a", 1, Some(true)),
                row("2", 2, None),
                row("1", 2, Some(true)),
                row("3", 3, None),
                row("b", 1, Some(false)),
            ]
        );
        let still = Held::from([(Shown::id_of(&subject, Some(1)), 0), (Shown::id_of(&subject, Some(2)), 1)]);
        assert_eq!(lines(&still)[1].0, "1");
    }
}
