//! How well people reach places of a plan, today and once a draft stands.

use askama::Template;

use crate::web::{
    components::{site_map::SiteMap, text_input::TextInput},
    fault::Refused,
    frame::{Frame, Link},
    question::{FaultLine, Offered},
};

/// How well people reach places.
#[derive(Debug, Template)]
#[template(path = "layout-reach.html")]
pub(crate) struct ReachPage {
    pub(crate) frame: Frame,
    /// The way back to the plan.
    pub(crate) plan: Link,
    /// Where the form is sent.
    pub(crate) action: String,
    /// The measures.
    pub(crate) measures: Vec<Offered>,
    /// The minutes.
    pub(crate) minutes: TextInput,
    /// Today alone, and each draft with each of its years.
    pub(crate) thens: Vec<Offered>,
    /// What was refused, and the answer that it is about.
    pub(crate) refused: Vec<Refused>,
    pub(crate) faults: Vec<FaultLine>,
    /// What came of it; none where something was refused.
    pub(crate) found: Option<Found>,
}

/// What came of it.
#[derive(Debug)]
pub(crate) struct Found {
    /// What the measure is called.
    pub(crate) title: String,
    /// What its number means, in sentences.
    pub(crate) means: Vec<String>,
    /// In what it is told.
    pub(crate) unit: String,
    /// The draft and the year beside today.
    pub(crate) then: Option<Link>,
    /// What it comes to over all people.
    pub(crate) sums: Vec<SumRow>,
    /// What is said of the sums, in sentences.
    pub(crate) notes: Vec<String>,
    /// What is assumed, line by line.
    pub(crate) assumed: Vec<(String, String)>,
    /// The map with its tables.
    pub(crate) map: SiteMap,
}

/// A line of sums.
#[derive(Debug, Clone)]
pub(crate) struct SumRow {
    /// What is summed up.
    pub(crate) title: String,
    /// Today.
    pub(crate) today: Link,
    /// Once the draft stands.
    pub(crate) then: Option<Link>,
}

#[cfg(test)]
mod samples {
    use super::{FaultLine, Found, Frame, Link, Offered, ReachPage, Refused, SiteMap, SumRow};
    use crate::web::{
        components::Component,
        pages::{Sample, link},
    };

    fn found(frame: &Frame, drafted: bool) -> Found {
        let row = |title: &str| SumRow {
            title: title.into(),
            today: Link { href: String::new(), text: "32.4".into() },
            then: drafted.then(link),
        };
        Found {
            title: "Catchments (2SFCA)".into(),
            means: vec!["Places for <1,000> people".into(), "Follows a paper".into()],
            unit: "places".into(),
            then: drafted.then(link),
            sums: vec![row("Mean"), row("Worst-off")],
            notes: vec!["Over people <all>".into()],
            assumed: vec![("How far".into(), "straight <3>".into())],
            map: SiteMap::samples(frame.words).remove(0),
        }
    }

    impl Sample for ReachPage {
        fn samples(frame: Frame) -> Vec<Self> {
            let offered = |value: &str, chosen| Offered {
                value: value.into(),
                title: "A & B".into(),
                chosen,
            };
            let page = |found: Option<Found>| Self {
                plan: link(),
                action: "/zh/layouts/7/access".into(),
                measures: vec![offered("2sfca", false), offered("raam", true)],
                minutes: frame.number_line("minutes", "reach-within", "reach-within-hint", "30"),
                thens: vec![offered("", true), offered("1-2031", false)],
                refused: match &found {
                    Some(_) => Vec::new(),
                    None => vec![Refused { number: 1369, says: "No".into(), next: "Mend".into() }],
                },
                faults: match &found {
                    Some(_) => Vec::new(),
                    None => vec![FaultLine { href: "#minutes".into(), text: "No <number>".into() }],
                },
                found,
                frame: frame.clone(),
            };
            vec![page(Some(found(&frame, true))), page(Some(found(&frame, false))), page(None)]
        }
    }
}
