//! Bytes that were changed: refused, or the same in all that is judged; and nothing ever panics.

use trust::{
    Algorithm, Certificate, OcspResponse, Reason, RevocationList, Standing, Use, issue::Authority,
    verify,
};

use crate::making::{Chain, DAY, YEAR, at, key, listed, public, span, subject};

const ONE: Algorithm = Algorithm::Ed25519;

/// Each byte with each of its bits turned, and with all of them.
fn flips(whole: &[u8]) -> impl Iterator<Item = (usize, Vec<u8>)> + '_ {
    let masks = [0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0xff];
    (0..whole.len()).flat_map(move |place| {
        masks.into_iter().map(move |mask| {
            let mut other = whole.to_vec();
            other[place] ^= mask;
            (place, other)
        })
    })
}

#[test]
fn no_byte_of_a_certificate_can_change() {
    let chain = Chain::new(ONE);
    let trust = chain.trust();
    for (place, bytes) in flips(chain.leaf.to_der()) {
        let Ok(read) = Certificate::read(&bytes) else { continue };
        let path = verify(&trust, &read, &chain.between(), at(DAY), Use::Signing);
        assert!(path.is_err(), "leaf, byte {place}");
    }
    for (place, bytes) in flips(chain.middle.certificate().to_der()) {
        let Ok(read) = Certificate::read(&bytes) else { continue };
        let path = verify(&trust, &chain.leaf, &[read], at(DAY), Use::Signing);
        assert!(path.is_err(), "authority, byte {place}");
    }
    for (place, bytes) in flips(chain.root.certificate().to_der()) {
        let Ok(read) = Certificate::read(&bytes) else { continue };
        assert!(trust::Anchor::new(read, at(0), None).is_err(), "root, byte {place}");
    }
}

#[test]
fn no_byte_of_a_list_can_change() {
    let chain = Chain::new(ONE);
    let all = [listed(&[3], DAY, Reason::Hold), listed(&[4], DAY, Reason::KeyCompromise)];
    let list = chain.middle.revocation_list(7, span(0, YEAR), &all).unwrap();
    for (place, bytes) in flips(list.to_der()) {
        let Ok(read) = RevocationList::read(&bytes) else { continue };
        assert!(read.verify(chain.middle.certificate()).is_err(), "byte {place}");
    }
}

/// What is not signed in an answer is how it is wrapped and whose certificates it carries. Flips
/// there are refused as well, for the certificate of a delegate is verified.
#[test]
fn no_byte_of_an_answer_can_change() {
    let chain = Chain::new(ONE);
    let issuer = chain.middle.certificate();
    let about = [(&chain.leaf, Standing::Good { known: at(0) })];
    let (subject, public) = (subject("答复"), public(ONE, 9));
    let own = chain.middle.issue(subject, &public, Use::Ocsp, span(0, YEAR), &[9]).unwrap();
    let delegate = Authority::of(key(ONE, 9), own);
    for by in [&chain.middle, &delegate] {
        let answer = by.ocsp_response(issuer, &about, at(DAY), Some(at(2 * DAY))).unwrap();
        for (place, bytes) in flips(answer.to_der()) {
            let Ok(read) = OcspResponse::read(&bytes) else { continue };
            assert!(read.verify(issuer).is_err(), "byte {place}");
        }
    }
}

#[test]
fn no_bit_of_a_signature_can_change() {
    for algorithm in crate::making::OURS {
        let key = crate::making::key(algorithm, 5);
        let (public, message) = (key.public().unwrap(), b"message");
        let signature = key.sign(message).unwrap();
        assert!(public.verifies(message, &signature));
        for (place, bytes) in flips(&signature) {
            assert!(!public.verifies(message, &bytes), "{algorithm:?}, byte {place}");
        }
        // The same numbers with a zero before the first: no canonical DER.
        if algorithm != ONE {
            let mut longer = signature.clone();
            longer[1] += 1;
            longer[3] += 1;
            longer.insert(4, 0);
            assert!(!public.verifies(message, &longer), "{algorithm:?}");
        }
    }
}

#[test]
fn nothing_that_is_cut_or_scrambled_panics() {
    let chain = Chain::new(ONE);
    let all = [listed(&[3], DAY, Reason::Hold)];
    let list = chain.middle.revocation_list(7, span(0, YEAR), &all).unwrap();
    let issuer = chain.middle.certificate();
    let about = [(&chain.leaf, Standing::Good { known: at(0) })];
    let answer = chain.middle.ocsp_response(issuer, &about, at(DAY), None).unwrap();
    let wholes = [chain.leaf.to_der(), list.to_der(), answer.to_der()];
    let read = |bytes: &[u8]| {
        if let Ok(own) = Certificate::read(bytes) {
            let _ = (own.subject(), own.issuer(), own.subject_serial_number(), own.to_pem());
        }
        let _ = trust::PublicKey::read(bytes);
        if let Ok(list) = RevocationList::read(bytes) {
            let _ = list.verify(issuer);
        }
        if let Ok(answer) = OcspResponse::read(bytes) {
            let _ = answer.verify(issuer);
        }
    };
    for whole in wholes {
        for end in 0..whole.len() {
            read(&whole[..end]);
            read(&whole[end..]);
        }
    }
    let mut random = fastrand::Rng::with_seed(7);
    for _ in 0..20_000 {
        let mut bytes = wholes[random.usize(..3)].to_vec();
        for _ in 0..random.usize(1..6) {
            let place = random.usize(..bytes.len().max(1));
            match random.u8(..4) {
                _ if bytes.is_empty() => bytes.push(random.u8(..)),
                0 => drop(bytes.remove(place)),
                1 => bytes.insert(place, random.u8(..)),
                2 => bytes.truncate(place.max(1)),
                _ => bytes[place] = random.u8(..),
            }
        }
        read(&bytes);
    }
}
