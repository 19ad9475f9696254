//! Random traffic through the kernel and through the slow model of [`crate::law`]: both must give
//! the same refusals, the same standing and days, and the same answers of the register.

use std::collections::{BTreeMap, BTreeSet};

use base::{Division, Instant};
use fastrand::Rng;
use kernel::{
    Actor, Case, CaseId, Command, EntryNumber,
    command::{Choose, File, Supply},
};
use pack::model::{Applicant, Pack};
use replay::{
    Seen,
    memory::Memory,
    stage::{SeenDecision, as_texts},
};
use rules::Value;

use crate::{
    accounts,
    days::{self, Days},
    law::{Deed, Event, Form, Room, Stands, Who, World},
    people::{MINUTE, csv, date, further, holds, name, officer, open_until, papers, party, words},
    shipped,
};

/// How many different runs, and how many commands each.
const RUNS: u64 = 48;
const COMMANDS: usize = 150;
const STEPS: [&str; 5] = ["accept", "examine", "statement", "settle", "check"];
const OUTCOMES: [&str; 11] = [
    "accepted",
    "incomplete",
    "good",
    "doubtful",
    "bad",
    "stated",
    "waived",
    "sound",
    "mendable",
    "false",
    "approved",
];
const ITEMS: [&str; 5] = ["plan", "lease", "sign", "herb-room.floor-area", "passport"];
const PLACES: [&str; 3] = ["900101001", "900102002", "9001"];
const BODIES: [&str; 3] = ["900101", "900102", "90"];

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
}

impl<'p> Run<'p> {
    fn new(pack: &'p Pack, published: &'p Days, seed: u64) -> Self {
        let mut lot = Rng::with_seed(seed);
        let first = days::day(2016, 1, 4);
        // Every third run crosses the last published day, every third the change of the figure.
        let from = match seed % 3 {
            0 => published.last() - lot.i64(0..120),
            1 => days::day(2019, 12, 31) - lot.i64(0..60),
            _ => first + lot.i64(0..3_000),
        };
        let now = days::start_of(from) + lot.i64(0..1_440) * MINUTE;
        let world = World::of(published, &[]);
        let (events, refused) = (Vec::new(), BTreeMap::new());
        Self { pack, lot, now, memory: Memory::new(pack), published, events, world, refused }
    }

    fn happen(&mut self, event: Event) {
        self.events.push(event);
        self.world = World::of(self.published, &self.events);
    }

    /// Does one random thing on both and compares everything.
    fn step(&mut self) {
        self.now += match self.lot.u8(0..10) {
            0..5 => self.lot.i64(0..600) * MINUTE,
            5..9 => self.lot.i64(0..7_200) * MINUTE,
            _ => self.lot.i64(0..57_600) * MINUTE,
        };
        let event = self.event();
        self.let_pass(event.at);
        match &event.deed {
            Deed::Adopt(further) => {
                let csv = csv(further);
                let clerk = officer("health", "90");
                let at = Instant::from_micros(event.at);
                self.memory.adopt_calendar(csv, &clerk, at).unwrap();
                self.happen(event);
            }
            _ => self.submit(event),
        }
        self.compare();
    }

    /// Lets run out on both what runs out by then.
    fn let_pass(&mut self, at: i64) {
        self.memory.advance(Instant::from_micros(at)).unwrap();
        while let Some((due, case)) = self.world.alarm().filter(|(due, _)| *due <= at) {
            self.happen(Event { at: due, who: Who::Clock, case, deed: Deed::RunOut });
        }
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
        assert_eq!(found, expected, "{event:?}\n{:#?}", self.world.rooms.get(&event.case));
        match expected {
            Some(number) => {
                *self.refused.entry(number).or_default() += 1;
                assert_eq!(self.memory.entries().len(), entries, "a refusal wrote {event:?}");
                assert!(self.memory.cases().eq(before.iter()), "a refusal changed {event:?}");
            }
            None => self.happen(event),
        }
    }

