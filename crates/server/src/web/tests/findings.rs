//! What rules find in rows: listed, opened with its evidence, found again, and gone once the row
//! was another one; seen by those whom policies let.

use base::{Instant, Name};

use super::{
    client::{Answer, Client},
    journey::choose,
    licences::licensed_in,
    proposals::{propose, willow},
    sources::Lakeside,
    town::Town,
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

    pub(super) async fn asked(&self, before: Option<Upto>) -> Upto {
        judging::round(&self.town.app, before).await.unwrap_or_else(|why| {
            panic!("{}", judging::told(&why));
        })
    }
}

/// A case of the district against a herb room.
const CASE: &str = "procedure: herb-room-case
title: { zh: 草药房案件（虚构）, en: Case against a herb room (invented) }
summary: { zh: 查处草药房。, en: What was found about a herb room. }
kind: order
basis:
  - { act: 柳溪草药房条例（虚构）, article: 17, confidence: assumed }
register: herb-room
applicant: [body]
against: trouble.room
takes_up: [trouble.found, more.found]
competent: { office: health, level: county, of: trouble.room.division }
clock:
  statutory: { term: 9 working days, basis: { act: 柳溪草药房条例（虚构）, confidence: assumed } }
  promised: { term: 9 working days, basis: { act: 柳溪草药房条例（虚构）, confidence: assumed } }
form: [trouble]
begins: verify
steps:
  verify:
    title: { zh: 核实, en: Verified }
    by: competent
    within: { term: 5 working days, basis: { act: 柳溪草药房条例（虚构）, confidence: assumed } }
    outcomes:
      nothing: { title: { zh: 不成立, en: Nothing in it }, reasons: true, then: left-alone }
      remind: { title: { zh: 提醒, en: Reminded }, reasons: true, then: reminded }
      join: { title: { zh: 并入新发现, en: Add what was found since }, asks: [more], stays: true }
ends:
  left-alone: { title: { zh: 不成立, en: Left alone } }
  reminded: { title: { zh: 已提醒, en: Reminded } }
exits: { withdrawal: [], correction: false }
";
const TROUBLE: &str = "section: trouble
title: { zh: 线索, en: What is wrong }
fields:
  room: { title: { zh: 草药房, en: Herb room }, type: { entry: herb-room } }
  found: { title: { zh: 发现编号, en: Numbers of findings }, type: text, at_most: 2000 }
";
const MORE: &str = "section: more
title: { zh: 并入的发现, en: What joins }
fields:
  found: { title: { zh: 并入的发现编号, en: Numbers that join }, type: text, at_most: 2000 }
";
const DISTRICTS: &str = r#"
@id("districts-see-findings")
@title_zh("区卫生局查看监管发现（虚构）。")
@title_en("District health bureaus see what rules found (invented).")
@act("柳溪平台条例（虚构）")
@article("12")
@confidence("assumed")
permit (principal is Officer, action == Action::"see-findings", resource is Lake)
when { principal.body.office == Office::"health" };
"#;

/// What the town's pack says otherwise where its districts open cases against herb rooms.
fn with_cases() -> &'static [(&'static str, &'static str)] {
    let files = willow();
    let other = |file: &str, from: &str, to: &str| {
        assert!(files[file].contains(from), "{file} says nothing like {from}");
        &*Box::leak(files[file].replacen(from, to, 1).into_boxed_str())
    };
    let register = "headed: name\nheld_by: keeper\nin_force: status = 'open'\nfields:\n  \
                    keeper: { title: { zh: 掌柜, en: Keeper }, type: party, optional: true }";
    let headed = "headed: name\nin_force: status = 'open'\nfields:";
    let entered = "        keeper: applicant\n        floor-area: ";
    let access = files["access.cedar"].clone() + DISTRICTS;
    Box::leak(Box::new([
        ("procedures/herb-room-case.yaml", CASE),
        ("sections/trouble.yaml", TROUBLE),
        ("sections/more.yaml", MORE),
        ("access.cedar", Box::leak(access.into_boxed_str())),
        ("registers/herb-room.yaml", other("registers/herb-room.yaml", headed, register)),
        (
            "procedures/herb-room-licence.yaml",
            other("procedures/herb-room-licence.yaml", "        floor-area: ", entered),
        ),
    ]))
}

pub(super) fn sale(number: u8, weight: &str, born_on: &str) -> String {
    sale_of("HR-1", number, weight, born_on)
}

