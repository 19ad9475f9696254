//! What rules of supervision found, and the rules.

use askama::Template;

use crate::web::{
    components::citation::Cited,
    frame::{Frame, Link},
};

/// What was found.
#[derive(Debug, Template)]
#[template(path = "findings.html")]
pub(crate) struct FindingsPage {
    pub(crate) frame: Frame,
    /// What is asked for; empty where everything is.
    pub(crate) narrowed: Vec<String>,
    /// What else there is to see of findings.
    pub(crate) more: Vec<Link>,
    /// The cases that can be opened about what is listed.
    pub(crate) cases: Vec<Link>,
    /// How much stands of each rule; empty where the list is narrowed.
    pub(crate) counts: Vec<CountLine>,
    /// The findings.
    pub(crate) found: Vec<FindingLine>,
    /// Where the list goes on; empty at its end.
    pub(crate) next: String,
}

/// How much stands of a rule.
#[derive(Debug)]
pub(crate) struct CountLine {
    /// The rule.
    pub(crate) rule: Link,
    /// What its findings mean.
    pub(crate) verdict: String,
    /// The same as a tone.
    pub(crate) tone: &'static str,
    /// How many stand.
    pub(crate) count: u64,
    /// How many of them were found since yesterday.
    pub(crate) new: u64,
    /// Where they are listed.
    pub(crate) found: String,
    /// Where the new ones are.
    pub(crate) found_new: String,
}

/// A finding in a list.
#[derive(Debug, Clone)]
pub(crate) struct FindingLine {
    /// The rule, and where the finding is.
    pub(crate) link: Link,
    /// The moment of the event.
    pub(crate) at: String,
    /// Whom it is about.
    pub(crate) subject: Link,
    /// What it means.
    pub(crate) verdict: String,
    /// The same as a tone.
    pub(crate) tone: &'static str,
    /// What was seen.
    pub(crate) shows: Vec<String>,
    /// Its number.
    pub(crate) number: String,
    /// True where it does not stand any more.
    pub(crate) gone: bool,
    /// The cases that take it up.
    pub(crate) cases: Vec<CaseLink>,
}

/// A case that takes up a finding.
#[derive(Debug, Clone)]
pub(crate) struct CaseLink {
    /// The case, and where it is for who may see it.
    pub(crate) link: Link,
    /// True until it has ended.
    pub(crate) open: bool,
}

/// A finding.
#[derive(Debug, Template)]
#[template(path = "finding.html")]
pub(crate) struct FindingPage {
    pub(crate) frame: Frame,
    /// What the rule is called.
    pub(crate) title: String,
    /// Its number.
    pub(crate) id: String,
    /// What it means.
    pub(crate) verdict: String,
    /// The same as a tone.
    pub(crate) tone: &'static str,
    /// Whether it stands.
    pub(crate) stands: bool,
    /// Whom it is about.
    pub(crate) subject: Link,
    /// Where that is.
    pub(crate) division: String,
    /// The moment of the event.
    pub(crate) at: String,
    /// The rule with its version.
    pub(crate) rule: Link,
    /// What the rule rests on.
    pub(crate) basis: Vec<Cited>,
    /// What was seen.
    pub(crate) shows: Vec<(String, String)>,
    /// Whether it would have been found with what was known at the moment.
    pub(crate) known_then: bool,
    /// What was known when it was found.
    pub(crate) known: String,
    /// When it was found, and when it was not any more.
    pub(crate) times: Vec<String>,
    /// The cases that take it up.
    pub(crate) cases: Vec<CaseLink>,
    /// The rows it rests on.
    pub(crate) rows: Vec<EvidenceLine>,
    /// True where this server cannot read them.
    pub(crate) no_lake: bool,
    /// What came of finding it again, and whether it is the same.
    pub(crate) again: Option<(bool, String)>,
    /// Where the other findings about the same are.
    pub(crate) others: String,
    /// Where its points are, for one that is rated.
    pub(crate) risk: Option<Link>,
}

