//! Willow's tea houses as their ordinance reads, written again without the kernel: a slow model of
//! a review at which several bodies answer, and of clocks that are stopped.
//!
//! Nothing is kept but the list of what happened. Each question goes through the whole list again,
//! days are counted one by one, and a register entry is whatever was written and corrected. What is
//! left of a term is the term without the days that were spent of it while its clock ran.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    days::{Day, Days, Term, day_of, end_of, year_of},
    remedy,
};

/// An office and the division it acts for.
pub(crate) type Body = (&'static str, &'static str);

/// Who does something: one of the applicants, or an officer of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    Applicant(u8),
    Officer(Body),
    Clock,
}

/// What is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Deed {
    File(Form),
    Choose { step: &'static str, outcome: &'static str, reasons: bool, items: Vec<&'static str> },
    Answer { step: &'static str, part: &'static str, answer: &'static str, reasons: bool },
    Resume { reasons: bool },
    Supply { items: Vec<&'static str>, form: Form },
    Withdraw,
    Appeal { decision: u64, remedy: &'static str, grounds: bool },
    Rule { upheld: bool, reasons: bool },
    Correct { field: &'static str, to: String, reasons: bool },
    RunOut(Option<&'static str>),
    Adopt(BTreeMap<Day, bool>),
}

/// What an applicant writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Form {
    pub(crate) place: &'static str,
    pub(crate) name: String,
    pub(crate) rank: &'static str,
    pub(crate) seats: i64,
    pub(crate) with_drawing: bool,
}

/// Something that happened: when (in microseconds), by whom, on which case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Event {
    pub(crate) at: i64,
    pub(crate) who: Who,
    pub(crate) case: u64,
    pub(crate) deed: Deed,
}

/// A step that is being worked at: the day its clock runs from, the working days and the days of
/// any kind that were spent before, and in the review who has answered what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Work {
    pub(crate) step: &'static str,
    since: Day,
    spent: (u32, i64),
    pub(crate) answers: BTreeMap<&'static str, &'static str>,
}

/// How a case stands; `since` is the day its term counts from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Stands {
    At(Work),
    Asked { work: Work, items: Vec<&'static str>, since: Day },
    Stopped { work: Work, since: Day },
    Ended(&'static str),
    Challenged { end: &'static str, decision: u64, since: Day },
    Withdrawn,
}

/// A decision: by whom, when it was served, and the remedies still open.
#[derive(Debug, Clone)]
pub(crate) struct Decided {
    pub(crate) number: u64,
    pub(crate) step: &'static str,
    pub(crate) by: Body,
    pub(crate) served_on: Day,
    pub(crate) open: BTreeSet<&'static str>,
}

/// What was written about a house, in order; `number` is that of the entry that wrote it.
#[derive(Debug, Clone)]
enum Written {
    Entered { from: i64, fields: BTreeMap<&'static str, String> },
    Corrected { field: &'static str, wrong: String, to: String },
}

/// One case.
#[derive(Debug, Clone)]
pub(crate) struct House {
    pub(crate) applicant: u8,
    pub(crate) form: Form,
    last_at: i64,
    asked: Option<Vec<&'static str>>,
    stopped: BTreeMap<&'static str, u32>,
    pub(crate) stands: Stands,
    pub(crate) decisions: Vec<Decided>,
    pub(crate) key: Option<String>,
    written: Vec<(u64, Written)>,
}

/// Everything that follows from a list of events.
#[derive(Debug, Clone)]
pub(crate) struct World {
    pub(crate) days: Days,
    pub(crate) number: u64,
    pub(crate) houses: BTreeMap<u64, House>,
}

/// The bodies asked in the review, in the order of their names.
pub(crate) const PARTS: [&str; 3] = ["civil-affairs", "fire", "planning"];
/// The province, whose bodies are asked about grand houses and decide on them.
const PROVINCE: &str = "90";
const PEER_REVIEW: Term = Term::Natural(60);
const TO_SUPPLEMENT: Term = Term::Working(10);
const TO_RULE: Term = Term::Natural(30);

fn time_at(step: &str) -> Term {
    match step {
        "accept" => Term::Working(5),
        "hearing-offered" => Term::Natural(5),
        "hearing" => Term::Natural(20),
        _ => Term::Working(20),
    }
}

/// The longest that the clock of a step may be stopped.
fn time_stopped(step: &str) -> Term {
    if step == "review" { Term::Natural(30) } else { Term::Working(10) }
}

/// The time a body has for its answer, and what its silence is deemed to be.
fn asked_of(part: &str) -> (Term, &'static str) {
    match part {
        "planning" => (Term::Working(15), "silent"),
        "fire" => (Term::Working(10), "silent"),
        _ => (Term::Natural(20), "agrees"),
    }
}

/// What follows an outcome.
enum Follows {
    Then(&'static str),
    Supplement,
    Stop(u32),
}

/// Whether an outcome needs reasons, and what follows it.
fn outcome(step: &str, outcome: &str) -> Option<(bool, Follows)> {
    Some(match (step, outcome) {
        ("accept", "accepted") => (false, Follows::Then("review")),
        ("accept", "declined") => (true, Follows::Then("declined")),
        ("review", "incomplete") => (true, Follows::Supplement),
        ("review", "appraisal") => (true, Follows::Stop(1)),
        ("hearing-offered", "asked") => (false, Follows::Then("hearing")),
        ("hearing-offered", "waived") => (false, Follows::Then("settle")),
        ("hearing", "held") => (true, Follows::Then("settle")),
        ("settle", "good") => (false, Follows::Then("granted")),
        ("settle", "bad") => (true, Follows::Then("refused")),
        ("settle", "testing") => (true, Follows::Stop(2)),
        _ => return None,
    })
}

/// Where the answers lead: at the first refusal to the hearing, else once all have answered.
fn joined(answers: &BTreeMap<&'static str, &'static str>) -> Option<&'static str> {
    if answers.values().any(|answer| *answer == "objects") {
        return Some("hearing-offered");
    }
    let all_agree = answers.values().all(|answer| *answer == "agrees");
    let next = if all_agree { "settle" } else { "hearing-offered" };
    (answers.len() == PARTS.len()).then_some(next)
}

impl Work {
    fn begun(step: &'static str, since: Day) -> Self {
        Self { step, since, spent: (0, 0), answers: BTreeMap::new() }
    }

    /// What is left of a term of this step as its clock runs now.
    fn left(&self, term: Term) -> Term {
        let (working, natural) = self.spent;
        match term {
            Term::Working(count) => Term::Working(count.saturating_sub(working)),
            Term::Natural(count) => Term::Natural((count - natural).max(0)),
            Term::Months(_) => term,
        }
    }

    /// The same step once its clock stands still.
    fn held(mut self, days: &Days, today: Day) -> Self {
        let (working, natural) = self.spent;
        let now = (days.working_between(self.since, today), today - self.since);
        self.spent = (working + now.0, natural + now.1);
        self
    }

    /// The same step once its clock goes on.
    fn resumed(mut self, today: Day) -> Self {
        self.since = today;
        self
    }

    /// The bodies that have not answered, each with the last day of its time.
    pub(crate) fn awaited<'w>(
        &'w self,
        days: &'w Days,
    ) -> impl Iterator<Item = (&'static str, (Day, bool))> + 'w {
        let parts = PARTS.into_iter().filter(|part| self.step == "review" && self.awaits(part));
        parts.map(|part| (part, days.ends(self.since, self.left(asked_of(part).0))))
    }

    pub(crate) fn awaits(&self, part: &str) -> bool {
        !self.answers.contains_key(part)
    }
}

impl World {
    /// What follows from everything that has happened.
    pub(crate) fn of(days: &Days, events: &[Event]) -> Self {
        let mut world = Self { days: days.clone(), number: 0, houses: BTreeMap::new() };
        events.iter().for_each(|event| world.happen(event));
        world
    }

    /// The last day of the term that runs, and whether it lies past the published days.
    pub(crate) fn due(&self, house: &House) -> Option<(Day, bool)> {
        let ends = |since: &Day, term| Some(self.days.ends(*since, term));
        match &house.stands {
            Stands::At(work) => ends(&work.since, work.left(time_at(work.step))),
            Stands::Asked { since, .. } => ends(since, TO_SUPPLEMENT),
            Stands::Stopped { work, since } => ends(since, time_stopped(work.step)),
            Stands::Challenged { since, .. } => ends(since, TO_RULE),
            Stands::Ended(_) | Stands::Withdrawn => None,
        }
    }

    /// Every day that is being counted to.
    fn counted_to(&self, house: &House) -> Vec<(Day, bool)> {
        let parts = match &house.stands {
            Stands::At(work) => work.awaited(&self.days).map(|(_, ends)| ends).collect(),
            _ => Vec::new(),
        };
        self.due(house).into_iter().chain(parts).collect()
    }

    /// The last day of a remedy, by the days published now.
    pub(crate) fn remedy_ends(&self, decided: &Decided, remedy: &str) -> (Day, bool) {
        let term = if remedy == "litigation" { Term::Months(6) } else { PEER_REVIEW };
        self.days.ends(decided.served_on, term)
    }

    /// The next thing that follows from the passing of time alone: when, to which case, and in a
    /// review whose silence it is.
    pub(crate) fn alarm(&self) -> Option<(i64, u64, Option<&'static str>)> {
        let waiting = self.houses.iter().flat_map(|(id, house)| {
            // What the calendar makes firm too late runs out when that is known.
            let firm = |(day, later): (Day, bool), part| {
                (!later).then_some((end_of(day).max(house.last_at), *id, part))
            };
            match &house.stands {
                Stands::At(work) if work.step == "review" => {
                    let parts = work.awaited(&self.days);
                    parts.filter_map(|(part, ends)| firm(ends, Some(part))).collect()
                }
                Stands::At(Work { step: "hearing-offered", .. })
                | Stands::Asked { .. }
                | Stands::Stopped { .. } => {
                    self.due(house).and_then(|due| firm(due, None)).into_iter().collect()
                }
                _ => Vec::new(),
            }
        });
        waiting.min()
    }

    /// The number of the refusal that an event meets, if it meets one.
    pub(crate) fn refusal(&self, event: &Event) -> Option<u16> {
        if let Deed::File(form) = &event.deed {
            return may_not_file(event.who, form);
        }
        let Some(house) = self.houses.get(&event.case) else { return Some(1002) };
        if event.at < house.last_at {
            return Some(1115);
        }
        match &event.deed {
            Deed::Choose { step, outcome, reasons, items } => {
                house.may_not_choose(event.who, (step, outcome, *reasons), items)
            }
            Deed::Answer { step, part, answer, reasons } => {
                house.may_not_answer(event.who, step, part, (answer, *reasons))
            }
            Deed::Resume { reasons } => match &house.stands {
                Stands::Stopped { work, .. } if house.actor(work.step) != event.who => Some(1102),
                Stands::Stopped { .. } => (!reasons).then_some(1105),
                _ => Some(1103),
            },
            Deed::Supply { items, form } => self.may_not_supply(house, event, items, form),
            Deed::Withdraw => house.may_not_withdraw(event.who),
            Deed::Appeal { decision, remedy, grounds } => {
                self.may_not_appeal(house, event, (*decision, remedy, *grounds))
            }
            Deed::Rule { reasons, .. } => match &house.stands {
                Stands::Challenged { decision, .. } if event.who != house.hears(*decision) => {
                    Some(1102)
                }
                Stands::Challenged { .. } => (!reasons).then_some(1105),
                _ => Some(1103),
            },
            Deed::Correct { field, to, reasons } => {
                self.may_not_correct(house, event, (field, to, *reasons))
            }
            Deed::File(_) | Deed::RunOut(_) | Deed::Adopt(_) => None,
        }
    }

    fn may_not_supply(
        &self,
        house: &House,
        event: &Event,
        items: &[&str],
        form: &Form,
    ) -> Option<u16> {
        if event.who != Who::Applicant(house.applicant) {
            return Some(1101);
        }
        let Stands::Asked { items: asked, .. } = &house.stands else { return Some(1103) };
        let over = self.due(house).is_some_and(|(day, later)| !later && event.at >= end_of(day));
        if over {
            return Some(1103);
        }
        if items.contains(&"passport") {
            return Some(1005);
        }
        if asked.iter().any(|item| !items.contains(item)) {
            return Some(1110);
        }
        let elsewhere = form.place != house.form.place;
        (elsewhere && items.contains(&"tea-house.division")).then_some(1118)
    }

    fn may_not_appeal(
        &self,
        house: &House,
        event: &Event,
        (decision, remedy, grounds): (u64, &str, bool),
    ) -> Option<u16> {
        if event.who != Who::Applicant(house.applicant) {
            return Some(1101);
        }
        if !matches!(house.stands, Stands::Ended(_)) {
            return Some(1103);
        }
        let decided = house.decisions.iter().find(|decided| decided.number == decision);
        let open = decided.filter(|decided| decided.open.contains(remedy));
        let ends = open.map(|decided| self.remedy_ends(decided, remedy));
        remedy::refusal(remedy, ends, event.at, grounds)
    }

    fn may_not_correct(
        &self,
        house: &House,
        event: &Event,
        (field, to, reasons): (&str, &str, bool),
    ) -> Option<u16> {
        if event.who != Who::Officer(house.keeper()) {
            return Some(1102);
        }
        if !reasons {
            return Some(1105);
        }
        let said = house.says(event.at, self.number);
        // Whether the house is open is decided, never corrected.
        let slip = field != "status";
        let good = slip && said.is_some_and(|said| said.get(field).is_some_and(|now| now != to));
        (!good).then_some(1114)
    }

    fn happen(&mut self, event: &Event) {
        self.number += 1;
        if let Deed::Adopt(further) = &event.deed {
            self.adopt(further, event.at);
            return;
        }
        let number = self.number;
        if let Deed::File(form) = &event.deed {
            let Who::Applicant(applicant) = event.who else { return };
            self.houses.insert(number, House::filed(applicant, form, event.at));
            return;
        }
        let Some(mut house) = self.houses.remove(&event.case) else { return };
        house.last_at = event.at;
        if let Some(next) = self.change(&mut house, event) {
            self.number += house.come_to(next, (event.case, number), event.at);
        }
        self.houses.insert(event.case, house);
    }

    /// Carries out an event on its house and says which step or end it leads to.
    fn change(&self, house: &mut House, event: &Event) -> Option<&'static str> {
        let today = day_of(event.at);
        match (&event.deed, house.stands.clone()) {
            (Deed::Choose { outcome: chosen, items, .. }, Stands::At(work)) => {
                let step = work.step;
                let work = || work.held(&self.days, today);
                match outcome(step, chosen)?.1 {
                    Follows::Then(next) => return Some(next),
                    Follows::Supplement => house.ask(work(), items, today),
                    Follows::Stop(_) => {
                        *house.stopped.entry(step).or_default() += 1;
                        house.stands = Stands::Stopped { work: work(), since: today };
                    }
                }
            }
            (Deed::Answer { part, answer, .. }, Stands::At(work)) => {
                return house.answered(work, part, answer);
            }
            (Deed::RunOut(Some(part)), Stands::At(work)) => {
                return house.answered(work, part, asked_of(part).1);
            }
            (Deed::RunOut(None), Stands::At(_)) => return Some("settle"),
            (Deed::RunOut(None), Stands::Asked { .. }) => return Some("lapsed"),
            (Deed::Resume { .. }, Stands::Stopped { work, .. }) => {
                house.stands = Stands::At(work.resumed(today));
            }
            // The last day of the longest stop is the last that is not spent.
            (Deed::RunOut(_), Stands::Stopped { work, .. }) => {
                house.stands = Stands::At(work.resumed(today - 1));
            }
            (Deed::Supply { items, form }, Stands::Asked { work, .. }) => {
                house.supplied(items, form);
                house.stands = Stands::At(work.resumed(today));
            }
            (Deed::Withdraw, _) => house.stands = Stands::Withdrawn,
            (Deed::Appeal { decision, remedy, .. }, Stands::Ended(end)) => {
                house.decided_mut(*decision).open.remove(remedy);
                house.stands = Stands::Challenged { end, decision: *decision, since: today };
            }
            (Deed::Rule { upheld: false, .. }, Stands::Challenged { end, .. }) => {
                house.stands = Stands::Ended(end);
            }
            (Deed::Rule { .. }, Stands::Challenged { decision, .. }) => {
                house.decided_mut(decision).open.clear();
                // What is decided anew is asked for anew, and may be stopped anew.
                house.asked = None;
                house.stopped.clear();
                return Some(match house.decided(decision).step {
                    "refused" => "settle",
                    "declined" => "accept",
                    _ => "review",
                });
            }
            (Deed::Correct { field, to, .. }, _) => {
                let wrong = house.says(event.at, self.number)?.get(field)?.clone();
                let corrected = Written::Corrected { field, wrong, to: to.clone() };
                house.written.push((self.number, corrected));
            }
            _ => {}
        }
        None
    }

    /// Further days are published; a case of which they change a date has an entry that says so.
    fn adopt(&mut self, further: &BTreeMap<Day, bool>, at: i64) {
        let before: Vec<_> = self.houses.values().map(|house| self.counted_to(house)).collect();
        self.days.publish(further);
        let after: Vec<_> = self.houses.values().map(|house| self.counted_to(house)).collect();
        for (house, (before, after)) in self.houses.values_mut().zip(before.iter().zip(&after)) {
            if before != after {
                self.number += 1;
                house.last_at = at;
            }
        }
    }
}

fn may_not_file(who: Who, form: &Form) -> Option<u16> {
    match who {
        Who::Applicant(_) if !form.with_drawing => Some(1005),
        Who::Applicant(_) if form.place.len() < 6 => Some(1006),
        Who::Applicant(_) => None,
        _ => Some(1004),
    }
}

impl House {
    fn filed(applicant: u8, form: &Form, at: i64) -> Self {
        Self {
            applicant,
            form: form.clone(),
            last_at: at,
            asked: None,
            stopped: BTreeMap::new(),
            stands: Stands::At(Work::begun("accept", day_of(at))),
            decisions: Vec::new(),
            key: None,
            written: Vec::new(),
        }
    }

    fn district(&self) -> &'static str {
        self.form.place.get(..6).unwrap_or_default()
    }

    /// The division whose bodies are asked and decide: the district's on a small house, the
    /// province's on a grand one.
    fn deciding(&self) -> &'static str {
        if self.form.rank == "small" { self.district() } else { PROVINCE }
    }

    /// Who acts at a step.
    pub(crate) fn actor(&self, step: &str) -> Who {
        match step {
            "accept" => Who::Officer(("health", self.district())),
            "hearing-offered" => Who::Applicant(self.applicant),
            _ => Who::Officer(("health", self.deciding())),
        }
    }

    /// The body asked as one part of the review; civil affairs are always the district's.
    pub(crate) fn asked_as(&self, part: &'static str) -> Body {
        (part, if part == "civil-affairs" { self.district() } else { self.deciding() })
    }

    /// Who hears a challenge: the planning body of where it was decided.
    pub(crate) fn hears(&self, decision: u64) -> Who {
        Who::Officer(("planning", self.decided(decision).by.1))
    }

    /// The body that corrects the entry: the one that made it; before that the one that took the
    /// case in, which finds nothing to correct.
    pub(crate) fn keeper(&self) -> Body {
        let granted = self.decisions.iter().find(|decided| decided.step == "granted");
        granted.map_or(("health", self.district()), |granted| granted.by)
    }

    fn decided(&self, number: u64) -> &Decided {
        self.decisions.iter().find(|decided| decided.number == number).unwrap()
    }

    fn decided_mut(&mut self, number: u64) -> &mut Decided {
        self.decisions.iter_mut().find(|decided| decided.number == number).unwrap()
    }

    fn may_not_choose(
        &self,
        who: Who,
        (step, chosen, reasons): (&str, &str, bool),
        items: &[&'static str],
    ) -> Option<u16> {
        let here = matches!(&self.stands, Stands::At(work) if work.step == step);
        if !here {
            return Some(1103);
        }
        if who != self.actor(step) {
            return Some(if step == "hearing-offered" { 1101 } else { 1102 });
        }
        let Some((needs_reasons, follows)) = outcome(step, chosen) else { return Some(1104) };
        if needs_reasons && !reasons {
            return Some(1105);
        }
        match follows {
            // A house has ten seats at least.
            Follows::Then("granted") if self.form.seats < 10 => Some(1106),
            Follows::Then(_) => None,
            Follows::Supplement => self.may_not_ask(items),
            Follows::Stop(times) => {
                (self.stopped.get(step).is_some_and(|made| *made >= times)).then_some(1117)
            }
        }
    }

    fn may_not_ask(&self, items: &[&'static str]) -> Option<u16> {
        let known = |item: &&'static str| item.starts_with("tea-house.") || *item == "drawing";
        if items.is_empty() || !items.iter().all(known) {
            return Some(1107);
        }
        let first = self.asked.as_ref()?;
        let widened = items.iter().any(|item| !first.contains(item));
        Some(if widened { 1108 } else { 1109 })
    }

    fn may_not_answer(
        &self,
        who: Who,
        step: &str,
        part: &'static str,
        (answer, reasons): (&str, bool),
    ) -> Option<u16> {
        let Stands::At(work) = &self.stands else { return Some(1103) };
        if work.step != "review" || step != "review" {
            return Some(1103);
        }
        // Nobody waits for a body that is not asked, or that has answered.
        if !PARTS.contains(&part) || !work.awaits(part) {
            return Some(1103);
        }
        if who != Who::Officer(self.asked_as(part)) {
            return Some(1102);
        }
        match answer {
            "objects" if !reasons => Some(1105),
            "agrees" | "objects" | "silent" => None,
            _ => Some(1104),
        }
    }

    fn may_not_withdraw(&self, who: Who) -> Option<u16> {
        if who != Who::Applicant(self.applicant) {
            return Some(1101);
        }
        match &self.stands {
            Stands::At(work) | Stands::Asked { work, .. } | Stands::Stopped { work, .. } => {
                (!["accept", "review", "settle"].contains(&work.step)).then_some(1111)
            }
            _ => Some(1103),
        }
    }

    fn ask(&mut self, work: Work, items: &[&'static str], today: Day) {
        self.asked.get_or_insert_with(|| items.to_vec());
        self.stands = Stands::Asked { work, items: items.to_vec(), since: today };
    }

    fn supplied(&mut self, items: &[&str], form: &Form) {
        for item in items {
            match *item {
                "tea-house.name" => self.form.name.clone_from(&form.name),
                "tea-house.rank" => self.form.rank = form.rank,
                "tea-house.seats" => self.form.seats = form.seats,
                _ => {}
            }
        }
    }

    /// A body has answered, or is deemed to have; says where the review leads if it is over.
    fn answered(
        &mut self,
        mut work: Work,
        part: &'static str,
        answer: &'static str,
    ) -> Option<&'static str> {
        work.answers.insert(part, answer);
        let next = joined(&work.answers);
        self.stands = Stands::At(work);
        next
    }

    /// Comes to a step or an end, and says how many entries the decision on the way has made.
    fn come_to(&mut self, next: &'static str, (id, number): (u64, u64), at: i64) -> u64 {
        let (by, remedies, end): (_, &[&'static str], _) = match next {
            "granted" => (self.deciding(), &[], "licensed"),
            "refused" => (self.deciding(), &["peer-review", "litigation"], "turned-down"),
            "lapsed" => (self.deciding(), &["peer-review"], "run-out"),
            "declined" => (self.district(), &["peer-review"], "turned-down"),
            step => {
                self.stands = Stands::At(Work::begun(step, day_of(at)));
                return 0;
            }
        };
        let (number, served_on) = (number + 1, day_of(at));
        let open = remedies.iter().copied().collect();
        self.decisions.push(Decided { number, step: next, by: ("health", by), served_on, open });
        if next == "granted" {
            self.enter(by, id, number, at);
        }
        self.stands = Stands::Ended(end);
        2
    }

    fn enter(&mut self, by: &str, id: u64, number: u64, at: i64) {
        self.key = Some(format!("T-{by}-{}-{id}", year_of(day_of(at))));
        let fields = [
            ("name", self.form.name.clone()),
            ("status", "open".to_owned()),
            ("rank", self.form.rank.to_owned()),
            ("division", self.form.place.to_owned()),
            ("seats", self.form.seats.to_string()),
            ("decided-in", by.to_owned()),
        ];
        self.written.push((number, Written::Entered { from: at, fields: fields.into() }));
    }

    /// What the register said of an instant in the snapshot that ends with a number.
    pub(crate) fn says(&self, at: i64, known: u64) -> Option<BTreeMap<&'static str, String>> {
        let mut said: Option<BTreeMap<&'static str, String>> = None;
        for (_, written) in self.written.iter().filter(|(number, _)| *number <= known) {
            match (written, &mut said) {
                (Written::Entered { from, fields }, _) if *from <= at => {
                    said = Some(fields.clone())
                }
                (Written::Corrected { field, wrong, to }, Some(said))
                    if said.get(field) == Some(wrong) =>
                {
                    said.insert(field, to.clone());
                }
                _ => {}
            }
        }
        said
    }
}