fn sale_of(room: &str, number: u8, weight: &str, born_on: &str) -> String {
    let first = format!(r#""sale":"s{number}","sold-at":"2024-01-08T09:00:00+08:00""#);
    let whom = format!(r#""room":"{room}","buyer":"11010519491231002X","born-on":"{born_on}""#);
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

/// The numbers of the findings that a page leads to, in order.
fn numbers_of(page: &Answer) -> Vec<String> {
    let links = page.links("/en/findings/").into_iter();
    let numbers = links.map(|link| link["/en/findings/".len()..].to_owned());
    let mut numbers: Vec<String> = numbers.filter(|own| own.len() == 32).collect();
    numbers.sort_unstable();
    numbers
}

/// What a form has filled in as an answer.
fn filled_in<'p>(page: &'p Answer, path: &str) -> &'p str {
    let answer = page.body.split(&format!("name=\"{path}\"")).nth(1).unwrap();
    answer.split("</textarea>").next().unwrap().rsplit('>').next().unwrap()
}

/// The numbers that a form has filled in as an answer, in order.
fn numbers_in_form(page: &Answer, path: &str) -> Vec<String> {
    let mut numbers: Vec<String> = filled_in(page, path).split(' ').map(str::to_owned).collect();
    numbers.sort_unstable();
    numbers
}

/// What was found about a herb room of the town, and who looks at it.
struct Suspected {
    lakeside: Lakeside,
    room: String,
    /// An officer of its district.
    east: Client,
}

impl Suspected {
    async fn with(name: &'static str, sales: &[u8]) -> Self {
        let (town, room) = licensed_in(Town::found_with(name, with_cases()).await).await;
        let room = format!("900101-2024-{}", room.rsplit('/').next().unwrap());
        let lakeside = Lakeside::beside(town);
        let east = Client::signed_in(lakeside.town.router(), "east").await;
        let own = Self { lakeside, room, east };
        own.sells(sales).await;
        own
    }

    /// Sales beyond the limit.
    async fn sells(&self, sales: &[u8]) {
        let heavy = |number: &u8| heavy(&self.room, *number);
        self.lakeside.sold(&sales.iter().map(heavy).collect::<Vec<_>>()).await;
    }

    async fn list(&mut self) -> Answer {
        self.east.get(&format!("/en/findings?subject={}", self.room)).await
    }

    /// Opens the case that is offered, on all that stands.
    async fn opened(&mut self) -> String {
        let list = self.list().await;
        let form = list.links("/en/apply/herb-room-case/whole").pop().unwrap();
        let found = numbers_of(&list).join(" ");
        let answers = [("trouble.room", self.room.as_str()), ("trouble.found", &found)];
        let form = form.replace("&#38;", "&");
        let filed = self.east.fill(&form, "/en/apply/herb-room-case/whole", &answers).await;
        assert_eq!(filed.status, 303, "{}", filed.body);
        filed.location().split('?').next().unwrap().to_owned()
    }
}

fn heavy(room: &str, number: u8) -> String {
    let sold = sale_of(room, number, "2.5", "1980-01-01");
    sold.replace("2024-01-08T09:00:00", "2024-03-04T12:00:00")
}

/// What is found while a case runs joins it where a step adds findings: the list leads to the case
/// instead of a second form, and the case has the numbers filled in.
#[tokio::test]
async fn what_is_found_while_a_case_runs_joins_it() {
    let mut own = Suspected::with("findings-joined", &[1]).await;
    let case = own.opened().await;
    let shown = own.east.get(&case).await;
    assert!(!shown.body.contains("One more finding"), "nothing else was found yet");

    own.sells(&[2, 3]).await;
    let list = own.list().await;
    list.says(200, &["Add to open case", "Selling of herbs (invented), 2 findings", &case]);
    assert!(!list.body.contains("/en/apply/herb-room-case"), "it is one case");
    let all = numbers_of(&list);
    let shown = own.east.get(&case).await;
    shown.says(200, &["2 more findings of the same kind", "Numbers that join"]);
    let filled = numbers_in_form(&shown, "more.found");
    assert_eq!(filled.len(), 2);
    let mut first = all.clone();
    first.retain(|number| !filled.contains(number));
    let lin = Client::signed_in(own.lakeside.town.router(), "lin").await.get(&case).await;
    assert!(!lin.body.contains("more findings"), "the party is told once it is in the case");

    let unknown = format!("{} {}", filled[0], "0".repeat(32));
    let join = async |east: &mut Client, found: &str| {
        choose(east, &case, "verify", &[("outcome", "join"), ("more.found", found)]).await
    };
    join(&mut own.east, &unknown).await.says(422, &["is the number of no finding"]);
    let said = format!("Told by a neighbour: {}", filled[0]);
    assert_eq!(join(&mut own.east, &said).await.status, 303);
    let shown = own.east.get(&case).await;
    shown.says(200, &["One more finding of the same kind", &format!("/en/findings/{}", filled[0])]);
    let all_said = format!("{said} {}", filled[1]);
    assert_eq!(filled_in(&shown, "more.found"), all_said, "what was said before stays");
    assert_eq!(join(&mut own.east, &all_said).await.status, 303);
    let shown = own.east.get(&case).await;
    assert!(!shown.body.contains("more finding"), "all of it is in the case");
    let listed = all.iter().map(|number| format!("/en/findings/{number}"));
    shown.says(200, &listed.collect::<Vec<_>>().iter().map(String::as_str).collect::<Vec<_>>());
    assert!(!own.list().await.body.contains("Add to open case"));

    // Once it has ended, what is found next is another case.
    choose(&mut own.east, &case, "verify", &[("outcome", "remind"), ("reasons", "Thrice")]).await;
    own.sells(&[4]).await;
    own.list().await.says(200, &["Open a case", "1 finding<"]);
}

/// What was found about one party becomes a case of its district: offered with the numbers filled
/// in, refused where a number is not one that can be taken up, and shown from both sides.
#[tokio::test]
async fn what_was_found_about_a_party_becomes_one_case() {
    let Suspected { lakeside, room, mut east } = Suspected::with("findings-case", &[1, 2]).await;
    lakeside.sold(&[heavy("HR-1", 3)]).await;
    let mut city = lakeside.officer().await;

    let unknown = east.get("/en/findings?subject=HR-1").await;
    unknown.says(200, &["HR-1"]);
    assert!(!unknown.body.contains("Open a case"), "nobody is party for what no register knew");
    let about = format!("/en/findings?subject={room}");
    assert!(!city.get(&about).await.body.contains("Open a case"), "it is the district's");
    let list = east.get(&about).await;
    list.says(200, &["Open a case", "Case against a herb room (invented): Selling of herbs"]);
    let form = list.links("/en/apply/herb-room-case/whole").pop().unwrap().replace("&#38;", "&");
    let page = east.get(&form).await;
    let numbers = numbers_of(&list);
    assert_eq!((numbers.len(), numbers_in_form(&page, "trouble.found")), (2, numbers.clone()));
    let other = numbers_of(&unknown).pop().unwrap();
    let file = async |who: &mut Client, found: &str| {
        let answers = [("trouble.room", room.as_str()), ("trouble.found", found)];
        who.fill(&form, "/en/apply/herb-room-case/whole", &answers).await
    };
    for (found, says) in [
        (other.as_str(), "is about another party"),
        ("00000000000000000000000000000007", "is the number of no finding"),
        (&numbers[0][..31], "is the number of no finding"),
    ] {
        file(&mut east, found).await.says(422, &[says, found]);
    }
    let both = format!("{} {}、来电", numbers[0], numbers[1]);
    let filed = file(&mut east, &both).await;
    assert_eq!(filed.status, 303, "{}", filed.body);
    let case = filed.location().split('?').next().unwrap().to_owned();
    let shown = east.get(&case).await;
    let link = format!("/en/findings/{}", numbers[0]);
    shown.says(200, &["What supervision found", "A herb sold beyond its limit", &link, "来电"]);
    file(&mut east, &numbers[0]).await.says(422, &["is in case", "already"]);
    let mut lin = Client::signed_in(lakeside.town.router(), "lin").await;
    let told = lin.get(&case).await;
    told.says(200, &["What supervision found", "A herb sold beyond its limit"]);
    assert!(!told.body.contains("/en/findings/"), "the party opens no rows of others");

    let list = east.get(&about).await;
    list.says(200, &[&case, "open"]);
    assert!(!list.body.contains("Open a case"), "all of it is in a case");
    east.get(&link).await.says(200, &[&case, "In cases"]);

    // A row was another one: the case says that its finding is gone, and what is gone is refused.
    let sold = sale_of(&room, 1, "1", "1980-01-01");
    lakeside.sold(&[sold.replace("2024-01-08T09:00:00", "2024-03-04T12:00:00")]).await;
    east.get(&case).await.says(200, &["does not stand any more"]);
    choose(&mut east, &case, "verify", &[("outcome", "remind"), ("reasons", "Once only")]).await;
    // What was in a case is not offered again, but may be taken up again by who has a reason to.
    let list = east.get(&about).await;
    list.says(200, &[&case, "ended"]);
    assert!(!list.body.contains("Open a case"), "what there was is settled");
    let (stands, gone) = match list.body.contains(&numbers[0]) {
        true => (&numbers[0], &numbers[1]),
        false => (&numbers[1], &numbers[0]),
    };
    file(&mut east, gone).await.says(422, &["does not stand any more"]);
    assert_eq!(file(&mut east, stands).await.status, 303);
}
