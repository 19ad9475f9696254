//! What a search finds, as JSON.

use std::collections::BTreeMap;

use base::Name;
use kernel::register::Version;
use pack::model::{Pack, Register};
use serde::Serialize;
use store::{Answers, Count, Hit, SearchPage};

use super::VersionWire;
use crate::web::entries::named_by;

/// A page of hits.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Found {
    on: String,
    known: u64,
    total: CountWire,
    registers: BTreeMap<String, CountWire>,
    hits: Vec<HitWire>,
    meant: Vec<HitWire>,
    next: Option<String>,
}

/// How many there are; `more` where counting ended there.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct CountWire {
    found: u32,
    more: bool,
}

/// An entry found.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct HitWire {
    register: String,
    answers: &'static str,
    in_force: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    metres: Option<u64>,
    named_by: Option<String>,
    #[serde(flatten)]
    says: VersionWire,
}

impl Found {
    /// What was found as of a day and a number, in the registers that are open to the reader.
    pub(crate) fn of(
        pack: &Pack,
        on: String,
        known: u64,
        page: &SearchPage,
        open: impl Fn(&Register) -> bool,
    ) -> Self {
        let open = |name: &Name| pack.registers.get(name).is_some_and(&open);
        let registers = page.by_register.iter().filter(|(name, _)| open(name));
        Self {
            on,
            known,
            total: CountWire::of(page.total),
            registers: registers
                .map(|(name, own)| (name.to_string(), CountWire::of(*own)))
                .collect(),
            hits: page.hits.iter().map(|hit| HitWire::of(pack, hit)).collect(),
            meant: page.meant.iter().map(|hit| HitWire::of(pack, hit)).collect(),
            next: page.next.map(|next| next.to_string()),
        }
    }
}

impl CountWire {
    fn of(count: Count) -> Self {
        Self { found: count.found, more: count.more }
    }
}

impl HitWire {
    fn of(pack: &Pack, hit: &Hit) -> Self {
        let version: &Version = &hit.version;
        let register = pack.registers.get(&hit.register);
        let named = register.and_then(|register| named_by(register, &version.fields));
        Self {
            register: hit.register.to_string(),
            answers: match hit.answers {
                Answers::Exactly => "exactly",
                Answers::Begins => "begins",
                Answers::InHeading => "in-heading",
                Answers::Elsewhere => "elsewhere",
                Answers::Named => "named",
            },
            in_force: hit.in_force,
            metres: hit.metres,
            named_by: named.map(|(register, key)| format!("{register}/{key}")),
            says: VersionWire::of(&hit.key, version),
        }
    }
}
