//! Order inside a body that is no act of a case: who is away, and who stands in (ADR 25).

use base::{Date, Reason, Text};

use crate::{
    ledger::{Act, Actor, Away},
    refusal::{FormFault, Refusal},
};

/// The longest that somebody is away by one word, in days: a year. A longer absence is said anew.
const SPELL_MAX: i64 = 366;

/// Whether an officer is away, as an officer of the same body says on a day.
///
/// # Errors
/// [`Refusal::NotCompetent`] for anybody else; [`Refusal::Form`] where the days are in the past,
/// end before they begin or last longer than a year, or where officers would stand in for
/// themselves.
pub fn away(away: &Away, by: &Actor, today: Date) -> Result<Act, Refusal> {
    match by {
        Actor::Officer(_, body) if *body == away.body => {}
        _ => return Err(Refusal::NotCompetent),
    }
    let mut faults = Vec::new();
    if let Some(spell) = away.spell {
        let days = spell.from.days_until(spell.until);
        if spell.from < today {
            faults.push(fault("from", "past", "须从今天或以后开始", "must begin today or later"));
        }
        if !(0..SPELL_MAX).contains(&days) {
            let zh = "须不早于开始日，且不超过一年";
            let en = "must not be before the first day, nor more than a year after it";
            faults.push(fault("until", "spell", zh, en));
        }
        if spell.cover == away.officer {
            let zh = "须是本机关的另一名工作人员";
            faults.push(fault("cover", "cover", zh, "must be another officer of the body"));
        }
    }
    match faults.is_empty() {
        true => Ok(Act::Away(away.clone())),
        false => Err(Refusal::Form(faults)),
    }
}

fn fault(path: &str, word: &'static str, zh: &str, en: &str) -> FormFault {
    FormFault { path: path.to_owned(), reason: Reason { word, says: Text::new(zh, en) } }
}
