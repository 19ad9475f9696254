//! A sealed licence verifies, and nothing that differs from it in a single bit does.

use std::{
    io::{Cursor, Read, Write},
    process::{Command, Stdio},
};

use base::{Instant, Text};
use exchange::licence::{
    Fault, LICENCE_MAX, Licence, Metadata, Seal, Trust, Unmade, issue, verify,
};
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter, write::SimpleFileOptions};

use crate::{
    sealing::{BODY, days, issued, key, licence, metadata, root},
    tree::Element,
};

pub(crate) type Files = Vec<(String, Vec<u8>)>;

pub(crate) fn unpacked(bytes: &[u8]) -> Files {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut files = Vec::new();
    for number in 0..archive.len() {
        let mut file = archive.by_index(number).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        files.push((file.name().unwrap().into_owned(), bytes));
    }
    files
}

pub(crate) fn packed(files: &Files) -> Vec<u8> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, bytes) in files {
        out.start_file(path.as_str(), options).unwrap();
        out.write_all(bytes).unwrap();
    }
    out.finish().unwrap().into_inner()
}

#[test]
fn a_licence_verifies_with_its_root_and_says_what_it_was_given() {
    let (bytes, root) = issued(&licence());
    let found = verify(&bytes, Trust::Root(&root)).unwrap();
    assert_eq!(found.metadata, metadata());
    assert_eq!(found.sealed_by, BODY);
    assert_eq!(found.sealed_at, Instant::parse("2024-03-04T01:00:00Z").unwrap());
    assert_eq!((found.root, found.trusted), (root.fingerprint(), true));
    assert!(found.test, "nobody that is licensed stands behind this seal");
    let alone = verify(&bytes, Trust::Nobody).unwrap();
    assert!(!alone.trusted);
    assert_eq!(issued(&licence()).0, bytes, "the same licence gives the same bytes");
    let bare = exchange::licence::Metadata {
        identifier: None,
        body_code: None,
        valid_until: None,
        ..metadata()
    };
    let (bytes, root) = issued(&Licence { metadata: bare.clone(), ..licence() });
    assert_eq!(verify(&bytes, Trust::Root(&root)).unwrap().metadata, bare);
}

#[test]
fn any_changed_byte_is_found() {
    let (bytes, root) = issued(&licence());
    let mut chance = fastrand::Rng::with_seed(1);
    for place in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[place] ^= 1 << chance.u32(0..8);
        assert!(verify(&changed, Trust::Root(&root)).is_err(), "byte {place}");
    }
    for length in [0, 1, 22, 100, bytes.len() - 1] {
        assert!(verify(&bytes[..length], Trust::Root(&root)).is_err(), "{length} bytes");
    }
    assert_eq!(verify(&[&bytes[..], b"x"].concat(), Trust::Root(&root)), Err(Fault::Repacked));
}

#[test]
fn any_changed_file_is_found_where_the_zip_is_sound() {
    let (bytes, root) = issued(&licence());
    let files = unpacked(&bytes);
    assert_eq!(packed(&files), bytes);
    for (number, (path, own)) in files.iter().enumerate() {
        let stride = (own.len() / 97).max(1);
        for place in (0..own.len()).step_by(stride) {
            let mut changed = files.clone();
            changed[number].1[place] ^= 1;
            let fault = verify(&packed(&changed), Trust::Root(&root)).unwrap_err();
            match path.as_str() {
                "Doc_0/Signs/Sign_0/Signature.xml" | "Doc_0/Signs/Sign_0/SignedValue.dat" => {}
                _ => assert_eq!(fault, Fault::Changed(path.clone()), "byte {place}"),
            }
        }
        let without: Files = files.iter().filter(|(other, _)| other != path).cloned().collect();
        let fault = verify(&packed(&without), Trust::Root(&root)).unwrap_err();
        assert!(matches!(fault, Fault::NotALicence | Fault::Missing(_)), "{path}: {fault:?}");
    }
    let mut more = files.clone();
    more.push(("Doc_0/Attachs/more.xml".into(), b"<more/>".to_vec()));
    let added = Err(Fault::Added("Doc_0/Attachs/more.xml".into()));
    assert_eq!(verify(&packed(&more), Trust::Root(&root)), added);
    let mut turned = files;
    turned.swap(0, 1);
    assert!(verify(&packed(&turned), Trust::Root(&root)).is_ok(), "order says nothing");
}

