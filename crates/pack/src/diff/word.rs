//! Regions of applicants in words that an official reads.

use std::collections::BTreeMap;

use base::{Date, Name, Text};
use rules::{Expression, Value};

use super::{
    condition::Matter,
    witness::{Candidate, Holds, Part, Region, Span},
};
use crate::model::{CodeTable, Input, Pack, Procedure, Register};

/// What facts, options and codes are called; where both packs have one, as the later one says.
pub(super) struct Words<'p> {
    facts: BTreeMap<&'p str, (&'p Text, &'p Input)>,
    codes: Vec<&'p BTreeMap<Name, CodeTable>>,
    others: (&'static str, &'static str),
}

impl<'p> Words<'p> {
    pub(super) fn of_forms(
        before: &'p Pack,
        after: &'p Pack,
        old: &'p Procedure,
        new: &'p Procedure,
    ) -> Self {
        let fields = old.fields().chain(new.fields());
        let facts = fields.map(|field| (field.path.as_str(), (&field.title, &field.input)));
        Self {
            facts: facts.collect(),
            codes: vec![&after.codes, &before.codes],
            others: ("所有申请人", "every applicant"),
        }
    }

    pub(super) fn of_registers(
        before: &'p Pack,
        after: &'p Pack,
        old: &'p Register,
        new: &'p Register,
    ) -> Self {
        let fields = old.fields.iter().chain(&new.fields);
        let facts = fields.map(|field| (field.name.as_str(), (&field.title, &field.input)));
        Self {
            facts: facts.collect(),
            codes: vec![&after.codes, &before.codes],
            others: ("所有条目", "every entry"),
        }
    }

    /// Who, and what changes for them.
    pub(super) fn effect<'e>(
        &self,
        matter: Matter,
        region: &Region,
        filed: Date,
        conditions: impl Iterator<Item = &'e Expression>,
    ) -> Text {
        let aged = conditions.into_iter().any(|that| that.source().contains("years("));
        let spans: Vec<Text> =
            region.spans.iter().map(|span| self.span(span, aged.then_some(filed))).collect();
        let who = match spans.is_empty() {
            true => Text::new(self.others.0, self.others.1),
            false => {
                let zh: Vec<&str> = spans.iter().map(|span| span.zh.as_str()).collect();
                let en: Vec<&str> = spans.iter().map(|span| span.en.as_str()).collect();
                Text::new(zh.join("，且"), en.join(", and "))
            }
        };
        let such = if region.example { ("例如", "for instance, ") } else { ("", "") };
        let (before, after) = (held(matter, region.before), held(matter, region.after));
        Text::new(
            format!("{}{}：现在{}，以前{}", such.0, who.zh, after.zh, before.zh),
            format!("{}{}: now {}, before {}", such.1, who.en, after.en, before.en),
        )
    }

    fn span(&self, span: &Span, filed: Option<Date>) -> Text {
        let title = self.facts.get(span.path.as_str()).map(|(title, _)| (*title).clone());
        let title = title.unwrap_or_else(|| Text::new(&*span.path, &*span.path));
        let said = match &span.part {
            Part::Has(code) => {
                let has = span.among.first().and_then(Candidate::value);
                let code = self.code(&span.path, code);
                return match has == Some(&Value::Boolean(true)) {
                    true => Text::new(
                        format!("{}含{}", title.zh, code.zh),
                        format!("{} with {}", title.en, code.en),
                    ),
                    false => Text::new(
                        format!("{}不含{}", title.zh, code.zh),
                        format!("{} without {}", title.en, code.en),
                    ),
                };
            }
            Part::Others | Part::Whole if span.among.is_empty() => range(span, filed),
            Part::Others | Part::Whole => self.among(span),
        };
        let (zh, en) = match span.part {
            Part::Others => ("中未指名者的个数", ", number of those not named"),
            _ => ("", ""),
        };
        Text::new(format!("{}{zh}{}", title.zh, said.zh), format!("{}{en}{}", title.en, said.en))
    }

    fn among(&self, span: &Span) -> Text {
        let words: Vec<Text> =
            span.among.iter().map(|candidate| self.candidate(&span.path, candidate)).collect();
        let zh: Vec<&str> = words.iter().map(|word| word.zh.as_str()).collect();
        let en: Vec<&str> = words.iter().map(|word| word.en.as_str()).collect();
        Text::new(format!("为{}", zh.join("或")), format!(": {}", en.join(" or ")))
    }

    fn candidate(&self, path: &str, candidate: &Candidate) -> Text {
        match candidate {
            Candidate::Missing => Text::new("空缺", "not given"),
            Candidate::Is(Value::Boolean(true)) => Text::new("是", "yes"),
            Candidate::Is(Value::Boolean(false)) => Text::new("否", "no"),
            Candidate::Is(Value::Choice(option)) => self.option(path, option),
            Candidate::Is(Value::Code(code)) => self.code(path, code),
            Candidate::Is(value) => Text::new(value.to_string(), value.to_string()),
            Candidate::Other(Value::Code(_) | Value::Text(_)) => Text::new("其他", "anything else"),
            Candidate::Other(_) => Text::new("已提供的任何值", "whatever was given"),
        }
    }

    fn option(&self, path: &str, option: &Name) -> Text {
        let titles = match self.facts.get(path) {
            Some((_, Input::Choice(options))) => options.as_slice(),
            _ => &[],
        };
        let found = titles.iter().find(|(name, _)| name == option);
        found.map_or_else(|| Text::new(option.as_str(), option.as_str()), |(_, t)| t.clone())
    }

    fn code(&self, path: &str, code: &str) -> Text {
        let bare = || Text::new(code, code);
        let Some((_, Input::Code(list) | Input::Codes(list))) = self.facts.get(path) else {
            return bare();
        };
        let mut lists = self.codes.iter().filter_map(|lists| lists.get(list));
        let Some(title) = lists.find_map(|list| list.codes.get(code)) else { return bare() };
        Text::new(format!("{}（{code}）", title.zh), format!("{} ({code})", title.en))
    }
}

