//! Rows that were not taken: looked at, put right or given up, each with who did it.

use axum::{
    extract::{Path, Query},
    response::{IntoResponse, Redirect, Response},
};
use base::Name;
use lake::{Cell, Flaw, GivingUp, Held, How, Lake, Mends, NotMended, Settled};
use pack::model::{ColumnKind, FeedColumn};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{asked, feed_title};
use crate::web::{
    fault::Fault,
    frame::Link,
    pages::sources::{HeldLine, HeldPage, HeldRowPage, MendField},
    permit::may_with_lake,
    posted::Posted,
    session::random,
    taking::{NotSent, Taking, flaw_says, judge_mended, told, untaken},
    visit::{AsOfficer, Visit, page},
};

/// How many rows one page shows.
const ROWS: usize = 50;
/// The most characters of why a row is given up.
const BECAUSE_MAX: usize = 200;

/// Where a list begins.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct From {
    from: u64,
}

/// What was written on the page of a row, with what is wrong.
#[derive(Default)]
struct Written {
    flaws: Vec<Flaw>,
    typed: Map<String, Value>,
    because: String,
    because_wrong: String,
}

fn taking(visit: &Visit) -> Result<&Taking, Fault> {
    visit.app.taking.as_ref().ok_or(Fault::Rows(NotSent::NoLake))
}

/// The rows that were not taken.
pub(in crate::web) async fn list(
    who: AsOfficer,
    Query(From { from }): Query<From>,
) -> Result<Response, Fault> {
    let visit = &who.visit;
    let ask = move |lake: &Lake| Ok((lake.held(from, ROWS + 1)?, lake.held_count()?));
    let (mut held, count) = asked(taking(visit)?, ask).await?;
    let more = held.get(ROWS).map(|(number, _)| *number);
    held.truncate(ROWS);
    let line = |(number, held): &(u64, Held)| HeldLine {
        link: Link { href: visit.to(&format!("/held/{number}")), text: number.to_string() },
        source: held.source.clone(),
        feed: feed_title(visit, &held.feed),
        at: visit.shown().moment(held.received_at),
        flaws: held.flaws.iter().map(|flaw| said(visit, flaw)).collect(),
    };
    let next = more.map(|number| visit.to(&format!("/held?from={number}")));
    page(&HeldPage {
        frame: visit.frame(),
        count,
        rows: held.iter().map(line).collect(),
        next: next.unwrap_or_default(),
    })
}

fn said(visit: &Visit, flaw: &Flaw) -> (u16, String) {
    (flaw.number(), flaw_says(flaw).to(visit.words.0).to_owned())
}

/// One of them.
pub(in crate::web) async fn ask_row(
    who: AsOfficer,
    Path(number): Path<u64>,
) -> Result<Response, Fault> {
    page(&row_page(&who.visit, number, Written::default()).await?)
}

async fn row_page(visit: &Visit, number: u64, written: Written) -> Result<HeldRowPage, Fault> {
    let ask = move |lake: &Lake| Ok((lake.held_row(number)?, lake.settled(number)?));
    let (held, settled) = asked(taking(visit)?, ask).await?;
    let after = settled.as_ref().map(|own| became(visit, own)).unwrap_or_default();
    let held = held.or_else(|| settled.map(|own| own.held)).ok_or(Fault::NoSuchPage)?;
    let feed = visit.pack().feeds.get(&held.feed);
    let columns = feed.into_iter().flat_map(|feed| &feed.columns);
    let columns = columns.map(|column| field(visit, &held, column, &written));
    Ok(HeldRowPage {
        frame: visit.frame(),
        key: random(),
        refused: Vec::new(),
        number,
        source: held.source.clone(),
        feed: feed_title(visit, &held.feed),
        at: visit.shown().moment(held.received_at),
        line: held.line,
        flaws: held.flaws.iter().map(|flaw| said(visit, flaw)).collect(),
        columns: columns.collect(),
        settled: after,
        may: may_with_lake(visit, access::Action::MendRows),
        because: written.because,
        because_wrong: written.because_wrong,
    })
}

/// What became of a row.
fn became(visit: &Visit, Settled { settling, .. }: &Settled) -> Vec<String> {
    let at = visit.shown().moment(settling.at);
    match &settling.how {
        How::Mended { number } => {
            vec![visit.words.with_both("held-mended", &at, &number.to_string())]
        }
        How::GivenUp { because } => {
            vec![visit.words.with("held-given-up", &at), because.clone()]
        }
    }
}

fn field(visit: &Visit, held: &Held, column: &FeedColumn, written: &Written) -> MendField {
    let words = visit.words;
    let own = Some(column.name.as_str());
    let all = written.flaws.iter().chain(held.flaws.iter().filter(|_| written.flaws.is_empty()));
    let wrong: Vec<String> =
        all.filter(|flaw| flaw.column.as_deref() == own).map(|flaw| said(visit, flaw).1).collect();
    let says = match held.cells.get(&column.name) {
        Some(Cell::Said(value)) => value.to_string(),
        Some(Cell::Person(_)) => words.t("held-person"),
        None => String::new(),
    };
    let choices = match &column.kind {
        ColumnKind::Choice(options) => options
            .iter()
            .map(|(name, title)| (name.to_string(), title.to(words.0).to_owned()))
            .collect(),
        ColumnKind::Boolean => {
            vec![("true".into(), words.t("held-yes")), ("false".into(), words.t("held-no"))]
        }
        _ => Vec::new(),
    };
    let typed = written.typed.get(column.name.as_str()).map(as_typed);
    MendField {
        name: column.name.to_string(),
        title: column.title.to(words.0).to_owned(),
        says,
        hint: words.t(hint(&column.kind)),
        typed: typed.unwrap_or_default(),
        choices,
        wrong: wrong.join(words.comma()),
        optional: column.optional,
    }
}

