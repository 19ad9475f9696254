//! The account of days adds up: after each entry of each case it comes to the deadline that the
//! kernel wrote, or to what the kernel kept of a clock that stands still; no day is missing or
//! counted twice; and a slow model that takes terms from the pack and spans from the acts, and
//! counts on the published table, comes to the same.

use std::collections::BTreeMap;

use base::{Date, Instant, Name, Unit};
use kernel::{
    Act, Case, CaseId, Command, Entry, EntryNumber, Standing,
    account::{Account, Calendars, DayIs, Of, Stands, accounts},
    case::{Part, Running},
    command::{Choose, Supply},
};
use pack::model::{Follows, Pack, Procedure};
use replay::memory::Memory;

use crate::{
    days::{Days, day, text_of},
    law::{Form, Who},
    people::{name, officer, papers},
    shipped, traffic,
};

/// Holds the accounts of every case of a city, as they were after each entry.
pub(crate) fn add_up(memory: &Memory<'_>, packs: &[&Pack]) -> usize {
    let calendar = |hash| packs.iter().find(|p| p.hash == hash).map(|p| p.calendar.clone());
    let mut calendars = Calendars::starting(packs[0].calendar.clone());
    let shipped = Days::read(&shipped::text("cn/calendar/workdays.csv"));
    let mut slow = Slow { shipped, published: Vec::new() };
    let mut histories: BTreeMap<CaseId, Vec<Entry>> = BTreeMap::new();
    let mut cases: BTreeMap<CaseId, Case> = BTreeMap::new();
    let mut seen = 0;
    for entry in memory.entries() {
        calendars.note(entry, calendar);
        slow.note(entry);
        let Some(on) = &entry.case else { continue };
        let history = histories.entry(on.id).or_default();
        history.push(entry.clone());
        let case = Case::fold(cases.remove(&on.id), entry).unwrap();
        let pack = packs.iter().find(|pack| pack.hash == case.pack).unwrap();
        let procedure = &pack.procedures[&case.procedure];
        let today = pack.zone.day_of(entry.at);
        let found = accounts(history, procedure, &pack.zone, &calendars, today);
        agrees(&found, &on.standing, today, history);
        for account in &found {
            whole(account);
            slow.recounts(account);
        }
        slow.agrees(procedure, history, &on.standing, pack);
        seen += found.len();
        cases.insert(on.id, case);
    }
    seen
}

/// The accounts that are open are those of the clocks that the kernel keeps, and say the same.
fn agrees(found: &[Account], standing: &Standing, today: Date, history: &[Entry]) {
    let whole = |account: &&Account| matches!(account.of, Of::Statutory | Of::Promised);
    let open: Vec<&Account> =
        found.iter().filter(|account| !account.over() && !whole(account)).collect();
    let expected = kept(standing);
    let of: Vec<&Of> = open.iter().map(|account| &account.of).collect();
    assert_eq!(of.len(), expected.len(), "{of:?} {standing:?}");
    for account in open {
        let kept = expected.get(&account.of).unwrap_or_else(|| panic!("{account:?}"));
        match (kept, account.stands) {
            (Kept::Runs(runs), Stands::Runs(last)) => {
                let kernel = (runs.due.on, runs.due.provisional);
                assert_eq!((last.on, last.provisional), kernel, "{account:#?} {history:#?}");
            }
            (Kept::Left(left), Stands::Held) => {
                assert_eq!(account.left(today), *left, "{account:#?} {history:#?}");
            }
            other => panic!("{other:?} {account:#?}"),
        }
    }
}

#[derive(Debug)]
enum Kept {
    Runs(Running),
    Left(u32),
}

fn kept(standing: &Standing) -> BTreeMap<Of, Kept> {
    let mut kept = BTreeMap::new();
    match standing {
        Standing::At { step, runs } => {
            kept.insert(Of::Step(step.clone()), Kept::Runs(*runs));
        }
        Standing::Reviewing { step, runs, parts } => {
            kept.insert(Of::Step(step.clone()), Kept::Runs(*runs));
            for (body, part) in parts {
                if let Part::Awaited(runs) = part {
                    kept.insert(Of::Part(step.clone(), body.clone()), Kept::Runs(*runs));
                }
            }
        }
        Standing::Supplementing { step, runs, held, .. }
        | Standing::Stopped { step, runs, held, .. } => {
            let of = match standing {
                Standing::Stopped { .. } => Of::Stop(step.clone()),
                _ => Of::Supplement(step.clone()),
            };
            kept.insert(of, Kept::Runs(*runs));
            kept.insert(Of::Step(step.clone()), Kept::Left(held.left.count));
            for (body, part) in &held.parts {
                if let Part::Awaited(left) = part {
                    kept.insert(Of::Part(step.clone(), body.clone()), Kept::Left(left.count));
                }
            }
        }
        Standing::Challenged { decision, runs, .. } => {
            kept.insert(Of::Ruling(*decision), Kept::Runs(*runs));
        }
        Standing::Ended { .. } | Standing::Withdrawn => {}
    }
    kept
}

