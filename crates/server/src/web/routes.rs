//! Every address with the action it is, and what holds for all of them: headers, limits, and a page
//! for each fault.

use access::Action;
use axum::{
    Router,
    extract::{DefaultBodyLimit, Request, State},
    handler::Handler,
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Redirect, Response},
    routing::{MethodFilter, MethodRouter, on},
};
use exchange::licence::LICENCE_MAX;
use tower_http::{
    catch_panic::CatchPanicLayer, compression::CompressionLayer, csrf::CsrfLayer,
    set_header::SetResponseHeaderLayer,
};

use super::{
    api::{
        self, acts, certificates, changes, credit as credits, filing as programs_filing,
        findings as found, layouts, lists, picture as pictures, problem, risk as risks, rows,
        subscriptions,
        wire::{
            AppealWire, ChoiceWire, CorrectionWire, ObjectionWire, OpinionWire, RecusalWire,
            ResumptionWire, RulingWire, ServiceWire, WithdrawalWire,
        },
    },
    app::App,
    assets,
    components::site_map::OUTLINES,
    fault::{Fault, numbered},
    fhir,
    handle::{
        account::{
            agents, counter, door, elsewhere, own, passkeys, resume, second, sign_up, tokens,
        },
        act, apply, board, bulk, case, certificate, code, credential, credit, days, desk, draft,
        drawing, filing, findings, flow, for_programs, front, ground, handed, layout, load, look,
        messages, notice, packs, picture, printed, published, queue, register, risk, search,
        sign_in, sources,
        upload::{self, RESUMABLE},
        verify, who_may,
    },
    intake::FILE_MAX,
    kept,
    pages::problem::ProblemPage,
    permit::{Unsigned, authorise},
    posted::BYTES_MAX,
    taking::BATCH_MAX,
    visit::{Present, Visit, for_programs, page},
    words::Words,
};

/// What a browser may do with our pages: show them, with our own style and scripts, and send forms
/// to us.
const HEADERS: [(HeaderName, &str); 3] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
];

/// What a page may load, and that no page of anybody shows it within itself.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; \
     worker-src 'self'; connect-src 'self'; img-src 'self' data:; frame-src 'self'; \
     form-action 'self'; \
     base-uri 'none'; frame-ancestors 'none'";
/// The same of a paper, which loads nothing and which our own pages show.
const POLICY_WITHIN: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'";

/// A licence with what a form writes around it.
const FORM_MAX: usize = LICENCE_MAX + 4096;

/// One way into the city: an address, what somebody does who takes it, and what answers. There is
/// no other way to answer a request, so that none is answered that no policy permits.
struct Door {
    /// How it is taken.
    method: MethodFilter,
    /// The address; behind the language for pages.
    path: &'static str,
    /// What the policies are asked.
    action: Action,
    /// What becomes of a request of somebody who would have to sign in first.
    unsigned: Unsigned,
    /// What answers.
    handler: MethodRouter<App>,
}

/// A door by its method.
fn by<T: 'static, H: Handler<T, App>>(
    method: MethodFilter,
    path: &'static str,
    action: Action,
    handler: H,
) -> Door {
    Door { method, path, action, unsigned: Unsigned::TurnedAway, handler: on(method, handler) }
}

/// A page, or an answer to a program.
fn sees<T: 'static, H: Handler<T, App>>(path: &'static str, action: Action, handler: H) -> Door {
    by(MethodFilter::GET, path, action, handler)
}

/// A form that is sent.
fn does<T: 'static, H: Handler<T, App>>(path: &'static str, action: Action, handler: H) -> Door {
    by(MethodFilter::POST, path, action, handler)
}

impl Door {
    /// The same where at most so many bytes may be sent.
    fn up_to(self, bytes: usize) -> Self {
        Self { handler: self.handler.layer(DefaultBodyLimit::max(bytes)), ..self }
    }

    /// The same where whoever is no longer signed in gets back what they typed.
    fn or_gives_back(self) -> Self {
        Self { unsigned: Unsigned::GivenBack, ..self }
    }

