//! Filing for somebody else: who the applicant is, told by a number, and the paper that shows it.

use base::{Reason, Text, id};
use kernel::{
    PartyId,
    form::Answers,
    ledger::{Paper, Through},
    refusal::FormFault,
};
use pack::model::{Applicant, Mode};
use store::Personal;

use super::apply::sent;
use crate::web::{
    app::Role,
    draft::first,
    fault::Fault,
    pages::behalf::{AS, KIND, KINDS, NAME, NUMBER, PAPER},
    posted::Posted,
    session::derived,
    visit::{SignedIn, Visit},
};

/// Where the vault keeps what the applicant is called, and the number.
pub(in crate::web) const SEALED: [(&str, &str); 2] =
    [("applicant.name", "for-name"), ("applicant.number", "for-number")];

/// For whom a form was filled in.
pub(super) struct Behalf {
    /// Through whom the applicant files.
    pub(super) through: Through,
    /// The applicant's number, and its kind; none for oneself.
    number: Option<(id::Kind, String)>,
    /// The applicant's name.
    name: String,
}

impl Behalf {
    /// What the form says, with the faults of what does not fit.
    pub(super) async fn read(
        who: &SignedIn,
        counter: bool,
        posted: &mut Posted,
    ) -> Result<(Self, Vec<FormFault>), Fault> {
        let guardian = posted.one(AS) == "guardian";
        let own = Self { through: Through::Own, number: None, name: String::new() };
        if !counter && !guardian && posted.one(AS) != "agent" {
            let written = !posted.one(NAME).is_empty() || !posted.one(NUMBER).is_empty();
            let mut faults = Vec::new();
            let shown = sent(&who.visit, posted, PAPER, &mut faults).await?.is_some();
            // Who has told of somebody else does not apply for himself by an oversight.
            let unsaid = posted.one(AS).is_empty() && (written || shown);
            let fault = FormFault { path: AS.to_owned(), reason: missing() };
            faults.extend(unsaid.then_some(fault));
            return Ok((own, faults));
        }
        let mut faults = Vec::new();
        let through = match counter {
            true => Through::Counter,
            false => {
                let digest = sent(&who.visit, posted, PAPER, &mut faults).await?;
                let digest = digest.map(|digest| digest.to_vec()).unwrap_or_default();
                let paper = Paper { mode: Mode::Upload, digest };
                if guardian { Through::Guardian(paper) } else { Through::Agent(paper) }
            }
        };
        let mut kinds = KINDS.into_iter().map(|(kind, _)| kind);
        let kind = kinds.find(|kind| kind.name() == posted.one(KIND));
        let number = posted.one(NUMBER).to_owned();
        let name = posted.one(NAME).to_owned();
        // Of a paper that was not taken it is said why, not that it is missing.
        let unsaid = faults.is_empty();
        faults.extend(unfit(&posted.answers));
        match &through {
            Through::Agent(paper) | Through::Guardian(paper)
                if unsaid && paper.digest.is_empty() =>
            {
                faults.push(FormFault { path: PAPER.into(), reason: missing() });
            }
            _ => {}
        }
        Ok((Self { through, number: kind.map(|kind| (kind, number)), name }, faults))
    }

    /// Who the applicant is: whoever acts, or the one of that number.
    pub(super) async fn applicant(
        &self,
        who: &SignedIn,
        posted: &Posted,
    ) -> Result<PartyId, Fault> {
        let (Role::Applicant { party } | Role::Officer { party, .. }) = &who.role;
        let Some((kind, number)) = &self.number else { return Ok(*party) };
        let Visit { app, .. } = &who.visit;
        let fresh = PartyId(derived(&app.secret, &["applicant", &posted.key, kind.name(), number]));
        Ok(app.store.party_for(kind.name(), number, fresh).await?)
    }

    /// What the vault keeps of the applicant.
    pub(super) fn personal(&self, applicant: PartyId) -> Vec<Personal> {
        let Some((_, number)) = &self.number else { return Vec::new() };
        let texts = [&self.name, number];
        let details = SEALED.iter().zip(texts).map(|((path, _), text)| Personal {
            party: applicant,
            path: (*path).to_owned(),
            text: text.clone(),
        });
        details.collect()
    }

    /// As what the applicant applies, told by the number where the form does not say: only an
    /// organisation has a credit code.
    pub(super) fn kind(&self, said: Applicant) -> Applicant {
        match &self.number {
            Some((id::Kind::Uscc, _)) => Applicant::Organisation,
            Some(_) if said == Applicant::Organisation => Applicant::Person,
            _ => said,
        }
    }
}

/// What is wrong in how the applicant is named.
pub(in crate::web) fn unfit(answers: &Answers) -> Vec<FormFault> {
    let (name, number) = (first(answers, NAME), first(answers, NUMBER));
    let mut kinds = KINDS.into_iter().map(|(kind, _)| kind);
    let kind = kinds.find(|kind| kind.name() == first(answers, KIND));
    let mut faults = Vec::new();
    let mut fault = |path: &str, reason| faults.push(FormFault { path: path.into(), reason });
    if name.is_empty() {
        fault(NAME, missing());
    }
    match kind.map(|kind| id::check(kind, number)) {
        Some(Ok(())) => {}
        Some(Err(_)) if number.is_empty() => fault(NUMBER, missing()),
        Some(Err(reason)) => fault(NUMBER, reason),
        None => fault(NUMBER, missing()),
    }
    faults
}

fn missing() -> Reason {
    Reason { word: "missing", says: Text::new("须选择、填写或上传", "is needed") }
}
