//! What rules find in rows: listed, opened with its evidence, found again, and gone once the row
//! was another one; seen by those whom policies let.

use base::{Instant, Name};

use super::{
    client::Client,
    proposals::{propose, willow},
    sources::Lakeside,
};
use crate::web::judging::{self, Upto};

impl Lakeside {
    /// Takes in sales as the system of a herb room sends them, gathers them and asks the rules.
    pub(super) async fn sold(&self, lines: &[String]) {
        let taking = self.town.app.taking.clone().unwrap();
        let now = Instant::parse("2026-06-01T00:00:00Z").unwrap();
        let feed = Name::new("herb-sales").unwrap();
        let taken = taking.lake().take(&feed, "his-1", lines.join("\n").as_bytes(), now).await;
        assert_eq!(taken.unwrap().bad, []);
        self.gathered();
        self.asked(None).await;
    }

    async fn asked(&self, before: Option<Upto>) -> Upto {
        judging::round(&self.town.app, before).await.unwrap_or_else(|why| {
            panic!("{}", judging::told(&why));
        })
    }
}

pub(super) fn sale(number: u8, weight: &str, born_on: &str) -> String {
    let first = format!(r#""sale":"s{number}","sold-at":"2024-01-08T09:00:00+08:00""#);
    let whom = format!(r#""room":"HR-1","buyer":"11010519491231002X","born-on":"{born_on}""#);
    let what = format!(r#""herb":"H3","brew":"mild","weight":{weight},"packets":1"#);
    format!(r#"{{{first},{whom},{what},"paid":3.5,"at-counter":true}}"#)
}

#[tokio::test]
async fn a_finding_is_listed_opened_found_again_and_gone_with_its_row() {
    let lakeside = Lakeside::found("findings").await;
    let mut officer = lakeside.officer().await;
    officer.get("/en/inbox").await.says(200, &["/en/findings"]);
    officer
        .get("/en/findings")
        .await
        .says(200, &["Nothing was found.", "A herb sold beyond its limit"]);
    officer.get("/en/findings/rules").await.says(200, &["Not yet"]);
    lakeside
        .sold(&[
            sale(1, "2.5", "1980-01-01"),
            sale(2, "1", "1980-01-01"),
            sale(3, "1", "2010-01-01"),
        ])
        .await;

    let list = officer.get("/en/findings?rule=herb-beyond-limit").await;
    list.says(200, &["HR-1", "2024-01-08 09:00", "Weight (liang) 2.50", "1.25"]);
    let all = list.links("/en/findings/");
    let found: Vec<&String> =
        all.iter().filter(|link| link.len() == "/en/findings/".len() + 32).collect();
    assert_eq!(found.len(), 2, "{all:?}");
    let mut weights = 0;
    for link in found {
        let one = officer.get(link).await;
        one.says(
            200,
            &["Evidence", "Herbs sold (invented), number", "柳溪草药房条例（虚构）", "Clear"],
        );
        assert!(!one.body.contains("11010519491231002X"), "a person is a digest");
        weights += usize::from(one.body.contains("2.50"));
        officer.get(&format!("{link}/again")).await.says(200, &["the same finding"]);
    }
    assert_eq!(weights, 1);
    officer.get("/zh/findings?new=yes").await.says(200, &["超限售药（虚构）", "昨日以来新增"]);
    officer.get("/en/findings?kind=selling&subject=HR-1").await.says(200, &["2024-01-08"]);
    officer.get("/en/findings?kind=none").await.says(200, &["Nothing was found."]);
    let rule = officer.get("/en/findings/rules/herb-beyond-limit").await;
    rule.says(200, &["limit.weight-max", "version 1", "Last asked"]);
    officer.get("/en/findings/rules/herb-hoarded").await.says(200, &["Query", "GROUP BY"]);
    officer.get("/en/findings/rules/none").await.says(404, &[]);
    officer.get("/en/findings/00").await.says(404, &[]);

    // The heavy sale was another one: its finding is gone, and says so.
    let before = officer.get("/en/findings?rule=herb-beyond-limit").await.links("/en/findings/");
    lakeside.sold(&[sale(1, "1", "1980-01-01")]).await;
    let after = officer.get("/en/findings?rule=herb-beyond-limit").await.links("/en/findings/");
    let gone: Vec<&String> = before.iter().filter(|link| !after.contains(link)).collect();
    assert_eq!(gone.len(), 1);
    let gone_page = officer.get(gone[0]).await;
    gone_page.says(200, &["stands no more", "stood until", "2.50"]);
    officer.get(&format!("{}/again", gone[0])).await.says(200, &["the same finding"]);
}

#[tokio::test]
async fn rules_are_asked_again_only_where_something_has_changed() {
    let lakeside = Lakeside::found("findings-rounds").await;
    lakeside.sold(&[sale(1, "2.5", "1980-01-01")]).await;
    let upto = lakeside.asked(None).await;
    let asked = lakeside.town.app.store.rules_asked().await.unwrap();
    assert!(asked.iter().all(|own| own.trouble.is_empty()), "{asked:?}");
    assert_eq!(asked.len(), lakeside.town.app.packs.live.rules.len());
    assert!(lakeside.asked(Some(upto)).await == upto);
    lakeside.asked(None).await;
    assert_eq!(lakeside.town.app.store.rules_asked().await.unwrap(), asked);
}

#[tokio::test]
async fn findings_are_seen_by_those_whom_policies_let() {
    let lakeside = Lakeside::found("findings-seen").await;
    let mut nobody = Client::new(lakeside.town.router());
    assert_ne!(nobody.get("/en/findings").await.status, 200);
    let mut applicant = Client::signed_in(lakeside.town.router(), "lin").await;
    applicant.get("/en/findings").await.says(403, &[]);
    applicant.get("/en/findings/rules").await.says(403, &[]);
}

/// The rules of a proposed pack are tried on what came in the last year: how much each would find,
/// how much of it is new, and how much that stands it would not find.
#[tokio::test]
async fn the_rules_of_a_proposed_pack_are_tried_on_the_rows_of_the_last_year() {
    let lakeside = Lakeside::found("findings-tried").await;
    let now = lakeside.town.app.clock.now();
    let days_ago = |days: i64| Instant::from_micros(now.micros() - days * 86_400_000_000);
    let at = |number, weight, days| {
        let moment = days_ago(days).to_string();
        sale(number, weight, "1980-01-01").replace("2024-01-08T09:00:00+08:00", &moment)
    };
    lakeside.sold(&[at(1, "2.5", 30), at(2, "1", 40), at(3, "2.5", 500)]).await;
    let mut officer = lakeside.officer().await;
    let tried = async |officer: &mut Client, limit: &str| {
        let mut files = willow();
        let sheet = files.get_mut("knowledge/herb-limits.csv").unwrap();
        *sheet = sheet.replace("2020-01-01,,H3,1.25,", &format!("2020-01-01,,H3,{limit},"));
        let uploaded = propose(officer, &files).await;
        let page = uploaded.location().to_owned();
        officer.get(&page).await.says(200, &[&format!("{page}/rules")]);
        let shown = officer.get(&format!("{page}/rules")).await;
        shown.says(200, &["A herb sold beyond its limit", "rows read"]);
        let row = shown.body.split("<tr>").find(|row| row.contains("A herb sold beyond its limit"));
        let cells = row.unwrap().split("<td").skip(1);
        let cell = |cell: &str| cell.split(['>', '<']).nth(1).unwrap().to_owned();
        cells.map(cell).take(4).collect::<Vec<String>>()
    };
    assert_eq!(tried(&mut officer, "0.5").await, ["2", "1", "0", "0"]);
    assert_eq!(tried(&mut officer, "3").await, ["0", "0", "1", "0"]);
    let standing = officer.get("/en/findings?rule=herb-beyond-limit").await;
    assert_eq!(standing.links("/en/findings/").iter().filter(|link| link.len() == 45).count(), 2);
}
