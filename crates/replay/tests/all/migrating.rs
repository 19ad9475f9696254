//! Random traffic on the town, a new edition at a random moment, and traffic again: the cases that
//! its plan is for move as the plan says and no other changes, none is stuck afterwards, and those
//! that stay do exactly what they would have done without the plan.

use std::collections::{BTreeMap, BTreeSet};

use base::Instant;
use fastrand::Rng;
use kernel::{
    Act, Actor, Case, CaseId, Command, Deadline, PartyId, Standing,
    command::{Choose, Supply},
    decide::body_of,
};
use pack::{
    model::{By, Follows, Outcome, Pack},
    source::{Archive, Files},
};
use replay::{Seen, memory::Memory};
use rules::Value;

use crate::{
    days,
    law::{Form, Who},
    people::{MINUTE, holds, name, officer, papers},
    shipped,
    traffic::filing,
};

const RUNS: u64 = 32;
const BEFORE: usize = 60;
const AFTER: usize = 60;
const LICENCE: &str = "procedures/herb-room-licence.yaml";

/// What a plan says: what each step is called, which cases it is for, and whether a body's term
/// runs on.
struct Plan {
    steps: &'static [(&'static str, &'static str)],
    stays: &'static [&'static str],
    trade_alone: bool,
    keeps: bool,
}

const PLANS: [Plan; 2] = [
    Plan {
        steps: &[
            ("accept", "accept"),
            ("examine", "assess"),
            ("settle", "settle"),
            ("check", "check"),
        ],
        stays: &["statement"],
        trade_alone: true,
        keeps: true,
    },
    Plan {
        steps: &[("accept", "accept"), ("check", "check")],
        stays: &["examine", "statement", "settle"],
        trade_alone: false,
        keeps: false,
    },
];

impl Plan {
    fn text(&self, from: &Pack) -> String {
        let steps = self.steps.iter().map(|(old, new)| format!("  {old}: {new}\n"));
        let stays = self.stays.iter().map(|old| format!("  {old}: {{ zh: 留, en: Stay }}\n"));
        let which = if self.trade_alone { "which: herb-room.purpose = 'trade'\n" } else { "" };
        format!(
            "migration: reform\ntitle: {{ zh: 改革, en: Reform }}\nprocedure: herb-room-licence\n\
             from: \"{}\"\n{which}steps:\n{}stays:\n{}clock: {}\n\
             basis:\n  - {{ act: 柳溪过渡办法（虚构）, confidence: assumed }}\n",
            from.hash,
            steps.collect::<String>(),
            stays.collect::<String>(),
            if self.keeps { "keeps" } else { "restarts" },
        )
    }

    /// Where a case goes on, by the words of the plan alone; none where it stays.
    fn place(&self, case: &Case) -> Option<&'static str> {
        let Standing::At { step, .. } = &case.standing else { return None };
        let trade = case.facts["herb-room.purpose"] == Value::Choice(name("trade"));
        let new = self.steps.iter().find(|(old, _)| step.as_str() == *old)?.1;
        (trade || !self.trade_alone).then_some(new)
    }
}

/// The town as it is reformed: examination is called assessment and takes eight days instead of
/// ten, acceptance three instead of five.
fn reformed(plan: Option<String>) -> Pack {
    let mut files = shipped::files("willow");
    let mut text = files[LICENCE].clone();
    for (what, with) in [
        ("  examine:\n", "  assess:\n"),
        ("then: examine", "then: assess"),
        ("upheld: examine", "upheld: assess"),
        ("from: examine", "from: assess"),
        ("[accept, examine]", "[accept, assess]"),
        (
            "term: 10 working days, basis: { act: 柳溪草药房条例（虚构）, article: 12",
            "term: 8 working days, basis: { act: 柳溪草药房条例（虚构）, article: 12",
        ),
        (
            "term: 5 working days, basis: { act: 行政许可法, article: 32, confidence: \
             verified } }\n    silence",
            "term: 3 working days, basis: { act: 行政许可法, article: 32, confidence: \
             verified } }\n    silence",
        ),
    ] {
        assert!(text.contains(what), "the licence says nothing like `{what}`");
        text = text.replace(what, with);
    }
    files.insert(LICENCE.to_owned(), text);
    if let Some(plan) = plan {
        files.insert("migrations/reform.yaml".to_owned(), plan);
    }
    compiled(files)
}

fn compiled(files: Files) -> Pack {
    let packs = [("cn".to_owned(), shipped::files("cn")), ("willow".to_owned(), files)];
    let library = Archive { name: "willow".to_owned(), packs: packs.into() };
    let compiled = pack::compile(&library, "willow").unwrap_or_else(|no| {
        panic!("{}", no.faults.render(&no.sources, base::Language::En, false))
    });
    compiled.pack
}

