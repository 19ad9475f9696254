//! The account of days of a case, as a page and for programs.

use axum::{Json, extract::Path, response::Response};
use base::{Date, Unit};
use kernel::account::{Account, Day, DayIs, Halt, Of, On, Stands, Why, accounts};
use serde::Serialize;

use super::case::Loaded;
use crate::web::{
    fault::Fault,
    frame::Link,
    pages::days::DaysPage,
    visit::{SignedIn, page},
};

impl Loaded {
    /// The accounts of the case as of today.
    pub(super) async fn accounts(&self) -> Result<Vec<Account>, Fault> {
        let calendars = self.visit.app.store.calendars(&self.pack).await?;
        let today = self.pack.zone.day_of(self.visit.now);
        let procedure = self.procedure()?;
        Ok(accounts(self.history(), procedure, &self.pack.zone, &calendars, today))
    }
}

/// The page.
pub(in crate::web) async fn show(who: SignedIn, Path(id): Path<String>) -> Result<Response, Fault> {
    let loaded = Loaded::of(who, &id).await?;
    let accounts = loaded.accounts().await?;
    let reading = loaded.reading(Default::default())?;
    let of = |over: bool| accounts.iter().filter(move |account| account.over() == over);
    let mut frame = loaded.visit.frame();
    frame.path = format!("/cases/{}/days", loaded.case.id);
    let title = loaded.visit.words.with("case-title", &loaded.case.id.to_string());
    page(&DaysPage {
        id: loaded.case.id.to_string(),
        case: Link { href: frame.to(&format!("/cases/{}", loaded.case.id)), text: title },
        open: of(false).map(|account| reading.account(account)).collect(),
        ended: of(true).rev().map(|account| reading.account(account)).collect(),
        frame,
    })
}

/// The same for programs.
pub(in crate::web) async fn wire(
    who: SignedIn,
    Path(id): Path<String>,
) -> Result<Json<Vec<AccountWire>>, Fault> {
    let loaded = Loaded::of(who, &id).await?;
    let today = loaded.pack.zone.day_of(loaded.visit.now);
    let accounts = loaded.accounts().await?;
    Ok(Json(accounts.iter().map(|account| AccountWire::of(account, today)).collect()))
}

/// One term, for programs.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct AccountWire {
    of: &'static str,
    step: Option<String>,
    part: Option<String>,
    decision: Option<u64>,
    began: OnWire,
    unit: &'static str,
    given: String,
    days_in_all: u32,
    days_used: u32,
    days_left: u32,
    due_on: Option<String>,
    provisional: bool,
    ended: Option<OnWire>,
    longer: Vec<LongerWire>,
    halts: Vec<HaltWire>,
    redated: Vec<OnWire>,
    days: Vec<DayWire>,
}

/// An entry and the day on which it counts.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct OnWire {
    entry: u64,
    on: String,
}

/// A term made longer.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct LongerWire {
    by: OnWire,
    days: u32,
}

/// A time for which a clock stood still.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct HaltWire {
    why: &'static str,
    step: String,
    outcome: Option<String>,
    ground: Option<String>,
    from: OnWire,
    until: Option<OnWire>,
    days: usize,
}

/// A day.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct DayWire {
    on: String,
    is: &'static str,
    nth: Option<u32>,
    halt: Option<usize>,
    holiday_zh: Option<String>,
    holiday_en: Option<String>,
    provisional: bool,
}

impl AccountWire {
    fn of(account: &Account, today: Date) -> Self {
        let (of, step, part, decision) = whose(&account.of);
        let last = account.last();
        Self {
            of,
            step,
            part,
            decision,
            began: OnWire::of(account.began),
            unit: match account.unit {
                Unit::WorkingDays => "working-days",
                Unit::NaturalDays | Unit::Months | Unit::Years => "natural-days",
            },
            given: account.given.to_string(),
            days_in_all: account.goal,
            days_used: account.used(today),
            days_left: account.left(today),
            due_on: last.map(|last| last.on.to_string()),
            provisional: last.is_some_and(|last| last.provisional),
            ended: match account.stands {
                Stands::Ended(by, _) => Some(OnWire::of(by)),
                Stands::Runs(_) | Stands::Held => None,
            },
            longer: account
                .longer
                .iter()
                .map(|longer| LongerWire { by: OnWire::of(longer.by), days: longer.days })
                .collect(),
            halts: account
                .halts
                .iter()
                .enumerate()
                .map(|(at, halt)| HaltWire::of(halt, account.stopped_for(at)))
                .collect(),
            redated: account.redated.iter().copied().map(OnWire::of).collect(),
            days: account.days.iter().map(DayWire::of).collect(),
        }
    }
}

/// The word for whose time it is, with the step, the part and the decision it belongs to.
fn whose(of: &Of) -> (&'static str, Option<String>, Option<String>, Option<u64>) {
    let step = |step: &base::Name| Some(step.to_string());
    match of {
        Of::Statutory => ("statutory", None, None, None),
        Of::Promised => ("promised", None, None, None),
        Of::Step(name) => ("step", step(name), None, None),
        Of::Part(name, part) => ("part", step(name), Some(part.to_string()), None),
        Of::Supplement(name) => ("supplement", step(name), None, None),
        Of::Stop(name) => ("stop", step(name), None, None),
        Of::Ruling(decision) => ("ruling", None, None, Some(decision.0)),
    }
}

impl OnWire {
    fn of(on: On) -> Self {
        Self { entry: on.number.0, on: on.day.to_string() }
    }
}

impl HaltWire {
    fn of(halt: &Halt, days: usize) -> Self {
        let (why, step, outcome, ground) = match &halt.why {
            Why::Supplement(step, outcome) => ("supplement", step, Some(outcome), None),
            Why::Stop(step, outcome, ground) => ("stop", step, Some(outcome), *ground),
            Why::Uncounted(step, ground) => ("uncounted", step, None, Some(*ground)),
        };
        Self {
            why,
            step: step.to_string(),
            outcome: outcome.map(ToString::to_string),
            ground: ground.map(|ground| ground.word().to_owned()),
            from: OnWire::of(halt.from),
            until: halt.until.map(OnWire::of),
            days,
        }
    }
}

impl DayWire {
    fn of(day: &Day) -> Self {
        let (is, halt) = match day.is {
            DayIs::First => ("first", None),
            DayIs::Counted(_) => ("counted", None),
            DayIs::MakeUp(_) => ("make-up", None),
            DayIs::Weekend => ("weekend", None),
            DayIs::Holiday => ("holiday", None),
            DayIs::Stopped(halt) => ("stopped", Some(halt)),
            DayIs::GoesOn(halt) => ("goes-on", Some(halt)),
            DayIs::RolledOver => ("rolled-over", None),
            DayIs::Over => ("over", None),
        };
        Self {
            on: day.on.to_string(),
            is,
            nth: day.nth(),
            halt,
            holiday_zh: day.holiday.as_ref().map(|name| name.zh.clone()),
            holiday_en: day.holiday.as_ref().map(|name| name.en.clone()),
            provisional: day.provisional,
        }
    }
}
