//! What is made here, OpenSSL verifies: chains, lists, answers and signatures.
//!
//! OpenSSL 3.0 gives the identity of SM2 (`-vfyopt distid`) to the leaf of a chain alone, and has
//! no option for it with lists and answers. So of SM2 each certificate is verified as a leaf under
//! its issuer, and the signature of a list or an answer over the bytes that it states.

use der::{Decode as _, Encode as _, Sequence, asn1::BitString, asn1::OctetString};
use trust::{Algorithm, Certificate, Reason, Standing, Use, issue::Authority};

use crate::making::{Chain, DAY, Desk, EPOCH, OURS, YEAR, at, key, listed, public, span, subject};

/// How OpenSSL digests and names the identity.
fn digesting(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::Sm2 => "dgst -sm3 -sigopt distid:1234567812345678",
        Algorithm::P384 => "dgst -sha384",
        _ => "dgst -sha256",
    }
}

/// Whether OpenSSL finds the signature in `signature` over `message` by the key in `public.pem`.
fn signed(desk: &Desk, algorithm: Algorithm) -> (bool, String) {
    match algorithm {
        // `dgst` has no Ed25519, which digests by itself.
        Algorithm::Ed25519 => desk.openssl(
            "pkeyutl -verify -pubin -inkey public.pem -rawin -in message -sigfile signature",
        ),
        _ => {
            let how = digesting(algorithm);
            desk.openssl(&format!("{how} -verify public.pem -signature signature message"))
        }
    }
}

#[derive(Sequence)]
struct Stated {
    stated: der::asn1::Any,
    algorithm: x509_cert::spki::AlgorithmIdentifierOwned,
    signature: BitString,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    carried: Option<der::asn1::Any>,
}

/// Puts down what is stated, the signature, and the key of who should have signed it.
fn taken_apart(desk: &Desk, whole: &[u8], by: &Certificate) {
    let Stated { stated, signature, .. } = Stated::from_der(whole).unwrap();
    desk.put("message", stated.to_der().unwrap());
    desk.put("signature", signature.as_bytes().unwrap());
    desk.put("by.pem", by.to_pem().unwrap());
    desk.put("public.pem", desk.must("x509 -in by.pem -noout -pubkey"));
}

fn put(desk: &Desk, chain: &Chain) {
    desk.put("root.pem", chain.root.certificate().to_pem().unwrap());
    desk.put("middle.pem", chain.middle.certificate().to_pem().unwrap());
    desk.put("leaf.pem", chain.leaf.to_pem().unwrap());
}

#[test]
fn openssl_verifies_our_chains() {
    for algorithm in OURS {
        let (desk, chain) = (Desk::new(), Chain::new(algorithm));
        put(&desk, &chain);
        let check = |seconds: i64| {
            let at = format!("-x509_strict -attime {}", EPOCH + seconds);
            if algorithm != Algorithm::Sm2 {
                return desk.openssl(&format!(
                    "verify {at} -purpose smimesign -CAfile root.pem -untrusted middle.pem leaf.pem"
                ));
            }
            let at = format!("{at} -vfyopt distid:1234567812345678");
            let (above, said) = desk.openssl(&format!("verify {at} -CAfile root.pem middle.pem"));
            let below = format!("verify {at} -partial_chain -trusted middle.pem leaf.pem");
            let (good, also) = desk.openssl(&below);
            (above && good, said + &also)
        };
        let (good, said) = check(DAY);
        assert!(good, "{algorithm:?}: {said}");
        // OpenSSL leaves the last second out, which RFC 5280 (section 4.1.2.5) counts in.
        assert!(check(YEAR - 1).0, "{algorithm:?}: the second before its last");
        assert!(!check(YEAR + 1).0 && !check(-1).0, "{algorithm:?}: out of its days");
        let subject = desk.must("x509 -in leaf.pem -noout -subject -nameopt utf8,sep_comma_plus");
        assert!(subject.contains("青囊诊所"), "{subject}");
        assert!(subject.contains("serialNumber=52100000MK0000001X"), "{subject}");
        let said = desk.must("x509 -in leaf.pem -noout -fingerprint -sha256");
        let said = said.trim().rsplit_once('=').unwrap().1.replace(':', "").to_lowercase();
        assert_eq!(said, chain.leaf.fingerprint());
    }
}

