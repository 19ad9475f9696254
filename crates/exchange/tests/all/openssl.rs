//! A second opinion: OpenSSL verifies what we sign and we verify what it signs.

use std::{
    fs,
    io::{Cursor, Read},
    path::Path,
    process::Command,
};

use der::{
    Decode, Encode,
    asn1::{Any, BitString, OctetString, Uint},
};
use exchange::licence::{Certificate, Signer, verifies};
use sm3::{Digest, Sm3};
use tempfile::TempDir;

use crate::{
    forging::{Forge, Forgery},
    sealing::{issued, key, licence},
};

/// Where this test puts its files; gone when it ends.
struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn put(&self, name: &str, bytes: &[u8]) {
        fs::write(self.0.path().join(name), bytes).unwrap();
    }

    /// Runs OpenSSL in the folder: what it says, or nothing where it is not here. Where everything
    /// is to be tested, it must be.
    fn openssl(&self, words: &str) -> Option<(bool, String)> {
        let words = words.split(' ');
        let Ok(done) = Command::new("openssl").args(words).current_dir(self.0.path()).output()
        else {
            assert!(!all_is_tested(), "`openssl` is not here");
            println!("skipped: `openssl` is not here");
            return None;
        };
        let said = [done.stdout, done.stderr].concat();
        Some((done.status.success(), String::from_utf8_lossy(&said).into_owned()))
    }
}

fn all_is_tested() -> bool {
    std::env::var("CI").is_ok_and(|said| said == "true")
}

/// The certificate, the signed bytes and the signature inside a licence.
fn taken_apart(bytes: &[u8]) -> (Certificate, Vec<u8>, Vec<u8>) {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut sealed = Vec::new();
    let mut file = archive.by_name("Doc_0/Signs/Sign_0/SignedValue.dat").unwrap();
    file.read_to_end(&mut sealed).unwrap();
    let parts = Vec::<Any>::from_der(&sealed).unwrap();
    let [to_sign, certificate, _, signature] = parts.try_into().unwrap();
    let certificate = certificate.decode_as::<OctetString>().unwrap();
    let signature = signature.decode_as::<BitString>().unwrap();
    (
        Certificate::read(certificate.as_bytes()).unwrap(),
        to_sign.to_der().unwrap(),
        signature.as_bytes().unwrap().to_vec(),
    )
}

const SIGNED: &str = "dgst -sm3 -sigopt distid:1234567812345678";

#[test]
fn openssl_verifies_the_chain_and_the_signature() {
    let desk = Desk::new();
    let (bytes, root) = issued(&licence());
    let (certificate, to_sign, signature) = taken_apart(&bytes);
    desk.put("root.pem", root.to_pem().unwrap().as_bytes());
    desk.put("seal.pem", certificate.to_pem().unwrap().as_bytes());
    desk.put("to-sign.der", &to_sign);
    desk.put("signature.der", &signature);
    let at = "-attime 1709600000 -vfyopt distid:1234567812345678";
    let Some((good, said)) =
        desk.openssl(&format!("verify {at} -x509_strict -CAfile root.pem seal.pem"))
    else {
        return;
    };
    assert!(good, "{said}");
    let late =
        "verify -attime 1909600000 -vfyopt distid:1234567812345678 -CAfile root.pem seal.pem";
    assert!(!desk.openssl(late).unwrap().0, "after its last day");
    let (_, subject) =
        desk.openssl("x509 -in seal.pem -noout -subject -nameopt utf8,sep_comma_plus").unwrap();
    assert!(subject.contains("TEST") && subject.contains("东溪区卫生健康委员会"), "{subject}");
    let (_, public) = desk.openssl("x509 -in seal.pem -noout -pubkey").unwrap();
    desk.put("public.pem", public.as_bytes());
    let verify = format!("{SIGNED} -verify public.pem -signature signature.der to-sign.der");
    let (good, said) = desk.openssl(&verify).unwrap();
    assert!(good, "{said}");
    desk.put("to-sign.der", &[&to_sign[..], b"x"].concat());
    assert!(!desk.openssl(&verify).unwrap().0, "other bytes");
}

/// Runs what the guide tells everybody to run, in the folder.
fn guided(desk: &Desk) -> (bool, String) {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/guide/licence.md");
    let guide = fs::read_to_string(guide).unwrap();
    let lines = guide.split_once("```sh\n").unwrap().1.split_once("```").unwrap().0;
    let done = Command::new("sh").args(["-ec", lines]).current_dir(&desk.0).output().unwrap();
    let said = [done.stdout, done.stderr].concat();
    (done.status.success(), String::from_utf8_lossy(&said).into_owned())
}

