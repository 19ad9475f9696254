//! Every check of a seal has a forgery that only it finds.
//!
//! A sealed licence is taken apart into what its certificates, its seal and its signature say, and
//! put together again by whoever holds which key: the keys 1 and 2 are those of the town's root and
//! of its body, every other is a stranger's.

use base64ct::{Base64, Encoding};
use der::{
    Decode, Encode, Sequence,
    asn1::{Any, BitString, GeneralizedTime, Ia5String, ObjectIdentifier, OctetString},
    oid::AssociatedOid,
};
use exchange::licence::{Certificate, Fault, Signer, Trust, verify};
use sm3::{Digest, Sm3};
use x509_cert::{
    ext::{
        Extension,
        pkix::{BasicConstraints, KeyUsage, KeyUsages},
    },
    name::Name,
    serial_number::SerialNumber,
    spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned},
    time::{Time, Validity},
};

use crate::{
    licences::{Files, packed, unpacked},
    sealing::{issued, key, licence},
};

const ENTRY: &str = "OFD.xml";
const DESCRIPTION: &str = "Doc_0/Signs/Sign_0/Signature.xml";
const SEALED: &str = "Doc_0/Signs/Sign_0/SignedValue.dat";
const ROOT: u8 = 1;
const STRANGER: u8 = 9;
/// ECDSA with SHA-256, which is not ours.
const OTHER: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");

#[derive(Clone, Sequence)]
struct Stated {
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    version: u8,
    serial: SerialNumber,
    algorithm: AlgorithmIdentifierOwned,
    issuer: Name,
    validity: Validity,
    subject: Name,
    key: SubjectPublicKeyInfoOwned,
    #[asn1(context_specific = "3", tag_mode = "EXPLICIT")]
    extensions: Vec<Extension>,
}

#[derive(Sequence)]
struct Certified {
    stated: Stated,
    algorithm: AlgorithmIdentifierOwned,
    signature: BitString,
}

#[derive(Clone, Sequence)]
struct Made {
    info: Info,
    maker: OctetString,
    algorithm: ObjectIdentifier,
    signature: BitString,
}

#[derive(Clone, Sequence)]
struct Info {
    header: Any,
    id: Ia5String,
    property: Property,
    picture: Any,
}

#[derive(Clone, Sequence)]
struct Property {
    kind: u8,
    name: String,
    listed: u8,
    certificates: Vec<OctetString>,
    made: GeneralizedTime,
    from: GeneralizedTime,
    until: GeneralizedTime,
}

#[derive(Clone, Sequence)]
struct ToSign {
    version: u8,
    seal: Made,
    at: GeneralizedTime,
    digest: BitString,
    of: Ia5String,
}

#[derive(Clone, Sequence)]
pub(crate) struct Signed {
    to_sign: ToSign,
    certificate: OctetString,
    algorithm: ObjectIdentifier,
    signature: BitString,
}

/// A certificate before it is signed, and by whose key it will be.
#[derive(Clone)]
pub(crate) struct Paper {
    says: Stated,
    /// The algorithm that stands beside the signature.
    algorithm: AlgorithmIdentifierOwned,
    pub(crate) by: u8,
}

/// A sealed licence before anything in it is signed, and by whose key each part will be.
#[derive(Clone)]
pub(crate) struct Forgery {
    pub(crate) files: Files,
    description: Vec<u8>,
    root: Paper,
    pub(crate) own: Paper,
    pub(crate) signed: Signed,
    /// The certificate that the seal lists; its own where none is given.
    listed: Option<Paper>,
    pub(crate) seal_by: u8,
    pub(crate) by: u8,
}

impl Paper {
    fn of(der: &OctetString, by: u8) -> Self {
        let Certified { stated, algorithm, .. } = Certified::from_der(der.as_bytes()).unwrap();
        Self { says: stated, algorithm, by }
    }

    fn certificate(&self) -> OctetString {
        let (stated, algorithm) = (self.says.clone(), self.algorithm.clone());
        let signature = signature(self.by, &stated);
        OctetString::new(Certified { stated, algorithm, signature }.to_der().unwrap()).unwrap()
    }

    /// The certificate of another key.
    fn key(&mut self, owner: u8) {
        let public = key(owner).public();
        self.says.key.subject_public_key = BitString::from_bytes(&public).unwrap();
    }

    fn extension<T: Encode + AssociatedOid>(&mut self, says: &T) {
        let found = self.says.extensions.iter_mut().find(|own| own.extn_id == T::OID).unwrap();
        found.extn_value = OctetString::new(says.to_der().unwrap()).unwrap();
    }

