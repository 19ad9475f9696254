//! Every address, and what holds for all of them: headers, limits, and a page for each fault.

use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, Request, State},
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Redirect, Response},
    routing::{MethodRouter, get, head, options, post},
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
        account::{agents, counter, door, elsewhere, own, passkeys, resume, second, sign_up},
        act, apply, case, certificate, code, credential, days, draft, filing, flow, front, handed,
        look, messages, printed, published, queue, register, search, sign_in,
        upload::{self, RESUMABLE},
        verify,
    },
    kept,
    pages::problem::ProblemPage,
    posted::BYTES_MAX,
    visit::{Present, Visit, page},
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

/// The pages, behind their language.
fn pages() -> Vec<(&'static str, MethodRouter<App>)> {
    vec![
        ("/", get(front::home)),
        ("/plan", get(front::plan)),
        ("/plan/coverage", get(front::coverage)),
        ("/plan/{key}", get(front::measure)),
        ("/services", get(front::services)),
        ("/services/{procedure}", get(front::service)),
        ("/services/{procedure}/flow.svg", get(flow::picture)),
        ("/services/{procedure}/flow.bpmn", get(flow::file)),
        ("/life-events/{event}", get(front::life_event)),
        ("/published", get(published::show)),
        ("/published.csv", get(published::table)),
        ("/registers", get(front::registers)),
        ("/registers/{register}", get(register::list)),
        ("/registers/{register}/{key}", get(register::entry)),
        ("/certificates/{register}/{key}", get(certificate::show)),
        ("/certificates/{register}/{key}/licence.ofd", get(certificate::licence)),
        ("/certificates/{register}/{key}/certificate.pdf", get(printed::pdf)),
        ("/certificates/{register}/{key}/credential.json", get(credential::show)),
        ("/qr/{register}/{file}", get(code::picture)),
        ("/verify/{register}/{key}", get(verify::print)),
        ("/verify", get(verify::ask).post(verify::read).layer(DefaultBodyLimit::max(FORM_MAX))),
        ("/sign-in", get(sign_in::ask).post(sign_in::enter)),
        ("/sign-out", post(sign_in::leave)),
        ("/apply/{procedure}", get(draft::start).post(draft::begin)),
        ("/apply/{procedure}/whole", get(apply::ask).post(apply::file)),
        ("/drafts", get(filing::list)),
        ("/drafts/{id}", get(draft::tasks)),
        ("/drafts/{id}/delete", get(filing::ask_delete).post(filing::delete)),
        ("/drafts/{id}/check", get(filing::check)),
        ("/drafts/{id}/sign", get(filing::ask_signature).post(filing::sign)),
        ("/drafts/{id}/filed", get(filing::done)),
        ("/drafts/{id}/files/{word}", get(handed::file)),
        ("/drafts/{id}/{topic}", get(draft::topic).post(draft::save)),
        ("/drafts/{id}/{topic}/typed", post(draft::as_typed)),
        ("/cases", get(queue::own)),
        ("/cases/{id}", get(case::show)),
        ("/cases/{id}/days", get(days::show)),
        ("/cases/{id}/papers/{material}", get(case::paper_file)),
        ("/cases/{id}/choose", post(act::choose)),
        ("/cases/{id}/answer", post(act::answer)),
        ("/cases/{id}/resume", post(act::resume)),
        ("/cases/{id}/supply", post(act::supply)),
        ("/cases/{id}/withdraw", post(act::withdraw)),
        ("/cases/{id}/appeal", post(act::appeal)),
        ("/cases/{id}/rule", post(act::rule)),
        ("/cases/{id}/correct", post(act::correct)),
        ("/cases/{id}/serve", post(act::serve)),
        ("/cases/{id}/ask-recusal", post(act::ask_recusal)),
        ("/cases/{id}/recuse", post(act::recuse)),
        ("/cases/{id}/reveal", post(case::reveal)),
        ("/inbox", get(queue::inbox)),
        ("/messages", get(messages::list)),
        ("/messages/read", post(messages::read_all)),
        ("/messages/open", post(messages::open)),
        ("/messages/settings", get(messages::settings)),
        ("/messages/settings/mail", post(messages::add_mail)),
        ("/messages/settings/hook", post(messages::add_hook)),
        ("/messages/settings/remove", post(messages::remove)),
        ("/messages/settings/again", post(messages::again)),
        ("/messages/confirm", get(messages::ask_confirm).post(messages::confirm)),
        ("/look", get(look::choose)),
        ("/components", get(look::components)),
        ("/accessibility", get(look::statement)),
        ("/search", get(search::show)),
    ]
}

