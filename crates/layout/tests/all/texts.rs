//! Texts are read as they were written, and there is one text for the same thing.

use fastrand::Rng;
use layout::{Draft, Fault, Survey, Terms};

use crate::town::{draft, found, given, name, some_draft, survey};

#[test]
fn surveys_and_drafts_are_read_as_they_were_written() {
    let (survey, draft) = (survey(), draft());
    assert_eq!(Survey::read(&survey.text()).unwrap(), survey);
    assert_eq!(Draft::read(&draft.text()).unwrap(), draft);
    assert_eq!(draft.survey(), survey.digest());
    assert_eq!(draft.value(), 2 * 60 * 1_000 + 8 * 78 * 1_000);
    let mut mixed = given();
    mixed.areas.reverse();
    mixed.sites.reverse();
    mixed.sites.iter_mut().for_each(|own| own.courses.reverse());
    assert_eq!(Survey::freeze(mixed).unwrap(), survey);
    let mut mixed = found();
    mixed.picks.reverse();
    mixed.served.reverse();
    assert_eq!(Draft::new(&survey, mixed).unwrap(), draft);
}

#[test]
fn drafts_of_chance_are_read_as_they_were_written() {
    let mut rng = Rng::with_seed(1);
    let mut drafts = 0;
    while drafts < 300 {
        let Some((survey, draft)) = some_draft(&mut rng) else { continue };
        drafts += 1;
        let again = Survey::read(&survey.text()).unwrap();
        assert_eq!(again, survey);
        let read = Draft::read(&draft.text()).unwrap();
        assert_eq!(read, draft);
        read.verify(&again).unwrap();
    }
}

#[test]
fn texts_have_one_order() {
    let survey = survey().text();
    let check = |from: &str, to: &str, line: usize| {
        let other = survey.replacen(from, to, 1);
        assert_ne!(other, survey, "{from}");
        assert_eq!(Survey::read(&other).unwrap_err(), [Fault::NotALine(line)], "{to}");
    };
    check("area\teast", "area\teasy\t1", 7);
    check("\t40\narea", "\t41\narea", 7);
    check("1000\t40", "01000\t40", 7);
    check("2020-03-01", "2020-3-01", 3);
    check("norm\t40", "norm\t4.0", 5);
    check("straight\t1300", "crow\t1300", 6);
    check("straight\t1300", "table", 6);
    check(
        "course\tplot-a\tlarge\t50\t600\ncourse\tplot-a\tsmall\t20\t300",
        "course\tplot-a\tsmall\t20\t300\ncourse\tplot-a\tlarge\t50\t600",
        11,
    );
    check("plot-c\t-", "plot-c\t", 19);
    check("floor\tthousand", "floor\tperson", 20);
    check("has\tfloor\teast", "has\twell\teast", 21);
    check("has\twell\twest\t2", "has\twell\twest\t0", 24);
    assert_eq!(Survey::read("").unwrap_err(), [Fault::NotASurvey]);
    assert_eq!(Survey::read("layout survey 1\nname\tx").unwrap_err(), [Fault::NotALine(3)]);
    assert!(Survey::read(&survey.replace('\n', "\r\n")).is_err());
    assert_eq!(Draft::read(&survey).unwrap_err(), [Fault::NotADraft]);
    let draft = draft().text();
    let check = |from: &str, to: &str, line: usize| {
        let other = draft.replacen(from, to, 1);
        assert_ne!(other, draft, "{from}");
        assert_eq!(Draft::read(&other).unwrap_err(), [Fault::NotALine(line)], "{to}");
    };
    check("goal\tmost", "goal\tbest", 3);
    check("floor\t0\tgiven", "floor\t0\tgot", 8);
    check("seed\t1\n", "", 2);
    check("served\t2020\teast\tplot-b\t40", "served\t2020\teast\tplot-b\t0", 15);
    check("case\tbound\t0", "case\tbound\t1", 21);
    check("price\t0\t2020\teast", "price\t1\t2020\teast", 22);
}

#[test]
fn what_is_not_needed_in_order_is_put_in_order() {
    let mut other = found();
    other.terms.forced =
        vec![("well".to_owned(), name("extend")), ("plot-b".to_owned(), name("large"))];
    other.terms.barred = vec!["plot-a".to_owned()];
    let draft = Draft::new(&survey(), other.clone()).unwrap();
    other.terms.forced.reverse();
    let Terms { forced, .. } = draft.terms();
    assert_eq!(*forced, other.terms.forced);
}
