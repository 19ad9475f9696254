//! One fixed story of everything the store is asked to do, told once without trouble, so that
//! every telling with trouble can be held against it.

use std::sync::{Arc, LazyLock};

use base::{Date, Instant, Text};
use kernel::{Actor, CaseId, Command, EntryNumber, PartyId, command::Supply, ledger::bytes_of};
use pack::model::Pack;
use rules::Value;
use store::{
    Personal, Store, StoreError, Submission, SubmitError,
    proposals::{Hand, NewProposal, Stage},
};

use crate::bench::{
    Bench, answer, body, choice, clerk, days, district, keeper, name, officer, on, town_until,
    vault_key, willow,
};

/// Something asked of a store; asking twice for the same must change nothing.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    Submit(Box<Submission>),
    Advance(Instant),
    /// Days of the calendar up to the second date, adopted at an instant.
    Adopt([&'static str; 2], Instant),
    /// The town's pack with a calendar up to a day.
    Install(&'static str, Instant),
    /// The town's pack with a calendar up to the first day, which officers propose and publish on
    /// the second for the third.
    Publish([&'static str; 3]),
    /// Somebody shows an identity number.
    Meet(PartyId),
    Erase(PartyId),
}

/// What the store answers, without what is said only the first time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    Made { case: CaseId, first: EntryNumber, last: EntryNumber },
    Party(PartyId),
    Done,
    Refused(u16),
}

/// The calendar that the town begins with, and those it has later.
const UNTIL: [&str; 3] = ["2030-03-31", "2030-06-30", "2030-09-30"];

/// The town's pack and its sources, compiled once for all tellings.
fn town(last: &str) -> (Arc<Pack>, Vec<u8>) {
    static TOWNS: LazyLock<[(Arc<Pack>, Vec<u8>); 3]> = LazyLock::new(|| UNTIL.map(town_until));
    TOWNS[UNTIL.iter().position(|own| *own == last).unwrap()].clone()
}

impl Step {
    /// Asks for it.
    pub(crate) async fn ask(&self, store: &Store) -> Result<Answer, StoreError> {
        let answer = match self {
            Self::Submit(submission) => store
                .submit((**submission).clone())
                .await
                .map(|made| Answer::Made { case: made.case, first: made.first, last: made.last }),
            Self::Advance(at) => store.advance(*at).await.map(|_| Answer::Done),
            Self::Adopt([first, last], at) => {
                let notice = Text::new("日历", "calendar");
                let adopted = store.adopt_calendar(days(first, last), notice, clerk(), *at).await;
                match adopted {
                    // Days that are there already bring nothing new, and are refused for it.
                    Ok(_) | Err(SubmitError::Refused(_)) => Ok(Answer::Done),
                    Err(error) => Err(error),
                }
            }
            Self::Install(last, at) => {
                let (pack, sources) = town(last);
                // What has been in force before does not come back by being asked for again.
                if store.adoptions().await?.iter().any(|own| own.hash == pack.hash) {
                    return Ok(Answer::Done);
                }
                return store.install(pack, sources, clerk(), *at).await.map(|()| Answer::Done);
            }
            Self::Publish([last, today, from]) => {
                return publish(store, town(last), (today, from)).await.map(|()| Answer::Done);
            }
            Self::Meet(party) => {
                let number = party.to_string();
                let found = store.party_for("resident-id", &number, *party).await;
                return found.map(Answer::Party);
            }
            Self::Erase(party) => return store.erase(*party).await.map(|()| Answer::Done),
        };
        match answer {
            Err(SubmitError::Store(error)) => Err(error),
            Err(error) => Ok(Answer::Refused(error.number())),
            Ok(answer) => Ok(answer),
        }
    }
}

/// Takes every step of a proposal that has not been taken yet, up to its publication.
async fn publish(
    store: &Store,
    (pack, sources): (Arc<Pack>, Vec<u8>),
    (today, from): (&str, &str),
) -> Result<(), StoreError> {
    let hand = |officer| {
        let officer = PartyId([officer; 16]);
        Hand { officer, body: district("900101"), at: on(today) }
    };
    let day = |text| Date::parse(text).unwrap();
    store.know(pack.clone());
    let proposed = store.proposals().await?.into_iter().find(|own| own.hash == pack.hash);
    let number = match proposed {
        Some(proposed) => proposed.number,
        None => {
            let (name, hash) = (pack.name.clone(), pack.hash);
            store.propose(&NewProposal { name, hash, sound: true, sources }, &hand(1)).await?
        }
    };
    loop {
        let taken = match store.proposal(number).await?.unwrap().stage {
            Stage::Proposed => {
                let base = store.in_force().await?.unwrap();
                store.stage(number, base, &hand(1)).await?
            }
            Stage::Staging => store.tried(number, "{}", true, &hand(1)).await?,
            Stage::Staged => store.date(number, (day(from), day(today)), &hand(1)).await?,
            Stage::Dated => store.publish(number, &pack, &hand(2)).await?,
            _ => return Ok(()),
        };
        taken.unwrap();
    }
}

/// Fails unless the ledger, what is in force and how proposals stand say the same, and no pack was
/// adopted twice.
pub(crate) async fn must_agree_on_packs(store: &Store, context: &str) {
    let adoptions = store.adoptions().await.unwrap();
    let last = adoptions.last().map(|own| own.hash);
    assert_eq!(store.in_force().await.unwrap(), last, "{context}");
    for (nth, own) in adoptions.iter().enumerate() {
        assert!(adoptions.iter().skip(nth + 1).all(|later| later.hash != own.hash), "{context}");
    }
    for proposal in store.proposals().await.unwrap() {
        let adopted = adoptions.iter().find(|own| own.hash == proposal.hash);
        assert_eq!(proposal.adopted_by, adopted.map(|own| own.number), "{context}");
        assert_eq!(proposal.stage == Stage::Adopted, adopted.is_some(), "{context}");
    }
}

/// The town's store at an address, with every pack of the story known and the first in force.
pub(crate) async fn open(url: &str) -> Store {
    let store = Store::open(url, willow(), vault_key()).await.unwrap();
    for last in UNTIL {
        store.know(town(last).0);
    }
    if store.head().await.unwrap() == EntryNumber(0) {
        Step::Install(UNTIL[0], on("2030-01-01")).ask(&store).await.unwrap();
    }
    store
}

/// The bytes of every entry.
pub(crate) async fn ledger(store: &Store) -> Vec<Vec<u8>> {
    let entries = store.ledger(EntryNumber(0), 1_000).await.unwrap();
    entries.iter().map(bytes_of).collect()
}

/// The story, and how it went without trouble.
pub(crate) struct Story {
    bench: Bench,
    /// Each step with its answer.
    pub(crate) steps: Vec<(Step, Answer)>,
    /// The ledger at the end.
    pub(crate) ledger: Vec<Vec<u8>>,
}

impl Story {
    /// Tells the story in memory.
    pub(crate) async fn tell() -> Self {
        let bench = Bench::at("sqlite::memory:").await;
        let mut story = Self { bench, steps: Vec::new(), ledger: Vec::new() };
        let tea_houses = story.winter().await;
        story.spring(tea_houses).await;
        story.ledger = ledger(&story.bench.store).await;
        assert_eq!(story.bench.store.adoptions().await.unwrap().len(), UNTIL.len());
        story.bench.must_verify().await;
        story
    }

    /// Filings, supplements, an appeal and terms that run out.
    async fn winter(&mut self) -> [CaseId; 2] {
        let one = self.files(1, "柳影茶馆", "2030-01-07").await;
        let two = self.files(2, "柳浪茶馆", "2030-01-07").await;
        let three = self.files(3, "柳烟茶馆", "2030-01-07").await;
        self.then(Step::Meet(keeper(1))).await;
        self.acts(one, clerk(), choice("accept", "accepted", &[]), "2030-01-08").await;
        let ask = choice("accept", "incomplete", &["tea-house.seats"]);
        self.acts(two, clerk(), ask.clone(), "2030-01-08").await;
        self.supplies(two, "2030-01-09").await;
        self.acts(three, Actor::Party(keeper(3)), withdraw(), "2030-01-09").await;
        self.meddles("2030-01-09").await;
        self.reviews().await;
        let four = self.files(4, "柳岸茶馆", "2030-01-10").await;
        let five = self.files(5, "柳雾茶馆", "2030-01-10").await;
        self.acts(five, clerk(), ask, "2030-01-11").await;
        self.acts(one, clerk(), choice("check", "false", &[]), "2030-01-14").await;
        let decision = self.bench.store.case(one).await.unwrap().unwrap().decisions[1].number;
        let remedy = name("town-review");
        let grounds = "座位属实 the seats are there".to_owned();
        let appeal = Command::Appeal { decision, remedy, grounds };
        self.acts(one, Actor::Party(keeper(1)), appeal, "2030-01-16").await;
        let ruling = Command::Rule { upheld: true, reasons: "撤销 set aside".to_owned() };
        self.acts(one, officer(district("90")), ruling, "2030-01-17").await;
        // Silence accepts the fourth, and the fifth was not supplemented in time.
        self.then(Step::Advance(on("2030-01-21"))).await;
        self.acts(one, clerk(), choice("check", "sound", &[]), "2030-01-22").await;
        [two, four]
    }

    /// Two bodies look at a garden: one answers, experts stop the clock for the other, which stays
    /// silent afterwards.
    async fn reviews(&mut self) {
        let filing = self.bench.garden(11, "柳园", on("2030-01-09"));
        let Answer::Made { case, .. } = self.then(Step::Submit(Box::new(filing))).await else {
            panic!("the garden is applied for")
        };
        self.acts(case, clerk(), choice("accept", "accepted", &[]), "2030-01-09").await;
        let fire = officer(body("fire", "900101"));
        self.acts(case, clerk(), choice("review", "experts", &[]), "2030-01-09").await;
        let resumed = Command::Resume { reasons: "已评审 looked at".to_owned() };
        self.acts(case, clerk(), resumed, "2030-01-09").await;
        self.acts(case, fire, answer("fire", "objects"), "2030-01-09").await;
    }

    /// Corrections, an erasure, a new pack and two calendars that count dates again.
    async fn spring(&mut self, [two, four]: [CaseId; 2]) {
        let fields = [(name("seats"), Value::Integer(12))].into();
        let correct = Command::Correct { fields, reasons: "笔误 a slip".to_owned() };
        self.acts(four, clerk(), correct, "2030-01-23").await;
        self.then(Step::Meet(keeper(4))).await;
        self.acts(two, clerk(), choice("check", "false", &[]), "2030-01-24").await;
        self.then(Step::Erase(keeper(1))).await;
        let six = self.files(6, "柳絮茶馆", "2030-03-27").await;
        let seven = self.files(7, "柳溪茶馆", "2030-03-27").await;
        self.then(Step::Adopt(["2030-04-01", "2030-04-30"], on("2030-03-28"))).await;
        let eight = self.files(8, "晨柳茶馆", "2030-04-26").await;
        self.then(Step::Install(UNTIL[1], on("2030-04-28"))).await;
        self.acts(eight, clerk(), choice("accept", "accepted", &[]), "2030-04-29").await;
        self.then(Step::Adopt(["2030-07-01", "2030-07-31"], on("2030-04-30"))).await;
        self.then(Step::Advance(on("2030-05-06"))).await;
        for case in [six, seven] {
            self.acts(case, clerk(), choice("check", "sound", &[]), "2030-05-07").await;
        }
        self.files(10, "晚柳茶馆", "2030-05-08").await;
        self.then(Step::Advance(on("2030-07-20"))).await;
        // The first filing of its day finds the published pack due: one transaction adopts it,
        // counts the date again that lay past its predecessor's calendar, and files.
        self.files(12, "柳梢茶馆", "2030-07-29").await;
        self.then(Step::Publish([UNTIL[2], "2030-07-29", "2030-07-31"])).await;
        self.files(13, "夜柳茶馆", "2030-07-31").await;
    }

    async fn then(&mut self, step: Step) -> Answer {
        let answer = step.ask(&self.bench.store).await.unwrap();
        self.steps.push((step, answer.clone()));
        answer
    }

    async fn files(&mut self, who: u8, called: &str, day: &str) -> CaseId {
        let filing = self.bench.filing(who, called, "8", on(day));
        match self.then(Step::Submit(Box::new(filing))).await {
            Answer::Made { case, .. } => case,
            other => panic!("{other:?}"),
        }
    }

    /// Somebody files for another, which is refused whenever it is tried.
    async fn meddles(&mut self, day: &str) {
        let mut filing = self.bench.filing(9, "柳外茶馆", "8", on(day));
        filing.actor = Actor::Party(keeper(3));
        self.then(Step::Submit(Box::new(filing))).await;
    }

    async fn acts(&mut self, case: CaseId, by: Actor, command: Command, day: &str) {
        let submission = self.bench.on_case(case, by, command, on(day));
        self.then(Step::Submit(Box::new(submission))).await;
    }

    async fn supplies(&mut self, case: CaseId, day: &str) {
        let filing = self.bench.filing(2, "柳浪茶馆", "10", on(day));
        let Command::File(file) = filing.command else { panic!("a filing files") };
        let asked = |path: &String| path == "tea-house.seats";
        let facts = file.facts.into_iter().filter(|(path, _)| asked(path)).collect();
        let command = Command::Supply(Supply { facts, materials: Default::default() });
        let party = keeper(2);
        let mut submission = self.bench.on_case(case, Actor::Party(party), command, on(day));
        let (path, text) = ("keeper.name".to_owned(), "柳四".to_owned());
        submission.personal = vec![Personal { party, path, text }];
        self.then(Step::Submit(Box::new(submission))).await;
    }

    /// Asks for every step again, holds each answer and then everything against the story.
    pub(crate) async fn must_end_the_same(&self, store: &Store, context: &str) {
        for (index, (step, answer)) in self.steps.iter().enumerate() {
            let answered = step.ask(store).await.unwrap();
            assert_eq!(&answered, answer, "step {index} {context}");
        }
        assert!(ledger(store).await == self.ledger, "{context}");
        assert_eq!(store.verify().await.unwrap().faults, [""; 0], "{context}");
        must_agree_on_packs(store, context).await;
        for (step, answer) in &self.steps {
            self.must_hold_the_details(store, step, answer).await;
        }
    }

    /// The personal details of a filing are in the vault, the erased person's excepted.
    async fn must_hold_the_details(&self, store: &Store, step: &Step, answer: &Answer) {
        let (Step::Submit(submission), Answer::Made { case, .. }) = (step, answer) else { return };
        let policy = "bodies-read-what-they-handle".to_owned();
        let reader = store::Reader { actor: clerk(), account: None, session: None, policy };
        for detail in &submission.personal {
            let (party, at) = (detail.party, on("2030-12-31"));
            let shown = store.reveal(party, *case, &detail.path, &reader, at).await.unwrap();
            let erased = party == keeper(1);
            // The supplement of the second case gave the name again.
            let text = if party == keeper(2) { "柳四" } else { &detail.text };
            assert_eq!(shown.as_deref(), (!erased).then_some(text), "{detail:?} of {case}");
        }
    }
}

fn withdraw() -> Command {
    Command::Withdraw { reasons: "不开了 not opening".to_owned() }
}
