//! JSON, copies by size, elements one by one, timers.

use super::crossings::read_stack;
use super::{INBOX, edit_instance, with};
use crate::{Counted, Sampled, Stats};

/// The node of the stack at `sp`, of which the window holds `len` bytes.
#[unsafe(no_mangle)]
pub extern "C" fn stack(instance: u32, t: f64, sp: u32, len: u32) -> u32 {
    with(|recorder| read_stack(recorder, instance, t, sp, len).0).unwrap_or(protocol::NO_NODE)
}

/// A call of JSON of `amount` characters, or a burst of `amount` elements, whose stack is `node`. `row`: 0 parse, 1 stringify,
/// 2 reads, 3 writes. `time_ms` NaN: not timed. `numbers` 1: a text of numbers.
#[unsafe(no_mangle)]
pub extern "C" fn sampled(
    instance: u32,
    row: u32,
    node: u32,
    t: f64,
    time_ms: f64,
    weight: f64,
    amount: f64,
    numbers: u32,
) {
    let it = Sampled { row: row.min(3), t, time_ms, weight, amount, numbers: numbers != 0 };
    edit_instance(instance, |known| {
        if known.keeps() {
            known.patterns.sample(it, node);
        }
    });
}

/// The hooks' counters. Inbox, all f64: of parse and stringify calls, calls inside others, characters and a row of
/// [`Stats`]; of reads and writes elements, bursts and longest; timers fired and retries, NaN for not known; of so many
/// `copies` import, class, calls and bytes.
#[unsafe(no_mangle)]
pub extern "C" fn patterns(instance: u32, copies: u32) {
    let inbox = INBOX.0.borrow();
    let mut numbers = inbox.as_chunks::<8>().0.iter().map(|bytes| f64::from_le_bytes(*bytes));
    let mut next = || numbers.next().unwrap_or(0.0);
    let mut counted = Counted::default();
    for row in &mut counted.json {
        *row = (next(), next(), next(), Stats::from_row(&core::array::from_fn(|_| next())));
    }
    counted.elements = core::array::from_fn(|_| core::array::from_fn(|_| next()));
    counted.timers = core::array::from_fn(|_| next());
    for _ in 0..copies {
        counted.copies.push(core::array::from_fn(|_| next()));
    }
    with(|recorder| {
        let clock = recorder.clock;
        if let Some(known) = recorder.instances.get_mut(instance as usize)
            && known.keeps()
        {
            known.patterns.count(&counted, clock);
        }
    });
}