    /// The door in the wall, behind a prefix.
    fn into(self, router: Router<App>, app: &App, prefix: &str) -> Router<App> {
        let asked = from_fn_with_state((app.clone(), self.action, self.unsigned), authorise);
        router.route(&format!("{prefix}{}", self.path), self.handler.route_layer(asked))
    }
}

/// The pages that tell everybody how things are done here and what the registers say.
fn public_pages() -> Vec<Door> {
    vec![
        sees("/", Action::SeeHome, front::home),
        sees("/plan", Action::SeePlan, front::plan),
        sees("/plan/coverage", Action::SeeCoverage, front::coverage),
        sees("/plan/{key}", Action::SeeMeasure, front::measure),
        sees("/services", Action::SeeServices, front::services),
        sees("/services/{procedure}", Action::SeeService, front::service),
        sees("/services/{procedure}/flow.svg", Action::SeeFlow, flow::picture),
        sees("/services/{procedure}/flow.bpmn", Action::SeeFlow, flow::file),
        sees("/life-events/{event}", Action::SeeLifeEvent, front::life_event),
        sees("/published", Action::SeePublished, published::show),
        sees("/published.csv", Action::SeePublished, published::table),
        sees("/search", Action::Search, search::show),
        sees("/layouts/{case}", Action::SeeLayout, layout::show),
        sees("/layouts/{case}/standards", Action::SeeLayout, layout::standards),
        sees("/layouts/{case}/access", Action::SeeLayout, layout::reach),
        sees("/layouts/{case}/drafts/{number}", Action::SeeLayout, layout::draft),
        sees("/layouts/{case}/drafts/{number}/plan.xlsx", Action::SeeLayout, layout::workbook),
        sees("/layouts/{case}/drafts/{number}/report.pdf", Action::SeeLayout, layout::report),
        sees("/registers", Action::SeeRegisters, front::registers),
        sees("/registers/{register}", Action::SearchRegister, register::list),
        sees("/registers/{register}/table.csv", Action::SearchRegister, bulk::csv),
        sees("/registers/{register}/table.xlsx", Action::SearchRegister, bulk::xlsx),
        sees("/registers/{register}/{key}", Action::SeeEntry, register::entry),
        sees("/certificates/{register}/{key}", Action::SeeCertificate, certificate::show),
        sees(LICENCE, Action::TakeLicence, certificate::licence),
        sees(PRINT, Action::TakeCertificate, printed::pdf),
        sees(CREDENTIAL, Action::TakeCredential, credential::show),
        sees("/qr/{register}/{file}", Action::SeeCertificate, code::picture),
        sees("/verify/{register}/{key}", Action::SeeCertificate, verify::print),
        sees("/verify", Action::SeeVerify, verify::ask),
        does("/verify", Action::VerifyLicence, verify::read).up_to(FORM_MAX),
        sees("/packs", Action::SeePacks, packs::list),
        sees("/packs/{hash}", Action::SeePacks, packs::version),
        sees("/packs/{hash}/facts", Action::SeePacks, packs::version_facts),
        sees("/packs/{hash}/services/{procedure}", Action::SeePacks, packs::version_service),
        sees("/packs/{hash}/services/{procedure}/flow.svg", Action::SeePacks, packs::version_flow),
        sees("/access", Action::SeeAccess, who_may::show),
        sees("/for-programs", Action::SeeForPrograms, for_programs::show),
        sees("/faults", Action::SeeFaults, for_programs::faults),
        sees("/faults/{number}", Action::SeeFaults, for_programs::fault),
        sees("/look", Action::ChooseLook, look::choose),
        sees("/components", Action::SeeComponents, look::components),
        sees("/accessibility", Action::SeeAccessibility, look::statement),
    ]
}

/// A certificate as a sealed licence, as a paper and as a credential.
const LICENCE: &str = "/certificates/{register}/{key}/licence.ofd";
const PRINT: &str = "/certificates/{register}/{key}/certificate.pdf";
const CREDENTIAL: &str = "/certificates/{register}/{key}/credential.json";

