//! What rules of supervision found: how much, each finding with what it rests on, found again
//! before one's eyes, and the rules themselves.

mod rules;
mod seen;
pub(in crate::web) mod taken;
mod trial;
mod which;

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    extract::{Path, Query as Asked},
    response::Response,
};
use base::Name;
use kernel::EntryNumber;
use pack::model::{Pack, PackHash, Rule, RuleVerdict};
use store::{
    finding::{Finding, FindingCount, Found},
    taken_up::finding_id,
};
use supervise::{Evidence, EvidenceRow, NotAsked, World};

pub(in crate::web) use rules::{list as rule_list, show as rule};
pub(in crate::web) use trial::tried;
pub(in crate::web) use which::{Which, since_yesterday};

use super::risk;
use crate::web::{
    app::Role,
    fault::Fault,
    frame::Link,
    judging,
    pages::findings::{CountLine, EvidenceLine, FindingLine, FindingPage, FindingsPage},
    visit::{AsOfficer, Visit, page},
};

/// How many findings one page shows.
const PAGE: u32 = 50;

/// What the next page is asked for by.
pub(in crate::web) fn next(found: &[Found], limit: u32) -> Option<String> {
    let last = found.last().filter(|_| found.len() >= limit as usize)?;
    Some(format!("{}_{}", last.finding.at.micros(), hex(&last.finding.id)))
}

pub(in crate::web) fn hex(id: &[u8]) -> String {
    id.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What was found, and how much of it by each rule.
pub(in crate::web) async fn list(
    who: AsOfficer,
    Asked(which): Asked<Which>,
) -> Result<Response, Fault> {
    let visit = &who.visit;
    let found = visit.app.store.findings(&which.query(visit, PAGE)?).await?;
    let role = Role::Officer { party: who.party, body: who.body.clone() };
    let says = which.says(visit);
    let cases = taken::cases(visit, &role, found.iter().map(|own| own.finding.id)).await?;
    let counts = match which.is_any() {
        true => counts(visit).await?,
        false => Vec::new(),
    };
    let next = next(&found, PAGE);
    let next = next.map(|after| visit.to(&which.going_on(after).address()));
    page(&FindingsPage {
        frame: visit.frame(),
        narrowed: says,
        more: more(visit),
        cases: match which.subject.is_empty() {
            true => Vec::new(),
            false => taken::offered(&who, &role, &which.subject).await?,
        },
        counts,
        found: found.iter().map(|own| line(visit, own, &cases)).collect(),
        next: next.unwrap_or_default(),
    })
}

/// What else there is to see of findings.
fn more(visit: &Visit) -> Vec<Link> {
    let link = |path: &str, key| Link { href: visit.to(path), text: visit.words.t(key) };
    let rated = !visit.pack().risks.is_empty();
    let risk = rated.then(|| link("/risk", "risk"));
    let boards = visit.pack().boards.values().map(|board| Link {
        href: visit.to(&format!("/board/{}", board.name)),
        text: board.title.to(visit.words.0).to_owned(),
    });
    let rules = link("/findings/rules", "findings-rules");
    std::iter::once(rules).chain(risk).chain(boards).collect()
}

/// How much stands of each rule.
async fn counts(visit: &Visit) -> Result<Vec<CountLine>, Fault> {
    let counts = visit.app.store.finding_counts(since_yesterday(visit)).await?;
    let mut by_rule: BTreeMap<&Name, (u64, u64)> = BTreeMap::new();
    for FindingCount { rule, count, new, .. } in &counts {
        let sums = by_rule.entry(rule).or_default();
        *sums = (sums.0 + count, sums.1 + new);
    }
    let line = |rule: &Rule| {
        let (count, new) = by_rule.get(&rule.name).copied().unwrap_or_default();
        CountLine {
            rule: Link {
                href: visit.to(&format!("/findings/rules/{}", rule.name)),
                text: rule.title.to(visit.words.0).to_owned(),
            },
            verdict: verdict(visit, rule.verdict),
            tone: tone(rule.verdict == RuleVerdict::Clear),
            count,
            new,
            found: visit.to(&Which::of_rule(rule).address()),
            found_new: visit.to(&Which::of_rule(rule).only_new().address()),
        }
    };
    let mut lines: Vec<CountLine> = visit.pack().rules.values().map(line).collect();
    lines.sort_by_key(|line| std::cmp::Reverse((line.count, line.new)));
    Ok(lines)
}

pub(in crate::web) fn verdict(visit: &Visit, verdict: RuleVerdict) -> String {
    visit.words.t(match verdict {
        RuleVerdict::Clear => "verdict-clear",
        RuleVerdict::Suspect => "verdict-suspect",
    })
}

pub(in crate::web) fn tone(clear: bool) -> &'static str {
    if clear { "bad" } else { "open" }
}