/// Traffic on one memory.
struct Run<'p> {
    memory: Memory<'p>,
    lot: Rng,
    now: i64,
}

impl<'p> Run<'p> {
    fn new(pack: &'p Pack, seed: u64) -> Self {
        let mut lot = Rng::with_seed(seed);
        let now = days::start_of(days::day(2017, 3, 1) + lot.i64(0..300));
        Self { memory: Memory::new(pack), lot, now }
    }

    fn at(&self) -> Instant {
        Instant::from_micros(self.now)
    }

    /// Something random; what was tried, for whoever wants to try it too.
    fn step(&mut self) -> (CaseId, u64, Instant) {
        self.now += self.lot.i64(1..2_000) * MINUTE;
        let open: Vec<CaseId> = self.memory.cases().map(|case| case.id).collect();
        if open.len() < 4 || self.lot.u8(0..5) == 0 {
            let form = self.form();
            let who = Who::Applicant(self.lot.u8(1..4));
            let file = filing(who, &form);
            let actor = Actor::Party(file.applicant);
            let (command, at) = (Command::File(file), self.at());
            let id = self.memory.submit(None, &command, &actor, at).unwrap();
            return (id, 0, at);
        }
        let case = self.lot.choice(open).unwrap();
        let (roll, at) = (self.lot.u64(1..), self.at());
        attempt(&mut self.memory, case, roll, at);
        (case, roll, at)
    }

    fn form(&mut self) -> Form {
        Form {
            place: "900101001",
            name: format!("草药房 {}", self.lot.u8(..)),
            floor_area: self.lot.i64(15..60),
            charity: self.lot.bool(),
            worked_since: days::day(2017 - self.lot.i64(2..8), 5, 1),
            with_plan: true,
        }
    }
}

/// Tries on a case what a roll says; the number of the refusal, where it is refused.
fn attempt(memory: &mut Memory<'_>, id: CaseId, roll: u64, at: Instant) -> Option<u16> {
    memory.advance(at).unwrap();
    let case = memory.cases().find(|case| case.id == id).unwrap().clone();
    let pack = memory.ruling(&case);
    let (actor, command) = deed(pack, &case, &mut Rng::with_seed(roll))?;
    memory.submit(Some(id), &command, &actor, at).err().map(|refusal| refusal.number())
}

/// Something that one of those who are awaited might do; nothing where nobody is.
fn deed(pack: &Pack, case: &Case, lot: &mut Rng) -> Option<(Actor, Command)> {
    let applicant = Actor::Party(case.applicant);
    match &case.standing {
        Standing::At { .. } if lot.u8(0..20) == 0 => {
            Some((applicant, Command::Withdraw { reasons: String::new() }))
        }
        Standing::At { step, .. } => {
            let stage = pack.procedures[&case.procedure].stage(step.as_str()).unwrap();
            let (called, outcome) = lot.choice(&stage.outcomes).unwrap();
            let actor = match &stage.by {
                By::Body(by) => Actor::Officer(PartyId([100; 16]), body_of(pack, case, by)?),
                By::Applicant | By::Clock => applicant,
            };
            Some((actor, chosen(step.as_str(), called.as_str(), outcome)))
        }
        Standing::Supplementing { items, .. } => {
            let items: Vec<&str> = items.iter().map(String::as_str).collect();
            let materials = papers(&items);
            Some((applicant, Command::Supply(Supply { facts: BTreeMap::new(), materials })))
        }
        Standing::Challenged { .. } => {
            let ruled = Command::Rule { upheld: lot.bool(), reasons: "理由".to_owned() };
            Some((officer("health", "90"), ruled))
        }
        Standing::Ended { .. } => {
            let made = lot.choice(&case.decisions)?;
            let remedy = made.remedies.keys().next()?.clone();
            let (decision, grounds) = (made.number, "理由".to_owned());
            Some((applicant, Command::Appeal { decision, remedy, grounds }))
        }
        _ => None,
    }
}

fn chosen(step: &str, outcome: &str, what: &Outcome) -> Command {
    let asks = matches!(what.follows, Follows::Supplement(_));
    Command::Choose(Choose {
        step: name(step),
        outcome: name(outcome),
        reasons: "理由".to_owned(),
        items: if asks { vec!["lease".to_owned()] } else { Vec::new() },
        facts: BTreeMap::new(),
    })
}

/// What a case shows, but for the numbers of entries, which a move shifts.
fn seen(memory: &Memory<'_>, id: CaseId) -> Seen {
    let case = memory.cases().find(|case| case.id == id).unwrap();
    let mut seen = Seen::of(memory.ruling(case), case);
    for decision in &mut seen.decisions {
        decision.number = 0;
    }
    seen
}

