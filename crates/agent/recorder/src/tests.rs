//! The whole recording: what readers are told, and what stays.

use protocol::{Cause, Frame, Phase, PhaseKind};

use crate::instance::Crossing;
use crate::module::{ModuleState, TablesStep};
use crate::{Clock, Recorder, Stats, Totals, samples, series, slices};

const PIECE: u64 = 12_288;
const RODATA: u64 = 0x4000;

/// Memory from Go's first data address on, in which the smallest moduledata lies behind `rodata` bytes of tables.
fn memory(rodata: u64, mark: u8) -> Vec<u8> {
    let data = RODATA + rodata;
    let mut bytes = vec![0; (data + 1024 - PIECE) as usize];
    let mut put = |addr: u64, value: u64| {
        bytes[(addr - PIECE) as usize..][..8].copy_from_slice(&value.to_le_bytes());
    };
    put(RODATA, 0x0801_0000_ffff_fff1);
    put(RODATA + 8, 1);
    for (table, offset) in [(8, 72), (32, 80), (56, 88), (80, 96), (104, 104), (128, 104)] {
        let len = if table == 128 { 2 } else { 8 };
        [RODATA + offset, len, len].into_iter().zip([0, 8, 16]).for_each(|(v, at)| put(data + table + at, v));
        if table != 128 {
            put(RODATA + 32 + (table - 8) / 3, offset);
        }
    }
    put(data, RODATA);
    put(RODATA + 104, 0x1000_0000);
    put(RODATA + 136, u64::from(mark));
    for (offset, value) in
        [(160, 0x1000_0000), (168, 0x2000_0000), (296, RODATA), (304, RODATA + 8), (312, RODATA)]
    {
        put(data + offset, value);
    }
    for offset in [192, 200, 208, 216, 224, 232, 240, 248, 272] {
        put(data + offset, data);
    }
    bytes
}

fn load(recorder: &mut Recorder, memory: &[u8]) -> TablesStep {
    let id = recorder.modules.len() as u32;
    let mut module = ModuleState::new(id);
    module.tables_room(memory.len()).copy_from_slice(memory);
    recorder.modules.push(module);
    recorder.tables_scan(id, 7.5)
}

fn told(recorder: &mut Recorder, reader: u32) -> Frame {
    recorder.frame(reader, 1.0).unwrap_or_default()
}

fn cross(recorder: &mut Recorder, instance: u32, t: f64) {
    let cap = recorder.sample_cap();
    let crossing = Crossing { import: 0, member: 0, t, time_ms: 0.1, weight: 1.0, bytes: f64::NAN, sp: 0 };
    recorder.instances[instance as usize].cross(crossing, 0, 0, cap);
}

fn tick(recorder: &mut Recorder, instance: u32, t: f64) {
    let imports = vec![(t, f64::NAN, Stats::default())];
    recorder.instances[instance as usize]
        .totals(&Totals { t, imports, ..Totals::default() }, Clock::default());
    recorder.bound();
}

#[test]
fn the_same_module_again_shares_its_tables() {
    let mut recorder = Recorder::default();
    let reader = recorder.add_reader();
    for bytes in [memory(4096, 1), memory(4096, 2), memory(4096, 2), memory(4096, 1)] {
        assert_eq!(load(&mut recorder, &bytes), TablesStep::Found);
    }
    let shared: Vec<_> = recorder.modules.iter().map(|module| module.record.tables_of).collect();
    assert_eq!(shared, [None, None, Some(1), Some(0)]);
    assert_eq!(recorder.modules.iter().map(ModuleState::tables_bytes).sum::<usize>(), 2 * 4096);
    assert!(recorder.modules.iter().all(ModuleState::has_tables));
    let frame = told(&mut recorder, reader);
    assert_eq!(frame.tables.iter().map(|tables| tables.module).collect::<Vec<_>>(), [0, 1]);
    assert_eq!(frame.modules[3].tables_of, Some(0));
    recorder.add_instance(3, 0);
    assert!(recorder.pair(0).is_some_and(|(_, module)| module.record.id == 0 && module.unwinder.is_some()));
}

