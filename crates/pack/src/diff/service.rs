//! How decisions are served.

use base::Text;

use super::{
    Pair,
    notes::{Found, Notes, paired},
    procedure::term,
};
use crate::model::{Service, Way};

pub(super) fn compare(pair: &Pair<'_>, notes: &mut Notes) {
    let (before, after) = (pair.before.service.as_ref(), pair.after.service.as_ref());
    let (Some(old), Some(new)) = (before, after) else { return either(before, after, notes) };
    begin(notes);
    let what = ("送达期限", "time to serve");
    notes.turned("within", what, &term(&old.within), &term(&new.within));
    let what = ("不利决定的送达期限", "time to serve a decision that burdens");
    notes.turned("burdens", what, &term(&old.burdens), &term(&new.burdens));
    let what = ("公示期限", "time to publish");
    notes.turned("published", what, &term(&old.published), &term(&new.published));
    let before = old.ways.iter().map(|(name, way)| (name.as_str(), way));
    let after = new.ways.iter().map(|(name, way)| (name.as_str(), way));
    for (name, found) in paired(before, after) {
        match found {
            Found::Added(own) => notes.say(name, named("新增送达方式", "a new way", own)),
            Found::Dropped(own) => notes.say(name, named("取消送达方式", "a way is dropped", own)),
            Found::Both(old, new) => way(name, old, new, notes),
        }
    }
}

fn begin(notes: &mut Notes) {
    notes.begin(
        Text::new("送达", "Service of decisions"),
        Text::new("收到决定的人", "whoever a decision is served on"),
    );
    notes.inside("service");
}

fn either(before: Option<&Service>, after: Option<&Service>, notes: &mut Notes) {
    let says = match (before, after) {
        (None, Some(_)) => Text::new("不再一律电子送达", "no longer all through the portal"),
        (Some(_), None) => Text::new("一律电子送达", "all through the portal"),
        _ => return,
    };
    begin(notes);
    notes.say("ways", says);
}

fn way(name: &str, old: &Way, new: &Way, notes: &mut Notes) {
    let since = notes.differences.len();
    let Text { zh, en } = &new.title;
    let at_once = || Text::new("当日", "on the day");
    let deemed = |way: &Way| {
        way.deemed_after.map_or_else(at_once, |term| {
            Text::new(term.describe(base::Language::Zh), term.describe(base::Language::En))
        })
    };
    let what = (format!("{zh}，视为送达"), format!("{en}, when it counts as served"));
    notes.turned(name, (&what.0, &what.1), &deemed(old), &deemed(new));
    let day = |way: &Way| {
        let said = |day: Option<base::Date>| day.map_or("…".to_owned(), |day| day.to_string());
        let days = format!("{} – {}", said(way.from), said(way.until));
        Text::new(days.clone(), days)
    };
    let what = (format!("{zh}，适用日期"), format!("{en}, its days"));
    notes.turned(name, (&what.0, &what.1), &day(old), &day(new));
    notes.reworded(name, old, new, since);
}

fn named(zh: &str, en: &str, way: &Way) -> Text {
    Text::new(format!("{zh}：{}", way.title.zh), format!("{en}: {}", way.title.en))
}
