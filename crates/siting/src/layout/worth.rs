//! What each site is worth to a plan: what is lost without it, or what it would add.

use layout::{Draft, Model, Survey};

use super::flow::Scratch;
use super::plan::{Case, Plan};

/// What a site is worth to a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worth {
    /// The site.
    pub site: String,
    /// Its course; of a site that is not used, the one that would add most.
    pub course: base::Name,
    /// The year.
    pub year: u16,
    /// Whether it is used.
    pub picked: bool,
    /// The value that is lost if it alone is left out, or that it would add beyond the money; where
    /// cost is sought, what it costs.
    pub value: i64,
    /// How many places areas would be below their floors without it; 0 for what is not used.
    pub short: u64,
    /// What it costs, in yuan.
    pub cost: i64,
}

/// For each pick what is lost if it alone is left out; then for each other site what it would add
/// beyond the money, the most first. Who is served is counted again for each. A site that must be
/// used or must stay is not told apart from others. Nothing is told of a draft of another survey.
pub fn worth(survey: &Survey, draft: &Draft) -> Vec<Worth> {
    let mut terms = draft.terms().clone();
    terms.forced.clear();
    if terms.check(survey).is_err() {
        return Vec::new();
    }
    let case = Case::new(Model::new(survey, &terms));
    let mut scratch = Scratch::default();
    let mut chosen = vec![0; survey.sites().len()];
    for pick in draft.picks() {
        let site = survey.site(&pick.site);
        let found = site.and_then(|site| {
            let course = survey.sites()[site].course(&pick.course)?;
            let phase = terms.phases.iter().position(|own| own.year == pick.year)?;
            let mut all = case.model.choices[site].iter();
            Some((site, all.position(|own| own.taken == Some((course, phase)))?))
        });
        let Some((site, choice)) = found else { return Vec::new() };
        chosen[site] = choice;
    }
    let plan = Plan::of(&case, &mut scratch, chosen);
    let mut all = Vec::new();
    let mut other = plan.clone();
    for site in 0..plan.chosen.len() {
        let own = plan.chosen[site];
        if own != 0 {
            all.push(lost(survey, draft, &case, &mut scratch, (&plan, &mut other), site));
        }
    }
    let mut more = Vec::new();
    for site in (0..plan.chosen.len()).filter(|site| plan.chosen[*site] == 0) {
        more.extend(added(survey, draft, &case, &mut scratch, (&plan, &mut other), site));
    }
    more.sort_by(|one, other| other.value.cmp(&one.value).then(one.site.cmp(&other.site)));
    all.extend(more);
    all
}

/// What is lost without a site.
fn lost(
    survey: &Survey,
    draft: &Draft,
    case: &Case,
    scratch: &mut Scratch,
    (plan, other): (&Plan, &mut Plan),
    site: usize,
) -> Worth {
    other.copy(plan);
    other.choose(case, scratch, site, 0);
    let (before, after) = (plan.score(case), other.score(case));
    let own = named(survey, draft, case, site, plan.chosen[site]);
    let value = if case.model.least { own.cost } else { after.worth - before.worth };
    Worth { picked: true, value, short: after.short - before.short.min(after.short), ..own }
}

/// What a site would add that is not used; none where it has no course.
fn added(
    survey: &Survey,
    draft: &Draft,
    case: &Case,
    scratch: &mut Scratch,
    (plan, other): (&Plan, &mut Plan),
    site: usize,
) -> Option<Worth> {
    let before = plan.score(case);
    let gains = (1..case.model.choices[site].len()).map(|choice| {
        other.copy(plan);
        other.choose(case, scratch, site, choice);
        let after = other.score(case);
        let added = if case.model.least { 0 } else { before.worth - after.worth };
        (added, choice)
    });
    let best = gains.max_by(|one, other| one.0.cmp(&other.0).then(other.1.cmp(&one.1)));
    let (value, choice) = best?;
    let own = named(survey, draft, case, site, choice);
    Some(Worth { value: if case.model.least { own.cost } else { value }, ..own })
}

fn named(survey: &Survey, draft: &Draft, case: &Case, site: usize, choice: usize) -> Worth {
    let own = case.choice(site, choice);
    let (course, phase) = own.taken.unwrap_or_default();
    let place = &survey.sites()[site];
    Worth {
        site: place.key.clone(),
        course: place.courses[course].name.clone(),
        year: draft.terms().phases[phase].year,
        picked: false,
        value: 0,
        short: 0,
        cost: own.cost,
    }
}