#[test]
fn tables_beyond_their_room_are_not_kept() {
    let mut recorder = Recorder::default();
    let reader = recorder.add_reader();
    let steps = [1, 2, 3, 1].map(|mark| load(&mut recorder, &memory(17 << 20, mark)));
    let (found, failed) = (TablesStep::Found, TablesStep::Failed);
    assert_eq!(steps, [found, failed, failed, found]);
    assert_eq!(recorder.modules.iter().map(ModuleState::tables_bytes).sum::<usize>(), 17 << 20);
    let errors = told(&mut recorder, reader).status.errors;
    assert_eq!(errors.iter().map(|error| error.t).collect::<Vec<_>>(), [7.5], "said once, with its time");
}

#[test]
fn a_dropped_program_is_told_one_last_time() {
    let mut recorder = Recorder::default();
    let reader = recorder.add_reader();
    let id = recorder.add_instance(0, 0);
    recorder.instances[0].phase(Phase { kind: PhaseKind::Main, ..Phase::default() });
    assert_eq!(told(&mut recorder, reader).instances.len(), 1);
    recorder.instances[id as usize].gone(9.0);
    let last = told(&mut recorder, reader).instances;
    assert_eq!((last[0].exit_code, last[0].phases[0].end), (None, Some(9.0)));
    recorder.instances[id as usize].gone(10.0);
    assert_eq!(told(&mut recorder, reader).instances, []);
}

#[test]
fn phases_told_late_reach_readers_of_an_exited_program() {
    let mut recorder = Recorder::default();
    let reader = recorder.add_reader();
    recorder.add_instance(0, 0);
    cross(&mut recorder, 0, 1.0);
    recorder.instances[0].exit(5.0, 2);
    assert_eq!(told(&mut recorder, reader).instances[0].samples.t, [1.0]);
    assert_eq!(told(&mut recorder, reader).instances, []);
    recorder.instances[0].phase(Phase { kind: PhaseKind::Fetch, end: Some(1.0), ..Phase::default() });
    let again = told(&mut recorder, reader).instances;
    assert_eq!((again[0].exit_code, again[0].phases.len(), again[0].samples.t.len()), (Some(2), 1, 0));
    assert_eq!(told(&mut recorder, reader).instances, []);
}

#[test]
fn a_ghost_is_never_told() {
    let mut recorder = Recorder::default();
    let reader = recorder.add_reader();
    recorder.add_instance(0, 0);
    let ghost = recorder.add_instance(0, 0);
    cross(&mut recorder, ghost, 1.0);
    recorder.instances[ghost as usize].discard();
    cross(&mut recorder, ghost, 2.0);
    tick(&mut recorder, ghost, 2.0);
    assert!(recorder.instances[ghost as usize].samples.columns.t.is_empty());
    assert_eq!(recorder.sample_cap(), samples::CAP, "it takes no share");
    let frame = told(&mut recorder, reader);
    assert_eq!(frame.instances.iter().map(|instance| instance.id).collect::<Vec<_>>(), [0]);
    assert_eq!(frame.status.dropped.samples, 0);
}

#[test]
fn of_many_programs_the_oldest_ended_keep_totals_only() {
    let mut recorder = Recorder::default();
    let early = recorder.add_reader();
    for id in 0..70 {
        recorder.add_instance(0, 0);
        recorder.instances[id as usize].add_import("syscall/js.valueGet".into());
        cross(&mut recorder, id, 1.0);
        recorder.instances[id as usize].slice(0.0, 1.0, Cause::Run, 1, 8);
        recorder.instances[id as usize].grow(1.0, 1.0, 2.0, 0);
        tick(&mut recorder, id, 1.0);
        told(&mut recorder, early);
        if id != 0 {
            recorder.instances[id as usize].exit(2.0, 0);
        }
    }
    let kept: Vec<_> =
        recorder.instances.iter().filter(|i| !i.samples.columns.t.is_empty()).map(|i| i.id).collect();
    assert_eq!(kept, std::iter::once(0).chain(7..70).collect::<Vec<_>>());
    let late = recorder.add_reader();
    let frame = told(&mut recorder, late);
    assert_eq!((frame.status.dropped.samples, frame.status.dropped.slices), (6, 6));
    let freed = &frame.instances[1];
    assert_eq!((freed.imports[0].1.tally.calls, freed.nodes.len(), freed.series.t.len()), (1, 0, 0));
    assert_eq!(freed.grows.node, [protocol::NO_NODE]);
    assert!(frame.encode().is_ok());
}

