//! The list of services: by kind, for whom, and those that hold a word.

use askama::Template;
use base::Language;
use pack::model::{Applicant, Procedure, ProcedureKind};

use super::{life_event::life_events, service::applicant};
use crate::web::{
    frame::{Frame, Link, Reader},
    question::Offered,
    shown::Shown,
};

/// The kinds in the order of the list, with the text of each.
const KINDS: [(ProcedureKind, &str); 8] = [
    (ProcedureKind::Licence, "kind-licence"),
    (ProcedureKind::Filing, "kind-filing"),
    (ProcedureKind::Registration, "kind-registration"),
    (ProcedureKind::Designation, "kind-designation"),
    (ProcedureKind::Benefit, "kind-benefit"),
    (ProcedureKind::Report, "kind-report"),
    (ProcedureKind::Order, "kind-order"),
    (ProcedureKind::Plan, "kind-plan"),
];

/// The services that were asked for.
#[derive(Debug, Template)]
#[template(path = "services.html")]
pub(crate) struct ServicesPage {
    pub(crate) frame: Frame,
    /// The word sought.
    pub(crate) q: String,
    /// For whom one may look, and for whom the list is.
    pub(crate) whom: Vec<Offered>,
    /// What happens in people's lives that they need services for; none where a word is sought.
    pub(crate) events: Vec<Link>,
    /// How many there are.
    pub(crate) total: usize,
    /// The services by kind.
    pub(crate) groups: Vec<Group>,
}

/// The services of one kind.
#[derive(Debug)]
pub(crate) struct Group {
    /// The kind.
    pub(crate) title: String,
    /// Its anchor.
    pub(crate) id: &'static str,
    /// The services.
    pub(crate) services: Vec<Listed>,
}

/// A service in the list.
#[derive(Debug)]
pub(crate) struct Listed {
    /// Its title, linked to its guide.
    pub(crate) link: Link,
    /// What it is for.
    pub(crate) summary: String,
    /// What kind of act it is.
    pub(crate) kind: String,
    /// Who may start it.
    pub(crate) applicants: String,
    /// The time promised.
    pub(crate) promised: String,
}

impl Listed {
    /// A service for a list.
    pub(crate) fn of(shown: Shown<'_>, procedure: &Procedure) -> Self {
        let language = shown.words.0;
        let applicants = procedure.applicant.iter().map(|kind| applicant(shown, *kind));
        Self {
            link: Link {
                href: format!("/{}/services/{}", shown.words.code(), procedure.name),
                text: procedure.title.to(language).to_owned(),
            },
            summary: procedure.summary.to(language).to_owned(),
            kind: shown.words.t(kind(procedure)),
            applicants: applicants.collect::<Vec<_>>().join(shown.words.comma()),
            promised: shown.term(procedure.promised.term),
        }
    }
}

fn kind(procedure: &Procedure) -> &'static str {
    let found = KINDS.iter().find(|(kind, _)| *kind == procedure.kind);
    found.map_or("service", |(_, text)| text)
}

impl ServicesPage {
    /// The services that hold a word and that somebody of a kind may start. Where nobody is named,
    /// officers see what bodies start, and others what is open to them.
    pub(crate) fn of(frame: Frame, shown: Shown<'_>, q: &str, whom: &str) -> Self {
        let named = Applicant::ALL.iter().copied().find(|kind| kind.word() == whom);
        let officer = matches!(frame.reader, Reader::Officer { .. });
        let named = named.or((officer && whom.is_empty()).then_some(Applicant::Body));
        let open = |procedure: &&Procedure| match named {
            Some(kind) => procedure.applicant.contains(&kind),
            None => procedure.applicant != [Applicant::Body],
        };
        let sought: Vec<&Procedure> =
            shown.pack.procedures.values().filter(open).filter(|own| holds(own, q)).collect();
        let group = |(kind, text): &(ProcedureKind, &'static str)| Group {
            title: shown.words.t(text),
            id: text,
            services: sought
                .iter()
                .filter(|procedure| procedure.kind == *kind)
                .map(|procedure| Listed::of(shown, procedure))
                .collect(),
        };
        Self {
            frame,
            q: q.to_owned(),
            whom: offered(shown, named),
            events: if q.is_empty() { life_events(shown) } else { Vec::new() },
            total: sought.len(),
            groups: KINDS.iter().map(group).filter(|group| !group.services.is_empty()).collect(),
        }
    }
}

/// Whether a service's title, summary or measures hold every word, in either language.
fn holds(procedure: &Procedure, q: &str) -> bool {
    let texts = [&procedure.title, &procedure.summary];
    let said = texts.into_iter().flat_map(|text| [text.to(Language::Zh), text.to(Language::En)]);
    let measures = procedure.carries_out.iter().map(String::as_str);
    let all = said.chain(measures).collect::<Vec<_>>().join(" ").to_lowercase();
    q.to_lowercase().split_whitespace().all(|word| all.contains(word))
}

fn offered(shown: Shown<'_>, named: Option<Applicant>) -> Vec<Offered> {
    let anybody = Offered {
        value: "anybody".into(),
        title: shown.words.t("services-for-anybody"),
        chosen: named.is_none(),
    };
    let one = |kind: &Applicant| Offered {
        value: kind.word().to_owned(),
        title: applicant(shown, *kind),
        chosen: named == Some(*kind),
    };
    std::iter::once(anybody).chain(Applicant::ALL.iter().map(one)).collect()
}

#[cfg(test)]
pub(super) fn listed() -> Listed {
    Listed {
        link: super::link(),
        summary: "What for".into(),
        kind: "Filing".into(),
        applicants: "A person".into(),
        promised: "on the spot".into(),
    }
}

#[cfg(test)]
impl super::Sample for ServicesPage {
    fn samples(frame: Frame) -> Vec<Self> {
        let page = |groups: Vec<Group>| Self {
            frame: frame.clone(),
            q: "a\"b".into(),
            whom: vec![Offered { value: "person".into(), title: "Person".into(), chosen: true }],
            events: vec![super::link()],
            total: groups.len(),
            groups,
        };
        let group = |id| Group { title: "Filing".into(), id, services: vec![listed()] };
        vec![page(Vec::new()), page(vec![group("kind-filing"), group("kind-plan")])]
    }
}