/// No day is missing or told twice, and those that count are numbered one after the other.
fn whole(account: &Account) {
    assert_eq!(account.days[0].on, account.began.day);
    assert_eq!(account.days[0].is, DayIs::First);
    let pairs = account.days.iter().zip(account.days.iter().skip(1));
    for (one, next) in pairs {
        assert_eq!(one.on.next(), next.on, "{account:#?}");
    }
    let counted: Vec<u32> = account.days.iter().filter_map(kernel::account::Day::nth).collect();
    assert!((1..).zip(&counted).all(|(nth, day)| nth == *day), "{account:#?}");
    assert!(counted.len() as u32 <= account.goal, "{account:#?}");
    if let (Stands::Runs(last), Some(day)) = (account.stands, account.days.last()) {
        assert_eq!(last.on, day.on, "{account:#?}");
        assert_eq!(counted.len() as u32, account.goal, "{account:#?}");
    }
    for halt in &account.halts {
        assert!(halt.until.is_none_or(|until| until.day >= halt.from.day), "{account:#?}");
    }
}

/// Counts a step's working days anew, without a calendar or an account of ours: from the term that
/// the pack gives, and the acts that stopped it and let it go on.
struct Slow {
    shipped: Days,
    published: Vec<(EntryNumber, Days)>,
}

impl Slow {
    fn note(&mut self, entry: &Entry) {
        if let Act::CalendarAdopted(adopted) = &entry.act {
            let mut days = self.known(entry.number);
            let further = Days::read(&adopted.days);
            days.publish(further.lines());
            self.published.push((entry.number, days));
        }
    }

    /// What was published before an entry.
    fn known(&self, number: EntryNumber) -> Days {
        let before = self.published.iter().rev().find(|(from, _)| *from < number);
        before.map_or_else(|| self.shipped.clone(), |(_, days)| days.clone())
    }

    /// The days used are the working days on the published table that lie in no halt.
    fn recounts(&self, account: &Account) {
        if account.unit != Unit::WorkingDays || account.days.iter().any(|day| day.provisional) {
            return;
        }
        let number = |date: Date| day(date.year().into(), date.month().into(), date.day().into());
        let days = self.known(EntryNumber(u64::MAX));
        let last = account.days.last().unwrap().on;
        let halted = |on: i64| {
            account.halts.iter().any(|halt| {
                let until = halt.until.map_or(last, |until| until.day);
                number(halt.from.day) < on && on <= number(until)
            })
        };
        let counted = (number(account.began.day) + 1..=number(last))
            .filter(|on| days.working_between(on - 1, *on) == 1 && !halted(*on))
            .count();
        let counted = u32::try_from(counted).unwrap().min(account.goal);
        assert_eq!(account.used(last), counted, "{account:#?}");
    }

    fn agrees(&self, procedure: &Procedure, history: &[Entry], standing: &Standing, pack: &Pack) {
        let (step, runs) = match standing {
            Standing::At { step, runs } | Standing::Reviewing { step, runs, .. } => (step, runs),
            _ => return,
        };
        let moved = history.iter().any(|entry| matches!(entry.act, Act::Migrated(_)));
        let stage = procedure.stage(step.as_str());
        let own_day = stage.is_some_and(|stage| stage.until.is_some());
        let within = procedure.steps[step].within().unwrap().term;
        if moved || own_day || within.unit != Unit::WorkingDays {
            return;
        }
        let on = |date: Date| day(date.year().into(), date.month().into(), date.day().into());
        let arrived = arrived(procedure, history, step);
        let (mut from, mut left) =
            (on(pack.zone.day_of(history[arrived].at)), i64::from(within.count));
        for entry in &history[arrived..] {
            let today = on(pack.zone.day_of(entry.at));
            match &entry.act {
                Act::Stopped(_) | Act::SupplementAsked(_) => {
                    left -= i64::from(self.known(entry.number).working_between(from, today));
                    left = left.max(0);
                    from = today;
                }
                Act::Supplied(_) => from = today,
                // A stop that is over by itself was so with the end of its last day.
                Act::Resumed(why) => {
                    from = if why.is_empty() { from_of(entry, &on) } else { today }
                }
                Act::Extended(made) => {
                    let outcome = procedure.outcome(&made.step, &made.outcome).unwrap();
                    let Follows::Extend(extend) = &outcome.follows else { panic!("{made:?}") };
                    left += i64::from(extend.by.term.count);
                }
                _ => {}
            }
        }
        let due = self.known(EntryNumber(u64::MAX)).working_after(from, left.try_into().unwrap());
        assert_eq!(text_of(due), runs.due.on.to_string(), "{left} left {history:#?}");
    }
}

