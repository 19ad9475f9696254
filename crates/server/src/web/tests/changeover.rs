//! A form of an older edition that is sent after the changeover: it is judged by the new edition,
//! and what has become a personal detail in between stays out of the ledger.

use kernel::{CaseId, EntryNumber, Refusal, ledger::bytes_of};
use pack::source::Files;
use rules::Value;

use super::{
    client::{Answer, Client},
    journey::{APPLY, FILE, FORM, NAME, NUMBER},
    proposals::{dated, sent, willow, with_second},
    town::Town,
};
use crate::web::follow;

const VILLAGE: (&str, &str) = ("keeper.village", "柳下三村");
const CRAFT: (&str, &str) = ("keeper.craft", "炒茶");

/// What the keeper is asked, of which nothing but name and number is a personal detail.
const KEEPER: &str = "section: keeper
title: { zh: 掌柜, en: The keeper }
subject: { zh: 掌柜本人, en: The keeper }
fields:
  name: { title: { zh: 姓名, en: Name }, type: text, personal: true }
  resident-id:
    title: { zh: 身份证号码, en: Identity number }
    type: { identifier: resident-id }
    personal: true
  worked-since: { title: { zh: 从业起始日, en: At work since }, type: date }
  village: { title: { zh: 籍贯, en: Village }, type: text, personal: false }
";

async fn town(name: &str) -> Town {
    with_second(Town::found_with(name, &[("sections/keeper.yaml", KEEPER)]).await)
}

/// The next edition: the keeper's village has become a personal detail, and their craft is asked.
fn reform() -> Files {
    let mut files = willow();
    let asked = "  craft: { title: { zh: 手艺, en: Craft }, type: text, personal: false }\n";
    let keeper = format!("{}{asked}", KEEPER.replace("personal: false", "personal: true"));
    files.insert("sections/keeper.yaml".to_owned(), keeper);
    // Its stories are told of the form as it was.
    let of_rooms = ["scenarios/room", "scenarios/shut-out"];
    files.retain(|path, _| !of_rooms.iter().any(|own| path.starts_with(own)));
    files
}

/// A form that was opened, with its token and its number.
struct Opened {
    token: String,
    key: String,
}

impl Opened {
    async fn by(who: &mut Client) -> Self {
        let page = who.get(APPLY).await;
        page.says(200, &["keeper.village"]);
        assert!(!page.body.contains("keeper.craft"), "it is of the older edition");
        Self { token: page.hidden("token"), key: page.hidden("key") }
    }

    async fn sent(&self, who: &mut Client, more: &[(&str, &str)]) -> Answer {
        let mut fields = vec![("token", self.token.as_str()), ("key", self.key.as_str())];
        fields.extend(FORM);
        fields.extend([NAME, NUMBER, VILLAGE, ("shared:lease", "yes")]);
        fields.extend(more);
        who.post_files(APPLY, &fields, &[("plan", FILE)]).await
    }
}

/// Whether the ledger holds the village behind a number.
async fn ledger_tells(town: &Town, after: EntryNumber) -> bool {
    let entries = town.app.store.ledger(after, 1_000).await.unwrap();
    let village = VILLAGE.1.as_bytes();
    let says = |bytes: Vec<u8>| bytes.windows(village.len()).any(|part| part == village);
    entries.iter().map(bytes_of).any(says)
}

/// The case that a form led to is under the pack now in force, and the village is in the vault.
async fn must_be_sealed(town: &Town, after: EntryNumber, filed: &Answer) {
    assert_eq!(filed.status, 303, "{}", filed.body);
    let page = filed.location().split('?').next().unwrap().to_owned();
    let number: u64 = page.rsplit('/').next().unwrap().parse().unwrap();
    let case = town.app.store.case(CaseId(EntryNumber(number))).await.unwrap().unwrap();
    assert_eq!(case.pack, town.app.now().packs.live.hash);
    assert_eq!(case.facts.get(VILLAGE.0), Some(&Value::Sealed));
    assert!(!ledger_tells(town, after).await);
    let mut east = Client::signed_in(town.router(), "east").await;
    let opened = east.fill(&page, &format!("{page}/reveal"), &[("path", VILLAGE.0)]).await;
    opened.says(200, &[VILLAGE.1]);
}

#[tokio::test]
async fn an_old_form_is_judged_by_the_new_edition_and_seals_what_it_seals() {
    let town = town("changeover").await;
    let mut lin = Client::signed_in(town.router(), "lin").await;
    let (form, early) = (Opened::by(&mut lin).await, Opened::by(&mut lin).await);
    // What is sent in time is no secret yet, so that it could be found later, too.
    assert_eq!(early.sent(&mut lin, &[]).await.status, 303);
    assert!(ledger_tells(&town, EntryNumber(0)).await);
    let before = town.app.store.head().await.unwrap();
    let mut first = Client::signed_in(town.router(), "town").await;
    let mut second = Client::signed_in(town.router(), "second").await;
    let page = dated(&town, &mut first, &reform(), "2024-03-04").await;
    assert_eq!(sent(&mut second, &page, "publish", "").await.status, 303);

    let refused = form.sent(&mut lin, &[]).await;
    refused.says(422, &["Craft", "href=\"#field-keeper-craft\"", VILLAGE.1]);
    assert!(!ledger_tells(&town, before).await);
    must_be_sealed(&town, before, &form.sent(&mut lin, &[CRAFT]).await).await;
}

/// A request that began with the older edition is decided after the changeover: this node has not
/// looked yet whether another pack is in force. The older edition would write the answer down.
#[tokio::test]
async fn a_form_read_by_the_old_edition_is_refused_by_the_new_one() {
    let town = town("changeover-meanwhile").await;
    let mut first = Client::signed_in(town.router(), "town").await;
    let mut second = Client::signed_in(town.router(), "second").await;
    let page = dated(&town, &mut first, &reform(), "2024-03-05").await;
    assert_eq!(sent(&mut second, &page, "publish", "").await.status, 303);
    town.pass_days(1).await;
    let mut lin = Client::signed_in(town.router(), "lin").await;
    let form = Opened::by(&mut lin).await;
    let refused = form.sent(&mut lin, &[]).await;
    let number = Refusal::Form(Vec::new()).number().to_string();
    refused.says(422, &[&number, VILLAGE.1]);
    let none = EntryNumber(0);
    assert!(!ledger_tells(&town, none).await);
    follow(&town.app).await.unwrap();
    must_be_sealed(&town, none, &form.sent(&mut lin, &[CRAFT]).await).await;
}
