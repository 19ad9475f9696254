//! `yiyang credential`: verifying a verifiable credential without a city, and the key it takes.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{SystemTime, UNIX_EPOCH},
};

use base::{Instant, Language};
use clap::Subcommand;
use exchange::credential::{Fault, Report, Trust, held_against, verify};
use store::{SealKeys, VaultKey};

use super::{Call, Ended, Stopped, ledger::shown, pack::load_named, say};
use crate::{
    city::Place,
    web::{Ours, credential_key, proved_in_json, unproved_in_json},
};

/// What can be done with verifiable credentials.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Verify a credential with nothing but the file and the key of who signed it. Whether the
    /// entry still holds is what the public register says, or the list that the credential names.
    Verify {
        /// The credential, a JSON file.
        file: PathBuf,
        /// The key: a Multikey (`z6Mk…`), a `did:key`, or the file of the issuer's `did.json`.
        /// Without it nobody vouches for the proof.
        #[arg(long)]
        issuer: Option<String>,
        /// The list of what was taken back, from the address that the credential names.
        #[arg(long)]
        status: Option<PathBuf>,
        /// The moment at which it must hold, such as `2026-03-04T09:00:00Z`; now when absent.
        #[arg(long)]
        at: Option<String>,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Print the key with which a city signs credentials, as a Multikey.
    Key {
        /// The folder of the city.
        #[arg(long, default_value = "var")]
        data: PathBuf,
        /// The name of the pack the city runs.
        #[arg(long, env = "YIYANG_PACK")]
        pack: Option<String>,
    },
}

/// Runs the command.
pub(crate) fn run(call: &Call, command: Command) -> Ended {
    match command {
        Command::Verify { file, issuer, status, at, json } => {
            let trust = issuer.as_deref().map_or(Ok(Trust::Nobody), trust)?;
            let list = status.as_deref().map(read).transpose()?;
            let found = verdict(&read(&file)?, &trust, list.as_deref(), moment(at.as_deref())?);
            say(&said(call, &found, json))?;
            Ok(found.is_ok_and(|report| report.trusted))
        }
        Command::Key { data, pack } => key(call, &data, pack),
    }
}

fn verdict(bytes: &[u8], trust: &Trust, list: Option<&[u8]>, at: Instant) -> Result<Report, Fault> {
    let report = verify(bytes, trust)?;
    report.holds_at(at)?;
    match list {
        Some(list) => held_against(&report, list, trust).map(|()| report),
        None => Ok(report),
    }
}

fn read(file: &Path) -> Result<Vec<u8>, Stopped> {
    fs::read(file).map_err(|error| Stopped(format!("`{}`: {error}", file.display())))
}

/// The key itself, or a file in which it is.
fn trust(given: &str) -> Result<Trust, Stopped> {
    if let Some(trust) = Trust::parse(given) {
        return Ok(trust);
    }
    let text = String::from_utf8(read(Path::new(given))?);
    let none = || Stopped(format!("`{given}` holds no key for assertions"));
    text.ok().and_then(|text| Trust::parse(&text)).ok_or_else(none)
}

fn moment(given: Option<&str>) -> Result<Instant, Stopped> {
    match given {
        Some(text) => Instant::parse(text).map_err(|reason| Stopped(reason.says.en)),
        None => {
            let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
            Ok(Instant::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX)))
        }
    }
}

fn said(call: &Call, found: &Result<Report, Fault>, json: bool) -> String {
    match found {
        Ok(report) if json => format!("{:#}\n", proved_in_json(report, None, &Ours::default())),
        Err(fault) if json => format!("{:#}\n", unproved_in_json(*fault)),
        Ok(report) => sound(report, call.language),
        Err(fault) => {
            let (says, next) = (fault.says(), fault.next());
            let (says, next) = (says.to(call.language), next.to(call.language));
            format!("{} {says}\n{next}\n", fault.number())
        }
    }
}

/// Whether anybody vouches comes first; what the file says of itself comes after it.
fn sound(report: &Report, language: Language) -> String {
    let said = &report.metadata;
    let (issuer, number, entry) = (&report.issuer, &said.number, &report.entry);
    match language {
        Language::Zh => {
            let vouched = match report.trusted {
                true => format!("签名有效，密钥可信：由 {issuer} 签发"),
                false => format!(
                    "未经信任的签名，自称 {issuer}：未给出公钥（--issuer），只能说明内容未被改动"
                ),
            };
            let invented = if report.invented { "演示：内容为虚构\n" } else { "" };
            let title = &said.title.zh;
            format!("{vouched}\n{invented}凭证所载：{title} {number}\n现行效力请查 {entry}\n")
        }
        Language::En => {
            let vouched = match report.trusted {
                true => format!("key trusted: signed by {issuer}"),
                false => format!(
                    "a proof nobody vouches for, calling itself {issuer}: no key was given \
                     (--issuer), so all that is known is that nothing was changed"
                ),
            };
            let invented = if report.invented { "a demonstration: it is invented\n" } else { "" };
            let title = &said.title.en;
            format!(
                "{vouched}\n{invented}the credential says: {title} {number}\n\
                 whether it holds today is at {entry}\n"
            )
        }
    }
}

fn key(call: &Call, data: &Path, pack: Option<String>) -> Ended {
    if !data.join("vault.key").is_file() {
        return Err(Stopped(format!("`{}` holds no city", data.display())));
    }
    let named = pack.or_else(|| shown(call));
    let name = named.ok_or_else(|| Stopped("name the pack the city runs".to_owned()))?;
    let Some(compiled) = load_named(call, &call.packs, &name) else { return Ok(false) };
    let nowhere = || Stopped(format!("`{name}` has no jurisdiction"));
    let jurisdiction = compiled.pack.jurisdiction.ok_or_else(nowhere)?;
    let key = VaultKey::from_bytes(Place::new(data, None)?.secret("vault")?);
    let keys = SealKeys::new(&jurisdiction, &key);
    say(&format!("{}\n", credential_key(&keys).public()))?;
    Ok(true)
}