    fn compare(&mut self) {
        assert_eq!(self.memory.entries().len() as u64, self.world.number);
        assert_eq!(self.memory.cases().count(), self.world.rooms.len());
        for (case, (id, room)) in self.memory.cases().zip(&self.world.rooms) {
            assert_eq!(case.id.0.0, *id);
            let seen = Seen::of(self.pack, case);
            assert_eq!(seen, expected(&self.world, room, case), "case {id}");
        }
        for _ in 0..4 {
            self.ask();
        }
    }

    /// Asks both what an entry says of a random moment, as known at a random number.
    fn ask(&mut self) {
        let rooms = self.world.rooms.values().filter_map(|room| Some((room, room.key.as_ref()?)));
        let Some((room, key)) = self.lot.choice(rooms.collect::<Vec<_>>()) else { return };
        let first = self.events.first().map_or(self.now, |event| event.at);
        let at = self.lot.i64(first..=self.now + 1);
        let known = self.lot.u64(1..=self.world.number);
        let version = self.memory.entry(
            &name("herb-room"),
            key,
            Instant::from_micros(at),
            EntryNumber(known),
        );
        let said = version.map(|version| as_texts(&version.fields));
        let expected = room.says(at, known);
        assert_eq!(said.is_some(), expected.is_some(), "{key} of {at} as known at {known}");
        for (field, text) in expected.into_iter().flatten() {
            let found = said.as_ref().and_then(|said| said.get(field));
            assert_eq!(found, Some(&text), "{field} of {key} of {at} as known at {known}");
        }
    }

    /// Something that somebody might do: often what is possible, sometimes nonsense.
    fn event(&mut self) -> Event {
        let earlier = if self.lot.u8(0..40) == 0 { self.lot.i64(0..3_000) * MINUTE } else { 0 };
        let at = self.now - earlier;
        let over = |room: &Room| matches!(room.stands, Stands::Ended(_) | Stands::Withdrawn);
        let (ended, open): (Vec<u64>, Vec<u64>) =
            self.world.rooms.keys().copied().partition(|id| over(&self.world.rooms[id]));
        let kind = self.lot.u8(0..100);
        if open.len() < 3 && kind >= 8 || kind < 3 {
            return self.filing(at);
        }
        let rooms = if self.lot.u8(0..5) == 0 { ended } else { open };
        // Now and then a case that nobody has filed.
        let case = self.lot.choice(rooms).filter(|_| kind != 99).unwrap_or(u64::MAX);
        if kind < 8 {
            return Event {
                at,
                who: Who::Clock,
                case: 0,
                deed: Deed::Adopt(further(&mut self.lot, &self.world.days)),
            };
        }
        if kind < 30 {
            return self.nonsense(at, case);
        }
        let room = self.world.rooms.get(&case).cloned();
        match room {
            Some(room) => self.sensible(at, case, &room),
            None => self.nonsense(at, case),
        }
    }

    fn filing(&mut self, at: i64) -> Event {
        let year = days::year_of(days::day_of(at)) - self.lot.i64(2..8);
        let places = if self.lot.u8(0..20) == 0 { &PLACES } else { &PLACES[..2] };
        let deed = Deed::File(Form {
            place: self.pick(places),
            name: format!("草药房 {}", self.lot.u8(..)),
            floor_area: self.lot.i64(15..60),
            charity: self.lot.u8(0..4) == 0,
            worked_since: days::day(year, self.lot.i64(1..13), self.lot.i64(1..29)),
            with_plan: self.lot.u8(0..20) > 0,
        });
        let officer = self.lot.u8(0..30) == 0;
        let who = if officer { Who::Officer("900101") } else { self.applicant() };
        Event { at, who, case: 0, deed }
    }

    fn applicant(&mut self) -> Who {
        Who::Applicant(self.lot.u8(1..4))
    }

    fn anybody(&mut self) -> Who {
        if self.lot.bool() { self.applicant() } else { Who::Officer(self.pick(&BODIES)) }
    }

