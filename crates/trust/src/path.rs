//! Paths: from a certificate to an authority that is trusted at an instant (RFC 5280, section 6).
//!
//! Names match where their DER is the same, byte for byte: RFC 5280 would also fold letters and
//! spaces, and no authority was met that writes its own name in two ways. Each certificate between
//! leaf and anchor counts towards a path's length, also one that its subject issued to itself,
//! which RFC 5280 leaves out. Policies are not judged, so a critical policy is refused, and so are
//! constraints of names.

use base::Instant;
use der::asn1::ObjectIdentifier;
use x509_cert::ext::pkix::KeyUsages;

use crate::{certificate::Certificate, refused::Refused};

/// Certificates between a leaf and an anchor at most.
pub const BETWEEN_MAX: usize = 4;
/// Certificates that may be given to build a path from.
pub const GIVEN_MAX: usize = 16;
/// Signatures that are verified for a path at most, whatever is given.
const CHECKS_MAX: usize = 64;

const ANY_PURPOSE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.37.0");
const EMAIL: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.4");
const DOCUMENTS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.36");
pub(crate) const ANSWERS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.9");

/// What a key is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// Signing what somebody means to be bound by: where purposes are said, e-mail (RFC 5280,
    /// section 4.2.1.12), documents (RFC 9336) or any must be among them.
    Signing,
    /// Answering about certificates; that purpose must be said (RFC 6960, section 4.2.2.2).
    Ocsp,
}

/// An authority that is trusted by itself, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchor {
    certificate: Certificate,
    from: Instant,
    until: Option<Instant>,
}

/// The authorities that are trusted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trust {
    anchors: Vec<Anchor>,
}

/// A path that holds at an instant: the leaf first, each with its issuer after it, the anchor
/// last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    certificates: Vec<Certificate>,
    until: Option<Instant>,
}

impl Use {
    fn allowed(self, purposes: Option<&Vec<ObjectIdentifier>>) -> bool {
        let Some(purposes) = purposes else { return self == Self::Signing };
        let among = |own: &ObjectIdentifier| match self {
            Self::Signing => [EMAIL, DOCUMENTS, ANY_PURPOSE].contains(own),
            Self::Ocsp => *own == ANSWERS,
        };
        purposes.iter().any(among)
    }
}

impl Anchor {
    /// An authority that is trusted from an instant, up to another and not with it.
    ///
    /// # Errors
    /// [`Refused::NotAnAnchor`] where it has not signed itself, or may not issue certificates.
    pub fn new(
        certificate: Certificate,
        from: Instant,
        until: Option<Instant>,
    ) -> Result<Self, Refused> {
        let own = certificate.names_as_issuer(&certificate)
            && certificate.signed_by(certificate.key())
            && issues(&certificate);
        own.then_some(Self { certificate, from, until }).ok_or(Refused::NotAnAnchor)
    }

    /// Its certificate.
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    fn trusted(&self, at: Instant) -> bool {
        self.from <= at && self.until.is_none_or(|until| at < until)
    }
}

impl Trust {
    /// The authorities that are trusted. The same one may be trusted in several spans.
    pub fn new(anchors: Vec<Anchor>) -> Self {
        Self { anchors }
    }

    /// Them.
    pub fn anchors(&self) -> &[Anchor] {
        &self.anchors
    }
}

impl Path {
    /// The certificate whose key is in question.
    pub fn leaf(&self) -> Option<&Certificate> {
        self.certificates.first()
    }

    /// The leaf first, the anchor last.
    pub fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    /// From when on the anchor is trusted no more, where that is known.
    pub fn trusted_until(&self) -> Option<Instant> {
        self.until
    }

    /// Each certificate but the anchor, with its issuer; the one below the anchor first.
    pub(crate) fn issued(&self) -> impl Iterator<Item = (&Certificate, &Certificate)> {
        self.certificates.windows(2).rev().filter_map(|pair| match pair {
            [own, issuer] => Some((own, issuer)),
            _ => None,
        })
    }
}

fn issues(certificate: &Certificate) -> bool {
    certificate.is_authority() && certificate.allows(KeyUsages::KeyCertSign)
}

/// A certificate that was reached from the leaf, and from which other.
struct Step<'c> {
    certificate: &'c Certificate,
    above: Option<usize>,
    /// How many stand between it and the leaf, with itself; of the leaf none.
    depth: usize,
}

/// Builds the path from a leaf to an authority that is trusted at an instant, by the certificates
/// that came with it, and judges all of it at that instant: days, signatures, who may issue,
/// lengths, usages and purposes. Where there are several, a shortest one.
///
/// Every certificate is reached once at most, in the fewest steps, in which it may do whatever it
/// may in more; so nothing is lost, and what is given cannot make it long.
///
/// # Errors
/// Why there is none: of several reasons the one that came nearest to a path.
pub fn verify(
    trust: &Trust,
    leaf: &Certificate,
    intermediates: &[Certificate],
    at: Instant,
    purpose: Use,
) -> Result<Path, Refused> {
    check_leaf(leaf, at, purpose)?;
    build(trust, (leaf, 0), intermediates, at, purpose)
}

