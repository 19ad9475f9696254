//! What other public registers say of an entry: complaints answered, orders, evaluations, the
//! places where somebody works. Whatever names the entry is found, whichever pack brought it.

use base::Name;
use kernel::register::Version;
use pack::model::{Input, Pack, Register, RegisterField};
use store::Naming;

use super::AsOf;
use crate::web::{
    entries::{Headings, named_by},
    fault::Fault,
    frame::Link,
    pages::{
        naming::{NamingView, SaidOf},
        register::{Listed, link},
    },
    permit::{may_search, published_on, unpublished},
    visit::Visit,
};

/// Of so many entries of a register the newest are shown.
const SHOWN_MAX: usize = 10;

/// The fields of public registers that name entries of a register, with their registers.
fn fields<'p>(pack: &'p Pack, named: &Register) -> Vec<(&'p Register, &'p RegisterField)> {
    let public = pack.registers.values().filter(|register| register.public);
    let fields = public.flat_map(|own| own.fields.iter().map(move |field| (own, field)));
    fields
        .filter(|(_, field)| matches!(&field.input, Input::Entry(name) if *name == named.name))
        .collect()
}

/// What they say of an entry as of a day, register by register.
pub(super) async fn said_of(
    visit: &Visit,
    (named, key): (&Register, &str),
    as_of: AsOf,
    kept: &str,
) -> Result<NamingView, Fault> {
    let mut fields = fields(visit.pack(), named);
    fields.retain(|(register, _)| may_search(visit, register));
    let asked: Vec<(Name, Name)> =
        fields.iter().map(|(own, field)| (own.name.clone(), field.name.clone())).collect();
    let found = visit.app.store.naming(key, &asked, (as_of.at, as_of.known)).await?;
    let mut groups = Vec::new();
    for (register, field) in fields {
        let own = |naming: &&Naming| naming.register == register.name && naming.field == field.name;
        let mut naming: Vec<&Naming> = Vec::new();
        for by in found.by.iter().filter(own) {
            if published_on(visit, register).is_none()
                || !unpublished(visit, register, &by.key).await?
            {
                naming.push(by);
            }
        }
        if naming.is_empty() {
            continue;
        }
        let shown: Vec<&Naming> = naming.iter().take(SHOWN_MAX).copied().collect();
        groups.push(SaidOf {
            register: link(visit.shown(), register),
            field: field.title.to(visit.words.0).to_owned(),
            total: naming.len().to_string(),
            rest: naming.len() > SHOWN_MAX,
            entries: listed(visit, (register, &field.name), &shown, as_of, kept).await?,
        });
    }
    Ok(NamingView { groups, more: found.more })
}

/// The entries as a reader sees them: what they are about, and what else they say in short.
async fn listed(
    visit: &Visit,
    (register, by): (&Register, &Name),
    naming: &[&Naming],
    as_of: AsOf,
    kept: &str,
) -> Result<Vec<(Listed, Vec<String>)>, Fault> {
    let shown = visit.shown();
    let named = naming.iter().filter_map(|own| named_by(register, &own.version.fields)).collect();
    let headings = Headings::load(visit, shown, &named, (as_of.at, as_of.known)).await?;
    let one = |own: &&Naming| {
        let row = (own.key.clone(), own.version.clone());
        let listed = Listed::of(shown, register, &row, (kept, as_of.on), &headings);
        let link = Link { href: listed.link.href.clone(), text: own.key.clone() };
        // Each of them is known by what the page is about; its number tells it from the others.
        let listed = match named_by(register, &own.version.fields) {
            Some(_) => Listed { link, ..listed },
            None => listed,
        };
        (listed, in_short(visit, register, by, &own.version))
    };
    Ok(naming.iter().map(one).collect())
}

/// What an entry says that can be said in a word: its choices.
pub(super) fn in_short(
    visit: &Visit,
    register: &Register,
    by: &Name,
    version: &Version,
) -> Vec<String> {
    let said = register.fields.iter().filter(|own| own.name != *by && own.name != register.headed);
    let said = said.filter(|own| matches!(own.input, Input::Choice(_)));
    let said = said.filter_map(|own| {
        let value = version.fields.get(&own.name)?;
        let (title, value) = (own.title.to(visit.words.0), visit.shown().value(&own.input, value));
        Some(visit.words.with_both("fault-line", title, &value))
    });
    said.collect()
}
