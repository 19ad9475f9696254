//! OpenSSL's verdict and ours over many chains, right and wrong in many ways: the same, but for
//! what is listed here with its reason. Not of SM2, of whose chains OpenSSL 3.0 verifies one link
//! at a time (see `ours`).

use std::collections::BTreeSet;

use fastrand::Rng;
use trust::{
    Algorithm, Certificate, Use,
    issue::{Authority, Draft, ObjectIdentifier, Usages},
    verify,
};

use crate::making::{
    DAY, Desk, EPOCH, ROOT, SIGNER, YEAR, at, key, public, span, subject, trusting,
};

/// What a certificate has that others have not.
type Trait = (&'static str, fn(&mut Draft<'_>));

const AT: i64 = 10 * DAY;

/// `nameConstraints` that exclude the domain `x`.
const NAMES: [u8; 9] = [0x30, 7, 0xa1, 5, 0x30, 3, 0x82, 1, 0x78];
/// `certificatePolicies` with the policy 1.2.3.
const POLICIES: [u8; 8] = [0x30, 6, 0x30, 4, 6, 2, 0x2a, 3];

const fn oid(digits: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(digits)
}

const MAIL: ObjectIdentifier = oid("1.3.6.1.5.5.7.3.4");
const WEB: ObjectIdentifier = oid("1.3.6.1.5.5.7.3.1");
const DOCUMENTS: ObjectIdentifier = oid("1.3.6.1.5.5.7.3.36");
const ANY: ObjectIdentifier = oid("2.5.29.37.0");

/// Of any certificate.
const TRAITS: &[Trait] = &[
    ("expired", |own| own.span = span(0, AT - 1)),
    ("its last second", |own| own.span = span(0, AT)),
    ("its first second", |own| own.span = span(AT, YEAR)),
    ("not yet", |own| own.span = span(AT + 1, YEAR)),
    ("unknown and critical", |own| own.others = vec![(oid("1.2.3.4"), true, vec![5, 0])]),
    ("unknown", |own| own.others = vec![(oid("1.2.3.4"), false, vec![5, 0])]),
    ("critical policies", |own| own.others = vec![(oid("2.5.29.32"), true, POLICIES.to_vec())]),
    ("policies", |own| own.others = vec![(oid("2.5.29.32"), false, POLICIES.to_vec())]),
    ("for mail", |own| own.purposes = vec![MAIL]),
    ("for the web", |own| own.purposes = vec![WEB]),
    ("for the web and mail", |own| own.purposes = vec![WEB, MAIL]),
    ("for documents alone", |own| own.purposes = vec![DOCUMENTS]),
    ("for any purpose", |own| own.purposes = vec![ANY]),
    ("for no purpose", |own| own.purposes = Vec::new()),
];

/// Of an authority.
const ABOVE: &[Trait] = &[
    ("none below", |own| own.authority = Some(Some(0))),
    ("one below", |own| own.authority = Some(Some(1))),
    ("no authority", |own| own.authority = None),
    ("an authority without usages", |own| own.usages = None),
    ("lists alone", |own| own.usages = Some(Usages::CRLSign.into())),
    ("constraints of names", |own| own.others = vec![(oid("2.5.29.30"), true, NAMES.to_vec())]),
];

/// Of a leaf.
const BELOW: &[Trait] = &[
    ("a leaf without usages", |own| own.usages = None),
    ("for agreeing keys", |own| own.usages = Some(Usages::KeyAgreement.into())),
    ("for commitment", |own| own.usages = Some(Usages::NonRepudiation.into())),
    ("an authority as leaf", |own| own.authority = Some(None)),
];

/// Where the two verdicts differ: by what, whether ours is the one that accepts, and why.
const DIFFERENCES: &[(&str, bool, &str)] = &[
    ("its last second", true, "RFC 5280, section 4.1.2.5 counts it in; OpenSSL does not"),
    ("critical policies", false, "policies are not judged here, so what is critical is refused"),
    ("constraints of names", false, "not judged here, so refused"),
    ("for documents alone", true, "RFC 9336 is younger than OpenSSL 3.0's purpose of S/MIME"),
    ("for any purpose", true, "RFC 5280, section 4.2.1.12; OpenSSL 3.0 wants e-mail said"),
    ("an authority without usages", false, "RFC 5280, section 4.2.1.3 makes authorities say them"),
    ("a leaf without usages", false, "a key that may do anything was not issued for signing"),
    ("an authority as leaf", false, "who vouches for others signs no records"),
    ("five between", false, "four are followed"),
];

