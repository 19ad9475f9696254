//! Whether floors, money and demands can be met together, and the highest floor that can be had.

use layout::{Draft, Model, Survey, Terms};

use super::branch::{COLUMNS_MAX, SMALL, Solver, peaceful};
use super::flow::Scratch;
use super::plan::Case;
use super::prices::{Descent, Prices};
use super::program::{Relaxed, Sought, columns};
use super::search::Search;
use super::tree::{Tree, choose};
use super::{Limit, Progress, Unfit, conflict};
use crate::Stop;

/// How often a plan that holds is sought by giving up and taking anew.
pub(super) const TRIES: usize = 100;
/// The most cases that are told apart.
const CASES_MAX: usize = 3_000;

/// Whether a plan holds.
#[derive(Debug)]
pub(super) enum Verdict {
    /// One does, with these choices.
    Holds(Vec<usize>),
    /// None does, as cases prove.
    Never(Tree),
    /// It was not found out.
    Unknown,
}

/// What is left of a model where it is only asked if plans hold: the last phase, and who has a
/// floor there.
pub(super) fn idle(model: &Model) -> Model {
    let mut idle = model.clone();
    idle.needs.clone_from(&idle.floors);
    idle.years.fill(0);
    idle.least = true;
    idle.ways.iter_mut().for_each(|own| own.retain(|(area, _)| model.floors[*area] > 0));
    idle
}

/// Whether any plan of a model holds. Prices for all are sought where they may prove that none
/// does.
pub(super) fn decide(model: &Model, seed: u64, priced: bool, stop: &Stop) -> Verdict {
    let case = &Case::new(idle(model));
    let mut search = Search::new(case, seed);
    search.first();
    if search.holds() {
        return Verdict::Holds(search.best.chosen.clone());
    }
    if let Some(tree) = priced.then(|| easily(case, stop)).flatten() {
        return Verdict::Never(tree);
    }
    for _ in 0..TRIES {
        if search.holds() {
            return Verdict::Holds(search.best.chosen.clone());
        }
        if stop.now() {
            return Verdict::Unknown;
        }
        search.round();
    }
    if search.holds() {
        return Verdict::Holds(search.best.chosen.clone());
    }
    if columns(case) > SMALL { Verdict::Unknown } else { by_cases(case, &mut search, stop) }
}

/// A proof by prices that no plan holds, where a few steps find them.
fn easily(case: &Case, stop: &Stop) -> Option<Tree> {
    if columns(case) <= COLUMNS_MAX {
        let mut program = Relaxed::new(case, Sought::Peace);
        let relaxation = program.solve(case, stop).ok()?;
        let tree = Tree::new(&case.model, peaceful(case, &relaxation), false);
        return refuted(tree);
    }
    // Nothing counts, not even cost.
    let mut own = Case::new(case.model.clone());
    own.model.least = false;
    let mut prices = Prices::free(&own);
    let lifts = prices.lifts.iter_mut().zip(&case.model.floors);
    lifts.for_each(|(price, floor)| *price = f64::from(u8::from(*floor > 0)));
    let mut descent = Descent::new(&own, prices);
    let target = -(case.model.floors.iter().sum::<u64>() as f64) / 100.0;
    for _ in 0..20 {
        if stop.now() || descent.best < 0.0 {
            break;
        }
        descent.go(&own, 20, target);
    }
    refuted(Tree::new(&case.model, descent.prices.levels(&own, 1e3), false))
}

/// A tree of one case that is impossible.
fn refuted(mut tree: Tree) -> Option<Tree> {
    if tree.of(0) >= 0 {
        return None;
    }
    tree.impossible(0);
    Some(tree)
}

fn by_cases(case: &Case, search: &mut Search<'_>, stop: &Stop) -> Verdict {
    let mut program = Relaxed::new(case, Sought::Peace);
    let free = Prices::free(case).levels(case, 1.0);
    let mut tree = Tree::new(&case.model, free, false);
    while let Some(knot) = tree.next() {
        if stop.now() || tree.cases() > CASES_MAX {
            return Verdict::Unknown;
        }
        let Some(open) = tree.open(&case.model, knot) else {
            tree.impossible(knot);
            continue;
        };
        if tree.of(knot) < 0 {
            tree.impossible(knot);
            continue;
        }
        program.leave(&open);
        let Ok(relaxation) = program.solve(case, stop) else { return Verdict::Unknown };
        if tree.refute(&case.model, knot, &open, peaceful(case, &relaxation)) {
            continue;
        }
        search.follow(&relaxation.parts);
        if search.holds() {
            return Verdict::Holds(search.best.chosen.clone());
        }
        match choose(&case.model, &open, &relaxation.parts) {
            Some(by) => tree.split(&case.model, knot, by),
            None => return Verdict::Unknown,
        }
    }
    Verdict::Never(tree)
}

