//! What changes for whom between two packs, or between two days of one.
//!
//! The compiled packs are compared, not their texts: a paper that is no longer asked for is one
//! paper fewer for whoever applies, however the files were laid out. Of a changed condition it is
//! worked out who gains and who loses ([`witness`]). What is only worded otherwise is named too, so
//! that no change passes in silence. Nothing here changes a running case: a case is ruled by the
//! pack that it was filed under, and a figure counts as of the day of filing.

mod body;
mod condition;
mod credit;
mod draw;
mod feed;
mod figure;
mod form;
mod knowledge;
mod layout;
mod life_event;
mod notes;
mod picture;
mod procedure;
mod register;
mod risk;
mod service;
mod step;
mod supervision;
pub mod witness;
mod word;

use std::collections::{BTreeMap, BTreeSet};

use base::{Date, Text};

use crate::model::{Pack, PackHash};
use notes::Notes;

/// One difference, with whom it matters to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What it belongs to: a procedure, a register, or the pack.
    pub part: Text,
    /// Where in the pack it stands.
    pub place: String,
    /// What is different.
    pub says: Text,
    /// For whom it is.
    pub whom: Text,
    /// Of a condition: who gains, who loses.
    pub effects: Vec<Effect>,
    /// What was not looked into.
    pub caution: Option<Text>,
}

/// What a changed condition means for some.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effect {
    /// Whether they gain or lose; neither where it is left open or only another body acts.
    pub gains: Option<bool>,
    /// The day of filing for which this was worked out, where that matters.
    pub day: Option<Date>,
    /// Who, and what changes.
    pub says: Text,
    /// One of them: facts by their path.
    pub witness: BTreeMap<String, String>,
}

/// One side of a comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The pack's title.
    pub title: Text,
    /// Its hash.
    pub hash: PackHash,
    /// The day whose figures count, where one was named.
    pub day: Option<Date>,
}

/// Everything that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diff {
    /// The earlier pack or day.
    pub before: Named,
    /// The later pack or day.
    pub after: Named,
    /// The differences, procedures first.
    pub differences: Vec<Difference>,
}

/// The days on which figures are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Days {
    /// On the days that matter: the last on which the later pack's figures change, and each on
    /// which a figure differs.
    Telling,
    /// On that day.
    On(Date),
    /// As they were on one day and are on another.
    Between(Date, Date),
}

/// Two packs, or one twice, with the days of their figures.
pub(crate) struct Pair<'p> {
    pub(crate) before: &'p Pack,
    pub(crate) after: &'p Pack,
    pub(crate) days: Days,
}

/// What differs between two packs.
pub fn between(before: &Pack, after: &Pack, days: Days) -> Diff {
    let pair = Pair { before, after, days };
    let mut notes = Notes::default();
    procedure::compare(&pair, &mut notes);
    register::compare(&pair, &mut notes);
    body::compare(&pair, &mut notes);
    life_event::compare(&pair, &mut notes);
    feed::compare(&pair, &mut notes);
    knowledge::compare(&pair, &mut notes);
    supervision::compare(&pair, &mut notes);
    risk::compare(&pair, &mut notes);
    credit::compare(&pair, &mut notes);
    picture::compare(&pair, &mut notes);
    pair.whole(&mut notes);
    let (first, last) = match days {
        Days::Telling => (None, None),
        Days::On(day) => (Some(day), Some(day)),
        Days::Between(from, to) => (Some(from), Some(to)),
    };
    let named = |pack: &Pack, day| Named { title: pack.title.clone(), hash: pack.hash, day };
    Diff { before: named(before, first), after: named(after, last), differences: notes.differences }
}

impl Diff {
    /// What no difference changes: running cases, and the day that counts.
    pub fn standing(&self) -> Vec<Text> {
        vec![
            Text::new(
                "已经提出的申请仍按提出时的包办理，不受以上变化影响。",
                "Cases already filed keep the pack they were filed under; nothing above changes \
                 them.",
            ),
            Text::new(
                "数值以提出申请之日为准：在新值起算日之前提出的，仍按旧值。",
                "A figure counts as of the day of filing: whoever files before the first day of a \
                 new value keeps the old one.",
            ),
        ]
    }
}

