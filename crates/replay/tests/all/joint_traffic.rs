//! Random traffic of tea houses through the kernel and through the slow model of
//! [`crate::joint_law`]: both must give the same refusals, the same standing and days, and the same
//! answers of the register.

use std::collections::{BTreeMap, BTreeSet};

use base::{Division, Instant};
use fastrand::Rng;
use kernel::{
    Actor, Case, CaseId, Command, EntryNumber, Standing,
    command::{Answer, Choose, File, Supply},
};
use pack::model::{Applicant, Pack};
use replay::{
    Seen,
    memory::Memory,
    stage::{SeenDecision, as_texts},
};
use rules::Value;

use crate::{
    days::{self, Days},
    joint_law::{Deed, Event, Form, House, PARTS, Stands, Who, Work, World},
    people::{
        MINUTE, body, csv, date, further, holds, name, officer, open_until, papers, party, words,
    },
    shipped,
};

/// How many different runs, and how many commands each.
const RUNS: u64 = 48;
const COMMANDS: usize = 160;
const STEPS: [&str; 5] = ["accept", "review", "hearing-offered", "hearing", "settle"];
const OUTCOMES: [&str; 11] = [
    "accepted",
    "declined",
    "incomplete",
    "appraisal",
    "asked",
    "waived",
    "held",
    "good",
    "bad",
    "testing",
    "approved",
];
const ANSWERS: [&str; 4] = ["agrees", "objects", "silent", "approves"];
const ASKED: [&str; 4] = ["civil-affairs", "fire", "planning", "health"];
/// The last two cannot be had: the place is settled, and nobody needs a passport.
const ITEMS: [&str; 6] = [
    "drawing",
    "tea-house.rank",
    "tea-house.seats",
    "tea-house.name",
    "tea-house.division",
    "passport",
];
const PLACES: [&str; 3] = ["900101001", "900102002", "9001"];
const OFFICES: [&str; 4] = ["health", "planning", "fire", "civil-affairs"];
const DIVISIONS: [&str; 3] = ["900101", "900102", "90"];

/// One run: the kernel, and everything that has happened for the model.
struct Run<'p> {
    pack: &'p Pack,
    lot: Rng,
    now: i64,
    memory: Memory<'p>,
    published: &'p Days,
    events: Vec<Event>,
    world: World,
    refused: BTreeMap<u16, usize>,
    seen: BTreeMap<&'static str, usize>,
}

impl<'p> Run<'p> {
    fn new(pack: &'p Pack, published: &'p Days, seed: u64) -> Self {
        let mut lot = Rng::with_seed(seed);
        let first = days::day(2016, 1, 4);
        // Every third run crosses the last published day.
        let from = match seed % 3 {
            0 => published.last() - lot.i64(0..90),
            _ => first + lot.i64(0..3_500),
        };
        let now = days::start_of(from) + lot.i64(0..1_440) * MINUTE;
        let (world, memory) = (World::of(published, &[]), Memory::new(pack));
        let (events, refused, seen) = (Vec::new(), BTreeMap::new(), BTreeMap::new());
        Self { pack, lot, now, memory, published, events, world, refused, seen }
    }

    fn happen(&mut self, event: Event) {
        self.events.push(event);
        self.world = World::of(self.published, &self.events);
    }

    /// Does one random thing on both and compares everything.
    fn step(&mut self) {
        self.now += match self.lot.u8(0..20) {
            0..9 => self.lot.i64(0..600) * MINUTE,
            9..18 => self.lot.i64(0..4_320) * MINUTE,
            _ => self.lot.i64(0..43_200) * MINUTE,
        };
        let event = self.event();
        self.let_pass(event.at);
        match &event.deed {
            Deed::Adopt(further) => {
                let at = Instant::from_micros(event.at);
                self.memory.adopt_calendar(csv(further), &officer("health", "90"), at).unwrap();
                self.happen(event);
            }
            _ => self.submit(event),
        }
        self.compare();
    }

