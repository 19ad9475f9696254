//! `Signature.xml`: which files a seal covers, each with its digest (GB/T 33190-2016, 18.2).

use std::{collections::BTreeMap, io};

use base::Instant;
use base64ct::{Base64, Encoding};
use sm3::{Digest, Sm3};

use super::{
    certificate::SM2_WITH_SM3,
    container::File,
    document::{Drawn, SEALED, SIGNATURE},
    fault::Fault,
    xml::{Element, Sheet},
};

/// The digest SM3.
const SM3: &str = "1.2.156.10197.1.401";
/// What is to be signed.
pub(super) struct Listed<'d> {
    drawn: &'d Drawn,
    at: Instant,
}

impl<'d> Listed<'d> {
    /// Every file of a document, signed at a moment.
    pub(super) fn of(drawn: &'d Drawn, at: Instant) -> Self {
        Self { drawn, at }
    }

    /// The description.
    pub(super) fn write(&self) -> io::Result<Vec<u8>> {
        let mut sheet = Sheet::new("Signature", &[])?;
        sheet.open("SignedInfo", &[])?;
        let own = [("ProviderName", "yiyang"), ("Version", "1"), ("Company", "yiyang")];
        sheet.empty("Provider", &own)?;
        sheet.text("SignatureMethod", &[], &SM2_WITH_SM3.to_string())?;
        sheet.text("SignatureDateTime", &[], &generalized(self.at))?;
        sheet.open("References", &[("CheckMethod", SM3)])?;
        for (path, bytes) in &self.drawn.files {
            sheet.open("Reference", &[("FileRef", &format!("/{path}"))])?;
            sheet.text("CheckValue", &[], &digest(bytes))?;
            sheet.close("Reference")?;
        }
        sheet.close("References")?;
        let stamp = [("ID", "1"), ("PageRef", &self.drawn.page), ("Boundary", &self.drawn.place)];
        sheet.empty("StampAnnot", &stamp)?;
        sheet.close("SignedInfo")?;
        sheet.text("SignedValue", &[], &format!("/{SEALED}"))?;
        sheet.finish()
    }
}

/// A moment to the second as ASN.1 writes it, `20240304010000Z`.
fn generalized(at: Instant) -> String {
    let digits = at.to_string().chars().filter(char::is_ascii_digit).take(14).collect::<String>();
    format!("{digits}Z")
}

fn digest(bytes: &[u8]) -> String {
    Base64::encode_string(&Sm3::digest(bytes))
}

/// Holds the files against a description: each is there, none was added, and none was changed.
pub(super) fn hold(description: &[u8], files: &[File]) -> Result<(), Fault> {
    let mut expected = digests(description).ok_or(Fault::SignatureUnreadable)?;
    for (path, bytes) in files {
        if path == SIGNATURE || path == SEALED {
            continue;
        }
        match expected.remove(path) {
            None => return Err(Fault::Added(path.clone())),
            Some(value) if value != digest(bytes) => return Err(Fault::Changed(path.clone())),
            Some(_) => {}
        }
    }
    match expected.pop_first() {
        Some((path, _)) => Err(Fault::Missing(path)),
        None => Ok(()),
    }
}

/// The digests by path; none where the description is not in this form.
fn digests(description: &[u8]) -> Option<BTreeMap<String, String>> {
    let root = Element::read(description)?;
    let references = root.child("SignedInfo")?.child("References")?;
    if references.get("CheckMethod") != SM3 {
        return None;
    }
    let one = |reference: &Element| {
        let path = reference.get("FileRef").strip_prefix('/')?.to_owned();
        Some((path, reference.child("CheckValue")?.text.clone()))
    };
    references.children.iter().map(one).collect()
}