/// The pages of whoever applies.
fn application_pages() -> Vec<Door> {
    vec![
        sees("/apply/{procedure}", Action::SeeStart, draft::start),
        does("/apply/{procedure}", Action::WriteDraft, draft::begin),
        sees("/apply/{procedure}/whole", Action::SeeForm, apply::ask),
        does("/apply/{procedure}/whole", Action::File, apply::file),
        sees("/drafts", Action::SeeDrafts, filing::list),
        sees("/drafts/{id}", Action::SeeDrafts, draft::tasks),
        sees("/drafts/{id}/delete", Action::SeeDrafts, filing::ask_delete),
        does("/drafts/{id}/delete", Action::DeleteDraft, filing::delete),
        sees("/drafts/{id}/check", Action::SeeDrafts, filing::check),
        sees("/drafts/{id}/sign", Action::SeeDrafts, filing::ask_signature),
        does("/drafts/{id}/sign", Action::SignDraft, filing::sign),
        sees("/drafts/{id}/filed", Action::SeeDrafts, filing::done),
        sees("/drafts/{id}/files/{word}", Action::SeeDrafts, handed::file),
        sees("/drafts/{id}/{topic}", Action::SeeDrafts, draft::topic),
        does("/drafts/{id}/{topic}", Action::SaveDraft, draft::save).or_gives_back(),
        does("/drafts/{id}/{topic}/typed", Action::SaveDraft, draft::as_typed).or_gives_back(),
        sees("/messages", Action::SeeMessages, messages::list),
        does("/messages/read", Action::SetMessages, messages::read_all),
        does("/messages/open", Action::SetMessages, messages::open),
        sees("/messages/settings", Action::SeeMessages, messages::settings),
        does("/messages/settings/mail", Action::SetMessages, messages::add_mail),
        does("/messages/settings/hook", Action::SetMessages, messages::add_hook),
        does("/messages/settings/remove", Action::SetMessages, messages::remove),
        does("/messages/settings/again", Action::SetMessages, messages::again),
        sees("/messages/confirm", Action::SeeMessages, messages::ask_confirm),
        does("/messages/confirm", Action::SetMessages, messages::confirm),
    ]
}

/// The pages of cases.
fn case_pages() -> Vec<Door> {
    vec![
        sees("/cases", Action::SeeOwnCases, queue::own),
        sees("/cases/{id}", Action::SeeCase, case::show),
        sees("/cases/{id}/days", Action::SeeCase, days::show),
        sees("/cases/{id}/beside", Action::SeePaper, case::beside),
        sees("/cases/{id}/papers/{material}", Action::SeePaper, case::paper_file),
        sees("/cases/{id}/decisions/{decision}/notice.pdf", Action::SeeCase, notice::pdf),
        does("/cases/{id}/choose", Action::Choose, act::choose),
        does("/cases/{id}/answer", Action::Answer, act::answer),
        does("/cases/{id}/drafting", Action::DraftLayout, layout::begin),
        sees("/cases/{id}/drafting/{job}", Action::DraftLayout, layout::drawing),
        does("/cases/{id}/drafting/{job}/stop", Action::DraftLayout, layout::stop),
        does("/cases/{id}/drafting/{job}/file", Action::DraftLayout, layout::put_on_file),
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
        does("/inbox/assign", Action::Assign, desk::assign),
        does("/inbox/views", Action::KeepView, desk::keep_view),
        sees("/load", Action::SeeLoad, load::figures),
        sees("/load/cases", Action::SeeLoad, load::behind),
        sees("/inbox/away", Action::SeeInbox, desk::ask_away),
        does("/inbox/away", Action::NoteAway, desk::away),
    ]
}

/// Where a push of changes is ended.
const UNSUBSCRIBE: &str = "/account/tokens/subscriptions/end";