/// Builds the path from an authority's certificate to one that is trusted at an instant, as
/// [`verify`] does for who signs: whether what the authority issues would count, and its lists do.
///
/// # Errors
/// Why there is none, likewise.
pub fn verify_authority(
    trust: &Trust,
    own: &Certificate,
    intermediates: &[Certificate],
    at: Instant,
) -> Result<Path, Refused> {
    if !issues(own) {
        return Err(Refused::NotAnAuthority(own.subject()));
    }
    own.valid(at)?;
    understood(own)?;
    let anchors = trust.anchors.iter().filter(|one| one.certificate == *own);
    if let Some(anchor) = anchors.clone().find(|one| one.trusted(at)) {
        return Ok(Path { certificates: vec![own.clone()], until: anchor.until });
    }
    if anchors.count() > 0 {
        return Err(Refused::NotTrustedThen(own.subject()));
    }
    // It stands between whoever signs and those above it.
    build(trust, (own, 1), intermediates, at, Use::Signing)
}

/// The path from a certificate with so many between it and who signs, itself among them.
fn build(
    trust: &Trust,
    (first, depth): (&Certificate, usize),
    intermediates: &[Certificate],
    at: Instant,
    purpose: Use,
) -> Result<Path, Refused> {
    if intermediates.len() > GIVEN_MAX {
        return Err(Refused::TooMany);
    }
    let mut search = Search { at, purpose, checks: 0, nearest: None };
    let mut reached = vec![Step { certificate: first, above: None, depth }];
    let mut next = 0;
    while let Some(Step { certificate, depth, .. }) = reached.get(next) {
        let (own, depth) = (*certificate, *depth);
        let mut found = false;
        let named = trust.anchors.iter().filter(|one| own.names_as_issuer(&one.certificate));
        for anchor in named {
            if search.issued(own, &anchor.certificate, depth)? && search.trusted(anchor) {
                return Ok(Path {
                    certificates: back(&reached, next, anchor),
                    until: anchor.until,
                });
            }
        }
        for issuer in intermediates.iter().filter(|one| own.names_as_issuer(one)) {
            let before = reached.iter().any(|step| step.certificate == issuer);
            if before || !search.issued(own, issuer, depth)? {
                continue;
            }
            found = true;
            if depth == BETWEEN_MAX {
                search.note(2, Refused::PathTooLong);
                continue;
            }
            reached.push(Step { certificate: issuer, above: Some(next), depth: depth + 1 });
        }
        if !found {
            search.note(0, Refused::NoIssuer(own.issuer()));
        }
        next += 1;
    }
    Err(search.nearest.map_or(Refused::NoIssuer(first.issuer()), |(_, why)| why))
}

/// The path from a step down to the leaf, turned round, with the anchor at its end.
fn back(reached: &[Step<'_>], from: usize, anchor: &Anchor) -> Vec<Certificate> {
    let mut path = vec![anchor.certificate.clone()];
    let mut next = Some(from);
    while let Some(step) = next.and_then(|place| reached.get(place)) {
        path.push(step.certificate.clone());
        next = step.above;
    }
    path.reverse();
    path
}

fn check_leaf(leaf: &Certificate, at: Instant, purpose: Use) -> Result<(), Refused> {
    if leaf.is_authority() {
        return Err(Refused::AuthoritySigns(leaf.subject()));
    }
    leaf.valid(at)?;
    understood(leaf)?;
    let signs = leaf.allows(KeyUsages::DigitalSignature)
        || (purpose == Use::Signing && leaf.allows(KeyUsages::NonRepudiation));
    if !signs {
        return Err(Refused::OtherUsage(leaf.subject()));
    }
    if !purpose.allowed(leaf.says().purposes.as_ref()) {
        return Err(Refused::OtherPurpose(leaf.subject()));
    }
    Ok(())
}

pub(crate) fn understood(own: &Certificate) -> Result<(), Refused> {
    match &own.says().unknown {
        Some(oid) => Err(Refused::NotUnderstood(oid.clone())),
        None => Ok(()),
    }
}

struct Search {
    at: Instant,
    purpose: Use,
    checks: usize,
    /// Why not, and how near that came: no issuer, a wrong signature, something else.
    nearest: Option<(u8, Refused)>,
}

impl Search {
    fn note(&mut self, near: u8, why: Refused) {
        if self.nearest.as_ref().is_none_or(|(before, _)| *before < near) {
            self.nearest = Some((near, why));
        }
    }

    /// Whether an issuer that is named issued it and may have done so, with so many between it and
    /// the leaf.
    fn issued(
        &mut self,
        own: &Certificate,
        issuer: &Certificate,
        between: usize,
    ) -> Result<bool, Refused> {
        self.checks += 1;
        if self.checks > CHECKS_MAX {
            return Err(Refused::TooMany);
        }
        if !own.signed_by(issuer.key()) {
            self.note(1, Refused::WrongSignature(own.subject()));
            return Ok(false);
        }
        let may = self.may_issue(issuer, between);
        Ok(may.map_err(|why| self.note(2, why)).is_ok())
    }

    fn may_issue(&self, issuer: &Certificate, between: usize) -> Result<(), Refused> {
        if !issues(issuer) {
            return Err(Refused::NotAnAuthority(issuer.subject()));
        }
        issuer.valid(self.at)?;
        understood(issuer)?;
        // Where an authority says purposes, they bind what it issues. An answer is signed by the
        // one that is asked about, or by its delegate, whatever else it is for.
        let purposes = issuer.says().purposes.as_ref();
        if self.purpose == Use::Signing && !self.purpose.allowed(purposes) {
            return Err(Refused::OtherPurpose(issuer.subject()));
        }
        if issuer.says().below.is_some_and(|most| between > usize::from(most)) {
            return Err(Refused::PathLength(issuer.subject()));
        }
        Ok(())
    }

    fn trusted(&mut self, anchor: &Anchor) -> bool {
        let trusted = anchor.trusted(self.at);
        if !trusted {
            self.note(2, Refused::NotTrustedThen(anchor.certificate.subject()));
        }
        trusted
    }
}
