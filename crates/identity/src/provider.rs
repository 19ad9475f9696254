//! Signing in through another site (OpenID Connect Core 1.0, the code flow of section 3.1, with
//! PKCE of RFC 7636). What is drawn at random is an argument, and so is whatever carries requests.

use std::{error::Error, fmt};

use base::Instant;
use base64ct::{Base64UrlUnpadded, Encoding as _};
use openidconnect::{
    AccessTokenHash, AdditionalClaims, AsyncHttpClient, AuthType, AuthorizationCode, Client,
    ClientId, ClientSecret, CsrfToken, EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet,
    EndpointSet, IdTokenFields, IssuerUrl, Nonce, OAuth2TokenResponse as _, PkceCodeChallenge,
    PkceCodeVerifier, RedirectUrl, Scope, StandardErrorResponse, StandardTokenResponse,
    TokenResponse as _, UserInfoClaims,
    core::{
        CoreAuthDisplay, CoreAuthPrompt, CoreAuthenticationFlow, CoreErrorResponseType,
        CoreGenderClaim, CoreJsonWebKey, CoreJweContentEncryptionAlgorithm,
        CoreJwsSigningAlgorithm, CoreProviderMetadata, CoreRevocableToken,
        CoreRevocationErrorResponse, CoreTokenIntrospectionResponse, CoreTokenType,
    },
};
pub use openidconnect::{HttpRequest, HttpResponse, http};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What this site and the other have agreed on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement {
    /// The other site's identifier: `https://id.example.cn`.
    pub issuer: String,
    /// What it calls this one.
    pub client: String,
    /// The secret that both know; none for a public client.
    pub secret: Option<Secret>,
    /// The page to which it sends people back.
    pub back: String,
    /// What it is asked to tell, besides who it is: `profile`.
    pub scopes: Vec<String>,
    /// The claim with the identity number, if it tells one.
    pub number_claim: Option<String>,
}

/// A secret, which is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(pub String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// What is kept between sending somebody to the other site and their coming back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Errand {
    /// Ties the return to the browser that was sent (RFC 6749, section 10.12).
    pub state: String,
    /// Ties the token to this errand (OpenID Connect Core, section 3.1.2.1).
    pub nonce: String,
    /// Shows that who redeems the code is who asked for it (RFC 7636).
    pub verifier: Secret,
}

impl Errand {
    /// An errand of random bytes.
    pub fn new(random: [u8; 96]) -> Self {
        let [state, nonce, verifier] = [0, 32, 64].map(|start| {
            let part = random.get(start..start + 32).unwrap_or_default();
            Base64UrlUnpadded::encode_string(part)
        });
        Self { state, nonce, verifier: Secret(verifier) }
    }
}

/// What the other site says of whoever came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The other site's identifier.
    pub issuer: String,
    /// What it calls the person, for ever.
    pub subject: String,
    /// The person's name, if it says.
    pub name: Option<String>,
    /// The person's identity number, if it says.
    pub number: Option<String>,
}

/// Why a sign-in through another site did not come about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProviderFault {
    /// The other site cannot be reached, or does not describe itself as it should.
    Unreachable(String),
    /// The return belongs to no errand of this browser.
    OtherErrand,
    /// The code was not redeemed.
    NotRedeemed(String),
    /// The token is not good: its signature, issuer, audience, nonce or time.
    NotGood(String),
}

impl fmt::Display for ProviderFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable(why) => write!(f, "the other site cannot be asked: {why}"),
            Self::OtherErrand => f.write_str("the return belongs to no errand"),
            Self::NotRedeemed(why) => write!(f, "the code was not redeemed: {why}"),
            Self::NotGood(why) => write!(f, "the token is not good: {why}"),
        }
    }
}

impl Error for ProviderFault {}

/// Every claim of a token, by name.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Claims {
    #[serde(flatten)]
    all: Map<String, Value>,
}

impl AdditionalClaims for Claims {}

type Fields = IdTokenFields<
    Claims,
    EmptyExtraTokenFields,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;

type Answer = StandardTokenResponse<Fields, CoreTokenType>;

type Known = Client<
    Claims,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    Answer,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// Another site, as it describes itself.
#[derive(Debug, Clone)]
pub struct Provider {
    agreement: Agreement,
    client: Known,
}

impl Provider {
    /// Asks the other site how it is asked (OpenID Connect Discovery 1.0), and for its keys.
    ///
    /// # Errors
    /// [`ProviderFault::Unreachable`].
    pub async fn discover<C>(agreement: Agreement, http: &C) -> Result<Self, ProviderFault>
    where
        C: for<'c> AsyncHttpClient<'c>,
        for<'c> <C as AsyncHttpClient<'c>>::Error: 'static,
    {
        let unreachable = |error: &dyn Error| ProviderFault::Unreachable(in_full(error));
        let issuer =
            IssuerUrl::new(agreement.issuer.clone()).map_err(|error| unreachable(&error))?;
        let back = RedirectUrl::new(agreement.back.clone()).map_err(|error| unreachable(&error))?;
        let described = CoreProviderMetadata::discover_async(issuer, http).await;
        let described = described.map_err(|error| unreachable(&error))?;
        let secret = agreement.secret.clone().map(|Secret(secret)| ClientSecret::new(secret));
        let id = ClientId::new(agreement.client.clone());
        let client = Client::from_provider_metadata(described, id, secret)
            .set_redirect_uri(back)
            .set_auth_type(AuthType::BasicAuth);
        Ok(Self { agreement, client })
    }

