//! Identifiers against vectors, and the promise that no single slip goes unseen.

use base::id::{Gtin, Kind, Lei, ResidentId, Sex, Sscc, System, Uscc, check};
use proptest::prelude::*;

use crate::vectors::{Row, rows, shared_rows};

/// Compares every row's verdict with ours; returns how many rows were compared.
fn agree(kind: Kind, rows: &[Row], verdict: &str) -> usize {
    let scored = rows.iter().filter(|row| row.get("score").is_none_or(|score| score == "yes"));
    let unlike = scored.clone().filter(|row| {
        assert!(["valid", "invalid"].contains(&row[verdict].as_str()), "{row:?}");
        check(kind, &row["number"]).is_ok() != (row[verdict] == "valid")
    });
    assert_eq!(unlike.collect::<Vec<_>>(), Vec::<&Row>::new(), "{kind}");
    scored.count()
}

#[test]
fn vectors_agree() {
    let file = |name: &str| rows(&format!("conformance/ids/{name}.csv"));
    assert_eq!(agree(Kind::Uscc, &file("uscc"), "stdnum_verdict"), 269);
    assert_eq!(agree(Kind::ResidentId, &file("resident_id"), "stdnum_verdict"), 293);
    assert_eq!(agree(Kind::Gtin, &file("gtin_ean"), "stdnum_verdict"), 166);
    assert_eq!(agree(Kind::Sscc, &file("sscc"), "verdict"), 83);
    assert_eq!(agree(Kind::Lei, &file("lei"), "stdnum_verdict"), 66);
}

#[test]
fn samples_beside_the_checkout_agree() {
    let codes = shared_rows("data/oracles_sample/uscc_sample_25.csv");
    // The reference refuses a letter for the department, which the standard allows.
    let plain = |row: &&Row| row["category"] != "letter registration department";
    let plain = codes.iter().filter(plain).cloned().collect::<Vec<_>>();
    agree(Kind::Uscc, &plain, "stdnum_verdict");
    for row in &codes {
        let accepted = Uscc::parse(&row["number"]);
        assert_eq!(accepted.is_ok(), row["gb32100_check_digit_ok"] == "yes", "{row:?}");
        let inner = row["gb11714_inner_check_digit_ok"] == "yes";
        assert!(accepted.is_ok_and(|code| code.organisation_check_agrees() == inner) || inner);
    }
    let people = shared_rows("data/oracles_sample/resident_id_sample_25.csv");
    agree(Kind::ResidentId, &people, "stdnum_verdict");
    people.iter().filter(|row| row["stdnum_verdict"] == "valid").for_each(same_person);
}

#[test]
fn resident_numbers_tell_birth_and_sex() {
    let valid = rows("conformance/ids/resident_id.csv")
        .into_iter()
        .filter(|row| row["score"] == "yes" && row["stdnum_verdict"] == "valid");
    assert_eq!(valid.inspect(same_person).count(), 167);
}

fn same_person(row: &Row) {
    let id = ResidentId::parse(&row["number"]).unwrap();
    assert_eq!(id.born_on().to_string(), row["birth_date"], "{row:?}");
    assert_eq!(id.sex(), if row["sex"] == "M" { Sex::Male } else { Sex::Female }, "{row:?}");
    assert_eq!(id.as_str(), row["number"].to_uppercase());
}

#[test]
fn organisation_codes_have_their_own_check_digit() {
    let rows = rows("conformance/ids/uscc.csv");
    let accepted = rows.iter().filter_map(|row| Some((Uscc::parse(&row["number"]).ok()?, row)));
    let compared = accepted.inspect(|(code, row)| {
        let inner = row["gb11714_inner_check_digit_ok"] == "yes";
        assert_eq!(code.organisation_check_agrees(), inner, "{row:?}");
    });
    assert_eq!(compared.count(), 157);
}

#[test]
fn check_characters_agree() {
    let rows = rows("conformance/ids/iso7064.csv");
    assert_eq!(rows.len(), 100);
    for row in &rows {
        let Kind::Iso7064(system) = Kind::named(&named(&row["system"])).unwrap() else {
            panic!("{row:?}")
        };
        assert_eq!(system.check_characters(&row["payload"]).as_ref(), Ok(&row["check"]), "{row:?}");
        assert_eq!(system.verify(&format!("{}{}", row["payload"], row["check"])), Ok(()));
    }
}

/// `MOD 37-2` is `iso7064-37-2` here.
fn named(system: &str) -> String {
    system.replace("MOD ", "iso7064-")
}

