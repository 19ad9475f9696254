//! Canonical bytes: what is written reads back equal, and reading anything else is a reason.

use std::collections::BTreeMap;

use base::{Date, Division, Fen, Instant, Name, Term, Text, Unit};
use kernel::{
    Act, Actor, BodyId, CaseId, Deadline, Entry, EntryNumber, PartyId, Standing,
    case::{Held, Part, Running},
    ledger::{
        Answered, Appealed, Assigned, Away, CalendarAdopted, ChainHash, Charged, Chose, Corrected,
        Decided, Drafted, Extended, Filed, Migrated, OnCase, Paper, RecusalAsked, Recused, Ruled,
        Served, Spell, Stopped, SupplementAsked, Supplied, Through, Turned, bytes_of, read_bytes,
    },
    register::Change,
};
use pack::model::{Effect, Ground, Mode, PackHash, Settled};
use rules::Value;

fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

fn body() -> BodyId {
    BodyId { office: name("health"), division: Division::parse("900101").unwrap() }
}

fn due() -> Deadline {
    let on = day("2019-03-04");
    Deadline { on, at: Instant::from_micros(1_551_715_200_000_000), provisional: true }
}

fn values() -> Vec<Value> {
    vec![
        Value::Boolean(true),
        Value::Integer(-1),
        Value::Integer(i64::MAX),
        Value::Text("柳镇".to_owned()),
        Value::Date(Date::MIN),
        Value::Money(Fen::parse("12.30").unwrap()),
        Value::Division(Division::parse("900101001").unwrap()),
        Value::Choice(name("trade")),
        Value::Code("H3.1".to_owned()),
        Value::Codes(["H1".to_owned(), "H2".to_owned()].into()),
        Value::Bilingual(Text::new("中", "en")),
        Value::Party("ff".to_owned()),
        Value::Sealed,
        Value::Point(base::Point::parse("150.1, 20.05").unwrap()),
    ]
}

fn changes() -> Vec<Change> {
    let fields = values().into_iter().zip(1..).map(|(value, n)| (name(&format!("f{n}")), value));
    let change = Change {
        register: name("herb-room"),
        key: "900101-2019-1".to_owned(),
        from: Instant::MIN,
        until: None,
        says: Some(fields.collect()),
        wrote: [name("f1"), name("f2")].into(),
        undoes: Some(EntryNumber(7)),
    };
    let out = Change { says: None, ..change.clone() };
    vec![Change { until: Some(Instant::MAX), ..change.clone() }, change, out]
}

fn runs(count: u32, unit: Unit) -> Running {
    let term = Term { count, unit };
    Running { counted_from: day("2019-01-31"), term, due: due() }
}

fn standings() -> Vec<Standing> {
    let (step, runs) = (name("check"), runs(30, Unit::WorkingDays));
    let answered = || Part::Answered { answer: name("agrees"), number: EntryNumber(9) };
    let held = Held {
        left: Term::on_the_spot(),
        parts: [
            (name("fire"), Part::Awaited(Term { count: 3, unit: Unit::NaturalDays })),
            (name("planning"), Part::Answered { answer: name("agrees"), number: EntryNumber(9) }),
        ]
        .into(),
    };
    vec![
        Standing::At { step: step.clone(), runs },
        Standing::Supplementing {
            step: step.clone(),
            outcome: name("mendable"),
            items: vec!["sign".to_owned()],
            runs,
            held: Held { left: Term::on_the_spot(), parts: BTreeMap::new() },
        },
        Standing::Reviewing {
            step: step.clone(),
            runs,
            parts: [(name("fire"), Part::Awaited(runs)), (name("planning"), answered())].into(),
        },
        Standing::Stopped { step, outcome: name("testing"), runs, held },
        Standing::Ended { end: name("kept") },
        Standing::Challenged {
            end: name("voided"),
            decision: EntryNumber(u64::MAX),
            remedy: name("town-review"),
            heard_by: body(),
            runs: Running {
                term: Term { count: 6, unit: Unit::Months },
                due: Deadline { provisional: false, ..due() },
                ..runs
            },
        },
        Standing::Withdrawn,
    ]
}

fn acts() -> Vec<Act> {
    let paper = |mode, digest| Paper { mode, digest };
    let materials = BTreeMap::from([
        (name("plan"), paper(Mode::Upload, vec![7; 32])),
        (name("lease"), paper(Mode::Shared, Vec::new())),
    ]);
    let facts: BTreeMap<String, Value> =
        values().into_iter().zip(1..).map(|(value, n)| (format!("s.f{n}"), value)).collect();
    let (decision, reasons) = (EntryNumber(3), "理由".to_owned());
    vec![
        Act::Filed(Box::new(Filed {
            procedure: name("herb-room-licence"),
            pack: PackHash([1; 32]),
            applicant: PartyId([2; 16]),
            subjects: BTreeMap::from([(name("keeper"), PartyId([3; 16]))]),
            facts: facts.clone(),
            materials: materials.clone(),
            body: body(),
            commitments: [name("manned")].into(),
            settled: facts.clone(),
            through: Through::Agent(paper(Mode::Upload, vec![8; 32])),
            on_paper: true,
            signed: None,
        })),
        Act::Chose(Chose {
            step: name("accept"),
            outcome: name("accepted"),
            reasons: String::new(),
            facts: facts.clone(),
            by_applicant: true,
        }),
        Act::SupplementAsked(SupplementAsked {
            step: name("accept"),
            outcome: name("incomplete"),
            items: vec!["plan".to_owned()],
            reasons: reasons.clone(),
        }),
        Act::Supplied(Supplied { facts: facts.clone(), materials, settled: facts }),
        Act::RanOut(name("accept")),
        Act::Decided(Box::new(Decided {
            step: name("granted"),
            effect: Effect::Granted,
            changes: changes(),
            issues: Some(name("herb-room-licence")),
            by: body(),
            records: changes(),
            settles: Some(Settled::Broken(name("manned"))),
            touched: changes(),
            serve_by: due(),
            frozen: None,
            drawn: None,
            surveyed: None,
            adopted: None,
        })),
    ]
    .into_iter()
    .chain(review_acts(&reasons))
    .chain(later_acts(decision, &reasons))
    .collect()
}

