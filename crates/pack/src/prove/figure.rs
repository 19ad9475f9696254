//! Every figure has exactly one value on each day from the pack's first day on.

use base::{Date, Text};

use crate::{
    compile::Parsed,
    fault::{Fault, Faults},
    language::FigureSource,
    model::Pack,
};

pub(super) fn prove(pack: &Pack, parsed: &Parsed, faults: &mut Faults) {
    for (name, source) in parsed.figures.iter().flat_map(|file| file.figures.iter()) {
        let Some(titled) = pack.figures.get(&name.value) else { continue };
        for day in turning_days(source, pack.in_force) {
            if titled.figure.on(day).is_err() {
                faults.push(Fault::new("figure-gap", name.at, not_one_value(day)));
            }
        }
    }
}

/// The days on which the answer can change: the pack's first day and each bound after it.
fn turning_days(source: &FigureSource, first: Date) -> Vec<Date> {
    let bounds = source.values.iter().flat_map(|value| [Some(value.from), value.until]).flatten();
    std::iter::once(first).chain(bounds.filter(|day| *day > first)).collect()
}

fn not_one_value(day: Date) -> Text {
    Text::new(
        format!("该数值在 {day} 没有取值，或有两个取值"),
        format!("the figure has no value on {day}, or two"),
    )
}