#[test]
fn openssl_reads_our_lists() {
    for algorithm in OURS {
        let (desk, chain) = (Desk::new(), Chain::new(algorithm));
        put(&desk, &chain);
        let mut gone = listed(&[0x77], 3 * DAY, Reason::KeyCompromise);
        gone.unsafe_since = Some(at(2 * DAY));
        let list =
            |by: &Authority, own: &[_]| by.revocation_list(5, span(4 * DAY, 9 * DAY), own).unwrap();
        let above = list(&chain.root, &[]);
        let below = list(&chain.middle, &[gone.clone()]);
        let revoked = list(&chain.middle, &[gone, listed(&[3], 3 * DAY, Reason::Hold)]);
        desk.put("list.pem", revoked.to_pem().unwrap());
        let text = desk.must("crl -in list.pem -noout -text");
        for word in ["Version 2", "Key Compromise", "Certificate Hold", "Invalidity Date"] {
            assert!(text.contains(word), "{word}: {text}");
        }
        if algorithm == Algorithm::Sm2 {
            taken_apart(&desk, revoked.to_der(), chain.middle.certificate());
            let (good, said) = signed(&desk, algorithm);
            assert!(good, "{said}");
            continue;
        }
        desk.must("crl -in list.pem -noout -CAfile middle.pem -verify");
        let check = |below: &trust::RevocationList| {
            desk.put("lists.pem", above.to_pem().unwrap() + &below.to_pem().unwrap());
            desk.openssl(&format!(
                "verify -attime {} -CAfile root.pem -untrusted middle.pem -crl_check_all \
                 -CRLfile lists.pem leaf.pem",
                EPOCH + 5 * DAY
            ))
        };
        let (good, said) = check(&below);
        assert!(good, "{algorithm:?}: {said}");
        let (good, said) = check(&revoked);
        assert!(!good && said.contains("certificate revoked"), "{algorithm:?}: {said}");
    }
}

#[test]
fn openssl_reads_our_answers() {
    for (algorithm, delegated) in OURS.into_iter().flat_map(|own| [(own, false), (own, true)]) {
        let (desk, chain) = (Desk::new(), Chain::new(algorithm));
        put(&desk, &chain);
        let own = chain.middle.issue(
            subject("responder"),
            &public(algorithm, 9),
            Use::Ocsp,
            span(0, YEAR),
            &[9],
        );
        let delegate = Authority::of(key(algorithm, 9), own.unwrap());
        let by = if delegated { &delegate } else { &chain.middle };
        let revoked = Standing::Revoked { since: at(DAY), reason: Reason::Superseded };
        let known = at(2 * DAY);
        for standing in [Standing::Good { known }, revoked, Standing::Unknown] {
            let word = match standing {
                Standing::Good { .. } => "leaf.pem: good",
                Standing::Revoked { .. } => "leaf.pem: revoked",
                _ => "leaf.pem: unknown",
            };
            let issuer = chain.middle.certificate();
            let about = [(&chain.leaf, standing)];
            let answer = by.ocsp_response(issuer, &about, known, Some(at(3 * DAY))).unwrap();
            desk.put("answer.der", answer.to_der());
            // OpenSSL's clock judges thisUpdate, and has no option for another instant; the years
            // in between are allowed instead.
            let years = "-validity_period 999999999";
            let asked = "ocsp -respin answer.der -issuer middle.pem -cert leaf.pem";
            if algorithm == Algorithm::Sm2 {
                let (_, said) = desk.openssl(&format!("{asked} -noverify {years}"));
                assert!(said.contains(word), "{word}: {said}");
                let whole = Outer::from_der(answer.to_der()).unwrap().bytes.response;
                taken_apart(&desk, whole.as_bytes(), by.certificate());
                let (good, said) = signed(&desk, algorithm);
                assert!(good, "{said}");
                continue;
            }
            let said = desk.must(&format!(
                "{asked} -CAfile root.pem -verify_other middle.pem -attime {} {years}",
                EPOCH + 2 * DAY
            ));
            assert!(said.contains("Response verify OK") && said.contains(word), "{said}");
        }
    }
}

#[derive(Sequence)]
struct Outer {
    status: Status,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    bytes: Bytes,
}

#[derive(Sequence)]
struct Bytes {
    kind: der::asn1::ObjectIdentifier,
    response: OctetString,
}

#[derive(der::Enumerated, Clone, Copy)]
#[repr(u8)]
enum Status {
    Successful = 0,
}

#[test]
fn openssl_verifies_our_signatures() {
    for algorithm in OURS {
        let (desk, chain) = (Desk::new(), Chain::new(algorithm));
        desk.put("leaf.pem", chain.leaf.to_pem().unwrap());
        desk.put("public.pem", desk.must("x509 -in leaf.pem -noout -pubkey"));
        let message = "柳溪区医疗机构申请（虚构）".as_bytes();
        desk.put("message", message);
        desk.put("signature", chain.signer.sign(message).unwrap());
        let (good, said) = signed(&desk, algorithm);
        assert!(good, "{algorithm:?}: {said}");
        desk.put("message", [message, b"x"].concat());
        assert!(!signed(&desk, algorithm).0, "{algorithm:?}: other bytes");
    }
}

#[test]
fn a_key_comes_back_as_it_was() {
    for algorithm in OURS {
        let own = public(algorithm, 5);
        let desk = Desk::new();
        desk.put("key.der", own.to_der().unwrap());
        desk.must("pkey -pubin -inform DER -in key.der -pubout -outform DER -out again.der");
        assert_eq!(trust::PublicKey::read(&desk.get("again.der")).unwrap(), own);
    }
}
