//! What crossings carry: JSON, copies by size, and copies made element by element.

use super::{
    Scope,
    places::{id_of, id_of_name, place},
};
use crate::state::list::{Cell, Child, Item, Unit};
use session::{CopyRow, ElementRow, Estimate, JsonRow, Place, Session, copy_sizes, elements, json};
use std::rc::Rc;

/// A function of JSON, a way of elements, and the Go lines below.
#[derive(Clone, Debug, PartialEq)]
pub struct Json(pub JsonRow);

/// Copies of one size by one import.
#[derive(Clone, Debug, PartialEq)]
pub struct Copies(pub CopyRow);

/// Numbers read or written one by one.
#[derive(Clone, Debug, PartialEq)]
pub struct Elements(pub ElementRow);

/// All of it.
#[derive(Clone, Debug, PartialEq)]
pub struct DataFacts {
    /// What it is of.
    pub scope: Scope,
    /// By function of JSON.
    pub json: Rc<Vec<Json>>,
    /// By direction, import and size.
    pub copies: Rc<Vec<Copies>>,
    /// By direction.
    pub elements: Rc<Vec<Elements>>,
}

impl DataFacts {
    /// Of a session.
    pub fn of(session: &Session, scope: Scope) -> Self {
        Self {
            scope,
            json: Rc::new(json(session, scope.range).into_iter().map(Json).collect()),
            copies: Rc::new(copy_sizes(session, scope.range).into_iter().map(Copies).collect()),
            elements: Rc::new(elements(session, scope.range).into_iter().map(Elements).collect()),
        }
    }
}

fn line(under: u64, of: &Place, mut cells: Vec<(&'static str, Cell)>) -> Child {
    let name = Rc::new(place(of));
    let id = id_of((under, id_of_name(&name)));
    cells.push(("name", Cell::Name(name)));
    Child { id, cells, children: Vec::new() }
}

fn count(value: Estimate) -> Cell {
    Cell::estimate(Some(value), Unit::Count, "")
}

impl Item for Json {
    fn id(&self) -> u64 {
        id_of(self.0.op)
    }
    fn opens(&self) -> bool {
        !self.0.lines.is_empty()
    }
    fn children(&self) -> Vec<Child> {
        let cells = |it: &session::JsonLine| {
            vec![
                ("calls", count(it.calls)),
                ("chars", Cell::estimate(it.chars, Unit::Count, "")),
                ("took", Cell::estimate(it.time_ms, Unit::Ms, crate::text::NOT_TIMED_ABOUT)),
            ]
        };
        self.0.lines.iter().map(|it| line(Item::id(self), &it.place, cells(it))).collect()
    }
}

impl Item for Copies {
    fn id(&self) -> u64 {
        id_of((&self.0.import, self.0.size_class))
    }
}

impl Item for Elements {
    fn id(&self) -> u64 {
        id_of(self.0.op)
    }
    fn opens(&self) -> bool {
        !self.0.lines.is_empty()
    }
    fn children(&self) -> Vec<Child> {
        let cells =
            |it: &session::ElementLine| vec![("calls", count(it.calls)), ("bursts", count(it.bursts))];
        self.0.lines.iter().map(|it| line(Item::id(self), &it.place, cells(it))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use session::{Copied, CopyTo, Frame, Instance, JsonCall, JsonOp, Range, Stack};

    #[test]
    fn json_opens_to_the_lines_that_ask_for_it() {
        let mut session = Session::default();
        session.frames = vec![Frame { func: "main.load".into(), ..Frame::default() }];
        session.stacks = vec![Stack { parent: None, frame: 0 }];
        let call = |t| JsonCall {
            t,
            op: JsonOp::Parse,
            stack: Some(0),
            weight: 1.0,
            time_ms: Some(2.0),
            chars: Some(50.0),
            numbers: false,
        };
        let total = session::Json { op: JsonOp::Parse, calls: 2, bytes: 100, ..session::Json::default() };
        let copied = Copied {
            import: "syscall/js.copyBytesToJS".into(),
            to: CopyTo::Js,
            size_class: 256,
            calls: 3,
            bytes: 700,
        };
        session.instances.push(Instance {
            json: vec![total],
            json_calls: vec![call(10.0), call(900.0)],
            copies: vec![copied],
            ..Instance::default()
        });
        let full = Some(Range { start: 0.0, end: 1e3 });
        let facts = DataFacts::of(&session, Scope { range: None, full });
        let lines = facts.json[0].children();
        assert!(matches!(&lines[0].cells[3], ("name", Cell::Name(name)) if &*name.func == "main.load"));
        assert_eq!(lines[0].cells[0], ("calls", count(Estimate::exact(2.0))));
        assert_eq!(facts.copies[0].0.bytes.value, 700.0);
        assert!(facts.elements.is_empty());
        let part = DataFacts::of(&session, Scope { range: Some(Range { start: 0.0, end: 5.0 }), full });
        assert_eq!(part.json.len(), 0);
    }
}
