//! A picture of one party across departments, for programs.

use axum::{
    Json,
    extract::{Path, Query as Asked},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::web::{
    fault::Fault,
    handle::{
        Query,
        picture::{Account, Group, Held, Lapsed, Part, Run},
    },
    pages::register::Force,
    visit::SignedIn,
};

/// What registers and cases say of the party that holds an entry, as of a day.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PictureWire {
    /// The picture.
    picture: String,
    /// The register of the entry by which the party is named.
    register: String,
    /// Its key.
    key: String,
    /// The day.
    on: String,
    /// As known with this entry of the ledger.
    known: u64,
    /// The entries in force that rest on one that is not.
    lapsed: Vec<LapsedWire>,
    /// The entries in force whose certificate has run out.
    run_out: Vec<EntryNamedWire>,
    /// The parts, in order.
    parts: Vec<PicturePartWire>,
    /// Whether there are older cases that were not read.
    more: bool,
}

/// An entry of a register.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EntryNamedWire {
    /// The register.
    register: String,
    /// Its key; absent where nobody reads the register.
    key: Option<String>,
}

/// An entry in force that rests on one that is not.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LapsedWire {
    /// The entry.
    entry: EntryNamedWire,
    /// What it rests on.
    on: EntryNamedWire,
}

/// A part of a picture.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PicturePartWire {
    /// Its name.
    part: String,
    /// Entries, register by register.
    groups: Vec<GroupWire>,
    /// The party's cases, the newest first.
    cases: Vec<PictureCaseWire>,
}

/// Entries of one register.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GroupWire {
    /// The register.
    register: String,
    /// The field by which they name an entry of the party; absent where the party holds them.
    names: Option<String>,
    /// How many there are.
    total: usize,
    /// How many of them are not known to be out of force.
    standing: usize,
    /// They; none where nobody reads the register.
    entries: Vec<PictureEntryWire>,
    /// Whether there are more than were read.
    more: bool,
}

/// An entry as it stands.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PictureEntryWire {
    /// Its key.
    key: String,
    /// Whether it is in force; absent where its register does not say when an entry is.
    in_force: Option<bool>,
    /// Since when it says so.
    since: String,
    /// Its last day, where it says one.
    until: Option<String>,
    /// What follows from it.
    follows: Vec<FollowsWire>,
    /// How many findings about it stand now; absent where the reader may not see findings.
    findings: Option<u64>,
}

/// Something that follows from an entry.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FollowsWire {
    /// What it is about.
    title: String,
    /// What holds.
    text: String,
    /// Whether it calls for attention.
    alarm: bool,
}

/// A case of the party.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PictureCaseWire {
    /// Its number.
    id: u64,
    /// Its procedure.
    procedure: String,
    /// The step at which it stands; absent where it has ended, or a challenge is heard.
    step: Option<String>,
    /// Whether it has come to an end.
    over: bool,
    /// The bodies that are to act; none while the party is.
    awaits: Vec<String>,
    /// Until when.
    due_on: Option<String>,
    /// Whether that day is past.
    late: bool,
    /// When it was filed.
    filed_at: String,
}

impl EntryNamedWire {
    fn of(account: &Account<'_>, register: &str, key: &str) -> Self {
        let shown = account.shows(register).then(|| key.to_owned());
        Self { register: register.to_owned(), key: shown }
    }
}

impl LapsedWire {
    fn of(account: &Account<'_>, own: &Lapsed<'_>) -> Self {
        let entry = EntryNamedWire::of(account, own.register.name.as_str(), &own.key);
        Self { entry, on: EntryNamedWire::of(account, own.on.0.as_str(), &own.on.1) }
    }
}

impl PicturePartWire {
    fn of(part: &Part<'_>) -> Self {
        Self {
            part: part.name.to_string(),
            groups: part.groups.iter().map(GroupWire::of).collect(),
            cases: part.runs.iter().map(PictureCaseWire::of).collect(),
        }
    }
}

impl GroupWire {
    fn of(group: &Group<'_>) -> Self {
        let shown = group.entries.iter().filter(|_| group.register.public);
        Self {
            register: group.register.name.to_string(),
            names: group.names.map(ToString::to_string),
            total: group.entries.len(),
            standing: group.entries.iter().filter(|own| !own.force.out()).count(),
            entries: shown.map(PictureEntryWire::of).collect(),
            more: group.more,
        }
    }
}

impl PictureEntryWire {
    fn of(own: &Held) -> Self {
        let follows = own.derived.iter().map(|standing| FollowsWire {
            title: standing.title.clone(),
            text: standing.text.clone(),
            alarm: standing.alarm,
        });
        Self {
            key: own.key.clone(),
            in_force: match own.force {
                Force::In => Some(true),
                Force::Out => Some(false),
                Force::Unsaid => None,
            },
            since: own.version.valid_from.to_string(),
            until: own.until.map(|day| day.to_string()),
            follows: follows.collect(),
            findings: own.findings,
        }
    }
}

impl PictureCaseWire {
    fn of(run: &Run<'_>) -> Self {
        let case = &run.case;
        Self {
            id: case.id.0.0,
            procedure: case.procedure.to_string(),
            step: case.standing.step().map(ToString::to_string),
            over: run.over(),
            awaits: run.awaited.iter().map(|own| own.body.to_string()).collect(),
            due_on: run.due.map(|day| day.to_string()),
            late: run.late,
            filed_at: case.filed_at.to_string(),
        }
    }
}

/// The picture of the party that holds an entry.
pub(crate) async fn show(
    SignedIn { visit, role, .. }: SignedIn,
    Path((picture, register, key)): Path<(String, String, String)>,
    Asked(query): Asked<Query>,
) -> Result<Json<PictureWire>, Fault> {
    let as_of = query.as_of(&visit).await?;
    let account = Account::load(&visit, &role, (&picture, &register, key), as_of).await?;
    let run_out = account.run_out().map(|(register, own)| EntryNamedWire {
        register: register.name.to_string(),
        key: Some(own.key.clone()),
    });
    Ok(Json(PictureWire {
        picture: account.picture.name.to_string(),
        register: account.register.name.to_string(),
        key: account.key.clone(),
        on: as_of.on.to_string(),
        known: as_of.known.0,
        lapsed: account.lapsed.iter().map(|own| LapsedWire::of(&account, own)).collect(),
        run_out: run_out.collect(),
        parts: account.parts.iter().map(PicturePartWire::of).collect(),
        more: account.more,
    }))
}