#[test]
fn a_seal_holds_only_under_its_own_root_in_its_days_and_for_its_body() {
    let (bytes, _) = issued(&licence());
    let stranger = key(9);
    let other = root(&stranger);
    assert_eq!(verify(&bytes, Trust::Root(other.certificate())), Err(Fault::OtherRoot));
    let (top, own) = (key(1), key(2));
    let home = root(&top);
    let check_all = |days, body: &str, id: &str, expected: Result<(), Fault>| {
        let seal = Seal::new(&home, &own, (id, &Text::new(body, "")), days).unwrap();
        let bytes = issue(&licence(), &seal).unwrap();
        let found = verify(&bytes, Trust::Root(home.certificate()));
        assert_eq!(found.map(drop), expected);
    };
    let check = |days, body, id, fault| check_all(days, body, id, Err(fault));
    let then = days("2024-01-01", "2025-01-01");
    check_all(days("2024-03-04", "2024-03-05"), BODY, "health@900101", Ok(()));
    check(days("2024-03-05", "2025-01-01"), BODY, "health@900101", Fault::NotThen);
    check(days("2023-01-01", "2024-03-04"), BODY, "health@900101", Fault::NotThen);
    check(then, "西溪区卫生健康委员会", "health@900101", Fault::OtherBody);
    check(then, BODY, "health@900102", Fault::OtherBody);
}

#[test]
fn what_is_no_licence_is_said_to_be_none() {
    let (_, root) = issued(&licence());
    for (bytes, fault) in [
        (b"".to_vec(), Fault::NotALicence),
        (b"%PDF-1.7".to_vec(), Fault::NotALicence),
        (packed(&vec![("OFD.xml".into(), b"<OFD/>".to_vec())]), Fault::NotALicence),
        (vec![0; 5_000], Fault::NotALicence),
    ] {
        assert_eq!(verify(&bytes, Trust::Root(&root)), Err(fault));
    }
}

#[test]
fn what_is_issued_is_never_longer_than_what_is_read() {
    let (top, own) = (key(1), key(2));
    let home = root(&top);
    let named = ("health@900101", &Text::new(BODY, ""));
    let seal = Seal::new(&home, &own, named, days("2024-01-01", "2025-01-01")).unwrap();
    let row = (Text::new("范围", "Scope"), Text::new("草药。".repeat(20_000), ""));
    let long = Licence { rows: vec![row; 9], ..licence() };
    assert!(matches!(issue(&long, &seal), Err(Unmade::TooLong)));
    let mut files = unpacked(&issued(&licence()).0);
    files.push(("Doc_0/a.xml".into(), b"<a/>".repeat(LICENCE_MAX / 4)));
    let found = verify(&packed(&files), Trust::Root(home.certificate()));
    assert_eq!(found, Err(Fault::NotALicence));
}

#[test]
fn letters_that_do_not_show_are_blanks_in_what_is_issued() {
    let named = |holder: &str| Metadata { holder: holder.into(), ..metadata() };
    let odd = named("青\u{202e}囊\t房\u{200b}");
    let (bytes, root) = issued(&Licence { metadata: odd.clone(), ..licence() });
    let found = verify(&bytes, Trust::Root(&root)).unwrap().metadata;
    assert_eq!(found, odd.written());
    assert_eq!(found, named("青 囊 房 "));
}

