//! Seeded traffic: an invented city files, supplements, decides and appeals over a span of time,
//! each act through the same door as a real one.
//!
//! What people write and how often officers choose what is data of the pack (`demo/`); the same
//! seed gives the same city.

mod answers;
mod habits;
mod holdings;

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, BinaryHeap},
};

use base::{Date, Division, Instant, Name, Term, Unit};
use kernel::{
    Actor, BodyId, Case, CaseId, PartyId, Standing,
    decide::body_of,
    form::{self, Answers},
};
use pack::model::{
    Applicant, By, Input, Level, LevelOf, Need, Pack, Procedure, ProcedureKind, Section, level_of,
};
use rules::Verdict;

pub use answers::Answering;
pub use habits::Habits;

use holdings::{Choosing, Holdings};

use crate::{
    deed,
    stage::{Deed, Who},
};

const MICROS_PER_DAY: i64 = 24 * 60 * 60 * 1_000_000;
/// From one filing that lies to the one before it.
const LYING_EACH_DAYS: i64 = 4;
/// Who finds no entry to name looks again after so many days.
const LATER_DAYS: i64 = 45;
/// Layout plans are taken up so many days before the story stops, when there is what to survey.
const LAID_DAYS: i64 = 45;

/// How much traffic, over which span, from which seed.
#[derive(Debug, Clone, Copy)]
pub struct Span {
    /// How many cases are filed.
    pub cases: usize,
    /// How many more are filed in the last months that no body gets round to, so that some of them
    /// are late when the story stops.
    pub lying: usize,
    /// The first day of filing.
    pub from: Date,
    /// The instant at which the story stops.
    pub until: Instant,
    /// The seed.
    pub seed: u64,
}

/// Somebody's next act.
#[derive(Debug, Clone)]
pub struct Due {
    /// When.
    pub at: Instant,
    /// On which case; none when one is filed.
    pub case: Option<CaseId>,
    /// Who acts.
    pub actor: Actor,
    /// True where nobody gets round to what is filed.
    pub lies: bool,
    /// The command, with the personal answers that go with it.
    pub command: kernel::Command,
    /// Personal answers for the vault.
    pub personal: deed::Personal,
}

/// A city at work: it says what is done next, and is told what came of it.
pub struct City<'p> {
    pack: &'p Pack,
    habits: Habits,
    answering: Answering,
    holdings: Holdings,
    applicants: Vec<PartyId>,
    officers: BTreeMap<BodyId, PartyId>,
    lot: fastrand::Rng,
    /// The lot of what lies: what becomes of the rest does not depend on it.
    other_lot: fastrand::Rng,
    until: Instant,
    agenda: BinaryHeap<Reverse<(Instant, usize, Wake)>>,
    woken: usize,
}

/// What is to be thought about when its time comes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Wake {
    File(Name),
    /// One of several filings of a body: the first with the first of the ready answers, and so on.
    InTurn(Name, usize),
    Leave(Name),
    Look(CaseId),
}

impl<'p> City<'p> {
    /// A city with its people, before anything has been filed.
    pub fn new(
        pack: &'p Pack,
        (habits, answering): (Habits, Answering),
        applicants: Vec<PartyId>,
        officers: BTreeMap<BodyId, PartyId>,
        span: Span,
    ) -> Self {
        let mut city = Self {
            pack,
            habits,
            answering,
            holdings: Holdings::default(),
            applicants,
            officers,
            lot: fastrand::Rng::with_seed(span.seed),
            other_lot: fastrand::Rng::with_seed(span.seed + 1),
            until: span.until,
            agenda: BinaryHeap::new(),
            woken: 0,
        };
        city.plan(span);
        city
    }