/// The pages of who signs in.
fn account_pages() -> Vec<Door> {
    vec![
        sees("/sign-in", Action::SeeSignIn, sign_in::ask),
        does("/sign-in", Action::SignInInvented, sign_in::enter),
        does("/sign-out", Action::SignOut, sign_in::leave),
        sees("/sign-in/account", Action::SeeSignIn, door::ask),
        does("/sign-in/account", Action::SignIn, door::enter),
        does("/sign-in/passkey", Action::SignIn, door::passkey),
        sees("/sign-in/second", Action::SeeSignIn, second::ask),
        does("/sign-in/second", Action::SignIn, second::enter),
        does("/sign-in/recovery", Action::SignIn, second::recover),
        sees("/sign-in/elsewhere", Action::SignIn, elsewhere::go),
        sees("/sign-up", Action::SignUp, sign_up::ask),
        does("/sign-up", Action::SignUp, sign_up::enter),
        sees("/invited", Action::SignUp, sign_up::invited),
        does("/invited", Action::SignUp, sign_up::accept),
        sees("/resume", Action::TakeBackForm, resume::show),
        sees("/account", Action::SeeAccount, own::show),
        sees("/account/password", Action::SeeAccount, own::ask_password),
        does("/account/password", Action::ChangeAccount, own::set_password),
        sees("/account/app", Action::SeeAccount, second::set_up),
        does("/account/app", Action::ChangeAccount, second::confirm),
        does("/account/app/remove", Action::ChangeAccount, second::remove),
        does("/account/recovery", Action::ChangeAccount, second::codes),
        sees("/account/passkeys", Action::SeeAccount, passkeys::ask),
        does("/account/passkeys", Action::ChangeAccount, passkeys::add),
        does("/account/passkeys/remove", Action::ChangeAccount, passkeys::remove),
        does("/account/sessions/end", Action::ChangeAccount, own::end_session),
        does("/account/act", Action::ActForBody, own::act),
        does("/account/counter-code", Action::ChangeAccount, own::counter_code),
        sees("/account/reads", Action::SeeReadings, own::reads),
        sees("/account/agents", Action::SeeAccount, agents::show),
        does("/account/agents", Action::GiveLeave, agents::give),
        does("/account/agents/end", Action::GiveLeave, agents::end),
        sees("/account/tokens", Action::SeeAccount, tokens::show),
        does("/account/tokens", Action::ChangeAccount, tokens::make),
        does("/account/tokens/end", Action::ChangeAccount, tokens::end),
        does(UNSUBSCRIBE, Action::Subscribe, tokens::unsubscribe),
        sees("/counter/identify", Action::IdentifyAtCounter, counter::ask),
        does("/counter/identify", Action::IdentifyAtCounter, counter::identify),
    ]
}

/// The pages of whoever keeps the pack.
fn proposal_pages() -> Vec<Door> {
    vec![
        does("/packs", Action::ProposePack, packs::upload),
        sees("/proposals/{number}", Action::SeeProposal, packs::proposal),
        sees("/proposals/{number}/pack", Action::SeeProposal, packs::read),
        sees("/proposals/{number}/facts", Action::SeeProposal, packs::read_facts),
        sees("/proposals/{number}/services/{procedure}", Action::SeeProposal, packs::read_service),
        sees(PROPOSED_FLOW, Action::SeeProposal, packs::read_flow),
        sees("/proposals/{number}/diff", Action::SeeProposal, packs::diff),
        sees("/proposals/{number}/rules", Action::SeeProposal, findings::tried),
        does("/proposals/{number}/stage", Action::StagePack, packs::stage_it),
        does("/proposals/{number}/date", Action::DatePack, packs::date),
        does("/proposals/{number}/publish", Action::PublishPack, packs::publish),
        does("/proposals/{number}/discard", Action::DiscardPack, packs::discard),
    ]
}

/// The pages of what systems send and of what rules find in it.
fn lake_pages() -> Vec<Door> {
    vec![
        sees("/sources", Action::SeeSources, sources::list),
        does("/sources", Action::KeepSources, sources::note),
        sees("/sources/{source}", Action::SeeSources, sources::show),
        does("/sources/{source}", Action::KeepSources, sources::change),
        sees("/held", Action::SeeSources, sources::held_list),
        sees("/held/{number}", Action::SeeSources, sources::ask_row),
        does("/held/{number}/mend", Action::MendRows, sources::mend),
        does("/held/{number}/give-up", Action::MendRows, sources::give_up),
        sees("/findings", Action::SeeFindings, findings::list),
        sees("/findings/rules", Action::SeeFindings, findings::rule_list),
        sees("/findings/rules/{rule}", Action::SeeFindings, findings::rule),
        sees("/findings/{id}", Action::SeeFindings, findings::show),
        sees("/findings/{id}/again", Action::SeeFindings, findings::again),
        sees("/board", Action::SeeFindings, board::first),
        sees("/board/{board}", Action::SeeFindings, board::show),
        sees("/risk", Action::SeeFindings, risk::list),
        sees("/risk/{register}/{key}", Action::SeeFindings, risk::show),
        sees("/credit/{register}/{key}", Action::SeeCredit, credit::show),
        sees("/pictures/{picture}/{register}/{key}", Action::SeePicture, picture::show),
    ]
}

