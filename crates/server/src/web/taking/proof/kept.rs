//! Certificates and lists of revoked ones: judged before they are kept, found again for rows, and
//! what lists say written as rows of a feed, so that rules find what was taken in before anybody
//! knew.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use base::{Instant, Name};
use base64ct::{Base64, Encoding as _};
use kernel::EntryNumber;
use pack::model::{FeedSigned, REVOKED};
use rules::Value;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use store::certifying::{Certifying, CertifyingKind};
use trust::{Anchor, Certificate, Evidence, Listed, Reason, RevocationList, Trust};

use super::{SKEW, Unproved, signed};
use crate::web::{
    app::App,
    fault::Fault,
    pages::register::OfFields,
    session::unhex,
    taking::{NotSent, Taking, untaken},
};

/// Certificates above one another at most; the same that a path may have.
const ABOVE_MAX: usize = 5;
/// The certificates and lists that are sent at once.
const SENT_MAX: usize = 1_000;
/// Entries of a register that are read at a time.
const ENTRIES: u32 = 500;
/// Whose rows tell which certificates were revoked.
const SOURCE: &str = "revocation-lists";

/// A certificate with all that is kept of what stands above it, and of lists.
pub(super) struct Chain {
    pub(super) leaf: Certificate,
    pub(super) known: Arc<Known>,
}

/// What is kept of an issuer's name and of those above it.
pub(super) struct Known {
    pub(super) above: Vec<Certificate>,
    pub(super) evidence: Vec<Evidence>,
}

/// Whom the register trusts, and the certificates that were asked for.
#[derive(Default)]
pub(super) struct Chains {
    pub(super) trust: Trust,
    found: BTreeMap<String, Option<Chain>>,
    /// By the name of who issued it: many have one issuer.
    known: BTreeMap<String, Arc<Known>>,
}

impl Chains {
    /// Whom the register trusts, each for as long as its entry is in force.
    pub(super) async fn trusted(
        app: &App,
        signed: &FeedSigned,
        known: EntryNumber,
    ) -> Result<Self, Fault> {
        let pack = &app.packs.live;
        let Some(register) = pack.registers.get(&signed.trusts) else {
            return Ok(Self::default());
        };
        let (mut anchors, mut after) = (Vec::new(), None::<String>);
        loop {
            let keys = app.store.keys(&signed.trusts, (after.as_deref(), None), ENTRIES).await?;
            let Some(last) = keys.last().cloned() else { break };
            let whole = app.store.whole(&signed.trusts, &keys).await?;
            for version in whole.entries.into_values().flatten() {
                let day = pack.zone.day_of(version.valid_from);
                let in_force = register.in_force_on(&OfFields(&version.fields), day);
                let Some(Value::Text(root)) = version.fields.get(&signed.root) else { continue };
                if !(version.known_at(known) && in_force) {
                    continue;
                }
                // What is written there and is no certificate of an authority vouches for nobody.
                let anchor = written(root)
                    .and_then(|der| Certificate::read(&der).ok())
                    .and_then(|own| Anchor::new(own, version.valid_from, version.valid_until).ok());
                anchors.extend(anchor);
            }
            after = Some(last);
        }
        Ok(Self { trust: Trust::new(anchors), ..Self::default() })
    }

    /// Finds the certificate of a fingerprint.
    pub(super) async fn find(&mut self, app: &App, fingerprint: &str) -> Result<(), Fault> {
        if self.found.contains_key(fingerprint) {
            return Ok(());
        }
        let chain = match digest_of(fingerprint) {
            None => None,
            Some(digest) => match app.store.certificate(&digest).await? {
                None => None,
                Some(der) => match Certificate::read(&der) {
                    Ok(leaf) => {
                        let known = self.known_of(app, leaf.issuer()).await?;
                        Some(Chain { leaf, known })
                    }
                    Err(_) => None,
                },
            },
        };
        self.found.insert(fingerprint.to_owned(), chain);
        Ok(())
    }

