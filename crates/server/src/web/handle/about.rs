//! What may be applied for about a case that has ended, such as rating how it was dealt with: found
//! from the pack in force, as each procedure for people whose form names an entry of the register
//! in which ended cases are written down.

use std::collections::BTreeMap;

use base::{Name, Text};
use kernel::{Case, Moment, decide::draft_facts};
use pack::model::{Input, Procedure};
use rules::{Value, Verdict};

use super::escaped;
use crate::web::{fault::Fault, frame::Link, pages::case::NextStep, visit::Visit};

/// A procedure about the case.
pub(super) struct About {
    procedure: Name,
    title: Text,
    /// The question that names the case, and what it is called there.
    question: String,
    key: String,
    /// What does not hold for it to be filed; none where it may be.
    unmet: Option<Text>,
}

/// What may be applied for about a case; nothing while it goes on.
pub(super) async fn ended(visit: &Visit, case: &Case) -> Result<Vec<About>, Fault> {
    let Some(entry) = &case.handled else { return Ok(Vec::new()) };
    let (pack, store) = (visit.pack(), &visit.app.store);
    let moment = Moment { at: visit.now, next: store.head().await?.next() };
    let open = pack.procedures.values().filter(|procedure| procedure.open_to_people());
    let open: Vec<(&Procedure, &str)> =
        open.filter_map(|own| Some((own, asked(own, &entry.register)?))).collect();
    if open.is_empty() {
        return Ok(Vec::new());
    }
    let looked = store.looking(|entries| {
        let about = open.iter().map(|(procedure, question)| {
            let answers =
                BTreeMap::from([((*question).to_owned(), Value::Text(entry.key.clone()))]);
            let applicant = Some(case.applicant);
            let facts = draft_facts(pack, procedure, &answers, applicant, entries, moment);
            let unmet = procedure.admits.iter();
            let unmet = unmet.filter(|admits| admits.verdict(&facts) == Verdict::False);
            About {
                procedure: procedure.name.clone(),
                title: procedure.title.clone(),
                question: (*question).to_owned(),
                key: entry.key.clone(),
                unmet: unmet.map(|admits| admits.says.clone()).next(),
            }
        });
        about.collect()
    });
    Ok(looked.await?)
}

/// What people may apply for about an entry of a register, such as complaining about a home: each
/// form that names such an entry, with the entry filled in.
pub(super) fn entry(visit: &Visit, register: &Name, key: &str) -> Vec<Link> {
    let open = visit.pack().procedures.values().filter(|procedure| procedure.open_to_people());
    let about = open.filter_map(|own| {
        let query = format!("{}={}", asked(own, register)?, escaped(key));
        let href = visit.to(&format!("/apply/{}/whole?{query}", own.name));
        Some(Link { href, text: own.title.to(visit.words.0).to_owned() })
    });
    about.collect()
}

/// The question of a form that names an entry of a register.
pub(super) fn asked<'p>(procedure: &'p Procedure, register: &Name) -> Option<&'p str> {
    let named = |input: &Input| matches!(input, Input::Entry(named) if named == register);
    procedure.fields().find(|field| named(&field.input)).map(|field| field.path.as_str())
}

impl About {
    /// The panel that leads to the form with the case filled in, or says why it leads nowhere.
    pub(super) fn next_step(&self, visit: &Visit) -> NextStep {
        let (words, title) = (visit.words, self.title.to(visit.words.0).to_owned());
        let Self { procedure, question, key, .. } = self;
        let (says, href) = match &self.unmet {
            None => (
                words.t("next-about-says"),
                visit.to(&format!("/apply/{procedure}/whole?{question}={key}")),
            ),
            Some(unmet) => (unmet.to(words.0).to_owned(), String::new()),
        };
        NextStep { title, says, until: String::new(), href }
    }
}
