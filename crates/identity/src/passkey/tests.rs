//! A device in software answers; then each thing that it may say is changed, and each change has a
//! fault of its own.

use ed25519_dalek::Signer as _;
use minicbor::Encoder;

use super::*;

/// What a device says, each part as it may be wrong.
#[derive(Clone)]
struct Device {
    purpose: &'static str,
    challenge: Vec<u8>,
    origin: String,
    framed: bool,
    site: String,
    flags: u8,
    counter: u32,
    id: Vec<u8>,
    trailing: Vec<u8>,
}

enum Kind {
    Es256(p256::ecdsa::SigningKey),
    Ed25519(ed25519_dalek::SigningKey),
    Rs256(Box<rsa::RsaPrivateKey>),
}

impl Kind {
    fn cose(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut to = Encoder::new(&mut bytes);
        match self {
            Self::Es256(key) => {
                let point = key.verifying_key().to_sec1_point(false);
                to.map(5).unwrap().u8(1).unwrap().u8(2).unwrap().u8(3).unwrap().i8(-7).unwrap();
                to.i8(-1).unwrap().u8(1).unwrap();
                to.i8(-2).unwrap().bytes(&point.as_bytes()[1..33]).unwrap();
                to.i8(-3).unwrap().bytes(&point.as_bytes()[33..]).unwrap();
            }
            Self::Ed25519(key) => {
                to.map(4).unwrap().u8(1).unwrap().u8(1).unwrap().u8(3).unwrap().i8(-8).unwrap();
                to.i8(-1).unwrap().u8(6).unwrap();
                to.i8(-2).unwrap().bytes(key.verifying_key().as_bytes()).unwrap();
            }
            Self::Rs256(key) => {
                use rsa::traits::PublicKeyParts as _;
                to.map(4).unwrap().u8(1).unwrap().u8(3).unwrap().u8(3).unwrap().i16(-257).unwrap();
                to.i8(-1).unwrap().bytes(&key.n().to_bytes_be()).unwrap();
                to.i8(-2).unwrap().bytes(&key.e().to_bytes_be()).unwrap();
            }
        }
        bytes
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Es256(key) => {
                let signature: p256::ecdsa::Signature = key.sign(message);
                signature.to_der().as_bytes().to_vec()
            }
            Self::Ed25519(key) => key.sign(message).to_bytes().to_vec(),
            Self::Rs256(key) => {
                use rsa::signature::{SignatureEncoding as _, Signer as _};
                let key = rsa::pkcs1v15::SigningKey::<rsa::sha2::Sha256>::new((**key).clone());
                key.sign(message).to_vec()
            }
        }
    }
}

const CHALLENGE: Challenge = Challenge([5; 32]);

fn site() -> Site {
    Site { id: "admit.example".into(), origin: "https://admit.example".into() }
}

fn device(purpose: &'static str, flags: u8, counter: u32) -> Device {
    Device {
        purpose,
        challenge: CHALLENGE.0.to_vec(),
        origin: site().origin,
        framed: false,
        site: site().id,
        flags,
        counter,
        id: vec![9; 20],
        trailing: Vec::new(),
    }
}

impl Device {
    fn client_data(&self) -> Vec<u8> {
        let (purpose, origin, framed) = (self.purpose, &self.origin, self.framed);
        let challenge = Base64UrlUnpadded::encode_string(&self.challenge);
        format!(
            "{{\"type\":\"{purpose}\",\"challenge\":\"{challenge}\",\"origin\":\"{origin}\",\
             \"crossOrigin\":{framed}}}"
        )
        .into_bytes()
    }

    fn authenticator(&self) -> Vec<u8> {
        let mut data = Sha256::digest(self.site.as_bytes()).to_vec();
        data.push(self.flags);
        data.extend(self.counter.to_be_bytes());
        data
    }

    fn make(&self, key: &[u8]) -> Result<Passkey, PasskeyFault> {
        let mut data = self.authenticator();
        data.extend([0; 16]);
        data.extend(u16::try_from(self.id.len()).unwrap().to_be_bytes());
        data.extend(&self.id);
        data.extend(key);
        data.extend(&self.trailing);
        let mut attestation = Vec::new();
        let mut to = Encoder::new(&mut attestation);
        to.map(3).unwrap().str("fmt").unwrap().str("none").unwrap();
        to.str("attStmt").unwrap().map(0).unwrap().str("authData").unwrap().bytes(&data).unwrap();
        let made = Made { client_data: &self.client_data(), attestation: &attestation };
        site().made(&CHALLENGE, made)
    }

    fn sign(&self, kind: &Kind, passkey: &Passkey) -> Result<Passkey, PasskeyFault> {
        let mut authenticator = self.authenticator();
        authenticator.extend(&self.trailing);
        let client_data = self.client_data();
        let digest = Sha256::digest(&client_data);
        let signature = kind.sign(&[authenticator.as_slice(), &digest].concat());
        let signed = Signed {
            client_data: &client_data,
            authenticator: &authenticator,
            signature: &signature,
        };
        site().signed(&CHALLENGE, passkey.clone(), signed)
    }
}

fn es256() -> Kind {
    Kind::Es256(p256::ecdsa::SigningKey::from_slice(&[7; 32]).unwrap())
}

fn making() -> Device {
    device("webauthn.create", PRESENT | VERIFIED | ATTESTED, 0)
}

fn signing(counter: u32) -> Device {
    device("webauthn.get", PRESENT | VERIFIED, counter)
}