    async fn known_of(&mut self, app: &App, issuer: String) -> Result<Arc<Known>, Fault> {
        if let Some(known) = self.known.get(&issuer) {
            return Ok(known.clone());
        }
        let known = Arc::new(known_above(app, issuer.clone()).await?);
        self.known.insert(issuer, known.clone());
        Ok(known)
    }

    pub(super) fn of(&self, fingerprint: &str) -> Option<&Chain> {
        self.found.get(fingerprint)?.as_ref()
    }
}

/// What is kept of a name and of those above it: certificates, and the latest lists of each.
async fn known_above(app: &App, issuer: String) -> Result<Known, Fault> {
    let above = authorities(app, BTreeSet::from([issuer.clone()])).await?;
    let above: Vec<Certificate> = above.into_iter().take(trust::path::GIVEN_MAX).collect();
    let names: BTreeSet<String> = above.iter().map(Certificate::issuer).chain([issuer]).collect();
    let mut evidence = Vec::new();
    for name in names {
        for der in app.store.certifying(CertifyingKind::List, &named(&name)).await? {
            evidence.extend(RevocationList::read(&der).ok().map(Evidence::List));
        }
    }
    Ok(Known { above, evidence })
}

/// The authorities that are kept of some names and of those above them, each name asked once.
async fn authorities(app: &App, names: BTreeSet<String>) -> Result<Vec<Certificate>, Fault> {
    let (mut above, mut asked, mut next) = (Vec::new(), names.clone(), names);
    for _ in 0..ABOVE_MAX {
        for name in std::mem::take(&mut next) {
            for der in app.store.certifying(CertifyingKind::Certificate, &named(&name)).await? {
                let own = Certificate::read(&der).ok().filter(Certificate::is_authority);
                let Some(own) = own else { continue };
                if asked.insert(own.issuer()) {
                    next.insert(own.issuer());
                }
                above.push(own);
            }
        }
    }
    Ok(above)
}

/// The certificate that somebody wrote into a form, where its lines may have become one.
fn written(root: &str) -> Option<Vec<u8>> {
    let inside = root.split_once("-----BEGIN CERTIFICATE-----")?.1;
    let inside = inside.split_once("-----END CERTIFICATE-----")?.0;
    let letters: String = inside.chars().filter(|letter| !letter.is_whitespace()).collect();
    Base64::decode_vec(&letters).ok()
}

/// The bytes of a fingerprint.
fn digest_of(fingerprint: &str) -> Option<[u8; 32]> {
    unhex(fingerprint)?.try_into().ok()
}

/// By what documents of a name are found.
fn named(name: &str) -> [u8; 32] {
    Sha256::digest(name.as_bytes()).into()
}

/// What became of certificates and lists that were sent.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    /// How many are new here.
    pub(crate) new: usize,
    /// How many certificates stand revoked by what was sent.
    pub(crate) revoked: usize,
    /// Those that are not kept, by their places from 1.
    pub(crate) refused: Vec<(usize, Unproved)>,
}

/// Something that was sent.
enum Sent {
    Certificate(Certificate),
    List(RevocationList),
}

/// Keeps the certificates and lists of a text of PEM that stand up to whom the register trusts now,
/// and writes which certificates stand revoked.
///
/// # Errors
/// [`Fault::Rows`] where nothing of it is kept, another where the database fails.
pub(crate) async fn keep(
    app: &App,
    taking: &Taking,
    (source, feed): (Name, Name),
    body: &[u8],
    now: Instant,
) -> Result<Kept, Fault> {
    let app = app.now();
    let pack = app.packs.live.clone();
    let (_, signed) = signed(&pack, &feed).ok_or(Fault::Rows(NotSent::NobodySigns))?;
    let mut kept = Kept::default();
    let sent = read(body, &mut kept)?;
    let trusted = Chains::trusted(&app, signed, app.store.head().await?).await?.trust;
    let mut above: Vec<Certificate> = sent.iter().filter_map(|(_, own)| own.authority()).collect();
    let issuers = sent.iter().map(|(_, own)| own.issuer()).collect();
    above.extend(authorities(&app, issuers).await?);
    let mut documents = Vec::new();
    for (place, own) in &sent {
        match own.stands(&trusted, &above, now) {
            Ok(()) => documents.push(own.document(&source, now)),
            Err(why) => kept.refused.push((*place, why)),
        }
    }
    kept.refused.sort_by_key(|(place, _)| *place);
    let new = app.store.keep_certifying(&documents).await?;
    kept.new = new.len();
    let issuers = documents.iter().filter(|own| new.contains(&own.digest)).map(|own| own.issuer);
    let issuers: BTreeSet<[u8; 32]> = issuers.collect();
    let anchors = trusted.anchors().iter().map(|own| own.certificate().clone());
    above.extend(anchors);
    for issuer in issuers {
        kept.revoked += tell_revoked(&app, taking, (signed, issuer, &above), now).await?;
    }
    Ok(kept)
}

