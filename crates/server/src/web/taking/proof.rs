//! Who signed what a row tells of: its signature is verified with a certificate of somebody whom
//! the register of the pack trusted at that moment, nobody had revoked it, it names the entry that
//! the row says signed, and that entry was in force. What is not shown does not hold: the row is
//! held, with the reason.

mod kept;
mod unproved;

use std::collections::BTreeMap;

use base::{Instant, Name};
use base64ct::{Base64, Encoding as _};
use kernel::{
    EntryNumber,
    register::{Version, as_of},
};
use lake::{Batch, Flaw, Mended, Row};
use pack::model::{Feed, FeedSigned, Pack, Register};
use supervise::signed::{statement, text};

use kept::{Chain, Chains};

pub(crate) use kept::keep;
pub(crate) use unproved::{Unproved, says};

use crate::web::{app::App, fault::Fault, pages::register::OfFields};

/// How far ahead of ours the clock of who signs may go.
const SKEW: std::time::Duration = std::time::Duration::from_secs(300);

/// Judges who signed the rows of a batch, and holds those that do not stand up to it.
///
/// # Errors
/// [`Fault`] when the database fails.
pub(crate) async fn judge(
    app: &App,
    feed: &Name,
    batch: Batch,
    received: Instant,
) -> Result<Batch, Fault> {
    let app = app.now();
    if signed(&app.packs.live, feed).is_none() {
        return Ok(batch);
    }
    let proofs = Proofs::gather(&app, feed, batch.rows()).await?;
    let (pack, feed, mut batch) = (app.packs.live.clone(), feed.clone(), batch);
    let judged = tokio::task::spawn_blocking(move || {
        if let Some((feed, signed)) = signed(&pack, &feed) {
            batch.hold(|row| proofs.flaws(feed, signed, row, received));
        }
        batch
    });
    judged.await.map_err(|error| Fault::broken(&error))
}

/// What is wrong with who signed a row that was put right.
///
/// # Errors
/// [`Fault`] when the database fails.
pub(crate) async fn judge_mended(
    app: &App,
    feed: &Name,
    mended: &Mended,
) -> Result<Vec<Flaw>, Fault> {
    let app = app.now();
    let Some(((own, signed), row)) = signed(&app.packs.live, feed).zip(mended.row()) else {
        return Ok(Vec::new());
    };
    let proofs = Proofs::gather(&app, feed, std::slice::from_ref(row)).await?;
    Ok(proofs.flaws(own, signed, row, mended.came_at))
}

/// The feed of that name, where somebody signs its rows.
fn signed<'p>(pack: &'p Pack, feed: &Name) -> Option<(&'p Feed, &'p FeedSigned)> {
    let feed = pack.feeds.get(feed)?;
    Some((feed, feed.signed.as_ref()?))
}

/// Whether the platform writes the rows of a feed itself, from lists that it has verified.
pub(crate) fn written_here(pack: &Pack, feed: &Name) -> bool {
    let mut signed = pack.feeds.values().filter_map(|own| own.signed.as_ref());
    signed.any(|own| own.revocations == *feed)
}

/// All that is needed to judge some rows.
struct Proofs {
    pack: std::sync::Arc<Pack>,
    known: EntryNumber,
    chains: Chains,
    /// What the register ever said of who signed.
    signers: BTreeMap<String, Vec<Version>>,
}

impl Proofs {
    async fn gather(app: &App, feed: &Name, rows: &[Row]) -> Result<Self, Fault> {
        let pack = app.packs.live.clone();
        let known = app.store.head().await?;
        let mut signers = BTreeMap::new();
        let mut chains = Chains::default();
        if let Some((feed, signed)) = signed(&pack, feed) {
            chains = Chains::trusted(app, signed, known).await?;
            for row in rows {
                if let Some(key) = text(feed, row, &signed.by)
                    && !signers.contains_key(key)
                {
                    let versions = app.store.versions(&signed.signers, key).await?;
                    signers.insert(key.to_owned(), versions);
                }
                if let Some(fingerprint) = text(feed, row, &signed.certificate) {
                    chains.find(app, fingerprint).await?;
                }
            }
        }
        Ok(Self { pack, known, chains, signers })
    }

    fn flaws(&self, feed: &Feed, signed: &FeedSigned, row: &Row, received: Instant) -> Vec<Flaw> {
        match self.prove(feed, signed, row, received) {
            Ok(()) => Vec::new(),
            Err(why) => vec![Flaw::judged(why.column(signed), why.number())],
        }
    }

    /// That a row was signed by who it says, who might do so.
    fn prove(
        &self,
        feed: &Feed,
        signed: &FeedSigned,
        row: &Row,
        received: Instant,
    ) -> Result<(), Unproved> {
        let fingerprint = text(feed, row, &signed.certificate).ok_or(Unproved::NoCertificate)?;
        let chain = self.chains.of(fingerprint).ok_or(Unproved::NoCertificate)?;
        // Written in one way only, so that a list that comes later finds the row.
        if chain.leaf.fingerprint() != fingerprint {
            return Err(Unproved::NoCertificate);
        }
        let by = text(feed, row, &signed.by).ok_or(Unproved::OtherSigner)?;
        if chain.leaf.subject_serial_number().as_deref() != Some(by) {
            return Err(Unproved::OtherSigner);
        }
        let written = text(feed, row, &signed.signature).unwrap_or_default();
        let signature = Base64::decode_vec(written).map_err(|_| Unproved::NoSignature)?;
        let said = statement(feed, row).ok_or(Unproved::NoSignature)?;
        let path = self.path(signed, chain, row.at, received)?;
        trust::verify_record(&path, &said, &signature)?;
        let register = self.pack.registers.get(&signed.signers);
        let in_force = register.is_some_and(|register| self.in_force(register, by, row.at));
        in_force.then_some(()).ok_or(Unproved::NotInForce)
    }

    fn path(
        &self,
        signed: &FeedSigned,
        chain: &Chain,
        at: Instant,
        received: Instant,
    ) -> Result<trust::Path, Unproved> {
        let at_most = std::time::Duration::from_secs(u64::from(signed.hours) * 3_600);
        let limits = trust::Limits { skew: SKEW, at_most };
        let (trusted, known) = (&self.chains.trust, &chain.known);
        let (above, evidence) = (known.above.as_slice(), known.evidence.as_slice());
        let judged = trust::judge(trusted, &chain.leaf, above, evidence, at, received, limits)?;
        Ok(judged.path)
    }

    /// Whether an entry was in force at a moment, as it is known now.
    fn in_force(&self, register: &Register, key: &str, at: Instant) -> bool {
        let versions = self.signers.get(key).map(Vec::as_slice).unwrap_or_default();
        let day = self.pack.zone.day_of(at);
        as_of(versions, at, self.known)
            .is_some_and(|version| register.in_force_on(&OfFields(&version.fields), day))
    }
}