/// A key made elsewhere for tests: making one takes long.
const RSA_KEY: &str = include_str!("rsa-key-of-a-test.pem");

#[test]
fn every_kind_of_key_is_made_and_signs() {
    use rsa::pkcs8::DecodePrivateKey as _;
    let rsa = rsa::RsaPrivateKey::from_pkcs8_pem(RSA_KEY).unwrap();
    let ed25519 = Kind::Ed25519(ed25519_dalek::SigningKey::from_bytes(&[8; 32]));
    for kind in [es256(), ed25519, Kind::Rs256(Box::new(rsa))] {
        let passkey = making().make(&kind.cose()).unwrap();
        assert_eq!(passkey.id, CredentialId(vec![9; 20]));
        let passkey = signing(0).sign(&kind, &passkey).unwrap();
        let passkey = signing(3).sign(&kind, &passkey).unwrap();
        assert_eq!(passkey.counter, 3);
        let other = Passkey { key: es256().cose(), ..passkey.clone() };
        if other.key != passkey.key {
            let fault = signing(4).sign(&kind, &other);
            assert_eq!(fault, Err(PasskeyFault::WrongSignature));
        }
    }
}

#[test]
fn each_step_of_the_standard_has_a_fault() {
    use PasskeyFault as Fault;
    let kind = es256();
    let passkey = making().make(&kind.cose()).unwrap();
    type Change = fn(&mut Device);
    let changes: [(Change, Fault); 9] = [
        (|device| device.purpose = "payment.get", Fault::OtherPurpose),
        (|device| device.challenge = vec![6; 32], Fault::OtherChallenge),
        (|device| device.origin = "https://admit.example:8443".into(), Fault::OtherOrigin),
        (|device| device.origin = "http://admit.example".into(), Fault::OtherOrigin),
        (|device| device.framed = true, Fault::OtherOrigin),
        (|device| device.site = "example".into(), Fault::OtherSite),
        (|device| device.flags &= !PRESENT, Fault::NobodyPresent),
        (|device| device.flags &= !VERIFIED, Fault::NotVerified),
        (|device| device.flags ^= ATTESTED, Fault::Unreadable),
    ];
    for (change, fault) in changes {
        let (mut make, mut sign) = (making(), signing(1));
        change(&mut make);
        change(&mut sign);
        assert_eq!(make.make(&kind.cose()), Err(fault));
        assert_eq!(sign.sign(&kind, &passkey), Err(fault));
    }
    let swapped = Device { purpose: "webauthn.get", ..making() };
    assert_eq!(swapped.make(&kind.cose()), Err(Fault::OtherPurpose));
    let trailing = Device { trailing: vec![0], ..signing(1) };
    assert_eq!(trailing.sign(&kind, &passkey), Err(Fault::Unreadable));
    for id in [vec![], vec![1; 1_024]] {
        assert_eq!(Device { id, ..making() }.make(&kind.cose()), Err(Fault::Unreadable));
    }
}

#[test]
fn a_device_that_counts_never_counts_back() {
    let kind = es256();
    let made = making().make(&kind.cose()).unwrap();
    let check = |kept: u32, counter: u32, taken: bool| {
        let passkey = Passkey { counter: kept, ..made.clone() };
        let found = signing(counter).sign(&kind, &passkey).map(|passkey| passkey.counter);
        let expected = if taken { Ok(counter) } else { Err(PasskeyFault::CountedBack) };
        assert_eq!(found, expected, "{kept} {counter}");
    };
    check(0, 0, true);
    check(0, 1, true);
    check(5, 6, true);
    check(5, 5, false);
    check(5, 4, false);
    check(5, 0, false);
}

#[test]
fn a_key_of_another_kind_is_not_taken() {
    use PasskeyFault as Fault;
    let good = es256().cose();
    let check = |change: fn(&mut Vec<u8>), fault: Fault| {
        let mut key = good.clone();
        change(&mut key);
        assert_eq!(making().make(&key), Err(fault), "{key:02x?}");
    };
    // The map is {1: 2, 3: -7, -1: 1, -2: x, -3: y}.
    check(|key| key[2] = 3, Fault::OtherAlgorithm);
    check(|key| key[4] = 0x27, Fault::OtherAlgorithm);
    check(|key| key[6] = 2, Fault::OtherAlgorithm);
    check(|key| key[10] ^= 1, Fault::Unreadable);
    check(|key| key.truncate(20), Fault::Unreadable);
    check(|key| *key = vec![0xa0], Fault::OtherAlgorithm);
    check(|key| *key = vec![0x80], Fault::Unreadable);
}

#[test]
fn no_answer_makes_the_reader_fall() {
    let kind = es256();
    let passkey = making().make(&kind.cose()).unwrap();
    let (data, signed) = (signing(1).client_data(), signing(1).authenticator());
    let digest = Sha256::digest(&data);
    let signature = kind.sign(&[signed.as_slice(), &digest].concat());
    for place in 0..signed.len() {
        let mut changed = signed.clone();
        changed[place] ^= 0x10;
        let answer = Signed { client_data: &data, authenticator: &changed, signature: &signature };
        assert!(site().signed(&CHALLENGE, passkey.clone(), answer).is_err(), "{place}");
        let answer =
            Signed { client_data: &data, authenticator: &signed[..place], signature: &signature };
        assert!(site().signed(&CHALLENGE, passkey.clone(), answer).is_err(), "{place}");
    }
}
