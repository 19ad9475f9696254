//! Every page with every sample in both languages.

use askama::Template;
use base::Language;

use crate::web::{
    frame::{Frame, Reader},
    pages::{self, Sample},
    words::Words,
};

fn frames() -> Vec<Frame> {
    let frame = |language, reader| Frame {
        words: Words(language),
        site: "Willow & friends".into(),
        invented: true,
        demo: true,
        path: "/plan?on=2030-01-31&q=\"x\"".into(),
        reader,
        token: "token".into(),
    };
    let name = || String::from("<Somebody>");
    let officer =
        || Reader::Officer { name: name(), body: "A body".into(), office: "health".into() };
    [Language::Zh, Language::En]
        .into_iter()
        .flat_map(|language| {
            [Reader::Nobody, Reader::Applicant { name: name() }, officer()]
                .map(|reader| frame(language, reader))
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
        assert!(html.contains(&format!("<html lang=\"{tag}\">")), "{page}: its language");
        assert!(html.contains(&frame.words.t("invented")), "{page}: says it is invented");
        assert!(html.contains(&frame.words.other().t("language")), "{page}: the other language");
        for alien in ["<script", "style=\"", "onclick", "http://", "https://", "<Somebody>"] {
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
        check::<pages::register::RegistersPage>("registers"),
        check::<pages::register::RegisterPage>("register"),
        check::<pages::register::EntryPage>("entry"),
        check::<pages::certificate::CertificatePage>("certificate"),
        check::<pages::verify::VerifyPage>("verify"),
        check::<pages::sign_in::SignInPage>("sign-in"),
        check::<pages::apply::ApplyPage>("apply"),
        check::<pages::cases::CasesPage>("cases"),
        check::<pages::case::CasePage>("case"),
        check::<pages::inbox::InboxPage>("inbox"),
        check::<pages::problem::ProblemPage>("problem"),
        check::<pages::who_may::WhoMayPage>("who-may"),
    ];
    assert!(rendered.iter().all(|count| *count >= 6));
}

#[test]
fn the_style_is_small_and_fetches_nothing() {
    let style = include_str!("../../../assets/site.css");
    assert!(style.len() < 15_000, "{} bytes", style.len());
    for alien in ["@import", "url(", "http"] {
        assert!(!style.contains(alien), "`{alien}`");
    }
}
