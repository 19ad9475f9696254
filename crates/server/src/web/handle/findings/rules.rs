//! The rules by which rows become findings, as the pack in force has them, and how far they were
//! asked.

use std::collections::BTreeMap;

use axum::{extract::Path, response::Response};
use base::Name;
use pack::model::{Finds, Rule, RuleStage};
use store::finding::{FindingCount, RuleAsked};

use super::{since_yesterday, tone, verdict};
use crate::web::{
    fault::Fault,
    frame::Link,
    pages::findings::{RuleLine, RulePage, RulesPage},
    visit::{AsOfficer, Visit, page},
};

/// The rules.
pub(in crate::web) async fn list(who: AsOfficer) -> Result<Response, Fault> {
    let visit = &who.visit;
    let asked = visit.app.store.rules_asked().await?;
    let asked: BTreeMap<&Name, &RuleAsked> = asked.iter().map(|own| (&own.rule, own)).collect();
    let counts = visit.app.store.finding_counts(since_yesterday(visit)).await?;
    let line = |rule: &Rule| line(visit, rule, asked.get(&rule.name).copied(), &counts);
    let rules = visit.pack().rules.values().map(line).collect();
    page(&RulesPage { frame: visit.frame(), rules })
}

fn line(
    visit: &Visit,
    rule: &Rule,
    asked: Option<&RuleAsked>,
    counts: &[FindingCount],
) -> RuleLine {
    let own = counts.iter().filter(|own| own.rule == rule.name);
    let feeds = rule.feeds().filter_map(|name| visit.pack().feeds.get(name));
    let feeds: Vec<&str> = feeds.map(|feed| feed.title.to(visit.words.0)).collect();
    RuleLine {
        link: Link {
            href: visit.to(&format!("/findings/rules/{}", rule.name)),
            text: rule.title.to(visit.words.0).to_owned(),
        },
        verdict: verdict(visit, rule.verdict),
        tone: tone(rule.verdict == pack::model::RuleVerdict::Clear),
        feeds: feeds.join(visit.words.comma()),
        standing: own.map(|own| own.count).sum(),
        found: visit.to(&format!("/findings?rule={}", rule.name)),
        asked_at: asked.map(|own| visit.shown().moment(own.at)).unwrap_or_default(),
        took: asked.map(|own| took(visit, own)).unwrap_or_default(),
        undetermined: asked.map_or(0, |own| own.undetermined),
        trouble: asked.map(|own| own.trouble.clone()).unwrap_or_default(),
    }
}

fn took(visit: &Visit, asked: &RuleAsked) -> String {
    visit.words.with("rule-took-ms", &asked.took.as_millis().to_string())
}

/// A rule.
pub(in crate::web) async fn show(
    who: AsOfficer,
    Path(name): Path<String>,
) -> Result<Response, Fault> {
    let visit = &who.visit;
    let name = Name::new(&name).map_err(|_| Fault::NoSuchPage)?;
    let rule = visit.pack().rules.get(&name).ok_or(Fault::NoSuchPage)?;
    let asked = visit.app.store.rules_asked().await?;
    let asked = asked.iter().find(|own| own.rule == name);
    let counts = visit.app.store.finding_counts(since_yesterday(visit)).await?;
    let (shown, words) = (visit.shown(), visit.words);
    let until = rule.until.map(|day| words.with("rule-until", &day.to_string()));
    let stage = match rule.stage {
        RuleStage::Before => "stage-before",
        RuleStage::At => "stage-at",
        RuleStage::After => "stage-after",
    };
    let knows = rule.knowledge().into_iter().filter_map(|name| visit.pack().knowledge.get(name));
    let knows = knows
        .map(|table| (table.title.to(words.0).to_owned(), words.n("pack-rows", &table.rows.len())));
    let looks = rule.registers().into_iter().filter_map(|name| visit.pack().registers.get(name));
    let looks = looks.map(|own| (own.title.to(words.0).to_owned(), String::new()));
    let says = match &rule.finds {
        Finds::Row(row) => row.that.source().to_owned(),
        Finds::Query(query) => query.sql.clone(),
    };
    page(&RulePage {
        frame: visit.frame(),
        line: line(visit, rule, asked, &counts),
        name: rule.name.to_string(),
        version: rule.version,
        days: words.with_both(
            "two-notes",
            &words.with("pack-rule-from", &rule.from.to_string()),
            &until.unwrap_or_else(|| words.t("rule-open")),
        ),
        stage: words.t(stage),
        kind: super::taken::title_of(visit, &rule.kind),
        basis: rule.basis.iter().map(|one| shown.cited(one)).collect(),
        knows: knows.chain(looks).collect(),
        is_query: matches!(rule.finds, Finds::Query(_)),
        says,
    })
}
