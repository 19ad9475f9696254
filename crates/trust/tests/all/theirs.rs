//! What OpenSSL makes is judged here: roots, authorities, signers, lists, answers and signatures.

use base::Instant;
use trust::{
    Algorithm, Certificate, Evidence, Limits, OcspResponse, PublicKey, Reason, Refused, Responder,
    RevocationList, Standing, Use, judge, verify, verify_record,
};

use crate::making::Desk;

const CONFIG: &str = "\
[req]
distinguished_name=dn
[dn]
[ca]
default_ca=own
[own]
database=index.txt
crlnumber=crlnumber
new_certs_dir=.
rand_serial=yes
policy=any
default_md=MD
default_crl_days=10
default_days=100
unique_subject=no
string_mask=utf8only
crl_extensions=crl
[any]
countryName=optional
commonName=supplied
serialNumber=optional
[crl]
authorityKeyIdentifier=keyid
[middle]
basicConstraints=critical,CA:true,pathlen:0
keyUsage=critical,keyCertSign,cRLSign
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid,issuer:always
[leaf]
basicConstraints=critical,CA:false
keyUsage=critical,digitalSignature,nonRepudiation
extendedKeyUsage=emailProtection
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
[responder]
keyUsage=critical,digitalSignature
extendedKeyUsage=OCSPSigning
noCheck=yes
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
[delta]
2.5.29.27=critical,DER:02:01:01
[part]
issuingDistributionPoint=critical,@users
[users]
onlyuser=TRUE
[indirect]
issuingDistributionPoint=@others
[others]
indirectCRL=TRUE
[odd]
1.2.3.4=critical,DER:05:00
";

/// How OpenSSL makes keys, digests and signs with an algorithm.
struct How {
    make: &'static str,
    md: &'static str,
    digest: &'static str,
    sign: &'static str,
    verify: &'static str,
}

fn how(algorithm: Algorithm) -> How {
    match algorithm {
        Algorithm::Sm2 => How {
            make: "-algorithm SM2",
            md: "sm3",
            digest: " -sm3",
            sign: " -sigopt distid:1234567812345678",
            verify: " -vfyopt distid:1234567812345678",
        },
        Algorithm::P256 => How {
            make: "-algorithm EC -pkeyopt ec_paramgen_curve:P-256",
            md: "sha256",
            digest: " -sha256",
            sign: "",
            verify: "",
        },
        Algorithm::P384 => How {
            make: "-algorithm EC -pkeyopt ec_paramgen_curve:P-384",
            md: "sha384",
            digest: " -sha384",
            sign: "",
            verify: "",
        },
        Algorithm::Ed25519 => {
            How { make: "-algorithm ED25519", md: "default", digest: "", sign: "", verify: "" }
        }
    }
}

/// An authority that OpenSSL keeps in a folder.
struct Kept {
    desk: Desk,
    how: How,
}

impl Kept {
    fn new(algorithm: Algorithm) -> Self {
        let (desk, how) = (Desk::new(), how(algorithm));
        desk.put("own.cnf", CONFIG.replace("MD", how.md));
        desk.put("index.txt", "");
        desk.put("crlnumber", "01\n");
        for name in ["root", "middle", "leaf", "responder"] {
            desk.must(&format!("genpkey {} -out {name}.key", how.make));
        }
        let How { digest, sign, verify, .. } = how;
        desk.must(&format!(
            "req -x509 -new -key root.key{digest}{sign} -subj /CN=柳溪根 -utf8 -days 3000 \
             -out root.pem -addext keyUsage=critical,keyCertSign,cRLSign"
        ));
        let own = Self { desk, how };
        own.request("middle", "/C=CN/CN=柳溪电子认证");
        own.desk.must(&format!(
            "x509 -req -in middle.csr -CA root.pem -CAkey root.key{digest}{sign}{verify} \
             -extfile own.cnf -extensions middle -days 1000 -set_serial 7 -out middle.pem"
        ));
        for (name, subject) in
            [("leaf", "/C=CN/CN=青囊诊所/serialNumber=X1"), ("responder", "/CN=r")]
        {
            own.request(name, subject);
            own.kept(&format!(
                "-batch -notext{verify} -extensions {name} -in {name}.csr -out {name}.pem"
            ));
        }
        own
    }

    fn request(&self, name: &str, subject: &str) {
        let How { digest, sign, .. } = self.how;
        self.desk.must(&format!(
            "req -new -key {name}.key{digest}{sign} -utf8 -subj {subject} -out {name}.csr"
        ));
    }

    fn kept(&self, words: &str) {
        let sign = self.how.sign;
        self.desk.must(&format!(
            "ca -config own.cnf -cert middle.pem -keyfile middle.key{sign} {words}"
        ));
    }

    fn certificate(&self, name: &str) -> Certificate {
        Certificate::read(&self.desk.get(&format!("{name}.pem"))).unwrap()
    }

    fn list(&self) -> RevocationList {
        self.kept("-gencrl -out list.pem");
        RevocationList::read(&self.desk.get("list.pem")).unwrap()
    }

