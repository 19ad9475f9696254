//! Figures added, dropped, and their values by day.

use base::{Date, Text};

use super::{
    Days, Pair,
    notes::{Found, Notes, paired},
};
use crate::model::{Procedure, TitledFigure};

impl Pair<'_> {
    /// Compares the figures of the pack.
    pub(super) fn figures(&self, notes: &mut Notes) {
        let before = self.before.figures.iter().map(|(name, own)| (name.as_str(), own));
        let after = self.after.figures.iter().map(|(name, own)| (name.as_str(), own));
        for (name, found) in paired(before, after) {
            let place = format!("figures.{name}");
            match found {
                Found::Added(new) => self.figure(name, None, new, notes),
                Found::Dropped(old) => {
                    let Text { zh, en } = &old.title;
                    let zh = format!("取消数值：{zh}");
                    notes.say(&place, Text::new(zh, format!("a figure is dropped: {en}")));
                }
                Found::Both(old, new) => {
                    let since = notes.differences.len();
                    self.figure(name, Some(old), new, notes);
                    notes.reworded(&place, old, new, since);
                }
            }
        }
    }

    fn figure(
        &self,
        name: &str,
        old: Option<&TitledFigure>,
        new: &TitledFigure,
        notes: &mut Notes,
    ) {
        let none = || Text::new("无", "none");
        let (was, is, stays) = match self.days {
            Days::Between(from, to) => (
                old.map_or_else(none, |own| on_day(own, from)),
                on_day(new, to),
                old.is_some_and(|old| value(old, from) == value(new, to)),
            ),
            Days::On(_) | Days::Telling => {
                let (was, is) = (old.map_or_else(none, dated), dated(new));
                let stays = was == is;
                (was, is, stays)
            }
        };
        if stays {
            return;
        }
        let (users, Text { zh, en }) = (self.users(name), &new.title);
        let says = Text::new(
            format!("数值“{zh}”：{} → {}", was.zh, is.zh),
            format!("the figure “{en}”: {} → {}", was.en, is.en),
        );
        notes.come_to(&format!("figures.{name}"), says, &users.zh, &users.en);
    }

    /// The procedures whose conditions use a figure.
    fn users(&self, figure: &str) -> Text {
        let fact = format!("figure.{figure}");
        let uses = |p: &&Procedure| {
            let own = p.requires.iter().map(|own| &own.that);
            let promised = p.commitments.values().filter_map(|own| own.open_to.as_ref());
            let levels = p.levels.values().map(|rule| &rule.county);
            let drawn = p.draw.iter().flat_map(|draw| draw.counts());
            let laid_out = p.layout.iter().flat_map(|own| own.counts().chain(own.conditions()));
            let all = own.chain(promised.map(|own| &own.that)).chain(levels);
            let mut all = all.chain(drawn).chain(laid_out);
            all.any(|that| that.facts_used().any(|used| used == fact))
        };
        let users: Vec<&Procedure> = self.after.procedures.values().filter(uses).collect();
        if users.is_empty() {
            return Text::new("没有条件用到它", "no condition uses it");
        }
        let zh: Vec<&str> = users.iter().map(|p| p.title.zh.as_str()).collect();
        let en: Vec<&str> = users.iter().map(|p| p.title.en.as_str()).collect();
        let zh = format!("用于{}，谁受益见该事项的条件", zh.join("、"));
        Text::new(zh, format!("used by {}; who gains stands with its condition", en.join(", ")))
    }
}

fn value(titled: &TitledFigure, day: Date) -> Option<rules::Value> {
    titled.figure.on(day).ok().map(|dated| dated.value.clone())
}

fn on_day(titled: &TitledFigure, day: Date) -> Text {
    let value = value(titled, day).map_or_else(|| "–".to_owned(), |value| value.to_string());
    let Text { zh, en } = &titled.unit;
    Text::new(format!("{day} 为 {value}{zh}"), format!("{value} {en} on {day}"))
}

fn dated(titled: &TitledFigure) -> Text {
    let Text { zh, en } = &titled.unit;
    let values = || titled.figure.values.iter();
    let in_zh: Vec<String> = values()
        .map(|dated| {
            let until = dated.until.map(|until| format!("至 {until} 前")).unwrap_or_default();
            format!("{} 起{until} {}{zh}", dated.from, dated.value)
        })
        .collect();
    let in_en: Vec<String> = values()
        .map(|dated| {
            let until = dated.until.map(|until| format!(" until {until}")).unwrap_or_default();
            format!("{} {en} from {}{until}", dated.value, dated.from)
        })
        .collect();
    Text::new(format!("［{}］", in_zh.join("，")), format!("[{}]", in_en.join(", ")))
}
