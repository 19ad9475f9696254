//! Drafts of a layout plan: which sites are used how and in which year, so that as much need as can
//! be is met within reach and within the money, with a bound that is proved.
//!
//! Good plans come from taking and giving up sites, each time with who is served counted exactly;
//! bounds from prices (A. M. Geoffrion, "Lagrangean relaxation for integer programming", 1974),
//! found by subgradients, and where the linear program is not too large by solving it; small cases
//! are told apart until nothing is left. Whatever is found here is verified by crate `layout`.
//!
//! Work goes in rounds, each of which does the same whenever it is done, so that the same survey,
//! terms and rounds give the same draft.

mod access;
mod branch;
mod conflict;
mod curve;
mod floor;
mod flow;
mod plan;
mod prices;
mod program;
mod search;
mod tree;
mod worth;

use layout::{Draft, Fault, Model, Survey, Terms};

pub use access::{AVERSION, Access, Sums, access, change, permille, rounded};
pub use conflict::Need;
pub use curve::{Point, equity_curve};
pub use worth::{Worth, worth};

use crate::Stop;
use branch::Solver;
use floor::Verdict;
use flow::Scratch;
use plan::Case;

/// How much is looked at.
#[derive(Debug, Clone, Copy)]
pub struct Limit<'a> {
    /// After so many rounds; a first one is always done.
    pub rounds: Option<u64>,
    /// When it is time. What was not finished then is left out, so that the draft says after how
    /// many rounds it is what it is.
    pub stop: &'a Stop,
}

/// What is known so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// What the best plan is worth; where cost is sought, what it costs.
    pub value: i64,
    /// What no plan beats.
    pub bound: i64,
    /// How many rounds were done.
    pub rounds: u64,
}

/// Why there is no draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unfit {
    /// What is wrong with the terms.
    Faults(Vec<Fault>),
    /// Demands that cannot all be met, none of which can be left out.
    Conflict(Vec<Need>),
    /// It was stopped, or came to its last round, before any plan that holds was found.
    Stopped,
}

/// The most rounds where nothing else ends it.
const ROUNDS_MAX: u64 = 500;

/// A draft of a plan under terms. `told` hears of better plans and bounds.
///
/// # Errors
/// What is wrong with the terms, which demands cannot be met together, or that it was stopped too
/// early to know.
pub fn draw_up(
    survey: &Survey,
    terms: &Terms,
    limit: Limit<'_>,
    told: &mut dyn FnMut(&Progress),
) -> Result<Draft, Unfit> {
    terms.check(survey).map_err(Unfit::Faults)?;
    if terms.worst {
        return floor::draw_up(survey, terms, limit, told);
    }
    let case = Case::new(Model::new(survey, terms));
    let mut solver = Solver::new(&case, terms.seed, limit.stop);
    match solver.start() {
        Verdict::Holds(_) => {}
        Verdict::Never(tree) => return Err(conflict::found(survey, terms, &tree, limit)),
        Verdict::Unknown => return Err(Unfit::Stopped),
    }
    let rounds = solver.run(limit, 0, told);
    let proof = solver.proof(survey, terms);
    let plan = solver.best().lean(&case, &mut Scratch::default());
    let draft = plan.draft(&case, survey, terms, proof, rounds);
    draft.map_err(Unfit::Faults)
}
