//! Tables of what happened: rows of any kind behind one face, so that one component shows them all. Figures stay
//! numbers until they are shown: of thousands of rows only those in sight are put into words.

use super::{
    group::sorted,
    rows::Name,
    search::Search,
    table::{Held, directed, unknown_last},
};
use crate::viz::Range;
use session::Estimate;
use std::{cmp::Ordering, collections::HashMap, rc::Rc};
use yew::AttrValue;

/// What a figure counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Things.
    Count,
    /// Milliseconds.
    Ms,
    /// Bytes.
    Bytes,
    /// Bytes per second.
    BytesPerSecond,
    /// Whole MiB, as Go's runtime tells them.
    Mebibytes,
    /// A share, 1 being all.
    Share,
    /// A moment of the time axis, ms.
    Time,
    /// A moment, ms after the first request.
    After,
}

/// What a figure is where it is not the very value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// No more than that.
    Most,
}

/// A figure with its unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figure {
    /// The value and its error.
    pub value: Estimate,
    /// Its unit.
    pub unit: Unit,
    /// Whether it is a bound.
    pub bound: Option<Bound>,
    /// A word about it.
    pub note: Option<&'static str>,
}

/// What stands between two figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Between {
    /// One becomes the other.
    To,
    /// Both count.
    Plus,
    /// One is a part of the other.
    Of,
}

/// Two figures of one unit that belong together: `4.02 → 5.12 MB`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    /// What rows are ordered by.
    pub order: f64,
    /// The figures, as far as they are known.
    pub both: [Option<f64>; 2],
    /// What stands between them.
    pub between: Between,
    /// Their unit.
    pub unit: Unit,
}

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing belongs there.
    Blank,
    /// A Go line, or another name and where it belongs.
    Name(Rc<Name>),
    /// Words, and what they leave unsaid.
    Words(AttrValue, Option<AttrValue>),
    /// A figure.
    Figure(Figure),
    /// Two of them.
    Pair(Pair),
    /// A figure that is not known, and why.
    Unknown(&'static str),
}

impl Cell {
    /// An exact figure; where it is none, why it is not known.
    pub fn exact(value: impl Into<Option<f64>>, unit: Unit, why_not: &'static str) -> Self {
        Self::estimate(value.into().map(Estimate::exact), unit, why_not)
    }

    /// The same with its error.
    pub fn estimate(value: Option<Estimate>, unit: Unit, why_not: &'static str) -> Self {
        match value.filter(|it| it.value.is_finite()) {
            Some(value) => Self::Figure(Figure { value, unit, bound: None, note: None }),
            None => Self::Unknown(why_not),
        }
    }

    /// The figure as a bound.
    pub fn bound(self, bound: Option<Bound>) -> Self {
        match self {
            Self::Figure(figure) => Self::Figure(Figure { bound, ..figure }),
            cell => cell,
        }
    }

    /// The figure with a word about it.
    pub fn note(self, note: Option<&'static str>) -> Self {
        match self {
            Self::Figure(figure) => Self::Figure(Figure { note, ..figure }),
            cell => cell,
        }
    }

    /// Two figures, ordered by the first or by the sum of both; unknown where neither is known.
    pub fn pair(both: [Option<f64>; 2], between: Between, unit: Unit, why_not: &'static str) -> Self {
        let order = match (between, both) {
            (Between::Plus, [a, b]) => a.map_or(b, |a| Some(a + b.unwrap_or(0.0))),
            (_, [a, b]) => a.or(b),
        };
        match order.filter(|it| it.is_finite()) {
            Some(order) => Self::Pair(Pair { order, both, between, unit }),
            None => Self::Unknown(why_not),
        }
    }

    fn figure(&self) -> Option<f64> {
        match self {
            Self::Figure(figure) => Some(figure.value.value),
            Self::Pair(pair) => Some(pair.order),
            _ => None,
        }
    }

    fn words(&self) -> Option<(&str, &str)> {
        match self {
            Self::Name(name) => Some((&name.func, &name.position)),
            Self::Words(words, _) => Some((words, "")),
            _ => None,
        }
    }

    /// Order in a column; what is not known comes last whatever the order.
    fn compare(&self, other: &Self, descending: bool) -> Ordering {
        match (self.words(), other.words()) {
            (Some(a), Some(b)) => directed(a.cmp(&b), descending),
            _ => unknown_last(self.figure(), other.figure(), descending),
        }
    }
}

/// The head of a column.
#[derive(Debug)]
pub struct Head {
    /// Class of its cells, and what children's cells go by.
    pub id: &'static str,
    /// What it says.
    pub label: &'static str,
    /// What that leaves unsaid.
    pub about: &'static str,
}

/// A column of rows of one kind.
pub struct Field<T> {
    /// Its head.
    pub head: Head,
    /// A row's cell.
    pub cell: fn(&T) -> Cell,
}

