//! At the counter: an officer has seen a person with the document, and ties the account that the
//! person names by a code to the number.

use axum::extract::Query as Asked;
use axum::response::{IntoResponse, Redirect, Response};
use base::id;
use identity::{AccountId, OneTimeCode, Proof};
use store::accounts::{CodePurpose, Proved};

use super::{door::Guard, sign_up::mended};
use crate::web::{
    fault::Fault,
    handle::Query,
    not_in::NotIn,
    pages::{
        account::form::{Field, FormPage},
        behalf::KINDS,
    },
    posted::Posted,
    session::random,
    visit::{AsOfficer, Visit, page},
};

/// What an officer wrote, with what is wrong.
#[derive(Default)]
struct Written {
    code: String,
    kind: String,
    number: String,
    code_wrong: String,
    number_wrong: String,
}

/// The form.
pub(in crate::web) async fn ask(
    who: AsOfficer,
    Asked(query): Asked<Query>,
) -> Result<Response, Fault> {
    let mut shown = identify_page(&who.visit, Written::default(), None);
    if query.done == "identified" {
        shown.done = who.visit.words.t("identified");
    }
    page(&shown)
}

fn identify_page(visit: &Visit, written: Written, not_in: Option<NotIn>) -> FormPage {
    let words = visit.words;
    let kinds = KINDS.into_iter().map(|(kind, key)| (kind.name().to_owned(), words.t(key)));
    FormPage {
        refused: not_in.map(|not_in| not_in.refused(words)).into_iter().collect(),
        title: words.t("identify"),
        lead: words.t("identify-lead"),
        action: visit.to("/counter/identify"),
        key: random(),
        fields: vec![
            Field::text("code", words.t("counter-code"), &written.code)
                .hinted(words.t("counter-code-hint"))
                .completed("off")
                .wrong(written.code_wrong),
            Field::choice("kind", words.t("number-kind"), &written.kind, kinds.collect()),
            Field::text("number", words.t("number"), &written.number)
                .completed("off")
                .wrong(written.number_wrong),
        ],
        button: words.t("identify-do"),
        ..FormPage::empty(visit.frame())
    }
}

/// Ties the account to the number.
pub(in crate::web) async fn identify(who: AsOfficer, posted: Posted) -> Result<Response, Fault> {
    let visit = &who.visit;
    let guard = Guard::of(visit, "counter", &who.party.to_string()).await?;
    let words = visit.words;
    let mut written = Written {
        code: posted.one("code").to_owned(),
        kind: posted.one("kind").to_owned(),
        number: posted.one("number").to_owned(),
        ..Written::default()
    };
    let mut kinds = KINDS.into_iter().map(|(kind, _)| kind);
    let kind = kinds.find(|kind| kind.name() == written.kind).ok_or(Fault::Unreadable)?;
    if let Err(reason) = id::check(kind, &written.number) {
        written.number_wrong = reason.says.to(words.0).to_owned();
        return mended(&identify_page(visit, written, None), None);
    }
    let accounts = visit.app.store.accounts();
    let purpose = CodePurpose::Counter;
    let account = match OneTimeCode::typed(&written.code) {
        Some(code) => accounts.use_code(&code, purpose, visit.now).await?,
        None => None,
    };
    let Some(account) = account else {
        guard.failed(visit, None).await?;
        written.code_wrong = words.t("not-in-code");
        let why = Some(NotIn::WrongCode);
        return mended(&identify_page(visit, written, why), why);
    };
    // An invented officer of a demonstration has no account; the party stands for them.
    let by = visit.account().unwrap_or(AccountId(who.party.0));
    let proof = Proof::Seen { by, at: visit.now };
    let number = (kind.name(), written.number.as_str());
    if accounts.prove(account, number, &proof, visit.now).await? == Proved::OtherAccount {
        let why = Some(NotIn::NumberElsewhere);
        return mended(&identify_page(visit, written, why), why);
    }
    Ok(Redirect::to(&visit.to("/counter/identify?done=identified")).into_response())
}