/// The entry that brought the case to the step where it is.
fn arrived(procedure: &Procedure, history: &[Entry], step: &Name) -> usize {
    let leads = |entry: &Entry| {
        let at = entry.case.as_ref().and_then(|on| on.standing.step());
        at != Some(step)
    };
    let away = history.iter().rposition(leads).map_or(0, |before| before + 1);
    // A choice that leads back to the same step begins it anew; one that only adds does not.
    let led = history[away..].iter().rposition(|entry| match &entry.act {
        Act::Chose(chose) => {
            let outcome = procedure.outcome(&chose.step, &chose.outcome).unwrap();
            !matches!(outcome.follows, Follows::Stay)
        }
        _ => false,
    });
    led.map_or(away, |led| away + led)
}

fn from_of(entry: &Entry, on: &impl Fn(Date) -> i64) -> i64 {
    let standing = entry.case.as_ref().map(|on| &on.standing);
    on(standing.and_then(Standing::runs).unwrap().counted_from)
}

/// One day in a few words.
fn told(day: &kernel::account::Day) -> String {
    let is = match day.is {
        DayIs::First => "first".to_owned(),
        DayIs::Counted(nth) => nth.to_string(),
        DayIs::MakeUp(nth) => format!("{nth} made up"),
        DayIs::Weekend => "weekend".to_owned(),
        DayIs::Holiday => "off".to_owned(),
        DayIs::Stopped(_) => "stopped".to_owned(),
        DayIs::GoesOn(_) => "goes on".to_owned(),
        DayIs::RolledOver => "rolled".to_owned(),
        DayIs::Over => "over".to_owned(),
    };
    let holiday = day.holiday.as_ref().map(|name| format!(" ({})", name.en));
    let tail = if day.provisional { " provisional" } else { "" };
    format!("{} {is}{}{tail}", day.on, holiday.unwrap_or_default())
}

/// A herb room's acceptance around the Spring Festival of 2024, counted by hand: the festival was
/// off from Saturday 10 to Saturday 17 February; Sundays 4 and 18 were worked.
#[test]
fn each_day_of_an_acceptance_around_the_spring_festival() {
    let pack = shipped::compiled("willow").pack;
    let mut memory = Memory::new(&pack);
    let at = |text: &str| Instant::parse(&format!("{text}T10:00:00+08:00")).unwrap();
    let form = Form {
        place: "900101001",
        name: "草药房".to_owned(),
        floor_area: 40,
        charity: false,
        worked_since: day(2010, 1, 1),
        with_plan: true,
    };
    let (lin, east) = (Who::Applicant(1), officer("health", "900101"));
    let party = kernel::Actor::Party(crate::people::party(1));
    let file = Command::File(traffic::filing(lin, &form));
    let case = Some(memory.submit(None, &file, &party, at("2024-02-01")).unwrap());
    let ask = Command::Choose(Choose {
        step: name("accept"),
        outcome: name("incomplete"),
        reasons: "unclear".to_owned(),
        items: vec!["plan".to_owned()],
        facts: BTreeMap::new(),
    });
    memory.submit(case, &ask, &east, at("2024-02-05")).unwrap();
    let supply = Supply { facts: BTreeMap::new(), materials: papers(&["plan"]) };
    memory.submit(case, &Command::Supply(supply), &party, at("2024-02-08")).unwrap();
    let calendars = Calendars::starting(pack.calendar.clone());
    let today = Date::parse("2024-02-09").unwrap();
    let procedure = &pack.procedures["herb-room-licence"];
    let found = accounts(memory.entries(), procedure, &pack.zone, &calendars, today);
    let [accept, supplement] = found.as_slice() else { panic!("{found:#?}") };
    let days: Vec<String> = accept.days.iter().map(told).collect();
    let expected = [
        "2024-02-01 first",
        "2024-02-02 1",
        "2024-02-03 weekend",
        "2024-02-04 2 made up (Spring Festival)",
        "2024-02-05 3",
        "2024-02-06 stopped",
        "2024-02-07 stopped",
        "2024-02-08 goes on",
        "2024-02-09 4",
        "2024-02-10 off (Spring Festival)",
        "2024-02-11 off (Spring Festival)",
        "2024-02-12 off (Spring Festival)",
        "2024-02-13 off (Spring Festival)",
        "2024-02-14 off (Spring Festival)",
        "2024-02-15 off (Spring Festival)",
        "2024-02-16 off (Spring Festival)",
        "2024-02-17 off (Spring Festival)",
        "2024-02-18 5 made up (Spring Festival)",
    ];
    assert_eq!(days, expected);
    assert_eq!((accept.used(today), accept.left(today), accept.stopped_for(0)), (4, 1, 3));
    let Stands::Ended(ended, Some(last)) = supplement.stands else { panic!("{supplement:#?}") };
    assert_eq!((ended.day.to_string(), supplement.used(today)), ("2024-02-08".to_owned(), 3));
    assert_eq!(last.on.to_string(), "2024-02-23", "10 working days after 5 February");
}
