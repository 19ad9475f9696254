//! Every page with every sample in both languages.

use askama::Template;
use base::Language;

use crate::web::{
    frame::{Frame, Look, Reader},
    pages::{self, Sample},
    words::Words,
};

fn frames() -> Vec<Frame> {
    let frame = |language, reader, look| Frame {
        words: Words(language),
        site: "Willow & friends".into(),
        invented: true,
        demo: true,
        has_account: true,
        path: "/plan?on=2030-01-31&q=\"x\"".into(),
        look,
        reader,
        token: "token".into(),
        unread: 3,
        sheets_of: "0f".into(),
    };
    let name = || String::from("<Somebody>");
    let officer =
        || Reader::Officer { name: name(), body: "A body".into(), office: "health".into() };
    [Language::Zh, Language::En]
        .into_iter()
        .flat_map(|language| {
            let readers = [Reader::Nobody, Reader::Applicant { name: name() }, officer()];
            [Look::Full, Look::Large]
                .into_iter()
                .flat_map(move |look| readers.clone().map(|reader| frame(language, reader, look)))
        })
        .collect()
}

/// Renders a page's samples and returns how many there were.
fn check<P: Sample + Template>(page: &str) -> usize {
    let samples: Vec<(Frame, P)> = frames()
        .into_iter()
        .flat_map(|frame| P::samples(frame.clone()).into_iter().map(move |p| (frame.clone(), p)))
        .collect();
    for (frame, sample) in &samples {
        let html = sample.render().unwrap();
        let count = |part: &str| html.matches(part).count();
        let tag = frame.words.tag();
        assert_eq!(count("<h1"), 1, "{page}: one heading");
        assert_eq!(count("<main"), 1, "{page}: one main part");
        assert!(html.contains(&format!("<html lang=\"{tag}\" class=")), "{page}: its language");
        assert!(html.contains(&frame.words.t("invented")), "{page}: says it is invented");
        assert!(html.contains(&frame.words.other().t("language")), "{page}: the other language");
        // Scripts are files of ours; nothing is written into a page.
        let scripts = count("<script type=\"module\" src=\"/assets/");
        assert_eq!(count("<script"), scripts, "{page}: a script inside the page");
        for alien in ["style=\"", "onclick", "http://", "https://", "<Somebody>"] {
            assert!(!html.contains(alien), "{page}: `{alien}`");
        }
        assert_eq!(count("<form"), count("</form>"), "{page}: forms");
        // Verifying changes nothing, so its form belongs to no session.
        let posts = count("method=\"post\"") - count("/verify\" enctype=");
        assert!(count("name=\"token\"") >= posts, "{page}: a token in each form");
        assert_eq!(labelled(&html), Vec::<String>::new(), "{page}: fields without a label");
    }
    samples.len()
}

/// The fields with an id that no label names.
fn labelled(html: &str) -> Vec<String> {
    let tags = html.split('<').filter(|tag| {
        tag.starts_with("input id=") || tag.starts_with("select id=") || tag.starts_with("textarea")
    });
    let ids = tags.filter_map(|tag| tag.split("id=\"").nth(1)?.split('"').next());
    ids.filter(|id| !html.contains(&format!("for=\"{id}\""))).map(str::to_owned).collect()
}