fn held(matter: Matter, holds: Holds) -> Text {
    let (zh, en) = match (matter, holds) {
        (_, Holds::Open) => ("无法判断（缺少信息）", "it cannot be told (an answer is missing)"),
        (Matter::Condition, Holds::Yes) => ("符合", "met"),
        (Matter::Condition, Holds::No) => ("不符合", "not met"),
        (Matter::Promise, Holds::Yes) => ("可以承诺", "a promise will do"),
        (Matter::Promise, Holds::No) => ("不能承诺", "a promise will not do"),
        (Matter::Level, Holds::Yes) => ("由区县机关办理", "the county's body acts"),
        (Matter::Level, Holds::No) => ("由省级机关办理", "the province's body acts"),
        (Matter::InForce, Holds::Yes) => ("有效", "in force"),
        (Matter::InForce, Holds::No) => ("无效", "not in force"),
    };
    Text::new(zh, en)
}

/// A range of numbers or days.
fn range(span: &Span, filed: Option<Date>) -> Text {
    let day = |value: &Option<Value>| match value {
        Some(Value::Date(date)) => Some(*date),
        _ => None,
    };
    let (from, to) = (&span.from, &span.to);
    let (more, less) = match (day(from).or(day(to))).is_some() {
        true => (("及以后", "or later"), ("及以前", "or earlier")),
        false => (("以上", "or more"), ("以下", "or less")),
    };
    let said = match (from, to) {
        (Some(from), Some(to)) if from == to => Text::new(format!("为 {from}"), format!(" {from}")),
        (Some(from), Some(to)) => {
            Text::new(format!("为 {from} 至 {to}"), format!(" from {from} to {to}"))
        }
        (Some(from), None) => {
            Text::new(format!("为 {from} {}", more.0), format!(" {from} {}", more.1))
        }
        (None, Some(to)) => Text::new(format!("为 {to} {}", less.0), format!(" {to} {}", less.1)),
        (None, None) => Text::new("不限", " of any size"),
    };
    match filed.and_then(|filed| years(day(from), day(to), filed)) {
        Some(years) => {
            Text::new(format!("{}（{}）", said.zh, years.zh), format!("{} ({})", said.en, years.en))
        }
        None => said,
    }
}

/// How many whole years before the day of filing that is.
fn years(from: Option<Date>, to: Option<Date>, filed: Date) -> Option<Text> {
    let least = to.map(|to| to.years_until(filed));
    let most = from.map(|from| from.years_until(filed));
    Some(match (least, most) {
        (Some(least), Some(most)) if least == most => Text::new(
            format!("至 {filed} 满 {least} 年"),
            format!("{least} whole years on {filed}"),
        ),
        (Some(least), Some(most)) => Text::new(
            format!("至 {filed} 满 {least} 至 {most} 年"),
            format!("{least} to {most} whole years on {filed}"),
        ),
        (Some(least), None) => Text::new(
            format!("至 {filed} 满 {least} 年或更久"),
            format!("{least} whole years or more on {filed}"),
        ),
        (None, Some(most)) => Text::new(
            format!("至 {filed} 至多满 {most} 年"),
            format!("at most {most} whole years on {filed}"),
        ),
        (None, None) => return None,
    })
}
