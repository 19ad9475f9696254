//! Certificates and lists of revoked ones: judged before they are kept, found again for rows, and
//! what lists say written as rows of a feed, so that rules find what was taken in before anybody
//! knew.

use std::collections::{BTreeMap, BTreeSet};

use base::{Instant, Name};
use base64ct::{Base64, Encoding as _};
use kernel::EntryNumber;
use pack::model::{FeedSigned, REVOKED};
use rules::Value;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use store::certifying::{Certifying, CertifyingKind};
use trust::{Anchor, Certificate, Evidence, Listed, Reason, RevocationList, Trust};

use super::{Unproved, signed};
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
    pub(super) above: Vec<Certificate>,
    pub(super) evidence: Vec<Evidence>,
}

/// Whom the register trusts, and the certificates that were asked for.
#[derive(Default)]
pub(super) struct Chains {
    pub(super) trust: Trust,
    found: BTreeMap<String, Option<Chain>>,
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
        Ok(Self { trust: Trust::new(anchors), found: BTreeMap::new() })
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
                    Ok(leaf) => Some(chain(app, leaf).await?),
                    Err(_) => None,
                },
            },
        };
        self.found.insert(fingerprint.to_owned(), chain);
        Ok(())
    }

    pub(super) fn of(&self, fingerprint: &str) -> Option<&Chain> {
        self.found.get(fingerprint)?.as_ref()
    }
}

/// A certificate with those above it and the latest lists of all who issued them.
async fn chain(app: &App, leaf: Certificate) -> Result<Chain, Fault> {
    let (mut above, mut evidence): (Vec<Certificate>, Vec<Evidence>) = (Vec::new(), Vec::new());
    let (mut asked, mut next) = (BTreeSet::new(), vec![leaf.issuer()]);
    for _ in 0..ABOVE_MAX {
        let names = std::mem::take(&mut next);
        for name in names.into_iter().filter(|name| asked.insert(name.clone())) {
            let digest = named(&name);
            for der in app.store.certifying(CertifyingKind::List, &digest).await? {
                evidence.extend(RevocationList::read(&der).ok().map(Evidence::List));
            }
            for der in app.store.certifying(CertifyingKind::Certificate, &digest).await? {
                let Ok(own) = Certificate::read(&der) else { continue };
                if own.is_authority() && above.len() < trust::path::GIVEN_MAX {
                    next.push(own.issuer());
                    above.push(own);
                }
            }
        }
    }
    Ok(Chain { leaf, above, evidence })
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
    pub(crate) new: u64,
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
    for (_, own) in &sent {
        above.extend(chain_above(&app, own.issuer()).await?);
    }
    let mut documents = Vec::new();
    for (place, own) in &sent {
        match own.stands(&trusted, &above, now) {
            Ok(()) => documents.push(own.document(&source, now)),
            Err(why) => kept.refused.push((*place, why.into())),
        }
    }
    kept.refused.sort_by_key(|(place, _)| *place);
    kept.new = app.store.keep_certifying(&documents).await?;
    let issuers: BTreeSet<[u8; 32]> = documents.iter().map(|own| own.issuer).collect();
    for issuer in issuers {
        kept.revoked += tell_revoked(&app, taking, (signed, issuer), now).await?;
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

/// The authorities that are kept of a name and above it.
async fn chain_above(app: &App, name: String) -> Result<Vec<Certificate>, Fault> {
    let (mut above, mut next) = (Vec::new(), vec![name]);
    for _ in 0..ABOVE_MAX {
        for name in std::mem::take(&mut next) {
            for der in app.store.certifying(CertifyingKind::Certificate, &named(&name)).await? {
                let own = Certificate::read(&der).ok().filter(Certificate::is_authority);
                next.extend(own.as_ref().map(Certificate::issuer));
                above.extend(own);
            }
        }
    }
    Ok(above)
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
    fn stands(
        &self,
        trusted: &Trust,
        above: &[Certificate],
        now: Instant,
    ) -> Result<(), trust::Refused> {
        match self {
            Self::Certificate(own) => {
                let at = now.max(own.not_before());
                let above = few(above, own);
                if own.is_authority() {
                    return trust::verify_authority(trusted, own, &above, at).map(drop);
                }
                trust::verify(trusted, own, &above, at, trust::Use::Signing).map(drop)
            }
            Self::List(own) => {
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
                Err(why)
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

/// Writes which certificates of an issuer that are kept stand revoked on its lists; how many.
/// A hold is none: it may be let go.
async fn tell_revoked(
    app: &App,
    taking: &Taking,
    (signed, issuer): (&FeedSigned, [u8; 32]),
    now: Instant,
) -> Result<usize, Fault> {
    let lists = app.store.certifying(CertifyingKind::List, &issuer).await?;
    let lists: Vec<RevocationList> =
        lists.iter().filter_map(|der| RevocationList::read(der).ok()).collect();
    let told = |own: &&Listed| own.reason != Reason::Hold && own.since() <= now;
    // Of one certificate the latest list speaks last.
    let listed = lists.iter().rev().flat_map(|list| list.listed().iter().filter(told));
    let listed: BTreeMap<&[u8], &Listed> = listed.map(|own| (own.serial.as_slice(), own)).collect();
    let (mut lines, mut count, mut after) = (String::new(), 0, None);
    loop {
        let page = app.store.issued_by(&issuer, after).await?;
        let Some((last, _)) = page.last() else { break };
        after = Some(*last);
        for (_, der) in &page {
            let Ok(own) = Certificate::read(der) else { continue };
            let Some(said) = listed.get(own.serial()) else { continue };
            lines.push_str(&revoked_line(&own, said));
            count += 1;
        }
        if !lines.is_empty() {
            let lake = taking.lake();
            let taken = lake.take(&signed.revocations, SOURCE, lines.as_bytes(), now).await;
            taken.map_err(untaken)?;
            lines.clear();
        }
    }
    Ok(count)
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