    fn pick(&mut self, words: &[&'static str]) -> &'static str {
        words[self.lot.usize(..words.len())]
    }

    fn items(&mut self, known: usize) -> Vec<&'static str> {
        let count = self.lot.usize(0..3);
        self.lot.choose_multiple(ITEMS[..known].iter().copied(), count)
    }

    /// Anything at all on a case.
    fn nonsense(&mut self, at: i64, case: u64) -> Event {
        let deed = match self.lot.u8(0..6) {
            0 => Deed::Choose {
                step: self.pick(&STEPS),
                outcome: self.pick(&OUTCOMES),
                reasons: self.lot.bool(),
                items: self.items(5),
            },
            1 => Deed::Supply { items: self.items(5), floor_area: self.lot.i64(15..60) },
            2 => Deed::Withdraw,
            3 => Deed::Appeal {
                decision: self.lot.u64(1..=self.world.number),
                remedy: self.pick(&["town-review", "litigation"]),
                grounds: self.lot.bool(),
            },
            4 => Deed::Rule { upheld: self.lot.bool(), reasons: self.lot.bool() },
            _ => self.correction(),
        };
        Event { at, who: self.anybody(), case, deed }
    }

    fn correction(&mut self) -> Deed {
        let (field, to) = match self.lot.u8(0..8) {
            0 => ("status", "voided".to_owned()),
            1 => ("colour", "green".to_owned()),
            2..5 => ("floor-area", self.lot.i64(20..25).to_string()),
            _ => ("name", format!("草药房 {}", self.lot.u8(0..3))),
        };
        Deed::Correct { field, to, reasons: self.lot.u8(0..10) > 0 }
    }

    /// What the one who is awaited might do.
    fn sensible(&mut self, at: i64, case: u64, room: &Room) -> Event {
        let (applicant, officer) = (Who::Applicant(room.applicant), Who::Officer(room.body));
        let (who, deed) = match &room.stands {
            _ if self.lot.u8(0..12) == 0 => (officer, self.correction()),
            Stands::At { step: "accept" | "examine", .. } if self.lot.u8(0..15) == 0 => {
                (applicant, Deed::Withdraw)
            }
            Stands::At { step, .. } => {
                let who = if *step == "statement" { applicant } else { officer };
                (who, self.choice(step))
            }
            Stands::Asked { items, .. } => {
                let late = self.lot.u8(0..6) == 0;
                let items = if late { Vec::new() } else { items.clone() };
                (applicant, Deed::Supply { items, floor_area: self.lot.i64(15..60) })
            }
            Stands::Challenged { .. } => {
                (Who::Officer("90"), Deed::Rule { upheld: self.lot.bool(), reasons: true })
            }
            Stands::Ended(_) | Stands::Withdrawn => {
                let last = room.decisions.last().map_or(1, |decided| decided.number);
                let remedy = self.pick(&["town-review", "town-review", "litigation"]);
                (applicant, Deed::Appeal { decision: last, remedy, grounds: true })
            }
        };
        Event { at, who, case, deed }
    }

    fn choice(&mut self, step: &'static str) -> Deed {
        let outcomes: &[&'static str] = match step {
            "accept" => &["accepted", "incomplete"],
            "examine" => &["good", "good", "doubtful", "bad"],
            "statement" => &["stated", "waived"],
            "settle" => &["good", "bad"],
            _ => &["sound", "mendable", "false", "false"],
        };
        let outcome = self.pick(outcomes);
        let items = if self.lot.bool() { vec!["lease"] } else { self.items(4) };
        Deed::Choose { step, outcome, reasons: true, items }
    }
}

/// How a case must look, as the model has it.
fn expected(world: &World, room: &Room, case: &Case) -> Seen {
    let (state, place) = match &room.stands {
        Stands::At { step, .. } => ("at", Some(*step)),
        Stands::Asked { step, .. } => ("supplementing", Some(*step)),
        Stands::Ended(end) => ("ended", Some(*end)),
        Stands::Challenged { end, .. } => ("challenged", Some(*end)),
        Stands::Withdrawn => ("withdrawn", None),
    };
    let due = world.due(room);
    let decisions = room.decisions.iter().zip(&case.decisions).map(|(decided, made)| {
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
        awaits: awaited(room).into_iter().collect(),
        entries: room.key.iter().map(|key| ("herb-room".to_owned(), key.clone())).collect(),
        decisions: decisions.collect(),
        survey: None,
    }
}

/// The body that must act, if one must.
fn awaited(room: &Room) -> Option<String> {
    match room.stands {
        Stands::At { step: "statement", .. } => None,
        Stands::At { .. } => Some(format!("health@{}", room.body)),
        Stands::Challenged { .. } => Some("health@90".to_owned()),
        Stands::Asked { .. } | Stands::Ended(_) | Stands::Withdrawn => None,
    }
}

fn actor(who: Who) -> Actor {
    match who {
        Who::Applicant(number) => Actor::Party(party(number)),
        Who::Officer(division) => officer("health", division),
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
        Deed::Supply { items, floor_area } => {
            let field = items.iter().filter(|item| item.contains('.'));
            let facts = field.map(|item| ((*item).to_owned(), Value::Integer(*floor_area)));
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
                "status" => Value::Choice(name(to)),
                "floor-area" => Value::Integer(to.parse().unwrap()),
                _ => Value::Text(to.clone()),
            };
            Command::Correct { fields: [(name(field), value)].into(), reasons: words(*reasons) }
        }
        Deed::RunOut | Deed::Adopt(_) => Command::RunOut,
    }
}

pub(crate) fn filing(who: Who, form: &Form) -> File {
    let applicant = match who {
        Who::Applicant(number) => party(number),
        _ => party(100),
    };
    let facts = [
        ("herb-room.name", Value::Text(form.name.clone())),
        ("herb-room.division", Value::Division(Division::parse(form.place).unwrap())),
        ("herb-room.herbs", Value::Codes(["H1".to_owned()].into())),
        ("herb-room.main-herb", Value::Code("H1".to_owned())),
        ("herb-room.floor-area", Value::Integer(form.floor_area)),
        ("herb-room.night", Value::Boolean(false)),
        ("herb-room.purpose", Value::Choice(name(if form.charity { "charity" } else { "trade" }))),
        ("keeper.name", Value::Sealed),
        ("keeper.resident-id", Value::Sealed),
        ("keeper.worked-since", Value::Date(date(form.worked_since))),
    ];
    File {
        procedure: name("herb-room-licence"),
        applicant,
        kind: Applicant::Person,
        subjects: BTreeMap::new(),
        facts: facts.map(|(path, value)| (path.to_owned(), value)).into(),
        materials: papers(if form.with_plan { &["plan", "lease"] } else { &["lease"] }),
        commitments: BTreeSet::new(),
        through: kernel::ledger::Through::Own,
        on_paper: false,
        signed: None,
    }
}

#[test]
fn random_traffic_agrees_with_the_law() {
    let compiled = shipped::compiled("willow");
    let published = Days::read(&shipped::text("cn/calendar/workdays.csv"));
    let (mut refused, mut moves) = (BTreeMap::new(), std::collections::BTreeSet::new());
    let mut accepted = 0;
    for seed in 0..RUNS {
        let mut run = Run::new(&compiled.pack, &published, seed);
        for _ in 0..COMMANDS {
            run.step();
        }
        holds(&run.memory);
        assert!(accounts::add_up(&run.memory, &[&compiled.pack]) > COMMANDS);
        accepted += run.events.len();
        moves.extend(replay::coverage::made(&compiled.pack, run.memory.entries()));
        for (number, count) in run.refused {
            *refused.entry(number).or_insert(0) += count;
        }
    }
    println!("{accepted} accepted; refused {refused:?}");
    let met: Vec<u16> = refused.keys().copied().collect();
    let expected = [
        1002, 1004, 1005, 1006, 1101, 1102, 1103, 1104, 1105, 1106, 1107, 1108, 1109, 1110, 1111,
        1112, 1113, 1114, 1115,
    ];
    assert_eq!(met, expected, "every refusal is met");
    let missing = replay::coverage::moves(&compiled.pack)
        .into_iter()
        .filter(|m| m.procedure.as_str() == "herb-room-licence" && !moves.contains(m));
    assert_eq!(missing.map(|m| m.to_string()).collect::<Vec<_>>(), Vec::<String>::new());
}