/// What hangs from a row.
#[derive(Clone, Debug, PartialEq)]
pub struct Child {
    /// Stays the same while figures change.
    pub id: u64,
    /// Its cells by their columns; others are blank.
    pub cells: Vec<(&'static str, Cell)>,
    /// What hangs from it.
    pub children: Vec<Child>,
}

/// A row of one kind.
pub trait Item {
    /// Stays the same while figures change.
    fn id(&self) -> u64;

    /// When it was, where it has a time of its own.
    fn span(&self) -> Option<Range> {
        None
    }

    /// Whether anything hangs from it.
    fn opens(&self) -> bool {
        false
    }

    /// What does. Asked for only where the row is open.
    fn children(&self) -> Vec<Child> {
        Vec::new()
    }
}

/// Rows of any kind.
pub trait List {
    /// How many rows.
    fn len(&self) -> usize;
    /// How many columns.
    fn columns(&self) -> usize;
    /// The head of a column.
    fn head(&self, column: usize) -> &'static Head;
    /// A cell.
    fn cell(&self, row: usize, column: usize) -> Cell;
    /// See [`Item::id`].
    fn id(&self, row: usize) -> u64;
    /// See [`Item::span`].
    fn span(&self, row: usize) -> Option<Range>;
    /// See [`Item::opens`].
    fn opens(&self, row: usize) -> bool;
    /// See [`Item::children`].
    fn children(&self, row: usize) -> Vec<Child>;
    /// Lists of one identity are the same.
    fn identity(&self) -> usize;

    /// Whether a row has the words looked for.
    fn is_found(&self, row: usize, search: &Search) -> bool {
        if search.is_empty() {
            return true;
        }
        let mut words = String::new();
        for column in 0..self.columns() {
            if let Some((name, place)) = self.cell(row, column).words() {
                words.extend([name, " ", place, " "]);
            }
        }
        search.finds(&words)
    }
}

/// Rows of one kind and their columns.
pub struct Items<T: 'static> {
    /// The rows.
    pub rows: Rc<Vec<T>>,
    /// The columns.
    pub fields: &'static [Field<T>],
}

impl<T: Item> Items<T> {
    /// The rows as a list.
    pub fn list(rows: &Rc<Vec<T>>, fields: &'static [Field<T>]) -> Rc<dyn List> {
        Rc::new(Self { rows: rows.clone(), fields })
    }
}

impl<T: Item> List for Items<T> {
    fn len(&self) -> usize {
        self.rows.len()
    }
    fn columns(&self) -> usize {
        self.fields.len()
    }
    fn head(&self, column: usize) -> &'static Head {
        &self.fields[column].head
    }
    fn cell(&self, row: usize, column: usize) -> Cell {
        (self.fields[column].cell)(&self.rows[row])
    }
    fn id(&self, row: usize) -> u64 {
        self.rows[row].id()
    }
    fn span(&self, row: usize) -> Option<Range> {
        self.rows[row].span()
    }
    fn opens(&self, row: usize) -> bool {
        self.rows[row].opens()
    }
    fn children(&self, row: usize) -> Vec<Child> {
        self.rows[row].children()
    }
    fn identity(&self) -> usize {
        Rc::as_ptr(&self.rows) as usize
    }
}

/// The chosen column and direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    /// Position of the column.
    pub by: usize,
    /// Greatest first.
    pub descending: bool,
}

impl Order {
    /// After a press on a head: the other way round, or another column with its natural order, figures from the
    /// greatest and words from the first.
    pub fn pressed(self, column: usize, list: &dyn List) -> Self {
        let words = (0..list.len()).take(1).any(|row| list.cell(row, column).words().is_some());
        let descending = if self.by == column { !self.descending } else { !words };
        Self { by: column, descending }
    }
}

/// A row as it is shown. Equal ones need not be drawn again.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Which.
    pub id: u64,
    /// 1 at the top.
    pub level: usize,
    /// Whether it is open; `None` where nothing hangs from it.
    pub open: Option<bool>,
    /// A cell for each column.
    pub cells: Vec<Cell>,
    /// When it was.
    pub span: Option<Range>,
}

/// What is open, by id, as it was said last.
pub type Open = HashMap<u64, bool>;

/// Positions of the first `limit` of the rows that were found: those held at their places, then the others in order.
fn first(list: &dyn List, found: &[usize], order: Order, held: &Held, limit: usize) -> Vec<usize> {
    let place = |row: usize| {
        if held.is_empty() { usize::MAX } else { held.get(&list.id(row)).copied().unwrap_or(usize::MAX) }
    };
    let keys: Vec<_> = found.iter().map(|&row| (place(row), list.cell(row, order.by))).collect();
    let compare = |a: usize, b: usize| {
        keys[a].0.cmp(&keys[b].0).then_with(|| keys[a].1.compare(&keys[b].1, order.descending))
    };
    sorted(keys.len(), limit, &compare).into_iter().map(|at| found[at]).collect()
}

