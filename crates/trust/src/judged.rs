//! All of it together: whether a signature counted when it was made.

use std::time::Duration;

use base::Instant;

use crate::{
    certificate::Certificate,
    list::RevocationList,
    path::{Path, Trust, Use, verify},
    refused::Refused,
    response::{OcspResponse, Responder},
    standing::{Reason, Standing},
};

/// What shows whether certificates were revoked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Evidence {
    /// A list.
    List(RevocationList),
    /// Answers about single certificates.
    Response(OcspResponse),
}

/// How far the instant at which something says that it was signed may lie from the one at which it
/// was received. Who stole a key can claim any instant before it was revoked: how long ago is
/// believed bounds what that is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// How far ahead of ours a clock may go.
    pub skew: Duration,
    /// How long before it was received something may have been signed.
    pub at_most: Duration,
}

/// What held at the instant of a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// The path to an authority that was trusted.
    pub path: Path,
    /// For each certificate but the anchor, the leaf first, when it was known that it was not
    /// revoked at that instant.
    pub known: Vec<Instant>,
}

/// Judges the certificate with which something says it was signed at an instant, and was received
/// at another: both close enough to each other; a path to an authority that was trusted; and of
/// every certificate on it that it was not revoked then, which must be shown. What is shown later
/// than it was received counts as well: an authority may say afterwards that a key was unsafe.
///
/// Of several lists and answers each counts that is by the issuer of the certificate in question,
/// and was made while that issuer counted itself. One that says *revoked* outweighs all; a hold
/// counts where the newest says so, or the newest that was issued by the instant.
///
/// # Errors
/// [`Refused::Ahead`], [`Refused::LongAgo`], what the path is refused for, what is wrong with
/// an answer that is about one of its certificates, [`Refused::Revoked`], and
/// [`Refused::UnknownStanding`]: what is not shown is not true. A list that does not verify shows
/// nothing: an authority may have had several keys, or several certificates for one.
pub fn judge(
    trust: &Trust,
    leaf: &Certificate,
    intermediates: &[Certificate],
    evidence: &[Evidence],
    at: Instant,
    received: Instant,
    limits: Limits,
) -> Result<Judged, Refused> {
    let micros = |span: Duration| i64::try_from(span.as_micros()).unwrap_or(i64::MAX);
    if at > Instant::from_micros(received.micros().saturating_add(micros(limits.skew))) {
        return Err(Refused::Ahead);
    }
    if received.micros().saturating_sub(at.micros()) > micros(limits.at_most) {
        return Err(Refused::LongAgo);
    }
    let path = verify(trust, leaf, intermediates, at, Use::Signing)?;
    let mut known = Vec::new();
    // From when on what the issuer says counts for nothing: the anchor is trusted no more, or a
    // certificate on the way was revoked later.
    let mut until = path.trusted_until();
    for (own, issuer) in path.issued() {
        let witnesses = witnesses(evidence, own, issuer, at, until)?;
        known.push(good(&witnesses, own, at)?);
        let later = witnesses.iter().filter_map(|one| one.revoked).min();
        until = [until, later].into_iter().flatten().min();
    }
    known.reverse();
    Ok(Judged { path, known })
}

/// That the signature over a record is by the leaf of a path (for its form see
/// [`PublicKey::verifies`](crate::PublicKey::verifies)).
///
/// # Errors
/// [`Refused::OtherRecord`].
pub fn verify_record(path: &Path, message: &[u8], signature: &[u8]) -> Result<(), Refused> {
    let by_them = path.leaf().is_some_and(|leaf| leaf.key().verifies(message, signature));
    by_them.then_some(()).ok_or(Refused::OtherRecord)
}

/// What one list or answer says of a certificate.
struct Witness {
    issued: Instant,
    standing: Standing,
    /// When it was revoked for good, be that after the instant.
    revoked: Option<Instant>,
}

fn witnesses(
    evidence: &[Evidence],
    own: &Certificate,
    issuer: &Certificate,
    at: Instant,
    until: Option<Instant>,
) -> Result<Vec<Witness>, Refused> {
    let mut found = Vec::new();
    for one in evidence {
        let issued = match one {
            // One that bears its name and is by another key, or of another time of its
            // certificate, shows nothing.
            Evidence::List(list) if list.verify(issuer).is_ok() => list.this_update(),
            Evidence::Response(response) if response.is_about(own, issuer) => {
                let responder = response.verify(issuer)?;
                delegate_stands(&responder, evidence, issuer, response.produced())?;
                response.produced()
            }
            _ => continue,
        };
        if until.is_some_and(|until| until <= issued) {
            continue;
        }
        let says = |at: Instant| match one {
            Evidence::List(list) => list.status(own.serial(), at),
            Evidence::Response(response) => response.status(own, issuer, at),
        };
        let revoked = match says(Instant::MAX) {
            Standing::Revoked { since, reason } if reason != Reason::Hold => Some(since),
            _ => None,
        };
        found.push(Witness { issued, standing: says(at), revoked });
    }
    Ok(found)
}

/// Who answers for an issuer must not be revoked either: its certificate says that nobody need ask
/// (RFC 6960, section 4.2.2.2.1), or a list shows it.
fn delegate_stands(
    responder: &Responder,
    evidence: &[Evidence],
    issuer: &Certificate,
    at: Instant,
) -> Result<(), Refused> {
    let Responder::Delegate(delegate) = responder else { return Ok(()) };
    let lists = evidence.iter().filter_map(|one| match one {
        Evidence::List(list) if list.names(issuer) => Some(list),
        _ => None,
    });
    let mut shown = delegate.says().unchecked;
    for list in lists {
        list.verify(issuer)?;
        match list.status(delegate.serial(), at) {
            Standing::Revoked { .. } => return Err(Refused::MayNotAnswer),
            Standing::Good { .. } => shown = true,
            Standing::Stale | Standing::Unknown => {}
        }
    }
    shown.then_some(()).ok_or_else(|| Refused::UnknownStanding(delegate.subject()))
}

/// When it was known that a certificate was not revoked.
fn good(witnesses: &[Witness], own: &Certificate, at: Instant) -> Result<Instant, Refused> {
    let newest = witnesses.iter().map(|one| one.issued).max();
    let by_then = witnesses.iter().map(|one| one.issued).filter(|own| *own <= at).max();
    let mut known = None;
    for Witness { issued, standing, .. } in witnesses {
        match standing {
            Standing::Revoked { since, reason } => {
                let last = [newest, by_then].contains(&Some(*issued));
                if *reason != Reason::Hold || last {
                    let (since, reason) = (*since, *reason);
                    return Err(Refused::Revoked { subject: own.subject(), since, reason });
                }
            }
            // Who does not know the certificate now, never issued it or forgot it.
            Standing::Unknown => return Err(Refused::UnknownStanding(own.subject())),
            Standing::Good { known: own } => known = known.max(Some(*own)),
            Standing::Stale => {}
        }
    }
    known.ok_or_else(|| Refused::UnknownStanding(own.subject()))
}
