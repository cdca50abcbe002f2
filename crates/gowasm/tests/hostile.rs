//! Damaged and hostile input: errors and short answers, never a panic, never a hang.

use std::sync::LazyLock;

use gowasm::{
    Image, Locator, Memory, Module, ModuleData, Scheduler, Symbols, Tables, Unwinder, build_version, mod_info,
};
use proptest::prelude::*;

use crate::toolchain::BUILDS;

/// The oldest and the newest layout.
static FILES: LazyLock<[Vec<u8>; 2]> =
    LazyLock::new(|| [BUILDS[1], BUILDS[5]].map(|build| std::fs::read(build.stacks()).unwrap()));
/// Memory of each.
static IMAGES: LazyLock<[(Vec<u8>, ModuleData); 2]> = LazyLock::new(|| {
    FILES.each_ref().map(|bytes| {
        let image = Module::parse(bytes).unwrap().image;
        let data = Locator::new().scan(&image).unwrap().unwrap();
        (image.tail(0).unwrap().to_vec(), data)
    })
});

/// Memory that answers everything, from a seed.
struct Noise(u64);

impl Memory for Noise {
    fn u64(&mut self, addr: u64) -> Option<u64> {
        let noise = (addr ^ self.0).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        // Half of it looks like PCs.
        Some(if noise & 1 == 0 { noise } else { 0x1000_0000 + (noise >> 35) })
    }
}

/// Everything that can be asked of an image.
fn use_image(image: &Image, moduledata: u64) {
    let found = Locator::new().scan(image);
    mod_info(image);
    let data = match (ModuleData::read(image, moduledata), found) {
        (Ok(data), _) | (Err(_), Ok(Some(data))) => data,
        _ => return,
    };
    build_version(image, &data);
    let tables = Tables::new(image.clone(), data);
    assert_ne!(tables.func_by_name("main.main"), Some(gowasm::FuncId(u32::MAX)));
    let scheduler = Scheduler::locate(&tables, &mut { image });
    let mut symbols = Symbols::new(tables.clone());
    for id in tables.funcs().step_by(97) {
        let entry = tables.entry(id).unwrap_or(0);
        for block in [0, 1, 9, 0xffff] {
            symbols.frames(entry | block);
        }
    }
    let mut unwinder = Unwinder::new(tables);
    if let Ok(scheduler) = scheduler {
        let allgs = scheduler.find_allgs(unwinder.tables(), &mut Noise(7));
        scheduler.goroutines(allgs.unwrap_or(data.bss), unwinder.tables(), &mut { image });
        unwinder.set_scheduler(scheduler);
    }
    let mut pcs = Vec::new();
    for sp in [0, data.noptrdata, data.end, data.end + 4096, u64::MAX - 8] {
        unwinder.walk(sp, &mut { image }, &mut pcs);
        unwinder.walk(sp, &mut Noise(sp), &mut pcs);
        assert!(pcs.len() <= 4096);
    }
}

/// Where a change hurts most: the moduledata, the header, and the start of each table.
fn weak_spot(data: &ModuleData, kind: u8, offset: u64) -> u64 {
    let starts = [
        data.addr,
        data.pc_header,
        data.ftab.addr,
        data.pclntable.addr + data.ftab.len,
        data.pctab.addr,
        data.cutab.addr,
        data.funcnametab.addr,
        data.rodata,
        data.types,
    ];
    starts[usize::from(kind) % starts.len()] + offset
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn truncated_and_altered_files(
        file in 0..2usize,
        cut in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..64),
    ) {
        let mut bytes = FILES[file].clone();
        bytes.truncate(cut.index(bytes.len()) + 1);
        for (at, value) in changes {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        if let Ok(module) = Module::parse(&bytes) {
            use_image(&module.image, 0);
        }
    }

    #[test]
    fn altered_tables(
        file in 0..2usize,
        changes in prop::collection::vec((any::<u8>(), 0..400u64, prop_oneof![Just(0u8), Just(0xff), any::<u8>()]), 1..12),
    ) {
        let (bytes, data) = &IMAGES[file];
        let mut bytes = bytes.clone();
        for (kind, offset, value) in changes {
            if let Some(byte) = bytes.get_mut(weak_spot(data, kind, offset) as usize) {
                *byte = value;
            }
        }
        use_image(&Image::new(vec![(0, bytes)]), data.addr);
    }

    #[test]
    fn truncated_images(file in 0..2usize, lo in any::<prop::sample::Index>(), hi in any::<prop::sample::Index>()) {
        let (bytes, data) = &IMAGES[file];
        let mut image = Image::new(vec![(0, bytes.clone())]);
        image.truncate_to(lo.index(bytes.len()) as u64, hi.index(bytes.len()) as u64);
        use_image(&image, data.addr);
    }

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..4096)) {
        let with_preamble = [b"\0asm\x01\0\0\0".as_slice(), &bytes].concat();
        if let Ok(module) = Module::parse(&with_preamble) {
            use_image(&module.image, 0);
        }
        for addr in [0, (1 << 32) - 5000, (1 << 48) - 4096, u64::MAX - 4] {
            use_image(&Image::new(vec![(addr, bytes.clone())]), addr);
        }
    }

    #[test]
    fn any_pieces(pieces in prop::collection::vec((any::<u16>(), 0..600usize), 0..12)) {
        // Overlapping in any way: still sorted, disjoint, and what starts lower wins.
        let all: Vec<_> = pieces.iter().map(|&(addr, len)| (u64::from(addr), vec![(addr >> 8) as u8; len])).collect();
        let image = Image::new(all);
        let mut end = 0;
        for (addr, bytes) in image.segments() {
            prop_assert!(addr >= end);
            end = addr + bytes.len() as u64;
        }
        // An empty piece may lie within another.
        for (addr, len) in pieces.into_iter().filter(|&(_, len)| len > 0) {
            for at in [u64::from(addr), u64::from(addr) + len as u64 - 1] {
                prop_assert!(image.u8(at).is_ok());
            }
        }
    }
}
