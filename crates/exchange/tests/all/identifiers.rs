//! Identifiers of licences and their check character.

use base::id::System;
use exchange::licence::{Identifier, identifier::KindCode};

use crate::sealing::{DEFINER, ISSUER, credit_code};

/// ISO 7064, 8: the check makes the whole come out as 1, found by trying every character.
fn slowly(payload: &str) -> char {
    const ALL: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let value = |c: char| ALL.find(c).unwrap();
    let sound = |whole: &str| {
        let mut product = 36;
        for (place, c) in whole.chars().enumerate() {
            let mut sum = product + value(c);
            while sum > 36 {
                sum -= 36;
            }
            if place + 1 == whole.chars().count() {
                return sum % 36 == 1;
            }
            product = sum * 2;
            while product >= 37 {
                product -= 37;
            }
        }
        false
    };
    ALL.chars().find(|check| sound(&format!("{payload}{check}"))).unwrap()
}

#[test]
fn check_characters_agree_with_a_slow_model_and_with_published_ones() {
    let known = [
        ("A12425GABC1234002", 'M'),
        ("11100000000013338W01111430000006122244L20230000403001", 'U'),
        ("11100000MB03271699022340100000000016001", '9'),
    ];
    for (payload, check) in known {
        assert_eq!(slowly(payload), check, "{payload}");
        assert_eq!(System::Mod37_36.check_characters(payload).unwrap(), check.to_string());
    }
    let mut chance = fastrand::Rng::with_seed(7);
    for _ in 0..2_000 {
        let length = chance.usize(1..50);
        let letter = |_| chance.alphanumeric().to_ascii_uppercase();
        let payload: String = (0..length).map(letter).collect();
        let quick = System::Mod37_36.check_characters(&payload).unwrap();
        assert_eq!(quick, slowly(&payload).to_string(), "{payload}");
    }
}

#[test]
fn an_identifier_is_made_and_read() {
    let definer = credit_code(DEFINER);
    let kind = KindCode::parse(&format!("{definer}001")).unwrap();
    let issuer = credit_code(ISSUER);
    let made = Identifier::new(&kind, &issuer, 7, 2).unwrap().to_string();
    let start = format!("1.2.156.3005.2.{definer}001.{issuer}.000000000007.002.");
    assert_eq!(made.strip_prefix(&start).map(str::len), Some(1), "{made}");
    assert_eq!(Identifier::parse(&made).unwrap().to_string(), made);
    assert_eq!(Identifier::new(&kind, &issuer, 7, 0), None);
    assert_eq!(Identifier::new(&kind, &issuer, 7, 1000), None);
    let published = "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U";
    assert!(Identifier::parse(published).is_some());
    for wrong in [
        "",
        "1.2.156.3005.2",
        "1.2.156.3005.3.11100000000013338W011.11430000006122244L.20230000403.001.U",
        "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.V",
        "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000404.001.U",
        "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.01.U",
        "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.",
        // The check fits each of these, for it counts without the points.
        "1.2.156.3005.2.11100000000013338W0111.1430000006122244L2.0230000403.001.U",
        "1.2.156.3005.2.11100000000013338W011.11430000006122244L.202300004030.01.U",
        "1.2.156.3005.2.11100000000013338W0111.1430000006122244L.20230000403.001.U",
        "1.2.156.3005.2.11100000000013338W01.111430000006122244L.20230000403.001.U",
        "1.2.156.3005.2.11100000000013338W011.11430000006122244L2.0230000403.001.U",
        "1.2.156.3005.2.11100000000013338W011.11430000006122244.L20230000403.001.U",
        "1.2.156.3005.2.11100000000013338W011..20230000403.001.U",
    ] {
        assert_eq!(Identifier::parse(wrong), None, "{wrong}");
    }
    for wrong in
        ["", "001", "11900000MA0WHERE10001", &format!("{definer}01"), &format!("{definer}0A1")]
    {
        assert_eq!(KindCode::parse(wrong), None, "{wrong}");
    }
}