/// The terms with another floor.
fn with(terms: &Terms, floor: u16) -> Terms {
    Terms { floor, ..terms.clone() }
}

/// The most value at the highest floor that can be had.
pub(super) fn draw_up(
    survey: &Survey,
    terms: &Terms,
    limit: Limit<'_>,
    told: &mut dyn FnMut(&Progress),
) -> Result<Draft, Unfit> {
    let highest = highest(survey, terms, limit)?;
    let terms = with(terms, highest.floor);
    let case = Case::new(Model::new(survey, &terms));
    let mut solver = Solver::new(&case, terms.seed, limit.stop);
    solver.start_with(highest.chosen);
    let rounds = solver.run(limit, highest.rounds, told);
    let mut proof = solver.proof(survey, &terms);
    let above = with(&terms, highest.ceiling + 1);
    let tree = highest.never.map(|tree| tree.named(survey, &above, &mut proof.prices));
    proof.ceiling = Some((highest.ceiling, tree.unwrap_or_default()));
    let plan = solver.best().lean(&case, &mut Scratch::default());
    let draft = plan.draft(&case, survey, &terms, proof, rounds);
    draft.map_err(Unfit::Faults)
}

/// The highest floor.
struct Highest {
    floor: u16,
    chosen: Vec<usize>,
    /// Above which none can be had, and why.
    ceiling: u16,
    never: Option<Tree>,
    /// How many rounds that took: one for each floor that was looked at.
    rounds: u64,
}

fn highest(survey: &Survey, terms: &Terms, limit: Limit<'_>) -> Result<Highest, Unfit> {
    let model = |floor: u16| Model::new(survey, &with(terms, floor));
    let stop = limit.stop;
    let (floor, ceiling) = (terms.floor, 1_000);
    let mut own = match decide(&model(floor), terms.seed, true, stop) {
        Verdict::Holds(chosen) => Highest { floor, chosen, ceiling, never: None, rounds: 0 },
        Verdict::Never(tree) => return Err(conflict::found(survey, terms, &tree, limit)),
        Verdict::Unknown => return Err(Unfit::Stopped),
    };
    // The highest floor of which it is not known that it cannot be had, or not been tried.
    let mut high = 1_000;
    let most = limit.rounds.unwrap_or(u64::MAX);
    if own.rounds < most && !stop.now() {
        let (above, never) = by_parts(&model(1_000), own.floor, &model, stop);
        if stop.now() {
            return Ok(own);
        }
        own.rounds += 1;
        if never.is_some() {
            (high, own.ceiling, own.never) = (above, above, never);
        }
    }
    while own.floor < high && own.rounds < most {
        let middle = u16::midpoint(own.floor, high) + (own.floor + high) % 2;
        let verdict = decide(&model(middle), terms.seed, high == 1_000, stop);
        if stop.now() {
            break;
        }
        own.rounds += 1;
        match verdict {
            Verdict::Holds(chosen) => (own.floor, own.chosen) = (middle, chosen),
            Verdict::Never(tree) => {
                high = middle - 1;
                (own.ceiling, own.never) = (high, Some(tree));
            }
            Verdict::Unknown => high = middle - 1,
        }
    }
    Ok(own)
}

/// The floor above which parts of sites do not reach, and a proof that none is had above it; what
/// all have is the floor where that is not above the least.
fn by_parts(
    all: &Model,
    least: u16,
    model: &dyn Fn(u16) -> Model,
    stop: &Stop,
) -> (u16, Option<Tree>) {
    let case = Case::new(idle(all));
    if columns(&case) > COLUMNS_MAX {
        return (1_000, None);
    }
    let mut program = Relaxed::new(&case, Sought::Floor);
    let Ok(relaxation) = program.solve(&case, stop) else { return (1_000, None) };
    let part = (0..1_000_u16).rev().find(|floor| f64::from(*floor) < relaxation.value * 1_000.0);
    // A little above, as rounding may hide that the last is none.
    let first = part.unwrap_or(0).max(least);
    for floor in [first, first + 1, first + 5].into_iter().filter(|floor| *floor < 1_000) {
        let above = Case::new(idle(&model(floor + 1)));
        if let Some(tree) = easily(&above, stop) {
            return (floor, Some(tree));
        }
    }
    (1_000, None)
}
