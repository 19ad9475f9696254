//! Findings in cases: which cases take a finding up, which case a body may open about a party, what
//! can join it later, and what of a form that lists findings cannot be taken up.

use std::collections::{BTreeMap, BTreeSet};

use access::Action;
use base::{Division, Name};
use kernel::{Case, CaseId, decide::is_open, form::Answers, refusal::FormFault};
use pack::model::{Field, Input, LevelOf, Procedure, Rule, Step, level_of};
use rules::Value;
use store::{
    finding::{FindingId, FindingQuery, Found},
    taken_up::{TakenUp, findings_in, listed},
};

use super::{hex, line};
use crate::web::{
    app::Role,
    fault::Fault,
    frame::Link,
    handle::escaped,
    pages::findings::{CaseLink, FindingLine},
    permit::{in_case, may_with_lake},
    visit::{AsOfficer, Visit},
};

/// How many findings one case takes up: as many numbers as the answer to a question holds.
const MOST: usize = 60;
/// How many findings are looked at for what could join a case.
const FURTHER: u32 = 200;

/// The cases that take findings up.
#[derive(Debug, Default)]
pub(in crate::web) struct Cases {
    taken: BTreeMap<FindingId, Vec<TakenUp>>,
    /// Those that the reader may see.
    seen: BTreeSet<u64>,
    /// Those of them that more can join as they stand.
    joined: BTreeSet<u64>,
}

impl Cases {
    /// The cases that take up a finding.
    pub(super) fn links(&self, visit: &Visit, id: &FindingId) -> Vec<CaseLink> {
        let link = |own: &TakenUp| CaseLink {
            link: Link {
                href: match self.seen.contains(&own.case.0.0) {
                    true => visit.to(&format!("/cases/{}", own.case)),
                    false => String::new(),
                },
                text: visit.words.with("case-title", &own.case.to_string()),
            },
            open: own.open,
        };
        self.taken.get(id).into_iter().flatten().map(link).collect()
    }

    /// Whether a case takes it up, or did.
    fn is_taken(&self, id: &FindingId) -> bool {
        self.taken.contains_key(id)
    }

    /// The open case of a procedure that more can join, if one of these findings is in it.
    fn to_join<'f>(
        &self,
        procedure: &Name,
        found: impl IntoIterator<Item = &'f FindingId>,
    ) -> Option<CaseId> {
        let taken = found.into_iter().filter_map(|id| self.taken.get(id)).flatten();
        let mut open = taken.filter(|own| own.open && own.procedure == *procedure);
        open.find(|own| self.joined.contains(&own.case.0.0)).map(|own| own.case)
    }
}

/// The cases that take up these findings, as somebody sees them.
pub(super) async fn cases(
    visit: &Visit,
    role: &Role,
    findings: impl Iterator<Item = FindingId>,
) -> Result<Cases, Fault> {
    let findings: Vec<FindingId> = findings.collect();
    let store = &visit.app.store;
    let taken = store.taken_up(&findings).await?;
    let named: BTreeSet<_> = taken.values().flatten().map(|own| own.case).collect();
    let (mut seen, mut joined) = (BTreeSet::new(), BTreeSet::new());
    for id in named {
        let Some(case) = store.case(id).await? else { continue };
        if in_case(visit, role, Action::SeeCase, &case).await.is_ok() {
            seen.insert(id.0.0);
            let pack = visit.app.packs.of(&case.pack);
            let procedure = pack.and_then(|pack| pack.procedures.get(&case.procedure));
            joined.extend(procedure.filter(|own| may_join(own, &case)).map(|_| id.0.0));
        }
    }
    Ok(Cases { taken, seen, joined })
}

/// Whether an outcome of the step at which a case is adds findings to it.
fn may_join(procedure: &Procedure, case: &Case) -> bool {
    let joining = procedure.takes_up.get(1..).unwrap_or_default();
    let step = case.standing.step().and_then(|step| procedure.steps.get(step));
    let outcomes = step.map(Step::outcomes).unwrap_or_default();
    let sections = outcomes.iter().flat_map(|(_, outcome)| &outcome.asks);
    sections.flat_map(|section| &section.fields).any(|field| joining.contains(&field.path))
}