/// The rows as they are shown, open ones followed by what hangs from them. Of the top rows at most `limit`.
pub fn lines(
    list: &dyn List,
    found: Vec<usize>,
    order: Order,
    held: &Held,
    limit: usize,
    open: &Open,
) -> Vec<Line> {
    let mut out = Vec::new();
    for row in first(list, &found, order, held, limit) {
        let id = list.id(row);
        let is_open = list.opens(row).then(|| open.get(&id).copied().unwrap_or(false));
        let cells = (0..list.columns()).map(|column| list.cell(row, column)).collect();
        out.push(Line { id, level: 1, open: is_open, cells, span: list.span(row) });
        if is_open == Some(true) {
            children(list, list.children(row), 2, open, &mut out);
        }
    }
    out
}

/// A lone child is open unless it was closed: there is nothing to choose.
fn children(list: &dyn List, level: Vec<Child>, depth: usize, open: &Open, out: &mut Vec<Line>) {
    let lone = level.len() == 1;
    for child in level {
        let id = child.id;
        let is_open = (!child.children.is_empty()).then(|| open.get(&id).copied().unwrap_or(lone));
        let cell = |column| {
            let id = list.head(column).id;
            let cell = child.cells.iter().find(|(of, _)| *of == id);
            cell.map_or(Cell::Blank, |(_, cell)| cell.clone())
        };
        let cells = (0..list.columns()).map(cell).collect();
        out.push(Line { id, level: depth, open: is_open, cells, span: None });
        if is_open == Some(true) {
            children(list, child.children, depth + 1, open, out);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Row(&'static str, Option<f64>, u64);

    impl Item for Row {
        fn id(&self) -> u64 {
            self.2
        }
        fn opens(&self) -> bool {
            self.2 == 1
        }
        fn children(&self) -> Vec<Child> {
            let child = |id, children| Child { id, cells: vec![("ms", ms(Some(0.5)))], children };
            vec![child(10, vec![child(11, Vec::new())])]
        }
    }

    fn ms(value: Option<f64>) -> Cell {
        Cell::exact(value, Unit::Ms, "not timed")
    }

    const FIELDS: [Field<Row>; 2] = [
        Field {
            head: Head { id: "name", label: "Name", about: "" },
            cell: |row| Cell::Words(row.0.into(), None),
        },
        Field { head: Head { id: "ms", label: "Took", about: "" }, cell: |row| ms(row.1) },
    ];

    fn list() -> Items<Row> {
        let rows =
            vec![Row("b", Some(2.0), 1), Row("c", None, 2), Row("a", Some(9.0), 3), Row("d", Some(2.0), 4)];
        Items { rows: Rc::new(rows), fields: &FIELDS }
    }

    fn shown(order: Order, held: &Held, limit: usize, open: &Open) -> Vec<u64> {
        lines(&list(), (0..4).collect(), order, held, limit, open).iter().map(|line| line.id).collect()
    }

    #[test]
    fn columns_order_rows_and_what_is_not_known_comes_last() {
        let by = |by, descending| shown(Order { by, descending }, &Held::new(), 9, &Open::new());
        assert_eq!(by(1, true), [3, 1, 4, 2]);
        assert_eq!(by(1, false), [1, 4, 3, 2]);
        assert_eq!(by(0, false), [3, 1, 2, 4]);
        let list = list();
        let order = Order { by: 0, descending: false };
        assert_eq!(order.pressed(0, &list), Order { by: 0, descending: true });
        assert_eq!(order.pressed(1, &list), Order { by: 1, descending: true });
        assert_eq!(Order { by: 1, descending: true }.pressed(0, &list), order);
    }

    #[test]
    fn the_first_rows_are_those_of_all_rows() {
        let order = Order { by: 1, descending: true };
        for limit in 1..5 {
            assert_eq!(shown(order, &Held::new(), limit, &Open::new()), [3, 1, 4, 2][..limit]);
        }
        let held = Held::from([(2, 0), (1, 1)]);
        assert_eq!(shown(order, &held, 3, &Open::new()), [2, 1, 3]);
    }

    #[test]
    fn an_open_row_is_followed_by_what_hangs_from_it() {
        let order = Order { by: 0, descending: false };
        let open = Open::from([(1, true)]);
        let lines = |open: &Open| lines(&list(), vec![0], order, &Held::new(), 9, open);
        let outline: Vec<_> = lines(&open).iter().map(|it| (it.id, it.level, it.open)).collect();
        assert_eq!(outline, [(1, 1, Some(true)), (10, 2, Some(true)), (11, 3, None)]);
        assert_eq!(lines(&open)[1].cells, [Cell::Blank, ms(Some(0.5))]);
        assert_eq!(lines(&Open::from([(1, true), (10, false)])).len(), 2, "closed is closed");
        assert_eq!(lines(&Open::new()).len(), 1);
    }

    #[test]
    fn words_are_looked_for_in_every_column() {
        let list = list();
        let found = |text: &str| (0..4).filter(|&row| list.is_found(row, &Search::new(text))).count();
        assert_eq!((found(""), found("B"), found("9")), (4, 1, 0));
    }
}
