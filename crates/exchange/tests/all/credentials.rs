//! Credentials: the vectors of the texts, and a forgery for each check that only it finds.

use base::{Instant, Name, Text};
use exchange::credential::{
    CREDENTIAL_MAX, Credential, Fact, Fault, Issuer, List, PublicKey, SecretKey, Status, Trust,
    canonical, held_against, issue, list, place_of, verify,
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::sealing::metadata;

const LIST: &str = "https://willow.example/credentials/status/herb-room/0";

fn at(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

fn web(secret: u8) -> Issuer {
    Issuer::at("https://willow.example", SecretKey::from_secret(&[secret; 32]))
}

fn credential() -> Credential {
    Credential {
        metadata: metadata(),
        register: Text::new("草药房", "Herb rooms"),
        facts: vec![Fact {
            name: Name::new("name").unwrap(),
            title: Text::new("名称", "Name"),
            value: Text::new("青囊 <草药房> & 堂", "青囊 <草药房> & 堂"),
        }],
        entry: "https://willow.example/zh/registers/herb-room/900101-2024-7".into(),
        valid_from: at("2024-03-04T09:00:00+08:00"),
        valid_until: Some(at("2029-03-05T00:00:00+08:00")),
        status: Status { list: LIST.into(), index: place_of(7, 0) },
        invented: true,
        made_at: at("2024-03-04T09:00:00+08:00"),
    }
}

fn issued() -> Value {
    issue(&credential(), &web(1))
}

fn trusted() -> Trust {
    Trust::of(&[web(1)])
}

fn verdict(value: &Value) -> Result<(), Fault> {
    verify(value.to_string().as_bytes(), &trusted()).map(|_| ())
}

/// The document signed anew by the town, whatever it says now.
fn signed_anew(value: &Value, issuer: &Issuer) -> Value {
    signed_with(value, issuer, |_| {})
}

/// The same with other options of the proof.
fn signed_with(value: &Value, issuer: &Issuer, change: impl Fn(&mut Value)) -> Value {
    let mut document = value.clone();
    let mut proof = document.as_object_mut().unwrap().remove("proof").unwrap();
    proof.as_object_mut().unwrap().remove("proofValue");
    proof["verificationMethod"] = issuer.method().into();
    if let Some(context) = document.get("@context") {
        proof["@context"] = context.clone();
    }
    change(&mut proof);
    let signed = [digest(&proof), digest(&document)].concat();
    let key = ed25519_dalek::SigningKey::from_bytes(&[1; 32]);
    let signature = ed25519_dalek::Signer::sign(&key, &signed);
    proof["proofValue"] = format!("z{}", bs58::encode(signature.to_bytes()).into_string()).into();
    document["proof"] = proof;
    document
}

fn digest(value: &Value) -> Vec<u8> {
    Sha256::digest(canonical(value)).to_vec()
}

#[test]
fn a_credential_says_what_the_licence_says_and_verifies_without_us() {
    let text = issued();
    let report = verify(text.to_string().as_bytes(), &trusted()).unwrap();
    assert_eq!(report.metadata, metadata());
    assert_eq!(report.issuer, "did:web:willow.example");
    assert_eq!(report.method, "did:web:willow.example#credentials");
    assert_eq!((report.trusted, report.invented), (true, true));
    assert_eq!(report.status, credential().status);
    assert_eq!(issued(), text, "the same decision, the same bytes");
    let rows = [
        ("2024-03-04T08:59:59+08:00", Err(Fault::NotYet)),
        ("2024-03-04T09:00:00+08:00", Ok(())),
        ("2029-03-04T23:59:59+08:00", Ok(())),
        ("2029-03-05T00:00:00+08:00", Err(Fault::NoLonger)),
    ];
    for (moment, wanted) in rows {
        assert_eq!(report.holds_at(at(moment)), wanted, "{moment}");
    }
}

#[test]
fn keys_are_given_as_multikey_as_did_or_as_document() {
    let text = issued().to_string();
    let key = web(1).public().to_string();
    let document = web(1).document().to_string();
    for given in [key.clone(), format!("did:key:{key}\n"), document] {
        let trust = Trust::parse(&given).unwrap();
        assert!(verify(text.as_bytes(), &trust).unwrap().trusted, "{given}");
    }
    for none in ["", "z", "did:web:willow.example", "{}", "z6Mk", "[]", "{\"a\":1,\"a\":1}"] {
        assert_eq!(Trust::parse(none), None, "{none}");
    }
    let mut silent = web(1).document();
    silent["assertionMethod"] = json!([]);
    assert_eq!(Trust::parse(&silent.to_string()), None, "a key that asserts nothing");
    // A key that tells itself shows that nothing was changed, and nobody vouches for it.
    let own = Issuer::of_key(SecretKey::from_secret(&[1; 32]));
    let text = issue(&credential(), &own).to_string();
    assert!(!verify(text.as_bytes(), &Trust::Nobody).unwrap().trusted);
    assert!(verify(text.as_bytes(), &Trust::parse(own.did()).unwrap()).unwrap().trusted);
}

/// The example of Data Integrity EdDSA Cryptosuites 1.0, appendix A: its key, document and proof.
#[test]
fn the_vector_of_eddsa_jcs_2022_holds() {
    let vector = include_str!("../../../../conformance/credentials/eddsa-jcs-2022.json");
    let key = PublicKey::parse("z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2").unwrap();
    // Its issuer is not the owner of the key; the proof holds before that is looked at.
    let verdict = verify(vector.as_bytes(), &Trust::Key(key.clone()));
    assert_eq!(verdict, Err(Fault::OtherIssuer));
    let changed = vector.replace("The School of Examples", "The School of Example");
    assert_eq!(verify(changed.as_bytes(), &Trust::Key(key)), Err(Fault::Changed));
    // What we would have signed with its secret is what it shows.
    let secret = "z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq";
    let secret = bs58::decode(&secret[1..]).into_vec().unwrap();
    let secret: [u8; 32] = secret[2..].try_into().unwrap();
    let mut document: Value = serde_json::from_str(vector).unwrap();
    let mut proof = document.as_object_mut().unwrap().remove("proof").unwrap();
    let value = proof.as_object_mut().unwrap().remove("proofValue").unwrap();
    let signed = [digest(&proof), digest(&document)].concat();
    let hex: String = signed.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(
        hex,
        "66ab154f5c2890a140cb8388a22a160454f80575f6eae09e5a097cabe539a1db\
         59b7cb6251b8991add1ce0bc83107e3db9dbbab5bd2c28f687db1a03abc92f19",
        "the appendix shows this combined digest"
    );
    let key = ed25519_dalek::SigningKey::from_bytes(&secret);
    let signature = ed25519_dalek::Signer::sign(&key, &signed);
    assert_eq!(value, format!("z{}", bs58::encode(signature.to_bytes()).into_string()));
}

/// The credential with a value changed.
fn with(path: &str, value: Value) -> Value {
    let mut forged = issued();
    *forged.pointer_mut(path).unwrap() = value;
    forged
}

/// The credential with a value left out.
fn without(parent: &str, name: &str) -> Value {
    let mut forged = issued();
    forged.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(name);
    forged
}

fn other() -> Issuer {
    Issuer::at("https://other.example", SecretKey::from_secret(&[1; 32]))
}

/// Forgeries of whoever has no key of ours.
fn forged_without_the_key() -> Vec<(&'static str, Value, Fault)> {
    let mut by_another_hand = issue(&credential(), &web(2));
    by_another_hand["proof"]["verificationMethod"] = web(1).method().into();
    let later = "2025-01-01T00:00:00Z".into();
    vec![
        ("no proof", without("", "proof"), Fault::NotACredential),
        ("no value", without("/proof", "proofValue"), Fault::NotACredential),
        ("no key", without("/proof", "verificationMethod"), Fault::NotACredential),
        ("another key", issue(&credential(), &other()), Fault::OtherKey),
        ("a changed fact", with("/credentialSubject/holder", "人参".into()), Fault::Changed),
        ("a changed moment", with("/proof/created", later), Fault::Changed),
        ("a changed signature", with("/proof/proofValue", "z111".into()), Fault::Changed),
        ("another hand", by_another_hand, Fault::Changed),
    ]
}

/// What whoever has our key could sign besides credentials of ours.
fn forged_with_the_key() -> Vec<(&'static str, Value, Fault)> {
    let anew = |forged: &Value| signed_anew(forged, &web(1));
    let option = |name: &'static str, value: Value| {
        signed_with(&issued(), &web(1), move |proof| proof[name] = value.clone())
    };
    let elsewhere = json!(["https://x.example"]);
    let plain = json!(["VerifiableCredential"]);
    let subject = "/credentialSubject";
    vec![
        ("another suite", option("cryptosuite", "eddsa-rdfc-2022".into()), Fault::OtherSuite),
        ("another type", option("type", "Ed25519Signature2020".into()), Fault::OtherSuite),
        ("another purpose", option("proofPurpose", "authentication".into()), Fault::OtherSuite),
        ("other contexts", option("@context", elsewhere.clone()), Fault::OtherContext),
        ("another issuer", anew(&with("/issuer", other().did().into())), Fault::OtherIssuer),
        ("no issuer", anew(&without("", "issuer")), Fault::OtherIssuer),
        ("contexts of others", anew(&with("/@context", elsewhere)), Fault::Unreadable),
        ("of another type", anew(&with("/type", plain)), Fault::Unreadable),
        ("no number", anew(&without(subject, "number")), Fault::Unreadable),
        ("no status", anew(&without("", "credentialStatus")), Fault::Unreadable),
        ("no first moment", anew(&without("", "validFrom")), Fault::Unreadable),
        ("an end that is none", anew(&with("/validUntil", "soon".into())), Fault::Unreadable),
        (
            "an unsound last day",
            anew(&with("/credentialSubject/until", "soon".into())),
            Fault::Unreadable,
        ),
    ]
}

#[test]
fn for_every_check_there_is_a_forgery_that_only_it_finds() {
    assert_eq!(verdict(&issued()), Ok(()));
    assert_eq!(verdict(&signed_anew(&issued(), &web(1))), Ok(()), "the forger's hand is sound");
    for (said, forged, wanted) in forged_without_the_key().into_iter().chain(forged_with_the_key())
    {
        assert_eq!(verdict(&forged), Err(wanted), "{said}");
    }
    let text = issued().to_string();
    let twice = text.replacen('{', "{\"issuer\":\"did:web:x\",", 1);
    assert_eq!(verify(twice.as_bytes(), &trusted()), Err(Fault::TwoMeanings));
    for none in [&b""[..], b"%PDF-1.7", b"{}", b"[]", &[b' '; CREDENTIAL_MAX + 1]] {
        assert_eq!(verify(none, &trusted()), Err(Fault::NotACredential));
    }
    assert_eq!(verify(text.as_bytes(), &Trust::Nobody), Err(Fault::NoKey));
    let strange = Issuer::of_key(SecretKey::from_secret(&[2; 32]));
    let text = issue(&credential(), &strange).to_string();
    assert_eq!(verify(text.as_bytes(), &trusted()), Err(Fault::OtherKey));
    assert_eq!(verify(text.as_bytes(), &Trust::Key(web(1).public())), Err(Fault::OtherKey));
}

#[test]
fn each_letter_that_is_changed_is_found() {
    let text = issued().to_string();
    let report = verify(text.as_bytes(), &trusted()).unwrap();
    for place in 0..text.len() {
        let mut bytes = text.clone().into_bytes();
        bytes[place] ^= 1;
        // What is still sound may say nothing else: only the writing of JSON may differ.
        if let Ok(read) = verify(&bytes, &trusted()) {
            assert_eq!(read, report, "at {place}");
        }
    }
}

#[test]
fn a_list_says_what_was_taken_back_and_only_for_its_own() {
    let report = verify(issued().to_string().as_bytes(), &trusted()).unwrap();
    let (own, next) = (place_of(7, 0), place_of(7, 1));
    let of = |address: &str, taken_back: Vec<u64>, issuer: &Issuer| {
        let as_of = at("2024-05-01T09:00:00+08:00");
        list(&List { address: address.into(), as_of, taken_back }, issuer).to_string()
    };
    let rows = [
        (of(LIST, vec![], &web(1)), Ok(())),
        (of(LIST, vec![next, own - 1], &web(1)), Ok(())),
        (of(LIST, vec![own], &web(1)), Err(Fault::TakenBack)),
        (of("https://willow.example/other", vec![], &web(1)), Err(Fault::OtherList)),
        (of(LIST, vec![], &web(2)), Err(Fault::Changed)),
        (of(LIST, vec![], &Issuer::of_key(SecretKey::from_secret(&[2; 32]))), Err(Fault::OtherKey)),
        (issued().to_string(), Err(Fault::OtherList)),
    ];
    for (text, wanted) in rows {
        assert_eq!(held_against(&report, text.as_bytes(), &trusted()), wanted, "{text}");
    }
    assert_eq!((place_of(0, 0), place_of(1, 0), place_of(4095, 99)), (0, 32, 131_071));
    assert_eq!(place_of(4096, 3), 3, "the next list begins anew");
}

/// Runs what the guide tells everybody to run.
fn guided(text: &str, key: &str) -> (bool, String) {
    let guide = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/guide/licence.md");
    let guide = std::fs::read_to_string(guide).unwrap();
    let lines = guide.split_once("```js\n").unwrap().1.split_once("```").unwrap().0;
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("verify.mjs"), lines).unwrap();
    std::fs::write(folder.path().join("credential.json"), text).unwrap();
    let words = ["verify.mjs", "credential.json", key];
    let done = std::process::Command::new("node").args(words).current_dir(&folder).output();
    let done = done.expect("node, which scripts/setup.sh installs");
    let said = [done.stdout, done.stderr].concat();
    (done.status.success(), String::from_utf8_lossy(&said).into_owned())
}

#[test]
fn the_lines_of_the_guide_verify_a_credential() {
    let (text, key) = (issued().to_string(), web(1).public().to_string());
    assert_eq!(guided(&text, &key), (true, "the proof holds\n".to_owned()));
    let changed = text.replace("青囊", "人参");
    assert_eq!(guided(&changed, &key), (false, "the proof does not hold\n".to_owned()));
    let other = web(2).public().to_string();
    assert_eq!(guided(&text, &other), (false, "the proof does not hold\n".to_owned()));
}

#[test]
fn every_fault_has_its_own_number_and_word_in_both_languages() {
    let mut lines = String::new();
    for fault in Fault::ALL {
        let (says, next) = (fault.says(), fault.next());
        lines += &format!("{} {}\n  {}\n  {}\n", fault.number(), fault.word(), says.zh, says.en);
        lines += &format!("  {}\n  {}\n", next.zh, next.en);
    }
    let place = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference/credential-faults.txt");
    if std::env::var_os("GOLDEN").is_some() {
        std::fs::write(place, &lines).unwrap();
    }
    assert_eq!(std::fs::read_to_string(place).unwrap(), lines);
}
