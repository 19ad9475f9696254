//! The form that came after its session had ended: what was typed is kept, sealed, for the browser
//! it came from, and given back to whoever had typed it once they have signed in again.

use axum::{
    extract::Request,
    http::{StatusCode, header},
    response::{AppendHeaders, IntoResponse, Redirect, Response},
};
use base::Instant;
use minicbor::{Decode, Encode};
use store::accounts::Ceremony;

use super::{
    fault::{Fault, numbered},
    handle::escaped,
    pages::{account::resume::ResumePage, draft::ExpiredPage},
    posted::{Posted, read},
    session::Session,
    visit::{Visit, for_programs, page},
};

/// How long a form is kept.
const KEPT_MICROS: i64 = 3_600_000_000;
/// The longest form that is kept, in bytes; a longer one was not typed.
const BYTES_MAX: usize = 256 * 1024;

/// A form that is kept.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct KeptForm {
    /// What sessions call whoever sent it.
    #[n(0)]
    pub(crate) who: String,
    /// Where it was sent.
    #[n(1)]
    pub(crate) address: String,
    /// The number of the submission: sent again, it has one effect.
    #[n(2)]
    pub(crate) key: String,
    /// What was typed, by name.
    #[n(3)]
    pub(crate) answers: Vec<(String, String)>,
    /// Whether files came with it, which are not kept.
    #[n(4)]
    pub(crate) had_files: bool,
}

impl KeptForm {
    fn of(who: &str, address: String, posted: Posted) -> Self {
        let answers = posted.answers.into_iter();
        let answers = answers
            .flat_map(|(name, values)| values.into_iter().map(move |value| (name.clone(), value)));
        Self {
            who: who.to_owned(),
            address,
            key: posted.key,
            // What proves who somebody is is never kept.
            answers: answers.filter(|(name, _)| !name.contains("password")).collect(),
            had_files: !posted.files.is_empty(),
        }
    }

    /// A form as it was kept.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        minicbor::decode(bytes).ok()
    }

    /// The bytes to keep.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        // Writing to memory cannot fail.
        minicbor::to_vec(self).unwrap_or_default()
    }

    /// Until when it is kept.
    pub(crate) fn until(now: Instant) -> Instant {
        Instant::from_micros(now.micros().saturating_add(KEPT_MICROS))
    }
}

/// A form of an earlier session is shown to whoever has sent it, to be sent again in this one: the
/// browser had it, and sites of others cannot make it send anything.
pub(crate) fn given_back(visit: &Visit, posted: Posted) -> Response {
    if visit.person().is_none() || proves(visit) {
        return Fault::OldForm.into_response();
    }
    let form = KeptForm::of("", visit.to(&visit.path), posted);
    let shown = page(&ResumePage {
        action: form.address,
        key: form.key,
        answers: form.answers,
        had_files: form.had_files,
        frame: visit.frame(),
    });
    match shown {
        Ok(shown) => {
            numbered(Fault::OldForm.number(), (StatusCode::FORBIDDEN, shown).into_response())
        }
        Err(fault) => fault.into_response(),
    }
}

/// The form of somebody who is not signed in any more, nor was with this browser: they signed out
/// in another window. It is held out to be sent again once they have signed in; nothing is kept,
/// for nobody knows whose it is.
pub(crate) async fn held_out(visit: &Visit, request: Request) -> Response {
    if proves(visit) || for_programs(request.uri().path()) {
        return Fault::SignInFirst.into_response();
    }
    let (posted, _, Ok(())) = read(request).await else {
        return Fault::SignInFirst.into_response();
    };
    let form = KeptForm::of("", visit.to(&visit.path), posted);
    if form.answers.is_empty() {
        return Fault::SignInFirst.into_response();
    }
    let key = Some(("key".to_owned(), form.key)).filter(|(_, key)| !key.is_empty());
    let shown = page(&ExpiredPage {
        frame: visit.frame(),
        action: form.address,
        sign_in: visit.to("/sign-in"),
        fields: form.answers.into_iter().chain(key).collect(),
        file: form.had_files,
    });
    match shown {
        Ok(shown) => (StatusCode::UNAUTHORIZED, shown).into_response(),
        Err(fault) => fault.into_response(),
    }
}

/// Whether a form proves something, as those of the door and of the account do, which is done anew.
fn proves(visit: &Visit) -> bool {
    ["/sign-", "/account", "/invited"].iter().any(|own| visit.path.starts_with(own))
}

/// Keeps the form of a request whose session has ended, and leads to the sign-in.
pub(crate) async fn keep(visit: &Visit, who: &str, request: Request) -> Response {
    let address = request.uri().path().to_owned();
    let secure = visit.app.door.secure();
    if visit.path.starts_with("/sign-out") {
        let end = AppendHeaders([(header::SET_COOKIE, Session::end(secure))]);
        return (end, Redirect::to(&visit.to("/"))).into_response();
    }
    let session = Session::begin(visit.now);
    let proves = proves(visit);
    let kept = match read(request).await {
        _ if proves => Ok(false),
        (posted, _, Ok(())) => store(visit, &session, KeptForm::of(who, address, posted)).await,
        // What cannot be read whole is not kept.
        _ => Ok(false),
    };
    let then = match kept {
        Ok(true) => escaped(&visit.to("/resume")),
        Ok(false) => String::new(),
        Err(fault) => return fault.into_response(),
    };
    let cookie = session.cookie(&visit.app.secret, secure);
    let sign_in = Redirect::to(&visit.to(&format!("/sign-in?then={then}")));
    (AppendHeaders([(header::SET_COOKIE, cookie)]), sign_in).into_response()
}

async fn store(visit: &Visit, session: &Session, form: KeptForm) -> Result<bool, Fault> {
    let bytes = form.to_bytes();
    if bytes.len() > BYTES_MAX {
        return Ok(false);
    }
    let until = KeptForm::until(visit.now);
    visit.app.store.accounts().keep_for(session.digest(), Ceremony::Form, &bytes, until).await?;
    Ok(true)
}
