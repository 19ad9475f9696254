//! What a decision writes into registers: the entry it makes or changes, entries of others, and
//! whose place it takes, with what fills each field in words.

use base::Name;
use pack::model::{Changed, Decision, Enters, Procedure, Register, Whose};
use rules::Expression;

use super::register::link;
use crate::web::{
    frame::{Link, Row},
    in_words::{InWords, field_title},
    question::title_of,
    shown::Shown,
};

/// What is written into one register.
#[derive(Debug)]
pub(crate) struct WriteView {
    /// What happens there.
    pub(crate) what: String,
    /// The register; its address is empty where nobody but officials reads it.
    pub(crate) register: Link,
    /// The fields and what fills them.
    pub(crate) rows: Vec<Row>,
}

/// Everything a decision writes.
pub(super) fn writes(
    shown: Shown<'_>,
    procedure: &Procedure,
    decision: &Decision,
) -> Vec<WriteView> {
    let words = shown.words;
    let one = |what: String, register: &Name, fields: &[(Name, Expression)]| {
        view(shown, procedure, what, register, fields)
    };
    let own = &procedure.register;
    let mut views = Vec::new();
    match &decision.enters {
        Some(Enters::Entry { fields, .. }) => {
            views.push(one(words.t("writes-enters"), own, fields))
        }
        Some(Enters::Rows(table)) => {
            let table = shown.pack.tables.get(table).map(|table| table.title.to(words.0));
            let what = words.with("writes-rows", table.unwrap_or_default());
            views.push(one(what, own, &[]));
        }
        None => {}
    }
    if !decision.amends.is_empty() {
        views.push(one(words.t("writes-amends"), own, &decision.amends));
    }
    for recorded in &decision.records {
        views.push(one(words.t("writes-records"), &recorded.register, &recorded.fields));
    }
    for changed in &decision.changes {
        let what = whose(shown, procedure, changed, decision.succeeds.as_deref());
        views.push(one(what, &changed.register, &changed.fields));
    }
    views
}

/// Which entries are changed, in words.
fn whose(
    shown: Shown<'_>,
    procedure: &Procedure,
    changed: &Changed,
    succeeded: Option<&str>,
) -> String {
    match &changed.whose {
        Whose::Named(path) => {
            let key = if succeeded == Some(path) { "writes-succeeds" } else { "writes-changes" };
            shown.words.with(key, &title_of(shown, procedure, path))
        }
        Whose::Found(name) => {
            let found = procedure.looks_up.iter().find(|(own, _)| own == name);
            let title = found.map(|(_, looks_up)| looks_up.title.to(shown.words.0));
            shown.words.with("writes-changes-found", title.unwrap_or(name.as_str()))
        }
    }
}

fn view(
    shown: Shown<'_>,
    procedure: &Procedure,
    what: String,
    register: &Name,
    fields: &[(Name, Expression)],
) -> WriteView {
    let own = shown.pack.registers.get(register);
    let told = fields.iter().filter(|(name, _)| !holds(own, name));
    let row = |(name, expression): &(Name, Expression)| {
        let target = own.and_then(|own| own.field(name)).map(|field| &field.input);
        let in_words = InWords { its: own, target, ..InWords::of(shown, procedure) };
        let text = in_words.says(expression);
        Row { title: field_title(shown, own, name), text, href: String::new() }
    };
    WriteView { what, register: register_link(shown, register), rows: told.map(row).collect() }
}

/// Whether a field says who holds the entry, which pages do not tell.
fn holds(register: Option<&Register>, name: &Name) -> bool {
    let field = register.and_then(|register| register.field(name));
    field.is_some_and(|field| field.input == pack::model::Input::Party)
}

/// A register with a way to it where it is public.
pub(super) fn register_link(shown: Shown<'_>, register: &Name) -> Link {
    match shown.pack.registers.get(register) {
        Some(own) if own.public => link(shown, own),
        Some(own) => Link { href: String::new(), text: own.title.to(shown.words.0).to_owned() },
        None => Link { href: String::new(), text: register.to_string() },
    }
}

#[cfg(test)]
pub(super) fn sample() -> Vec<WriteView> {
    let hidden = Link { href: String::new(), text: "Another register".into() };
    let view = |register, rows| WriteView { what: "Makes an entry".into(), register, rows };
    vec![view(super::link(), vec![super::row()]), view(hidden, Vec::new())]
}
