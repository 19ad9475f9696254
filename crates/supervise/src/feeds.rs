//! A feed of a pack as the lake takes it, and its rows as a query reads them.

use base::Name;
use lake::{
    Column, Feed, Kind, Tables,
    batch::{self, REPLACED_BY},
    feed::Kept,
};
use pack::model::{ColumnKind, Feed as Written, Pack};
use query::{Files, Source};

use crate::tables::view;

/// The decimals of yuan.
const FEN: u8 = 2;

/// The feeds of a pack. The compiler has found their keys and moments, so that none is left out.
pub fn all(pack: &Pack) -> Vec<Feed> {
    pack.feeds.values().filter_map(of).collect()
}

/// A feed as the lake takes it; none where its key or moment is no column, which the compiler
/// finds.
pub fn of(feed: &Written) -> Option<Feed> {
    let columns = feed.columns.iter().map(|column| Column {
        name: column.name.clone(),
        kind: kind(&column.kind),
        needed: !column.optional,
    });
    Feed::new(feed.name.clone(), columns.collect(), &feed.key, &feed.event_at).ok()
}

/// The rows of a feed, as the view of its name; none where the compiler would have refused it. A
/// feed whose table is not there yet has no rows.
pub fn rows(feed: &Written, tables: &Tables) -> Option<Source> {
    Some(Source::files(&view(&feed.name), files(feed, tables, false)?))
}

/// The rows of a feed that were replaced, as a view of its own.
pub fn replaced(feed: &Written, tables: &Tables) -> Option<Source> {
    let name = format!("{}_{REPLACED_BY}", view(&feed.name));
    Some(Source::files(&name, files(feed, tables, true)?))
}

fn files(feed: &Written, tables: &Tables, replaced: bool) -> Option<Files> {
    let kept = Kept::default().with(&of(feed)?).ok()?;
    let name = if replaced { lake::replaced(&feed.name) } else { feed.name.to_string() };
    let (folder, files) = tables.get(&name).cloned().unwrap_or_default();
    let schema = batch::schema(&kept, replaced);
    Some(Files { folder, files, schema, at: view(&feed.event_at) })
}

/// Codes and entries are texts here: whether there is such a one is for rules to judge.
fn kind(kind: &ColumnKind) -> Kind {
    match kind {
        ColumnKind::Text | ColumnKind::Code(_) | ColumnKind::Entry(_) => Kind::Text,
        ColumnKind::Texts | ColumnKind::Codes(_) => Kind::Texts,
        ColumnKind::Integer => Kind::Whole,
        ColumnKind::Money => Kind::Decimal(FEN),
        ColumnKind::Decimal(places) => Kind::Decimal(*places),
        ColumnKind::Boolean => Kind::Truth,
        ColumnKind::Date => Kind::Date,
        ColumnKind::Moment => Kind::Instant,
        ColumnKind::Person => Kind::Person,
        ColumnKind::Choice(options) => Kind::Word(options.iter().map(word).collect()),
    }
}

fn word((name, _): &(Name, base::Text)) -> String {
    name.to_string()
}
