//! A board: every figure on it is the number of findings that its link lists, in the whole place
//! and in a district; what is found is on it at once.

use base::{Instant, Name};
use kernel::EntryNumber;
use pack::model::{Pack, RuleVerdict};
use store::finding::{About, Finding, RuleAsked};

use super::{
    client::Client,
    findings::sale,
    risk::{each_figure_opens_what_it_counts, figures},
    sources::Lakeside,
};

/// A finding of each of those numbers, in a division.
fn finding(pack: &Pack, rule: &str, (number, division): (u8, &str), at: Instant) -> Finding {
    let rule = &pack.rules[rule];
    Finding {
        id: [number; 16],
        says: [number; 16],
        rule: rule.name.clone(),
        subject: format!("HR-{}", number % 3),
        division: division.to_owned(),
        at,
        row: 1,
        about: About {
            version: rule.version,
            clear: rule.verdict == RuleVerdict::Clear,
            evidence: Vec::new(),
            shows: Vec::new(),
            known_then: true,
            pack: pack.hash.0,
            rows: 1,
            snapshot: 1,
        },
    }
}

/// Keeps findings of a rule as found at a moment.
async fn keep(lakeside: &Lakeside, rule: &str, found: &[(u8, &str)], at: Instant) {
    let app = &lakeside.town.app;
    let pack = &app.packs.live;
    let found = found.iter().map(|own| finding(pack, rule, *own, at));
    let found: Vec<Finding> = found.collect();
    let asked = RuleAsked {
        rule: Name::new(rule).unwrap(),
        pack: pack.hash,
        rows: 1,
        snapshot: EntryNumber(1),
        at,
        asked: 1,
        undetermined: 0,
        took: std::time::Duration::ZERO,
        trouble: String::new(),
    };
    app.store.keep_findings(&asked, &found, &[]).await.unwrap();
}

#[tokio::test]
async fn each_figure_of_a_board_is_the_number_of_findings_that_it_opens() {
    let lakeside = Lakeside::found("board").await;
    let now = lakeside.town.app.clock.now();
    let old = Instant::from_micros(now.micros() - 5 * 86_400_000_000);
    let (east, east_too, west) = ("900101001", "900101002", "900102001");
    keep(&lakeside, "herb-beyond-limit", &[(1, east), (2, west), (3, "")], old).await;
    keep(&lakeside, "herb-hoarded", &[(4, east_too), (5, east)], old).await;
    keep(&lakeside, "herb-hoarded", &[(6, west), (7, east), (8, "")], now).await;

    let mut officer = lakeside.officer().await;
    // The national board comes first, and leads to the others.
    assert_eq!(officer.get("/en/board").await.location(), "/en/board/online-care");
    officer.get("/en/board/online-care").await.says(200, &["/en/board/selling"]);
    let whole = officer.get("/en/board/selling").await;
    whole.says(200, &["Board of herb sales (invented)", "The whole city", "West Willow"]);
    // The sums, with each of three districts, nowhere and both rules: standing and new.
    let shown: Vec<usize> = figures(&whole).iter().map(|own| own.0).collect();
    let (sums, map) = ([8, 3], [4, 2]);
    let districts = [4, 1, 2, 1, 2, 1];
    let rules = [5, 3, 3];
    let expected = sums.iter().chain(&map).chain(&districts).chain(&rules);
    let sorted = |all: &mut Vec<usize>| all.sort_unstable();
    let (mut expected, mut all) = (expected.copied().collect(), shown.clone());
    sorted(&mut expected);
    sorted(&mut all);
    assert_eq!((&shown[..2], all), (&sums[..], expected));
    assert_eq!(each_figure_opens_what_it_counts(&mut officer, &whole).await, shown.len());

    let east = officer.get("/en/board/selling?division=900101").await;
    east.says(200, &["Board of herb sales (invented) · East Willow"]);
    assert_eq!(figures(&east)[..2].iter().map(|own| own.0).collect::<Vec<_>>(), [4, 1]);
    each_figure_opens_what_it_counts(&mut officer, &east).await;
    let nowhere = officer.get("/en/board/selling?division=none").await;
    assert_eq!(figures(&nowhere)[..2].iter().map(|own| own.0).collect::<Vec<_>>(), [2, 1]);
    each_figure_opens_what_it_counts(&mut officer, &nowhere).await;
    let sub = officer.get("/en/board/selling?division=900101002").await;
    assert_eq!(figures(&sub)[0].0, 1);
    each_figure_opens_what_it_counts(&mut officer, &sub).await;
    officer.get("/en/board/selling?division=x").await.says(400, &[]);
    officer.get("/en/board/none").await.says(404, &[]);
}

#[tokio::test]
async fn what_is_found_is_on_the_board_at_once() {
    let lakeside = Lakeside::found("board-live").await;
    let mut officer = lakeside.officer().await;
    let before = officer.get("/en/board/selling").await;
    before.says(200, &["Nothing was found.", "data-board=", "/en/board/selling?division=all"]);
    assert_eq!(figures(&before), []);
    lakeside.sold(&[sale(1, "2.5", "1980-01-01")]).await;
    let after = officer.get("/en/board/selling").await;
    after.says(200, &["HR-1", "A herb sold beyond its limit"]);
    assert_eq!(figures(&after)[0].0, 1);
    each_figure_opens_what_it_counts(&mut officer, &after).await;
}

/// The town where district officers see findings too.
const SEEN: &[(&str, &str)] = &[(
    "access.cedar",
    concat!(
        include_str!("../../../../../packs/willow/access.cedar"),
        r#"
@id("districts-see-findings")
@title_zh("各区卫生健康局查看发现（虚构）。")
@title_en("The districts' health offices see findings (invented).")
@act("柳溪平台条例（虚构）")
@article("12")
@confidence("assumed")
permit (principal is Officer, action == Action::"see-findings", resource is Lake)
when { principal.body.office == Office::"health" };
"#
    ),
)];

/// A board and a list of points begin with the district that the officer answers for.
#[tokio::test]
async fn officers_of_a_district_begin_with_their_own() {
    let lakeside = Lakeside::found_with("board-own", SEEN).await;
    let now = lakeside.town.app.clock.now();
    let found = [(1, "900101001"), (2, "900102001"), (3, "900101002")];
    keep(&lakeside, "herb-beyond-limit", &found, now).await;
    let mut city = lakeside.officer().await;
    let whole = city.get("/en/board/selling").await;
    whole.says(200, &["· The whole city"]);
    assert_eq!(figures(&whole)[0].0, 3);
    city.get("/en/risk").await.says(200, &["The whole city: who has points"]);
    let mut east = Client::signed_in(lakeside.town.router(), "east").await;
    let own = east.get("/en/board/selling").await;
    own.says(200, &["· East Willow"]);
    assert_eq!(figures(&own)[0].0, 2);
    each_figure_opens_what_it_counts(&mut east, &own).await;
    let all = east.get("/en/board/selling?division=all").await;
    assert_eq!(figures(&all)[0].0, 3);
    east.get("/en/risk").await.says(200, &["East Willow: who has points"]);
    let points = east.get("/en/risk?register=herb-room").await;
    points.says(200, &["HR-1", "HR-0"]);
    assert!(!points.body.contains("HR-2"), "the other district's");
    let mut applicant = Client::signed_in(lakeside.town.router(), "lin").await;
    applicant.get("/en/board/selling").await.says(403, &[]);
}
