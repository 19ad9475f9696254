//! A visit to a kiln: a service that names an entry, looks into a register and charges a fee.

use super::{client::Client, town::Town};

pub(super) const SECTION: &str = r#"
section: kiln-visit
title: { zh: 参观（虚构）, en: The visit (invented) }
fields:
  kiln: { title: { zh: 茶窑, en: Which kiln }, type: { entry: kiln } }
  guests: { title: { zh: 人数, en: Guests }, type: integer }
"#;

pub(super) const PROCEDURE: &str = r#"
procedure: kiln-visit
title: { zh: 茶窑参观（虚构）, en: Kiln visit (invented) }
summary: { zh: 参观点火的茶窑。, en: To see a kiln that is lit. }
kind: registration
basis:
  - { act: 柳溪参观条例（虚构）, confidence: assumed }
register: broken-word
applicant: [person]
competent: { office: fire, level: county, of: kiln-visit.kiln.division }
clock:
  statutory: { term: 10 working days, basis: { act: 柳溪参观条例（虚构）, confidence: assumed } }
  promised: { term: 5 working days, basis: { act: 柳溪参观条例（虚构）, confidence: assumed } }
  extension: { term: 3 working days, basis: { act: 柳溪参观条例（虚构）, confidence: assumed } }
form: [kiln-visit]
looks_up:
  lit:
    title: { zh: 同名的茶窑, en: Kilns of the same name }
    register: kiln
    where: { name: kiln-visit.kiln.name }
    that: its.since <= filed-on
requires:
  is-lit:
    that: found.lit >= 1
    says: { zh: 茶窑已点火, en: The kiln is lit }
    basis: { act: 柳溪参观条例（虚构）, confidence: assumed }
fees:
  ticket:
    title: { zh: 门票, en: Ticket }
    amount: kiln-visit.guests * 5 yuan
    waived:
      that: kiln-visit.guests = 0
      says: { zh: 无人前往, en: Nobody goes }
      basis: { act: 柳溪参观条例（虚构）, confidence: assumed }
    basis: { act: 柳溪参观条例（虚构）, confidence: assumed }
begins: look
steps:
  pay:
    title: { zh: 缴费, en: Payment }
    by: competent
    within: { term: 5 working days, basis: { act: 柳溪参观条例（虚构）, confidence: assumed } }
    collects: ticket
    waived: shown
    outcomes:
      paid: { title: { zh: 已缴, en: Paid }, needs_met: true, then: shown }
      longer:
        title: { zh: 延长, en: More time }
        reasons: true
        extend:
          by: { term: 3 working days, basis: { act: 柳溪参观条例（虚构）, confidence: assumed } }
          times: 1
      bad: { title: { zh: 不予, en: Not shown }, reasons: true, then: refused }
  look:
    title: { zh: 核对, en: A look }
    by: competent
    within: { term: 1 working day, basis: { act: 柳溪参观条例（虚构）, confidence: assumed } }
    outcomes:
      good: { title: { zh: 可以, en: Good }, needs_met: true, then: pay }
      poor: { title: { zh: 不可, en: Not good }, reasons: true, then: refused }
  shown:
    title: { zh: 已参观, en: Shown }
    decides: granted
    notice: { zh: 请前往。, en: Please go. }
    changes:
      kiln-visit.kiln: { since: decided-on }
    then: seen
  refused:
    title: { zh: 不予参观, en: Not shown }
    decides: refused
    notice: { zh: 不予参观。, en: You may not go. }
    appeal: { remedies: [litigation], upheld: look }
    then: unseen
ends:
  seen: { title: { zh: 已参观, en: Seen } }
  unseen: { title: { zh: 未参观, en: Not seen }, adverse: true }
exits: { withdrawal: [look], correction: false }
"#;

const MORE: [(&str, &str); 2] =
    [("sections/kiln-visit.yaml", SECTION), ("procedures/kiln-visit.yaml", PROCEDURE)];
static FILES: &[(&str, &str)] = &MORE;

async fn lit(lin: &mut Client, fire: &mut Client) -> String {
    let apply = "/en/apply/kiln-permit/whole";
    let page = lin.get(apply).await;
    let (token, key) = (page.hidden("token"), page.hidden("key"));
    let fields = [
        ("token", token.as_str()),
        ("key", key.as_str()),
        ("kiln.name", "红窑"),
        ("kiln.division", "900101001"),
        ("kiln.run-by", "other"),
        ("kiln.firemen", "2"),
    ];
    let filed = lin.post_files(apply, &fields, &[("drawing", b"%PDF-1.7")]).await;
    assert_eq!(filed.status, 303, "{}", filed.body);
    let case = filed.location().split('?').next().unwrap().to_owned();
    let good = [("step", "accept"), ("outcome", "good")];
    let made = fire.fill(&case, &format!("{case}/choose"), &good).await;
    assert_eq!(made.status, 303, "{}", made.body);
    format!("K-900101-2024-{}", case.rsplit('/').next().unwrap())
}

#[tokio::test]
async fn an_entry_is_chosen_looked_up_charged_for_and_changed() {
    let town = Town::found_with("kiln-visit", FILES).await;
    let mut lin = Client::signed_in(town.router(), "lin").await;
    let mut fire = Client::signed_in(town.router(), "fire").await;
    lin.get("/en/services/kiln-visit").await.says(
        200,
        &[
            "Guests × 5 yuan",
            "Waived: Nobody goes",
            "3 working days in all at most",
            "Kilns of the same name",
            "Name: “Name” of “Which kiln”",
            "≤ the day of filing",
            "Changes the entry named under “Which kiln”",
            "the time is extended by 3 working days (once at most)",
        ],
    );
    let key = lit(&mut lin, &mut fire).await;
    let apply = "/en/apply/kiln-visit/whole";
    lin.get(apply).await.says(200, &[&format!("<option value=\"{key}\">红窑 ({key})")]);
    let wrong = [("kiln-visit.kiln", "K-9"), ("kiln-visit.guests", "4")];
    let back = lin.fill(apply, apply, &wrong).await;
    back.says(422, &["Refused (number 1005)", "is no entry of that register", "selected>K-9"]);
    let right = [("kiln-visit.kiln", key.as_str()), ("kiln-visit.guests", "4")];
    let filed = lin.fill(apply, apply, &right).await;
    assert_eq!(filed.status, 303, "{}", filed.body);
    let case = filed.location().split('?').next().unwrap().to_owned();
    let entry = format!("<a href=\"/en/registers/kiln/{key}\">红窑 ({key})</a>");
    let good = [("step", "look"), ("outcome", "good")];
    fire.fill(&case, &format!("{case}/choose"), &good).await;
    lin.get(&case).await.says(200, &[&entry, "At: Payment", "20.00 yuan"]);
    let longer = [("step", "pay"), ("outcome", "longer"), ("reasons", "路远")];
    fire.fill(&case, &format!("{case}/choose"), &longer).await;
    fire.get(&case).await.says(200, &["Payment: 3 working days"]);
    let paid = [("step", "pay"), ("outcome", "paid")];
    let made = fire.fill(&case, &format!("{case}/choose"), &paid).await;
    assert_eq!(made.status, 303, "{}", made.body);
    lin.get(&case).await.says(200, &["Entries of others changed", "Ended: Seen"]);
}
