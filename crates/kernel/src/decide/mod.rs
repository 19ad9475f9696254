//! The one door through which a case changes: same inputs, same entries, byte for byte.
//!
//! `decide` first finds who may act where the case stands, then writes the acts and follows the
//! steps until somebody is awaited or the case has ended.

mod answer;
mod appeal;
mod assign;
mod bodies;
mod choose;
mod correct;
pub mod derive;
mod draw;
mod effect;
mod facts;
mod fee;
mod file;
mod handled;
mod layout;
mod migrate;
mod recuse;
mod run;
mod serve;
mod supply;
mod taken;

use base::{Calendar, Instant};
use pack::model::Pack;

use crate::{
    case::{Case, Deadline, Part, Standing},
    command::Command,
    ledger::{Act, Actor, Entry, EntryNumber},
    refusal::Refusal,
    register::Entries,
};
pub use bodies::{Awaited, acting, awaited, body_of, competent_for, concerned, keeper};
pub use derive::{Asked, Follows, follows};
pub use facts::{CaseFacts, Found, case_facts, draft_facts, live_facts};
pub use layout::DRAFTS_MAX;
pub use migrate::{Editions, migrated};
pub use recuse::{is_open, stands_aside};
use run::Run;
pub use run::applies;

/// What a decision may look at besides the case: one numbered state of the world.
#[derive(Debug, Clone, Copy)]
pub struct Snapshot<'a> {
    /// The pack in force, whose authorities are read live.
    pub live: &'a Pack,
    /// The calendar adopted so far.
    pub calendar: &'a Calendar,
    /// The registers, with every version of their entries.
    pub entries: &'a dyn Entries,
}

/// When a command is decided, and the number its first entry will have.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    /// The instant.
    pub at: Instant,
    /// The next free number.
    pub next: EntryNumber,
}

/// What a command changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changes {
    /// The entries, numbered densely from [`Moment::next`].
    pub entries: Vec<Entry>,
    /// The case once they are written.
    pub case: Case,
}

/// Decides one command on one case under the pack that rules it.
///
/// # Errors
/// The first [`Refusal`] that applies: whether it is the time, then who may act, then what they
/// say. Nothing has changed then.
pub fn decide(
    pack: &Pack,
    snapshot: Snapshot<'_>,
    case: Option<&Case>,
    command: &Command,
    actor: &Actor,
    moment: Moment,
) -> Result<Changes, Refusal> {
    if let (Command::File(filing), None) = (command, case) {
        return file::file(pack, snapshot, filing, actor, moment);
    }
    let case = case.ok_or(Refusal::NoSuchCase)?;
    let mut run = Run::on(pack, snapshot, case, actor, moment)?;
    if !matches!(command, Command::File(_) | Command::RunOut) {
        run.must_not_go_back()?;
    }
    match command {
        Command::File(_) => Err(Refusal::AlreadyFiled),
        Command::Choose(choice) => choose::choose(&mut run, choice),
        Command::Answer(answer) => answer::answer(&mut run, answer),
        Command::Draft { step, text } => layout::draft(&mut run, step, text),
        Command::Resume { reasons } => supply::resume(&mut run, reasons),
        Command::Supply(supply) => supply::supply(&mut run, supply),
        Command::Withdraw { reasons } => withdraw(&mut run, reasons),
        Command::Appeal { decision, remedy, grounds } => {
            appeal::appeal(&mut run, *decision, remedy, grounds)
        }
        Command::Rule { upheld, reasons } => appeal::rule(&mut run, *upheld, reasons),
        Command::Correct { fields, reasons } => correct::correct(&mut run, fields, reasons),
        Command::Serve(service) => serve::serve(&mut run, service),
        Command::AskRecusal { officer, grounds } => recuse::ask(&mut run, *officer, grounds),
        Command::Recuse { officer, aside, reasons } => {
            recuse::recuse(&mut run, *officer, *aside, reasons)
        }
        Command::Assign { to } => assign::assign(&mut run, *to),
        Command::RunOut => supply::run_out(&mut run),
    }?;
    handled::write_down(&mut run, Some(&case.standing));
    Ok(run.finish())
}

/// The instant at which something follows from the case's terms by itself: a lapse, a clock that
/// goes on, or what silence is deemed to be. A provisional date never fires; it waits for its
/// calendar. One that becomes firm after its day has passed fires when that became known, for
/// nothing takes effect before what it follows from.
pub fn alarm(pack: &Pack, case: &Case) -> Option<Instant> {
    runs_out(pack, case).map(|at| at.max(case.last_at))
}

fn runs_out(pack: &Pack, case: &Case) -> Option<Instant> {
    let firm = |due: Deadline| (!due.provisional).then_some(due.at);
    match &case.standing {
        Standing::Supplementing { runs, .. } | Standing::Stopped { runs, .. } => firm(runs.due),
        Standing::At { step, runs } => {
            let procedure = pack.procedures.get(&case.procedure)?;
            let silence = procedure.stage(step.as_str())?.silence.as_ref();
            silence.and_then(|_| firm(runs.due))
        }
        Standing::Reviewing { parts, .. } => {
            let open = parts.values().filter_map(|part| match part {
                Part::Awaited(runs) => firm(runs.due),
                Part::Answered { .. } => None,
            });
            open.min()
        }
        Standing::Challenged { .. } | Standing::Ended { .. } | Standing::Withdrawn => None,
    }
}

fn withdraw(run: &mut Run<'_>, reasons: &str) -> Result<(), Refusal> {
    run.must_be_applicant()?;
    match run.case.standing.step() {
        Some(step) if run.procedure.withdrawal.contains(step) => {
            run.write(Act::Withdrew(reasons.to_owned()), Standing::Withdrawn);
            Ok(())
        }
        Some(_) => Err(Refusal::WithdrawalTooLate),
        None => Err(Refusal::NotNow),
    }
}