/// How a value of a kind is written, as the key of a text.
fn hint(kind: &ColumnKind) -> &'static str {
    match kind {
        ColumnKind::Text | ColumnKind::Code(_) | ColumnKind::Entry(_) => "held-text",
        ColumnKind::Texts | ColumnKind::Codes(_) => "held-texts",
        ColumnKind::Integer => "held-whole",
        ColumnKind::Money | ColumnKind::Decimal(_) => "held-decimal",
        ColumnKind::Date => "day-hint",
        ColumnKind::Moment => "held-moment",
        ColumnKind::Person => "held-person-hint",
        ColumnKind::Boolean | ColumnKind::Choice(_) => "held-choose",
    }
}

fn as_typed(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(as_typed).collect::<Vec<_>>().join("; "),
        other => other.to_string(),
    }
}

/// What was typed, as a system would send it; what is no number stays a text and is told of.
fn value(kind: &ColumnKind, typed: &str) -> Value {
    match kind {
        ColumnKind::Integer | ColumnKind::Money | ColumnKind::Decimal(_) => {
            let number = serde_json::from_str(typed).ok().filter(Value::is_number);
            number.unwrap_or_else(|| typed.into())
        }
        ColumnKind::Boolean => match typed {
            "true" => true.into(),
            "false" => false.into(),
            other => other.into(),
        },
        ColumnKind::Texts | ColumnKind::Codes(_) => {
            let parts = typed.split([';', '；']).map(str::trim).filter(|part| !part.is_empty());
            parts.map(Value::from).collect()
        }
        _ => typed.into(),
    }
}

/// Puts a row right.
pub(in crate::web) async fn mend(
    who: AsOfficer,
    Path(number): Path<u64>,
    posted: Posted,
) -> Result<Response, Fault> {
    let visit = &who.visit;
    let taking = taking(visit)?.clone();
    let held = asked(&taking, move |lake: &Lake| lake.held_row(number)).await?;
    let held = held.ok_or(Fault::Rows(NotSent::NotHeld))?;
    let feed = visit.pack().feeds.get(&held.feed).ok_or(Fault::Rows(NotSent::NotItsFeed))?;
    let typed = |column: &FeedColumn| {
        let typed = posted.one(&format!("c.{}", column.name));
        (!typed.is_empty()).then(|| (column.name.to_string(), value(&column.kind, typed)))
    };
    let mut cells: Map<String, Value> = feed.columns.iter().filter_map(typed).collect();
    let written = Written { typed: cells.clone(), ..Written::default() };
    for out in posted.all("out").into_iter().filter_map(|name| Name::new(&name).ok()) {
        cells.insert(out.to_string(), Value::Null);
    }
    let line = Value::Object(cells).to_string();
    let mends = Mends { number, by: who.party.to_string() };
    match mended(visit, &taking, &held.feed, (mends, &line)).await? {
        Ok(()) => {}
        Err(NotMended::Gone) => return Err(Fault::Rows(NotSent::NotHeld)),
        Err(NotMended::NotTaken(why)) => return Err(untaken(why)),
        Err(NotMended::Flawed(flaws)) => {
            return page(&row_page(visit, number, Written { flaws, ..written }).await?);
        }
        Err(NotMended::Fault(fault)) => {
            eprintln!("{}", told(&fault));
            return Err(Fault::Broken);
        }
    }
    // It is settled once it is gathered, which is now: whoever looks next finds it so.
    asked(&taking, gathered).await?;
    Ok(Redirect::to(&visit.to(&format!("/held/{number}"))).into_response())
}

/// Takes in a row as it was put right, where it stands up to what is asked of its signature.
async fn mended(
    visit: &Visit,
    taking: &Taking,
    feed: &Name,
    (mends, line): (Mends, &str),
) -> Result<Result<(), NotMended>, Fault> {
    let mended = match taking.lake().mended(mends, line.as_bytes(), visit.now) {
        Ok(mended) => mended,
        Err(why) => return Ok(Err(why)),
    };
    let flaws = judge_mended(&visit.app, feed, &mended).await?;
    if !flaws.is_empty() {
        return Ok(Err(NotMended::Flawed(flaws)));
    }
    Ok(taking.lake().take_mended(&mended).await.map(drop))
}

fn gathered(lake: &Lake) -> Result<(), lake::Fault> {
    while lake.gather()?.is_some() {}
    Ok(())
}

/// Gives a row up.
pub(in crate::web) async fn give_up(
    who: AsOfficer,
    Path(number): Path<u64>,
    posted: Posted,
) -> Result<Response, Fault> {
    let visit = &who.visit;
    let because = posted.one("because").to_owned();
    if !(1..=BECAUSE_MAX).contains(&because.chars().count()) {
        let because_wrong = visit.words.with("held-no-because", &BECAUSE_MAX.to_string());
        let written = Written { because, because_wrong, ..Written::default() };
        return page(&row_page(visit, number, written).await?);
    }
    let (by, at) = (who.party.to_string(), visit.now);
    let settle =
        move |lake: &Lake| lake.give_up(number, &GivingUp { by: &by, because: &because, at });
    if !asked(taking(visit)?, settle).await? {
        return Err(Fault::Rows(NotSent::NotHeld));
    }
    Ok(Redirect::to(&visit.to(&format!("/held/{number}"))).into_response())
}