#[test]
fn every_page_renders_with_every_sample_in_both_languages() {
    let rendered = [
        check::<pages::home::HomePage>("home"),
        check::<pages::plan::PlanPage>("plan"),
        check::<pages::plan::MeasurePage>("measure"),
        check::<pages::published::PublishedPage>("published"),
        check::<pages::coverage::CoveragePage>("coverage"),
        check::<pages::services::ServicesPage>("services"),
        check::<pages::service::ServicePage>("service"),
        check::<pages::life_event::LifeEventPage>("life-event"),
        check::<pages::register::RegistersPage>("registers"),
        check::<pages::register::RegisterPage>("register"),
        check::<pages::register::EntryPage>("entry"),
        check::<pages::certificate::CertificatePage>("certificate"),
        check::<pages::verify::VerifyPage>("verify"),
        check::<pages::sign_in::SignInPage>("sign-in"),
        check::<pages::apply::ApplyPage>("apply"),
        check::<pages::cases::CasesPage>("cases"),
        check::<pages::case::CasePage>("case"),
        check::<pages::days::DaysPage>("days"),
        check::<pages::messages::MessagesPage>("messages"),
        check::<pages::messages::OutletsPage>("outlets"),
        check::<pages::messages::ConfirmPage>("confirm"),
        check::<pages::inbox::InboxPage>("inbox"),
        check::<pages::draft::StartPage>("start"),
        check::<pages::draft::TasksPage>("tasks"),
        check::<pages::draft::TopicPage>("topic"),
        check::<pages::draft::CheckPage>("check"),
        check::<pages::draft::SignPage>("sign"),
        check::<pages::draft::FiledPage>("filed"),
        check::<pages::draft::DraftsPage>("drafts"),
        check::<pages::draft::DeletePage>("delete"),
        check::<pages::draft::ExpiredPage>("expired"),
        check::<pages::problem::ProblemPage>("problem"),
        check::<pages::account::door::DoorPage>("account-sign-in"),
        check::<pages::account::form::FormPage>("account-form"),
        check::<pages::account::second::SecondPage>("account-second"),
        check::<pages::account::codes::CodesPage>("account-codes"),
        check::<pages::account::own::AccountPage>("account"),
        check::<pages::account::reads::ReadsPage>("account-reads"),
        check::<pages::account::resume::ResumePage>("account-resume"),
        check::<pages::account::agents::AgentsPage>("account-agents"),
        check::<pages::who_may::WhoMayPage>("who-may"),
        check::<pages::packs::PacksPage>("packs"),
        check::<pages::packs::PackPage>("pack"),
        check::<pages::packs::FactsPage>("pack-facts"),
        check::<pages::packs::ProposalPage>("proposal"),
        check::<pages::packs::DiffPage>("pack-diff"),
        check::<pages::findings::FindingsPage>("findings"),
        check::<pages::findings::FindingPage>("finding"),
        check::<pages::findings::RulesPage>("rules"),
        check::<pages::findings::RulePage>("rule"),
        check::<pages::findings::TrialPage>("trial"),
        check::<pages::board::BoardPage>("board"),
        check::<pages::risk::RiskPage>("risk"),
        check::<pages::risk::RatedPage>("rated"),
        check::<pages::credit::CreditPage>("credit"),
        check::<pages::picture::PicturePage>("picture"),
        check::<pages::layout::LayoutPage>("layout-plan"),
        check::<pages::standards::StandardsPage>("layout-standards"),
        check::<pages::layout::DraftPage>("layout-draft"),
        check::<pages::layout::DrawingUpPage>("layout-drawing"),
        check::<pages::reach::ReachPage>("layout-reach"),
        check::<pages::look::ComponentsPage>("components"),
        check::<pages::look::AccessibilityPage>("accessibility"),
        check::<pages::search::SearchView>("search"),
    ];
    assert!(rendered.iter().all(|count| *count >= 6));
}

#[test]
fn the_look_fetches_nothing() {
    let style = include_str!("../../../assets/site.css");
    for alien in ["@import", "url(", "http://www", "GDS Transport"] {
        assert!(!style.contains(alien), "`{alien}`");
    }
}

#[test]
fn every_component_folder_is_in_the_gallery() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/web/components");
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    let folders = entries.filter(|entry| entry.path().is_dir());
    let mut kept: Vec<String> =
        folders.map(|entry| entry.file_name().into_string().unwrap()).collect();
    kept.sort();
    let gallery = crate::web::components::gallery(Words(Language::En)).unwrap();
    let shown: Vec<&str> = gallery.iter().map(|component| component.name).collect();
    assert_eq!(shown, kept);
    assert!(gallery.iter().all(|own| !own.criteria.is_empty() && !own.samples.is_empty()));
}
