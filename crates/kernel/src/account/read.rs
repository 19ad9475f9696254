//! From a case's entries to its terms: which began, stood still, went on and ended by which entry.

use std::collections::BTreeMap;

use base::{Calendar, Date, Instant, Name, Unit, Zone};
use pack::model::{Follows, Procedure, Step};

use super::{
    Account, Calendars, Of, On, Why,
    line::{Counts, Line},
};
use crate::{
    case::{Held, Part, Parts, Running, Standing},
    ledger::{Act, Actor, Entry},
};

/// What a case's account is read with besides its entries.
struct Reader<'a> {
    procedure: &'a Procedure,
    zone: &'a Zone,
    calendars: &'a Calendars,
}

/// One entry with the case's standing before and after it, by the names that steps have now.
struct Turn<'a> {
    entry: &'a Entry,
    before: Option<Standing>,
    after: Standing,
}

/// How one term stands with a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kept {
    Runs(Running),
    Held,
}

/// The terms of a case, those that began first before the others, as of a day. The procedure is
/// the case's under the pack that rules it now; the entries are all of the case, in order.
pub fn accounts(
    entries: &[Entry],
    procedure: &Procedure,
    zone: &Zone,
    calendars: &Calendars,
    today: Date,
) -> Vec<Account> {
    let reader = Reader { procedure, zone, calendars };
    let turns = turns(entries);
    let mut accounts = reader.own(&turns, today);
    for (of, limit) in
        [(Of::Statutory, procedure.statutory.term), (Of::Promised, procedure.promised.term)]
    {
        accounts.extend(reader.whole(&of, limit, &turns, today));
    }
    accounts
        .sort_by(|one, other| (one.began.number, &one.of).cmp(&(other.began.number, &other.of)));
    accounts
}

/// The entries with their standings, every step by the name that it has now.
fn turns(entries: &[Entry]) -> Vec<Turn<'_>> {
    let mut renamed: BTreeMap<Name, Name> = BTreeMap::new();
    let mut turns = Vec::new();
    for entry in entries.iter().rev() {
        let Some(on) = &entry.case else { continue };
        let after = named(&on.standing, &renamed);
        turns.push(Turn { entry, before: None, after });
        if let Act::Migrated(migrated) = &entry.act {
            let now = |step: &Name| renamed.get(step).unwrap_or(step).clone();
            let earlier = migrated.steps.iter().map(|(was, is)| (was.clone(), now(is))).collect();
            renamed = earlier;
        }
    }
    turns.reverse();
    let befores: Vec<Standing> = turns.iter().map(|turn| turn.after.clone()).collect();
    for (turn, before) in turns.iter_mut().skip(1).zip(befores) {
        turn.before = Some(before);
    }
    turns
}

fn named(standing: &Standing, renamed: &BTreeMap<Name, Name>) -> Standing {
    let mut standing = standing.clone();
    if let Standing::At { step, .. }
    | Standing::Reviewing { step, .. }
    | Standing::Supplementing { step, .. }
    | Standing::Stopped { step, .. } = &mut standing
        && let Some(now) = renamed.get(step)
    {
        *step = now.clone();
    }
    standing
}

/// The terms that a standing keeps.
fn kept(standing: Option<&Standing>) -> BTreeMap<Of, Kept> {
    let held = |step: &Name, held: &Held, further: (Of, &Running)| {
        let own = (Of::Step(step.clone()), Kept::Held);
        let further = (further.0, Kept::Runs(*further.1));
        parts(step, &held.parts, |_| Kept::Held).chain([own, further]).collect()
    };
    match standing {
        Some(Standing::At { step, runs }) => [(Of::Step(step.clone()), Kept::Runs(*runs))].into(),
        Some(Standing::Reviewing { step, runs, parts: asked }) => {
            let own = (Of::Step(step.clone()), Kept::Runs(*runs));
            parts(step, asked, |runs| Kept::Runs(*runs)).chain([own]).collect()
        }
        Some(Standing::Supplementing { step, runs, held: left, .. }) => {
            held(step, left, (Of::Supplement(step.clone()), runs))
        }
        Some(Standing::Stopped { step, runs, held: left, .. }) => {
            held(step, left, (Of::Stop(step.clone()), runs))
        }
        Some(Standing::Challenged { decision, runs, .. }) => {
            [(Of::Ruling(*decision), Kept::Runs(*runs))].into()
        }
        Some(Standing::Ended { .. } | Standing::Withdrawn) | None => BTreeMap::new(),
    }
}

