//! Filing for somebody else: who the applicant is, told by a number, and the paper that shows it.

use base::{Name, Reason, Text, id};
use identity::AccountId;
use kernel::{
    Case, PartyId,
    case::Speaks,
    form::Answers,
    ledger::{Paper, Through},
    refusal::FormFault,
};
use pack::model::{Applicant, Mode};
use store::{Personal, accounts::Delegation};

use super::apply::sent;
use crate::web::{
    app::Role,
    draft::first,
    fault::Fault,
    pages::{
        apply::ApplyPage,
        behalf::{AS, KIND, KINDS, NAME, NUMBER, PAPER},
    },
    paper,
    posted::Posted,
    question::{Before, Offered},
    session::{derived, hex},
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
    /// The applicant, where it was given who it is.
    party: Option<PartyId>,
}

impl Behalf {
    /// What the form says, with the faults of what does not fit.
    pub(super) async fn read(
        who: &SignedIn,
        (service, counter): (&Name, bool),
        posted: &mut Posted,
    ) -> Result<(Self, Vec<FormFault>), Fault> {
        if let Some(given) = posted.one(AS).strip_prefix(GIVEN) {
            return by_leave(who, service, given).await;
        }
        let guardian = posted.one(AS) == "guardian";
        let name = String::new();
        let own = Self { through: Through::Own, number: None, name, party: None };
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
        let number = kind.map(|kind| (kind, number));
        Ok((Self { through, number, name, party: None }, faults))
    }

    /// Who the applicant is: whoever acts, or the one of that number.
    pub(super) async fn applicant(
        &self,
        who: &SignedIn,
        posted: &Posted,
    ) -> Result<PartyId, Fault> {
        if let Some(party) = self.party {
            return Ok(party);
        }
        let (Role::Applicant { party } | Role::Officer { party, .. }) = &who.role;
        let Some((kind, number)) = &self.number else { return Ok(*party) };
        let Visit { app, .. } = &who.visit;
        let fresh = PartyId(derived(&app.secret, &["applicant", &posted.key, kind.name(), number]));
        Ok(app.store.party_for(kind.name(), number, fresh).await?)
    }

    /// What the vault keeps of the applicant.
    pub(super) fn personal(&self, applicant: PartyId) -> Vec<Personal> {
        // Who lets somebody act is known by the account, not by a number that is written here.
        let number = self.number.iter().map(|(_, number)| number);
        let texts = Some(&self.name).filter(|name| !name.is_empty()).into_iter().chain(number);
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

/// What the form sends before the number of somebody's leave.
const GIVEN: &str = "given:";

/// Offers to act for everybody who lets the reader act in the service today.
pub(super) async fn offer_given(
    who: &SignedIn,
    service: &Name,
    before: Before<'_>,
    shown: &mut ApplyPage,
) -> Result<(), Fault> {
    let (Some(behalf), Some(account), Role::Applicant { .. }) =
        (&mut shown.behalf, who.visit.account(), &who.role)
    else {
        return Ok(());
    };
    let accounts = who.visit.app.store.accounts();
    let chosen = before.answers.get(AS).map(|all| all.concat()).unwrap_or_default();
    for given in held(&who.visit, account, service).await? {
        let Some(giver) = accounts.account(given.giver).await? else { continue };
        let value = format!("{GIVEN}{}", hex(&given.id));
        let until = given.until.to_string();
        let title = who.visit.words.with_both("for-given", &giver.name, &until);
        behalf.ways.push(Offered { chosen: value == chosen, value, title });
    }
    behalf.open |= chosen.starts_with(GIVEN);
    Ok(())
}

/// The leave that an account has been given for a service and that holds today.
async fn held(visit: &Visit, account: AccountId, service: &Name) -> Result<Vec<Delegation>, Fault> {
    let given = visit.app.store.accounts().delegations(account).await?.into_iter();
    let today = visit.today();
    let mine = given.filter(|given| given.agent == account);
    Ok(mine.filter(|given| given.holds_on(today) && given.covers(service)).collect())
}

/// For somebody who lets whoever files act: the leave itself is the paper that shows it.
async fn by_leave(
    who: &SignedIn,
    service: &Name,
    given: &str,
) -> Result<(Behalf, Vec<FormFault>), Fault> {
    let visit = &who.visit;
    let (Some(account), Role::Applicant { .. }) = (visit.account(), &who.role) else {
        return Err(Fault::OtherRole);
    };
    let held = held(visit, account, service).await?;
    let accounts = visit.app.store.accounts();
    let found = held.into_iter().find(|one| hex(&one.id) == given);
    let giver = match &found {
        Some(found) => accounts.account(found.giver).await?,
        None => None,
    };
    let (Some(found), Some(giver)) = (found, giver) else {
        let own = Behalf { through: Through::Own, number: None, name: String::new(), party: None };
        let says =
            Text::new("授权已终止或不含此事项", "their leave has ended, or is for other services");
        let reason = Reason { word: "no-leave", says };
        return Ok((own, vec![FormFault { path: AS.to_owned(), reason }]));
    };
    let digest = paper::keep(&visit.app.papers, statement(&found).as_bytes()).await?;
    let through = Through::Agent(Paper { mode: Mode::Upload, digest: digest.to_vec() });
    Ok((Behalf { through, number: None, name: giver.name, party: Some(giver.party) }, Vec::new()))
}

/// What was given, as a text that is kept like any paper. It names accounts by their numbers only.
fn statement(given: &Delegation) -> String {
    let services: Vec<&str> = given.services.iter().map(Name::as_str).collect();
    let services = if services.is_empty() { "*".to_owned() } else { services.join(" ") };
    format!(
        "\u{feff}授权记录 / leave to act {}\n授权人 / giver {}\n代办人 / agent {}\n\
         事项 / services {services}\n期限 / days {}..{}\n授权时间 / given at {}\n",
        hex(&given.id),
        given.giver,
        given.agent,
        given.from,
        given.until,
        given.made_at
    )
}

/// Whether whoever reads was let act for the applicant of a case, and no longer is: what was given
/// and then ended ends at once.
pub(in crate::web) async fn leave_ended(
    visit: &Visit,
    role: &Role,
    case: &Case,
) -> Result<bool, Fault> {
    let (Role::Applicant { party }, Some(account)) = (role, visit.account()) else {
        return Ok(false);
    };
    if case.speaks != Speaks::Agent(*party) {
        return Ok(false);
    }
    let accounts = visit.app.store.accounts();
    let mut given = accounts.delegations(account).await?;
    given.retain(|given| given.agent == account && given.covers(&case.procedure));
    let mut of_applicant = Vec::new();
    for one in given {
        let giver = accounts.account(one.giver).await?;
        let former = accounts.former_parties(one.giver).await?;
        let parties = giver.map(|giver| giver.party).into_iter().chain(former);
        if parties.into_iter().any(|party| party == case.applicant) {
            of_applicant.push(one);
        }
    }
    let given = of_applicant;
    let today = visit.today();
    // Whoever was never let act here files with a paper of the applicant's, which the case judges.
    Ok(!given.is_empty() && !given.iter().any(|given| given.holds_on(today)))
}

fn missing() -> Reason {
    Reason { word: "missing", says: Text::new("须选择、填写或上传", "is needed") }
}
