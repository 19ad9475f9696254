//! One round: what has changed since each rule was asked, asked, and kept.

use std::{collections::BTreeMap, time::Instant as Clock};

use base::Name;
use pack::model::{Finds, Pack, Rule};
use rules::Value;
use store::{
    Store, StoreError,
    finding::{About, Finding, RuleAsked},
};
use supervise::{Asked, Histories, NotAsked, Outcome, Says, Standing, Stood, World};

use super::{Judging, Unasked, Upto};
use crate::web::{app::App, taking::Taking};

/// Asks every rule about what has changed since it was asked, and says up to where that was.
pub(crate) async fn round(app: &App, before: Option<Upto>) -> Result<Upto, Unasked> {
    let pack = &app.packs.live;
    let (Some(judging), Some(taking)) = (&app.judging, &app.taking) else {
        return Err(Unasked::Rule(NotAsked::Column("lake".to_owned())));
    };
    let head = app.store.head().await?;
    let (rows, _) = taking.lake().snapshot([])?;
    let now = Upto { pack: pack.hash, rows, head };
    if before == Some(now) {
        return Ok(now);
    }
    ask_all(app, judging, taking).await?;
    Ok(now)
}

/// Asks every rule of the pack in force about what has changed since it was asked, and keeps what
/// comes of it.
///
/// # Errors
/// [`Unasked`] where the lake or the database fails; a rule that cannot be asked is noted.
pub(crate) async fn ask_all(app: &App, judging: &Judging, taking: &Taking) -> Result<(), Unasked> {
    let pack = &*app.packs.live;
    let store = &app.store;
    // Rows first: whatever a register said before a row came is then known when it is asked.
    let (rows, tables) = taking.lake().snapshot(names(pack))?;
    let histories = judging.histories(store, pack).await?;
    let world =
        World { pack, engine: judging.engine(), tables: &tables, histories: &histories, rows };
    let known: BTreeMap<Name, RuleAsked> =
        store.rules_asked().await?.into_iter().map(|own| (own.rule.clone(), own)).collect();
    let at = app.clock.now();
    for rule in known.keys().filter(|rule| !pack.rules.contains_key(*rule)) {
        store.end_rule(rule, at).await?;
    }
    let mut waiting = Vec::new();
    for rule in pack.rules.values() {
        let kept = known.get(&rule.name).filter(|own| own.pack == pack.hash);
        let asked = kept.map(|own| Asked { rows: own.rows, snapshot: own.snapshot });
        let untroubled = kept.is_some_and(|own| own.trouble.is_empty());
        // Nothing is written down of a rule that nothing concerns.
        if untroubled && asked.is_some_and(|asked| !world.concerns(rule, asked)) {
            continue;
        }
        let standing = standing(store, &rule.name).await?;
        waiting.push(Waiting { rule, asked, standing, kept });
    }
    for group in grouped(waiting) {
        let began = Clock::now();
        let outcomes = outcomes(&world, &group).await;
        let took = began.elapsed();
        for (own, outcome) in group.iter().zip(outcomes) {
            let mut note = own.note(&world);
            note.at = at;
            note.took = took;
            let (mut found, mut gone) = (Vec::new(), Vec::new());
            match outcome {
                Ok(outcome) => {
                    note.asked += outcome.asked;
                    note.undetermined += outcome.undetermined;
                    found = outcome.found.iter().map(|one| keep(&world, own.rule, one)).collect();
                    gone = outcome.gone.iter().map(|id| id.0).collect();
                }
                Err(why) => own.troubled(&mut note, why.to_string()),
            }
            store.keep_findings(&note, &found, &gone).await?;
        }
    }
    Ok(())
}

/// The tables of the feeds of a pack.
pub(crate) fn names(pack: &Pack) -> Vec<String> {
    pack.feeds.keys().flat_map(|feed| [feed.to_string(), lake::replaced(feed)]).collect()
}

/// A rule that is to be asked.
struct Waiting<'p> {
    rule: &'p Rule,
    asked: Option<Asked>,
    standing: Vec<Standing>,
    kept: Option<&'p RuleAsked>,
}