fn review_acts(reasons: &str) -> Vec<Act> {
    let reasons = reasons.to_owned();
    vec![
        Act::Answered(Answered {
            step: name("review"),
            part: name("fire"),
            answer: name("objects"),
            reasons: reasons.clone(),
            facts: [("scores.total".to_owned(), Value::Integer(80))].into(),
        }),
        Act::Extended(Extended {
            step: name("review"),
            outcome: name("longer"),
            reasons: reasons.clone(),
        }),
        Act::Charged(Charged {
            step: name("pay"),
            fee: name("licence-fee"),
            amount: Some(Fen(12_345)),
        }),
        Act::Stopped(Stopped {
            step: name("review"),
            outcome: name("appraisal"),
            ground: Ground::ExpertReview,
            reasons: reasons.clone(),
        }),
        Act::Resumed(reasons),
    ]
}

fn later_acts(decision: EntryNumber, reasons: &str) -> Vec<Act> {
    let reasons = reasons.to_owned();
    vec![
        Act::Served(Served {
            decision,
            remedies: [(name("town-review"), due())].into(),
            way: Some(name("posted")),
            on: due().on,
            proof: reasons.clone(),
        }),
        Act::RecusalAsked(RecusalAsked { officer: PartyId([6; 16]), grounds: reasons.clone() }),
        Act::Recused(Recused { officer: PartyId([6; 16]), aside: true, reasons: reasons.clone() }),
        Act::Assigned(Assigned { body: body(), to: Some(PartyId([6; 16])) }),
        Act::Away(Away {
            officer: PartyId([6; 16]),
            body: body(),
            spell: Some(Spell { from: due().on, until: due().on, cover: PartyId([7; 16]) }),
        }),
        Act::Drafted(Box::new(Drafted { step: name("drafting"), text: reasons.clone() })),
        Act::Turned(Turned { step: name("which"), course: name("otherwise") }),
        Act::Handled(Box::new(changes().remove(0))),
        Act::Withdrew(reasons.clone()),
        Act::Appealed(Appealed {
            decision,
            remedy: name("town-review"),
            heard_by: body(),
            grounds: reasons.clone(),
        }),
        Act::Ruled(Ruled { decision, upheld: true, reasons: reasons.clone(), changes: changes() }),
        Act::Corrected(Corrected { reasons, changes: Vec::new() }),
        Act::CalendarAdopted(CalendarAdopted {
            notice: Text::new("通知", "notice"),
            days: "date,is_workday\n2027-01-01,0\n".to_owned(),
        }),
        Act::Redated(due()),
        Act::PackAdopted(PackHash([4; 32])),
        Act::Migrated(Migrated {
            pack: PackHash([5; 32]),
            migration: name("town-reform"),
            steps: [(name("accept"), name("look"))].into(),
        }),
    ]
}

/// Every act by every actor, in every standing and in none.
fn entries() -> Vec<Entry> {
    let actors =
        [Actor::Party(PartyId([5; 16])), Actor::Officer(PartyId([6; 16]), body()), Actor::Clock];
    let id = CaseId(EntryNumber(1));
    let on = |standing| Some(OnCase { id, standing });
    let cases: Vec<_> = standings().into_iter().map(on).chain([None]).collect();
    let acts = acts().into_iter().zip(actors.into_iter().cycle()).zip(cases.into_iter().cycle());
    let numbered = acts.zip(1..).map(|(((act, by), case), number)| Entry {
        number: EntryNumber(number),
        at: Instant::from_micros(-1),
        by,
        case,
        act,
    });
    numbered.collect()
}

#[test]
fn what_is_written_reads_back() {
    for entry in entries() {
        let bytes = bytes_of(&entry);
        let read: Entry = read_bytes(&bytes).unwrap_or_else(|bad| panic!("{entry:?}: {bad}"));
        assert_eq!(read, entry);
        assert_eq!(bytes_of(&read), bytes);
    }
}

#[test]
fn bytes_cut_or_added_to_do_not_read() {
    for entry in entries() {
        let bytes = bytes_of(&entry);
        for end in 0..bytes.len() {
            assert!(read_bytes::<Entry>(&bytes[..end]).is_err(), "{entry:?} cut at {end}");
        }
        assert!(read_bytes::<Entry>(&[bytes, vec![0]].concat()).is_err(), "{entry:?} with more");
    }
}

#[test]
fn the_chain_tells_every_change_and_every_order() {
    let (one, two) = (ChainHash::START.then(b"one"), ChainHash::START.then(b"two"));
    let chains = [one, two, one.then(b"two"), two.then(b"one"), one.then(b"one")];
    for (index, chain) in chains.iter().enumerate() {
        assert!(!chains[..index].contains(chain), "{index}");
    }
    assert_eq!(one.then(b"two"), ChainHash::START.then(b"one").then(b"two"));
}
