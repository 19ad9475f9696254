//! Drafts of layout plans that are being drawn up: each in a thread of its own, until it is proved,
//! its time is over or somebody stops it. What was found is kept until it is put on file, and by
//! this server only: whoever asks another is told that it is not there.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use kernel::CaseId;
use layout::{Draft, Survey, Terms};
use siting::{
    Stop,
    layout::{Limit, Point, Progress, Unfit, Worth, draw_up, equity_curve, worth},
};

/// How many are drawn up at once; each takes a processor.
const AT_ONCE: usize = 2;
/// How many that have ended are kept.
const KEPT: usize = 50;
/// The floors of a curve, in permille.
const FLOORS: [u16; 8] = [0, 100, 200, 300, 400, 500, 600, 700];
/// How many rounds each floor of a curve gets.
const CURVE_ROUNDS: u64 = 12;

/// What is being drawn up, and what was.
#[derive(Debug, Default)]
pub(crate) struct Drafting {
    jobs: Mutex<Jobs>,
    /// What the sites of drafts are worth, by the digest of the draft.
    worths: Mutex<BTreeMap<String, Arc<Vec<Worth>>>>,
}

#[derive(Debug, Default)]
struct Jobs {
    last: u64,
    all: BTreeMap<u64, Arc<Job>>,
}

/// Something that is being drawn up.
#[derive(Debug)]
pub(crate) struct Job {
    /// The case.
    pub(crate) case: CaseId,
    /// What is to be found.
    pub(crate) what: What,
    /// Its terms.
    pub(crate) terms: Terms,
    began: Instant,
    limit: Duration,
    stop: Stop,
    state: Mutex<State>,
}

/// What is to be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    /// A draft.
    Draft,
    /// What is reached at each of some floors.
    Curve,
}

/// How far it is.
#[derive(Debug, Clone)]
pub(crate) enum State {
    /// Still at it, with the best so far.
    Running(Option<Progress>),
    /// A draft, with what each of its sites is worth.
    Drawn(Arc<(Draft, Arc<Vec<Worth>>)>),
    /// A curve.
    Curve(Arc<Vec<Point>>),
    /// Nothing, and why.
    None(Unfit),
}

impl Drafting {
    /// Begins to draw something up; nothing where as many as can be are being drawn up.
    pub(crate) fn begin(
        &self,
        case: CaseId,
        what: What,
        (survey, terms): (Survey, Terms),
        limit: Duration,
    ) -> Option<u64> {
        let mut jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        if jobs.all.values().filter(|job| job.runs()).count() >= AT_ONCE {
            return None;
        }
        let began = Instant::now();
        let job = Arc::new(Job {
            case,
            what,
            terms,
            began,
            limit,
            stop: Stop::at(began.checked_add(limit)),
            state: Mutex::new(State::Running(None)),
        });
        jobs.last += 1;
        let number = jobs.last;
        jobs.all.insert(number, job.clone());
        while jobs.all.len() > KEPT + AT_ONCE {
            let ended = jobs.all.iter().find(|(_, job)| !job.runs()).map(|(number, _)| *number);
            let Some(ended) = ended else { break };
            jobs.all.remove(&ended);
        }
        std::thread::spawn(move || job.run(&survey));
        Some(number)
    }

    /// One of them, if it is of that case and still kept.
    pub(crate) fn get(&self, case: CaseId, number: u64) -> Option<Arc<Job>> {
        let jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        jobs.all.get(&number).filter(|job| job.case == case).cloned()
    }

    /// What each site of a draft is worth, counted beside the serving and kept; nothing where that
    /// fails.
    pub(crate) async fn worth(&self, survey: &Survey, draft: &Draft) -> Option<Arc<Vec<Worth>>> {
        let digest = draft.digest();
        let kept = || self.worths.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(counted) = kept().get(&digest) {
            return Some(counted.clone());
        }
        let (survey, draft) = (survey.clone(), draft.clone());
        let counted = tokio::task::spawn_blocking(move || worth(&survey, &draft)).await.ok()?;
        let counted = Arc::new(counted);
        let mut kept = kept();
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(digest, counted.clone());
        Some(counted)
    }

    /// All of a case, the latest first.
    pub(crate) fn of(&self, case: CaseId) -> Vec<(u64, Arc<Job>)> {
        let jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        let own = jobs.all.iter().rev().filter(|(_, job)| job.case == case);
        own.map(|(number, job)| (*number, job.clone())).collect()
    }
}

impl Job {
    /// How far it is.
    pub(crate) fn state(&self) -> State {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether it is still at it.
    pub(crate) fn runs(&self) -> bool {
        matches!(self.state(), State::Running(_))
    }

    /// Asks it to stop: the best so far is what it has found.
    pub(crate) fn stop(&self) {
        self.stop.ask();
    }

    /// Whole seconds since it began, and how many it has at most.
    pub(crate) fn seconds(&self) -> (u64, u64) {
        (self.began.elapsed().as_secs(), self.limit.as_secs())
    }

    fn run(&self, survey: &Survey) {
        let state = match self.what {
            What::Draft => self.draw_up(survey),
            What::Curve => self.curve(survey),
        };
        self.set(state);
    }

    fn draw_up(&self, survey: &Survey) -> State {
        let limit = Limit { rounds: None, stop: &self.stop };
        let mut told = |so_far: &Progress| self.set(State::Running(Some(*so_far)));
        match draw_up(survey, &self.terms, limit, &mut told) {
            Ok(draft) => {
                let worth = Arc::new(worth(survey, &draft));
                State::Drawn(Arc::new((draft, worth)))
            }
            Err(unfit) => State::None(unfit),
        }
    }

    fn curve(&self, survey: &Survey) -> State {
        match equity_curve(survey, &self.terms, &FLOORS, CURVE_ROUNDS, &self.stop) {
            Ok(points) => State::Curve(Arc::new(points)),
            Err(faults) => State::None(Unfit::Faults(faults)),
        }
    }

    fn set(&self, state: State) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = state;
    }
}
