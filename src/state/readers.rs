//! Readings of the tables: of everything for the headline, of the selection for the rows.

use super::{
    bridge::{Opened, Trees},
    facts::{Facts, Topic},
    findings::Watch,
    snapshot::Tables,
};
use session::{
    GoLineLive, Range, Reading, Recording, Subject, findings_of, headline_of, tell_realm, tell_realms,
};
use std::rc::Rc;

/// What the view wants to be read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Wanted {
    /// The stretch that rows are of; everything where there is none.
    pub range: Option<Range>,
    /// Whether members are shown.
    pub members: bool,
    /// Rows whose callers are shown.
    pub opened: Rc<Opened>,
    /// Whose facts are shown.
    pub topic: Option<Topic>,
    /// The program that tracks and memory are of, by its id; the current one where there is none.
    pub program: Option<u32>,
}

/// What was read already: only new samples are looked at.
#[derive(Default)]
pub struct Readers {
    whole: GoLineLive,
    part: GoLineLive,
    watch: Watch,
}

impl Readers {
    /// Reads a recording.
    pub fn read(&mut self, recording: &Recording, wanted: &Wanted) -> Tables {
        let session = recording.session();
        self.whole.update(session, recording.revision());
        let whole = self.whole.read(session);
        let lines = whole.lines();
        let mut found = findings_of(session, &lines);
        tell_realms(session, &lines, &mut found);
        let findings = self.watch.update(session, found);
        let mut headline = session.meta.end.map(|_| headline_of(session, &lines, &findings.list));
        headline.iter_mut().for_each(|it| tell_realm(session, it));
        let full = whole.wall;
        if wanted.range.is_none() {
            return Tables { headline, findings, full, ..rows(recording, &whole, lines, wanted) };
        }
        if self.part.range() != wanted.range {
            self.part = GoLineLive::new(wanted.range);
        }
        self.part.update(session, recording.revision());
        let part = self.part.read(session);
        Tables { headline, findings, full, ..rows(recording, &part, part.lines(), wanted) }
    }
}

fn rows(recording: &Recording, reading: &Reading<'_>, lines: session::GoLines, wanted: &Wanted) -> Tables {
    let opened = &wanted.opened;
    let tree = |row: &Subject| reading.callers(row, &|node, only| opened.is_open(row, node, only));
    let trees: Trees = opened.rows().map(|row| (row.clone(), tree(row))).collect();
    let facts = |topic| Facts::read(recording, topic, wanted, &lines);
    Tables {
        facts: wanted.topic.map(facts).unwrap_or_default(),
        range: wanted.range,
        late: session::status(recording.session()).lamp == session::Lamp::Late,
        not_sampled: lines.not_sampled,
        lines: Rc::new(lines.rows),
        imports: Rc::new(reading.imports()),
        members: Rc::new(if wanted.members { reading.members() } else { Vec::new() }),
        trees: Rc::new(trees),
        ..Tables::default()
    }
}