/// What the body may do about what was found about one party and is in no case, by kind: open
/// a case, the form with the party and the numbers of the findings filled in, or go to the open one
/// that it can join.
pub(super) async fn offered(
    who: &AsOfficer,
    role: &Role,
    subject: &str,
) -> Result<Vec<Link>, Fault> {
    let (visit, pack) = (&who.visit, who.visit.pack());
    let query = FindingQuery {
        subject: Some(subject.to_owned()),
        standing: true,
        // As many as are given at once.
        limit: u32::MAX,
        ..FindingQuery::default()
    };
    let found = visit.app.store.findings(&query).await?;
    let cases = cases(visit, role, found.iter().map(|own| own.finding.id)).await?;
    let mut kinds: BTreeMap<(&Name, &Name), Vec<&Found>> = BTreeMap::new();
    for own in &found {
        // What no register knew is nobody's who could be a party.
        let rule = pack.rules.get(&own.finding.rule).filter(|_| !own.finding.division.is_empty());
        if let Some(rule) = rule {
            kinds.entry((&rule.subject_of, &rule.kind)).or_default().push(own);
        }
    }
    let mut links = Vec::new();
    for ((register, kind), found) in &kinds {
        let taken = |own: &&&Found| cases.is_taken(&own.finding.id);
        let new: Vec<&Found> = found.iter().filter(|own| !taken(own)).copied().collect();
        let about = About { register, kind, found: &new };
        for procedure in pack.procedures.values().filter(|own| handles(who, own, &new)) {
            let ids = found.iter().map(|own| &own.finding.id);
            links.extend(match cases.to_join(&procedure.name, ids) {
                Some(case) => about.joins(visit, case),
                None => about.opens(visit, procedure),
            });
        }
    }
    Ok(links)
}

/// What was found about one party and is of one kind.
struct About<'f> {
    register: &'f Name,
    kind: &'f Name,
    found: &'f [&'f Found],
}

/// Whether the body is the one that such a case would go to, as far as its office, its level and
/// the place of the party tell.
fn handles(who: &AsOfficer, procedure: &Procedure, found: &[&Found]) -> bool {
    let (competent, own) = (&procedure.competent, &who.body.division);
    let place = found.first().and_then(|own| Division::parse(&own.finding.division).ok());
    let level = match &competent.level {
        LevelOf::Fixed(level) => level_of(own) == Some(*level),
        LevelOf::Own | LevelOf::Ruled(_) => true,
    };
    level
        && competent.office.as_ref() == Some(&who.body.office)
        && place.is_some_and(|place| place.within(own))
}

impl About<'_> {
    fn opens(&self, visit: &Visit, procedure: &Procedure) -> Option<Link> {
        let (against, takes_up) = (procedure.against.as_ref()?, procedure.takes_up.first()?);
        let party = procedure.fields().find(|own| own.path == *against)?;
        let about = matches!(&party.input, Input::Entry(own) if own == self.register);
        let first = self.found.first().filter(|_| about)?;
        let numbers = escaped(&numbers(self.found.iter().map(|own| own.finding.id)));
        let party = escaped(&first.finding.subject);
        let query = format!("{against}={party}&{takes_up}={numbers}");
        let title = procedure.title.to(visit.words.0);
        Some(Link {
            href: visit.to(&format!("/apply/{}/whole?{query}", procedure.name)),
            text: visit.words.with_both("findings-case-of", title, &self.counted(visit)),
        })
    }

    fn joins(&self, visit: &Visit, case: CaseId) -> Option<Link> {
        let (case, counted) = (case.to_string(), self.counted(visit));
        (!self.found.is_empty()).then(|| Link {
            href: visit.to(&format!("/cases/{case}")),
            text: visit.words.with_both("findings-case-join", &case, &counted),
        })
    }

    fn counted(&self, visit: &Visit) -> String {
        let count = visit.words.n("findings-count", &self.found.len().min(MOST));
        visit.words.with_both("findings-kind-count", &title_of(visit, self.kind), &count)
    }
}

/// The numbers of findings as an answer lists them.
fn numbers(found: impl Iterator<Item = FindingId>) -> String {
    found.take(MOST).map(|id| hex(&id)).collect::<Vec<_>>().join(" ")
}

/// What a kind of findings is called.
pub(super) fn title_of(visit: &Visit, kind: &Name) -> String {
    let title = visit.pack().finding_kinds.get(kind);
    title.map_or_else(|| kind.to_string(), |own| own.to(visit.words.0).to_owned())
}

/// The findings that a case takes up, with where each is shown to whoever may see findings.
pub(in crate::web) async fn of_case(
    visit: &Visit,
    procedure: &Procedure,
    case: &Case,
) -> Result<Vec<FindingLine>, Fault> {
    let ids: Vec<FindingId> = listed(procedure, &case.facts).into_iter().collect();
    let found = visit.app.store.findings_among(&ids).await?;
    let sees = may_with_lake(visit, Action::SeeFindings);
    let lines = found.values().map(|own| {
        let mut shown = line(visit, own, &Cases::default());
        shown.gone = own.gone_at.is_some();
        if !sees {
            // The party is told what was found, not the rows of others that it rests on.
            shown.link.href.clear();
        }
        shown
    });
    Ok(lines.collect())
}

