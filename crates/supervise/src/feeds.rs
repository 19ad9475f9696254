//! A feed of a pack as the lake takes it.

use base::Name;
use lake::{Column, Feed, Kind};
use pack::model::{ColumnKind, Feed as Written, Pack};

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
