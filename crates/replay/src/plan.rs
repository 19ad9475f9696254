//! What carries out each measure of a plan and each row of the table of systems, computed from the
//! decisions that executed stories reach.
//!
//! A procedure says in `carries_out` what it is meant for, and so does a picture, for the
//! procedures that it shows together. That alone shows nothing: only a decision of it that a story
//! which came out as told really reached counts, with the registers that this decision really
//! wrote. A row is carried out once an acceptance, a refusal and a lapse or other exit were reached
//! and no story of its procedures failed.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use base::{Name, Text};
use kernel::{Act, CaseId, Entry, Standing, ledger::Decided};
use pack::{
    language::scenario::{Beat, Scenario},
    model::{Effect, Enters, Pack, Picture, Procedure, ProcedureKind, SYSTEMS, Step, Table},
};
use rules::Value;

use crate::{memory::Memory, play};

/// A story that was played, and what its cases came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Played {
    /// The story, in its pack.
    pub story: Within,
    /// Whether it came out as told.
    pub passed: bool,
    /// The procedures it files under, or tries to.
    pub files: BTreeSet<Name>,
    /// What its cases reached, in order.
    pub reached: Vec<Reached>,
}

/// A thing of a pack, written `pack/name`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Within {
    /// The pack.
    pub pack: Name,
    /// Its name there.
    pub name: Name,
}

impl fmt::Display for Within {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.pack, self.name)
    }
}

/// Something a case came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reached {
    /// The case's procedure.
    pub procedure: Name,
    /// By which way.
    pub way: Way,
    /// The registers written by it.
    pub registers: BTreeSet<Name>,
}

/// How a case came to something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// A decision gave, adopted or found sound.
    Accepted,
    /// A decision did not give, or did not take in.
    Refused,
    /// A decision took back, imposed something, gave up what was held, or ended the case because
    /// its time had passed.
    Ended,
    /// The case was left without a decision: withdrawn, or run out.
    Left,
}

impl Way {
    fn of(effect: Effect) -> Self {
        match effect {
            Effect::Granted | Effect::Adopted | Effect::Confirmed => Self::Accepted,
            Effect::Refused | Effect::Declined => Self::Refused,
            Effect::Voided | Effect::Lapsed | Effect::Imposed | Effect::Closed => Self::Ended,
        }
    }
}

/// Plays stories of a pack in memory.
pub async fn played<'s>(
    pack: &Pack,
    stories: impl IntoIterator<Item = &'s Scenario>,
) -> Vec<Played> {
    let mut all = Vec::new();
    for story in stories {
        let mut stage = Memory::new(pack);
        let passed = play(pack, story, &mut stage).await.is_ok();
        all.push(Played::of(pack, story, passed, stage.entries()));
    }
    all
}

impl Played {
    /// A story with the ledger that its play left.
    pub fn of(pack: &Pack, story: &Scenario, passed: bool, entries: &[Entry]) -> Self {
        let files = story.play.iter().filter_map(|beat| match beat {
            Beat::Files(beat) => Some(beat.files.value.clone()),
            _ => None,
        });
        Self {
            story: Within { pack: pack.name.clone(), name: story.scenario.clone() },
            passed,
            files: files.collect(),
            reached: reached(entries),
        }
    }
}

/// What the cases of a ledger came to, in its order.
pub fn reached(entries: &[Entry]) -> Vec<Reached> {
    let filed = entries.iter().filter_map(|entry| match (&entry.act, &entry.case) {
        (Act::Filed(filed), Some(on)) => Some((on.id, &filed.procedure)),
        _ => None,
    });
    let procedures: BTreeMap<CaseId, &Name> = filed.collect();
    let followed = entries.iter().skip(1).map(Some).chain([None]);
    let came_to = entries.iter().zip(followed).filter_map(|(entry, next)| {
        let procedure = procedures.get(&entry.case.as_ref()?.id)?;
        let (way, registers) = came_to(entry, next)?;
        Some(Reached { procedure: (*procedure).clone(), way, registers })
    });
    came_to.collect()
}