impl Pair<'_> {
    /// The days on which conditions that use these figures are compared: before, and after.
    pub(crate) fn days(&self, figures: &BTreeSet<&str>, changed: bool) -> Vec<(Date, Date)> {
        match self.days {
            Days::On(day) => vec![(day, day)],
            Days::Between(from, to) => vec![(from, to)],
            Days::Telling => {
                let last = changed.then(|| self.last_day());
                let days: BTreeSet<Date> = self.turning(figures).into_iter().chain(last).collect();
                days.into_iter().map(|day| (day, day)).collect()
            }
        }
    }

    /// The last day on which a figure of the later pack changes, or its first day.
    fn last_day(&self) -> Date {
        let values = self.after.figures.values().flat_map(|titled| &titled.figure.values);
        values.map(|value| value.from).max().unwrap_or(self.after.in_force).max(self.after.in_force)
    }

    /// The days from which one of the figures differs between the packs.
    fn turning(&self, figures: &BTreeSet<&str>) -> Vec<Date> {
        let mut days = Vec::new();
        for name in figures {
            let (Some(before), Some(after)) =
                (self.before.figures.get(*name), self.after.figures.get(*name))
            else {
                continue;
            };
            let values = before.figure.values.iter().chain(&after.figure.values);
            let bounds: BTreeSet<Date> =
                values.flat_map(|value| [Some(value.from), value.until]).flatten().collect();
            let on = |titled: &crate::model::TitledFigure, day| {
                titled.figure.on(day).ok().map(|dated| dated.value.clone())
            };
            days.extend(bounds.into_iter().filter(|day| on(before, *day) != on(after, *day)));
        }
        days
    }

    /// What belongs to the pack as a whole.
    fn whole(&self, notes: &mut Notes) {
        notes.begin(
            Text::new("整个包", "The pack as a whole"),
            Text::new("所有办事人和工作人员", "everybody"),
        );
        let Self { before, after, .. } = self;
        self.figures(notes);
        if before.in_force != after.in_force {
            let (old, new) = (before.in_force, after.in_force);
            let zh = format!("施行日期：{old} → {new}");
            notes.say("in_force", Text::new(zh, format!("in force from: {old} → {new}")));
        }
        let place = |pack: &Pack| {
            let place = pack.jurisdiction.as_ref();
            place.map_or("–".to_owned(), ToString::to_string)
        };
        if before.jurisdiction != after.jurisdiction {
            let (old, new) = (place(before), place(after));
            let zh = format!("适用地区：{old} → {new}");
            notes.say("jurisdiction", Text::new(zh, format!("jurisdiction: {old} → {new}")));
        }
        if before.calendar != after.calendar {
            let (old, new) = (before.calendar.last(), after.calendar.last());
            let zh = format!("工作日历不同（原至 {old}，现至 {new}），期限的末日可能不同");
            let en = format!(
                "the calendar of working days differs (up to {old}, now to {new}), so terms may \
                 end on other days"
            );
            notes.say("calendar", Text::new(zh, en));
        }
        if before.divisions != after.divisions {
            let says = Text::new("行政区划表不同", "the table of divisions differs");
            notes.say("divisions", says);
        }
        if before.outlines != after.outlines || before.outlined_by != after.outlined_by {
            let says = Text::new(
                "行政区划的轮廓或其来源不同",
                "the outlines of the divisions or their sources differ",
            );
            notes.say("outlines", says);
        }
        let (was, is) = (notes::names([&before.name]), notes::names([&after.name]));
        notes.turned("pack", ("包的代号", "the pack's name"), &was, &is);
        notes.turned("title", ("名称", "title"), &before.title, &after.title);
        let (was, is) = (notes::yes(before.invented), notes::yes(after.invented));
        notes.turned("invented", ("虚构", "invented"), &was, &is);
        let ended = ("办结案件的登记簿", "where cases that end are written down");
        let (was, is) = (notes::names(&before.handled), notes::names(&after.handled));
        notes.turned("handled", ended, &was, &is);
        let (was, is) = (notes::names([before.zone.name()]), notes::names([after.zone.name()]));
        notes.turned("zone", ("时区", "zone"), &was, &is);
    }
}
