//! What documents are made with: where the city is on the web, who signs its credentials, and the
//! fonts of its papers.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{Arc, OnceLock},
};

use base::Name;
use exchange::credential::{Issuer, SecretKey, Trust};
use print::{Document, Fonts, Unprinted};
use store::SealKeys;
use tokio::sync::{Mutex, Semaphore};

use super::fault::Fault;

/// What documents are made with.
#[derive(Debug)]
pub(crate) struct Documents {
    origin: Origin,
    fonts: OnceLock<Result<Fonts, Unprinted>>,
    /// Papers that are set at the same time; the others wait, and nobody else does.
    presses: Semaphore,
    /// Lists of what was taken back, as they were last written down.
    pub(crate) lists: Mutex<Lists>,
}

/// Lists by register and number.
pub(crate) type Lists = BTreeMap<(Name, u64), Kept>;

/// A list as it was at a ledger number and in a minute.
#[derive(Debug, Clone)]
pub(crate) struct Kept {
    /// The ledger number.
    pub(crate) head: u64,
    /// The minute since 1970.
    pub(crate) minute: i64,
    /// The list, signed.
    pub(crate) list: serde_json::Value,
}

/// Where the city is on the web: a scheme, a host, perhaps a port, and nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Origin(String);

impl Origin {
    /// Reads an address such as `https://city.example`; none where it is none, or has a path.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim().trim_end_matches('/');
        let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
        let plain = |letter: char| {
            letter.is_ascii_alphanumeric() || matches!(letter, '-' | '.' | ':' | '[' | ']')
        };
        (!host.is_empty() && host.chars().all(plain)).then(|| Self(text.to_owned()))
    }

    /// A city that has no other address than the one it listens at.
    pub(crate) fn of(address: SocketAddr) -> Self {
        Self(format!("http://{address}"))
    }

    /// As it is written.
    pub(crate) fn text(&self) -> &str {
        &self.0
    }

    /// An address here.
    pub(crate) fn to(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }

    /// The same as people read it, without its scheme.
    pub(crate) fn shown(&self, path: &str) -> String {
        let host = self.0.split_once("://").map_or(self.0.as_str(), |(_, host)| host);
        format!("{host}{path}")
    }
}

impl Documents {
    /// For a city at an address.
    pub(crate) fn at(origin: Origin) -> Arc<Self> {
        Arc::new(Self {
            origin,
            fonts: OnceLock::new(),
            presses: Semaphore::new(1),
            lists: Mutex::default(),
        })
    }

    /// Where the city is.
    pub(crate) fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Who signs credentials: known by the address where it has a name under HTTPS, else by the
    /// key.
    pub(crate) fn issuer(&self, keys: &SealKeys) -> Issuer {
        Issuer::at(&self.origin.0, key(keys))
    }

    /// Whose credentials are ours: also those from before the city had an address.
    pub(crate) fn trust(&self, keys: &SealKeys) -> Trust {
        Trust::of(&[self.issuer(keys), Issuer::of_key(key(keys))])
    }

    /// A paper as PDF. The fonts are looked for with the first.
    ///
    /// # Errors
    /// [`Fault::Unprinted`] where it cannot be set.
    pub(crate) async fn print(self: &Arc<Self>, paper: Document) -> Result<Vec<u8>, Fault> {
        let _press = self.presses.acquire().await.map_err(|error| Fault::broken(&error))?;
        let own = self.clone();
        let work = move || {
            let fonts = own.fonts.get_or_init(Fonts::of_system).as_ref();
            fonts.map_err(Clone::clone).and_then(|fonts| print::print(fonts, &paper))
        };
        let done = tokio::task::spawn_blocking(work).await;
        done.map_err(|error| Fault::broken(&error))?.map_err(Fault::unprinted)
    }
}

/// The key with which a city signs credentials.
pub(crate) fn key(keys: &SealKeys) -> SecretKey {
    SecretKey::from_secret(&keys.credentials())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_has_a_host_and_nothing_behind_it() {
        let rows = [
            ("https://city.example", true),
            (" https://city.example:8443/ ", true),
            ("http://127.0.0.1:8080", true),
            ("http://[::1]:8080", true),
            ("city.example", false),
            ("ftp://city.example", false),
            ("https://", false),
            ("https://city.example/below", false),
            ("https://a@city.example", false),
            ("https://city.example?x", false),
        ];
        for (text, holds) in rows {
            assert_eq!(Origin::parse(text).is_some(), holds, "{text}");
        }
        let origin = Origin::parse("https://city.example/").unwrap();
        assert_eq!(origin.to("/zh/"), "https://city.example/zh/");
        assert_eq!(origin.shown("/zh/"), "city.example/zh/");
    }
}