/// A row that a finding rests on.
#[derive(Debug)]
pub(crate) struct EvidenceLine {
    /// What it is one of.
    pub(crate) feed: String,
    /// The number under which it was taken in.
    pub(crate) number: u64,
    /// What it says.
    pub(crate) cells: Vec<(String, String)>,
}

/// The rules.
#[derive(Debug, Template)]
#[template(path = "rules.html")]
pub(crate) struct RulesPage {
    pub(crate) frame: Frame,
    /// The rules.
    pub(crate) rules: Vec<RuleLine>,
}

/// A rule in a list.
#[derive(Debug)]
pub(crate) struct RuleLine {
    /// What it is called.
    pub(crate) link: Link,
    /// What its findings mean.
    pub(crate) verdict: String,
    /// The same as a tone.
    pub(crate) tone: &'static str,
    /// What it reads.
    pub(crate) feeds: String,
    /// How many of its findings stand.
    pub(crate) standing: u64,
    /// Where they are listed.
    pub(crate) found: String,
    /// When it was asked last; empty where it never was.
    pub(crate) asked_at: String,
    /// How long that took.
    pub(crate) took: String,
    /// Of how many rows it could not be told.
    pub(crate) undetermined: u64,
    /// Why it could not be asked; empty where it could.
    pub(crate) trouble: String,
}

/// A rule.
#[derive(Debug, Template)]
#[template(path = "rule.html")]
pub(crate) struct RulePage {
    pub(crate) frame: Frame,
    /// What a list says of it.
    pub(crate) line: RuleLine,
    /// Its name.
    pub(crate) name: String,
    /// Its version.
    pub(crate) version: u32,
    /// The events to which it applies.
    pub(crate) days: String,
    /// When it speaks.
    pub(crate) stage: String,
    /// What its findings are gathered by.
    pub(crate) kind: String,
    /// What it rests on.
    pub(crate) basis: Vec<Cited>,
    /// The tables and registers that it knows, with how much they hold.
    pub(crate) knows: Vec<(String, String)>,
    /// True for a query, false for a condition.
    pub(crate) is_query: bool,
    /// What it asks.
    pub(crate) says: String,
}

/// The rules of a proposed pack, tried on the rows of a year.
#[derive(Debug, Template)]
#[template(path = "trial.html")]
pub(crate) struct TrialPage {
    pub(crate) frame: Frame,
    /// The proposal.
    pub(crate) up: Link,
    /// The first day.
    pub(crate) from: String,
    /// The rules.
    pub(crate) rules: Vec<TrialLine>,
}

/// What a rule would find.
#[derive(Debug)]
pub(crate) struct TrialLine {
    /// What it is called.
    pub(crate) title: String,
    /// What its findings mean.
    pub(crate) verdict: String,
    /// The same as a tone.
    pub(crate) tone: &'static str,
    /// How much it would find.
    pub(crate) found: u64,
    /// How much of it does not stand now.
    pub(crate) new: u64,
    /// How much that stands it would not find.
    pub(crate) gone: u64,
    /// Of how many rows it could not tell.
    pub(crate) undetermined: u64,
    /// What it took.
    pub(crate) cost: String,
    /// Why it could not be tried; empty where it could.
    pub(crate) trouble: String,
}

#[cfg(test)]
impl super::Sample for TrialPage {
    fn samples(frame: Frame) -> Vec<Self> {
        let line = |trouble: &str| TrialLine {
            title: "<b>A rule</b>".into(),
            verdict: "Suspect".into(),
            tone: "open",
            found: 4,
            new: 3,
            gone: 1,
            undetermined: 2,
            cost: "12 rows, 3 ms".into(),
            trouble: trouble.into(),
        };
        let page = |rules| Self {
            frame: frame.clone(),
            up: sample_link(),
            from: "2026-01-01".into(),
            rules,
        };
        vec![page(vec![line(""), line("no such column")]), page(vec![])]
    }
}

#[cfg(test)]
pub(super) fn sample_line(href: &str) -> FindingLine {
    FindingLine {
        link: sample_link(),
        at: "2026-01-01 09:00".into(),
        subject: Link { href: href.into(), text: "a clinic".into() },
        verdict: "Suspect".into(),
        tone: "open",
        shows: vec!["Item <i>".into(), "Weight 2".into()],
        number: "00".into(),
        gone: true,
        cases: vec![CaseLink { link: sample_link(), open: true }],
    }
}