    /// Lets run out on both what runs out by then.
    fn let_pass(&mut self, at: i64) {
        self.memory.advance(Instant::from_micros(at)).unwrap();
        let mut last = None;
        while let Some((due, case, part)) = self.world.alarm().filter(|alarm| alarm.0 <= at) {
            self.happen(Event { at: due, who: Who::Clock, case, deed: Deed::RunOut(part) });
            let together = part.is_some() && last == Some((due, case));
            self.note("two silent at one instant", together);
            last = part.map(|_| (due, case));
        }
    }

    fn note(&mut self, what: &'static str, seen: bool) {
        *self.seen.entry(what).or_default() += usize::from(seen);
    }

    fn submit(&mut self, event: Event) {
        let at = Instant::from_micros(event.at);
        let case =
            (!matches!(event.deed, Deed::File(_))).then_some(CaseId(EntryNumber(event.case)));
        let before: Vec<Case> = self.memory.cases().cloned().collect();
        let entries = self.memory.entries().len();
        let found = self.memory.submit(case, &command(&event), &actor(event.who), at);
        let expected = self.world.refusal(&event);
        let found = found.err().map(|refusal| refusal.number());
        assert_eq!(found, expected, "{event:?}\n{:#?}", self.world.houses.get(&event.case));
        match expected {
            Some(number) => {
                *self.refused.entry(number).or_default() += 1;
                assert_eq!(self.memory.entries().len(), entries, "a refusal wrote {event:?}");
                assert!(self.memory.cases().eq(before.iter()), "a refusal changed {event:?}");
            }
            None => {
                let rank = |run: &Self| Some(run.world.houses.get(&event.case)?.form.rank);
                let (case, before) = (event.case, rank(self));
                let supplied = matches!(event.deed, Deed::Supply { .. });
                self.happen(event);
                let rank = self.world.houses.get(&case).map(|house| house.form.rank);
                self.note("another level decides", supplied && rank != before);
            }
        }
    }

    fn compare(&mut self) {
        assert_eq!(self.memory.entries().len() as u64, self.world.number);
        assert_eq!(self.memory.cases().count(), self.world.houses.len());
        for (case, (id, house)) in self.memory.cases().zip(&self.world.houses) {
            assert_eq!(case.id.0.0, *id);
            let seen = Seen::of(self.pack, case);
            let wanted = expected(&self.world, house, case);
            assert_eq!(seen, wanted, "case {id}: {house:#?}\nstood {:#?}", case.standing);
            let by = case.decisions.iter().map(|made| made.by.clone());
            let wanted = house.decisions.iter().map(|decided| body(decided.by.0, decided.by.1));
            assert!(by.eq(wanted), "who decided case {id}");
            awaits_until(&self.world, house, case);
        }
        for _ in 0..4 {
            self.ask();
        }
    }

    /// Asks both what an entry says of a random moment, as known at a random number.
    fn ask(&mut self) {
        let houses = self.world.houses.values();
        let entered = houses.filter_map(|house| Some((house, house.key.as_ref()?)));
        let Some((house, key)) = self.lot.choice(entered.collect::<Vec<_>>()) else { return };
        let first = self.events.first().map_or(self.now, |event| event.at);
        let at = self.lot.i64(first..=self.now + 1);
        let known = self.lot.u64(1..=self.world.number);
        let moment = Instant::from_micros(at);
        let version = self.memory.entry(&name("tea-house"), key, moment, EntryNumber(known));
        let said = version.map(|version| as_texts(&version.fields));
        let expected = house.says(at, known).map(|fields| {
            let fields = fields.into_iter().map(|(field, text)| (field.to_owned(), text));
            fields.collect::<BTreeMap<String, String>>()
        });
        assert_eq!(said, expected, "{key} of {at} as known at {known}");
    }