/// The flow of a service by a proposed pack.
const PROPOSED_FLOW: &str = "/proposals/{number}/services/{procedure}/flow.svg";

/// Every page, behind its language.
fn pages() -> impl Iterator<Item = Door> {
    let pages = public_pages().into_iter().chain(application_pages());
    let pages = pages.chain(case_pages()).chain(account_pages());
    pages.chain(proposal_pages()).chain(lake_pages())
}

/// What has no language: answers for programs, and what pages are made of.
fn programs() -> Vec<Door> {
    vec![
        sees("/", Action::SeeHome, front::root),
        sees("/zh", Action::SeeHome, || async { Redirect::permanent("/zh/") }),
        sees("/en", Action::SeeHome, || async { Redirect::permanent("/en/") }),
        sees("/healthz", Action::SeeHealth, front::health),
        sees(elsewhere::BACK, Action::SignIn, elsewhere::back),
        sees("/assets/{name}", Action::SeeAssets, assets::show),
        sees(OUTLINES, Action::SeeAssets, ground::outlines),
        sees("/components/{drawing}", Action::SeeComponents, ground::sample),
        by(MethodFilter::OPTIONS, "/uploads", Action::AskUpload, upload::options),
        does("/uploads", Action::Upload, upload::create),
        by(MethodFilter::OPTIONS, "/uploads/{id}", Action::AskUpload, upload::options),
        by(MethodFilter::HEAD, "/uploads/{id}", Action::Upload, upload::offset),
        by(MethodFilter::PATCH, "/uploads/{id}", Action::Upload, upload::append),
        by(MethodFilter::DELETE, "/uploads/{id}", Action::Upload, upload::end),
        sees("/seal-root.pem", Action::SeeSealRoot, verify::root),
        sees("/.well-known/did.json", Action::SeeSealRoot, credential::document),
        sees(STATUS, Action::SeeEntry, credential::taken_back),
        sees(drawing::FILE, Action::SeeDraw, drawing::file),
        sees(layout::FILE, Action::SeeLayout, layout::file),
        does("/api/licences/verify", Action::VerifyLicence, verify::answer).up_to(LICENCE_MAX),
        sees("/faults/{number}", Action::SeeFaults, for_programs::in_language),
        sees("/api/openapi.json", Action::SeeForPrograms, for_programs::openapi),
        sees("/api/head", Action::SeeHead, api::head),
        sees("/api/search", Action::Search, search::answer),
        sees("/api/registers/{register}", Action::SearchRegister, api::list),
        sees("/api/registers/{register}/{key}", Action::SeeEntry, api::entry),
        sees("/api/layouts", Action::SeeLayout, layouts::list),
        sees("/api/layouts/{case}", Action::SeeLayout, layouts::show),
        sees("/api/layouts/{case}/drafts/{number}", Action::SeeLayout, layouts::draft),
        sees("/fhir/metadata", Action::SeeRegisters, fhir::metadata),
        sees("/fhir/_history", Action::Search, fhir::history_of_all),
        sees("/fhir/{resource}", Action::Search, fhir::search),
        does("/fhir/{resource}/_search", Action::Search, fhir::search_sent),
        sees("/fhir/{resource}/_history", Action::Search, fhir::history_of_type),
        sees("/fhir/{resource}/{resource_id}", Action::Search, fhir::read),
        sees("/fhir/{resource}/{resource_id}/_history", Action::Search, fhir::history_of_one),
        sees(VERSION, Action::Search, fhir::version_read),
    ]
}

/// The address at which a program does one thing to a case.
macro_rules! act {
    ($word:literal) => {
        concat!("/api/cases/{id}/acts/", $word)
    };
}

/// Where a system sends rows.
pub(crate) const ROWS: &str = "/api/sources/{source}/feeds/{feed}";