impl Waiting<'_> {
    /// What is noted once it was asked.
    fn note(&self, world: &World<'_>) -> RuleAsked {
        let Asked { rows, snapshot } = world.asked();
        RuleAsked {
            rule: self.rule.name.clone(),
            pack: world.pack.hash,
            rows,
            snapshot,
            at: base::Instant::from_micros(0),
            asked: self.kept.map_or(0, |own| own.asked),
            undetermined: self.kept.map_or(0, |own| own.undetermined),
            took: std::time::Duration::ZERO,
            trouble: String::new(),
        }
    }

    /// What is noted where it could not be asked: up to where it was asked before.
    fn troubled(&self, note: &mut RuleAsked, trouble: String) {
        note.trouble = trouble;
        match self.asked {
            Some(Asked { rows, snapshot }) => {
                note.rows = rows;
                note.snapshot = snapshot;
            }
            // Under no pack: it is asked of everything the next time.
            None => note.pack = pack::model::PackHash([0; 32]),
        }
    }
}

/// Conditions over one feed that were asked up to the same are asked together, for their rows are
/// read once; queries alone.
fn grouped(waiting: Vec<Waiting<'_>>) -> Vec<Vec<Waiting<'_>>> {
    let mut groups: Vec<Vec<Waiting<'_>>> = Vec::new();
    for own in waiting {
        let is_row = |rule: &Rule| matches!(rule.finds, Finds::Row(_));
        let same = groups.iter_mut().find(|group| {
            group.first().is_some_and(|first| {
                is_row(first.rule)
                    && is_row(own.rule)
                    && first.rule.feed == own.rule.feed
                    && first.asked == own.asked
            })
        });
        match same {
            Some(group) => group.push(own),
            None => groups.push(vec![own]),
        }
    }
    groups
}

/// Asks rules of a group.
async fn outcomes(world: &World<'_>, group: &[Waiting<'_>]) -> Vec<Result<Outcome, NotAsked>> {
    let stood: Vec<Stood<'_>> = group
        .iter()
        .map(|own| Stood { rule: own.rule, asked: own.asked, standing: &own.standing })
        .collect();
    let [first, ..] = stood.as_slice() else { return Vec::new() };
    if matches!(first.rule.finds, Finds::Query(_)) {
        return vec![world.ask_set(*first).await];
    }
    let Some(feed) = world.pack.feeds.get(&first.rule.feed) else { return Vec::new() };
    match world.ask_rows(feed, &stood).await {
        Ok(outcomes) => outcomes.into_iter().map(Ok).collect(),
        // One that cannot be asked keeps no other from being asked.
        Err(why) if stood.len() == 1 => vec![Err(why)],
        Err(_) => {
            let mut alone = Vec::new();
            for own in &stood {
                let asked = world.ask_rows(feed, std::slice::from_ref(own)).await;
                alone.push(asked.map(|mut outcomes| outcomes.pop().unwrap_or_default()));
            }
            alone
        }
    }
}

/// What stands of a rule.
pub(crate) async fn standing(store: &Store, rule: &Name) -> Result<Vec<Standing>, StoreError> {
    Ok(store.findings_standing(rule).await?.iter().map(stands).collect())
}

fn stands(own: &store::finding::Standing) -> Standing {
    let (id, says) = (supervise::FindingId(own.id), Says(own.says));
    Standing { id, says, row: own.row, at: own.at }
}

/// What was found as it is kept.
pub(crate) fn keep(world: &World<'_>, rule: &Rule, found: &supervise::Finding) -> Finding {
    let evidence = found.evidence.iter();
    Finding {
        id: found.id().0,
        says: found.says().0,
        rule: found.rule.clone(),
        subject: found.subject.clone(),
        division: division_of(world.histories, rule, found),
        at: found.at,
        row: found.row_of(&rule.feed).unwrap_or_default(),
        about: About {
            version: found.version,
            clear: found.verdict == pack::model::RuleVerdict::Clear,
            evidence: evidence.map(|own| (own.feed.to_string(), own.number)).collect(),
            shows: found.shows.clone(),
            known_then: found.known_then,
            pack: world.pack.hash.0,
            rows: world.rows,
            snapshot: found.snapshot.0,
        },
    }
}

/// The division that a register gave whom a finding is about at its moment; empty where it says
/// none.
fn division_of(histories: &Histories, rule: &Rule, found: &supervise::Finding) -> String {
    let as_of = (found.at, histories.head());
    let said = histories.said(&rule.subject_of, &found.subject, as_of);
    let division =
        said.into_iter().flat_map(|version| version.fields.values()).find_map(
            |value| match value {
                Value::Division(division) => Some(division.to_string()),
                _ => None,
            },
        );
    division.unwrap_or_default()
}