/// An entry already says how the case stands once the decisions right behind it are made: what ran
/// out into a decision is that decision's, and is not counted beside it.
fn came_to(entry: &Entry, next: Option<&Entry>) -> Option<(Way, BTreeSet<Name>)> {
    let on = entry.case.as_ref()?;
    let decides = |next: &Entry| {
        let same_case = next.case.as_ref().is_some_and(|next| next.id == on.id);
        same_case && matches!(next.act, Act::Decided(_) | Act::Turned(_))
    };
    match (&entry.act, &on.standing) {
        (Act::Decided(decided), _) => Some((Way::of(decided.effect), written(decided))),
        (Act::Withdrew(_), _) => Some((Way::Left, BTreeSet::new())),
        (Act::RanOut(_), Standing::Ended { .. }) if !next.is_some_and(decides) => {
            Some((Way::Left, BTreeSet::new()))
        }
        _ => None,
    }
}

fn written(decided: &Decided) -> BTreeSet<Name> {
    let changes = decided.changes.iter().chain(&decided.records).chain(&decided.touched);
    changes.map(|change| change.register.clone()).collect()
}

/// What carries out every row and every measure.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage {
    /// The rows of the table of systems.
    pub rows: Vec<Carried>,
    /// The measures of the packs' plans, each with its pack.
    pub measures: Vec<(Name, Carried)>,
}

/// What carries out one row or measure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carried {
    /// Its code or key.
    pub id: String,
    /// What it is about.
    pub title: Text,
    /// The procedures that decided.
    pub procedures: BTreeSet<Within>,
    /// The registers they wrote.
    pub registers: BTreeSet<Name>,
    /// The stories, come out as told, in which they decided.
    pub scenarios: BTreeSet<Within>,
    /// The stories that file under a procedure meant for it, and failed.
    pub failed: BTreeSet<Within>,
    /// How many acceptances were reached.
    pub accepted: usize,
    /// How many refusals.
    pub refused: usize,
    /// How many lapses and other exits.
    pub other: usize,
}

/// What a row or measure lacks to be carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lack {
    /// No decision at all was reached.
    Everything,
    /// No acceptance.
    Acceptance,
    /// No refusal.
    Refusal,
    /// No lapse or other exit.
    Exit,
    /// A story failed.
    Success,
}

impl Coverage {
    /// What the stories of these packs show.
    pub fn of(packs: &[(&Pack, &[Played])]) -> Self {
        let mut rows: BTreeMap<String, Carried> = BTreeMap::new();
        let mut measures = Vec::new();
        for (pack, stories) in packs {
            for (code, title) in pack.codes.get(SYSTEMS).into_iter().flat_map(|list| &list.codes) {
                let row = rows.entry(code.clone()).or_insert_with(|| Carried::none(code, title));
                row.count(pack, stories);
            }
            for (key, title) in measures_of(pack) {
                let mut measure = Carried::none(&key, &title);
                measure.count(pack, stories);
                measures.push((pack.name.clone(), measure));
            }
        }
        let mut rows: Vec<Carried> = rows.into_values().collect();
        rows.sort_by_key(|row| natural(&row.id));
        Self { rows, measures }
    }
}

/// The measures of a pack: what its plans enter as it stands, in the order of the tables.
fn measures_of(pack: &Pack) -> Vec<(String, Text)> {
    let plans = pack.procedures.values().filter(|p| p.kind == ProcedureKind::Plan);
    let names: BTreeSet<&Name> = plans.flat_map(tables_of).collect();
    let tables = names.into_iter().filter_map(|name| pack.tables.get(name));
    tables
        .flat_map(|table| table.rows.iter().map(|row| (row.0.clone(), titled(pack, table, row))))
        .collect()
}

fn tables_of(procedure: &Procedure) -> impl Iterator<Item = &Name> {
    procedure.steps.values().filter_map(|step| match step {
        Step::Decision(decision) => match &decision.enters {
            Some(Enters::Rows(table)) => Some(table),
            _ => None,
        },
        Step::Stage(_) | Step::Review(_) | Step::Turn(_) => None,
    })
}

