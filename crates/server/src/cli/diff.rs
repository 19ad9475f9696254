//! `yiyang pack diff`: what changes for whom, as a text an official reads, or as JSON.

use std::{fmt::Write, path::PathBuf};

use base::{Date, Language, Text};
use clap::Args;
use serde_json::{Value, json};

use super::{Call, Ended, Stopped, pack::load, say};
use crate::json::in_order;
use ::pack::diff::{Days, Diff, Difference, Effect, Named, between};

/// What is compared.
#[derive(Debug, Args)]
pub(crate) struct Compared {
    /// The earlier pack's folder, or the only one.
    before: PathBuf,
    /// The later pack's folder.
    after: Option<PathBuf>,
    /// Compare conditions with the figures of this day only.
    #[arg(long, value_name = "DATE", value_parser = day, conflicts_with_all = ["from", "to"])]
    on: Option<Date>,
    /// The earlier of two days of one pack.
    #[arg(long, value_name = "DATE", value_parser = day, requires = "to", conflicts_with = "after")]
    from: Option<Date>,
    /// The later of two days of one pack.
    #[arg(long, value_name = "DATE", value_parser = day, requires = "from")]
    to: Option<Date>,
    /// Print JSON, with one applicant for each effect.
    #[arg(long)]
    json: bool,
}

fn day(text: &str) -> Result<Date, String> {
    Date::parse(text).map_err(|reason| reason.says.en)
}

/// Runs the command.
pub(crate) fn run(call: &Call, compared: &Compared) -> Ended {
    let days = match (compared.from, compared.to, compared.on) {
        (Some(from), Some(to), _) if from < to => Days::Between(from, to),
        (Some(_), Some(_), _) => return Err(stopped(call, &backwards())),
        (.., Some(on)) => Days::On(on),
        _ => Days::Telling,
    };
    if compared.after.is_none() && compared.from.is_none() {
        return Err(stopped(call, &nothing_to_compare()));
    }
    let Some(before) = load(call, &compared.before)? else { return Ok(false) };
    let after = match &compared.after {
        Some(folder) => match load(call, folder)? {
            Some(after) => Some(after),
            None => return Ok(false),
        },
        None => None,
    };
    let after = after.as_ref().map_or(&before.pack, |after| &after.pack);
    let diff = between(&before.pack, after, days);
    match compared.json {
        true => say(&format!("{:#}\n", in_order(as_json(&diff, call.language))))?,
        false => say(&as_text(&diff, call.language))?,
    }
    Ok(true)
}

fn stopped(call: &Call, says: &Text) -> Stopped {
    Stopped(says.to(call.language).to_owned())
}

fn backwards() -> Text {
    Text::new("`--from` 须早于 `--to`", "`--from` must be a day before `--to`")
}

fn nothing_to_compare() -> Text {
    Text::new(
        "请给出第二个包，或用 `--from` 和 `--to` 给出同一个包的两天",
        "name a second pack, or two days of this one with `--from` and `--to`",
    )
}

/// A difference as an official reads it, under what it belongs to.
pub(crate) fn as_text(diff: &Diff, language: Language) -> String {
    let word = |zh: &'static str, en: &'static str| match language {
        Language::Zh => zh,
        Language::En => en,
    };
    let mut text = String::new();
    let mut line = |said: String| {
        // Writing to a string does not fail.
        writeln!(text, "{said}").unwrap_or_default();
    };
    line(format!("{}{}", word("原：", "Before: "), named(&diff.before, language)));
    line(format!("{}{}", word("现：", "After:  "), named(&diff.after, language)));
    if diff.differences.is_empty() {
        line(word("\n没有差别。", "\nNothing differs.").to_owned());
    }
    let (mut part, mut whom): (Option<&Text>, Option<&Text>) = (None, None);
    for difference in &diff.differences {
        if part != Some(&difference.part) {
            line(format!("\n{}", difference.part.to(language)));
            (part, whom) = (Some(&difference.part), None);
        }
        // For whom it matters is said once where several in a row matter to the same.
        let said = whom == Some(&difference.whom);
        whom = Some(&difference.whom);
        lines(difference, said, language).into_iter().for_each(&mut line);
    }
    line(String::new());
    diff.standing().iter().for_each(|says| line(says.to(language).to_owned()));
    text
}

/// The most effects of one condition that a text shows.
const EFFECTS_MAX: usize = 12;

fn named(side: &Named, language: Language) -> String {
    let day = side.day.map(|day| format!(" · {day}")).unwrap_or_default();
    format!("{}{day}", side.title.to(language))
}

fn lines(difference: &Difference, said: bool, language: Language) -> Vec<String> {
    let (says, whom) = (difference.says.to(language), difference.whom.to(language));
    let whom = match language {
        Language::Zh => format!("    对象：{whom}"),
        Language::En => format!("    for {whom}"),
    };
    let mut lines = vec![format!("  - {says}")];
    lines.extend((!said).then_some(whom));
    let effects = difference.effects.iter();
    lines.extend(effects.take(EFFECTS_MAX).map(|effect| effect_line(effect, language)));
    if let Some(more) = difference.effects.len().checked_sub(EFFECTS_MAX).filter(|more| *more > 0) {
        lines.push(match language {
            Language::Zh => format!("    另有 {more} 种情形，见 --json"),
            Language::En => format!("    and {more} more; --json lists them"),
        });
    }
    lines.extend(difference.caution.iter().map(|says| format!("    ({})", says.to(language))));
    lines
}

fn effect_line(effect: &Effect, language: Language) -> String {
    let says = effect.says.to(language);
    let label = match (effect.gains, language) {
        (Some(true), Language::Zh) => "受益",
        (Some(false), Language::Zh) => "受损",
        (None, Language::Zh) => "变化",
        (Some(true), Language::En) => "gains",
        (Some(false), Language::En) => "loses",
        (None, Language::En) => "changes",
    };
    match (effect.day, language) {
        (Some(day), Language::Zh) => format!("    {label}（{day} 提出的）：{says}"),
        (Some(day), Language::En) => format!("    {label} (filed on {day}): {says}"),
        (None, Language::Zh) => format!("    {label}：{says}"),
        (None, Language::En) => format!("    {label}: {says}"),
    }
}

fn as_json(diff: &Diff, language: Language) -> Value {
    let side = |side: &Named| {
        let hash: String = side.hash.0.iter().map(|byte| format!("{byte:02x}")).collect();
        let day = side.day.map(|day| day.to_string());
        json!({ "title": side.title.to(language), "hash": hash, "day": day })
    };
    let effect = |effect: &Effect| {
        let gains = match effect.gains {
            Some(true) => "gains",
            Some(false) => "loses",
            None => "changes",
        };
        json!({
            "effect": gains,
            "filed-on": effect.day.map(|day| day.to_string()),
            "says": effect.says.to(language),
            "witness": effect.witness,
        })
    };
    let difference = |own: &Difference| {
        json!({
            "part": own.part.to(language),
            "place": own.place,
            "says": own.says.to(language),
            "whom": own.whom.to(language),
            "effects": own.effects.iter().map(effect).collect::<Vec<_>>(),
            "caution": own.caution.as_ref().map(|says| says.to(language)),
        })
    };
    json!({
        "before": side(&diff.before),
        "after": side(&diff.after),
        "differences": diff.differences.iter().map(difference).collect::<Vec<_>>(),
        "standing": diff.standing().iter().map(|says| says.to(language)).collect::<Vec<_>>(),
    })
}
