//! By what people come in: the address of the site, which passkeys and cookies depend on, the
//! sign-in of another site, and how much hashing may go on at once.

use std::{collections::BTreeMap, net::SocketAddr, time::Duration};

use axum::{
    extract::ConnectInfo,
    http::{HeaderName, request::Parts},
};
use base::{Instant, Text, id};
use identity::{
    Password, PasswordHash,
    passkey::Site,
    provider::{Agreement, Errand, HttpRequest, HttpResponse, Provider, ProviderFault, Said},
};
use tokio::sync::{Mutex, Semaphore};

use super::fault::Fault;

/// How many passwords are hashed at once: each takes 19 MiB for a while.
const HASHING_MAX: usize = 4;
/// How long another site may take to answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);
/// The longest answer of another site, in bytes.
const ANSWER_MAX: usize = 1024 * 1024;

/// By what people come in.
pub(crate) struct Door {
    /// The address in front of every page: `https://admit.example.cn`.
    public: String,
    /// The header in which a proxy in front says from where a request comes.
    address_header: Option<HeaderName>,
    /// Another site that signs people in.
    pub(crate) elsewhere: Option<Elsewhere>,
    hashing: Semaphore,
}

impl Default for Door {
    fn default() -> Self {
        Self::new("http://localhost".to_owned(), None, None)
    }
}

impl Door {
    /// A door at that address.
    pub(crate) fn new(
        public: String,
        address_header: Option<HeaderName>,
        elsewhere: Option<Elsewhere>,
    ) -> Self {
        Self { public, address_header, elsewhere, hashing: Semaphore::new(HASHING_MAX) }
    }

    /// Whether cookies go over HTTPS alone.
    pub(crate) fn secure(&self) -> bool {
        self.public.starts_with("https://")
    }

    /// The site as devices know it.
    pub(crate) fn site(&self) -> Site {
        let host = self.public.split("://").nth(1).unwrap_or_default();
        let host = host.split(['/', ':']).next().unwrap_or_default();
        Site { id: host.to_owned(), origin: self.public.clone() }
    }

    /// From where a request comes: what a proxy in front says, where one is trusted to.
    pub(crate) fn address(&self, parts: &Parts) -> String {
        let said = self.address_header.as_ref().and_then(|name| parts.headers.get(name));
        let said = said.and_then(|value| value.to_str().ok());
        // Each proxy adds whom it heard from at the end; ours is the last.
        let last = said.and_then(|said| said.rsplit(',').next()).map(|last| last.trim().to_owned());
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        last.or_else(|| peer.map(|peer| peer.0.ip().to_string())).unwrap_or_default()
    }

    /// The hash of a password.
    pub(crate) async fn hash(&self, password: Password) -> Result<PasswordHash, Fault> {
        let _permit = self.hashing.acquire().await.map_err(|error| Fault::broken(&error))?;
        let salt = drawn::<16>()?;
        let hashed = tokio::task::spawn_blocking(move || password.hash(salt)).await;
        hashed.map_err(|error| Fault::broken(&error))?.map_err(|error| Fault::broken(&error))
    }

    /// Whether a password has that hash.
    pub(crate) async fn fits(&self, password: Password, hash: PasswordHash) -> Result<bool, Fault> {
        let _permit = self.hashing.acquire().await.map_err(|error| Fault::broken(&error))?;
        let looked = tokio::task::spawn_blocking(move || hash.of(&password)).await;
        looked.map_err(|error| Fault::broken(&error))
    }
}

/// Bytes from the system's randomness.
pub(crate) fn drawn<const N: usize>() -> Result<[u8; N], Fault> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| Fault::broken(&error))?;
    Ok(bytes)
}

/// Another site that signs people in.
pub(crate) struct Elsewhere {
    /// What its button says.
    pub(crate) title: Text,
    /// The kind of the identity number it tells.
    pub(crate) number_kind: id::Kind,
    agreement: Agreement,
    http: reqwest::Client,
    found: Mutex<Option<Provider>>,
}

impl Elsewhere {
    /// Another site under an agreement.
    ///
    /// # Errors
    /// When no client can be made for its requests.
    pub(crate) fn new(
        agreement: Agreement,
        title: Text,
        number_kind: id::Kind,
    ) -> Result<Self, reqwest::Error> {
        let http = reqwest::Client::builder()
            // Where a redirect leads is the other site's to say, and might be inside our network.
            .redirect(reqwest::redirect::Policy::none())
            .timeout(ANSWER_WITHIN)
            .build()?;
        Ok(Self { title, number_kind, agreement, http, found: Mutex::default() })
    }

    /// The other site, described once and asked again when its keys have changed.
    async fn provider(&self) -> Result<Provider, ProviderFault> {
        let mut found = self.found.lock().await;
        if let Some(provider) = found.as_ref() {
            return Ok(provider.clone());
        }
        let carry = |request| carry(self.http.clone(), request);
        let provider = Provider::discover(self.agreement.clone(), &carry).await?;
        *found = Some(provider.clone());
        Ok(provider)
    }

    /// The address to which somebody is sent.
    pub(crate) async fn address(&self, errand: &Errand) -> Result<String, ProviderFault> {
        Ok(self.provider().await?.address(errand))
    }

    /// What the other site says of whoever came back.
    pub(crate) async fn redeem(
        &self,
        errand: Errand,
        returned: &BTreeMap<String, String>,
        now: Instant,
    ) -> Result<Said, ProviderFault> {
        let text = |name: &str| returned.get(name).map(String::as_str).unwrap_or_default();
        if let Some(error) = returned.get("error") {
            return Err(ProviderFault::NotRedeemed(error.clone()));
        }
        let provider = self.provider().await?;
        let carry = |request| carry(self.http.clone(), request);
        let said = provider.redeem(&carry, errand, text("state"), text("code"), now).await;
        if matches!(said, Err(ProviderFault::NotGood(_))) {
            *self.found.lock().await = None;
        }
        said
    }
}

/// Why a request to another site came to nothing.
#[derive(Debug)]
struct NotCarried(String);

impl std::fmt::Display for NotCarried {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NotCarried {}

/// Carries a request to another site.
async fn carry(http: reqwest::Client, request: HttpRequest) -> Result<HttpResponse, NotCarried> {
    let said = |error: reqwest::Error| NotCarried(error.to_string());
    let request = reqwest::Request::try_from(request).map_err(said)?;
    let mut answer = http.execute(request).await.map_err(said)?;
    let mut whole = identity::provider::http::Response::builder().status(answer.status());
    for (name, value) in answer.headers() {
        whole = whole.header(name, value);
    }
    let mut body = Vec::new();
    while let Some(piece) = answer.chunk().await.map_err(said)? {
        if body.len() + piece.len() > ANSWER_MAX {
            return Err(NotCarried("the answer is too long".to_owned()));
        }
        body.extend_from_slice(&piece);
    }
    whole.body(body).map_err(|error| NotCarried(error.to_string()))
}
