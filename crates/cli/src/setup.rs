//! The engine, as the command line says it is to be.

use std::path::PathBuf;

use clap::Args;
use sigill_layout::Layouts;
use sigill_make::engine::{self, LazyEngine};
use sigill_make::orders::Settings;

use crate::exit::Stop;

#[derive(Debug, Clone, Default, Args)]
pub(crate) struct LayoutDirs {
    /// Mapp med egna kinds/ och profiles/ (flera går bra) · Folder with kinds/ and profiles/ of your own
    #[arg(long, value_name = "MAPP")]
    pub(crate) layouts: Vec<PathBuf>,
}

#[derive(Debug, Clone, Default, Args)]
pub(crate) struct SetupArgs {
    #[command(flatten)]
    pub(crate) dirs: LayoutDirs,
    /// Mapp med egna typsnitt (ttf, otf) · Folder with fonts of your own
    #[arg(long, value_name = "MAPP")]
    pub(crate) fonts: Vec<PathBuf>,
}

impl LayoutDirs {
    pub(crate) fn layouts(&self) -> Result<Layouts, Stop> {
        Ok(engine::layouts(&self.layouts)?)
    }
}

impl SetupArgs {
    pub(crate) fn settings(&self) -> Settings {
        Settings { layouts: self.dirs.layouts.clone(), fonts: self.fonts.clone(), ..Settings::default() }
    }

    /// The engine of this run.
    pub(crate) fn engine(&self) -> LazyEngine {
        LazyEngine::new(self.settings())
    }
}
