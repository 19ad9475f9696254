//! Paths: who is refused, each for its own reason.

use trust::{
    Algorithm, Anchor, Certificate, Refused, Trust, Use,
    issue::{Authority, Draft, ObjectIdentifier, Usages},
    verify,
};

use crate::making::{
    Chain, DAY, MIDDLE, OURS, ROOT, SIGNER, YEAR, at, key, public, span, subject, trusting,
};

const ONE: Algorithm = Algorithm::Ed25519;

/// What is refused, by its code; an empty one where it is not.
fn code<T>(judged: Result<T, Refused>) -> &'static str {
    judged.err().map_or("", |why| why.code())
}

fn leaf_of(chain: &Chain, change: impl FnOnce(&mut Draft<'_>)) -> Certificate {
    let public = chain.signer.public().unwrap();
    let mut draft =
        Draft::leaf(subject("诊所（虚构）"), &public, Use::Signing, span(0, YEAR), &[4]);
    change(&mut draft);
    chain.middle.sign(&draft).unwrap()
}

fn judged(chain: &Chain, leaf: &Certificate, seconds: i64) -> &'static str {
    code(verify(&chain.trust(), leaf, &chain.between(), at(seconds), Use::Signing))
}

#[test]
fn a_chain_is_valid_within_its_days() {
    for algorithm in OURS {
        let chain = Chain::new(algorithm);
        let check = |seconds, expected| {
            assert_eq!(judged(&chain, &chain.leaf, seconds), expected, "{algorithm:?} {seconds}");
        };
        check(-1, "not-yet-valid");
        check(0, "");
        check(YEAR, "");
        check(YEAR + 1, "expired");
        let last = base::Instant::from_micros(at(YEAR).micros() + 999_999);
        verify(&chain.trust(), &chain.leaf, &chain.between(), last, Use::Signing).unwrap();
        // A leaf that outlives the authority above it counts only as long as that.
        let long = leaf_of(&chain, |draft| draft.span = span(0, 15 * YEAR));
        assert_eq!(judged(&chain, &long, 9 * YEAR), "");
        assert_eq!(judged(&chain, &long, 11 * YEAR), "expired");
        let longer = chain.root.certificate().clone();
        assert_eq!(judged(&chain, &longer, DAY), "authority-signs");
    }
}

#[test]
fn an_anchor_is_trusted_in_its_span() {
    let chain = Chain::new(ONE);
    let root = chain.root.certificate();
    let anchor =
        |from, until: Option<i64>| Anchor::new(root.clone(), at(from), until.map(at)).unwrap();
    let trust = Trust::new(vec![anchor(DAY, Some(2 * DAY)), anchor(5 * DAY, None)]);
    let check = |seconds, expected| {
        let path = verify(&trust, &chain.leaf, &chain.between(), at(seconds), Use::Signing);
        assert_eq!(code(path), expected, "{seconds}");
    };
    check(DAY - 1, "not-trusted-then");
    check(DAY, "");
    check(2 * DAY - 1, "");
    check(2 * DAY, "not-trusted-then");
    check(5 * DAY, "");
    let nobody = Trust::default();
    let path = verify(&nobody, &chain.leaf, &chain.between(), at(DAY), Use::Signing);
    assert_eq!(code(path), "no-issuer");
    assert_eq!(code(Anchor::new(chain.leaf.clone(), at(0), None)), "not-an-anchor");
    let middle = chain.middle.certificate().clone();
    assert_eq!(code(Anchor::new(middle, at(0), None)), "not-an-anchor");
}

#[test]
fn a_leaf_must_be_for_signing() {
    let chain = Chain::new(ONE);
    let oid = ObjectIdentifier::new_unwrap;
    let check = |expected: &str, change: &dyn Fn(&mut Draft<'_>)| {
        assert_eq!(judged(&chain, &leaf_of(&chain, |draft| change(draft)), DAY), expected);
    };
    check("", &|_| {});
    check("other-usage", &|draft| draft.usages = None);
    check("other-usage", &|draft| draft.usages = Some(Usages::KeyAgreement.into()));
    check("", &|draft| draft.usages = Some(Usages::NonRepudiation.into()));
    check("", &|draft| draft.usages = Some(Usages::DigitalSignature.into()));
    check("", &|draft| draft.purposes = Vec::new());
    check("", &|draft| draft.purposes = vec![oid("1.3.6.1.5.5.7.3.36")]);
    check("", &|draft| draft.purposes = vec![oid("2.5.29.37.0")]);
    check("other-purpose", &|draft| draft.purposes = vec![oid("1.3.6.1.5.5.7.3.1")]);
    check("other-purpose", &|draft| draft.purposes = vec![oid("1.3.6.1.5.5.7.3.9")]);
    check("authority-signs", &|draft| draft.authority = Some(None));
    let (null, policy) = (vec![5, 0], "2.5.29.32");
    check("not-understood", &|draft| draft.others = vec![(oid("1.2.3.4"), true, null.clone())]);
    check("", &|draft| draft.others = vec![(oid("1.2.3.4"), false, null.clone())]);
    check("not-understood", &|draft| draft.others = vec![(oid(policy), true, null.clone())]);
    let names = |critical| vec![(oid("2.5.29.30"), critical, vec![0x30, 0])];
    check("not-understood", &|draft| draft.others = names(true));
    check("not-understood", &|draft| draft.others = names(false));
    let path = |purpose| verify(&chain.trust(), &chain.leaf, &chain.between(), at(DAY), purpose);
    assert_eq!(code(path(Use::Ocsp)), "other-purpose");
}

