//! Who is who in a case: the applicant and who speaks for it, the officers and who stands aside.

use kernel::{
    Actor, Entry, PartyId,
    case::{Recusal, Speaks},
    ledger::Act,
};

use super::{Reading, history::reasons};
use crate::web::{
    app::{Person, Role},
    handle::behalf::SEALED,
    pages::case::{Fact, RecusalView, Section},
    session::hex,
    signature::{self, SIGNED},
};

impl Reading<'_> {
    /// Who applied.
    pub(crate) fn applicant(&self) -> String {
        // Whoever speaks for somebody knows that person by what the case says, not by an account.
        let named = match self.case.speaks {
            Speaks::Nobody => self.named(self.case.applicant),
            Speaks::Agent(_) | Speaks::Guardian(_) | Speaks::Counter(_) => None,
        };
        named.unwrap_or_else(|| self.shown.words.t("who-applicant"))
    }

    /// The name of somebody who may be named.
    pub(super) fn named(&self, of: PartyId) -> Option<String> {
        let own = |person: &&Person| match &person.role {
            Role::Applicant { party } => *party == of,
            Role::Officer { party, .. } => *party == of,
        };
        let person = self.people.0.iter().find(own);
        person.map(|person| person.name.to(self.shown.words.0).to_owned())
    }

    /// Who speaks for the applicant.
    pub(super) fn through(&self) -> String {
        let words = self.shown.words;
        let by = |key: &str, person| {
            words.with(key, &self.named(person).unwrap_or_else(|| words.t("who-somebody")))
        };
        match &self.case.speaks {
            Speaks::Nobody => String::new(),
            Speaks::Agent(person) => by("through-agent", *person),
            Speaks::Guardian(person) => by("through-guardian", *person),
            Speaks::Counter(body) => words.with("through-counter", &self.shown.body(body)),
        }
    }

    /// An officer of the case: the name where it may be shown, and the body.
    pub(crate) fn officer(&self, officer: PartyId) -> String {
        let hands = self.case.hands.iter().filter(|(_, own)| own.contains(&officer));
        let given = self.case.assigned.iter().filter(|(_, own)| **own == officer);
        let mut bodies = hands.map(|(body, _)| body).chain(given.map(|(body, _)| body));
        let body = bodies.next();
        let body = body.map(|body| self.shown.body(body)).unwrap_or_default();
        let name = self.named(officer).unwrap_or_else(|| {
            // Who has no name here is told from colleagues by the first entry.
            let acted = |entry: &&Entry| matches!(entry.by, Actor::Officer(by, _) if by == officer);
            let first = self.history.iter().find(acted);
            first.map(|entry| self.shown.number(entry.number)).unwrap_or_default()
        });
        self.shown.words.with_both("officer-of", &body, &name)
    }

    /// What the party says against an officer; empty where it said nothing.
    pub(crate) fn grounds_against(&self, officer: PartyId) -> &str {
        let grounds = self.history.iter().rev().find_map(|entry| match &entry.act {
            Act::RecusalAsked(asked) if asked.officer == officer => Some(asked.grounds.as_str()),
            _ => None,
        });
        grounds.unwrap_or_default()
    }

    pub(super) fn recusals(&self) -> Vec<RecusalView> {
        let words = self.shown.words;
        let view = |(officer, recusal): (&PartyId, &Recusal)| {
            let (key, mark, number) = match recusal {
                Recusal::Asked(number) => ("recusal-asked", "open", number),
                Recusal::Aside(number) => ("recusal-aside", "bad", number),
                Recusal::Stays(number) => ("recusal-stays", "good", number),
            };
            let entry = self.history.iter().find(|entry| entry.number == *number);
            RecusalView {
                officer: self.officer(*officer),
                standing: words.t(key),
                mark,
                reasons: entry.map(|entry| reasons(&entry.act)).unwrap_or_default().to_owned(),
            }
        };
        self.case.recusals.iter().map(view).collect()
    }

    /// What the vault keeps of an applicant for whom somebody else filed.
    pub(super) fn about_applicant(&self) -> Option<Section> {
        let words = self.shown.words;
        let fact = |(path, title): &(&str, &str)| Fact {
            title: words.t(title),
            text: self.revealed.get(*path).cloned().unwrap_or_default(),
            href: String::new(),
            sealed: match self.revealed.contains_key(*path) {
                true => String::new(),
                false => (*path).to_owned(),
            },
        };
        let facts = SEALED.iter().map(fact).collect();
        let title = words.t("applicant");
        let told = self.case.speaks != Speaks::Nobody;
        told.then_some(Section { title, later: false, facts })
    }

    /// What was signed with the application, where it was signed here: the digest that the filing
    /// names, and the text, which the vault keeps.
    pub(super) fn signature(&self) -> Option<Section> {
        let words = self.shown.words;
        let filed = self.history.first().and_then(|entry| match &entry.act {
            Act::Filed(filed) => filed.signed,
            _ => None,
        })?;
        let fact = |title: &str, text: String, sealed: &str| Fact {
            title: words.t(title),
            text,
            href: String::new(),
            sealed: sealed.to_owned(),
        };
        let mut facts = vec![fact("signature-digest", hex(&filed.0), "")];
        match self.revealed.get(SIGNED) {
            None => facts.push(fact("signature-text", String::new(), SIGNED)),
            Some(text) if *text == words.t("erased") => {
                facts.push(fact("signature-text", text.clone(), ""));
            }
            Some(text) => {
                let same = signature::digest(text) == filed;
                let says = if same { "signature-good" } else { "signature-bad" };
                facts.push(fact("signature-text", text.clone(), ""));
                facts.push(fact("signature-check", words.t(says), ""));
            }
        }
        Some(Section { title: words.t("signature"), later: false, facts })
    }
}