/// Where a system sends what certifies the signatures of its rows.
pub(crate) const CERTIFICATES: &str = "/api/sources/{source}/feeds/{feed}/certificates";

/// A program to which changes are pushed.
const SUBSCRIPTION: &str = "/api/subscriptions/{id}";

/// What programs that act come by: the same actions as those of the pages that do the same.
fn acting_programs() -> Vec<Door> {
    let paper = "/api/cases/{id}/papers/{material}";
    vec![
        sees("/api/services", Action::SeeServices, programs_filing::services),
        sees("/api/services/{procedure}", Action::SeeForm, programs_filing::asks),
        does("/api/services/{procedure}/cases", Action::File, programs_filing::file),
        does("/api/files", Action::SendFile, programs_filing::take)
            .up_to(usize::try_from(FILE_MAX).unwrap_or(BYTES_MAX) + 1),
        sees("/api/cases/{id}", Action::SeeCase, api::case),
        sees("/api/cases/{id}/days", Action::SeeCase, days::wire),
        sees(paper, Action::SeePaper, case::paper_file),
        does("/api/cases/{id}/details", Action::Reveal, acts::reveal),
        sees("/api/cases/{id}/acts", Action::SeeCase, acts::possible),
        sees("/api/cases", Action::SeeOwnCases, lists::own),
        sees("/api/inbox", Action::SeeInbox, lists::inbox),
        does(ROWS, Action::SendRows, rows::take).up_to(BATCH_MAX),
        does(CERTIFICATES, Action::SendRows, certificates::take).up_to(BATCH_MAX),
        sees("/api/findings", Action::SeeFindings, found::list),
        sees("/api/findings/{id}", Action::SeeFindings, found::one),
        sees("/api/risk", Action::SeeFindings, risks::list),
        sees("/api/credit/{register}/{key}", Action::SeeCredit, credits::show),
        sees("/api/pictures/{picture}/{register}/{key}", Action::SeePicture, pictures::show),
        sees("/api/changes", Action::SeeChanges, changes::feed),
        sees("/api/subscriptions", Action::SeeChanges, subscriptions::list),
        does("/api/subscriptions", Action::Subscribe, subscriptions::make),
        by(MethodFilter::DELETE, SUBSCRIPTION, Action::Subscribe, subscriptions::end),
        does(act!("choose"), Action::Choose, acts::act::<ChoiceWire>),
        does(act!("answer"), Action::Answer, acts::act::<OpinionWire>),
        does(act!("resume"), Action::Resume, acts::act::<ResumptionWire>),
        does(act!("supply"), Action::Supply, acts::supply),
        does(act!("withdraw"), Action::Withdraw, acts::act::<WithdrawalWire>),
        does(act!("appeal"), Action::Appeal, acts::act::<AppealWire>),
        does(act!("rule"), Action::Rule, acts::act::<RulingWire>),
        does(act!("correct"), Action::Correct, acts::act::<CorrectionWire>),
        does(act!("serve"), Action::Serve, acts::act::<ServiceWire>),
        does(act!("ask-recusal"), Action::AskRecusal, acts::act::<ObjectionWire>),
        does(act!("recuse"), Action::Recuse, acts::act::<RecusalWire>),
    ]
}

/// A door for programs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OfPrograms {
    /// How it is taken.
    pub(crate) method: MethodFilter,
    /// The address.
    pub(crate) path: &'static str,
    /// What somebody does who takes it.
    pub(crate) action: Action,
}

impl OfPrograms {
    /// How it is taken, in a word.
    pub(crate) fn method_word(&self) -> &'static str {
        match self.method {
            MethodFilter::POST => "POST",
            MethodFilter::DELETE => "DELETE",
            MethodFilter::PATCH => "PATCH",
            MethodFilter::HEAD => "HEAD",
            MethodFilter::OPTIONS => "OPTIONS",
            _ => "GET",
        }
    }

    /// A name for what is done by it, made of its method and its address.
    pub(crate) fn id(&self) -> String {
        let parts = self.path.trim_start_matches("/api/").split(['/', '-']);
        let parts = parts.map(|part| part.trim_matches(['{', '}']));
        let parts: Vec<&str> = parts.collect();
        format!("{}_{}", self.method_word().to_ascii_lowercase(), parts.join("_"))
    }
}