/// An authority between root and leaf that is changed.
fn under(change: impl FnOnce(&mut Draft<'_>)) -> &'static str {
    let chain = Chain::new(ONE);
    let own = public(ONE, MIDDLE);
    let mut draft = Draft::authority(subject("中间"), &own, Some(0), span(0, YEAR), &[2]);
    change(&mut draft);
    let middle = Authority::of(key(ONE, MIDDLE), chain.root.sign(&draft).unwrap());
    let signer = public(ONE, SIGNER);
    let leaf = middle.issue(subject("诊所"), &signer, Use::Signing, span(0, YEAR), &[3]).unwrap();
    let between = [middle.certificate().clone()];
    code(verify(&chain.trust(), &leaf, &between, at(DAY), Use::Signing))
}

#[test]
fn an_issuer_must_be_an_authority() {
    let oid = ObjectIdentifier::new_unwrap;
    assert_eq!(under(|_| {}), "");
    assert_eq!(under(|draft| draft.authority = None), "not-an-authority");
    assert_eq!(under(|draft| draft.usages = None), "not-an-authority");
    let lists = Some(Usages::CRLSign.into());
    assert_eq!(under(|draft| draft.usages = lists), "not-an-authority");
    assert_eq!(under(|draft| draft.span = span(2 * DAY, YEAR)), "not-yet-valid");
    assert_eq!(under(|draft| draft.span = span(0, DAY - 1)), "expired");
    let web = vec![oid("1.3.6.1.5.5.7.3.1")];
    assert_eq!(under(|draft| draft.purposes = web), "other-purpose");
    let odd = vec![(oid("1.2.3.4"), true, vec![5, 0])];
    assert_eq!(under(|draft| draft.others = odd), "not-understood");
    let names = vec![(oid("2.5.29.30"), true, vec![0x30, 0])];
    assert_eq!(under(|draft| draft.others = names), "not-understood");
}

/// A chain with so many between root and leaf, of which the first may have so many below it.
fn tower(between: u8, below: Option<u8>) -> (Trust, Certificate, Vec<Certificate>) {
    let root = Authority::new(key(ONE, ROOT), "root", &[1], span(0, YEAR)).unwrap();
    let trust = trusting(root.certificate());
    let (mut above, mut all) = (root, Vec::new());
    for number in 0..between {
        let (own, name) = (key(ONE, 10 + number), format!("middle {number}"));
        let below = if number == 0 { below } else { None };
        above = above.intermediate(own, &name, &[number + 1], span(0, YEAR), below).unwrap();
        all.push(above.certificate().clone());
    }
    let signer = public(ONE, SIGNER);
    let leaf = above.issue(subject("leaf"), &signer, Use::Signing, span(0, YEAR), &[3]).unwrap();
    (trust, leaf, all)
}

#[test]
fn a_path_has_its_length() {
    let check = |between, below, expected| {
        let (trust, leaf, all) = tower(between, below);
        let path = verify(&trust, &leaf, &all, at(DAY), Use::Signing);
        assert_eq!(code(path), expected, "{between} {below:?}");
    };
    check(0, None, "");
    check(1, Some(0), "");
    check(2, Some(0), "path-length");
    check(2, Some(1), "");
    check(4, Some(3), "");
    check(4, Some(2), "path-length");
    check(4, None, "");
    check(5, None, "path-too-long");
    let (trust, leaf, all) = tower(1, None);
    let many: Vec<_> = all.iter().cycle().take(17).cloned().collect();
    assert_eq!(code(verify(&trust, &leaf, &many, at(DAY), Use::Signing)), "too-many");
}

/// Authorities of one name, none of which signed what it seems to have issued: given as many as may
/// be given, the search ends at once.
#[test]
fn a_search_is_short_whatever_is_given() {
    let root = Authority::new(key(ONE, ROOT), "root", &[1], span(0, YEAR)).unwrap();
    let public = public(ONE, 9);
    let other = Draft::authority(subject("same"), &public, None, span(0, YEAR), &[9]);
    let own = Authority::self_signed(key(ONE, 9), &other).unwrap();
    let mut all = Vec::new();
    for number in 0..16 {
        let serial = [1, number];
        let mut draft = Draft::authority(subject("same"), &public, None, span(0, YEAR), &serial);
        draft.others = vec![(ObjectIdentifier::new_unwrap("1.2.3"), false, vec![number])];
        all.push(own.sign(&draft).unwrap());
    }
    let leaf = own.issue(subject("leaf"), &public, Use::Signing, span(0, YEAR), &[3]).unwrap();
    let why = verify(&trusting(root.certificate()), &leaf, &all, at(DAY), Use::Signing);
    assert!(["too-many", "no-issuer"].contains(&code(why)));
}

#[test]
fn a_signature_must_be_by_whom_it_names() {
    for algorithm in OURS {
        let chain = Chain::new(algorithm);
        // The same name and key identifier, of another key: a stranger's.
        let false_root = Authority::of(key(algorithm, 8), chain.middle.certificate().clone());
        let signer = public(algorithm, SIGNER);
        let leaf = false_root.issue(subject("x"), &signer, Use::Signing, span(0, YEAR), &[6]);
        assert_eq!(judged(&chain, &leaf.unwrap(), DAY), "wrong-signature", "{algorithm:?}");
        // The same key, under another algorithm.
        for other in OURS.into_iter().filter(|other| *other != algorithm) {
            let by = Authority::of(key(other, MIDDLE), chain.middle.certificate().clone());
            let leaf = by.issue(subject("x"), &signer, Use::Signing, span(0, YEAR), &[6]);
            assert_eq!(judged(&chain, &leaf.unwrap(), DAY), "wrong-signature", "{other:?}");
        }
    }
}

#[test]
fn a_certificate_is_read_whole_or_not_at_all() {
    let chain = Chain::new(ONE);
    let der = chain.leaf.to_der();
    let pem = chain.leaf.to_pem().unwrap();
    let check = |bytes: &[u8], expected| assert_eq!(code(Certificate::read(bytes)), expected);
    check(der, "");
    check(pem.as_bytes(), "");
    check(&[der, b"\0"].concat(), "not-a-certificate");
    check(format!("{pem}x").as_bytes(), "not-a-certificate");
    check(format!("{pem}{pem}").as_bytes(), "not-a-certificate");
    check(format!("text\n{pem}").as_bytes(), "not-a-certificate");
    check(pem.replace("CERTIFICATE", "X509 CRL").as_bytes(), "not-a-certificate");
    check(b"", "not-a-certificate");
    check("诊所".as_bytes(), "not-a-certificate");
    let twice = |draft: &mut Draft<'_>| {
        let oid = ObjectIdentifier::new_unwrap("1.2.3.4");
        draft.others = vec![(oid, false, vec![5, 0]), (oid, false, vec![5, 0])];
    };
    let public = public(ONE, SIGNER);
    let mut draft = Draft::leaf(subject("x"), &public, Use::Signing, span(0, YEAR), &[4]);
    twice(&mut draft);
    assert_eq!(code(chain.middle.sign(&draft)), "not-a-certificate");
    for serial in [&[0][..], &[0xff; 20], &[1; 21]] {
        let draft = Draft::leaf(subject("x"), &public, Use::Signing, span(0, YEAR), serial);
        assert!(chain.middle.sign(&draft).is_err(), "{serial:?}");
    }
    let most = Draft::leaf(subject("x"), &public, Use::Signing, span(0, YEAR), &[0x7f; 20]);
    assert_eq!(chain.middle.sign(&most).unwrap().serial(), [0x7f; 20]);
}

#[test]
fn a_certificate_says_what_it_says() {
    let chain = Chain::new(ONE);
    assert_eq!(chain.leaf.subject_serial_number().as_deref(), Some("52100000MK0000001X"));
    assert_eq!(chain.root.certificate().subject_serial_number(), None);
    assert_eq!((chain.leaf.not_before(), chain.leaf.not_after()), (at(0), at(YEAR)));
    assert_eq!(chain.leaf.serial(), [3]);
    assert_eq!(chain.leaf.key_id().map(<[u8]>::len), Some(20));
    assert!(chain.leaf.issuer().contains("柳溪电子认证"), "{}", chain.leaf.issuer());
    assert!(!chain.leaf.is_authority() && chain.root.certificate().is_authority());
    // After 2049 years have four digits (RFC 5280, section 4.1.2.5).
    let long = leaf_of(&chain, |draft| draft.span = span(0, 25 * YEAR));
    assert_eq!(long.not_after(), at(25 * YEAR));
}
