//! Who signs: the city under one key.
//!
//! One key for the platform and not one for each body: the bodies of a city are hundreds and are
//! reorganised, a document with all their keys would be long and change often, and the platform
//! holds all the keys anyhow. Which body decided is said inside, and its own seal is on the
//! licence.

use serde_json::{Value, json};

use super::{PublicKey, SecretKey, proof::MULTIKEY};

/// Who signs credentials.
#[derive(Debug)]
pub struct Issuer {
    did: String,
    fragment: String,
    key: SecretKey,
}

impl Issuer {
    /// Known by its address on the web where that has a `did:web`, which needs HTTPS and a name
    /// (did:web, 2.1); else by its key.
    pub fn at(origin: &str, key: SecretKey) -> Self {
        match did_web(origin) {
            Some(did) => Self { did, fragment: "credentials".to_owned(), key },
            None => Self::of_key(key),
        }
    }

    /// Known by its key alone.
    pub fn of_key(key: SecretKey) -> Self {
        let fragment = key.public().to_string();
        Self { did: format!("did:key:{fragment}"), fragment, key }
    }

    /// Its identifier.
    pub fn did(&self) -> &str {
        &self.did
    }

    /// The identifier of its key.
    pub fn method(&self) -> String {
        format!("{}#{}", self.did, self.fragment)
    }

    /// The key by which others verify.
    pub fn public(&self) -> PublicKey {
        self.key.public()
    }

    pub(super) fn key(&self) -> &SecretKey {
        &self.key
    }

    /// Its document, which `did:web` has at `/.well-known/did.json`.
    pub fn document(&self) -> Value {
        json!({
            "@context": ["https://www.w3.org/ns/did/v1", MULTIKEY],
            "id": self.did,
            "verificationMethod": [{
                "id": self.method(),
                "type": "Multikey",
                "controller": self.did,
                "publicKeyMultibase": self.public().to_string(),
            }],
            "assertionMethod": [self.method()],
        })
    }
}

/// `https://city.example:8443` is `did:web:city.example%3A8443`.
fn did_web(origin: &str) -> Option<String> {
    let host = origin.strip_prefix("https://")?.trim_end_matches('/');
    let (name, port) = host.split_once(':').map_or((host, None), |(name, port)| (name, Some(port)));
    let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '.');
    let named = name.contains(|letter: char| letter.is_ascii_alphabetic());
    let port_holds = port.is_none_or(|port| port.parse::<u16>().is_ok());
    if !named || !name.chars().all(plain) || !port_holds {
        return None;
    }
    let port = port.map(|port| format!("%3A{port}")).unwrap_or_default();
    Some(format!("did:web:{}{port}", name.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_the_web_is_an_identifier_only_over_https_and_by_name() {
        let rows = [
            ("https://city.example", Some("did:web:city.example")),
            ("https://City.example/", Some("did:web:city.example")),
            ("https://city.example:8443", Some("did:web:city.example%3A8443")),
            ("http://city.example", None),
            ("https://127.0.0.1:8443", None),
            ("https://city.example/below", None),
            ("https://city.example:x", None),
            ("https://a:b@city.example", None),
            ("https://", None),
        ];
        for (origin, did) in rows {
            assert_eq!(did_web(origin).as_deref(), did, "{origin}");
        }
    }
}
