//! The fonts of this machine, looked for once.

use std::path::Path;

use typst::{
    text::{Font, FontBook},
    utils::LazyHash,
};
use typst_kit::fonts::{self, FontStore};

use crate::Unprinted;

/// Families with Chinese letters, the ones we would rather have first. Debian has them in
/// `fonts-noto-cjk`; the others are names of the same letters elsewhere.
const FAMILIES: [&str; 6] = [
    "Noto Serif CJK SC",
    "Source Han Serif SC",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "SimSun",
    "FandolSong",
];

/// Fonts that papers are set in. Finding them takes a tenth of a second or more, so one is kept.
pub struct Fonts {
    store: FontStore,
    families: Vec<&'static str>,
}

impl Fonts {
    /// The fonts that the system knows of.
    ///
    /// # Errors
    /// [`Unprinted::NoChineseFont`] where none of them has Chinese letters.
    pub fn of_system() -> Result<Self, Unprinted> {
        let mut store = FontStore::new();
        store.extend(fonts::system());
        Self::of(store)
    }

    /// The fonts in a folder and those below it.
    ///
    /// # Errors
    /// [`Unprinted::NoChineseFont`] where none of them has Chinese letters.
    pub fn of_folder(folder: &Path) -> Result<Self, Unprinted> {
        let mut store = FontStore::new();
        store.extend(fonts::scan(folder));
        Self::of(store)
    }

    fn of(store: FontStore) -> Result<Self, Unprinted> {
        let known = |family: &&str| store.book().contains_family(&family.to_lowercase());
        let families: Vec<&str> = FAMILIES.into_iter().filter(known).collect();
        match families.is_empty() {
            true => Err(Unprinted::NoChineseFont),
            false => Ok(Self { store, families }),
        }
    }

    /// The families papers are set in, in order.
    pub(crate) fn families(&self) -> &[&'static str] {
        &self.families
    }

    /// Whether some font has the letter.
    pub(crate) fn has(&self, letter: char) -> bool {
        let book: &FontBook = self.store.book();
        let infos = (0..).map_while(|index| book.info(index));
        let own = infos.filter(|info| self.families.contains(&info.family.as_str()));
        own.map(|info| &info.coverage).any(|coverage| coverage.contains(u32::from(letter)))
    }

    pub(crate) fn book(&self) -> &LazyHash<FontBook> {
        self.store.book()
    }

    pub(crate) fn font(&self, index: usize) -> Option<Font> {
        self.store.font(index)
    }
}

/// Their names say enough.
impl std::fmt::Debug for Fonts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Fonts").field(&self.families).finish()
    }
}