#[test]
fn ended_programs_together_keep_no_more_than_one_running() {
    let mut recorder = Recorder::default();
    for id in 0..3 {
        recorder.add_instance(0, 0);
        for row in 0..90_000 {
            cross(&mut recorder, id, f64::from(row));
        }
        for row in 0..25_000 {
            let cap = recorder.slice_cap();
            recorder.instances[id as usize].slice(f64::from(row), f64::from(row), Cause::Run, 1, cap);
        }
        recorder.instances[id as usize].exit(2.0, 0);
    }
    recorder.add_instance(0, 0);
    assert!(recorder.instances.iter().map(|i| i.samples.columns.t.len()).sum::<usize>() <= samples::CAP);
    assert!(recorder.instances.iter().map(|i| i.slices.columns.start.len()).sum::<usize>() <= slices::CAP);
    let weight: f64 =
        recorder.instances.iter().flat_map(|i| &i.samples.columns.weight).map(|w| f64::from(*w)).sum();
    assert_eq!(weight, 270_000.0);
}

#[test]
fn only_running_programs_share_the_caps() {
    let mut recorder = Recorder::default();
    for _ in 0..4 {
        recorder.add_instance(0, 0);
    }
    assert_eq!((recorder.sample_cap(), recorder.slice_cap()), (samples::CAP / 4, slices::CAP / 4));
    recorder.instances[0].exit(1.0, 0);
    recorder.instances[1].gone(1.0);
    assert_eq!((recorder.sample_cap(), recorder.slice_cap()), (samples::CAP / 2, slices::CAP / 2));
    recorder.max_samples = Some(2);
    assert_eq!(recorder.sample_cap(), 2, "a log of one row would double its weight for ever");
}

#[test]
fn a_reader_far_behind_gets_no_bucket_twice() {
    let mut recorder = Recorder::default();
    recorder.add_instance(0, 0);
    recorder.instances[0].add_import("syscall/js.valueGet".into());
    let (behind, ahead) = (recorder.add_reader(), recorder.add_reader());
    let mut got = [0u64; 2];
    let mut read = |recorder: &mut Recorder, at: usize, reader: u32| {
        let frame = told(recorder, reader);
        let calls = frame.instances[0].series.calls.iter().flatten();
        got[at] += calls.map(|calls| u64::from(*calls)).sum::<u64>();
    };
    let last = series::CAP + 100;
    for t in 1..=last {
        tick(&mut recorder, 0, t as f64);
        if t == 1_000 {
            read(&mut recorder, 0, behind);
        }
        if t % 500 == 0 {
            read(&mut recorder, 1, ahead);
        }
    }
    read(&mut recorder, 0, behind);
    read(&mut recorder, 1, ahead);
    assert_eq!(got, [last as u64; 2]);
}

#[test]
fn realms_are_told_once_and_when_they_change() {
    let mut recorder = Recorder::default();
    recorder.add_realm(protocol::Realm { url: "a".into(), ..Default::default() });
    let reader = recorder.add_reader();
    recorder.source = 5;
    let told = |recorder: &mut Recorder, t| {
        let frame = recorder.frame(reader, t).unwrap();
        assert_eq!(frame.source, 5);
        frame.realms.iter().map(|realm| (realm.id, realm.ended)).collect::<Vec<_>>()
    };
    assert_eq!(told(&mut recorder, 0.0), [(0, None)]);
    recorder.add_realm(protocol::Realm::default());
    assert_eq!(told(&mut recorder, 1000.0), [(1, None)]);
    recorder.edit_realm(1, |realm| realm.ended = Some(7.0));
    recorder.edit_realm(9, |realm| realm.ended = Some(7.0));
    assert_eq!(told(&mut recorder, 2000.0), [(1, Some(7.0))]);
    assert_eq!(told(&mut recorder, 3000.0), []);
}