/// What stands about the party of a case, is of a kind with what the case takes up, and is in no
/// case.
#[derive(Debug, Default)]
pub(in crate::web) struct Further(Vec<FindingId>);

impl Further {
    /// What there is for a case; nothing for who may not see findings.
    pub(in crate::web) async fn of(
        visit: &Visit,
        role: &Role,
        procedure: &Procedure,
        case: &Case,
    ) -> Result<Self, Fault> {
        let against = procedure.against.as_ref();
        let party = against.and_then(|own| procedure.fields().find(|field| field.path == *own));
        let (Some(Field { path, input: Input::Entry(register), .. }), true, true) = (
            party.filter(|_| !procedure.takes_up.is_empty()),
            is_open(case),
            may_with_lake(visit, Action::SeeFindings),
        ) else {
            return Ok(Self::default());
        };
        let Some(Value::Text(party)) = case.facts.get(path) else { return Ok(Self::default()) };
        let has = listed(procedure, &case.facts).into_iter().collect::<Vec<_>>();
        let has = visit.app.store.findings_among(&has).await?;
        let query = FindingQuery {
            rules: Some(alike(visit, register, has.values())),
            subject: Some(party.clone()),
            standing: true,
            limit: FURTHER,
            ..FindingQuery::default()
        };
        let found = visit.app.store.findings(&query).await?;
        let ids = || found.iter().map(|own| own.finding.id);
        let cases = cases(visit, role, ids()).await?;
        Ok(Self(ids().filter(|id| !cases.is_taken(id)).collect()))
    }

    /// How many.
    pub(in crate::web) fn count(&self) -> usize {
        self.0.len()
    }

    /// What the questions begin with by which an outcome adds findings to a case: what was said
    /// before, whatever stands in it beside numbers, and what there is to add.
    pub(in crate::web) fn begun(&self, procedure: &Procedure, case: &Case) -> Answers {
        let joining = procedure.takes_up.get(1..).unwrap_or_default();
        let answer = |path: &String| {
            let said = match case.facts.get(path) {
                Some(Value::Text(said)) => said.trim(),
                _ => "",
            };
            let had = findings_in(said);
            let new = self.0.iter().copied().filter(|id| !had.contains(id));
            let new = numbers(new.take(MOST.saturating_sub(had.len())));
            (path.clone(), vec![format!("{said} {new}").trim().to_owned()])
        };
        joining.iter().map(answer).collect()
    }
}

/// The rules about entries of a register whose findings are of a kind with these; all of them where
/// there are none.
fn alike<'f>(visit: &Visit, register: &Name, found: impl Iterator<Item = &'f Found>) -> Vec<Name> {
    let rules = &visit.pack().rules;
    let kinds: BTreeSet<&Name> =
        found.filter_map(|own| rules.get(&own.finding.rule)).map(|rule| &rule.kind).collect();
    let alike = |rule: &&Rule| {
        rule.subject_of == *register && (kinds.is_empty() || kinds.contains(&rule.kind))
    };
    rules.values().filter(alike).map(|rule| rule.name.clone()).collect()
}

/// What of the findings that a form lists cannot be taken up: no finding, about somebody else,
/// gone, or in an open case already.
pub(in crate::web) async fn unfit(
    visit: &Visit,
    procedure: &Procedure,
    answers: &Answers,
) -> Result<Vec<FormFault>, Fault> {
    let asked = procedure.against.iter().chain(&procedure.takes_up);
    let said = asked.filter_map(|path| {
        let said = answers.get(path)?.first()?;
        Some((path.clone(), Value::Text(said.clone())))
    });
    Ok(visit.app.store.unfit_findings(procedure, &said.collect()).await?)
}

/// An answer that lists findings without the numbers of those that are shown anyway; empty where
/// nothing else is in it.
pub(in crate::web) fn besides(answer: &str, shown: &[FindingLine]) -> String {
    let told = |word: &&str| !shown.iter().any(|own| own.number.eq_ignore_ascii_case(word));
    let words = answer.split([' ', '、', '，', ',', ';', '；', '\n', '\r', '\t']);
    words.filter(|word| !word.is_empty()).filter(told).collect::<Vec<_>>().join(" ")
}
