//! By what people come in: the options of the site's address and of another site's sign-in.

use std::{fs, net::SocketAddr, path::PathBuf};

use axum::http::HeaderName;
use base::{Text, id};
use clap::Args;
use identity::provider::{Agreement, Secret};

use super::Stopped;
use crate::web::{BACK, Door, Elsewhere, Origin};

/// By what people come in.
#[derive(Debug, Args)]
pub(crate) struct Entrance {
    /// The address in front of every page as people see it; passkeys belong to its host, and it
    /// stands in messages, QR codes, on papers and in credentials. Behind HTTPS and a name it is
    /// also who signs credentials; else they are signed by a key alone. `http://localhost:PORT`
    /// when absent; in codes, where it listens.
    #[arg(long, env = "YIYANG_PUBLIC_URL", value_name = "https://HOST")]
    public_url: Option<String>,
    /// The header in which a proxy in front says from where a request comes; without a proxy, none.
    #[arg(long, env = "YIYANG_ADDRESS_HEADER", value_name = "NAME")]
    address_header: Option<HeaderName>,
    /// Another site that signs people in (OpenID Connect): its identifier.
    #[arg(long, env = "YIYANG_OIDC_ISSUER", value_name = "URL", requires = "oidc_client")]
    oidc_issuer: Option<String>,
    /// What it calls this site.
    #[arg(long, env = "YIYANG_OIDC_CLIENT", value_name = "ID")]
    oidc_client: Option<String>,
    /// The file with the secret that both know.
    #[arg(long, env = "YIYANG_OIDC_SECRET_FILE", value_name = "FILE")]
    oidc_secret_file: Option<PathBuf>,
    /// What its button says, in Chinese.
    #[arg(long, env = "YIYANG_OIDC_TITLE_ZH", default_value = "统一身份认证", value_name = "TEXT")]
    oidc_title_zh: String,
    /// What its button says, in English.
    #[arg(
        long,
        env = "YIYANG_OIDC_TITLE_EN",
        default_value = "Unified Identity",
        value_name = "TEXT"
    )]
    oidc_title_en: String,
    /// What it is asked to tell besides who somebody is; may be given again.
    #[arg(long, env = "YIYANG_OIDC_SCOPE", default_value = "profile", value_name = "SCOPE")]
    oidc_scope: Vec<String>,
    /// The claim in which it tells the identity number, if it does.
    #[arg(long, env = "YIYANG_OIDC_NUMBER_CLAIM", value_name = "CLAIM")]
    oidc_number_claim: Option<String>,
    /// The kind of that number: `resident-id`, `uscc`, `passport`, `mainland-permit`.
    #[arg(
        long,
        env = "YIYANG_OIDC_NUMBER_KIND",
        default_value = "resident-id",
        value_name = "KIND"
    )]
    oidc_number_kind: String,
}

impl Entrance {
    /// The door at the address listened at.
    pub(crate) fn door(&self, listen: SocketAddr) -> Result<Door, Stopped> {
        let public = match &self.public_url {
            Some(text) => parsed(text)?.to(""),
            None => format!("http://localhost:{}", listen.port()),
        };
        let elsewhere = self.elsewhere(&public)?;
        Ok(Door::new(public, self.address_header.clone(), elsewhere))
    }

    /// Where messages, codes, papers and credentials lead.
    pub(crate) fn origin(&self, listen: SocketAddr) -> Result<Origin, Stopped> {
        self.public_url.as_ref().map_or_else(|| Ok(Origin::of(listen)), |text| parsed(text))
    }

    fn elsewhere(&self, public: &str) -> Result<Option<Elsewhere>, Stopped> {
        let (Some(issuer), Some(client)) = (&self.oidc_issuer, &self.oidc_client) else {
            return Ok(None);
        };
        let secret = self.oidc_secret_file.as_ref().map(|file| {
            let unread = |error| Stopped(format!("cannot read `{}`: {error}", file.display()));
            fs::read_to_string(file).map_err(unread)
        });
        let kind =
            id::Kind::named(&self.oidc_number_kind).map_err(|reason| Stopped(reason.says.en))?;
        let agreement = Agreement {
            issuer: issuer.clone(),
            client: client.clone(),
            secret: secret.transpose()?.map(|secret| Secret(secret.trim().to_owned())),
            back: format!("{public}{BACK}"),
            scopes: self.oidc_scope.clone(),
            number_claim: self.oidc_number_claim.clone(),
        };
        let title = Text::new(self.oidc_title_zh.clone(), self.oidc_title_en.clone());
        let site = Elsewhere::new(agreement, title, kind);
        site.map(Some).map_err(|error| Stopped(error.to_string()))
    }
}

fn parsed(text: &str) -> Result<Origin, Stopped> {
    let unfit = || Stopped(format!("`{text}` is no address such as `https://admit.example`"));
    Origin::parse(text).ok_or_else(unfit)
}
