//! Every address with the action it is, and what holds for all of them: headers, limits, and a page
//! for each fault.

use access::Action;
use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, Request, State},
    handler::Handler,
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Redirect, Response},
    routing::{MethodRouter, get, post},
};
use exchange::licence::LICENCE_MAX;
use tower_http::{
    catch_panic::CatchPanicLayer, compression::CompressionLayer, csrf::CsrfLayer,
    set_header::SetResponseHeaderLayer,
};

use super::{
    api::{self, FaultWire},
    app::App,
    assets,
    fault::{Fault, numbered},
    handle::{
        act, apply, case, certificate, front, look, published, queue, register, sign_in, verify,
        who_may,
    },
    pages::problem::ProblemPage,
    permit::authorise,
    posted::BYTES_MAX,
    visit::{Visit, page},
    words::Words,
};

/// What a browser may do with our pages: show them, with our own style and scripts, and send forms
/// to us.
const HEADERS: [(HeaderName, &str); 5] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; \
         img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
];

/// A licence with what a form writes around it.
const FORM_MAX: usize = LICENCE_MAX + 4096;

/// One way into the city: an address, what somebody does who takes it, and what answers. There is
/// no other way to answer a request, so that none is answered that no policy permits.
struct Door {
    /// `GET` or `POST`.
    #[cfg(test)]
    method: &'static str,
    /// The address; behind the language for pages.
    path: &'static str,
    /// What the policies are asked.
    action: Action,
    /// What answers.
    handler: MethodRouter<App>,
}

/// A page, or an answer to a program.
fn sees<T: 'static, H: Handler<T, App>>(path: &'static str, action: Action, handler: H) -> Door {
    let handler = get(handler);
    Door {
        #[cfg(test)]
        method: "GET",
        path,
        action,
        handler,
    }
}

/// A form that is sent.
fn does<T: 'static, H: Handler<T, App>>(path: &'static str, action: Action, handler: H) -> Door {
    let handler = post(handler);
    Door {
        #[cfg(test)]
        method: "POST",
        path,
        action,
        handler,
    }
}

impl Door {
    /// The same where at most so many bytes may be sent.
    fn up_to(self, bytes: usize) -> Self {
        Self { handler: self.handler.layer(DefaultBodyLimit::max(bytes)), ..self }
    }

    /// The door in the wall, behind a prefix.
    fn into(self, router: Router<App>, app: &App, prefix: &str) -> Router<App> {
        let asked = from_fn_with_state((app.clone(), self.action), authorise);
        router.route(&format!("{prefix}{}", self.path), self.handler.route_layer(asked))
    }
}

/// The pages, behind their language.
fn pages() -> Vec<Door> {
    vec![
        sees("/", Action::SeeHome, front::home),
        sees("/plan", Action::SeePlan, front::plan),
        sees("/plan/coverage", Action::SeeCoverage, front::coverage),
        sees("/plan/{key}", Action::SeeMeasure, front::measure),
        sees("/services", Action::SeeServices, front::services),
        sees("/services/{procedure}", Action::SeeService, front::service),
        sees("/published", Action::SeePublished, published::show),
        sees("/published.csv", Action::SeePublished, published::table),
        sees("/registers", Action::SeeRegisters, front::registers),
        sees("/registers/{register}", Action::SearchRegister, register::list),
        sees("/registers/{register}/{key}", Action::SeeEntry, register::entry),
        sees("/certificates/{register}/{key}", Action::SeeCertificate, certificate::show),
        sees(
            "/certificates/{register}/{key}/licence.ofd",
            Action::TakeLicence,
            certificate::licence,
        ),
        sees("/verify", Action::SeeVerify, verify::ask),
        does("/verify", Action::VerifyLicence, verify::read).up_to(FORM_MAX),
        sees("/access", Action::SeeAccess, who_may::show),
        sees("/sign-in", Action::SeeSignIn, sign_in::ask),
        does("/sign-in", Action::SignIn, sign_in::enter),
        does("/sign-out", Action::SignOut, sign_in::leave),
        sees("/apply/{procedure}", Action::SeeForm, apply::ask),
        does("/apply/{procedure}", Action::File, apply::file),
        sees("/cases", Action::SeeOwnCases, queue::own),
        sees("/cases/{id}", Action::SeeCase, case::show),
        sees("/cases/{id}/papers/{material}", Action::SeePaper, case::paper_file),
        does("/cases/{id}/choose", Action::Choose, act::choose),
        does("/cases/{id}/answer", Action::Answer, act::answer),
        does("/cases/{id}/resume", Action::Resume, act::resume),
        does("/cases/{id}/supply", Action::Supply, act::supply),
        does("/cases/{id}/withdraw", Action::Withdraw, act::withdraw),
        does("/cases/{id}/appeal", Action::Appeal, act::appeal),
        does("/cases/{id}/rule", Action::Rule, act::rule),
        does("/cases/{id}/correct", Action::Correct, act::correct),
        does("/cases/{id}/serve", Action::Serve, act::serve),
        does("/cases/{id}/ask-recusal", Action::AskRecusal, act::ask_recusal),
        does("/cases/{id}/recuse", Action::Recuse, act::recuse),
        does("/cases/{id}/reveal", Action::Reveal, case::reveal),
        sees("/inbox", Action::SeeInbox, queue::inbox),
        sees("/look", Action::ChooseLook, look::choose),
        sees("/components", Action::SeeComponents, look::components),
        sees("/accessibility", Action::SeeAccessibility, look::statement),
    ]
}