    /// What a body adopts or registers of its own motion comes first, then filings at random
    /// moments, and layout plans when all of that is there.
    fn plan(&mut self, span: Span) {
        let pack = self.pack;
        let (laid, rest): (Vec<&'p Procedure>, Vec<&'p Procedure>) =
            pack.procedures.values().partition(|procedure| procedure.layout.is_some());
        for procedure in laid {
            let at = Instant::from_micros(span.until.micros() - LAID_DAYS * MICROS_PER_DAY);
            let at = self.aside(|city| city.office_hours(at));
            self.file_own(at, &procedure.name);
        }
        let adopts = |procedure: &&'p Procedure| {
            procedure.applicant == [Applicant::Body]
                && matches!(procedure.kind, ProcedureKind::Plan | ProcedureKind::Registration)
                && procedure.entry_fields().next().is_none()
        };
        let (own, mut open): (Vec<&'p Procedure>, Vec<&'p Procedure>) =
            rest.into_iter().partition(adopts);
        // In a small city what needs no entry of another comes before what does, and of what others
        // need there is more than of what happens to it.
        let needed: BTreeSet<&Name> =
            open.iter().flat_map(|own| own.entry_fields()).map(|(_, own)| own).collect();
        let founds = |own: &&Procedure| {
            own.entry_fields().next().is_none() && needed.contains(&own.register)
        };
        let founding: Vec<&Procedure> = open.iter().copied().filter(founds).collect();
        open.extend(founding);
        let often = |own: &'p Procedure| vec![own; self.habits.often(&own.name)];
        let mut open: Vec<&Procedure> = open.into_iter().flat_map(often).collect();
        open.sort_by_key(|procedure| procedure.entry_fields().next().is_some());
        let first = self.pack.zone.at(self.pack.in_force, 9, 0);
        for procedure in own {
            self.file_own(first, &procedure.name);
        }
        let start = self.pack.zone.start_of(span.from).micros();
        let end = span.until.micros().max(start + 1);
        for index in 0..span.cases {
            let Some(procedure) = open.get(index % open.len().max(1)) else { return };
            let at = Instant::from_micros(self.lot.i64(start..end));
            let at = self.office_hours(at);
            self.wake(at, Wake::File(procedure.name.clone()));
        }
        let plain = |procedure: &&&Procedure| {
            procedure.open_to_people() && procedure.entry_fields().next().is_none()
        };
        let plain: Vec<&&Procedure> = open.iter().filter(plain).collect();
        for index in 0..span.lying {
            let Some(procedure) = plain.get(index % plain.len().max(1)) else { return };
            let days = i64::try_from(index).unwrap_or(0) * LYING_EACH_DAYS + 1;
            let at = Instant::from_micros(end - days * MICROS_PER_DAY);
            let at = self.aside(|city| city.office_hours(at));
            self.wake(at, Wake::Leave(procedure.name.clone()));
        }
    }

    /// A body files something of its own motion, as often as it is usual; several times with the
    /// ready answers in turn.
    fn file_own(&mut self, at: Instant, name: &Name) {
        match self.habits.often(name) {
            0..2 => self.wake(at, Wake::File(name.clone())),
            often => {
                for turn in 0..often {
                    self.wake(at, Wake::InTurn(name.clone(), turn));
                }
            }
        }
    }

    /// Does something with the other lot.
    fn aside<T>(&mut self, what: impl FnOnce(&mut Self) -> T) -> T {
        std::mem::swap(&mut self.lot, &mut self.other_lot);
        let done = what(self);
        std::mem::swap(&mut self.lot, &mut self.other_lot);
        done
    }

    fn wake(&mut self, at: Instant, wake: Wake) {
        if at < self.until {
            self.woken += 1;
            self.agenda.push(Reverse((at, self.woken, wake)));
        }
    }

    /// The next working day's counter hours, if the instant lies outside them.
    fn office_hours(&mut self, at: Instant) -> Instant {
        let day = self.pack.calendar.roll_forward(self.pack.zone.day_of(at)).on;
        self.pack.zone.at(day, self.lot.u8(9..17), self.lot.u8(0..60))
    }

    /// The acts due next, in order of time: several where they fall close together and concern
    /// different cases, so that a store can commit them as one group. `case` tells how a case
    /// stands. None when the story has ended.
    pub fn next(&mut self, most: usize, case: &dyn Fn(CaseId) -> Option<Case>) -> Vec<Due> {
        let mut acts: Vec<Due> = Vec::new();
        let horizon = self.agenda.peek().map(|Reverse((at, ..))| at.micros() + MICROS_PER_DAY);
        while acts.len() < most {
            let soon = self.agenda.peek().is_some_and(|Reverse((at, ..))| {
                horizon.is_some_and(|horizon| at.micros() < horizon)
            });
            if !soon {
                break;
            }
            let Some(Reverse((at, _, wake))) = self.agenda.pop() else { break };
            acts.extend(match wake {
                Wake::File(procedure) => self.filing(at, &procedure),
                Wake::InTurn(procedure, turn) => self.filing_in_turn(at, &procedure, turn),
                Wake::Leave(procedure) => {
                    let filed = self.aside(|city| city.filing(at, &procedure));
                    filed.map(|due| Due { lies: true, ..due })
                }
                Wake::Look(id) => case(id).and_then(|case| self.act(at, &case)),
            });
        }
        acts
    }

    /// Whether anything is left to do.
    pub fn goes_on(&self) -> bool {
        !self.agenda.is_empty()
    }

    /// Takes note of how a case stands after an act, and when somebody will look at it again.
    pub fn note(&mut self, at: Instant, case: &Case) {
        self.holdings.note(case);
        let days = match &case.standing {
            Standing::At { runs, .. } => Some(self.lot.i64(0..days_in(runs.term) + 2)),
            // One case in thirty is left lying until the silence of those who have not answered is
            // deemed to be an answer.
            Standing::Reviewing { runs, .. } => Some(match self.lot.u8(0..30) {
                0 => self.pack.zone.day_of(at).days_until(runs.due.on) + self.lot.i64(1..4),
                _ => self.lot.i64(0..3),
            }),
            Standing::Stopped { runs, .. } => Some(self.lot.i64(1..days_in(runs.term).max(2))),
            // Half hand in what is missing; others' cases are looked at once time has passed.
            Standing::Supplementing { runs, .. } => Some(match self.lot.bool() {
                true => self.lot.i64(1..days_in(runs.term).max(2)),
                false => days_in(runs.term) * 2 + 5,
            }),
            Standing::Challenged { .. } => Some(self.lot.i64(5..40)),
            Standing::Ended { .. } => self.appeals(case).then(|| self.lot.i64(1..30)),
            Standing::Withdrawn => None,
        };
        if let Some(days) = days {
            let later = Instant::from_micros(at.micros() + days * MICROS_PER_DAY);
            let soonest = Instant::from_micros(at.micros() + 60_000_000);
            let later = self.office_hours(later).max(soonest);
            self.wake(later, Wake::Look(case.id));
        }
    }

    /// One loser in five challenges a decision that can be challenged here.
    fn appeals(&mut self, case: &Case) -> bool {
        let open = case.decisions.last().is_some_and(|made| !made.remedies.is_empty());
        open && self.lot.u8(0..5) == 0
    }

    /// A filing with the ready answers whose turn it is.
    fn filing_in_turn(&mut self, at: Instant, name: &Name, turn: usize) -> Option<Due> {
        let procedure = self.pack.procedures.get(name)?;
        let own = self.answering.turn(procedure, turn);
        let usual = std::mem::replace(&mut self.answering, own);
        let filed = self.filing(at, name);
        self.answering = usual;
        filed
    }

    /// A filing; where it names an entry and there is none yet, it is thought of again later.
    fn filing(&mut self, at: Instant, name: &Name) -> Option<Due> {
        let procedure = self.pack.procedures.get(name)?;
        let mut entries = procedure.fields().filter_map(|field| match &field.input {
            Input::Entry(register) if field.need == Need::Always => Some(register),
            _ => None,
        });
        let register = entries.next();
        let first = register.and_then(|own| Some((own, self.holdings.any(own, &mut self.lot)?)));
        if register.is_some() && first.is_none() {
            let later = Instant::from_micros(at.micros() + LATER_DAYS * MICROS_PER_DAY);
            self.wake(later, Wake::File(name.clone()));
            return None;
        }
        let body = procedure.applicant.contains(&Applicant::Body);
        let party = match first {
            _ if body => None,
            Some((_, holding)) => Some(holding.holder),
            None => self.lot.choice(&self.applicants).copied(),
        };
        let place = first.map(|(_, holding)| holding.place.clone());
        let choosing = Choosing { holdings: &self.holdings, party, first };
        let sections = &procedure.form;
        let mut answers =
            self.answering.sections(self.pack, sections, (at, choosing), &mut self.lot);
        let commits = self.promised(procedure, &answers);
        if commits.is_empty() && !procedure.commitments.is_empty() {
            // Who promises nothing shows everything at once.
            answers.extend(self.answering.rest(procedure, &mut self.lot));
        }
        answers.extend(Answering::places(self.pack, procedure, &answers));
        let who = match party {
            Some(party) => Who::Applicant(party, *procedure.applicant.last()?),
            None => self.starter(procedure, &answers, place)?,
        };
        let materials = procedure.materials.iter();
        let papers = materials
            .filter(|material| material.need != Need::Later)
            .filter_map(|material| Some((material.name.clone(), *material.modes.first()?)))
            .collect();
        let deed = Deed::File {
            procedure: name.clone(),
            answers,
            papers,
            commits,
            behalf: None,
            on_paper: false,
        };
        self.due(at, None, None, &who, deed)
    }

    /// The promises signed: four in five of those that may sign one do.
    fn promised(&mut self, procedure: &Procedure, answers: &Answers) -> BTreeSet<Name> {
        let Ok(filled) = form::read(self.pack, procedure, answers) else { return BTreeSet::new() };
        let open = procedure.commitments.iter().filter(|(_, commitment)| {
            let open_to = commitment.open_to.as_ref();
            open_to.is_none_or(|who| who.verdict(&filled.facts) == Verdict::True)
        });
        let signed = open.filter(|_| self.lot.u8(0..5) > 0);
        signed.map(|(name, _)| name.clone()).collect()
    }

    /// The officer of the body that starts a procedure of its own motion.
    fn starter(
        &self,
        procedure: &Procedure,
        answers: &Answers,
        place: Option<Division>,
    ) -> Option<Who> {
        let competent = &procedure.competent;
        let said = answers.get(&competent.of).and_then(|said| said.first());
        let said = said.and_then(|said| Division::parse(said).ok());
        let mut upwards = std::iter::successors(said.or(place), Division::parent);
        let level = match &competent.level {
            LevelOf::Fixed(level) => *level,
            LevelOf::Own | LevelOf::Ruled(_) => Level::County,
        };
        let division = upwards.find(|division| level_of(division) == Some(level))?;
        self.officer(&BodyId { office: competent.office.clone()?, division })
    }

    /// The officer of the body that acts in a case under a name of its procedure.
    fn acting(&self, case: &Case, name: &Name) -> Option<Who> {
        self.officer(&body_of(self.pack, case, name)?)
    }

    fn officer(&self, body: &BodyId) -> Option<Who> {
        self.officers.get(body).map(|party| Who::Officer(*party, body.clone()))
    }

    fn act(&mut self, at: Instant, case: &Case) -> Option<Due> {
        let procedure = self.pack.procedures.get(&case.procedure)?;
        let filed_by = case.filed_by.as_ref().filter(|_| procedure.against.is_none());
        let applicant = match filed_by {
            Some(body) => self.officer(body)?,
            None => Who::Applicant(case.applicant, Applicant::Person),
        };
        let (who, deed) = match &case.standing {
            Standing::At { step, .. } | Standing::Reviewing { step, .. } => {
                let today = self.pack.zone.day_of(at);
                let place = (self.pack, procedure, today);
                let mut chosen = self.habits.choose(place, step, case, &mut self.lot)?;
                self.fill_in(at, procedure, &mut chosen);
                let by = match &chosen {
                    Deed::Choose { step, outcome, .. } => procedure.chooser(step, outcome),
                    _ => procedure.steps.get(step)?.by(),
                };
                let who = match (&chosen, by?) {
                    (Deed::Answer { part, .. }, _) => self.acting(case, part)?,
                    (_, By::Body(name)) => self.acting(case, name)?,
                    (_, By::Applicant | By::Clock) => applicant,
                };
                (who, chosen)
            }
            Standing::Stopped { step, .. } => match procedure.steps.get(step)?.by()? {
                By::Body(name) => {
                    let reasons = "演示：中止事由已消除（虚构）".to_owned();
                    (self.acting(case, name)?, Deed::Resume { reasons })
                }
                By::Applicant | By::Clock => return None,
            },
            Standing::Supplementing { items, .. } => (applicant, supply(procedure, items)),
            Standing::Challenged { heard_by, .. } => {
                let upheld = self.lot.u8(0..10) < 3;
                let reasons = "演示：复议意见（虚构）".to_owned();
                (self.officer(heard_by)?, Deed::Rule { upheld, reasons })
            }
            Standing::Ended { .. } => (applicant, appeal(self.pack, case)?),
            Standing::Withdrawn => return None,
        };
        self.due(at, Some(case.id), Some(&case.procedure), &who, deed)
    }

    /// Fills in what an outcome or an answer asks for.
    fn fill_in(&mut self, at: Instant, procedure: &Procedure, chosen: &mut Deed) {
        let (asks, filled): (&[Section], &mut Answers) = match chosen {
            Deed::Choose { step, outcome, answers, .. } => match procedure.outcome(step, outcome) {
                Some(outcome) => (&outcome.asks, answers),
                None => return,
            },
            Deed::Answer { step, answer, answers, .. } => {
                let review = procedure.review(step.as_str());
                match review.and_then(|review| review.answer(answer)) {
                    Some(answer) => (&answer.asks, answers),
                    None => return,
                }
            }
            _ => return,
        };
        let choosing = Choosing { holdings: &self.holdings, party: None, first: None };
        *filled = self.answering.sections(self.pack, asks, (at, choosing), &mut self.lot);
    }

    fn due(
        &self,
        at: Instant,
        case: Option<CaseId>,
        procedure: Option<&Name>,
        who: &Who,
        deed: Deed,
    ) -> Option<Due> {
        let (command, personal) = deed::command(self.pack, procedure, who, deed).ok()?;
        Some(Due { at, case, lies: false, actor: deed::actor(who), command, personal })
    }
}

/// About how many days a term has.
fn days_in(term: Term) -> i64 {
    let days = match term.unit {
        Unit::WorkingDays | Unit::NaturalDays => 1,
        Unit::Months => 30,
        Unit::Years => 365,
    };
    i64::from(term.count) * days
}

fn supply(procedure: &Procedure, items: &[String]) -> Deed {
    let asked = |name: &Name| items.iter().any(|item| item == name.as_str());
    let materials = procedure.materials.iter().filter(|material| asked(&material.name));
    let papers = materials
        .filter_map(|material| Some((material.name.clone(), *material.modes.first()?)))
        .collect();
    Deed::Supply { answers: BTreeMap::new(), papers }
}

fn appeal(pack: &Pack, case: &Case) -> Option<Deed> {
    let made = case.decisions.last()?;
    let heard = |remedy: &&Name| pack.remedies.get(*remedy).is_some_and(|r| r.hearing.is_some());
    let remedy = made.remedies.keys().find(heard)?.clone();
    let grounds = "演示：申请人不服（虚构）".to_owned();
    Some(Deed::Appeal { decision: made.number.0, remedy, grounds })
}