pub(in crate::web) fn line(visit: &Visit, found: &Found, cases: &taken::Cases) -> FindingLine {
    let Found { finding, .. } = found;
    let rule = visit.pack().rules.get(&finding.rule);
    let title =
        rule.map_or_else(|| finding.rule.to_string(), |own| own.title.to(visit.words.0).to_owned());
    let shows = rule.map(|rule| seen::shows(visit, visit.pack(), rule, finding));
    let shows = shows.unwrap_or_default();
    FindingLine {
        link: Link { href: visit.to(&format!("/findings/{}", hex(&finding.id))), text: title },
        at: visit.shown().moment(finding.at),
        subject: subject(visit, rule, finding),
        verdict: visit.words.t(if finding.about.clear {
            "verdict-clear"
        } else {
            "verdict-suspect"
        }),
        tone: tone(finding.about.clear),
        shows: shows.into_iter().map(|(title, says)| format!("{title} {says}")).collect(),
        number: hex(&finding.id),
        gone: false,
        cases: cases.links(visit, &finding.id),
    }
}

/// Whom a finding is about, with where the register says more; nowhere for one that no register
/// knew then.
fn subject(visit: &Visit, rule: Option<&Rule>, finding: &Finding) -> Link {
    let href = rule.filter(|_| !finding.division.is_empty()).map(|rule| {
        let key = super::escaped(&finding.subject);
        visit.to(&format!("/registers/{}/{key}", rule.subject_of))
    });
    Link { href: href.unwrap_or_default(), text: finding.subject.clone() }
}

/// A finding.
pub(in crate::web) async fn show(
    who: AsOfficer,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    page(&finding_page(&who, &id, false).await?)
}

/// A finding, found again from what it rests on.
pub(in crate::web) async fn again(
    who: AsOfficer,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    page(&finding_page(&who, &id, true).await?)
}

async fn finding_page(who: &AsOfficer, id: &str, again: bool) -> Result<FindingPage, Fault> {
    let visit = &who.visit;
    let id = finding_id(id).ok_or(Fault::NoSuchPage)?;
    let turns = visit.app.store.finding(id).await?;
    let last = turns.last().ok_or(Fault::NoSuchPage)?;
    let finding = &last.finding;
    let pack = pack_of(visit, finding);
    let rule = pack.rules.get(&finding.rule);
    let role = Role::Officer { party: who.party, body: who.body.clone() };
    let cases = taken::cases(visit, &role, std::iter::once(finding.id)).await?;
    let looked = match rule {
        Some(rule) => looked_at(visit, &pack, rule, finding, again).await?,
        None => Looked::default(),
    };
    let (shown, words) = (visit.shown(), visit.words);
    let title =
        rule.map_or_else(|| finding.rule.to_string(), |own| own.title.to(words.0).to_owned());
    let times = turns.iter().map(|own| match own.gone_at {
        Some(gone) => {
            words.with_both("finding-stood", &shown.moment(own.found_at), &shown.moment(gone))
        }
        None => words.with("finding-stands", &shown.moment(own.found_at)),
    });
    let about = &finding.about;
    Ok(FindingPage {
        frame: visit.frame(),
        title,
        id: hex(&finding.id),
        verdict: words.t(if about.clear { "verdict-clear" } else { "verdict-suspect" }),
        tone: tone(about.clear),
        stands: last.gone_at.is_none(),
        subject: subject(visit, rule, finding),
        division: which::place(visit, &finding.division),
        at: shown.moment(finding.at),
        rule: Link {
            href: visit.to(&format!("/findings/rules/{}", finding.rule)),
            text: words.with_both(
                "finding-rule",
                finding.rule.as_str(),
                &about.version.to_string(),
            ),
        },
        basis: rule
            .map(|own| own.basis.iter().map(|one| shown.cited(one)).collect())
            .unwrap_or_default(),
        shows: rule.map(|own| seen::shows(visit, &pack, own, finding)).unwrap_or_default(),
        known_then: about.known_then,
        known: words.with_both(
            "finding-known",
            &about.rows.to_string(),
            &about.snapshot.to_string(),
        ),
        times: times.collect(),
        cases: cases.links(visit, &finding.id),
        rows: looked.rows,
        no_lake: looked.no_lake,
        again: looked.again,
        others: visit.to(&format!("/findings?subject={}", super::escaped(&finding.subject))),
        risk: rule.and_then(|rule| risk::link(visit, &rule.subject_of, &finding.subject)),
    })
}