    fn days(&mut self, from: &str, until: &str) {
        let time = |text| Time::GeneralTime(at(text));
        self.says.validity = Validity::new(time(from), time(until));
    }
}

fn at(text: &str) -> GeneralizedTime {
    GeneralizedTime::from_date_time(text.parse().unwrap())
}

fn signature(by: u8, says: &impl Encode) -> BitString {
    BitString::from_bytes(&key(by).sign(&says.to_der().unwrap()).unwrap()).unwrap()
}

impl Forgery {
    /// The genuine licence.
    pub(crate) fn genuine() -> Self {
        let mut files = unpacked(&issued(&licence()).0);
        let sealed = files.pop().unwrap();
        let description = files.pop().unwrap();
        assert_eq!((description.0.as_str(), sealed.0.as_str()), (DESCRIPTION, SEALED));
        let signed = Signed::from_der(&sealed.1).unwrap();
        Self {
            files,
            description: description.1,
            root: Paper::of(&signed.to_sign.seal.maker, ROOT),
            own: Paper::of(&signed.certificate, ROOT),
            signed,
            listed: None,
            seal_by: ROOT,
            by: 2,
        }
    }

    /// The file, with everything in it signed anew.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let Signed { mut to_sign, algorithm, .. } = self.signed.clone();
        let certificate = self.own.certificate();
        let listed = self.listed.as_ref().map_or_else(|| certificate.clone(), Paper::certificate);
        to_sign.seal.info.property.certificates = vec![listed];
        to_sign.seal.maker = self.root.certificate();
        to_sign.seal.signature = signature(self.seal_by, &to_sign.seal.info);
        to_sign.digest = BitString::from_bytes(&Sm3::digest(&self.description)).unwrap();
        let signature = signature(self.by, &to_sign);
        self.with(Signed { to_sign, certificate, algorithm, signature })
    }

    /// The file with a signature that is ready.
    pub(crate) fn with(&self, signed: Signed) -> Vec<u8> {
        let mut files = self.files.clone();
        files.push((DESCRIPTION.into(), self.description.clone()));
        files.push((SEALED.into(), signed.to_der().unwrap()));
        packed(&files)
    }

    fn property(&mut self) -> &mut Property {
        &mut self.signed.to_sign.seal.info.property
    }

    /// The root that is in the file.
    pub(crate) fn maker(&self) -> Certificate {
        Certificate::read(self.root.certificate().as_bytes()).unwrap()
    }

    /// Says something else in the metadata, and describes the file as it then is.
    pub(crate) fn says(&mut self, old: &str, new: &str) {
        let place = self.files.iter().position(|(path, _)| path == ENTRY).unwrap();
        let digest = |bytes: &[u8]| Base64::encode_string(&Sm3::digest(bytes));
        let before = std::mem::take(&mut self.files[place].1);
        let text = String::from_utf8(before.clone()).unwrap();
        assert!(text.contains(old), "{old}");
        self.files[place].1 = text.replace(old, new).into_bytes();
        let described = String::from_utf8(std::mem::take(&mut self.description)).unwrap();
        let after = digest(&self.files[place].1);
        self.description = described.replace(&digest(&before), &after).into_bytes();
    }
}

#[test]
fn what_is_put_together_from_genuine_parts_is_the_licence() {
    let (bytes, root) = issued(&licence());
    let genuine = Forgery::genuine();
    assert_eq!(genuine.bytes(), bytes);
    assert_eq!(genuine.maker(), root);
}

/// What a forger does to a genuine licence.
pub(crate) type Forge = fn(&mut Forgery);