/// What has no language: answers for programs, and what pages are made of.
fn programs() -> Vec<Door> {
    vec![
        sees("/", Action::SeeHome, front::root),
        sees("/zh", Action::SeeHome, || async { Redirect::permanent("/zh/") }),
        sees("/en", Action::SeeHome, || async { Redirect::permanent("/en/") }),
        sees("/healthz", Action::SeeHealth, front::health),
        sees("/assets/{name}", Action::SeeAssets, assets::show),
        sees("/seal-root.pem", Action::SeeSealRoot, verify::root),
        does("/api/licences/verify", Action::VerifyLicence, verify::answer).up_to(LICENCE_MAX),
        sees("/api/head", Action::SeeHead, api::head),
        sees("/api/cases/{id}", Action::SeeCase, api::case),
        sees("/api/registers/{register}", Action::SearchRegister, api::list),
        sees("/api/registers/{register}/{key}", Action::SeeEntry, api::entry),
    ]
}

/// Every door with its method, its address and its action, for the table of who may.
#[cfg(test)]
pub(super) fn doors() -> Vec<(&'static str, String, Action)> {
    let said = |prefix: &'static str| {
        move |door: Door| (door.method, format!("{prefix}{}", door.path), door.action)
    };
    pages().into_iter().map(said("/en")).chain(programs().into_iter().map(said(""))).collect()
}

/// Everything the server answers.
pub(crate) fn router(app: App) -> Router {
    let mut router = Router::new();
    for door in programs() {
        router = door.into(router, &app, "");
    }
    for language in [base::Language::Zh, base::Language::En] {
        for door in pages() {
            router = door.into(router, &app, &format!("/{}", Words(language).code()));
        }
    }
    let router = router
        .fallback(|| async { Fault::NoSuchPage })
        .method_not_allowed_fallback(|| async { Fault::NotThatWay })
        .layer(DefaultBodyLimit::max(BYTES_MAX))
        .layer(CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| {
            Fault::Broken.into_response()
        }))
        .layer(CsrfLayer::new())
        .layer(from_fn_with_state(app.clone(), explained))
        .layer(CompressionLayer::new());
    HEADERS
        .into_iter()
        .fold(router, |router, (name, value)| router.layer(always(name, value)))
        .with_state(app)
}

fn always(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value))
}

/// Puts the page of a fault into its bare answer, and keeps pages of a session out of caches.
async fn explained(State(_): State<App>, visit: Visit, request: Request, next: Next) -> Response {
    let program = request.uri().path().starts_with("/api/");
    let asks = request.method().is_safe();
    let mut response = next.run(request).await;
    if visit.session.present() {
        let never = HeaderValue::from_static("no-store");
        response.headers_mut().insert(header::CACHE_CONTROL, never);
    }
    match fault_of(&response) {
        Some(fault) if program => in_json(&fault),
        Some(Fault::SignInFirst) if response.status() == StatusCode::UNAUTHORIZED => {
            sign_in_first(&visit, asks)
        }
        Some(fault) => in_page(&visit, &fault),
        None => response,
    }
}

/// The fault of an answer: ours, or what a layer or an extractor refused in its own words.
fn fault_of(response: &Response) -> Option<Fault> {
    let own = response.extensions().get::<Fault>().cloned();
    let html = response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| {
        kind.as_bytes().starts_with(b"text/html")
            || kind.as_bytes().starts_with(b"application/json")
    });
    own.or_else(|| match response.status() {
        _ if html => None,
        StatusCode::NOT_FOUND => Some(Fault::NoSuchPage),
        StatusCode::METHOD_NOT_ALLOWED => Some(Fault::NotThatWay),
        StatusCode::FORBIDDEN => Some(Fault::OldForm),
        StatusCode::PAYLOAD_TOO_LARGE => Some(Fault::TooLarge),
        status if status.is_client_error() => Some(Fault::Unreadable),
        status if status.is_server_error() => Some(Fault::Broken),
        _ => None,
    })
}

fn in_page(visit: &Visit, fault: &Fault) -> Response {
    let shown = page(&ProblemPage::of(visit.frame(), fault));
    match shown {
        Ok(shown) => counted(fault, (fault.status(), shown).into_response()),
        Err(_) => fault.status().into_response(),
    }
}

/// An answer with the number of the refusal, where it is one.
fn counted(fault: &Fault, response: Response) -> Response {
    match fault {
        Fault::Refused(error) => numbered(error.number(), response),
        _ => response,
    }
}

/// To the list of persons, and back to the page afterwards.
fn sign_in_first(visit: &Visit, asks: bool) -> Response {
    if !visit.app.demo {
        return in_page(visit, &Fault::NoSuchPage);
    }
    // A form that was sent cannot be sent again by a link.
    let then = if asks { super::handle::escaped(&visit.to(&visit.path)) } else { String::new() };
    Redirect::to(&visit.to(&format!("/sign-in?then={then}"))).into_response()
}

fn in_json(fault: &Fault) -> Response {
    let says = |language| {
        let (title, says) = super::pages::problem::in_words(Words(language), fault);
        format!("{title}: {says}")
    };
    let wire = FaultWire {
        number: fault.number(),
        status: fault.status().as_u16(),
        says_zh: says(base::Language::Zh),
        says_en: says(base::Language::En),
    };
    counted(fault, (fault.status(), Json(wire)).into_response())
}
