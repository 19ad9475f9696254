//! The pack checker walks a review by what it comes to ([`pack::model::Review::results`]), not by
//! who answered what and when. Here every order of every answer and silence of Willow's three
//! bodies is played through the kernel, under each rule of joining: all come to a result the
//! checker walks, each of these is come to, and none takes longer than the checker counts.

use std::collections::{BTreeMap, BTreeSet};

use base::{Division, Instant, Language, Name};
use kernel::{
    Act, Actor, CaseId, Command, Deadline, Standing,
    case::Part,
    command::{Answer, Choose, File, Supply},
};
use pack::model::{
    Applicant,
    Counts::{self, Abstains, Approves, Refuses},
    Joined, Pack, Review, Target,
};
use replay::memory::Memory;
use rules::Value;

use crate::{
    days::{self, Day, Days, Term},
    joint_law::PARTS,
    people::{MINUTE, name, officer, papers, party},
    shipped,
};

const DAY: i64 = 24 * 60 * MINUTE;
const JOINT: &str = "procedures/tea-house-licence.yaml";
const JOIN: &str = "join: { any_refusal_ends: { approved: settle, otherwise: hearing-offered } }";
const ANSWERS: [&str; 3] = ["agrees", "objects", "silent"];
/// With it planning have as long as all together.
const LONG_PART: (&str, &str) =
    ("within: { term: 15 working days", "within: { term: 20 working days");

/// A rule of joining: how a pack writes it, and what it makes of the answers given, in their order,
/// while some bodies have not answered.
struct Rule {
    changes: &'static [(&'static str, &'static str)],
    comes_to: fn(&[Counts], usize) -> Option<Joined>,
}

/// Where the lead decides nothing leads to the hearing by itself, so it gets a step to weigh in.
const WEIGH: &str = "
  weigh:
    title: { zh: 权衡, en: Weighing }
    by: decider
    within: { term: 5 working days, basis: { act: 柳溪茶馆条例（虚构）, confidence: assumed } }
    outcomes:
      clear: { title: { zh: 清楚, en: Clear }, then: settle }
      doubtful: { title: { zh: 存疑, en: Doubtful }, reasons: true, then: hearing-offered }
  hearing-offered:
";

const RULES: [Rule; 3] = [
    Rule {
        changes: &[(JOIN, "join: { lead_decides: weigh }"), ("\n  hearing-offered:\n", WEIGH)],
        comes_to: |_, open| (open == 0).then_some(Joined::Answered),
    },
    Rule {
        changes: &[(
            JOIN,
            "join: { all_approve: { approved: settle, otherwise: hearing-offered } }",
        )],
        comes_to: |given, open| match given {
            _ if open > 0 => None,
            [Approves, Approves, Approves] => Some(Joined::Approved),
            _ => Some(Joined::Otherwise),
        },
    },
    Rule {
        changes: &[(JOIN, JOIN)],
        comes_to: |given, open| match given {
            [.., Refuses] => Some(Joined::Otherwise),
            _ if open > 0 => None,
            [Approves, Approves, Approves] => Some(Joined::Approved),
            _ => Some(Joined::Otherwise),
        },
    },
];

/// Willow with the procedure of its tea houses written otherwise; it must still be sound.
fn willow<'c>(changes: impl IntoIterator<Item = &'c (&'c str, &'c str)>) -> Pack {
    let mut archive = shipped::compiled("willow").archive;
    let text = archive.packs.get_mut("willow").and_then(|files| files.get_mut(JOINT)).unwrap();
    for (from, to) in changes {
        assert_eq!(text.matches(from).count(), 1, "{from}");
        *text = text.replace(from, to);
    }
    let compiled = pack::compile(&archive, "willow");
    compiled
        .unwrap_or_else(|no| panic!("{}", no.faults.render(&no.sources, Language::En, false)))
        .pack
}

fn review(pack: &Pack) -> &Review {
    pack.procedures[&name("tea-house-licence")].review("review").unwrap()
}

fn counts(answer: &Name) -> Counts {
    match answer.as_str() {
        "agrees" => Approves,
        "objects" => Refuses,
        _ => Abstains,
    }
}

/// What may happen to a review.
#[derive(Debug, Clone, Copy)]
enum Move {
    /// A body answers.
    Answer(&'static str, &'static str),
    /// Time passes until the next body is silent.
    Silence,
    /// The lead asks for the drawing again, which comes so many days later.
    Ask(i64),
    /// The lead stops the clock for so many days, or until it goes on by itself.
    Stop(i64),
}

/// A review that has begun.
struct Play<'p> {
    memory: Memory<'p>,
    case: CaseId,
    now: i64,
}

