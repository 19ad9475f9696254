//! `yiyang id check KIND`: one value a line in, `valid` or `invalid REASON` a line out.

use base::id;
use clap::Subcommand;

use super::{Call, Ended, Stopped, answer_lines};

/// What can be done with identifiers.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check values of a kind: uscc, resident-id, passport, mainland-permit, gtin, sscc, lei, or
    /// iso7064-11-2, -37-2, -97-10, -11-10, -37-36.
    Check {
        /// The kind.
        kind: String,
    },
}

/// Runs the command. An invalid value is an answer, not a failure: the exit code stays 0.
pub(crate) fn run(call: &Call, command: Command) -> Ended {
    let Command::Check { kind } = command;
    let kind = id::Kind::named(&kind)
        .map_err(|reason| Stopped(reason.says.to(call.language).to_owned()))?;
    answer_lines(|value| {
        Ok(match id::check(kind, value) {
            Ok(()) => "valid".to_owned(),
            Err(reason) => format!("invalid {}", reason.word),
        })
    })
}