/// The pages of who signs in.
fn account_pages() -> Vec<(&'static str, MethodRouter<App>)> {
    vec![
        ("/sign-in/account", get(door::ask).post(door::enter)),
        ("/sign-in/passkey", post(door::passkey)),
        ("/sign-in/second", get(second::ask).post(second::enter)),
        ("/sign-in/recovery", post(second::recover)),
        ("/sign-in/elsewhere", get(elsewhere::go)),
        ("/sign-up", get(sign_up::ask).post(sign_up::enter)),
        ("/invited", get(sign_up::invited).post(sign_up::accept)),
        ("/resume", get(resume::show)),
        ("/account", get(own::show)),
        ("/account/password", get(own::ask_password).post(own::set_password)),
        ("/account/app", get(second::set_up).post(second::confirm)),
        ("/account/app/remove", post(second::remove)),
        ("/account/recovery", post(second::codes)),
        ("/account/passkeys", get(passkeys::ask).post(passkeys::add)),
        ("/account/passkeys/remove", post(passkeys::remove)),
        ("/account/sessions/end", post(own::end_session)),
        ("/account/act", post(own::act)),
        ("/account/counter-code", post(own::counter_code)),
        ("/account/reads", get(own::reads)),
        ("/account/agents", get(agents::show).post(agents::give)),
        ("/account/agents/end", post(agents::end)),
        ("/counter/identify", get(counter::ask).post(counter::identify)),
    ]
}

/// Everything the server answers.
pub(crate) fn router(app: App) -> Router {
    let mut router = Router::new()
        .route("/", get(front::root))
        .route("/zh", get(|| async { Redirect::permanent("/zh/") }))
        .route("/en", get(|| async { Redirect::permanent("/en/") }))
        .route("/healthz", get(front::health))
        .route(elsewhere::BACK, get(elsewhere::back))
        .route("/assets/{name}", get(assets::show))
        .route("/uploads", options(upload::options).post(upload::create))
        .route("/uploads/{id}", upload_in_pieces())
        .route("/seal-root.pem", get(verify::root))
        .route("/.well-known/did.json", get(credential::document))
        .route("/credentials/status/{register}/{list}", get(credential::taken_back))
        .route(
            "/api/licences/verify",
            post(verify::answer).layer(DefaultBodyLimit::max(LICENCE_MAX)),
        )
        .route("/api/head", get(api::head))
        .route("/api/cases/{id}", get(api::case))
        .route("/api/search", get(search::answer))
        .route("/api/cases/{id}/days", get(days::wire))
        .route("/api/registers/{register}", get(api::list))
        .route("/api/registers/{register}/{key}", get(api::entry));
    for language in [base::Language::Zh, base::Language::En] {
        for (path, handler) in pages().into_iter().chain(account_pages()) {
            router = router.route(&format!("/{}{path}", Words(language).code()), handler);
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

/// One upload, by the verbs of the tus protocol.
fn upload_in_pieces() -> MethodRouter<App> {
    head(upload::offset).patch(upload::append).delete(upload::end).options(upload::options)
}

fn always(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value))
}

/// Puts the page of a fault into its bare answer, and keeps pages of a session out of caches.
async fn explained(
    State(_): State<App>,
    visit: Visit,
    mut request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path();
    let program = path.starts_with("/api/") || path.starts_with("/uploads");
    let asks = request.method().is_safe();
    if let Present::Gone { id } = &visit.present
        && !asks
        && !program
    {
        return kept::keep(&visit, id, request).await;
    }
    request.extensions_mut().insert(visit.clone());
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
    // What speaks the protocol of uploads says everything by its status and headers.
    let pieces = response.headers().contains_key(RESUMABLE);
    own.or_else(|| match response.status() {
        _ if html || pieces => None,
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
        Fault::TooOften(seconds) => {
            let mut response = numbered(fault.number(), response);
            response.headers_mut().insert(header::RETRY_AFTER, (*seconds).into());
            response
        }
        _ => response,
    }
}

/// To the sign-in, and back to the page afterwards.
fn sign_in_first(visit: &Visit, asks: bool) -> Response {
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