impl<'p> Play<'p> {
    /// A small house, accepted at noon of a day.
    fn begun(pack: &'p Pack, on: Day) -> Self {
        let now = days::start_of(on) + 720 * MINUTE;
        let facts = [
            ("tea-house.name", Value::Text("茶馆".to_owned())),
            ("tea-house.division", Value::Division(Division::parse("900101001").unwrap())),
            ("tea-house.rank", Value::Choice(name("small"))),
            ("tea-house.seats", Value::Integer(20)),
        ];
        let file = Command::File(File {
            procedure: name("tea-house-licence"),
            applicant: party(1),
            kind: Applicant::Person,
            subjects: BTreeMap::new(),
            facts: facts.map(|(path, value)| (path.to_owned(), value)).into(),
            materials: papers(&["drawing"]),
            commitments: BTreeSet::new(),
            through: kernel::ledger::Through::Own,
            on_paper: false,
            signed: None,
        });
        let mut memory = Memory::new(pack);
        let at = Instant::from_micros(now);
        let case = memory.submit(None, &file, &Actor::Party(party(1)), at).unwrap();
        let mut play = Self { memory, case, now };
        play.choose("accept", "accepted");
        play
    }

    /// The same once the moves are made.
    fn after(pack: &'p Pack, on: Day, moves: &[Move]) -> Self {
        let mut play = Self::begun(pack, on);
        moves.iter().for_each(|m| play.make(*m));
        play
    }

    fn submit(&mut self, actor: &Actor, command: &Command) {
        self.now += MINUTE;
        let at = Instant::from_micros(self.now);
        self.memory.submit(Some(self.case), command, actor, at).unwrap();
    }

    fn choose(&mut self, step: &str, outcome: &str) {
        let (step, outcome) = (name(step), name(outcome));
        let (reasons, items) = ("理由".to_owned(), vec!["drawing".to_owned()]);
        let choose =
            Command::Choose(Choose { step, outcome, reasons, items, facts: BTreeMap::new() });
        self.submit(&officer("health", "900101"), &choose);
    }

    fn make(&mut self, m: Move) {
        match m {
            Move::Answer(part, answer) => {
                let (step, answer) = (name("review"), name(answer));
                let reasons = "理由".to_owned();
                let answer =
                    Answer { step, part: name(part), answer, reasons, facts: BTreeMap::new() };
                self.submit(&officer(part, "900101"), &Command::Answer(answer));
            }
            Move::Silence => {
                let next = self.awaited().into_values().map(|due| due.at.micros()).min();
                self.pass(next.unwrap());
            }
            Move::Ask(days) => {
                self.choose("review", "incomplete");
                self.pass(self.now + days * DAY);
                let supply = Supply { materials: papers(&["drawing"]), ..Supply::default() };
                self.submit(&Actor::Party(party(1)), &Command::Supply(supply));
            }
            Move::Stop(days) => {
                self.choose("review", "appraisal");
                let longest = self.standing().due().unwrap().at.micros();
                self.pass((self.now + days * DAY).min(longest));
                if matches!(self.standing(), Standing::Stopped { .. }) {
                    let reasons = "理由".to_owned();
                    self.submit(&officer("health", "900101"), &Command::Resume { reasons });
                }
            }
        }
    }

    fn pass(&mut self, at: i64) {
        self.now = at;
        self.memory.advance(Instant::from_micros(at)).unwrap();
    }

    fn standing(&self) -> &Standing {
        &self.memory.cases().next().unwrap().standing
    }

    /// The bodies that have not answered while the review goes on, each with its last day.
    fn awaited(&self) -> BTreeMap<String, Deadline> {
        let Standing::Reviewing { parts, .. } = self.standing() else { return BTreeMap::new() };
        let awaited = parts.iter().filter_map(|(part, stands)| match stands {
            Part::Awaited(runs) => Some((part.to_string(), runs.due)),
            Part::Answered { .. } => None,
        });
        awaited.collect()
    }

    /// What the answers given so far count as, in their order.
    fn given(&self) -> Vec<Counts> {
        let answers = self.memory.entries().iter().filter_map(|entry| match &entry.act {
            Act::Answered(answered) => Some(counts(&answered.answer)),
            _ => None,
        });
        answers.collect()
    }

    /// The last day that the review has taken.
    fn last_day(&self) -> Day {
        days::day_of(self.memory.entries().last().unwrap().at.micros() - 1)
    }
}

