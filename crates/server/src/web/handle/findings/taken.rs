//! Findings in cases: which cases take a finding up, which case a body may open about a party, and
//! what of a form that lists findings cannot be taken up.

use std::collections::{BTreeMap, BTreeSet};

use access::Action;
use base::{Division, Name, Reason, Text};
use kernel::{Case, form::Answers, refusal::FormFault};
use pack::model::{Input, LevelOf, Procedure, level_of};
use rules::Value;
use store::{
    finding::{FindingId, FindingQuery, Found},
    taken_up::{TakenUp, findings_in},
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

/// The cases that take findings up.
#[derive(Debug, Default)]
pub(in crate::web) struct Cases {
    taken: BTreeMap<FindingId, Vec<TakenUp>>,
    /// Those that the reader may see.
    seen: BTreeSet<u64>,
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

    fn is_open(&self, id: &FindingId) -> bool {
        self.taken.get(id).into_iter().flatten().any(|own| own.open)
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
    let mut seen = BTreeSet::new();
    for id in named {
        if let Some(case) = store.case(id).await?
            && in_case(visit, role, Action::SeeCase, &case).await.is_ok()
        {
            seen.insert(id.0.0);
        }
    }
    Ok(Cases { taken, seen })
}

/// The cases that the body may open about one party, by kind of what was found about it and is in
/// no open case: each form with the party and the numbers of the findings filled in.
pub(super) fn offered(who: &AsOfficer, found: &[Found], cases: &Cases) -> Vec<Link> {
    let (visit, pack) = (&who.visit, who.visit.pack());
    let mut kinds: BTreeMap<(&Name, &Name), Vec<&Found>> = BTreeMap::new();
    for own in found.iter().filter(|own| !cases.is_open(&own.finding.id)) {
        // What no register knew is nobody's who could be a party.
        let rule = pack.rules.get(&own.finding.rule).filter(|_| !own.finding.division.is_empty());
        if let Some(rule) = rule {
            kinds.entry((&rule.subject_of, &rule.kind)).or_default().push(own);
        }
    }
    let links = kinds.iter().flat_map(|((register, kind), found)| {
        let own = pack.procedures.values().filter(|own| handles(who, own, found));
        own.filter_map(move |own| opens(visit, own, (register, kind), found))
    });
    links.collect()
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

fn opens(
    visit: &Visit,
    procedure: &Procedure,
    (register, kind): (&Name, &Name),
    found: &[&Found],
) -> Option<Link> {
    let (against, takes_up) = (procedure.against.as_ref()?, procedure.takes_up.as_ref()?);
    let party = procedure.fields().find(|own| own.path == *against)?;
    let about = matches!(&party.input, Input::Entry(own) if own == register);
    let first = found.first().filter(|_| about)?;
    let numbers = found.iter().take(MOST).map(|own| hex(&own.finding.id));
    let numbers = numbers.collect::<Vec<_>>().join(" ");
    let query =
        format!("{against}={}&{takes_up}={}", escaped(&first.finding.subject), escaped(&numbers));
    let (title, kind) = (procedure.title.to(visit.words.0), title_of(visit, kind));
    let count =
        visit.words.with_both("findings-kind-count", &kind, &found.len().min(MOST).to_string());
    Some(Link {
        href: visit.to(&format!("/apply/{}/whole?{query}", procedure.name)),
        text: visit.words.with_both("findings-case-of", title, &count),
    })
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
    let Some(Value::Text(said)) = procedure.takes_up.as_ref().and_then(|own| case.facts.get(own))
    else {
        return Ok(Vec::new());
    };
    let found = among(visit, findings_in(said)).await?;
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

/// Of each of these findings that ever was, how it stands.
async fn among(
    visit: &Visit,
    ids: BTreeSet<FindingId>,
) -> Result<BTreeMap<FindingId, Found>, Fault> {
    let query = FindingQuery {
        among: Some(ids.into_iter().collect()),
        // As many as are given at once.
        limit: u32::MAX,
        ..FindingQuery::default()
    };
    let mut found = BTreeMap::new();
    // The last time that it was found comes first.
    for own in visit.app.store.findings(&query).await? {
        found.entry(own.finding.id).or_insert(own);
    }
    Ok(found)
}

/// What of the findings that a form lists cannot be taken up: no finding, about somebody else,
/// gone, or in an open case already.
pub(in crate::web) async fn unfit(
    visit: &Visit,
    procedure: &Procedure,
    answers: &Answers,
) -> Result<Vec<FormFault>, Fault> {
    let (Some(against), Some(takes_up)) = (&procedure.against, &procedure.takes_up) else {
        return Ok(Vec::new());
    };
    let said = |path: &String| answers.get(path).into_iter().flatten().next();
    let Some(listed) = said(takes_up) else { return Ok(Vec::new()) };
    let ids = findings_in(listed);
    let found = among(visit, ids.clone()).await?;
    let taken = visit.app.store.taken_up(&ids.iter().copied().collect::<Vec<_>>()).await?;
    let party = said(against).map(String::as_str).unwrap_or_default().trim();
    let mut faults: Vec<Reason> = odd(listed).map(|word| not_one(&word)).collect();
    for id in ids {
        let open = taken.get(&id).into_iter().flatten().find(|own| own.open);
        faults.extend(match found.get(&id) {
            None => Some(not_one(&hex(&id))),
            Some(own) if own.finding.subject != party => Some(of_another(&id)),
            Some(own) if own.gone_at.is_some() => Some(gone(&id)),
            Some(_) => open.map(|own| in_another(&id, own)),
        });
    }
    Ok(faults.into_iter().map(|reason| FormFault { path: takes_up.clone(), reason }).collect())
}

/// An answer that lists findings without the numbers of those that are shown anyway; empty where
/// nothing else is in it.
pub(in crate::web) fn besides(answer: &str, shown: &[FindingLine]) -> String {
    let told = |word: &&str| !shown.iter().any(|own| own.number.eq_ignore_ascii_case(word));
    let words = answer.split([' ', '、', '，', ',', ';', '；', '\n', '\r', '\t']);
    words.filter(|word| !word.is_empty()).filter(told).collect::<Vec<_>>().join(" ")
}

/// Words that were meant as the number of a finding and are none.
fn odd(listed: &str) -> impl Iterator<Item = String> {
    let words = listed.split(|c: char| !c.is_ascii_alphanumeric());
    let number = |word: &&str| word.len() > 16 && word.bytes().all(|own| own.is_ascii_hexdigit());
    words.filter(number).filter(|word| word.len() != 32).map(str::to_owned)
}

fn not_one(word: &str) -> Reason {
    let zh = format!("`{word}` 不是监管发现的编号；请从发现页上复制");
    let en = format!("`{word}` is the number of no finding; copy it from the page of the finding");
    Reason { word: "no-finding", says: Text::new(zh, en) }
}

fn of_another(id: &FindingId) -> Reason {
    let id = hex(id);
    let zh = format!("发现 `{id}` 说的不是这一当事人；请另立案件");
    let en = format!("finding `{id}` is about another party; open another case on it");
    Reason { word: "finding-of-another", says: Text::new(zh, en) }
}

fn gone(id: &FindingId) -> Reason {
    let id = hex(id);
    let zh = format!("发现 `{id}` 已不成立；请删去");
    let en = format!("finding `{id}` does not stand any more; leave it out");
    Reason { word: "finding-gone", says: Text::new(zh, en) }
}

fn in_another(id: &FindingId, own: &TakenUp) -> Reason {
    let (id, case) = (hex(id), own.case);
    let zh = format!("发现 `{id}` 已在案件 {case} 中；请在该案中办理");
    let en = format!("finding `{id}` is in case {case} already; go on in that case");
    Reason { word: "finding-in-case", says: Text::new(zh, en) }
}