    /// The list of the root, on which nobody is.
    fn above(&self) -> RevocationList {
        let sign = self.how.sign;
        self.desk.put("empty.txt", "");
        self.desk.put("empty.cnf", self.desk_config());
        self.desk.must(&format!(
            "ca -config empty.cnf -cert root.pem -keyfile root.key{sign} -gencrl -out above.pem"
        ));
        RevocationList::read(&self.desk.get("above.pem")).unwrap()
    }

    fn desk_config(&self) -> String {
        CONFIG.replace("MD", self.how.md).replace("index.txt", "empty.txt")
    }
}

/// An instant at which all of them are valid: when the leaf was issued, and a second.
fn now(own: &Kept) -> Instant {
    Instant::from_micros(own.certificate("leaf").not_before().micros() + 1_000_000)
}

const LIMITS: Limits = Limits {
    skew: std::time::Duration::from_secs(300),
    at_most: std::time::Duration::from_secs(86_400),
};

#[test]
fn the_chains_of_openssl_are_paths() {
    for algorithm in Algorithm::ALL {
        let own = Kept::new(algorithm);
        let (leaf, middle) = (own.certificate("leaf"), own.certificate("middle"));
        assert_eq!(leaf.key().algorithm(), algorithm);
        assert_eq!(leaf.subject_serial_number().as_deref(), Some("X1"));
        assert!(leaf.subject().contains("青囊诊所"), "{}", leaf.subject());
        let trust = trusting_then(&own);
        let at = now(&own);
        let path = verify(&trust, &leaf, std::slice::from_ref(&middle), at, Use::Signing);
        let path = path.unwrap_or_else(|why| panic!("{algorithm:?}: {why}"));
        assert_eq!(path.certificates().len(), 3);
        let without = verify(&trust, &leaf, &[], at, Use::Signing).unwrap_err();
        assert_eq!(without, Refused::NoIssuer(middle.subject()));
        let responder = own.certificate("responder");
        verify(&trust, &responder, &[middle], at, Use::Ocsp).unwrap();
        let again = Certificate::read(leaf.to_der()).unwrap();
        assert_eq!(again, leaf, "PEM and DER");
    }
}

fn trusting_then(own: &Kept) -> trust::Trust {
    let root = own.certificate("root");
    let from = root.not_before();
    let anchor = trust::Anchor::new(root, from, None).unwrap();
    trust::Trust::new(vec![anchor])
}

#[test]
fn the_lists_of_openssl_are_judged() {
    for algorithm in Algorithm::ALL {
        let own = Kept::new(algorithm);
        let (leaf, middle, root) =
            (own.certificate("leaf"), own.certificate("middle"), own.certificate("root"));
        let above = own.above();
        let good = own.list();
        good.verify(&middle).unwrap_or_else(|why| panic!("{algorithm:?}: {why}"));
        above.verify(&root).unwrap();
        assert_eq!(good.verify(&root), Err(Refused::OtherIssuer(middle.subject())));
        let at = now(&own);
        let known = good.this_update();
        assert_eq!(good.status(leaf.serial(), at.min(known)), Standing::Good { known });
        let trust = trusting_then(&own);
        let judged = |below: &RevocationList, at| {
            let evidence = [Evidence::List(above.clone()), Evidence::List(below.clone())];
            judge(&trust, &leaf, std::slice::from_ref(&middle), &evidence, at, at, LIMITS)
        };
        judged(&good, at).unwrap();
        own.kept("-revoke leaf.pem -crl_reason keyCompromise");
        let gone = own.list();
        let Standing::Revoked { since, reason } = gone.status(leaf.serial(), Instant::MAX) else {
            panic!("{algorithm:?}: not revoked");
        };
        assert_eq!(reason, Reason::KeyCompromise);
        let before = Instant::from_micros(since.micros() - 1);
        assert!(matches!(judged(&gone, since), Err(Refused::Revoked { .. })));
        if leaf.not_before() <= before {
            judged(&gone, before).unwrap();
        }
    }
}

#[test]
fn lists_that_leave_something_out_are_refused() {
    let own = Kept::new(Algorithm::Ed25519);
    for (section, expected) in [
        ("crl", None),
        ("delta", Some(Refused::PartialList)),
        ("part", Some(Refused::PartialList)),
        ("indirect", Some(Refused::PartialList)),
        ("odd", Some(Refused::NotUnderstood("1.2.3.4".to_owned()))),
    ] {
        own.kept(&format!("-gencrl -crlexts {section} -out list.pem"));
        let read = RevocationList::read(&own.desk.get("list.pem"));
        assert_eq!(read.err(), expected, "{section}");
    }
}

