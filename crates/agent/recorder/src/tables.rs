//! Modules that carry the same tables share one copy: a page may load the same bytes again for every run.

use protocol::AgentError;

use crate::module::{ModuleState, TablesStep};
use crate::recorder::Recorder;
use crate::words::words;

/// Most bytes of distinct tables, over all modules. The largest Go programs have about 10 MB.
const MAX_TABLES: usize = 32 << 20;

impl Recorder {
    /// The module that has the tables of `module`: itself, where it shares none.
    pub fn tables_owner(&self, module: u32) -> u32 {
        self.modules.get(module as usize).and_then(|known| known.record.tables_of).unwrap_or(module)
    }

    /// Searches for tables in what was filled in since the last call, at `t`. Already found counts as found.
    pub fn tables_scan(&mut self, module: u32, t: f64) -> TablesStep {
        let Some(known) = self.modules.get_mut(module as usize) else { return TablesStep::Failed };
        if known.has_tables() {
            return TablesStep::Found;
        }
        match known.tables_scan() {
            Ok(TablesStep::Found) => self.share_tables(module as usize, t),
            Ok(step) => step,
            Err(error) => {
                self.error(AgentError { t, at: "tables".into(), message: words(&error) });
                TablesStep::Failed
            }
        }
    }

    /// Keeps one copy of tables that are alike, and none for which there is no room.
    fn share_tables(&mut self, at: usize, t: f64) -> TablesStep {
        let Some(new) = self.modules.get(at) else { return TablesStep::Failed };
        let alike = |(i, known): &(usize, &ModuleState)| *i != at && known.same_tables(new);
        let owner = self.modules.iter().enumerate().find(alike).map(|(i, _)| i as u32);
        let full = self.modules.iter().map(ModuleState::tables_bytes).sum::<usize>() > MAX_TABLES;
        if (owner.is_some() || full)
            && let Some(new) = self.modules.get_mut(at)
        {
            new.drop_tables(owner);
        }
        if owner.is_some() || !full {
            return TablesStep::Found;
        }
        if !self.tables_full {
            self.tables_full = true;
            let message =
                "modules loaded from here on have no stacks: tables of earlier ones take up all room";
            self.error(AgentError { t, at: "tables".into(), message: message.into() });
        }
        TablesStep::Failed
    }
}
