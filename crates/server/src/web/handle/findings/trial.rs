//! The rules of a proposed pack, tried on the rows of the year before: how much each would find,
//! how much of it does not stand now, and what that costs. Nothing is kept of it.

use std::{collections::BTreeMap, sync::Arc, time::Instant as Clock};

use axum::{extract::Path, response::Response};
use base::{Instant, Name};
use pack::model::{Pack, Rule};
use supervise::{Histories, NotAsked, Standing, Trial, World};

use super::{tone, verdict};
use crate::web::{
    fault::Fault,
    frame::Link,
    judging::{self, Judging, Unasked},
    pages::findings::{TrialLine, TrialPage},
    proposed::Workshop,
    taking::{NotSent, Taking},
    visit::{Visit, page},
};

/// The days before now whose events rules are tried on.
const DAYS: i64 = 365;

/// What came of trying a rule, and how long it took in milliseconds.
type Tried = (Result<Trial, NotAsked>, u128);

/// The rules of a proposal, tried.
pub(in crate::web) async fn tried(
    visit: Visit,
    Path(number): Path<u32>,
) -> Result<Response, Fault> {
    let app = &visit.app;
    let (Some(judging), Some(taking)) = (app.judging.clone(), app.taking.clone()) else {
        return Err(Fault::Rows(NotSent::NoLake));
    };
    if app.store.proposal(number).await?.is_none() {
        return Err(Fault::NoSuchPage);
    }
    let checked = Workshop::checked(app, number).await?;
    let Ok(sound) = &checked.outcome else { return Err(Fault::NoSuchPage) };
    let pack = Arc::clone(&sound.pack);
    let turn = judging.turn().ok_or(Fault::Refused(store::SubmitError::Overloaded))?;
    let histories = judging.histories(&app.store, &pack).await?;
    let mut standing = BTreeMap::new();
    for rule in pack.rules.keys() {
        standing.insert(rule.clone(), judging::standing(&app.store, rule).await?);
    }
    let first = visit.today().plus_days(-DAYS).unwrap_or(visit.today());
    let span = (pack.zone.start_of(first), visit.now);
    let work = Trying { pack: Arc::clone(&pack), judging, taking, histories, standing, span };
    let threads = tokio::runtime::Handle::current();
    let tried = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        threads.block_on(work.all())
    });
    let tried = tried.await.map_err(|error| Fault::broken(&error))?.map_err(|why| {
        eprintln!("{}", judging::told(&why));
        Fault::Broken
    })?;
    let line = |(name, tried): (&Name, &Tried)| Some(line(&visit, pack.rules.get(name)?, tried));
    page(&TrialPage {
        frame: visit.frame(),
        up: Link {
            href: visit.to(&format!("/proposals/{number}")),
            text: visit.words.with("proposal-title", &number.to_string()),
        },
        from: first.to_string(),
        rules: tried.iter().filter_map(line).collect(),
    })
}

/// What rules are tried with.
struct Trying {
    pack: Arc<Pack>,
    judging: Judging,
    taking: Taking,
    histories: Histories,
    standing: BTreeMap<Name, Vec<Standing>>,
    span: (Instant, Instant),
}

impl Trying {
    async fn all(self) -> Result<BTreeMap<Name, Tried>, Unasked> {
        let (rows, tables) = self.taking.lake().snapshot(judging::names(&self.pack))?;
        let (pack, engine, histories) = (&*self.pack, self.judging.engine(), &self.histories);
        let world = World { pack, engine, tables: &tables, histories, rows };
        let mut tried = BTreeMap::new();
        for (name, rule) in &pack.rules {
            let standing = self.standing.get(name).map(Vec::as_slice).unwrap_or_default();
            let began = Clock::now();
            let came = world.try_out(rule, self.span, standing).await;
            tried.insert(name.clone(), (came, began.elapsed().as_millis()));
        }
        Ok(tried)
    }
}

fn line(visit: &Visit, rule: &Rule, (tried, took): &Tried) -> TrialLine {
    let (trial, trouble) = match tried {
        Ok(trial) => (Some(trial), String::new()),
        Err(why) => (None, why.to_string()),
    };
    let count = |of: fn(&Trial) -> u64| trial.map(of).unwrap_or_default();
    TrialLine {
        title: rule.title.to(visit.words.0).to_owned(),
        verdict: verdict(visit, rule.verdict),
        tone: tone(rule.verdict == pack::model::RuleVerdict::Clear),
        found: count(|own| own.found as u64),
        new: count(|own| own.new as u64),
        gone: count(|own| own.gone as u64),
        undetermined: count(|own| own.undetermined),
        cost: visit.words.with_both(
            "trial-cost-says",
            &count(|own| own.asked).to_string(),
            &took.to_string(),
        ),
        trouble,
    }
}