/// The pack with the rule as it was then; the one in force where it is not at hand.
fn pack_of(visit: &Visit, finding: &Finding) -> Arc<Pack> {
    let own = visit.app.packs.of(&PackHash(finding.about.pack));
    Arc::clone(own.unwrap_or(&visit.app.packs.live))
}

/// What looking at the rows gives.
#[derive(Default)]
struct Looked {
    rows: Vec<EvidenceLine>,
    no_lake: bool,
    /// What came of finding it again; empty where that was not asked.
    again: Option<(bool, String)>,
}

/// The rows that a finding rests on, and where that is asked, whether the rule finds it again.
async fn looked_at(
    visit: &Visit,
    pack: &Arc<Pack>,
    rule: &Rule,
    finding: &Finding,
    again: bool,
) -> Result<Looked, Fault> {
    let app = &visit.app;
    let (Some(judging), Some(taking)) = (app.judging.clone(), app.taking.clone()) else {
        return Ok(Looked { no_lake: true, ..Looked::default() });
    };
    let histories = judging.histories(&app.store, pack).await?;
    let (own, rule, finding) = (Arc::clone(pack), rule.name.clone(), finding.clone());
    let threads = tokio::runtime::Handle::current();
    let work = move || -> Result<(Vec<EvidenceRow>, Option<Again>), judging::Unasked> {
        let (rows, tables) = taking.lake().snapshot(judging::names(&own))?;
        let (pack, engine) = (&*own, judging.engine());
        let world = World { pack, engine, tables: &tables, histories: &histories, rows };
        threads.block_on(looked(&world, (&rule, &finding), again)).map_err(Into::into)
    };
    let looked = tokio::task::spawn_blocking(work).await.map_err(|error| Fault::broken(&error))?;
    let (rows, again) = looked.map_err(|why| {
        eprintln!("{}", judging::told(&why));
        Fault::Broken
    })?;
    let again = again.map(|again| {
        let key = match again {
            Again::Same => "finding-again",
            Again::Other => "finding-again-other",
            Again::Not => "finding-not-again",
        };
        (matches!(again, Again::Same), visit.words.t(key))
    });
    let rows = rows.iter().map(|row| seen::row(visit, pack, row)).collect();
    Ok(Looked { rows, no_lake: false, again })
}

/// What came of finding it again.
enum Again {
    Same,
    Other,
    Not,
}

async fn looked(
    world: &World<'_>,
    (rule, finding): (&Name, &Finding),
    again: bool,
) -> Result<(Vec<EvidenceRow>, Option<Again>), NotAsked> {
    let rule = world.pack.rules.get(rule).ok_or_else(|| NotAsked::Feed(rule.clone()))?;
    let about = &finding.about;
    let known = supervise::Asked { rows: about.rows, snapshot: EntryNumber(about.snapshot) };
    let evidence = about.evidence.iter().filter_map(|(feed, number)| {
        Some(Evidence { feed: Name::new(feed).ok()?, number: *number })
    });
    let evidence: Vec<Evidence> = evidence.collect();
    let rows = world.evidence(&evidence, known).await?;
    if !again {
        return Ok((rows, None));
    }
    let as_found = supervise::Finding {
        rule: finding.rule.clone(),
        at: finding.at,
        subject: finding.subject.clone(),
        evidence,
        version: about.version,
        verdict: if about.clear { RuleVerdict::Clear } else { RuleVerdict::Suspect },
        shows: about.shows.clone(),
        snapshot: EntryNumber(about.snapshot),
        known_then: about.known_then,
    };
    let found = match world.again(rule, &as_found, known).await? {
        Some(own) if own.says().0 == finding.says => Again::Same,
        Some(_) => Again::Other,
        None => Again::Not,
    };
    Ok((rows, Some(found)))
}