    /// Something that somebody might do: often what is possible, sometimes nonsense.
    fn event(&mut self) -> Event {
        let earlier = if self.lot.u8(0..40) == 0 { self.lot.i64(0..3_000) * MINUTE } else { 0 };
        let at = self.now - earlier;
        let over = |house: &House| matches!(house.stands, Stands::Ended(_) | Stands::Withdrawn);
        let (ended, open): (Vec<u64>, Vec<u64>) =
            self.world.houses.keys().copied().partition(|id| over(&self.world.houses[id]));
        let kind = self.lot.u8(0..100);
        if open.len() < 3 && kind >= 8 || kind < 3 {
            return self.filing(at);
        }
        if kind < 8 {
            let deed = Deed::Adopt(further(&mut self.lot, &self.world.days));
            return Event { at, who: Who::Clock, case: 0, deed };
        }
        let houses = if self.lot.u8(0..6) == 0 { ended } else { open };
        // Now and then a case that nobody has filed.
        let case = self.lot.choice(houses).filter(|_| kind != 99).unwrap_or(u64::MAX);
        match self.world.houses.get(&case).cloned() {
            Some(house) if kind >= 30 => self.sensible(at, case, &house),
            _ => self.nonsense(at, case),
        }
    }

    fn filing(&mut self, at: i64) -> Event {
        let form = Form { with_drawing: self.lot.u8(0..20) > 0, ..self.form() };
        let is_officer = self.lot.u8(0..30) == 0;
        let who = if is_officer { Who::Officer(("health", "900101")) } else { self.applicant() };
        Event { at, who, case: 0, deed: Deed::File(form) }
    }

    fn form(&mut self) -> Form {
        let places = if self.lot.u8(0..20) == 0 { &PLACES } else { &PLACES[..2] };
        Form {
            place: self.pick(places),
            name: format!("茶馆 {}", self.lot.u8(..)),
            rank: self.pick(&["small", "grand"]),
            seats: self.lot.i64(8..30),
            with_drawing: true,
        }
    }

    fn applicant(&mut self) -> Who {
        Who::Applicant(self.lot.u8(1..4))
    }

    fn anybody(&mut self) -> Who {
        match self.lot.u8(0..4) {
            0 => self.applicant(),
            1 => Who::Officer(("health", self.pick(&DIVISIONS))),
            _ => Who::Officer((self.pick(&OFFICES), self.pick(&DIVISIONS))),
        }
    }

