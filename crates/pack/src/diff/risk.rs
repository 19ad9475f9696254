//! Ratings and boards: who comes to have other points, and what is shown where.

use base::{Name, Text};

use super::{
    Pair,
    notes::{Found, Notes, names, paired},
};
use crate::model::{Board, Risk, RiskCounts, RiskLevel, RiskLine, RuleVerdict};

pub(super) fn compare(pair: &Pair<'_>, notes: &mut Notes) {
    let before = pair.before.risks.iter().map(|(name, own)| (name.as_str(), own));
    let after = pair.after.risks.iter().map(|(name, own)| (name.as_str(), own));
    for (name, found) in paired(before, after) {
        let (Found::Added(own) | Found::Dropped(own) | Found::Both(_, own)) = &found;
        notes.begin(own.title.clone(), Text::new("受评分的机构", "whoever is rated"));
        match found {
            Found::Added(_) => notes.say(name, Text::new("新增评分", "a new rating")),
            Found::Dropped(_) => notes.say(name, Text::new("取消评分", "the rating is dropped")),
            Found::Both(old, new) => {
                notes.inside(name);
                risk(old, new, notes);
            }
        }
    }
    boards(pair, notes);
}

fn risk(old: &Risk, new: &Risk, notes: &mut Notes) {
    let since = notes.differences.len();
    let register = |own: &Risk| names([&own.register]);
    notes.turned("register", ("登记簿", "register"), &register(old), &register(new));
    notes.turned("days", ("天数", "days"), &names([old.days]), &names([new.days]));
    let lines = |own: &Risk| names(own.lines.iter().map(line));
    notes.turned("points", ("计分项", "points"), &lines(old), &lines(new));
    let levels = |own: &Risk| names(own.levels.iter().map(level));
    notes.turned("levels", ("等级", "levels"), &levels(old), &levels(new));
    notes.reworded("risk", old, new, since);
}

fn line((name, line): &(Name, RiskLine)) -> String {
    let of = match &line.counts {
        RiskCounts::Findings(own) => {
            let verdict = own.verdict.map(RuleVerdict::word);
            let names = [&own.kind, &own.rule].into_iter().flatten().map(Name::as_str);
            let said: Vec<&str> = names.chain(verdict).collect();
            format!("findings({})", said.join(" "))
        }
        RiskCounts::Entries(own) => {
            let day = own.day.as_ref().map(|day| format!(" {day}")).unwrap_or_default();
            format!("{}({}{day})", own.register, own.names)
        }
    };
    format!("{name}: {of} × {} ≤ {}", line.each, line.most)
}

fn level((name, level): &(Name, RiskLevel)) -> String {
    format!("{name}: {}", level.from)
}

fn boards(pair: &Pair<'_>, notes: &mut Notes) {
    let before = pair.before.boards.iter().map(|(name, own)| (name.as_str(), own));
    let after = pair.after.boards.iter().map(|(name, own)| (name.as_str(), own));
    for (name, found) in paired(before, after) {
        let (Found::Added(own) | Found::Dropped(own) | Found::Both(_, own)) = &found;
        notes.begin(own.title.clone(), Text::new("监管人员", "supervisors"));
        match found {
            Found::Added(_) => notes.say(name, Text::new("新增看板", "a new board")),
            Found::Dropped(_) => notes.say(name, Text::new("取消看板", "the board is dropped")),
            Found::Both(old, new) => {
                notes.inside(name);
                let since = notes.differences.len();
                let kinds = |own: &Board| names(&own.kinds);
                notes.turned("kinds", ("类别", "kinds"), &kinds(old), &kinds(new));
                notes.reworded("board", old, new, since);
            }
        }
    }
}
