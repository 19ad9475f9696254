//! By what way feeds come besides over HTTP and in a folder: the options of NATS.

use std::path::PathBuf;

use async_nats::ServerAddr;
use clap::Args;

use crate::web::Nats;

/// From where feeds are taken.
#[derive(Debug, Args)]
pub(crate) struct Feeds {
    /// A NATS server with JetStream from which batches are taken (`yiyang.feeds.SOURCE.FEED`), or
    /// several of one cluster with commas between them; none when absent.
    #[arg(long, env = "YIYANG_NATS", value_name = "nats://HOST:PORT", value_delimiter = ',')]
    nats: Vec<ServerAddr>,
    /// The file with which to sign in there (`.creds`).
    #[arg(long, env = "YIYANG_NATS_CREDENTIALS", value_name = "FILE", requires = "nats")]
    nats_credentials: Option<PathBuf>,
    /// Root certificates (PEM) for `tls://…`, besides those of the system.
    #[arg(long, env = "YIYANG_NATS_ROOTS", value_name = "FILE", requires = "nats")]
    nats_roots: Option<PathBuf>,
}

impl Feeds {
    /// Where NATS is, if it is named.
    pub(crate) fn nats(&self) -> Option<Nats> {
        let named = !self.nats.is_empty();
        named.then(|| Nats {
            servers: self.nats.clone(),
            credentials: self.nats_credentials.clone(),
            roots: self.nats_roots.clone(),
        })
    }
}