#[test]
fn long_licences_go_on_to_further_pages() {
    let row = (Text::new("范围", "Scope"), Text::new("草药。".repeat(60), "Herbs. ".repeat(60)));
    let (bytes, root) = issued(&Licence { rows: vec![row; 12], ..licence() });
    assert!(verify(&bytes, Trust::Root(&root)).is_ok());
    let files = unpacked(&bytes);
    let pages: Vec<_> = files.iter().filter(|(path, _)| path.contains("/Pages/")).collect();
    assert!(pages.len() > 2, "{}", pages.len());
    for (path, page) in pages {
        let root = Element::read(std::str::from_utf8(page).unwrap());
        let warned = root.all().iter().any(|element| element.text.contains("（虚构）演示样张"));
        assert!(warned, "{path} does not say that it is invented");
        let texts: Vec<_> = root.all().into_iter().filter(|e| e.name == "TextObject").collect();
        assert!(!texts.is_empty(), "{path}");
        for text in texts {
            let place: Vec<f64> =
                text.get("Boundary").split(' ').map(|side| side.parse().unwrap()).collect();
            let [x, y, wide, high] = place.try_into().unwrap();
            assert!(x >= 15.0 && x + wide <= 195.0, "{path}: {text:?}");
            assert!(y >= 15.0 && y + high <= 282.0, "{path}: {text:?}");
        }
    }
}

#[test]
fn every_file_is_well_formed_and_every_number_is_used_once() {
    let (bytes, _) = issued(&licence());
    let mut ids = Vec::new();
    for (path, text) in unpacked(&bytes) {
        if path.ends_with(".xml") {
            let root = Element::read(std::str::from_utf8(&text).unwrap());
            let own = root
                .all()
                .into_iter()
                .filter(|_| path.starts_with("Doc_0/D") || path.contains("/Page"));
            ids.extend(own.filter_map(|e| e.attributes.get("ID").cloned()));
        }
    }
    let pages = ids.iter().filter(|id| **id == "2").count();
    assert_eq!(pages, 1, "the page is listed once");
    let unique: std::collections::BTreeSet<&String> = ids.iter().collect();
    assert_eq!(unique.len(), ids.len());
}

fn every_fault() -> Vec<Fault> {
    let path = || "Doc_0/Document.xml".to_owned();
    vec![
        Fault::NotALicence,
        Fault::Repacked,
        Fault::SignatureUnreadable,
        Fault::Missing(path()),
        Fault::Added(path()),
        Fault::Changed(path()),
        Fault::SealBroken,
        Fault::SealForged,
        Fault::CertificateForged,
        Fault::NotThen,
        Fault::OtherRoot,
        Fault::MetadataUnreadable,
        Fault::OtherBody,
    ]
}

#[test]
fn the_document_of_faults_is_current() {
    let chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    let mut document = String::from("Why a file is no sound e-licence.\n");
    for (fault, number) in every_fault().iter().zip(1401..) {
        let (word, says, next) = (fault.word(), fault.says(), fault.next());
        assert_eq!(fault.number(), number, "{word}");
        assert!(chinese(&says.zh) && chinese(&next.zh) && next.zh.ends_with('。'), "{word}");
        assert!(says.en.starts_with(char::is_lowercase) && next.en.ends_with('.'), "{word}");
        document.push_str(&format!("\n{number} {word}\n  {}\n  {}\n", says.zh, says.en));
        document.push_str(&format!("  → {}\n  → {}\n", next.zh, next.en));
    }
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = path.join("../../docs/reference/licence-faults.txt");
    if std::env::var_os("GOLDEN").is_some() {
        std::fs::write(&path, &document).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(kept, document, "run this test with GOLDEN=1 if the change is meant");
}

#[test]
fn other_programs_open_the_zip() {
    let (bytes, _) = issued(&licence());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("licence.ofd");
    std::fs::write(&path, &bytes).unwrap();
    for (program, words) in [("python3", ["-m", "zipfile", "-t"].as_slice()), ("unzip", &["-tq"])] {
        let tested = Command::new(program).args(words).arg(&path).stdout(Stdio::null()).status();
        match tested {
            Ok(status) => assert!(status.success(), "{program}"),
            Err(_) => println!("skipped: `{program}` is not here"),
        }
    }
}