#[test]
fn the_lines_of_the_guide_verify_a_licence_and_its_seal() {
    let desk = Desk::new();
    let here = |program: &str| Command::new(program).arg("-v").output().is_ok();
    if !(here("unzip") && here("openssl")) {
        assert!(!all_is_tested(), "`unzip` or `openssl` is not here");
        println!("skipped: `unzip` or `openssl` is not here");
        return;
    }
    let genuine = Forgery::genuine();
    desk.put("seal-root.pem", genuine.maker().to_pem().unwrap().as_bytes());
    let run = |bytes: &[u8]| {
        desk.put("licence.ofd", bytes);
        guided(&desk)
    };
    let (good, said) = run(&genuine.bytes());
    assert!(good && said.matches("Verified OK").count() == 2, "{said}");
    let forgeries: [(&str, Forge); 4] = [
        ("a stranger signed", |f| f.by = 9),
        ("a stranger made the seal", |f| f.seal_by = 9),
        ("a stranger issued the certificate", |f| f.own.by = 9),
        ("a file was changed", |f| f.files[1].1.push(b' ')),
    ];
    for (name, forge) in forgeries {
        let mut forgery = Forgery::genuine();
        forge(&mut forgery);
        let (good, said) = run(&forgery.bytes());
        assert!(!good, "{name}: {said}");
    }
    let genuine_signature = genuine.signed.clone();
    let mut forgery = Forgery::genuine();
    forgery.says("青囊", "白囊");
    assert!(!run(&forgery.with(genuine_signature)).0, "the signature of another description");
}

#[test]
fn we_verify_what_openssl_signs() {
    let desk = Desk::new();
    desk.put("message", "柳溪".as_bytes());
    let make = "genpkey -algorithm SM2 -out key.pem";
    let Some((good, said)) = desk.openssl(make) else { return };
    assert!(good, "{said}");
    let sign = format!("{SIGNED} -sign key.pem -out signature message");
    assert!(desk.openssl(&sign).unwrap().0);
    assert!(desk.openssl("pkey -in key.pem -pubout -outform DER -out public.der").unwrap().0);
    let read = |name: &str| fs::read(desk.0.path().join(name)).unwrap();
    let public = read("public.der");
    let point = &public[public.len() - 65..];
    assert!(verifies(point, "柳溪".as_bytes(), &read("signature")));
    assert!(!verifies(point, "柳溪 ".as_bytes(), &read("signature")));
    assert!(!verifies(&key(1).public(), "柳溪".as_bytes(), &read("signature")));
}

/// The hexadecimal digits of a line, without what stands between them.
fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u32> = text.chars().filter_map(|c| c.to_digit(16)).collect();
    digits.chunks(2).map(|pair| u8::try_from(pair[0] * 16 + pair[1]).unwrap()).collect()
}

#[test]
fn sm3_gives_the_published_digests() {
    let kept = [
        ("abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
        ("", "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b"),
    ];
    for (text, digest) in kept {
        assert_eq!(Sm3::digest(text).as_slice(), hex(digest), "{text}");
    }
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance/sm");
    let Ok(published) = fs::read_to_string(place.join("sm3-oscca.txt")) else {
        println!("skipped: sm3-oscca.txt is not here");
        return;
    };
    let (mut bits, mut message, mut count) = (0, Vec::new(), 0);
    for line in published.lines() {
        match line.split_once(" = ") {
            Some(("Len", said)) => bits = said.parse().unwrap(),
            Some(("Msg", said)) => message = hex(said),
            Some(("MD", said)) => {
                assert_eq!(Sm3::digest(&message[..bits / 8]).as_slice(), hex(said), "{line}");
                count += 1;
            }
            _ => {}
        }
    }
    assert!(count >= 6, "{count} vectors");
}

#[test]
fn sm2_verifies_the_example_of_the_standard() {
    // GB/T 32918.5-2017, annex A.
    let point = hex("04 09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020
         ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13");
    let numbers = [
        hex("f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"),
        hex("b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"),
    ];
    let numbers = numbers.map(|number| Uint::new(&number).unwrap());
    let signature = numbers.to_vec().to_der().unwrap();
    assert!(verifies(&point, b"message digest", &signature));
    assert!(!verifies(&point, b"message digesT", &signature));
}
