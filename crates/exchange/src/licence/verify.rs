//! Verifying a sealed licence, with nothing but the file and the root that is trusted.

use std::time::Duration;

use base::Instant;

use super::{
    Certificate, Metadata,
    container::{self, File},
    document::{ENTRY, SEALED, SIGNATURE},
    fault::Fault,
    seal::Signature,
    signature,
};

/// Which seal root is trusted.
#[derive(Debug, Clone, Copy)]
pub enum Trust<'a> {
    /// This one and no other.
    Root(&'a Certificate),
    /// None: the file is held against the root in it, which proves only that nothing was changed.
    Nobody,
}

/// What was found of a sealed licence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// What it says. Only the Chinese name of the body is held against the seal; the rest is the
    /// word of whoever has its key, until it is held against the register.
    pub metadata: Metadata,
    /// The body whose seal it is.
    pub sealed_by: String,
    /// When the seal was set.
    pub sealed_at: Instant,
    /// The SM3 fingerprint of the seal root.
    pub root: String,
    /// Whether that root is the trusted one.
    pub trusted: bool,
    /// Whether a certificate says of itself that it is for tests: no licensed authority stands
    /// behind the seal, and it proves nothing to anybody else.
    pub test: bool,
}

/// Verifies a licence: every file, the seal, its certificates, and their days when it was set.
///
/// # Errors
/// The first [`Fault`] that is found.
pub fn verify(bytes: &[u8], trust: Trust<'_>) -> Result<Report, Fault> {
    let files = container::read(bytes, SEALED)?;
    let description = file(&files, SIGNATURE)?;
    let signed = Signature::read(file(&files, SEALED)?).ok_or(Fault::SealBroken)?;
    let (own, maker) = signed.certificates().ok_or(Fault::SealBroken)?;
    let trusted = match trust {
        Trust::Root(root) if *root != maker => return Err(Fault::OtherRoot),
        Trust::Root(_) => true,
        Trust::Nobody => false,
    };
    check_seal(&signed, &own, &maker)?;
    if !signed.covers(description) {
        return Err(Fault::Changed(SIGNATURE.to_owned()));
    }
    // Only what a seal covers is read further, so that nobody else can set us to work.
    signature::hold(description, &files)?;
    let metadata = Metadata::read(file(&files, ENTRY)?).ok_or(Fault::MetadataUnreadable)?;
    let (name, id) = signed.named();
    let whose = own.subject();
    if whose.as_deref() != Some(&*metadata.body.zh)
        || name != metadata.body.zh
        || id != metadata.office
    {
        return Err(Fault::OtherBody);
    }
    Ok(Report {
        sealed_by: name.to_owned(),
        sealed_at: moment(signed.to_sign.at.to_unix_duration()),
        root: maker.fingerprint(),
        test: own.for_tests() || maker.for_tests(),
        metadata,
        trusted,
    })
}

fn check_seal(signed: &Signature, own: &Certificate, maker: &Certificate) -> Result<(), Fault> {
    if !signed.signed_by(own) {
        return Err(Fault::SealBroken);
    }
    if !signed.made_by(maker) {
        return Err(Fault::SealForged);
    }
    if !own.issued_by(maker) || !maker.issued_by(maker) || !own.may_sign() {
        return Err(Fault::CertificateForged);
    }
    let at = &signed.to_sign.at;
    if own.valid_at(at) && maker.valid_at(at) && signed.valid_then() {
        Ok(())
    } else {
        Err(Fault::NotThen)
    }
}

fn file<'f>(files: &'f [File], path: &str) -> Result<&'f [u8], Fault> {
    let found = files.iter().find(|(own, _)| own == path);
    found.map(|(_, bytes)| bytes.as_slice()).ok_or(Fault::NotALicence)
}

fn moment(since: Duration) -> Instant {
    Instant::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}
