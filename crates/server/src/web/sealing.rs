//! The official seals of a jurisdiction, made anew from the vault key whenever one is set or looked
//! at: the same key and days give the same seals, so none is kept.
//!
//! They are test seals, and their certificates say so. In a running city a seal machine signs, by
//! another [`Signer`](exchange::licence::Signer), and the city's seal root is configured (ADR 14).

use base::{Date, Instant, Text, Zone};
use exchange::licence::{Certificate, Days, Licence, Root, Seal, SoftKey, Unmade};
use kernel::BodyId;
use store::SealKeys;

use super::app::App;

/// How many years a body's certificate is valid, from the first day of the year in which it seals.
const YEARS: u32 = 5;

/// The certificate of the seal root of a jurisdiction.
///
/// # Errors
/// [`Unmade`] where the key does not sign.
pub(crate) fn root_certificate(keys: &SealKeys, jurisdiction: &str) -> Result<Certificate, Unmade> {
    let key = SoftKey::from_secret(&keys.root())?;
    Ok(root(&key, jurisdiction)?.certificate().clone())
}

/// Named by the code of its place, which no later edition of the pack calls otherwise; its days are
/// wide enough for every decision that a pack can date.
fn root<'k>(key: &'k SoftKey, jurisdiction: &str) -> Result<Root<'k>, Unmade> {
    let named = Text::new(format!("行政区划 {jurisdiction}"), format!("division {jurisdiction}"));
    let day = |year| Date::new(year, 1, 1).unwrap_or(Date::MIN);
    Root::new(key, &named, Days { from: day(2000), until: day(2100) })
}

/// Does something with the seal of a body as it was when a licence is sealed.
///
/// # Errors
/// [`Unmade`] where a key does not sign, or from what is done with the seal.
pub(crate) fn sealed<T>(
    app: &App,
    licence: &Licence,
    by: &BodyId,
    set: impl FnOnce(&Seal<'_>) -> Result<T, Unmade>,
) -> Result<T, Unmade> {
    let keys = app.store.seal_keys();
    let (top, own) = (SoftKey::from_secret(&keys.root())?, SoftKey::from_secret(&keys.body(by))?);
    let root = root(&top, &jurisdiction(app))?;
    let named = (licence.metadata.office.as_str(), &licence.metadata.body);
    set(&Seal::new(&root, &own, named, days(licence.sealed_at))?)
}

/// The certificate of the seal root here.
///
/// # Errors
/// [`Unmade`] where the key does not sign.
pub(crate) fn root_here(app: &App) -> Result<Certificate, Unmade> {
    root_certificate(app.store.seal_keys(), &jurisdiction(app))
}

fn jurisdiction(app: &App) -> String {
    app.packs.live.jurisdiction.as_ref().map(ToString::to_string).unwrap_or_default()
}

/// Certificates count days by the clocks of UTC.
fn days(sealed_at: Instant) -> Days {
    let day = Zone::named("UTC").map_or(Date::MIN, |utc| utc.day_of(sealed_at));
    let from = Date::new(day.year(), 1, 1).unwrap_or(day);
    Days { from, until: from.plus_years(YEARS).unwrap_or(Date::MAX) }
}