/// What was sent, with its place; what cannot be read is refused.
fn read(body: &[u8], kept: &mut Kept) -> Result<Vec<(usize, Sent)>, Fault> {
    let text = std::str::from_utf8(body).map_err(|_| Fault::Rows(NotSent::NoCertificate))?;
    let mut sent = Vec::new();
    let mut rest = text;
    let mut place = 0;
    while let Some((_, from)) = rest.split_once("-----BEGIN ") {
        place += 1;
        if place > SENT_MAX {
            return Err(Fault::Rows(NotSent::TooLong));
        }
        let label = from.split("-----").next().unwrap_or_default();
        let end = format!("-----END {label}-----");
        let (inside, after) = from.split_once(&end).unwrap_or((from, ""));
        let block = format!("-----BEGIN {inside}{end}\n");
        let own = match label {
            "X509 CRL" => RevocationList::read(block.as_bytes()).map(Sent::List),
            _ => Certificate::read(block.as_bytes()).map(Sent::Certificate),
        };
        match own {
            Ok(own) => sent.push((place, own)),
            Err(why) => kept.refused.push((place, why.into())),
        }
        rest = after;
    }
    if place == 0 { Err(Fault::Rows(NotSent::NoCertificate)) } else { Ok(sent) }
}

impl Sent {
    /// The certificate of one who may issue others.
    fn authority(&self) -> Option<Certificate> {
        match self {
            Self::Certificate(own) if own.is_authority() => Some(own.clone()),
            _ => None,
        }
    }

    fn issuer(&self) -> String {
        match self {
            Self::Certificate(own) => own.issuer(),
            Self::List(own) => own.issuer(),
        }
    }

    /// Whether it leads to somebody who is trusted now. A certificate that is not valid yet is
    /// judged at its first second.
    fn stands(&self, trusted: &Trust, above: &[Certificate], now: Instant) -> Result<(), Unproved> {
        match self {
            Self::Certificate(own) => {
                let at = now.max(own.not_before());
                let above = few(above, own);
                let path = if own.is_authority() {
                    trust::verify_authority(trusted, own, &above, at)
                } else {
                    trust::verify(trusted, own, &above, at, trust::Use::Signing)
                };
                Ok(path.map(drop)?)
            }
            Self::List(own) => {
                // One that is made ahead of time would vouch for every moment before it.
                let ahead = own.this_update().micros().saturating_sub(now.micros());
                if ahead > SKEW.as_micros().try_into().unwrap_or(i64::MAX) {
                    return Err(Unproved::ListAhead);
                }
                let anchors = trusted.anchors().iter().map(Anchor::certificate);
                let all = anchors.chain(above);
                let mut why = trust::Refused::NoIssuer(own.issuer());
                for issuer in all.filter(|one| own.names(one)) {
                    let stands = own.verify(issuer).and_then(|()| {
                        let above = few(above, issuer);
                        trust::verify_authority(trusted, issuer, &above, now).map(drop)
                    });
                    match stands {
                        Ok(()) => return Ok(()),
                        Err(error) => why = error,
                    }
                }
                Err(why.into())
            }
        }
    }

