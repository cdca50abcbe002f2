//! Rows of the bridge's tables as they are shown: Go lines, imports, members, and the callers under them.

use super::table::{Column, Row, TopRow};
use crate::text;
use session::{Caller, CostRow, Estimate, GoLine, Place, Subject};
use std::{
    cmp::Ordering,
    hash::{DefaultHasher, Hash, Hasher},
    rc::Rc,
};
use yew::AttrValue;

/// What stands in the columns of figures.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figures {
    /// Crossings.
    pub calls: Estimate,
    /// Time in them, ms.
    pub time_ms: Option<Estimate>,
    /// Time as a share of the window.
    pub share: Option<Estimate>,
    /// Bytes copied.
    pub bytes: Option<Estimate>,
    /// Time of one crossing, ms.
    pub per_call_ms: Option<Estimate>,
}

impl Figures {
    /// The figure of a column.
    pub fn of(&self, column: Column) -> Option<f64> {
        let value = |estimate: Option<Estimate>| estimate.map(|estimate| estimate.value);
        match column {
            Column::Calls => Some(self.calls.value),
            Column::Time => value(self.time_ms),
            Column::Share => value(self.share),
            Column::Bytes => value(self.bytes),
            Column::PerCall => value(self.per_call_ms),
            Column::Name | Column::Crosses => None,
        }
    }
}

/// What a row is called.
#[derive(Clone, Debug, PartialEq)]
pub struct Name {
    /// Function, import or member.
    pub func: AttrValue,
    /// `grid.go:88`; empty where there is none.
    pub position: AttrValue,
    /// In full.
    pub about: AttrValue,
    /// Whether it is the program's own, not the runtime's.
    pub own: bool,
    /// Whether it was inlined into its caller.
    pub inlined: bool,
}

/// What a Go line crosses as.
#[derive(Clone, Debug, PartialEq)]
pub struct Crosses {
    /// The costliest.
    pub label: AttrValue,
    /// How many others.
    pub more: usize,
    /// All of them.
    pub about: AttrValue,
}

/// A row as it is shown. Equal ones need not be drawn again.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// Which row: stays while its figures change.
    pub id: u64,
    /// The row at the top that it is or hangs from.
    pub row: Rc<Subject>,
    /// The node of its tree; `None` for the row itself.
    pub node: Option<u64>,
    /// 1 at the top.
    pub level: usize,
    /// Whether it is open; `None` where there is nothing to open.
    pub open: Option<bool>,
    /// What it is called.
    pub name: Name,
    /// What it crosses as.
    pub crosses: Option<Crosses>,
    /// Its figures.
    pub figures: Figures,
}

impl Shown {
    /// The id of a row, or of a node of its tree.
    pub fn id_of(row: &Subject, node: Option<u64>) -> u64 {
        let mut hasher = DefaultHasher::new();
        (row, node).hash(&mut hasher);
        hasher.finish()
    }

    fn top(row: &Rc<Subject>, name: Name, crosses: Option<Crosses>, figures: Figures) -> Self {
        let id = Self::id_of(row, None);
        Self { id, row: row.clone(), node: None, level: 1, open: None, name, crosses, figures }
    }

    /// The same in a table whose rows open; `tree` where this one is. What has no callers cannot be opened any more.
    pub fn opened(self, tree: Option<&[Caller]>) -> Self {
        let nothing = *self.row == Subject::Line(Place::NoStack) || tree.is_some_and(<[_]>::is_empty);
        Self { open: (!nothing).then_some(tree.is_some()), ..self }
    }

    /// A node of a row's tree.
    pub fn caller(id: u64, caller: &Caller, row: &Rc<Subject>, level: usize) -> Self {
        let name = Name {
            own: caller.own,
            inlined: caller.inlined,
            ..Name::of(&caller.place, text::caller_about(&caller.place, caller.samples, caller.inlined))
        };
        Self {
            id,
            row: row.clone(),
            node: Some(caller.key),
            level,
            open: caller.has_callers.then_some(caller.callers.is_some()),
            name,
            crosses: None,
            figures: Row::figures(&caller),
        }
    }
}

impl Name {
    /// A place, and what its name leaves unsaid.
    pub(super) fn of(place: &Place, about: String) -> Self {
        let func = AttrValue::from(place.func().to_owned());
        Self { func, position: place.position().into(), about: about.into(), own: true, inlined: false }
    }
}

impl Row for GoLine {
    fn figures(&self) -> Figures {
        Figures {
            calls: self.calls,
            time_ms: self.time_ms,
            share: self.share,
            bytes: self.bytes,
            per_call_ms: self.per_call_ms,
        }
    }

    fn compare_words(&self, other: &Self, by: Column) -> Ordering {
        match by {
            Column::Crosses => self.crosses_as().cmp(other.crosses_as()),
            _ => self.place.cmp(&other.place),
        }
    }
}

impl TopRow for GoLine {
    fn subject(&self) -> Subject {
        Subject::Line(self.place.clone())
    }

    fn shown(&self, subject: &Rc<Subject>) -> Shown {
        let name = Name::of(&self.place, text::place_about(&self.place, self.samples));
        let crosses = Crosses {
            label: self.crosses_as().to_owned().into(),
            more: self.crossings.len().saturating_sub(1),
            about: text::crossings_about(&self.crossings).into(),
        };
        Shown::top(subject, name, Some(crosses), self.figures())
    }
}

impl Row for CostRow {
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
        (&self.member, &self.import).cmp(&(&other.member, &other.import))
    }
}

impl TopRow for CostRow {
    fn subject(&self) -> Subject {
        match &self.member {
            Some(member) => Subject::Member { import: self.import.clone(), member: member.clone() },
            None => Subject::Import(self.import.clone()),
        }
    }

    fn shown(&self, subject: &Rc<Subject>) -> Shown {
        let func = self.member.as_ref().unwrap_or(&self.import);
        // Which way a member is reached stands where a line has its file.
        let position = if self.member.is_some() { session::verb(&self.import) } else { "" };
        let name = Name {
            func: func.clone().into(),
            position: position.to_owned().into(),
            about: text::import_about(&self.import, self.member.as_deref()).into(),
            own: true,
            inlined: false,
        };
        Shown::top(subject, name, None, self.figures())
    }
}
