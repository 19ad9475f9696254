//! What findings and rows say, as a reader sees it.

use base::{Instant, Name};
use pack::model::{ColumnKind, Finds, Input, Pack, Rule, RuleLook};
use rules::Value;
use store::finding::Finding;
use supervise::EvidenceRow;

use crate::web::{pages::findings::EvidenceLine, visit::Visit};

/// The digits of a person's digest by which people tell it apart.
const DIGEST: usize = 8;

/// Of what kind something is that a finding shows.
enum Kind<'p> {
    Column(&'p ColumnKind),
    Field(&'p Input),
    /// What a query yields.
    Other,
}

/// What a finding shows, each with its title.
pub(super) fn shows(
    visit: &Visit,
    pack: &Pack,
    rule: &Rule,
    finding: &Finding,
) -> Vec<(String, String)> {
    let one = |(path, says): &(String, Option<String>)| {
        let (title, kind) = named(visit, pack, rule, path);
        let says = says.as_ref().map(|says| text(visit, &kind, says));
        (title, says.unwrap_or_else(|| visit.words.t("finding-nothing")))
    };
    finding.about.shows.iter().map(one).collect()
}

/// The title and the kind of what stands under a path.
fn named<'p>(visit: &Visit, pack: &'p Pack, rule: &'p Rule, path: &str) -> (String, Kind<'p>) {
    let words = visit.words.0;
    let other = || (path.to_owned(), Kind::Other);
    let (look, field) = match path.split_once('.') {
        Some((look, field)) => (Some(look), field),
        None => (None, path),
    };
    let Ok(field) = Name::new(field) else { return other() };
    let Some(look) = look else {
        let mut feeds = rule.feeds().filter_map(|name| pack.feeds.get(name));
        let column = feeds.find_map(|feed| feed.column(&field));
        return column
            .map_or_else(other, |own| (own.title.to(words).to_owned(), Kind::Column(&own.kind)));
    };
    let Finds::Row(row) = &rule.finds else { return other() };
    let found = row.looks_up.iter().find(|(name, _)| name.as_str() == look);
    match found.map(|(_, look)| look) {
        Some(RuleLook::Knowledge { table, .. }) => {
            let column = pack.knowledge.get(table).and_then(|table| table.column(&field));
            column
                .map_or_else(other, |own| (own.title.to(words).to_owned(), Kind::Column(&own.kind)))
        }
        Some(RuleLook::Register { register, .. }) => {
            let register = pack.registers.get(register);
            let own = register.and_then(|own| own.fields.iter().find(|own| own.name == field));
            own.map_or_else(other, |own| (own.title.to(words).to_owned(), Kind::Field(&own.input)))
        }
        None => other(),
    }
}

/// What was seen, from the text in which findings keep it.
fn text(visit: &Visit, kind: &Kind<'_>, says: &str) -> String {
    let choice = |options: &[(Name, base::Text)]| {
        let found = options.iter().find(|(own, _)| own.as_str() == says);
        found.map(|(_, title)| title.to(visit.words.0).to_owned())
    };
    let found = match kind {
        Kind::Column(ColumnKind::Choice(options)) | Kind::Field(Input::Choice(options)) => {
            choice(options)
        }
        Kind::Column(ColumnKind::Code(list)) | Kind::Field(Input::Code(list)) => {
            Some(visit.shown().code(list, says))
        }
        Kind::Column(ColumnKind::Boolean) => {
            Some(visit.shown().plain(&Value::Boolean(says == "true")))
        }
        Kind::Column(ColumnKind::Person) => Some(digest(says)),
        Kind::Column(_) | Kind::Field(_) | Kind::Other => None,
    };
    let moment = || Instant::parse(says).ok().map(|at| visit.shown().moment(at));
    found.or_else(moment).unwrap_or_else(|| says.to_owned())
}

fn digest(hex: &str) -> String {
    let short: String = hex.chars().take(DIGEST).collect();
    format!("{short}…")
}

/// A row as a reader sees it.
pub(super) fn row(visit: &Visit, pack: &Pack, row: &EvidenceRow) -> EvidenceLine {
    let feed = pack.feeds.get(&row.feed);
    let cells = row.values.iter().filter_map(|(name, value)| {
        let (column, value) = (feed?.column(name)?, value.as_ref()?);
        let title = column.title.to(visit.words.0).to_owned();
        Some((title, cell(visit, &column.kind, value)))
    });
    EvidenceLine {
        feed: feed
            .map_or_else(|| row.feed.to_string(), |own| own.title.to(visit.words.0).to_owned()),
        number: row.number,
        cells: cells.collect(),
    }
}

fn cell(visit: &Visit, kind: &ColumnKind, value: &Value) -> String {
    match (kind, value) {
        (ColumnKind::Person, Value::Party(hex)) => digest(hex),
        (ColumnKind::Choice(_) | ColumnKind::Code(_), value) => {
            text(visit, &Kind::Column(kind), &value.to_string())
        }
        (ColumnKind::Codes(list), Value::Codes(codes)) => {
            let codes = codes.iter().map(|code| visit.shown().code(list, code));
            codes.collect::<Vec<_>>().join(visit.words.comma())
        }
        _ => visit.shown().plain(value),
    }
}