    /// The address to which somebody is sent.
    pub fn address(&self, errand: &Errand) -> String {
        let verifier = PkceCodeVerifier::new(errand.verifier.0.clone());
        let (state, nonce) = (errand.state.clone(), errand.nonce.clone());
        let flow = CoreAuthenticationFlow::AuthorizationCode;
        let scopes = self.agreement.scopes.iter().cloned().map(Scope::new);
        let (address, _, _) = self
            .client
            .authorize_url(flow, || CsrfToken::new(state), || Nonce::new(nonce))
            .add_scopes(scopes)
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
            .url();
        address.into()
    }

    /// What the other site says of whoever came back with that state and code.
    ///
    /// # Errors
    /// [`ProviderFault`]; nothing is believed then.
    pub async fn redeem<C>(
        &self,
        http: &C,
        errand: Errand,
        state: &str,
        code: &str,
        now: Instant,
    ) -> Result<Said, ProviderFault>
    where
        C: for<'c> AsyncHttpClient<'c>,
        for<'c> <C as AsyncHttpClient<'c>>::Error: 'static,
    {
        if state != errand.state {
            return Err(ProviderFault::OtherErrand);
        }
        let not_redeemed = |error: &dyn Error| ProviderFault::NotRedeemed(in_full(error));
        let request = self
            .client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(|error| not_redeemed(&error))?
            .set_pkce_verifier(PkceCodeVerifier::new(errand.verifier.0));
        let answer = request.request_async(http).await.map_err(|error| not_redeemed(&error))?;
        let (subject, mut claims) = self.believed(&answer, &Nonce::new(errand.nonce), now)?;
        let subject = openidconnect::SubjectIdentifier::new(subject);
        // What the token leaves out, the other site may tell when asked (section 5.3); of the same
        // person, which the library checks.
        let token = answer.access_token().clone();
        if let Ok(asked) = self.client.user_info(token, Some(subject.clone())) {
            let told: Result<UserInfoClaims<Claims, CoreGenderClaim>, _> =
                asked.request_async(http).await;
            let told = told.map_err(|error| not_redeemed(&error))?;
            let told = serde_json::to_value(&told).unwrap_or_default();
            for (name, value) in told.as_object().into_iter().flatten() {
                claims.entry(name.clone()).or_insert_with(|| value.clone());
            }
        }
        Ok(self.said(subject.to_string(), &claims))
    }

    /// The subject and the claims of a token that passes section 3.1.3.7.
    fn believed(
        &self,
        answer: &Answer,
        nonce: &Nonce,
        now: Instant,
    ) -> Result<(String, Map<String, Value>), ProviderFault> {
        let not_good = |error: &dyn Error| ProviderFault::NotGood(in_full(error));
        let token = answer.id_token();
        let token = token.ok_or_else(|| ProviderFault::NotGood("there is none".to_owned()))?;
        let moment = chrono_of(now);
        let verifier = self.client.id_token_verifier().set_time_fn(move || moment);
        let claims = token.claims(&verifier, nonce).map_err(|error| not_good(&error))?;
        if let Some(expected) = claims.access_token_hash() {
            let algorithm = token.signing_alg().map_err(|error| not_good(&error))?;
            let key = token.signing_key(&verifier).map_err(|error| not_good(&error))?;
            let hash = AccessTokenHash::from_token(answer.access_token(), algorithm, key)
                .map_err(|error| not_good(&error))?;
            if hash != *expected {
                return Err(ProviderFault::NotGood("the access token is another".to_owned()));
            }
        }
        let all = serde_json::to_value(claims).unwrap_or_default();
        let all = all.as_object().cloned().unwrap_or_default();
        Ok((claims.subject().to_string(), all))
    }

    fn said(&self, subject: String, claims: &Map<String, Value>) -> Said {
        let text = |name: &str| {
            let text = claims.get(name).and_then(Value::as_str).map(str::trim);
            text.filter(|text| !text.is_empty()).map(str::to_owned)
        };
        Said {
            issuer: self.agreement.issuer.clone(),
            subject,
            name: text("name"),
            number: self.agreement.number_claim.as_deref().and_then(text),
        }
    }
}

/// A moment as the library counts it; one that no calendar has is before every token.
fn chrono_of(now: Instant) -> chrono::DateTime<chrono::Utc> {
    chrono::DateTime::from_timestamp_micros(now.micros()).unwrap_or_default()
}

/// An error with everything that caused it, in one line.
fn in_full(error: &dyn Error) -> String {
    let mut said = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        said = format!("{said}: {error}");
        cause = error.source();
    }
    said
}
