//! For whom one applies, and how decisions are to be served: the part of a form that is the same in
//! every procedure (行政许可法 article 29; 行政处罚法 article 61).

use base::id;
use pack::model::{Applicant, Procedure};

use crate::web::{
    frame::Cited,
    question::{Before, Offered, anchor},
    shown::Shown,
};

use super::apply::PaperInput;

/// As what one files; nothing for oneself.
pub(crate) const AS: &str = "for:as";
/// The applicant's name.
pub(crate) const NAME: &str = "for:name";
/// The kind of the applicant's number.
pub(crate) const KIND: &str = "for:kind";
/// The applicant's number.
pub(crate) const NUMBER: &str = "for:number";
/// The paper that shows it.
pub(crate) const PAPER: &str = "for:paper";
/// Whether the party has not agreed to be served through the portal.
pub(crate) const ON_PAPER: &str = "service:on-paper";

/// The kinds of number by which an applicant is known, and what each is called.
pub(crate) const KINDS: [(id::Kind, &str); 4] = [
    (id::Kind::ResidentId, "id-resident-id"),
    (id::Kind::Uscc, "id-uscc"),
    (id::Kind::Passport, "id-passport"),
    (id::Kind::MainlandPermit, "id-mainland-permit"),
];

/// For whom one applies.
#[derive(Debug)]
pub(crate) struct BehalfInput {
    /// True at the counter, where it is always for somebody else.
    pub(crate) counter: bool,
    /// True where something was filled in.
    pub(crate) open: bool,
    /// As what.
    pub(crate) ways: Vec<Offered>,
    /// What is wrong with that; empty where nothing is.
    pub(crate) ways_error: String,
    /// The applicant's name as written.
    pub(crate) name: String,
    /// What is wrong with it; empty where nothing is.
    pub(crate) name_error: String,
    /// The kinds of number.
    pub(crate) kinds: Vec<Offered>,
    /// The number as written.
    pub(crate) number: String,
    /// What is wrong with it; empty where nothing is.
    pub(crate) number_error: String,
    /// The paper that shows it; none at the counter.
    pub(crate) papers: Vec<PaperInput>,
}

/// How decisions are to be served.
#[derive(Debug)]
pub(crate) struct ServiceInput {
    /// What service through the portal is called.
    pub(crate) portal: String,
    /// Where it is written that the party must have agreed.
    pub(crate) cited: Cited,
    /// True where the party has not agreed.
    pub(crate) on_paper: bool,
}

/// What a question of this part is called; none for other questions.
pub(crate) fn title(shown: Shown<'_>, item: &str) -> Option<String> {
    let key = match item {
        AS => "for-as",
        NAME => "for-name",
        NUMBER => "for-number",
        PAPER => "for-paper",
        _ => return None,
    };
    Some(shown.words.t(key))
}

impl BehalfInput {
    /// What was written before; none where bodies apply for themselves.
    pub(crate) fn of(
        shown: Shown<'_>,
        procedure: &Procedure,
        before: Before<'_>,
        counter: bool,
    ) -> Option<Self> {
        if procedure.applicant == [Applicant::Body] || procedure.against.is_some() {
            return None;
        }
        let words = shown.words;
        let written = |name: &str| before.answers.get(name).map(|all| all.concat());
        let offered = |value: &str, title: String, name: &str| Offered {
            value: value.to_owned(),
            title,
            chosen: written(name).unwrap_or_default() == value,
        };
        let person = procedure.applicant.contains(&Applicant::Person);
        let own = offered("", words.t("for-own"), AS);
        let agent = offered("agent", words.t("for-agent"), AS);
        let guardian = person.then(|| offered("guardian", words.t("for-guardian"), AS));
        let kind = |(kind, title): &(id::Kind, &str)| offered(kind.name(), words.t(title), KIND);
        Some(Self {
            counter,
            open: counter || written(NAME).is_some_and(|name| !name.is_empty()),
            ways: [own, agent].into_iter().chain(guardian).collect(),
            ways_error: before.error(AS, shown),
            name: written(NAME).unwrap_or_default(),
            name_error: before.error(NAME, shown),
            kinds: KINDS.iter().map(kind).collect(),
            number: written(NUMBER).unwrap_or_default(),
            number_error: before.error(NUMBER, shown),
            papers: if counter { Vec::new() } else { vec![paper(shown, before)] },
        })
    }
}

fn paper(shown: Shown<'_>, before: Before<'_>) -> PaperInput {
    let kept = before.answers.get(&format!("kept:{PAPER}"));
    PaperInput {
        name: PAPER.to_owned(),
        id: anchor(PAPER),
        title: shown.words.t("for-paper"),
        hint: shown.words.t("for-paper-hint"),
        optional: false,
        upload: true,
        shared: false,
        shared_chosen: false,
        kept: kept.map(|kept| kept.concat()).unwrap_or_default(),
        error: before.error(PAPER, shown),
    }
}

impl ServiceInput {
    /// The choice; none where the portal serves all decisions. Against whom a body acts has not
    /// agreed to anything until the officer says so.
    pub(crate) fn of(
        shown: Shown<'_>,
        procedure: &Procedure,
        before: Before<'_>,
        counter: bool,
    ) -> Option<Self> {
        let service = shown.pack.service.as_ref()?;
        let said = before.answers.get(ON_PAPER).map(|said| said.concat());
        Some(Self {
            portal: service.portal.title.to(shown.words.0).to_owned(),
            cited: shown.cited(&service.portal.basis),
            on_paper: match said.as_deref() {
                Some(said) => said == "yes",
                None => counter || procedure.against.is_some(),
            },
        })
    }
}

#[cfg(test)]
pub(super) fn sample_behalf(counter: bool) -> BehalfInput {
    let offered = |chosen| Offered { value: "agent".into(), title: "Agent".into(), chosen };
    BehalfInput {
        counter,
        open: counter,
        ways: vec![offered(true)],
        ways_error: if counter { String::new() } else { "needed".into() },
        name: "Somebody".into(),
        name_error: if counter { "missing".into() } else { String::new() },
        kinds: vec![offered(false)],
        number: "E0000001".into(),
        number_error: if counter { "wrong".into() } else { String::new() },
        papers: if counter { Vec::new() } else { super::apply::sample_papers() },
    }
}

#[cfg(test)]
pub(super) fn sample_service() -> ServiceInput {
    ServiceInput { portal: "Portal".into(), cited: super::cited(), on_paper: true }
}