/// The parts of a review that are still to answer.
fn parts<T>(
    step: &Name,
    parts: &Parts<T>,
    kept: impl Fn(&T) -> Kept,
) -> impl Iterator<Item = (Of, Kept)> {
    parts.iter().filter_map(move |(body, part)| match part {
        Part::Awaited(time) => Some((Of::Part(step.clone(), body.clone()), kept(time))),
        Part::Answered { .. } => None,
    })
}

impl Turn<'_> {
    /// Whether its act leads on, so that a step of the same name begins anew.
    fn leads_on(&self) -> bool {
        let anew = match (&self.entry.act, &self.after) {
            (Act::Answered(given), Standing::Reviewing { parts, .. }) => {
                matches!(parts.get(&given.part), Some(Part::Awaited(_)))
            }
            (Act::Answered(_), _) => true,
            // What is only added to the case leaves it where it is, its clock as it was.
            (Act::Chose(_), after) => self.before.as_ref() != Some(after),
            (Act::RanOut(_) | Act::Ruled(_), _) => true,
            _ => false,
        };
        anew && self.before.is_some()
    }

    /// Why a clock stands still after it.
    fn why(&self) -> Option<Why> {
        let ground = match &self.entry.act {
            Act::Stopped(stopped) => Some(stopped.ground),
            _ => None,
        };
        match &self.after {
            Standing::Supplementing { step, outcome, .. } => {
                Some(Why::Supplement(step.clone(), outcome.clone()))
            }
            Standing::Stopped { step, outcome, .. } => {
                Some(Why::Stop(step.clone(), outcome.clone(), ground))
            }
            _ => None,
        }
    }
}

