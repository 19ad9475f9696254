//! Points tables: who comes to have other effects.

use base::Text;
use credit::{Counts, Lasts};

use super::{
    Pair,
    notes::{Found, Notes, names, paired},
};
use crate::model::Credit;

pub(super) fn compare(pair: &Pair<'_>, notes: &mut Notes) {
    let before = pair.before.credits.iter().map(|(name, own)| (name.as_str(), own));
    let after = pair.after.credits.iter().map(|(name, own)| (name.as_str(), own));
    for (name, found) in paired(before, after) {
        let (Found::Added(own) | Found::Dropped(own) | Found::Both(_, own)) = &found;
        notes.begin(own.title.clone(), Text::new("被记分的主体", "whoever has points"));
        match found {
            Found::Added(_) => notes.say(name, Text::new("新增记分办法", "a new points table")),
            Found::Dropped(_) => {
                notes.say(name, Text::new("取消记分办法", "the points table is dropped"));
            }
            Found::Both(old, new) => {
                notes.inside(name);
                table(old, new, notes);
            }
        }
    }
}

fn table(old: &Credit, new: &Credit, notes: &mut Notes) {
    let since = notes.differences.len();
    let place = |own: &Credit| names([&own.place]);
    notes.turned("place", ("适用地区", "where it rules"), &place(old), &place(new));
    let register = |own: &Credit| names([&own.register]);
    notes.turned("register", ("登记簿", "register"), &register(old), &register(new));
    let points = |own: &Credit| {
        let of = &own.points;
        names([&of.register, &of.names, &of.points, &of.day])
    };
    notes.turned("points", ("分数出处", "where the points stand"), &points(old), &points(new));
    let began = |own: &Credit| names(own.began.iter());
    notes.turned("began", ("周期起点", "beginning of a period"), &began(old), &began(new));
    let editions = |own: &Credit| names(own.table.editions().iter().map(edition));
    notes.turned("editions", ("各版", "editions"), &editions(old), &editions(new));
    notes.reworded("credit", old, new, since);
}

fn edition(own: &credit::Edition) -> String {
    let until = own.until.map(|day| day.to_string()).unwrap_or_default();
    let bounds = own.bounds.iter().map(|bound| {
        let counts = match &bound.counts {
            Counts::Period => String::new(),
            Counts::Months(months) => format!(" in {months} months"),
            Counts::Once => " at once".to_owned(),
            Counts::While(effect) => format!(" while {effect}"),
        };
        let lasts = match bound.lasts {
            Lasts::Period => String::new(),
            Lasts::Months(months) => format!(" for {months} months"),
            Lasts::Open => " until ended".to_owned(),
        };
        format!("{} {}{counts}{lasts}", bound.effect, bound.points)
    });
    let bounds: Vec<String> = bounds.collect();
    format!("{}–{until} {:?}: {}", own.from, own.period, bounds.join("; "))
}