/// Goes every way from here on, holding the clock in each of the ways given once at most, and shows
/// each place on it.
fn explore<'p>(
    (pack, on): (&'p Pack, Day),
    holds: &[Move],
    moves: &mut Vec<Move>,
    show: &mut impl FnMut(&[Move], &Play<'p>),
) {
    let play = Play::after(pack, on, moves);
    show(moves, &play);
    let awaited = play.awaited();
    if awaited.is_empty() {
        return;
    }
    let open = PARTS.into_iter().filter(|part| awaited.contains_key(*part));
    let answers = open.flat_map(|part| ANSWERS.map(|answer| Move::Answer(part, answer)));
    for m in answers.chain([Move::Silence]) {
        moves.push(m);
        explore((pack, on), holds, moves, show);
        moves.pop();
    }
    for (index, hold) in holds.iter().enumerate() {
        moves.push(*hold);
        explore((pack, on), &[&holds[..index], &holds[index + 1..]].concat(), moves, show);
        moves.pop();
    }
}

fn published() -> Days {
    Days::read(&shipped::text("cn/calendar/workdays.csv"))
}

/// For every order in which the three bodies can come to be silent, some at one instant, a day on
/// which the review begins that brings it about.
fn days_of_every_order(days: &Days) -> Vec<Day> {
    let terms = [Term::Natural(20), Term::Working(10), Term::Working(15)];
    let mut found: BTreeMap<Vec<usize>, Day> = BTreeMap::new();
    for on in days::day(2016, 1, 4)..days::day(2026, 9, 1) {
        let ends = terms.map(|term| days.ends(on, term).0);
        let earlier = |end: &Day| ends.iter().filter(|other| *other < end).count();
        found.entry(ends.iter().map(earlier).collect()).or_insert(on);
    }
    found.into_values().collect()
}

/// Plays every way and compares what they come to with what the checker walks; says how many ways
/// there are.
fn all_come_to_results(pack: &Pack, rule: &Rule, on: Day, holds: &[Move]) -> usize {
    let results = review(pack).results();
    let results: BTreeSet<_> = results.into_iter().map(|(how, to)| (how, to.clone())).collect();
    let (mut found, mut ways) = (BTreeSet::new(), 0);
    explore((pack, on), holds, &mut Vec::new(), &mut |moves, play| {
        let given = play.given();
        let joined = (rule.comes_to)(&given, PARTS.len() - given.len());
        match play.standing() {
            Standing::Reviewing { .. } => assert_eq!(joined, None, "{moves:?}"),
            Standing::At { step, .. } => {
                ways += 1;
                found.insert((joined.unwrap(), Target::Step(step.clone())));
            }
            other => panic!("{moves:?}: {other:?}"),
        }
    });
    assert_eq!(found, results, "{:?} from {}", rule.changes, days::text_of(on));
    ways
}

#[test]
fn every_order_of_answers_comes_to_what_the_checker_walks() {
    let begins = days_of_every_order(&published());
    let mut ways = 0;
    for rule in &RULES {
        let pack = willow(rule.changes);
        let from = begins.iter().map(|on| all_come_to_results(&pack, rule, *on, &[]));
        ways += from.sum::<usize>();
    }
    println!("{ways} ways through a review, from {} days", begins.len());
}

#[test]
fn a_clock_that_stands_still_changes_no_result() {
    let mut ways = 0;
    for rule in &RULES {
        let (pack, on) = (willow(rule.changes), days::day(2018, 9, 10));
        for hold in [Move::Ask(3), Move::Stop(90)] {
            ways += all_come_to_results(&pack, rule, on, &[hold]);
        }
    }
    println!("{ways} ways through a review whose clock is held");
}

/// The most working days that a review takes which begins on one of the days, over all ways.
fn most_days(pack: &Pack, days: &Days, begins: &[Day]) -> u32 {
    let mut most = 0;
    for on in begins {
        explore((pack, *on), &[], &mut Vec::new(), &mut |_, play| {
            most = most.max(days.working_between(*on, play.last_day()));
        });
    }
    most
}

#[test]
fn no_order_takes_longer_than_the_checker_counts() {
    let days = published();
    let begins = days_of_every_order(&days);
    for rule in &RULES {
        let pack = willow(rule.changes);
        let counted = review(&pack).within.term;
        assert_eq!(counted.to_string(), "20 working days");
        let most = most_days(&pack, &days, &begins);
        assert!(most <= counted.count, "{most} {:?}", rule.changes);
        // Where one body has as long as all together, it is reached.
        let pack = willow(rule.changes.iter().chain([&LONG_PART]));
        assert_eq!(most_days(&pack, &days, &begins), counted.count, "{:?}", rule.changes);
    }
}

/// A clock that stands still adds nothing: afterwards no body has longer than all together, and the
/// days on which the clock ran are no more than the checker counts.
fn held_adds_nothing(pack: &Pack, days: &Days, on: Day, after: i64, hold: Move) {
    let mut play = Play::begun(pack, on);
    play.pass(days::start_of(on + after) + 720 * MINUTE);
    let Standing::Reviewing { .. } = play.standing() else { return };
    let told = || format!("from {}, after {after} days {hold:?}", days::text_of(on));
    play.make(hold);
    let Standing::Reviewing { runs, .. } = play.standing() else { panic!("{}", told()) };
    let (all, again) = (runs.due, days::day_of(play.now));
    for (part, due) in play.awaited() {
        assert!(due <= all, "{}: {part} has until {}, all until {}", told(), due.on, all.on);
    }
    while !play.awaited().is_empty() {
        play.make(Move::Silence);
    }
    let ran = days.working_between(on, on + after) + days.working_between(again, play.last_day());
    assert!(ran <= review(pack).within.term.count, "{}: {ran} working days", told());
}

#[test]
fn no_body_has_longer_than_the_review_once_its_clock_stood_still() {
    let (pack, days) = (willow(&[]), published());
    for on in (days::day(2017, 1, 1)..days::day(2021, 1, 1)).step_by(5) {
        for after in [0, 4, 8, 13, 18] {
            for hold in [Move::Ask(2), Move::Stop(11), Move::Stop(24)] {
                held_adds_nothing(&pack, &days, on, after, hold);
            }
        }
    }
}