impl Reader<'_> {
    /// The day of a turn: one that time brought about is dated at the end of its last day.
    fn on(&self, entry: &Entry) -> On {
        let at = match entry.by {
            Actor::Clock => Instant::from_micros(entry.at.micros().saturating_sub(1)),
            _ => entry.at,
        };
        On { number: entry.number, day: self.zone.day_of(at) }
    }

    /// The day on which a turn that began or stopped something was decided.
    fn decided(&self, entry: &Entry) -> On {
        On { number: entry.number, day: self.zone.day_of(entry.at) }
    }

    fn calendar(&self, entry: &Entry) -> &Calendar {
        self.calendars.before(entry.number)
    }

    /// The terms that the kernel keeps.
    fn own(&self, turns: &[Turn<'_>], today: Date) -> Vec<Account> {
        let mut open: BTreeMap<Of, Line> = BTreeMap::new();
        let mut done = Vec::new();
        for turn in turns {
            let (before, after) = (kept(turn.before.as_ref()), kept(Some(&turn.after)));
            for of in before.keys() {
                let gone = turn.leads_on() || self.replaced(turn, before.get(of), after.get(of));
                if (gone || !after.contains_key(of))
                    && let Some(line) = open.remove(of)
                {
                    done.push(line.end(self.on(turn.entry), self.calendar(turn.entry)));
                }
            }
            for (of, now) in after {
                self.turn(turn, &mut open, &of, now);
            }
        }
        let latest = self.calendars.latest();
        done.extend(open.into_values().map(|line| line.finish(today, latest)));
        done
    }

    /// Whether a move to another edition has given a term of its own to what ran on.
    fn replaced(&self, turn: &Turn<'_>, before: Option<&Kept>, after: Option<&Kept>) -> bool {
        match (&turn.entry.act, before, after) {
            (Act::Migrated(_), Some(Kept::Runs(before)), Some(Kept::Runs(after))) => {
                (before.counted_from, before.term) != (after.counted_from, after.term)
            }
            _ => false,
        }
    }

    /// What a turn does to one term that is kept after it.
    fn turn(&self, turn: &Turn<'_>, open: &mut BTreeMap<Of, Line>, of: &Of, now: Kept) {
        let before = kept(turn.before.as_ref()).get(of).copied();
        let calendar = self.calendar(turn.entry);
        let Some(line) = open.get_mut(of) else {
            if let Kept::Runs(runs) = now {
                let by = self.decided(turn.entry);
                let line = Line::begin(of.clone(), by, counts(runs, calendar), calendar);
                open.insert(of.clone(), line);
            }
            return;
        };
        match (before, now) {
            (Some(Kept::Runs(_)), Kept::Held) => {
                if let Some(why) = turn.why() {
                    line.hold(self.decided(turn.entry), why, calendar);
                }
            }
            (Some(Kept::Held), Kept::Runs(runs)) => {
                line.go_on(On { number: turn.entry.number, day: runs.counted_from }, calendar);
            }
            (Some(Kept::Runs(_)), Kept::Runs(runs)) => match turn.entry.act {
                Act::Extended(_) => line.longer(self.on(turn.entry), counts(runs, calendar)),
                Act::Redated(_) => line.redated(self.on(turn.entry)),
                _ => {}
            },
            _ => {}
        }
    }

    /// The time of the whole procedure up to the first decision; anew once one is set aside.
    fn whole(&self, of: &Of, term: base::Term, turns: &[Turn<'_>], today: Date) -> Vec<Account> {
        let (mut open, mut done): (Option<Line>, Vec<Account>) = (None, Vec::new());
        let mut begins = true;
        for turn in turns {
            let calendar = self.calendar(turn.entry);
            let decided = matches!(turn.entry.act, Act::Decided(_));
            let runs = self.counting(turn);
            begins |= upheld(turn.entry);
            match (open.take(), runs) {
                (Some(line), _) if decided => done.push(line.end(self.on(turn.entry), calendar)),
                (Some(line), None) => done.push(line.end(self.on(turn.entry), calendar)),
                (Some(mut line), Some(why)) => {
                    self.along(&mut line, turn, why);
                    open = Some(line);
                }
                (None, Some(why)) if begins && self.begins_here(turn, done.is_empty()) => {
                    let by = self.decided(turn.entry);
                    let counts = Counts { from: by.day, term, rolls: true };
                    let mut line = Line::begin(of.clone(), by, counts, calendar);
                    self.along(&mut line, turn, why);
                    open = Some(line);
                }
                (None, _) => {}
            }
            begins &= !decided;
        }
        let latest = self.calendars.latest();
        done.extend(open.map(|line| line.finish(today, latest)));
        done
    }

    /// Whether the time of the procedure begins with a turn: at the step from which it counts, and
    /// wherever the case goes on once a decision is set aside.
    fn begins_here(&self, turn: &Turn<'_>, first: bool) -> bool {
        turn.after.step() == Some(&self.procedure.counts_from) || !first
    }

    /// Whether the time of the procedure goes on after a turn, and why it stands still if it does.
    fn counting(&self, turn: &Turn<'_>) -> Option<Option<Why>> {
        let step = turn.after.step()?;
        let uncounted = match self.procedure.steps.get(step) {
            Some(Step::Stage(stage)) => stage.uncounted.as_ref(),
            _ => None,
        };
        let uncounted = uncounted.map(|why| Why::Uncounted(step.clone(), why.ground));
        Some(turn.why().or(uncounted))
    }

    fn along(&self, line: &mut Line, turn: &Turn<'_>, why: Option<Why>) {
        let calendar = self.calendar(turn.entry);
        match (line.halted(), why) {
            (Some(halted), Some(why)) if halted.same(&why) => {}
            (_, Some(why)) => line.hold(self.decided(turn.entry), why, calendar),
            (Some(_), None) => {
                let day = match (&turn.entry.act, turn.after.runs()) {
                    (Act::Resumed(_) | Act::Supplied(_), Some(runs)) => runs.counted_from,
                    _ => self.zone.day_of(turn.entry.at),
                };
                line.go_on(On { number: turn.entry.number, day }, calendar);
            }
            (None, None) => {}
        }
        if let Act::Extended(extended) = &turn.entry.act {
            let outcome = self.procedure.outcome(&extended.step, &extended.outcome);
            if let Some(Follows::Extend(extend)) = outcome.map(|outcome| &outcome.follows) {
                line.longer_by(self.on(turn.entry), extend.by.term.count);
            }
        }
    }
}

fn upheld(entry: &Entry) -> bool {
    matches!(&entry.act, Act::Ruled(ruled) if ruled.upheld)
}

/// How a term that runs counts. One that its own day has ended is over on that day, be it a day
/// off or past the published ones; its entry shows that by the day it was given.
fn counts(runs: Running, calendar: &Calendar) -> Counts {
    let own_end = runs.counted_from.plus_days(i64::from(runs.term.count));
    let fixed = runs.term.unit == Unit::NaturalDays
        && !runs.due.provisional
        && own_end == Some(runs.due.on)
        && (!calendar.works(runs.due.on) || runs.due.on > calendar.last());
    Counts { from: runs.counted_from, term: runs.term, rolls: !fixed }
}

impl Why {
    /// Whether a clock stands still for the same notice, whatever the entries meanwhile.
    fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Stop(step, outcome, _), Self::Stop(at, by, _)) => (step, outcome) == (at, by),
            (one, other) => one == other,
        }
    }
}
