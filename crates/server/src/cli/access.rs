//! `yiyang access …`: who may do what, as the policies of a pack say it.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use ::access::{
    Action, Policies, Role, read,
    table::{Row, document, rows, says},
};
use ::pack::{Compiled, model::Pack};
use base::{Date, Language, Text, near::near_miss};
use clap::{Args, Subcommand};

use super::{
    Call, Ended, Stopped,
    pack::{load, load_named},
    say,
};
use crate::web::Clock;

/// What can be asked of policies.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Say whether somebody in a role may do something, in which situations, and by which policies.
    Explain {
        #[command(flatten)]
        of: Of,
        /// The role: anyone, applicant, agent, officer, auditor, administrator or system.
        #[arg(long = "as", value_name = "ROLE")]
        role: String,
        /// The action, as policies name it: `see-case`.
        #[arg(long)]
        action: String,
    },
    /// Print the whole table: every action, role and situation.
    Table(Of),
}

/// Which policies are meant.
#[derive(Debug, Args)]
pub(crate) struct Of {
    /// The pack's folder or name.
    #[arg(long)]
    pack: String,
    /// The day; today when absent.
    #[arg(long, value_parser = day)]
    on: Option<Date>,
}

fn day(text: &str) -> Result<Date, String> {
    Date::parse(text).map_err(|reason| reason.says.en)
}

/// Runs the command.
pub(crate) fn run(call: &Call, command: Command) -> Ended {
    match command {
        Command::Table(of) => with(call, &of, |pack, policies, on| {
            say(&document(policies, pack, on))?;
            Ok(true)
        }),
        Command::Explain { of, role, action } => {
            let (role, action) = (role_named(call, &role)?, action_named(call, &action)?);
            with(call, &of, |pack, policies, on| {
                say(&explained(policies, pack, (role, action), on, call.language))?;
                Ok(true)
            })
        }
    }
}

fn with(call: &Call, of: &Of, act: impl FnOnce(&Pack, &Policies, Date) -> Ended) -> Ended {
    let folder = PathBuf::from(&of.pack);
    let compiled = match folder.join("pack.yaml").is_file() {
        true => load(call, Path::new(&folder))?,
        false => load_named(call, &call.packs, &of.pack),
    };
    let Some(Compiled { pack, .. }) = compiled else { return Ok(false) };
    let on = of.on.unwrap_or_else(|| pack.zone.day_of(Clock::System.now()));
    match read(&pack) {
        Ok(policies) => act(&pack, &policies, on),
        // Loading has printed the faults.
        Err(_) => Ok(false),
    }
}

fn role_named(call: &Call, word: &str) -> Result<Role, Stopped> {
    Role::named(word).ok_or_else(|| {
        let known = Role::ALL.map(|role| role.word().to_ascii_lowercase());
        let near = near_miss(&word.to_ascii_lowercase(), known.iter().map(String::as_str));
        unknown(call, ("角色", "role"), word, near.map(str::to_owned))
    })
}

fn action_named(call: &Call, word: &str) -> Result<Action, Stopped> {
    Action::named(word).ok_or_else(|| {
        let near = near_miss(word, Action::ALL.iter().map(|action| action.word()));
        unknown(call, ("操作", "action"), word, near.map(str::to_owned))
    })
}

fn unknown(call: &Call, kind: (&str, &str), word: &str, near: Option<String>) -> Stopped {
    let near =
        near.map(|near| (format!("；是否想写 `{near}`？"), format!("; did you mean `{near}`?")));
    let (zh, en) = near.unwrap_or_default();
    let says = Text::new(
        format!("没有{} `{word}`{zh}", kind.0),
        format!("there is no {} `{word}`{en}", kind.1),
    );
    Stopped(says.to(call.language).to_owned())
}

fn explained(
    policies: &Policies,
    pack: &Pack,
    (role, action): (Role, Action),
    on: Date,
    language: Language,
) -> String {
    let all = rows(policies, pack, on);
    let own: Vec<&Row> = all.iter().filter(|row| row.action == action).collect();
    let own = own.iter().filter(|row| row.situation.who.role() == role && !row.implied(&own));
    let own: Vec<&&Row> = own.collect();
    let (role, title) = (role.title(), action.title());
    let mut text =
        format!("{} · {} · {} · {on}\n", action.word(), title.to(language), role.to(language));
    for row in &own {
        let words: Vec<&str> = row.situation.words.iter().map(String::as_str).collect();
        let stands = says(row.situation.word);
        let words =
            if words.is_empty() { String::new() } else { format!(" ({})", words.join(", ")) };
        text += &format!("  {}{words}: {}\n", stands.to(language), row.outcome(policies));
    }
    let by: BTreeSet<&String> = own.iter().flat_map(|row| &row.by).collect();
    for policy in policies.all().iter().filter(|policy| by.contains(&policy.id)) {
        let basis = policy.basis.describe(language);
        text += &format!("\n{} ({})\n  {}\n", policy.id, policy.path, policy.title.to(language));
        text += &format!("  {basis}\n");
    }
    text
}
