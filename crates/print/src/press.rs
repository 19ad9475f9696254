//! Setting a paper with Typst, in a world that holds one source of ours and nothing else.

use base::{Date, Instant, Zone};
use typst::{
    Feature, Features, Library, LibraryExt as _, World, comemo,
    diag::{FileError, FileResult, SourceDiagnostic},
    foundations::{Bytes, Datetime, Dict, Duration, Smart},
    syntax::{FileId, Source},
    text::{Font, FontBook},
    utils::LazyHash,
};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::{Document, Fonts, Unprinted, values::values};

/// How a paper looks; ours.
const PAPER: &str = include_str!("../templates/paper.typ");

/// What Typst may see: our source, the fonts, and the values of one paper.
struct Desk<'f> {
    library: LazyHash<Library>,
    fonts: &'f Fonts,
    source: Source,
}

impl<'f> Desk<'f> {
    fn new(fonts: &'f Fonts, inputs: Dict) -> Self {
        // Row headers of tables are still behind this feature; the version of Typst is pinned.
        let features = Features::from_iter([Feature::A11yExtras]);
        let library = Library::builder().with_features(features).with_inputs(inputs).build();
        Self { library: LazyHash::new(library), fonts, source: Source::detached(PAPER) }
    }
}

impl World for Desk<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        self.fonts.book()
    }

    fn main(&self) -> FileId {
        self.source.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.source.id() { Ok(self.source.clone()) } else { Err(FileError::AccessDenied) }
    }

    /// There are no files.
    fn file(&self, _: FileId) -> FileResult<Bytes> {
        Err(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.font(index)
    }

    /// There is no clock.
    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

/// The paper as PDF. It takes some tenths of a second of one core: not for the threads that wait
/// for others.
///
/// # Errors
/// [`Unprinted`] where it could not be set.
pub fn print(fonts: &Fonts, paper: &Document) -> Result<Vec<u8>, Unprinted> {
    let desk = Desk::new(fonts, values(fonts, paper)?);
    let set = typst::compile::<PagedDocument>(&desk);
    let pages = set.output.map_err(|said| not_set(&said));
    let made = pages.and_then(|pages| {
        typst_pdf::pdf(&pages, &options(paper.at)?).map_err(|said| not_set(&said))
    });
    // What Typst keeps of a paper would only grow: no two papers are alike.
    comemo::evict(4);
    made
}

fn options(at: Instant) -> Result<PdfOptions, Unprinted> {
    let standards = PdfStandards::new(&[PdfStandard::A_2a, PdfStandard::Ua_1]);
    let standards = standards.map_err(|said| Unprinted::NotSet(said.message().to_string()))?;
    Ok(PdfOptions {
        ident: Smart::Auto,
        creator: Smart::Custom(Some("yiyang".to_owned())),
        timestamp: timestamp(at),
        standards,
        ..PdfOptions::default()
    })
}

/// To the second, by the clocks of UTC.
fn timestamp(at: Instant) -> Option<Timestamp> {
    let day: Date = Zone::named("UTC").ok()?.day_of(at);
    let seconds = at.micros().div_euclid(1_000_000).rem_euclid(24 * 3600);
    let part = |value: i64| u8::try_from(value).ok();
    let (hour, minute, second) =
        (part(seconds / 3600)?, part(seconds / 60 % 60)?, part(seconds % 60)?);
    let (month, day_of_month) = (u8::try_from(day.month()).ok()?, u8::try_from(day.day()).ok()?);
    let year = i32::from(day.year());
    Datetime::from_ymd_hms(year, month, day_of_month, hour, minute, second).map(Timestamp::new_utc)
}

fn not_set(said: &[SourceDiagnostic]) -> Unprinted {
    let all: Vec<String> = said.iter().map(|one| one.message.to_string()).collect();
    Unprinted::NotSet(all.join("; "))
}