struct Made {
    root: Certificate,
    between: Vec<Certificate>,
    leaf: Certificate,
    has: BTreeSet<&'static str>,
}

fn changed(rng: &mut Rng, draft: &mut Draft<'_>, own: &[Trait], has: &mut BTreeSet<&'static str>) {
    // Most are as they must be, or hardly any chain would hold.
    if rng.u8(..100) < 55 {
        return;
    }
    let all: Vec<_> = TRAITS.iter().chain(own).collect();
    let (name, change) = all[rng.usize(..all.len())];
    change(draft);
    has.insert(name);
}

fn made(rng: &mut Rng, algorithm: Algorithm) -> Made {
    let mut has = BTreeSet::new();
    let root = Authority::new(key(algorithm, ROOT), "root", &[1], span(0, YEAR)).unwrap();
    let certificate = root.certificate().clone();
    let (mut above, mut between) = (root, Vec::new());
    let count = [0, 1, 1, 1, 2, 2, 3, 4, 5][rng.usize(..9)];
    if count == 5 {
        has.insert("five between");
    }
    for number in 0..count {
        let own = key(algorithm, 10 + number);
        let (name, public) = (format!("middle {number}"), own.public().unwrap());
        let serial = [number + 1];
        let mut draft = Draft::authority(subject(&name), &public, None, span(0, YEAR), &serial);
        if count < 4 {
            changed(rng, &mut draft, ABOVE, &mut has);
        }
        let signed = above.sign(&draft).unwrap();
        between.push(signed.clone());
        above = Authority::of(own, signed);
    }
    if rng.u8(..20) == 0 {
        // Somebody else signs in the name of the last.
        above = Authority::of(key(algorithm, 99), above.certificate().clone());
    }
    let signer = public(algorithm, SIGNER);
    let mut draft = Draft::leaf(subject("leaf"), &signer, Use::Signing, span(0, YEAR), &[3]);
    if count < 4 {
        changed(rng, &mut draft, BELOW, &mut has);
    }
    let leaf = above.sign(&draft).unwrap();
    if rng.u8(..20) == 0 {
        between.pop();
    }
    rng.shuffle(&mut between);
    Made { root: certificate, between, leaf, has }
}

fn theirs(made: &Made) -> (bool, String) {
    let desk = Desk::new();
    desk.put("root.pem", made.root.to_pem().unwrap());
    desk.put("leaf.pem", made.leaf.to_pem().unwrap());
    let between: String = made.between.iter().map(|own| own.to_pem().unwrap()).collect();
    desk.put("between.pem", &between);
    let with = if between.is_empty() { "" } else { " -untrusted between.pem" };
    desk.openssl(&format!(
        "verify -attime {} -purpose smimesign -CAfile root.pem{with} leaf.pem",
        EPOCH + AT
    ))
}

#[test]
fn openssl_and_we_agree_but_for_what_is_listed() {
    let mut rng = Rng::with_seed(5280);
    let (mut held, mut refused, mut seen) = (0, 0, BTreeSet::new());
    for turn in 0..600 {
        let algorithm = [Algorithm::P256, Algorithm::Ed25519][turn % 2];
        let made = made(&mut rng, algorithm);
        let ours = verify(&trusting(&made.root), &made.leaf, &made.between, at(AT), Use::Signing);
        let (good, said) = theirs(&made);
        match (good, ours.is_ok()) {
            (true, true) => held += 1,
            (false, false) => refused += 1,
            (_, ours_holds) => {
                let by = DIFFERENCES
                    .iter()
                    .filter(|(name, holds, _)| made.has.contains(name) && *holds == ours_holds);
                let by: Vec<_> = by.map(|(name, ..)| *name).collect();
                assert!(!by.is_empty(), "{turn} {:?}: {ours:?}, OpenSSL: {said}", made.has);
                // What is alone in a chain is the reason.
                if let ([only], 1) = (&by[..], made.has.len()) {
                    seen.insert(*only);
                }
            }
        }
    }
    assert!(held > 100 && refused > 100, "{held} held, {refused} refused");
    let listed: BTreeSet<_> = DIFFERENCES.iter().map(|(name, ..)| *name).collect();
    assert_eq!(seen, listed, "a difference that is none is listed");
}