fn titled(pack: &Pack, table: &Table, (key, fields): &(String, BTreeMap<Name, Value>)) -> Text {
    let register = pack.registers.get(&table.register);
    match register.and_then(|register| fields.get(&register.headed)) {
        Some(Value::Bilingual(title)) => title.clone(),
        _ => Text::new(key, key),
    }
}

impl Carried {
    /// A row or measure for which nothing was reached.
    pub fn none(id: &str, title: &Text) -> Self {
        Self {
            id: id.to_owned(),
            title: title.clone(),
            procedures: BTreeSet::new(),
            registers: BTreeSet::new(),
            scenarios: BTreeSet::new(),
            failed: BTreeSet::new(),
            accepted: 0,
            refused: 0,
            other: 0,
        }
    }

    /// Counts what the stories of a pack reached under the procedures meant for it.
    fn count(&mut self, pack: &Pack, stories: &[Played]) {
        let (passed, failed): (Vec<_>, Vec<_>) = stories.iter().partition(|story| story.passed);
        let id = self.id.clone();
        let pictures = pack.pictures.values().filter(|meant| meant.carries_out.contains(&id));
        let shown: BTreeSet<&Name> = pictures.flat_map(Picture::procedures).collect();
        let meant = |own: &&Procedure| own.carries_out.contains(&id) || shown.contains(&own.name);
        for procedure in pack.procedures.values().filter(meant).map(|meant| &meant.name) {
            let failed = failed.iter().filter(|story| story.touches(procedure));
            self.failed.extend(failed.map(|story| story.story.clone()));
            if passed.iter().any(|story| story.decided(procedure)) {
                let name = procedure.clone();
                self.procedures.insert(Within { pack: pack.name.clone(), name });
                passed.iter().for_each(|story| self.add(story, procedure));
            }
        }
    }

    fn add(&mut self, story: &Played, procedure: &Name) {
        if story.decided(procedure) {
            self.scenarios.insert(story.story.clone());
        }
        for reached in story.of_procedure(procedure) {
            self.registers.extend(reached.registers.iter().cloned());
            match reached.way {
                Way::Accepted => self.accepted += 1,
                Way::Refused => self.refused += 1,
                Way::Ended | Way::Left => self.other += 1,
            }
        }
    }

    /// What it lacks to be carried out; nothing when it is.
    pub fn lacks(&self) -> Vec<Lack> {
        if self.procedures.is_empty() && self.failed.is_empty() {
            return vec![Lack::Everything];
        }
        let lacks = [
            (self.accepted == 0, Lack::Acceptance),
            (self.refused == 0, Lack::Refusal),
            (self.other == 0, Lack::Exit),
            (!self.failed.is_empty(), Lack::Success),
        ];
        lacks.into_iter().filter_map(|(lacking, lack)| lacking.then_some(lack)).collect()
    }
}

impl Played {
    fn of_procedure<'p>(&'p self, procedure: &'p Name) -> impl Iterator<Item = &'p Reached> {
        self.reached.iter().filter(move |reached| reached.procedure == *procedure)
    }

    fn touches(&self, procedure: &Name) -> bool {
        self.files.contains(procedure) || self.of_procedure(procedure).next().is_some()
    }

    fn decided(&self, procedure: &Name) -> bool {
        self.of_procedure(procedure).any(|reached| reached.way != Way::Left)
    }
}

/// A key in which runs of digits count as numbers, so that the tenth follows the ninth.
pub fn natural(key: &str) -> Vec<(String, u64)> {
    let mut parts = vec![(String::new(), 0_u64)];
    let mut in_number = false;
    for letter in key.chars() {
        match (letter.to_digit(10), parts.last_mut()) {
            (Some(digit), Some((_, number))) => {
                *number = number.saturating_mul(10).saturating_add(u64::from(digit));
                in_number = true;
            }
            (None, Some((word, _))) if !in_number => word.push(letter),
            _ => {
                parts.push((letter.to_string(), 0));
                in_number = false;
            }
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::natural;

    #[test]
    fn the_tenth_measure_follows_the_ninth() {
        let mut keys = ["W10", "W9", "V11", "W9-2", "W9-10"];
        keys.sort_by_key(|key| natural(key));
        assert_eq!(keys, ["V11", "W9", "W9-2", "W9-10", "W10"]);
    }
}
