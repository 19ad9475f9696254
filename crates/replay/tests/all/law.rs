//! Willow's herb rooms as their ordinance reads, written again without the kernel: a slow model.
//!
//! Nothing is kept but the list of what happened. Each question goes through the whole list again,
//! days are counted one by one, and a register entry is whatever was written and not undone.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    days::{Day, Days, Term, day_of, end_of, text_of, year_of, years_between},
    remedy,
};

/// Who does something: one of the applicants, or an officer of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    Applicant(u8),
    Officer(&'static str),
    Clock,
}

/// What is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Deed {
    File(Form),
    Choose { step: &'static str, outcome: &'static str, reasons: bool, items: Vec<&'static str> },
    Supply { items: Vec<&'static str>, floor_area: i64 },
    Withdraw,
    Appeal { decision: u64, remedy: &'static str, grounds: bool },
    Rule { upheld: bool, reasons: bool },
    Correct { field: &'static str, to: String, reasons: bool },
    RunOut,
    Adopt(BTreeMap<Day, bool>),
}

/// What an applicant writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Form {
    pub(crate) place: &'static str,
    pub(crate) name: String,
    pub(crate) floor_area: i64,
    pub(crate) charity: bool,
    pub(crate) worked_since: Day,
    pub(crate) with_plan: bool,
}

/// Something that happened: when (in microseconds), by whom, on which case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Event {
    pub(crate) at: i64,
    pub(crate) who: Who,
    pub(crate) case: u64,
    pub(crate) deed: Deed,
}

/// How a case stands; `since` is the day its term counts from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Stands {
    At { step: &'static str, since: Day, term: Term },
    Asked { step: &'static str, items: Vec<&'static str>, since: Day, left: u32 },
    Ended(&'static str),
    Challenged { end: &'static str, decision: u64, since: Day },
    Withdrawn,
}

/// A decision: when it was served, and the remedies still open.
#[derive(Debug, Clone)]
pub(crate) struct Decided {
    pub(crate) number: u64,
    pub(crate) step: &'static str,
    pub(crate) served_on: Day,
    pub(crate) open: BTreeSet<&'static str>,
}

/// What was written about a room, in order; `number` is that of the entry that wrote it.
#[derive(Debug, Clone)]
enum Written {
    Entered { from: i64, fields: BTreeMap<&'static str, String> },
    Amended { from: i64, field: &'static str, to: String },
    Corrected { field: &'static str, wrong: String, to: String },
    Undone { decision: u64 },
}

/// One case.
#[derive(Debug, Clone)]
pub(crate) struct Room {
    pub(crate) applicant: u8,
    pub(crate) body: &'static str,
    form: Form,
    filed_on: Day,
    last_at: i64,
    asked: BTreeMap<&'static str, (u32, Vec<&'static str>)>,
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
    pub(crate) rooms: BTreeMap<u64, Room>,
}

const PAPERS: [&str; 3] = ["plan", "lease", "sign"];
const REVIEW: Term = Term::Natural(60);
const TO_SUPPLEMENT: Term = Term::Working(10);
const TO_RULE: Term = Term::Natural(30);
/// The town's health commission, which hears reviews.
const TOWN: &str = "90";

fn time_at(step: &str) -> Term {
    match step {
        "accept" | "settle" => Term::Working(5),
        "examine" => Term::Working(10),
        "statement" => Term::Natural(5),
        _ => Term::Working(30),
    }
}

/// What silence is deemed to be, and where it leads.
fn silence(step: &str) -> Option<&'static str> {
    match step {
        "accept" => Some("examine"),
        "statement" => Some("settle"),
        _ => None,
    }
}

/// Where an outcome leads, whether it needs reasons and whether the conditions must be met; a
/// supplement leads nowhere and says how often it may be asked.
fn outcome(step: &str, outcome: &str) -> Option<(&'static str, bool, bool, u32)> {
    Some(match (step, outcome) {
        ("accept", "accepted") => ("examine", false, false, 0),
        ("accept", "incomplete") => ("", true, false, 2),
        ("examine" | "settle", "good") => ("granted", false, true, 0),
        ("examine", "doubtful") => ("statement", true, false, 0),
        ("examine" | "settle", "bad") => ("refused", true, false, 0),
        ("statement", "stated") => ("settle", true, false, 0),
        ("statement", "waived") => ("settle", false, false, 0),
        ("check", "sound") => ("kept", false, false, 0),
        ("check", "mendable") => ("", true, false, 1),
        ("check", "false") => ("void", true, false, 0),
        _ => return None,
    })
}

impl World {
    /// What follows from everything that has happened.
    pub(crate) fn of(days: &Days, events: &[Event]) -> Self {
        let mut world = Self { days: days.clone(), number: 0, rooms: BTreeMap::new() };
        events.iter().for_each(|event| world.happen(event));
        world
    }

    /// The last day of the term that runs, and whether it lies past the published days.
    pub(crate) fn due(&self, room: &Room) -> Option<(Day, bool)> {
        match &room.stands {
            Stands::At { since, term, .. } => Some(self.days.ends(*since, *term)),
            Stands::Asked { since, .. } => Some(self.days.ends(*since, TO_SUPPLEMENT)),
            Stands::Challenged { since, .. } => Some(self.days.ends(*since, TO_RULE)),
            Stands::Ended(_) | Stands::Withdrawn => None,
        }
    }

    /// The last day of a remedy, by the days published now.
    pub(crate) fn remedy_ends(&self, decided: &Decided, remedy: &str) -> (Day, bool) {
        let term = if remedy == "litigation" { Term::Months(6) } else { REVIEW };
        self.days.ends(decided.served_on, term)
    }

    /// The next thing that follows from the passing of time alone.
    pub(crate) fn alarm(&self) -> Option<(i64, u64)> {
        let fires = |room: &Room| match room.stands {
            Stands::Asked { .. } => true,
            Stands::At { step, .. } => silence(step).is_some(),
            _ => false,
        };
        let waiting = self.rooms.iter().filter(|(_, room)| fires(room));
        let dated = waiting.filter_map(|(id, room)| match self.due(room)? {
            // What the calendar makes firm too late runs out when that is known.
            (day, false) => Some((end_of(day).max(room.last_at), *id)),
            _ => None,
        });
        dated.min()
    }

    /// The number of the refusal that an event meets, if it meets one.
    pub(crate) fn refusal(&self, event: &Event) -> Option<u16> {
        if let Deed::File(form) = &event.deed {
            return self.may_not_file(event.who, form);
        }
        let Some(room) = self.rooms.get(&event.case) else { return Some(1002) };
        if event.at < room.last_at {
            return Some(1115);
        }
        match &event.deed {
            Deed::Choose { step, outcome, reasons, items } => {
                self.may_not_choose(room, event.who, (*step, *outcome, *reasons), items)
            }
            Deed::Supply { items, .. } => self.may_not_supply(room, event, items),
            Deed::Withdraw => self.may_not_withdraw(room, event.who),
            Deed::Appeal { decision, remedy, grounds } => {
                self.may_not_appeal(room, event, (*decision, remedy, *grounds))
            }
            Deed::Rule { reasons, .. } => match room.stands {
                Stands::Challenged { .. } if event.who != Who::Officer(TOWN) => Some(1102),
                Stands::Challenged { .. } => (!reasons).then_some(1105),
                _ => Some(1103),
            },
            Deed::Correct { field, to, reasons } => {
                self.may_not_correct(room, event, (field, to, *reasons))
            }
            Deed::File(_) | Deed::RunOut | Deed::Adopt(_) => None,
        }
    }

    fn may_not_file(&self, who: Who, form: &Form) -> Option<u16> {
        match who {
            Who::Applicant(_) if !form.with_plan => Some(1005),
            Who::Applicant(_) if form.place.len() < 6 => Some(1006),
            Who::Applicant(_) => None,
            _ => Some(1004),
        }
    }

    fn may_not_choose(
        &self,
        room: &Room,
        who: Who,
        (step, chosen, reasons): (&str, &str, bool),
        items: &[&'static str],
    ) -> Option<u16> {
        let here = matches!(room.stands, Stands::At { step: at, .. } if at == step);
        if !here {
            return Some(1103);
        }
        let (own, number) = match step {
            "statement" => (who == Who::Applicant(room.applicant), 1101),
            _ => (who == Who::Officer(room.body), 1102),
        };
        if !own {
            return Some(number);
        }
        let Some((_, needs_reasons, needs_met, times)) = outcome(step, chosen) else {
            return Some(1104);
        };
        if needs_reasons && !reasons {
            return Some(1105);
        }
        if needs_met && !room.meets_conditions() {
            return Some(1106);
        }
        if times == 0 { None } else { may_not_ask(room, step, items, times) }
    }

    fn may_not_supply(&self, room: &Room, event: &Event, items: &[&str]) -> Option<u16> {
        let own = event.who == Who::Applicant(room.applicant);
        let Stands::Asked { items: asked, .. } = &room.stands else {
            return Some(if own { 1103 } else { 1101 });
        };
        let over = self.due(room).is_some_and(|(day, later)| !later && event.at >= end_of(day));
        if !own {
            return Some(1101);
        }
        if over {
            return Some(1103);
        }
        if items.contains(&"passport") {
            return Some(1005);
        }
        let missing = asked.iter().any(|item| !items.contains(item));
        missing.then_some(1110)
    }

    fn may_not_withdraw(&self, room: &Room, who: Who) -> Option<u16> {
        if who != Who::Applicant(room.applicant) {
            return Some(1101);
        }
        match room.stands {
            Stands::At { step, .. } | Stands::Asked { step, .. } => {
                (!["accept", "examine"].contains(&step)).then_some(1111)
            }
            _ => Some(1103),
        }
    }

    fn may_not_appeal(
        &self,
        room: &Room,
        event: &Event,
        (decision, remedy, grounds): (u64, &str, bool),
    ) -> Option<u16> {
        if event.who != Who::Applicant(room.applicant) {
            return Some(1101);
        }
        if !matches!(room.stands, Stands::Ended(_)) {
            return Some(1103);
        }
        let decided = room.decisions.iter().find(|decided| decided.number == decision);
        let open = decided.filter(|decided| decided.open.contains(remedy));
        let ends = open.map(|decided| self.remedy_ends(decided, remedy));
        remedy::refusal(remedy, ends, event.at, grounds)
    }

    fn may_not_correct(
        &self,
        room: &Room,
        event: &Event,
        (field, to, reasons): (&str, &str, bool),
    ) -> Option<u16> {
        if event.who != Who::Officer(room.body) {
            return Some(1102);
        }
        if !reasons {
            return Some(1105);
        }
        let said = room.says(event.at, self.number);
        // Whether the room is open is decided, never corrected.
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
        let today = day_of(event.at);
        if let Deed::File(form) = &event.deed {
            let Who::Applicant(applicant) = event.who else { return };
            self.rooms.insert(number, Room::filed(applicant, form, event.at));
            return;
        }
        let Some(mut room) = self.rooms.remove(&event.case) else { return };
        room.last_at = event.at;
        let next = self.change(&mut room, event, today);
        if let Some(next) = next {
            self.number += room.come_to(next, (event.case, number), event.at);
        }
        self.rooms.insert(event.case, room);
    }

    /// Carries out an event on its room and says which step or end it leads to.
    fn change(&self, room: &mut Room, event: &Event, today: Day) -> Option<&'static str> {
        match (&event.deed, room.stands.clone()) {
            (Deed::Choose { outcome: chosen, items, .. }, Stands::At { step, since, term }) => {
                let (to, _, _, times) = outcome(step, chosen)?;
                if times == 0 {
                    return Some(to);
                }
                let Term::Working(count) = term else { return None };
                let left = count.saturating_sub(self.days.working_between(since, today));
                room.ask(step, items, today, left);
            }
            (Deed::Supply { items, floor_area }, Stands::Asked { step, left, .. }) => {
                if items.contains(&"herb-room.floor-area") {
                    room.form.floor_area = *floor_area;
                }
                room.stands = Stands::At { step, since: today, term: Term::Working(left) };
            }
            (Deed::Withdraw, _) => room.stands = Stands::Withdrawn,
            (Deed::Appeal { decision, remedy, .. }, Stands::Ended(end)) => {
                room.decided(*decision).open.remove(remedy);
                room.stands = Stands::Challenged { end, decision: *decision, since: today };
            }
            (Deed::Rule { upheld: false, .. }, Stands::Challenged { end, .. }) => {
                room.stands = Stands::Ended(end);
            }
            (Deed::Rule { .. }, Stands::Challenged { decision, .. }) => {
                room.decided(decision).open.clear();
                // What is decided anew is asked for anew.
                room.asked.clear();
                room.written.push((self.number, Written::Undone { decision }));
                return Some(match room.decided(decision).step {
                    "void" => "check",
                    "refused" => "examine",
                    _ => "accept",
                });
            }
            (Deed::Correct { field, to, .. }, _) => {
                let wrong = room.says(event.at, self.number)?.get(field)?.clone();
                let corrected = Written::Corrected { field, wrong, to: to.clone() };
                room.written.push((self.number, corrected));
            }
            (Deed::RunOut, Stands::Asked { step: "accept", .. }) => return Some("lapsed"),
            (Deed::RunOut, Stands::Asked { .. }) => return Some("void"),
            (Deed::RunOut, Stands::At { step, .. }) => return silence(step),
            _ => {}
        }
        None
    }

    /// Further days are published; each date they change is an entry of its own.
    fn adopt(&mut self, further: &BTreeMap<Day, bool>, at: i64) {
        let before: Vec<_> = self.rooms.values().map(|room| self.due(room)).collect();
        self.days.publish(further);
        let after: Vec<_> = self.rooms.values().map(|room| self.due(room)).collect();
        for (room, (before, after)) in self.rooms.values_mut().zip(before.into_iter().zip(after)) {
            if before != after {
                self.number += 1;
                room.last_at = at;
            }
        }
    }
}

fn may_not_ask(room: &Room, step: &str, items: &[&'static str], times: u32) -> Option<u16> {
    let form = ["herb-room.floor-area", "herb-room.name", "keeper.name"];
    let known = |item: &&&str| form.contains(*item) || PAPERS.contains(*item);
    if items.is_empty() || items.iter().filter(known).count() < items.len() {
        return Some(1107);
    }
    let (asked, first) = room.asked.get(step)?;
    if items.iter().any(|item| !first.contains(item)) {
        return Some(1108);
    }
    (*asked >= times).then_some(1109)
}

impl Room {
    fn filed(applicant: u8, form: &Form, at: i64) -> Self {
        let today = day_of(at);
        Self {
            applicant,
            body: form.place.get(..6).unwrap_or_default(),
            form: form.clone(),
            filed_on: today,
            last_at: at,
            asked: BTreeMap::new(),
            stands: Stands::At { step: "accept", since: today, term: time_at("accept") },
            decisions: Vec::new(),
            key: None,
            written: Vec::new(),
        }
    }

    fn decided(&mut self, number: u64) -> &mut Decided {
        self.decisions.iter_mut().find(|decided| decided.number == number).unwrap()
    }

    /// The keeper has worked five years, three for who files from 2020 on; the room has twenty
    /// square metres or is a charity's.
    fn meets_conditions(&self) -> bool {
        let years = if year_of(self.filed_on) < 2020 { 5 } else { 3 };
        years_between(self.form.worked_since, self.filed_on) >= years
            && (self.form.floor_area >= 20 || self.form.charity)
    }

    fn ask(&mut self, step: &'static str, items: &[&'static str], today: Day, left: u32) {
        let first = self.asked.entry(step).or_insert_with(|| (0, items.to_vec()));
        first.0 += 1;
        self.stands = Stands::Asked { step, items: items.to_vec(), since: today, left };
    }

    /// Comes to a step or an end, and says how many entries the decision on the way has made.
    fn come_to(&mut self, next: &'static str, (id, number): (u64, u64), at: i64) -> u64 {
        let (remedies, then): (&[&'static str], _) = match next {
            "granted" => (&[], "check"),
            "void" => (&["town-review"], "voided"),
            "refused" => (&["town-review", "litigation"], "turned-down"),
            "lapsed" => (&["town-review"], "run-out"),
            "kept" => {
                self.stands = Stands::Ended("kept");
                return 0;
            }
            step => {
                self.stands = Stands::At { step, since: day_of(at), term: time_at(step) };
                return 0;
            }
        };
        let (number, served_on) = (number + 1, day_of(at));
        let open = remedies.iter().copied().collect();
        self.decisions.push(Decided { number, step: next, served_on, open });
        match next {
            "granted" => self.enter(id, number, at),
            "void" => self.written.push((
                number,
                Written::Amended { from: at, field: "status", to: "voided".to_owned() },
            )),
            _ => {}
        }
        self.stands = match then {
            "check" => Stands::At { step: "check", since: served_on, term: time_at("check") },
            end => Stands::Ended(end),
        };
        2
    }

    fn enter(&mut self, id: u64, number: u64, at: i64) {
        let today = day_of(at);
        self.key = Some(format!("{}-{}-{id}", self.body, year_of(today)));
        let fields = [
            ("name", self.form.name.clone()),
            ("status", "open".to_owned()),
            ("floor-area", self.form.floor_area.to_string()),
            ("since", text_of(today)),
        ];
        self.written.push((number, Written::Entered { from: at, fields: fields.into() }));
    }

    /// What the register said of an instant in the snapshot that ends with a number: everything
    /// written by then, but for decisions undone by then, as if they had never been.
    pub(crate) fn says(&self, at: i64, known: u64) -> Option<BTreeMap<&'static str, String>> {
        let by_then = || self.written.iter().filter(|(number, _)| *number <= known);
        let undone: BTreeSet<u64> = by_then()
            .filter_map(|(_, written)| match written {
                Written::Undone { decision } => Some(*decision),
                _ => None,
            })
            .collect();
        let mut said: Option<BTreeMap<&'static str, String>> = None;
        for (_, written) in by_then().filter(|(number, _)| !undone.contains(number)) {
            match (written, &mut said) {
                (Written::Entered { from, fields }, _) if *from <= at => {
                    said = Some(fields.clone())
                }
                (Written::Amended { from, field, to }, Some(said)) if *from <= at => {
                    said.insert(field, to.clone());
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
