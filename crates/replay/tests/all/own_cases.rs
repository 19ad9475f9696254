//! Nobody acts for a body in a case of one's own: what no story can tell, for there everybody is
//! somebody else.

use base::Instant;
use kernel::BodyId;
use pack::model::Applicant;
use replay::{Deed, Stage, Who, memory::Memory};

use crate::people::{body, name, party};

const MINUTE: i64 = 60 * 1_000_000;

fn files(procedure: &str, rows: &[(&str, &str)]) -> Deed {
    let answers = rows.iter().map(|(path, text)| ((*path).to_owned(), vec![(*text).to_owned()]));
    Deed::File {
        procedure: name(procedure),
        answers: answers.collect(),
        papers: [].into(),
        commits: [].into(),
        behalf: None,
        on_paper: false,
    }
}

fn chooses(step: &str, outcome: &str, rows: &[(&str, &str)]) -> Deed {
    let answers = rows.iter().map(|(path, text)| ((*path).to_owned(), vec![(*text).to_owned()]));
    Deed::Choose {
        step: name(step),
        outcome: name(outcome),
        reasons: "理由".to_owned(),
        items: Vec::new(),
        answers: answers.collect(),
    }
}

/// An officer who is known by that number, in whichever role.
fn officer(number: u8, office: &str, division: &str) -> Who {
    let BodyId { office, division } = body(office, division);
    Who::Officer(party(number), BodyId { office, division })
}

#[tokio::test]
async fn who_holds_an_entry_neither_orders_nor_decides_against_it() {
    let pack = crate::shipped::compiled("willow").pack;
    let mut town = Memory::new(&pack);
    let mut now = pack.zone.start_of(base::Date::parse("2019-01-02").unwrap()).micros();
    let mut act = async |who: &Who, case, deed| {
        now += MINUTE;
        town.act(who, Instant::from_micros(now), case, deed).await.unwrap()
    };
    let guild = Who::Applicant(party(9), Applicant::Organisation);
    let (province, east) = (officer(1, "planning", "90"), officer(2, "planning", "900101"));
    let year = act(&province, None, files("fair-adoption", &[("plan.division", "90")])).await;
    act(&province, Some(year.unwrap()), chooses("publish", "published", &[])).await.unwrap();
    let fair = files("fair-hosting", &[("place.fair", "fair-1")]);
    let hosting = act(&guild, None, fair.clone()).await.unwrap();
    // Who works for the body that decides on one's own application.
    let own = officer(9, "planning", "900101");
    assert_eq!(act(&own, Some(hosting), chooses("examine", "good", &[])).await, Err(1125));
    act(&east, Some(hosting), chooses("examine", "good", &[])).await.unwrap();
    let closure = files("fair-closure", &[("place.fair", "fair-1")]);
    let own = officer(9, "fire", "900101");
    assert_eq!(act(&own, None, closure.clone()).await, Err(1125));
    let order = act(&officer(3, "fire", "900101"), None, closure).await.unwrap();
    let safe = || chooses("inspect", "safe", &[]);
    assert_eq!(act(&own, Some(order), safe()).await, Err(1125));
    act(&officer(3, "fire", "900101"), Some(order), safe()).await.unwrap();
}