/// Holds the cases before and after the adoption against the plan; which moved.
fn compare(plan: &Plan, before: &[Case], run: &Run<'_>, new: &Pack) -> BTreeSet<CaseId> {
    let after: BTreeMap<CaseId, &Case> = run.memory.cases().map(|case| (case.id, case)).collect();
    assert_eq!(after.len(), before.len(), "no case is lost");
    let mut moved = BTreeSet::new();
    for case in before {
        let now = after[&case.id];
        let Some(step) = plan.place(case) else {
            assert_eq!(now, case, "a case that stays is as it was");
            continue;
        };
        moved.insert(case.id);
        let stage = new.procedures["herb-room-licence"].stage(step).unwrap();
        let today = new.zone.day_of(run.at());
        let own = Deadline::of(stage.within.term, today, &new.calendar, &new.zone);
        let given = case.standing.due().unwrap();
        let due = if plan.keeps { given.min(own) } else { own };
        assert_eq!(now.standing.step().unwrap().as_str(), step);
        assert_eq!(now.standing.due(), Some(due), "{case:#?}");
        assert_eq!(now.pack, new.hash);
        let same = Case {
            pack: case.pack,
            standing: case.standing.clone(),
            last: case.last,
            last_at: case.last_at,
            asked: case.asked.clone(),
            ..now.clone()
        };
        assert_eq!(same, *case, "a move changes nothing else");
    }
    moved
}

/// Drives a case to an end: in time there is always something that somebody can do.
fn must_end(memory: &mut Memory<'_>, id: CaseId, mut now: i64) {
    for _ in 0..40 {
        now += 60 * 24 * 60 * MINUTE;
        let at = Instant::from_micros(now);
        memory.advance(at).unwrap();
        let case = memory.cases().find(|case| case.id == id).unwrap().clone();
        if matches!(case.standing, Standing::Ended { .. } | Standing::Withdrawn) {
            return;
        }
        let done = (1..200).any(|roll| attempt(memory, id, roll, at).is_none());
        assert!(done, "nobody can do anything in {case:#?}");
    }
    panic!("case {id} goes on and on");
}

#[test]
fn a_plan_moves_its_cases_and_no_other() {
    let old = shipped::compiled("willow").pack;
    let plain = reformed(None);
    let editions = PLANS.each_ref().map(|plan| reformed(Some(plan.text(&old))));
    for new in &editions {
        assert_eq!(pack::migrate::check(&old, new, &new.migrations["reform"]), []);
    }
    let (mut moves, mut stayed, mut steps) = (0, 0, BTreeSet::new());
    for seed in 0..RUNS {
        let (plan, new) = (&PLANS[seed as usize % 2], &editions[seed as usize % 2]);
        let (mut run, mut twin) = (Run::new(&old, seed), Run::new(&old, seed));
        for _ in 0..BEFORE {
            assert_eq!(run.step(), twin.step());
        }
        let clerk = officer("health", "90");
        run.memory.advance(run.at()).unwrap();
        let before: Vec<Case> = run.memory.cases().cloned().collect();
        run.memory.adopt_pack(new, &clerk, run.at()).unwrap();
        twin.memory.adopt_pack(&plain, &clerk, run.at()).unwrap();
        let moved = compare(plan, &before, &run, new);
        steps.extend(run.memory.cases().filter_map(|case| case.standing.step().cloned()));
        let stays: BTreeSet<CaseId> =
            before.iter().map(|case| case.id).filter(|id| !moved.contains(id)).collect();
        for _ in 0..AFTER {
            let (id, roll, at) = run.step();
            twin.memory.advance(at).unwrap();
            if stays.contains(&id) {
                attempt(&mut twin.memory, id, roll, at);
            }
            for id in &stays {
                assert_eq!(seen(&run.memory, *id), seen(&twin.memory, *id), "case {id}");
            }
        }
        let now = run.now;
        for id in moved.iter().chain(&stays) {
            must_end(&mut run.memory, *id, now);
        }
        holds(&run.memory);
        crate::accounts::add_up(&run.memory, &[&old, new]);
        moves += moved.len();
        stayed += stays.len();
        let written = run.memory.entries().iter();
        let written = written.filter(|entry| matches!(entry.act, Act::Migrated(_)));
        assert_eq!(written.count(), moved.len(), "each move is an entry");
    }
    println!("{moves} cases moved, {stayed} stayed");
    let steps: Vec<&str> = steps.iter().map(|step| step.as_str()).collect();
    assert_eq!(steps, ["accept", "assess", "check", "examine", "settle", "statement"]);
}