    fn document(&self, source: &Name, now: Instant) -> Certifying {
        let (kind, der, at) = match self {
            Self::Certificate(own) => (CertifyingKind::Certificate, own.to_der(), own.not_before()),
            Self::List(own) => (CertifyingKind::List, own.to_der(), own.this_update()),
        };
        let issuer = named(&self.issuer());
        let name = match self {
            Self::Certificate(own) => named(&own.subject()),
            Self::List(_) => issuer,
        };
        Certifying {
            digest: Sha256::digest(der).into(),
            kind,
            name,
            issuer,
            at,
            document: der.to_vec(),
            source: source.clone(),
            taken_at: now,
        }
    }
}

/// The certificates that may stand above one: those of its issuer's name and of theirs.
fn few(all: &[Certificate], own: &Certificate) -> Vec<Certificate> {
    let (mut found, mut names): (Vec<Certificate>, _) = (Vec::new(), vec![own.issuer()]);
    let mut asked = BTreeSet::new();
    while let Some(name) = names.pop() {
        if !asked.insert(name.clone()) {
            continue;
        }
        for one in all.iter().filter(|one| one.subject() == name) {
            if found.len() < trust::path::GIVEN_MAX && !found.contains(one) {
                names.push(one.issuer());
                found.push(one.clone());
            }
        }
    }
    found
}

/// Writes which certificates of an issuer that are kept stand revoked on its lists, each with what
/// it issued itself; how many. A hold is none: it may be let go.
async fn tell_revoked(
    app: &App,
    taking: &Taking,
    (signed, issuer, above): (&FeedSigned, [u8; 32], &[Certificate]),
    now: Instant,
) -> Result<usize, Fault> {
    let lists = app.store.certifying(CertifyingKind::List, &issuer).await?;
    let lists = lists.iter().filter_map(|der| RevocationList::read(der).ok());
    // By whose key each list is: two authorities of one name count apart.
    let lists: Vec<(RevocationList, &Certificate)> = lists
        .filter_map(|list| {
            let by = above.iter().find(|own| list.verify(own).is_ok())?;
            Some((list, by))
        })
        .collect();
    let mut told = 0;
    let mut next: Vec<([u8; 32], Option<Listed>)> = vec![(issuer, None)];
    for _ in 0..ABOVE_MAX {
        for (issuer, inherited) in std::mem::take(&mut next) {
            let mut after = None;
            loop {
                let page = app.store.issued_by(&issuer, after).await?;
                let Some((last, _)) = page.last() else { break };
                after = Some(*last);
                let own = page.iter().filter_map(|(_, der)| Certificate::read(der).ok());
                let revoked: Vec<(Certificate, Listed)> = own
                    .filter_map(|own| {
                        let said = inherited.clone().or_else(|| listed(&lists, &own, now))?;
                        Some((own, said))
                    })
                    .collect();
                let below = revoked.iter().filter(|(own, _)| own.is_authority());
                next.extend(below.map(|(own, said)| (named(&own.subject()), Some(said.clone()))));
                let lines: String =
                    revoked.iter().map(|(own, said)| revoked_line(own, said)).collect();
                if !lines.is_empty() {
                    let lake = taking.lake();
                    let taken = lake.take(&signed.revocations, SOURCE, lines.as_bytes(), now).await;
                    taken.map_err(untaken)?;
                }
                told += revoked.len();
            }
        }
    }
    Ok(told)
}

/// What the lists say of a certificate, for good: of several the one from which it counts for
/// nothing first.
fn listed(
    lists: &[(RevocationList, &Certificate)],
    own: &Certificate,
    now: Instant,
) -> Option<Listed> {
    let by_it = lists.iter().filter(|(_, by)| own.is_issued_by(by));
    let said = by_it.flat_map(|(list, _)| list.listed());
    let lasting = said.filter(|one| one.serial == own.serial() && one.reason != Reason::Hold);
    lasting.filter(|one| one.since() <= now).min_by_key(|one| one.since()).cloned()
}

/// The row that tells of a revoked certificate.
fn revoked_line(own: &Certificate, said: &Listed) -> String {
    let [certificate, revoked_at, reason] = REVOKED;
    let why = said.reason.says();
    let row = json!({
        certificate: own.fingerprint(),
        revoked_at: said.since().to_string(),
        reason: format!("{} / {}", why.zh, why.en),
    });
    format!("{row}\n")
}