#[test]
fn each_fault_has_its_word() {
    let check = |kind: &str, value: &str, word: &str| {
        let found = check(Kind::named(kind).unwrap(), value).map_or_else(|r| r.word, |()| "good");
        assert_eq!(found, word, "{kind} {value}");
    };
    check("uscc", "52310104495050172L", "good");
    check("uscc", "N21101010613930396", "good");
    check("uscc", "52310104495050172M", "checksum");
    check("uscc", "52310104495050172I", "character");
    check("uscc", "52310104495050172l", "character");
    check("uscc", "523A0104495050172L", "character");
    check("uscc", "52310104 495050172", "character");
    check("uscc", "52310104495050172", "length");
    check("resident-id", "21072719090328628X", "good");
    check("resident-id", "21072719090328628x", "good");
    check("resident-id", "210727190903286281", "checksum");
    check("resident-id", "21072719090328X286", "character");
    check("resident-id", "21072719090229628X", "date");
    check("resident-id", "90072719090328628X", "division");
    check("resident-id", "210727090328628", "length");
    check("passport", "E12345678", "good");
    check("passport", "EA1234567", "good");
    check("passport", "e12345678", "character");
    check("passport", "E123-5678", "character");
    check("passport", "E123456789", "length");
    check("passport", "E123", "length");
    check("mainland-permit", "H12345678", "good");
    check("mainland-permit", "M1234567801", "good");
    check("mainland-permit", "12345678", "good");
    check("mainland-permit", "1234567890", "good");
    check("mainland-permit", "1234567890B", "good");
    check("mainland-permit", "H1234567", "length");
    check("mainland-permit", "H123456789", "length");
    check("mainland-permit", "H1234567A", "character");
    check("mainland-permit", "h12345678", "length");
    check("mainland-permit", "C12345678", "length");
    check("mainland-permit", "A2345678", "character");
    check("gtin", "8750272927957", "good");
    check("gtin", "8750272927958", "checksum");
    check("gtin", "875027292795", "checksum");
    check("gtin", "87502729279", "length");
    check("gtin", "875027292795A", "character");
    check("sscc", "069566868284662035", "good");
    check("sscc", "00069566868284662035", "length");
    check("lei", "J8EOMS9RMRQR48H2O042", "good");
    check("lei", "J8EOMS9RMRQR48H2O024", "checksum");
    check("lei", "J8EOMS9RMRQR48H2O04A", "character");
    check("iso7064-11-2", "079X", "good");
    check("iso7064-11-2", "X", "length");
    check("iso7064-11-2", "0X9X", "character");
    check("iso7064-97-10", "94", "length");
    check("iso7064-97-10", "794A", "character");
    check("iso7064-97-10", "79444", "good");
    check("iso7064-37-2", "G123489654321Y", "good");
    check("iso7064-37-2", "G123489654321*", "checksum");
}

/// Puts `replacement` at `place`.
fn slip(good: &str, place: usize, replacement: char) -> String {
    good.chars().enumerate().map(|(at, c)| if at == place { replacement } else { c }).collect()
}

proptest! {
    #[test]
    fn one_changed_character_is_seen(
        system in prop::sample::select(vec![
            System::Mod11_2, System::Mod37_2, System::Mod97_10, System::Mod11_10, System::Mod37_36,
        ]),
        digits in "[0-9]{1,20}",
        capitals in "[0-9A-Z]{1,20}",
        place in any::<prop::sample::Index>(),
        letter in "[0-9A-Z]",
    ) {
        let wide = matches!(system, System::Mod37_2 | System::Mod37_36);
        let payload = if wide { &capitals } else { &digits };
        let good = format!("{payload}{}", system.check_characters(payload).unwrap());
        prop_assert_eq!(system.verify(&good), Ok(()));
        let letter = letter.chars().next().unwrap();
        let bad = slip(&good, place.index(good.len()), letter);
        // A letter among digits is two digits to MOD 97-10, so it is another number altogether.
        let comparable = wide || letter.is_ascii_digit();
        prop_assert!(bad == good || !comparable || system.verify(&bad).is_err(), "{good} {bad}");
    }

    #[test]
    fn one_changed_character_of_an_identifier_is_seen(
        row in any::<prop::sample::Index>(),
        place in any::<prop::sample::Index>(),
        letter in "[0-9A-Zx]",
    ) {
        let letter = letter.chars().next().unwrap();
        let changed = |good: &str| slip(good, place.index(good.len()), letter);
        let same_sort = |good: &str| {
            let old = good.chars().nth(place.index(good.len())).unwrap();
            old.is_ascii_digit() == letter.is_ascii_digit()
        };
        for (file, kind) in GOOD {
            let good = &file[row.index(file.len())];
            let bad = changed(good);
            let same = bad.to_uppercase() == *good;
            // A digit in a letter's stead is another number altogether to MOD 97-10.
            let excused = kind == Kind::Lei && !same_sort(good);
            prop_assert!(same || excused || check(kind, &bad).is_err(), "{kind} {good} {bad}");
        }
    }
}

/// Good identifiers of each kind with a check digit.
const GOOD: [(&[&str], Kind); 5] = [
    (&["52310104495050172L", "191101136634027D12", "91350100M000100Y43"], Kind::Uscc),
    (&["21072719090328628X", "513224191308166971"], Kind::ResidentId),
    (&["8750272927957", "69868213135116", "55266918"], Kind::Gtin),
    (&["069566868284662035", "069958034432675791"], Kind::Sscc),
    (&["J8EOMS9RMRQR48H2O042", "PIKNDDEBND42O64R7Q58"], Kind::Lei),
];

#[test]
fn identifiers_show_what_was_read() {
    assert_eq!(Gtin::parse("55266918").unwrap().fourteen_digits(), "00000055266918");
    assert_eq!(Sscc::parse("069566868284662035").unwrap().to_string(), "069566868284662035");
    assert_eq!(Lei::parse("J8EOMS9RMRQR48H2O042").unwrap().as_str(), "J8EOMS9RMRQR48H2O042");
    let code = Uscc::parse("52310104495050172L").unwrap();
    assert_eq!(code.organisation_code(), "495050172");
}