    fn pick(&mut self, words: &[&'static str]) -> &'static str {
        words[self.lot.usize(..words.len())]
    }

    fn items(&mut self, known: usize) -> Vec<&'static str> {
        let count = self.lot.usize(0..4);
        self.lot.choose_multiple(ITEMS[..known].iter().copied(), count)
    }

    /// Anything at all on a case, half of the time at the step where it stands.
    fn nonsense(&mut self, at: i64, case: u64) -> Event {
        let here = match self.world.houses.get(&case).map(|house| &house.stands) {
            Some(Stands::At(work)) if self.lot.bool() => work.step,
            _ => self.pick(&STEPS),
        };
        let deed = match self.lot.u8(0..10) {
            0 | 1 => Deed::Choose {
                step: here,
                outcome: self.pick(&OUTCOMES),
                reasons: self.lot.bool(),
                items: self.items(6),
            },
            2..5 => Deed::Answer {
                step: here,
                part: self.pick(&ASKED),
                answer: self.pick(&ANSWERS),
                reasons: self.lot.bool(),
            },
            5 => Deed::Supply { items: self.items(6), form: self.form() },
            6 => Deed::Withdraw,
            7 => Deed::Appeal {
                decision: self.lot.u64(1..=self.world.number.max(1)),
                remedy: self.pick(&["peer-review", "litigation"]),
                grounds: self.lot.bool(),
            },
            8 if self.lot.bool() => Deed::Resume { reasons: self.lot.bool() },
            8 => Deed::Rule { upheld: self.lot.bool(), reasons: self.lot.bool() },
            _ => self.correction(),
        };
        Event { at, who: self.anybody(), case, deed }
    }

    fn correction(&mut self) -> Deed {
        let (field, to) = match self.lot.u8(0..10) {
            0 => ("status", "closed".to_owned()),
            1 => ("colour", "green".to_owned()),
            2 => ("rank", self.pick(&["small", "grand"]).to_owned()),
            3 => ("decided-in", self.pick(&DIVISIONS).to_owned()),
            4..7 => ("seats", self.lot.i64(10..13).to_string()),
            _ => ("name", format!("茶馆 {}", self.lot.u8(0..3))),
        };
        Deed::Correct { field, to, reasons: self.lot.u8(0..10) > 0 }
    }

    /// What the one who is awaited might do.
    fn sensible(&mut self, at: i64, case: u64, house: &House) -> Event {
        let applicant = Who::Applicant(house.applicant);
        let (who, deed) = match &house.stands {
            _ if self.lot.u8(0..12) == 0 => (Who::Officer(house.keeper()), self.correction()),
            Stands::At(work) | Stands::Stopped { work, .. }
                if work.step != "hearing" && self.lot.u8(0..25) == 0 =>
            {
                (applicant, Deed::Withdraw)
            }
            Stands::At(work) if work.step == "review" && self.lot.u8(0..3) > 0 => {
                let (part, answer) = self.answer(work);
                let deed = Deed::Answer { step: "review", part, answer, reasons: true };
                (Who::Officer(house.asked_as(part)), deed)
            }
            Stands::At(work) => (house.actor(work.step), self.choice(work.step)),
            Stands::Asked { items, .. } => {
                let items = if self.lot.u8(0..6) == 0 { self.items(6) } else { items.clone() };
                let place = if self.lot.u8(0..4) == 0 { "900103001" } else { house.form.place };
                (applicant, Deed::Supply { items, form: Form { place, ..self.form() } })
            }
            Stands::Stopped { work, .. } => {
                (house.actor(work.step), Deed::Resume { reasons: self.lot.u8(0..4) > 0 })
            }
            Stands::Challenged { decision, .. } => {
                (house.hears(*decision), Deed::Rule { upheld: self.lot.bool(), reasons: true })
            }
            Stands::Ended(_) | Stands::Withdrawn => {
                let last = house.decisions.last().map_or(1, |decided| decided.number);
                let remedy = self.pick(&["peer-review", "peer-review", "litigation"]);
                (applicant, Deed::Appeal { decision: last, remedy, grounds: true })
            }
        };
        Event { at, who, case, deed }
    }

    /// One of the bodies, more often one that has not answered, and what it answers.
    fn answer(&mut self, work: &Work) -> (&'static str, &'static str) {
        let open: Vec<_> = PARTS.into_iter().filter(|part| work.awaits(part)).collect();
        let part = if self.lot.u8(0..10) == 0 { self.pick(&PARTS) } else { self.pick(&open) };
        let answers = ["agrees", "agrees", "agrees", "agrees", "objects", "silent"];
        (part, self.pick(&answers))
    }

    fn choice(&mut self, step: &'static str) -> Deed {
        let outcomes: &[&'static str] = match step {
            "accept" => &["accepted", "accepted", "accepted", "declined"],
            "review" => &["incomplete", "incomplete", "appraisal"],
            "hearing-offered" => &["asked", "waived"],
            "hearing" => &["held"],
            _ => &["good", "good", "bad", "testing", "testing"],
        };
        let outcome = self.pick(outcomes);
        let known = if self.lot.u8(0..20) == 0 { 6 } else { 5 };
        let items = match self.lot.u8(0..3) {
            0 => self.items(known),
            _ => vec!["tea-house.rank", "drawing"],
        };
        Deed::Choose { step, outcome, reasons: true, items }
    }
}

/// How a case must look, as the model has it.
fn expected(world: &World, house: &House, case: &Case) -> Seen {
    let (state, place) = match &house.stands {
        Stands::At(work) if work.step == "review" => ("reviewing", Some(work.step)),
        Stands::At(work) => ("at", Some(work.step)),
        Stands::Asked { work, .. } => ("supplementing", Some(work.step)),
        Stands::Stopped { work, .. } => ("stopped", Some(work.step)),
        Stands::Ended(end) => ("ended", Some(*end)),
        Stands::Challenged { end, .. } => ("challenged", Some(*end)),
        Stands::Withdrawn => ("withdrawn", None),
    };
    let due = world.due(house);
    let decisions = house.decisions.iter().zip(&case.decisions).map(|(decided, made)| {
        let open = decided.open.iter().map(|remedy| {
            let ends = world.remedy_ends(decided, remedy).0;
            ((*remedy).to_owned(), open_until(made, remedy, ends))
        });
        let (number, step) = (decided.number, decided.step.to_owned());
        SeenDecision { number, step, remedies: open.collect(), serve_by: None }
    });
    Seen {
        state: state.to_owned(),
        place: place.map(str::to_owned),
        due: due.map(|(day, _)| date(day)),
        provisional: due.is_some_and(|(_, later)| later),
        awaits: awaited(house),
        entries: house.key.iter().map(|key| ("tea-house".to_owned(), key.clone())).collect(),
        decisions: decisions.collect(),
        survey: None,
    }
}

/// The bodies that must act: in a review all that have not answered.
fn awaited(house: &House) -> BTreeSet<String> {
    let who = match &house.stands {
        Stands::At(work) if work.step == "review" => {
            let open = PARTS.into_iter().filter(|part| work.awaits(part));
            open.map(|part| Who::Officer(house.asked_as(part))).collect()
        }
        Stands::At(work) | Stands::Stopped { work, .. } => vec![house.actor(work.step)],
        Stands::Challenged { decision, .. } => vec![house.hears(*decision)],
        Stands::Asked { .. } | Stands::Ended(_) | Stands::Withdrawn => Vec::new(),
    };
    let bodies = who.into_iter().filter_map(|who| match who {
        Who::Officer((office, division)) => Some(format!("{office}@{division}")),
        Who::Applicant(_) | Who::Clock => None,
    });
    bodies.collect()
}

/// Each body that has not answered has its own last day.
fn awaits_until(world: &World, house: &House, case: &Case) {
    let Standing::Reviewing { parts, .. } = &case.standing else { return };
    let Stands::At(work) = &house.stands else { return };
    let found = parts.iter().filter_map(|(part, stands)| match stands {
        kernel::case::Part::Awaited(runs) => {
            Some((part.to_string(), (runs.due.on, runs.due.provisional)))
        }
        kernel::case::Part::Answered { .. } => None,
    });
    let found: BTreeMap<_, _> = found.collect();
    let wanted = work.awaited(&world.days);
    let wanted = wanted.map(|(part, (day, later))| (part.to_owned(), (date(day), later)));
    assert_eq!(
        found,
        wanted.collect(),
        "the parts of case {} {:?} {:?}",
        case.id,
        case.standing,
        house
    );
}

fn actor(who: Who) -> Actor {
    match who {
        Who::Applicant(number) => Actor::Party(party(number)),
        Who::Officer((office, division)) => officer(office, division),
        Who::Clock => Actor::Clock,
    }
}

fn command(event: &Event) -> Command {
    match &event.deed {
        Deed::File(form) => Command::File(filing(event.who, form)),
        Deed::Choose { step, outcome, reasons, items } => Command::Choose(Choose {
            step: name(step),
            outcome: name(outcome),
            reasons: words(*reasons),
            items: items.iter().map(|item| (*item).to_owned()).collect(),
            facts: BTreeMap::new(),
        }),
        Deed::Answer { step, part, answer, reasons } => Command::Answer(Answer {
            step: name(step),
            part: name(part),
            answer: name(answer),
            reasons: words(*reasons),
            facts: BTreeMap::new(),
        }),
        Deed::Resume { reasons } => Command::Resume { reasons: words(*reasons) },
        Deed::Supply { items, form } => {
            let facts = facts(form).into_iter().filter(|(path, _)| items.contains(&path.as_str()));
            Command::Supply(Supply { facts: facts.collect(), materials: papers(items) })
        }
        Deed::Withdraw => Command::Withdraw { reasons: String::new() },
        Deed::Appeal { decision, remedy, grounds } => Command::Appeal {
            decision: EntryNumber(*decision),
            remedy: name(remedy),
            grounds: words(*grounds),
        },
        Deed::Rule { upheld, reasons } => {
            Command::Rule { upheld: *upheld, reasons: words(*reasons) }
        }
        Deed::Correct { field, to, reasons } => {
            let value = match *field {
                "status" | "rank" => Value::Choice(name(to)),
                "seats" => Value::Integer(to.parse().unwrap()),
                "decided-in" => Value::Division(Division::parse(to).unwrap()),
                _ => Value::Text(to.clone()),
            };
            Command::Correct { fields: [(name(field), value)].into(), reasons: words(*reasons) }
        }
        Deed::RunOut(_) | Deed::Adopt(_) => Command::RunOut,
    }
}

fn filing(who: Who, form: &Form) -> File {
    let applicant = match who {
        Who::Applicant(number) => party(number),
        _ => party(100),
    };
    File {
        procedure: name("tea-house-licence"),
        applicant,
        kind: Applicant::Person,
        subjects: BTreeMap::new(),
        facts: facts(form),
        materials: papers(if form.with_drawing { &["drawing"] } else { &[] }),
        commitments: BTreeSet::new(),
        through: kernel::ledger::Through::Own,
        on_paper: false,
        signed: None,
    }
}

fn facts(form: &Form) -> BTreeMap<String, Value> {
    let facts = [
        ("tea-house.name", Value::Text(form.name.clone())),
        ("tea-house.division", Value::Division(Division::parse(form.place).unwrap())),
        ("tea-house.rank", Value::Choice(name(form.rank))),
        ("tea-house.seats", Value::Integer(form.seats)),
    ];
    facts.map(|(path, value)| (path.to_owned(), value)).into()
}

#[test]
fn random_joint_traffic_agrees_with_the_law() {
    let compiled = shipped::compiled("willow");
    let published = Days::read(&shipped::text("cn/calendar/workdays.csv"));
    let (mut refused, mut seen) = (BTreeMap::new(), BTreeMap::new());
    let (mut moves, mut accepted) = (BTreeSet::new(), 0);
    for seed in 0..RUNS {
        let mut run = Run::new(&compiled.pack, &published, seed);
        for _ in 0..COMMANDS {
            run.step();
        }
        holds(&run.memory);
        crate::accounts::add_up(&run.memory, &[&compiled.pack]);
        accepted += run.events.len();
        moves.extend(replay::coverage::made(&compiled.pack, run.memory.entries()));
        for (number, count) in run.refused {
            *refused.entry(number).or_insert(0) += count;
        }
        for (what, count) in run.seen {
            *seen.entry(what).or_insert(0) += count;
        }
    }
    println!("{accepted} accepted; refused {refused:?}; {seen:?}");
    let met: Vec<u16> = refused.keys().copied().collect();
    let expected = [
        1002, 1004, 1005, 1006, 1101, 1102, 1103, 1104, 1105, 1106, 1107, 1108, 1109, 1110, 1111,
        1112, 1113, 1114, 1115, 1117, 1118,
    ];
    assert_eq!(met, expected, "every refusal is met");
    assert!(seen.values().all(|count| *count > 0), "not met: {seen:?}");
    let missing = replay::coverage::moves(&compiled.pack)
        .into_iter()
        .filter(|m| m.procedure.as_str() == "tea-house-licence" && !moves.contains(m));
    assert_eq!(missing.map(|m| m.to_string()).collect::<Vec<_>>(), Vec::<String>::new());
}