/// What there is for programs, but for the description of it.
pub(crate) fn doors_of_programs() -> Vec<OfPrograms> {
    let doors = without_language().filter(|door| door.path.starts_with("/api/"));
    let doors = doors.filter(|door| door.action != Action::SeeForPrograms);
    let door = |Door { method, path, action, .. }| OfPrograms { method, path, action };
    doors.map(door).collect()
}

/// Everything without a language.
fn without_language() -> impl Iterator<Item = Door> {
    programs().into_iter().chain(acting_programs())
}

/// One version of a resource of the directory.
const VERSION: &str = "/fhir/{resource}/{resource_id}/_history/{version}";

/// Which credentials of a register are taken back.
const STATUS: &str = "/credentials/status/{register}/{list}";

/// Every door with its method, its address and its action, for the table of who may.
#[cfg(test)]
pub(super) fn doors() -> Vec<(MethodFilter, String, Action)> {
    let said = |prefix: &'static str| {
        move |door: Door| (door.method, format!("{prefix}{}", door.path), door.action)
    };
    pages().map(said("/en")).chain(without_language().map(said(""))).collect()
}

/// Everything the server answers.
pub(crate) fn router(app: App) -> Router {
    let mut router = Router::new();
    for door in without_language() {
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
    // Whoever came over HTTPS once never comes without it again (RFC 6797).
    let strict = (header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    let strict = app.door.secure().then_some(strict);
    HEADERS
        .into_iter()
        .chain(strict)
        .fold(router, |router, (name, value)| router.layer(always(name, value)))
        .layer(unless_within(header::CONTENT_SECURITY_POLICY, POLICY, POLICY_WITHIN))
        .layer(unless_within(header::X_FRAME_OPTIONS, "DENY", "SAMEORIGIN"))
        .with_state(app)
}

fn always(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value))
}

/// A header of every answer, with another value for what our own pages show within themselves.
fn unless_within(
    name: HeaderName,
    value: &'static str,
    within: &'static str,
) -> SetResponseHeaderLayer<impl Fn(&Response) -> Option<HeaderValue> + Clone> {
    SetResponseHeaderLayer::overriding(name, move |response: &Response| {
        let within = response.extensions().get::<case::Within>().map(|_| within);
        Some(HeaderValue::from_static(within.unwrap_or(value)))
    })
}

/// Puts the page of a fault into its bare answer, and keeps pages of a session out of caches.
async fn explained(
    State(_): State<App>,
    visit: Visit,
    mut request: Request,
    next: Next,
) -> Response {
    let program = for_programs(request.uri().path());
    let asks = request.method().is_safe();
    let directory = fhir::here(request.uri().path())
        .then(|| fhir::Format::of_fault(request.headers(), request.uri().query()));
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
        Some(fault) if directory.is_some() => {
            let own = response.extensions().get::<fhir::Format>().copied();
            fhir::outcome(&visit, own.or(directory).unwrap_or(fhir::Format::JSON), &fault)
        }
        Some(fault) if program => counted(&fault, problem::answer(&visit, &fault)),
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
        Fault::Refused(_) | Fault::Pointed(_) => numbered(fault.number(), response),
        Fault::TooOften(seconds) | Fault::TooFast(seconds) => {
            again_after(*seconds, fault, response)
        }
        Fault::Rows(why) => match why.again_after() {
            Some(seconds) => again_after(seconds, fault, response),
            None => numbered(fault.number(), response),
        },
        _ => response,
    }
}

/// An answer that says when to try again.
fn again_after(seconds: u32, fault: &Fault, response: Response) -> Response {
    let mut response = numbered(fault.number(), response);
    response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    response
}

/// To the sign-in, and back to the page afterwards.
fn sign_in_first(visit: &Visit, asks: bool) -> Response {
    // A form that was sent cannot be sent again by a link.
    let then = if asks { super::handle::escaped(&visit.to(&visit.path)) } else { String::new() };
    Redirect::to(&visit.to(&format!("/sign-in?then={then}"))).into_response()
}