#[test]
fn the_answers_of_openssl_are_judged() {
    for algorithm in Algorithm::ALL {
        let own = Kept::new(algorithm);
        let (leaf, middle) = (own.certificate("leaf"), own.certificate("middle"));
        // Ed25519 digests by itself, and fails where a digest is named.
        let md = match algorithm {
            Algorithm::Ed25519 => String::new(),
            _ => format!(" -rmd {}", own.how.md),
        };
        let sign = own.how.sign.replace("-sigopt", "-rsigopt");
        let ask = |by: &str, asked: &str| {
            own.desk.must(&format!(
                "ocsp -index index.txt -CA middle.pem -rsigner {by}.pem -rkey {by}.key{md}{sign} \
                 {asked}-issuer middle.pem -cert leaf.pem -ndays 3 -noverify -respout \
                 answer.der"
            ));
            OcspResponse::read(&own.desk.get("answer.der")).unwrap()
        };
        let ways = [("responder", ""), ("middle", ""), ("responder", "-resp_key_id -sha256 ")];
        for (by, asked) in ways {
            let answer = ask(by, asked);
            assert!(answer.is_about(&leaf, &middle), "{asked}");
            let responder = answer.verify(&middle);
            let responder = responder.unwrap_or_else(|why| panic!("{algorithm:?}: {why}"));
            assert_eq!(matches!(responder, Responder::Delegate(_)), by == "responder");
            let standing = answer.status(&leaf, &middle, now(&own));
            assert!(matches!(standing, Standing::Good { .. }), "{standing:?}");
            let other = own.certificate("root");
            assert!(!answer.is_about(&leaf, &other), "of another issuer");
            assert_eq!(answer.verify(&other), Err(Refused::MayNotAnswer));
        }
        let trust = trusting_then(&own);
        let judged = |answer: OcspResponse, at| {
            let evidence = [Evidence::List(own.above()), Evidence::Response(answer)];
            judge(&trust, &leaf, std::slice::from_ref(&middle), &evidence, at, at, LIMITS)
        };
        let at = now(&own);
        judged(ask("responder", ""), at).unwrap();
        own.kept("-revoke leaf.pem -crl_reason superseded");
        let gone = ask("responder", "");
        let later = Instant::from_micros(at.micros() + 60_000_000);
        let why = judged(gone, later).unwrap_err();
        assert!(matches!(why, Refused::Revoked { reason: Reason::Superseded, .. }), "{why}");
    }
}

#[test]
fn the_signatures_of_openssl_are_verified() {
    let message = "柳溪区医疗机构申请（虚构）".as_bytes();
    for algorithm in Algorithm::ALL {
        let own = Kept::new(algorithm);
        let (trust, leaf) = (trusting_then(&own), own.certificate("leaf"));
        let between = [own.certificate("middle")];
        let path = verify(&trust, &leaf, &between, now(&own), Use::Signing).unwrap();
        own.desk.put("message", message);
        // Several, for of ECDSA half have the greater of the two numbers that fit.
        for _ in 0..8 {
            let How { digest, sign, .. } = own.how;
            own.desk.must(&match algorithm {
                Algorithm::Ed25519 => {
                    "pkeyutl -sign -inkey leaf.key -rawin -in message -out signature".to_owned()
                }
                _ => format!("dgst{digest}{sign} -sign leaf.key -out signature message"),
            });
            let signature = own.desk.get("signature");
            verify_record(&path, message, &signature).unwrap();
            let other = verify_record(&path, &[message, b" "].concat(), &signature);
            assert_eq!(other, Err(Refused::OtherRecord));
            let longer = [&signature[..], b"\0"].concat();
            assert_eq!(verify_record(&path, message, &longer), Err(Refused::OtherRecord));
        }
    }
}

#[test]
fn rsa_is_refused_by_name() {
    let desk = Desk::new();
    desk.must("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa.key");
    desk.must("req -x509 -new -key rsa.key -sha256 -subj /CN=rsa -days 9 -out rsa.pem");
    let why = Certificate::read(&desk.get("rsa.pem")).unwrap_err();
    let Refused::AlgorithmNotTaken(name) = &why else { panic!("{why}") };
    assert!(name.contains("RSA"), "{why}");
    desk.must("pkey -in rsa.key -pubout -outform DER -out rsa.der");
    let why = PublicKey::read(&desk.get("rsa.der")).unwrap_err();
    assert_eq!(why, Refused::AlgorithmNotTaken("RSA".to_owned()));
    for (curve, name) in [("P-521", "P-521"), ("secp256k1", "secp256k1")] {
        desk.must(&format!("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:{curve} -out ec.key"));
        desk.must("pkey -in ec.key -pubout -outform DER -out ec.der");
        let why = PublicKey::read(&desk.get("ec.der")).unwrap_err();
        assert_eq!(why, Refused::AlgorithmNotTaken(name.to_owned()));
    }
    desk.must("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ec.key");
    desk.must("req -x509 -new -key ec.key -sha512 -subj /CN=a -days 9 -out ec.pem");
    let why = Certificate::read(&desk.get("ec.pem")).unwrap_err();
    assert_eq!(why, Refused::AlgorithmNotTaken("ECDSA, SHA-512".to_owned()));
    // P-256 with the digest of P-384 is read and is by nobody.
    desk.must("req -x509 -new -key ec.key -sha384 -subj /CN=a -days 9 -out ec.pem");
    let read = Certificate::read(&desk.get("ec.pem")).unwrap();
    let from = read.not_before();
    assert_eq!(trust::Anchor::new(read, from, None), Err(Refused::NotAnAnchor));
}
