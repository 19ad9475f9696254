//! Feeds: what tells rows apart and when the event was is in every row, every code list and
//! register is known, and no column takes a name that the lake uses itself.

use std::collections::BTreeMap;

use base::{Name, Text};

use super::{Kind, Linker};
use crate::{
    fault::Fault,
    language::{ColumnType, FeedFile},
    model::{ColumnKind, Feed, FeedColumn, Pack},
    read::Spanned,
};

/// The columns that the lake adds to each row.
const OF_THE_LAKE: [&str; 5] =
    ["intake-number", "intake-source", "intake-at", "replaced-by", "event-day"];
/// The decimals that a number may have.
const DECIMALS_MAX: u32 = 9;

impl Linker<'_> {
    /// The feeds of a pack.
    pub(super) fn feeds(&mut self, pack: &Pack) -> BTreeMap<Name, Feed> {
        let parsed = self.parsed;
        let feeds: Vec<_> = parsed
            .feeds
            .iter()
            .map(|file| (file.feed.clone(), file.at, self.feed(pack, file)))
            .collect();
        self.unique(feeds)
    }

    fn feed(&mut self, pack: &Pack, file: &FeedFile) -> Feed {
        let mut columns = Vec::new();
        for (name, column) in file.columns.iter() {
            if OF_THE_LAKE.contains(&name.value.as_str()) {
                let zh = "这一列名由数据湖自用，请改名";
                let en = "the lake has a column of that name itself; choose another";
                self.fault("feed-column-taken", name.at, zh, en);
            }
            let Some(kind) = self.column_kind(pack, &column.r#type) else { continue };
            let (name, title) = (name.value.clone(), column.title.clone());
            columns.push(FeedColumn { name, title, kind, optional: column.optional == Some(true) });
        }
        let mut feed = Feed {
            name: file.feed.clone(),
            title: file.title.clone(),
            basis: file.basis.clone(),
            key: file.key.iter().map(|name| name.value.clone()).collect(),
            event_at: file.event_at.value.clone(),
            columns,
            signed: None,
        };
        self.check_feed(file, &feed);
        feed.signed = self.signed(pack, file, &feed);
        feed
    }

    fn check_feed(&mut self, file: &FeedFile, feed: &Feed) {
        if file.key.is_empty() {
            let at = self.first_line(file.at);
            self.faults.push(Fault::new("feed-without-key", at, without_key()));
        }
        for name in file.key.iter().chain([&file.event_at]) {
            let known = file.columns.names().map(|name| name.value.as_str());
            let known: Vec<&str> = known.collect();
            if !self.must_know(Kind::Column, name, known) {
                continue;
            }
            if feed.column(&name.value).is_some_and(|column| column.optional) {
                let zh = "键和事件时刻所在的列，每一行都须有值";
                let en = "the key and the moment of the event must be in every row";
                self.fault("feed-key-optional", name.at, zh, en);
            }
        }
        let at = feed.column(&file.event_at.value);
        if at.is_some_and(|column| column.kind != ColumnKind::Moment) {
            let zh = "事件时刻须为 `moment` 列";
            let en = "the moment of the event must be a column of type `moment`";
            self.fault("feed-moment", file.event_at.at, zh, en);
        }
    }

    /// What the values of a column are, its code list or register found.
    pub(super) fn column_kind(&mut self, pack: &Pack, kind: &ColumnType) -> Option<ColumnKind> {
        Some(match kind {
            ColumnType::Text => ColumnKind::Text,
            ColumnType::Texts => ColumnKind::Texts,
            ColumnType::Integer => ColumnKind::Integer,
            ColumnType::Money => ColumnKind::Money,
            ColumnType::Boolean => ColumnKind::Boolean,
            ColumnType::Date => ColumnKind::Date,
            ColumnType::Moment => ColumnKind::Moment,
            ColumnType::Person => ColumnKind::Person,
            ColumnType::Decimal(places) => ColumnKind::Decimal(self.decimals(places)?),
            ColumnType::Choice(options) => {
                let options =
                    options.iter().map(|(name, title)| (name.value.clone(), title.clone()));
                ColumnKind::Choice(options.collect())
            }
            ColumnType::Code(list) => ColumnKind::Code(self.code_list(pack, list)?),
            ColumnType::Codes(list) => ColumnKind::Codes(self.code_list(pack, list)?),
            ColumnType::Entry(register) => {
                let known = pack.registers.keys().map(Name::as_str);
                let known = self.must_know(Kind::Register, register, known);
                return known.then(|| ColumnKind::Entry(register.value.clone()));
            }
        })
    }

    fn decimals(&mut self, places: &Spanned<u32>) -> Option<u8> {
        if places.value > DECIMALS_MAX {
            self.fault("feed-decimals", places.at, "最多九位小数", "nine decimals at most");
            return None;
        }
        u8::try_from(places.value).ok()
    }
}

fn without_key() -> Text {
    Text::new(
        "数据源须写明 `key`：来源以哪些列区分各行",
        "a feed needs a `key`: the columns by which a source tells its rows apart",
    )
}
