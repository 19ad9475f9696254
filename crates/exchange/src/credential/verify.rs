//! Verifying a credential with nothing but the text and the key that is trusted.

use base::Instant;
use serde_json::{Map, Value};

use super::{
    Fault, Issuer, PublicKey, Status,
    canonical::{Json, Unclear},
    content,
    proof::Taken,
    status,
};
use crate::licence::Metadata;

/// The longest text that is read as a credential, in bytes.
pub const CREDENTIAL_MAX: usize = 256 * 1024;

/// Whose proofs are trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trust {
    /// Whoever signs with this key, whatever the key is called.
    Key(PublicKey),
    /// The keys by what they are called.
    Methods(Vec<(String, PublicKey)>),
    /// Nobody's: the proof is held against the key that its own name tells (`did:key`), which shows
    /// only that nothing was changed.
    Nobody,
}

impl Trust {
    /// The keys of an issuer.
    pub fn of(issuers: &[Issuer]) -> Self {
        Self::Methods(issuers.iter().map(|own| (own.method(), own.public())).collect())
    }

    /// What somebody gives at a shell: a Multikey, a `did:key`, or a document of an identifier,
    /// whose keys for assertions count; none where it is none of these.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(key) = PublicKey::parse(text) {
            return Some(Self::Key(key));
        }
        let Json(document) = Json::read(text.as_bytes()).ok()?;
        let asserts = document.get("assertionMethod")?.as_array()?;
        let methods = document.get("verificationMethod")?.as_array()?.iter();
        let methods =
            methods.filter(|method| asserts.iter().any(|id| Some(id) == method.get("id")));
        let read = |method: &Value| {
            let key = PublicKey::parse(method.get("publicKeyMultibase")?.as_str()?)?;
            Some((method.get("id")?.as_str()?.to_owned(), key))
        };
        let methods: Option<Vec<_>> = methods.map(read).collect();
        methods.filter(|methods| !methods.is_empty()).map(Self::Methods)
    }

    fn key(&self, method: &str) -> Result<PublicKey, Fault> {
        let own = method.split_once('#').and_then(|(did, _)| did.strip_prefix("did:key:"));
        let own = own.map(PublicKey::parse);
        match self {
            Self::Key(key) if own.as_ref().is_none_or(|own| own.as_ref() == Some(key)) => {
                Ok(key.clone())
            }
            Self::Key(_) => Err(Fault::OtherKey),
            Self::Methods(methods) => {
                let found = methods.iter().find(|(known, _)| known == method);
                found.map(|(_, key)| key.clone()).ok_or(Fault::OtherKey)
            }
            Self::Nobody => own.flatten().ok_or(Fault::NoKey),
        }
    }
}

/// What was found of a sound credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// What it says.
    pub metadata: Metadata,
    /// Who signed, by name.
    pub issuer: String,
    /// The key, by name.
    pub method: String,
    /// Whether that key is trusted.
    pub trusted: bool,
    /// Where the register says what holds today.
    pub entry: String,
    /// Whether it says that it is invented.
    pub invented: bool,
    /// From when it holds.
    pub valid_from: Instant,
    /// Until when.
    pub valid_until: Option<Instant>,
    /// Where it is said whether it was taken back.
    pub status: Status,
}

impl Report {
    /// Whether it holds at a moment, as far as it says itself.
    ///
    /// # Errors
    /// [`Fault::NotYet`] before its first moment, [`Fault::NoLonger`] from its last on.
    pub fn holds_at(&self, at: Instant) -> Result<(), Fault> {
        match self.valid_until {
            _ if at < self.valid_from => Err(Fault::NotYet),
            Some(until) if until <= at => Err(Fault::NoLonger),
            _ => Ok(()),
        }
    }
}

/// Verifies the proof of a credential and reads what it says.
///
/// # Errors
/// The first [`Fault`] that is found.
pub fn verify(bytes: &[u8], trust: &Trust) -> Result<Report, Fault> {
    let (credential, method) = proved(bytes, trust)?;
    read(&credential, method, trust).ok_or(Fault::Unreadable)
}

/// Holds a credential against the list that it names.
///
/// # Errors
/// The first [`Fault`] that is found: of the list, that it is another list, or
/// [`Fault::TakenBack`].
pub fn held_against(report: &Report, list: &[u8], trust: &Trust) -> Result<(), Fault> {
    let (list, method) = proved(list, trust)?;
    if method != report.method {
        return Err(Fault::OtherKey);
    }
    match status::taken_back(&list, &report.status) {
        Some(false) => Ok(()),
        Some(true) => Err(Fault::TakenBack),
        None => Err(Fault::OtherList),
    }
}

/// The document that somebody signed who may sign it, and the name of the key.
fn proved(bytes: &[u8], trust: &Trust) -> Result<(Map<String, Value>, String), Fault> {
    if bytes.len() > CREDENTIAL_MAX {
        return Err(Fault::NotACredential);
    }
    let Json(document) = Json::read(bytes).map_err(|why| match why {
        Unclear::NoJson => Fault::NotACredential,
        Unclear::TwoMeanings => Fault::TwoMeanings,
    })?;
    let taken = Taken::apart(document)?;
    let (method, key) = (taken.method.clone(), trust.key(&taken.method)?);
    let document = taken.signed_by(&key)?;
    let issuer = document.get("issuer").and_then(Value::as_str);
    // A key speaks for the one whose document names it and for nobody else.
    match method.split_once('#') {
        Some((did, _)) if issuer == Some(did) => Ok((document, method)),
        _ => Err(Fault::OtherIssuer),
    }
}

fn read(credential: &Map<String, Value>, method: String, trust: &Trust) -> Option<Report> {
    let subject = credential.get("credentialSubject")?;
    let moment = |name: &str| Instant::parse(credential.get(name)?.as_str()?).ok();
    let valid_until = match credential.get("validUntil") {
        Some(_) => Some(moment("validUntil")?),
        None => None,
    };
    Some(Report {
        metadata: content::metadata(credential)?,
        issuer: credential.get("issuer")?.as_str()?.to_owned(),
        method,
        trusted: *trust != Trust::Nobody,
        entry: subject.get("entry")?.as_str()?.to_owned(),
        invented: subject.get("invented")?.as_bool()?,
        valid_from: moment("validFrom")?,
        valid_until,
        status: Status::read(credential)?,
    })
}
