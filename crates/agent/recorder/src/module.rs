//! A module as the hooks saw it, and its tables copied once from live memory.

use alloc::vec::Vec;

use gowasm::{Error, Image, JsFuncs, Locator, Memory, ModuleData, Tables, Unwinder, build_version};
use protocol::{Module, ModuleTables, Segment};

/// First address of Go's data: argv and environment lie below (`wasmMinDataAddr` in Go's linker, 4096 + 8192).
const DATA_START: u64 = 12_288;

/// Where the copying of tables stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TablesStep {
    /// Bring the next bytes.
    More,
    /// All found: stacks can be read.
    Found,
    /// This is no Go module we know.
    Failed,
}

/// One module.
pub struct ModuleState {
    /// What frames tell of it.
    pub record: Module,
    /// Counts changes of `record`, for readers.
    pub revision: u32,
    search: Option<(Image, Locator)>,
    /// Reads stacks, once the tables are found. Instances of one module share it: their static data is alike. `None` too
    /// where [`Module::tables_of`] names the module that has it.
    pub unwinder: Option<Unwinder>,
    /// Address of `runtime.allgs`, the list of goroutines, once found.
    pub allgs: Option<u64>,
    /// Go's table of the live `js.Func`, once found.
    pub js_funcs: Option<JsFuncs>,
    moduledata: Option<(u64, Vec<u8>)>,
}

impl ModuleState {
    /// A module not looked into yet.
    pub fn new(id: u32) -> ModuleState {
        ModuleState {
            record: Module { id, ..Module::default() },
            revision: 1,
            search: None,
            unwinder: None,
            allgs: None,
            js_funcs: None,
            moduledata: None,
        }
    }

    /// Whether the tables are known, here or with the module they are shared with.
    pub fn has_tables(&self) -> bool {
        self.unwinder.is_some() || self.record.tables_of.is_some()
    }

    /// Bytes of the tables kept here.
    pub fn tables_bytes(&self) -> usize {
        let Some(unwinder) = &self.unwinder else { return 0 };
        unwinder.tables().image().segments().map(|(_, bytes)| bytes.len()).sum()
    }

    /// Whether both keep tables, with the same bytes at the same addresses.
    pub fn same_tables(&self, other: &ModuleState) -> bool {
        let (Some(a), Some(b)) = (&self.unwinder, &other.unwinder) else { return false };
        self.moduledata == other.moduledata && a.tables().image().segments().eq(b.tables().image().segments())
    }

    /// Lets go of the tables; `owner`: the module that has the same.
    pub fn drop_tables(&mut self, owner: Option<u32>) {
        (self.unwinder, self.moduledata) = (None, None);
        self.record.tables_of = owner;
        self.revision += 1;
    }

    /// Address the search wants next.
    pub fn tables_next(&self) -> u64 {
        self.search.as_ref().map_or(DATA_START, |(image, _)| image.bounds().1)
    }

    /// Room for `len` bytes of memory at [`ModuleState::tables_next`], to be filled before [`ModuleState::tables_scan`].
    pub fn tables_room(&mut self, len: usize) -> &mut [u8] {
        let (image, _) = self.search.get_or_insert_with(|| (Image::growing(DATA_START, len), Locator::new()));
        image.extend(len)
    }

    /// Searches what was filled in.
    ///
    /// # Errors
    /// What the tables say that we do not understand, e.g. a Go version out of range.
    pub fn tables_scan(&mut self) -> Result<TablesStep, Error> {
        let Some((image, locator)) = self.search.as_mut() else { return Ok(TablesStep::Failed) };
        let found = match locator.scan(image) {
            Ok(None) => return Ok(TablesStep::More),
            Ok(Some(data)) => data,
            Err(error) => {
                self.search = None;
                return Err(error);
            }
        };
        if let Some((image, _)) = self.search.take() {
            self.keep(image, found);
        }
        Ok(TablesStep::Found)
    }

    fn keep(&mut self, mut image: Image, data: ModuleData) {
        let (lo, hi) = data.own_range();
        self.moduledata = image.slice(lo, hi.saturating_sub(lo)).ok().map(|bytes| (lo, bytes.to_vec()));
        if let Some(version) = build_version(&image, &data) {
            self.record.go_version = Some(version);
            self.revision += 1;
        }
        let (lo, hi) = data.tables_range();
        image.truncate_to(lo, hi);
        self.unwinder = Some(Unwinder::new(Tables::new(image, data)));
    }

    /// How many goroutines there are in `memory`, as `runtime.NumGoroutine` counts.
    pub fn goroutines<M: Memory>(&self, memory: &mut M) -> Option<u32> {
        let unwinder = self.unwinder.as_ref()?;
        unwinder.scheduler()?.goroutines(self.allgs?, unwinder.tables(), memory)
    }

    /// The bytes of a member name, where they are a constant of the program.
    pub fn constant(&self, ptr: u32, len: u32) -> Option<&[u8]> {
        let tables = self.unwinder.as_ref()?.tables();
        let (lo, hi) = tables.data().tables_range();
        let end = u64::from(ptr).checked_add(u64::from(len))?;
        if u64::from(ptr) < lo || end > hi {
            return None;
        }
        tables.image().slice(u64::from(ptr), u64::from(len)).ok()
    }

    /// What readers need to name PCs.
    pub fn tables(&self) -> Option<ModuleTables> {
        let tables = self.unwinder.as_ref()?.tables();
        let (addr, moduledata) = self.moduledata.clone()?;
        let mut segments: Vec<Segment> =
            tables.image().segments().map(|(addr, bytes)| Segment { addr, bytes: bytes.to_vec() }).collect();
        if tables.image().slice(addr, moduledata.len() as u64).is_err() {
            segments.push(Segment { addr, bytes: moduledata });
        }
        Some(ModuleTables { module: self.record.id, segments, moduledata: addr })
    }
}
