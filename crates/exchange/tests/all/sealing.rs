//! An invented town's root, the seal of one of its bodies, and a licence under it.

use base::{Date, Instant, Name, Text, id::Uscc};
use exchange::licence::{
    Certificate, Days, Identifier, Licence, Metadata, Root, Seal, SoftKey, identifier::KindCode,
    issue,
};

/// The body of the licence.
pub(crate) const BODY: &str = "东溪区卫生健康委员会";

/// Invented credit codes: division 900101 is nowhere.
pub(crate) const DEFINER: &str = "11900000MA0WHERE1";
pub(crate) const ISSUER: &str = "11900101MA0WHERE2";

pub(crate) fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

pub(crate) fn key(byte: u8) -> SoftKey {
    SoftKey::from_secret(&[byte; 64]).unwrap()
}

pub(crate) fn days(from: &str, until: &str) -> Days {
    Days { from: day(from), until: day(until) }
}

/// The code with the character that belongs at its end.
pub(crate) fn credit_code(body: &str) -> Uscc {
    let all = "0123456789ABCDEFGHJKLMNPQRTUWXY".chars();
    all.into_iter().find_map(|check| Uscc::parse(&format!("{body}{check}")).ok()).unwrap()
}

pub(crate) fn metadata() -> Metadata {
    let kind = KindCode::parse(&format!("{}001", credit_code(DEFINER))).unwrap();
    let issuer = credit_code(ISSUER);
    Metadata {
        identifier: Identifier::new(&kind, &issuer, 7, 1),
        title: Text::new("草药房许可证（虚构）", "Herb room licence (invented)"),
        kind: Name::new("herb-room-licence").unwrap(),
        number: "900101-2024-7".into(),
        holder: "青囊 <草药房> & 堂".into(),
        body: Text::new(BODY, "East Brook District Health Commission"),
        office: "health@900101".into(),
        body_code: Some(issuer.to_string()),
        issued_on: day("2024-03-04"),
        valid_from: day("2024-03-04"),
        valid_until: Some(day("2029-03-04")),
        register: Name::new("herb-room").unwrap(),
        decided_by: 7,
    }
}

pub(crate) fn licence() -> Licence {
    Licence {
        metadata: metadata(),
        rows: vec![
            (Text::new("名称", "Name"), Text::new("青囊 <草药房> & 堂", "青囊 <草药房> & 堂")),
            (Text::new("地点", "Place"), Text::new("东溪区桥头街道", "Bridgehead, East Brook")),
            (Text::new("经营范围", "Scope"), Text::new("草药配制与销售。".repeat(12), "Herbs.")),
        ],
        basis: vec!["柳溪草药房条例（虚构）第 9 条".into()],
        invented: true,
        sealed_at: Instant::parse("2024-03-04T09:00:00+08:00").unwrap(),
    }
}

/// The root of the town.
pub(crate) fn root(key: &SoftKey) -> Root<'_> {
    let place = Text::new("柳溪省（虚构）", "Willow (invented)");
    Root::new(key, &place, days("2015-01-01", "2065-01-01")).unwrap()
}

/// The licence as the town issues it, and its root's certificate.
pub(crate) fn issued(licence: &Licence) -> (Vec<u8>, Certificate) {
    let (top, own) = (key(1), key(2));
    let root = root(&top);
    let named = ("health@900101", &Text::new(BODY, "East Brook District Health Commission"));
    let seal = Seal::new(&root, &own, named, days("2024-01-01", "2027-01-01")).unwrap();
    (issue(licence, &seal).unwrap(), root.certificate().clone())
}