#[cfg(test)]
fn sample_link() -> Link {
    Link { href: "/zh/registers/clinic/1".into(), text: "<b>1</b>".into() }
}

#[cfg(test)]
impl super::Sample for FindingsPage {
    fn samples(frame: Frame) -> Vec<Self> {
        let count = |count: u64, tone| CountLine {
            rule: sample_link(),
            verdict: "Clear".into(),
            tone,
            count,
            new: count / 2,
            found: "/zh/findings?rule=a".into(),
            found_new: "/zh/findings?rule=a&new=yes".into(),
        };
        let page = |narrowed: Vec<String>, counts, found, next: &str| Self {
            frame: frame.clone(),
            cases: if narrowed.is_empty() { vec![] } else { vec![sample_link()] },
            narrowed,
            more: vec![sample_link(), sample_link()],
            counts,
            found,
            next: next.into(),
        };
        vec![
            page(
                vec![],
                vec![count(4, "bad"), count(0, "open")],
                vec![sample_line(""), sample_line("/zh/a")],
                "/zh/b",
            ),
            page(vec!["new".into()], vec![], vec![], ""),
        ]
    }
}

#[cfg(test)]
impl super::Sample for FindingPage {
    fn samples(frame: Frame) -> Vec<Self> {
        let row = EvidenceLine {
            feed: "Sales".into(),
            number: 7,
            cells: vec![("Item".into(), "<b>".into())],
        };
        let page = |stands: bool, rows: Vec<EvidenceLine>, again: Option<(bool, String)>| Self {
            frame: frame.clone(),
            title: "A rule".into(),
            id: "00".repeat(16),
            verdict: "Clear".into(),
            tone: "bad",
            stands,
            subject: sample_link(),
            division: if stands { "a district".into() } else { String::new() },
            at: "2026-01-01 09:00".into(),
            rule: sample_link(),
            basis: vec![],
            shows: vec![("Item".into(), "<b>".into())],
            known_then: stands,
            known: "what was known".into(),
            times: vec!["once".into(), "twice".into()],
            cases: vec![CaseLink { link: sample_link(), open: false }],
            no_lake: rows.is_empty(),
            rows,
            again,
            others: "/zh/findings?subject=1".into(),
            risk: stands.then(sample_link),
        };
        vec![
            page(true, vec![row], Some((true, "the same".into()))),
            page(false, vec![], Some((false, "not the same".into()))),
            page(true, vec![], None),
        ]
    }
}

#[cfg(test)]
fn sample_rule(trouble: &str) -> RuleLine {
    RuleLine {
        link: sample_link(),
        verdict: "Clear".into(),
        tone: "bad",
        feeds: "Sales".into(),
        standing: if trouble.is_empty() { 3 } else { 0 },
        found: "/zh/findings?rule=a".into(),
        asked_at: if trouble.is_empty() { "2026-01-01 09:00".into() } else { String::new() },
        took: "3 ms".into(),
        undetermined: 2,
        trouble: trouble.into(),
    }
}

#[cfg(test)]
impl super::Sample for RulesPage {
    fn samples(frame: Frame) -> Vec<Self> {
        let rules = vec![sample_rule(""), sample_rule("no such column")];
        vec![Self { frame: frame.clone(), rules }, Self { frame, rules: vec![] }]
    }
}

#[cfg(test)]
impl super::Sample for RulePage {
    fn samples(frame: Frame) -> Vec<Self> {
        let page = |trouble: &str, is_query: bool| Self {
            frame: frame.clone(),
            line: sample_rule(trouble),
            name: "a-rule".into(),
            version: 2,
            days: "from a day".into(),
            stage: "after".into(),
            kind: "charging".into(),
            basis: vec![],
            knows: if is_query {
                vec![]
            } else {
                vec![("Limits".into(), "3 rows".into()), ("Rooms".into(), String::new())]
            },
            is_query,
            says: "a < b".into(),
        };
        vec![page("", true), page("no such column", false)]
    }
}
