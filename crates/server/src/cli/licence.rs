//! `yiyang licence`: verifying a sealed licence without a city, and the certificate it takes.

use std::{
    fs,
    path::{Path, PathBuf},
};

use base::Language;
use clap::Subcommand;
use exchange::licence::{Certificate, Fault, Report, Trust, verify};
use store::{SealKeys, VaultKey};

use super::{Call, Ended, Stopped, ledger::shown, pack::load_named, say};
use crate::{
    city::Place,
    web::{Ours, root_certificate, sound_in_json, unsound_in_json},
};

/// What can be done with electronic licences.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Verify a licence with nothing but the file and the certificate of the seal root. Whether the
    /// entry still holds is what the public register says.
    Verify {
        /// The licence, an OFD file.
        file: PathBuf,
        /// The certificate of the seal root, in PEM; without it nobody vouches for the seal.
        #[arg(long)]
        root: Option<PathBuf>,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Print the certificate of a city's seal root in PEM.
    Root {
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
        Command::Verify { file, root, json } => verified(call, &file, root.as_deref(), json),
        Command::Root { data, pack } => root(call, &data, pack),
    }
}

fn verified(call: &Call, file: &Path, root: Option<&Path>, json: bool) -> Ended {
    let root = root.map(certificate).transpose()?;
    let trust = root.as_ref().map_or(Trust::Nobody, Trust::Root);
    let found = verify(&read(file)?, trust);
    let said = match &found {
        Ok(report) if json => format!("{:#}\n", sound_in_json(report, None, &Ours::default())),
        Err(fault) if json => format!("{:#}\n", unsound_in_json(fault)),
        Ok(report) => sound(report, call.language),
        Err(fault) => unsound(fault, call.language),
    };
    say(&said)?;
    Ok(found.is_ok_and(|report| report.trusted))
}

fn read(file: &Path) -> Result<Vec<u8>, Stopped> {
    fs::read(file).map_err(|error| Stopped(format!("`{}`: {error}", file.display())))
}

fn certificate(file: &Path) -> Result<Certificate, Stopped> {
    let none = || Stopped(format!("`{}` holds no certificate", file.display()));
    Certificate::read(&read(file)?).ok_or_else(none)
}

/// Whether anybody vouches comes first; what the file says of itself comes after it.
fn sound(report: &Report, language: Language) -> String {
    let licence = &report.metadata;
    let (title, number) = (&licence.title.zh, &licence.number);
    let (body, at, root) = (&report.sealed_by, report.sealed_at, &report.root);
    let (register, entry) = (&licence.register, licence.decided_by);
    let last = licence.valid_until.map(|day| day.to_string());
    match language {
        Language::Zh => {
            let vouched = match report.trusted {
                true => format!("印章有效，印章根可信：由{body}于 {at} 加盖"),
                false => format!(
                    "未经信任的印章，自称{body}：未给出印章根（--root），\
                     只能说明文件自 {at} 签章后未被改动"
                ),
            };
            let test = if report.test { "测试印章：不能作为凭证\n" } else { "" };
            let last = last.map(|day| format!("，有效期至 {day}")).unwrap_or_default();
            format!(
                "{vouched}\n{test}印章根 SM3 {root}\n证照所载：{title} {number}{last}\n\
                 现行效力请查名册 {register} / {number}（账目 {entry}）\n"
            )
        }
        Language::En => {
            let vouched = match report.trusted {
                true => format!("seal root trusted: sealed by {body} at {at}"),
                false => format!(
                    "a seal nobody vouches for, calling itself {body}: no seal root was given \
                     (--root), so all that is known is that nothing was changed since {at}"
                ),
            };
            let test = if report.test { "a test seal: it proves nothing\n" } else { "" };
            let last = last.map(|day| format!(", valid through {day}")).unwrap_or_default();
            format!(
                "{vouched}\n{test}seal root SM3 {root}\nthe licence says: {title} {number}{last}\n\
                 whether it holds today is in the register: {register} / {number} (entry {entry})\n"
            )
        }
    }
}

fn unsound(fault: &Fault, language: Language) -> String {
    let (says, next) = (fault.says(), fault.next());
    format!("{} {}\n{}\n", fault.number(), says.to(language), next.to(language))
}

fn root(call: &Call, data: &Path, pack: Option<String>) -> Ended {
    if !data.join("vault.key").is_file() {
        return Err(Stopped(format!("`{}` holds no city", data.display())));
    }
    let named = pack.or_else(|| shown(call));
    let name = named.ok_or_else(|| Stopped("name the pack the city runs".to_owned()))?;
    let Some(compiled) = load_named(call, &call.packs, &name) else { return Ok(false) };
    let nowhere = || Stopped(format!("`{name}` has no jurisdiction"));
    let jurisdiction = compiled.pack.jurisdiction.ok_or_else(nowhere)?;
    let key = VaultKey::from_bytes(Place::new(data, None)?.secret("vault")?);
    let root = root_certificate(&SealKeys::new(&jurisdiction, &key), jurisdiction.as_str());
    let pem = root.and_then(|root| root.to_pem()).map_err(|error| Stopped(error.to_string()))?;
    say(&pem)?;
    Ok(true)
}