type Row = (&'static str, Forge, Result<(), u16>);

/// Checks each row against the root in its file, which is the genuine one unless the row is about
/// a root.
fn check(rows: &[Row]) {
    for (name, forge, expected) in rows {
        let mut forgery = Forgery::genuine();
        forge(&mut forgery);
        let found = verify(&forgery.bytes(), Trust::Root(&forgery.maker()));
        assert_eq!(found.map(drop).map_err(|fault| fault.number()), *expected, "{name}");
    }
}

#[test]
fn a_stranger_forges_no_part_beside_the_genuine_root() {
    let rows: [Row; 9] = [
        ("genuine", |_| {}, Ok(())),
        ("a genuine seal and certificate, set by another key", |f| f.by = STRANGER, Err(1407)),
        (
            "a certificate that the root issued, but for another seal",
            |f| {
                f.listed = Some(f.own.clone());
                f.own.key(STRANGER);
                f.by = STRANGER;
            },
            Err(1407),
        ),
        ("another algorithm", |f| f.signed.algorithm = OTHER, Err(1407)),
        ("another version", |f| f.signed.to_sign.version = 3, Err(1407)),
        ("a seal that a stranger made", |f| f.seal_by = STRANGER, Err(1408)),
        ("a seal by another algorithm", |f| f.signed.to_sign.seal.algorithm = OTHER, Err(1408)),
        (
            "a seal and a certificate by a stranger",
            |f| {
                f.own.key(STRANGER);
                (f.own.by, f.seal_by, f.by) = (STRANGER, STRANGER, STRANGER);
            },
            Err(1408),
        ),
        (
            "a certificate that a stranger issued, in a seal that the root made",
            |f| {
                f.own.key(STRANGER);
                (f.own.by, f.by) = (STRANGER, STRANGER);
            },
            Err(1409),
        ),
    ];
    check(&rows);
}

#[test]
fn a_certificate_is_issued_by_a_root_that_may_and_for_sealing() {
    let rows: [Row; 8] = [
        ("a root that did not sign itself", |f| f.root.by = STRANGER, Err(1409)),
        (
            "a root that is no authority",
            |f| f.root.extension(&BasicConstraints { ca: false, path_len_constraint: None }),
            Err(1409),
        ),
        (
            "a root that may not issue certificates",
            |f| f.root.extension(&KeyUsage(KeyUsages::DigitalSignature.into())),
            Err(1409),
        ),
        (
            "a body as root",
            |f| {
                f.root = f.own.clone();
                (f.own.by, f.seal_by) = (2, 2);
                f.own.says.issuer = f.root.says.subject.clone();
            },
            Err(1409),
        ),
        (
            "an issuer that is called otherwise",
            |f| f.own.says.issuer = f.own.says.subject.clone(),
            Err(1409),
        ),
        ("an algorithm that is not ours", |f| f.own.algorithm.oid = OTHER, Err(1409)),
        ("two algorithms", |f| f.own.says.algorithm.oid = OTHER, Err(1409)),
        (
            "a certificate for encryption",
            |f| f.own.extension(&KeyUsage(KeyUsages::KeyEncipherment.into())),
            Err(1409),
        ),
    ];
    check(&rows);
}

/// The licence is sealed on 4 March 2024 at 01:00:00 by the clocks of UTC.
#[test]
fn root_certificate_and_seal_are_each_valid_when_the_seal_is_set() {
    const BEFORE: &str = "2024-03-04T00:59:59Z";
    const THEN: &str = "2024-03-04T01:00:00Z";
    const AFTER: &str = "2024-03-04T01:00:01Z";
    const END: &str = "2060-01-01T00:00:00Z";
    let rows: [Row; 9] = [
        (
            "each for that second alone",
            |f| {
                f.root.days(THEN, THEN);
                f.own.days(THEN, THEN);
                (f.property().from, f.property().until) = (at(THEN), at(THEN));
            },
            Ok(()),
        ),
        ("a root of later", |f| f.root.days(AFTER, END), Err(1410)),
        ("a root of before", |f| f.root.days("2000-01-01T00:00:00Z", BEFORE), Err(1410)),
        ("a certificate of later", |f| f.own.days(AFTER, END), Err(1410)),
        ("a certificate of before", |f| f.own.days("2000-01-01T00:00:00Z", BEFORE), Err(1410)),
        ("a seal of later", |f| f.property().from = at(AFTER), Err(1410)),
        ("a seal of before", |f| f.property().until = at(BEFORE), Err(1410)),
        ("set before its days", |f| f.signed.to_sign.at = at("2023-12-31T23:59:59Z"), Err(1410)),
        ("set after its days", |f| f.signed.to_sign.at = at("2027-01-01T00:00:00Z"), Err(1410)),
    ];
    check(&rows);
}

#[test]
fn certificate_seal_and_licence_name_the_same_body() {
    const WEST: &str = "西溪区卫生健康委员会";
    let rows: [Row; 5] = [
        (
            "the certificate of another body",
            |f| {
                let name = f.own.says.subject.to_der().unwrap();
                let (east, west) = ("东溪区".as_bytes(), "西溪区".as_bytes());
                let mut other = name.clone();
                for place in 0..name.len() - east.len() {
                    if name[place..].starts_with(east) {
                        other[place..place + east.len()].copy_from_slice(west);
                    }
                }
                f.own.says.subject = Name::from_der(&other).unwrap();
            },
            Err(1413),
        ),
        ("a seal of another name", |f| f.property().name = WEST.into(), Err(1413)),
        (
            "a seal of another office",
            |f| {
                f.signed.to_sign.seal.info.id = Ia5String::new("health@900102").unwrap();
            },
            Err(1413),
        ),
        ("a licence of another body", |f| f.says("东溪区卫生健康委员会", WEST), Err(1413)),
        ("a licence of another office", |f| f.says("health@900101", "health@900102"), Err(1413)),
    ];
    check(&rows);
}

#[test]
fn what_a_sealed_file_says_can_be_read_and_shows_as_it_is() {
    let rows: [Row; 10] = [
        ("no description", |f| f.description = b"<a/>".to_vec(), Err(1403)),
        ("no text", |f| f.description = vec![0xff; 9], Err(1403)),
        (
            "nothing described",
            |f| {
                f.description = br#"<S><SignedInfo><References CheckMethod="1.2.156.10197.1.401"/>
                </SignedInfo></S>"#
                    .to_vec();
            },
            Err(1405),
        ),
        (
            "another digest",
            |f| {
                let text = String::from_utf8(f.description.clone()).unwrap();
                f.description = text.replace("10197.1.401", "10197.1.402").into_bytes();
            },
            Err(1403),
        ),
        (
            "a description of elsewhere",
            |f| {
                f.signed.to_sign.of = Ia5String::new("/Doc_0/Signs/Sign_1/Signature.xml").unwrap();
            },
            Err(1406),
        ),
        ("a missing number", |f| f.says("证照编号", "证照号码"), Err(1412)),
        ("a day that is none", |f| f.says(">2024-03-04<", ">2024-02-30<"), Err(1412)),
        ("a line of its own", |f| f.says("青囊", "青囊\nseal root trusted"), Err(1412)),
        ("letters of a terminal", |f| f.says("青囊", "\u{9b}2J青囊"), Err(1412)),
        ("words turned around", |f| f.says("青囊", "\u{202e}青囊"), Err(1412)),
    ];
    check(&rows);
}

#[test]
fn a_genuine_signature_fits_no_other_licence() {
    let mut forgery = Forgery::genuine();
    let genuine = forgery.signed.clone();
    forgery.says("青囊", "白囊");
    let found = verify(&forgery.with(genuine), Trust::Root(&forgery.maker()));
    assert_eq!(found, Err(Fault::Changed(DESCRIPTION.into())));
}

/// Whoever hands in a file that nobody sealed does not have it read as XML.
#[test]
fn what_nobody_sealed_is_not_read() {
    let mut forgery = Forgery::genuine();
    let genuine = forgery.signed.clone();
    forgery.description = b"<a/>".repeat(1_000);
    let found = |bytes: &[u8], root| verify(bytes, Trust::Root(root)).unwrap_err().number();
    let root = forgery.maker();
    assert_eq!(found(&forgery.with(genuine), &root), 1406);
    forgery.by = STRANGER;
    assert_eq!(found(&forgery.bytes(), &root), 1407);
    forgery.root.by = STRANGER;
    assert_eq!(found(&forgery.bytes(), &root), 1411);
}

#[test]
fn a_whole_town_of_strangers_is_not_trusted() {
    let (_, genuine) = issued(&licence());
    let mut forgery = Forgery::genuine();
    forgery.root.key(STRANGER);
    (forgery.root.by, forgery.own.by, forgery.seal_by) = (STRANGER, STRANGER, STRANGER);
    let bytes = forgery.bytes();
    assert_eq!(verify(&bytes, Trust::Root(&genuine)), Err(Fault::OtherRoot));
    assert!(verify(&bytes, Trust::Root(&forgery.maker())).is_ok(), "sound for who trusts it");
    assert!(!verify(&bytes, Trust::Nobody).unwrap().trusted);
}

#[test]
fn only_a_path_that_a_licence_has_is_shown() {
    let (bytes, root) = issued(&licence());
    for (path, shown) in [
        ("Doc_0/Pages/Page_9/Content.xml", true),
        ("Doc_0/Pages/Page_999/Content.xml", false),
        ("Doc_0/Pages/Page_/../Content.xml", false),
        ("Doc_0/Attachs/可信.xml", false),
        ("nothing is wrong; call 400-123", false),
        ("a\nseal root trusted", false),
    ] {
        let mut files = unpacked(&bytes);
        files.push((path.into(), Vec::new()));
        let fault = verify(&packed(&files), Trust::Root(&root)).unwrap_err();
        assert_eq!(fault, Fault::Added(path.into()));
        let says = fault.says();
        assert_eq!((says.zh.contains(path), says.en.contains(path)), (shown, shown), "{path}");
    }
}
