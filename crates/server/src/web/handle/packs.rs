//! The packs that are and were in force, and those proposed: read by people, uploaded, staged,
//! dated, published and given up. Who may do what of it the policies say.

use std::sync::Arc;

use access::Action;
use axum::{
    extract::{Path, Query as Asked},
    http::{StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use base::{Confidence, Date, Text};
use exchange::bpmn;
use kernel::Actor;
use pack::{
    diff::{Diff, Difference},
    model::{Pack, PackHash},
    source::Archive,
};
use serde::Deserialize;
use store::proposals::{Adoption, Hand, NewProposal, Proposal, Stage, Step, Taken};

use super::name;
use crate::{
    cli::facts,
    web::{
        fault::{Fault, numbered},
        frame::{Frame, Link},
        pages::{
            packs::{
                Adopted, DiffPage, DifferenceView, FactsPage, FaultView, May, PackPage, PacksPage,
                PartView, PlanView, ProposalPage, Proposed, StoryView,
            },
            service::ServicePage,
            services::Listed,
        },
        permit::may_with_proposal,
        posted::Posted,
        proposed::{
            Checked, Found, Trial, Unproposed, Workshop, follow, plans, prepare, proposed, try_out,
        },
        reading::short,
        session::random,
        shown::Shown,
        visit::{AsOfficer, Visit, page},
        words::Words,
    },
};

/// What the list of facts shows.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Which {
    /// `yes` where only what nobody has read in its source.
    unverified: String,
    /// How many come before the page.
    after: usize,
}

/// How many facts one page shows.
const FACTS: usize = 200;

/// Every pack that is or was in force; the proposals, for whoever may see them.
pub(in crate::web) async fn list(visit: Visit) -> Result<Response, Fault> {
    page(&packs_page(&visit).await?)
}

async fn packs_page(visit: &Visit) -> Result<PacksPage, Fault> {
    let shown = visit.shown();
    let adoptions = visit.app.store.adoptions().await?;
    let last = adoptions.last().map(|own| own.number);
    let adopted = adoptions.iter().rev().map(|own| Adopted {
        link: Link { href: visit.to(&format!("/packs/{}", own.hash)), text: called(visit, own) },
        number: own.number.0.to_string(),
        at: shown.moment(own.at),
        by: match &own.by {
            Actor::Officer(_, body) => shown.body(body),
            _ => visit.words.t("packs-operator"),
        },
        current: last == Some(own.number),
    });
    let adopted = adopted.collect();
    let proposed = match may_with_proposal(visit, Action::SeeProposal, None) {
        true => {
            let all = visit.app.store.proposals().await?;
            Some(all.iter().map(|own| listed(visit, own)).collect())
        }
        false => None,
    };
    Ok(PacksPage {
        frame: visit.frame(),
        refused: Vec::new(),
        adopted,
        proposed,
        may_upload: may_with_proposal(visit, Action::ProposePack, None),
        key: random(),
    })
}

fn called(visit: &Visit, adoption: &Adoption) -> String {
    let title = visit.app.packs.of(&adoption.hash).unwrap_or(&visit.app.packs.live).title.clone();
    visit.words.with_both("edition", title.to(visit.words.0), &short(adoption.hash))
}

fn listed(visit: &Visit, proposal: &Proposal) -> Proposed {
    let first = proposal.steps.first();
    Proposed {
        link: Link {
            href: visit.to(&format!("/proposals/{}", proposal.number)),
            text: visit.words.with("proposal-title", &proposal.number.to_string()),
        },
        edition: short(proposal.hash),
        stage: stage(visit, proposal),
        at: first.map(|step| visit.shown().moment(step.hand.at)).unwrap_or_default(),
    }
}

/// Where a proposal stands, and the tone of that.
fn stage(visit: &Visit, proposal: &Proposal) -> (&'static str, String) {
    let overtaken = overtaken(visit, proposal);
    let (mark, key) = match proposal.stage {
        Stage::Proposed if !proposal.sound => ("bad", "stage-faults"),
        Stage::Proposed if !proposal.trial.is_empty() => ("bad", "stage-failed"),
        Stage::Staged | Stage::Dated if overtaken => ("bad", "stage-overtaken"),
        Stage::Proposed => ("plain", "stage-proposed"),
        Stage::Staging => ("plain", "stage-staging"),
        Stage::Staged => ("good", "stage-staged"),
        Stage::Dated => ("good", "stage-dated"),
        Stage::Published => ("good", "stage-published"),
        Stage::Adopted => ("good", "stage-adopted"),
        Stage::Discarded => ("plain", "stage-discarded"),
        Stage::Overtaken => ("bad", "stage-overtaken"),
    };
    (mark, visit.words.t(key))
}

/// Whether a proposal was held against another pack than the one in force.
fn overtaken(visit: &Visit, proposal: &Proposal) -> bool {
    proposal.base.is_some_and(|base| base != visit.app.packs.live.hash)
}

/// The pack that an address names by its hash.
fn by_hash(visit: &Visit, hash: &str) -> Result<Arc<Pack>, Fault> {
    let live = &visit.app.packs.live;
    if live.hash.to_string() == hash {
        return Ok(live.clone());
    }
    let found = visit.app.packs.by_hash.iter().find(|(own, _)| own.to_string() == hash);
    found.map(|(_, pack)| pack.clone()).ok_or(Fault::NoSuchPage)
}

/// A pack with where its pages are.
struct Read {
    pack: Arc<Pack>,
    /// Its pages begin with this.
    at: String,
    up: Link,
    title: String,
    lead: String,
    /// The day whose figures and bodies count.
    day: Date,
}

impl Read {
    async fn version(visit: &Visit, hash: &str) -> Result<Self, Fault> {
        let pack = by_hash(visit, hash)?;
        let adoptions = visit.app.store.adoptions().await?;
        let place = adoptions.iter().rposition(|own| own.hash == pack.hash);
        let own = place.and_then(|place| adoptions.get(place)).ok_or(Fault::NoSuchPage)?;
        let (shown, words) = (visit.shown(), visit.words);
        let from = shown.moment(own.at);
        let next = place.and_then(|place| adoptions.get(place + 1));
        let lead = match next {
            None => words.with_both("pack-in-force", &from, &own.number.0.to_string()),
            Some(next) => words.with_both("pack-was-in-force", &from, &shown.moment(next.at)),
        };
        let day = next.map_or(visit.today(), |next| visit.pack().zone.day_of(next.at));
        Ok(Self {
            at: visit.to(&format!("/packs/{hash}")),
            up: Link { href: visit.to("/packs"), text: words.t("packs") },
            title: words.with_both("edition", pack.title.to(words.0), &short(pack.hash)),
            lead,
            day,
            pack,
        })
    }

    async fn proposal(visit: &Visit, number: u32) -> Result<Self, Fault> {
        let proposal = visit.app.store.proposal(number).await?.ok_or(Fault::NoSuchPage)?;
        let checked = Workshop::checked(&visit.app, number).await?;
        let Ok(sound) = &checked.outcome else { return Err(Fault::NoSuchPage) };
        let (pack, words) = (sound.pack.clone(), visit.words);
        let at = visit.to(&format!("/proposals/{number}"));
        Ok(Self {
            up: Link { href: at.clone(), text: words.with("proposal-title", &number.to_string()) },
            at,
            title: words.with_both("edition", pack.title.to(words.0), &short(pack.hash)),
            lead: words.t("pack-proposed"),
            day: proposal.day.unwrap_or(visit.today()),
            pack,
        })
    }

    fn shown(&self, visit: &Visit) -> Shown<'_> {
        Shown { pack: &self.pack, words: visit.words, day: self.day }
    }

    fn page(self, visit: &Visit) -> PackPage {
        let (shown, words) = (self.shown(visit), visit.words);
        let services = self.pack.procedures.values().map(|procedure| {
            let own = Listed::of(shown, procedure);
            let href = format!("{}/services/{}", self.at, procedure.name);
            Listed { link: Link { href, ..own.link }, ..own }
        });
        let registers = self.pack.registers.values().map(|register| {
            let open = if register.public { "pack-public" } else { "pack-restricted" };
            let fields = words.n("pack-fields", &register.fields.len());
            let says = words.with_both("two-notes", &fields, &words.t(open));
            (register.title.to(words.0).to_owned(), says)
        });
        let cited = facts(&self.pack, words.0);
        let sure = |wanted| cited.iter().filter(|own| own.basis.confidence == wanted).count();
        let conditions = self.pack.procedures.values().map(|own| own.requires.len()).sum::<usize>();
        let counts = [
            ("services", self.pack.procedures.len()),
            ("conditions", conditions),
            ("pack-registers", self.pack.registers.len()),
            ("pack-feeds", self.pack.feeds.len()),
            ("pack-rules", self.pack.rules.len()),
            ("sure-verified", sure(Confidence::Verified)),
            ("sure-secondary", sure(Confidence::Secondary)),
            ("sure-assumed", sure(Confidence::Assumed)),
        ];
        let counts = counts.map(|(key, count)| (words.t(key), count.to_string())).to_vec();
        PackPage {
            frame: visit.frame(),
            hash: self.pack.hash.to_string(),
            counts,
            facts: Link {
                href: format!("{}/facts?unverified=yes", self.at),
                text: words.t("pack-facts-unverified"),
            },
            services: services.collect(),
            registers: registers.collect(),
            feeds: self.feeds(words),
            knowledge: self.knowledge(words),
            rules: self.rules(words),
            up: Link { ..self.up.clone() },
            title: self.title.clone(),
            lead: self.lead.clone(),
        }
    }

    /// What arrives in bulk, with what obliges its sources.
    fn feeds(&self, words: Words) -> Vec<(String, String)> {
        let feeds = self.pack.feeds.values().map(|feed| {
            let columns = words.n("pack-columns", &feed.columns.len());
            let acts: Vec<&str> = feed.basis.iter().map(|basis| basis.act.as_str()).collect();
            let says = words.with_both("two-notes", &columns, &acts.join(words.comma()));
            (feed.title.to(words.0).to_owned(), says)
        });
        feeds.collect()
    }

    /// What rules look things up in.
    fn knowledge(&self, words: Words) -> Vec<(String, String)> {
        let tables = self.pack.knowledge.values().map(|table| {
            let columns = words.n("pack-columns", &table.columns.len());
            let rows = words.n("pack-rows", &table.rows.len());
            let says = words.with_both("two-notes", &columns, &rows);
            (table.title.to(words.0).to_owned(), says)
        });
        tables.collect()
    }

    /// The rules by which rows become findings, each with its first day and what it reads.
    fn rules(&self, words: Words) -> Vec<(String, String)> {
        let rules = self.pack.rules.values().map(|rule| {
            let feeds = rule.feeds().filter_map(|name| self.pack.feeds.get(name));
            let feeds: Vec<&str> = feeds.map(|feed| feed.title.to(words.0)).collect();
            let from = words.with("pack-rule-from", &rule.from.to_string());
            let says = words.with_both("two-notes", &from, &feeds.join(words.comma()));
            (rule.title.to(words.0).to_owned(), says)
        });
        rules.collect()
    }

    fn facts(&self, visit: &Visit, which: &Which, at: &str) -> FactsPage {
        let (shown, words) = (self.shown(visit), visit.words);
        let unverified = which.unverified == "yes";
        let own = facts(&self.pack, words.0).into_iter();
        let own = own.filter(|one| !unverified || one.basis.confidence != Confidence::Verified);
        let all: Vec<_> = own.map(|one| (one.place, one.says, shown.cited(&one.basis))).collect();
        let total = all.len();
        let facts: Vec<_> = all.into_iter().skip(which.after).take(FACTS).collect();
        let (query, key) = match unverified {
            true => ("", "pack-facts-all"),
            false => ("?unverified=yes", "pack-facts-unverified"),
        };
        let after = which.after.saturating_add(FACTS);
        let only = if unverified { "unverified=yes&" } else { "" };
        let next = match after < total {
            true => format!("{}/facts?{only}after={after}", self.at),
            false => String::new(),
        };
        FactsPage {
            frame: visit.frame(),
            up: Link { href: at.to_owned(), text: self.title.clone() },
            other: Link { href: format!("{}/facts{query}", self.at), text: words.t(key) },
            total,
            next,
            facts,
        }
    }

    fn service(&self, visit: &Visit, procedure: &str, at: &str) -> Result<ServicePage, Fault> {
        let procedure = self.pack.procedures.get(&name(procedure)?).ok_or(Fault::NoSuchPage)?;
        let frame: Frame = visit.frame();
        let of = ServicePage::of(frame, self.shown(visit), procedure);
        let up = Link { href: at.to_owned(), text: self.title.clone() };
        let href = format!("{}/services/{}", self.at, procedure.name);
        let known = |register: &base::Name| visit.pack().registers.contains_key(register);
        Ok(of.within(up, href, visit.words.with("pack-reads", &short(self.pack.hash)), known))
    }

    fn flow(&self, visit: &Visit, procedure: &str) -> Result<Response, Fault> {
        let procedure = self.pack.procedures.get(&name(procedure)?).ok_or(Fault::NoSuchPage)?;
        let drawn = bpmn::picture(&self.pack, procedure, visit.words.0);
        let drawn = drawn.map_err(|error| Fault::broken(&error))?;
        Ok(([(header::CONTENT_TYPE, "image/svg+xml")], drawn).into_response())
    }
}

/// A pack that is or was in force.
pub(in crate::web) async fn version(
    visit: Visit,
    Path(hash): Path<String>,
) -> Result<Response, Fault> {
    page(&Read::version(&visit, &hash).await?.page(&visit))
}

/// What such a pack takes from sources.
pub(in crate::web) async fn version_facts(
    visit: Visit,
    Path(hash): Path<String>,
    Asked(which): Asked<Which>,
) -> Result<Response, Fault> {
    let read = Read::version(&visit, &hash).await?;
    page(&read.facts(&visit, &which, &read.at))
}

/// A service by such a pack.
pub(in crate::web) async fn version_service(
    visit: Visit,
    Path((hash, procedure)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let read = Read::version(&visit, &hash).await?;
    page(&read.service(&visit, &procedure, &read.at)?)
}

/// Its flow, drawn.
pub(in crate::web) async fn version_flow(
    visit: Visit,
    Path((hash, procedure)): Path<(String, String)>,
) -> Result<Response, Fault> {
    Read::version(&visit, &hash).await?.flow(&visit, &procedure)
}

/// A proposed pack as people read it.
pub(in crate::web) async fn read(visit: Visit, Path(number): Path<u32>) -> Result<Response, Fault> {
    page(&Read::proposal(&visit, number).await?.page(&visit))
}

/// What a proposed pack takes from sources.
pub(in crate::web) async fn read_facts(
    visit: Visit,
    Path(number): Path<u32>,
    Asked(which): Asked<Which>,
) -> Result<Response, Fault> {
    let read = Read::proposal(&visit, number).await?;
    page(&read.facts(&visit, &which, &format!("{}/pack", read.at)))
}

/// A service by a proposed pack.
pub(in crate::web) async fn read_service(
    visit: Visit,
    Path((number, procedure)): Path<(u32, String)>,
) -> Result<Response, Fault> {
    let read = Read::proposal(&visit, number).await?;
    page(&read.service(&visit, &procedure, &format!("{}/pack", read.at))?)
}

/// Its flow, drawn.
pub(in crate::web) async fn read_flow(
    visit: Visit,
    Path((number, procedure)): Path<(u32, String)>,
) -> Result<Response, Fault> {
    Read::proposal(&visit, number).await?.flow(&visit, &procedure)
}

/// What differs between a proposal and the pack in force.
pub(in crate::web) async fn diff(visit: Visit, Path(number): Path<u32>) -> Result<Response, Fault> {
    let read = Read::proposal(&visit, number).await?;
    let own = visit.app.store.proposal(number).await?.ok_or(Fault::NoSuchPage)?;
    // What was put in force is compared with what it took the place of.
    let base = own.base.filter(|_| own.stage == Stage::Adopted);
    let base = base.and_then(|base| visit.app.packs.of(&base)).unwrap_or(&visit.app.packs.live);
    let diff = Workshop::diff(&visit.app, base.clone(), read.pack.clone()).await?;
    page(&DiffPage {
        frame: visit.frame(),
        up: read.up,
        sides: (short(diff.before.hash), short(diff.after.hash)),
        parts: parts(&visit, &diff),
        standing: diff.standing().iter().map(|says| said(&visit, says)).collect(),
    })
}

fn said(visit: &Visit, text: &Text) -> String {
    text.to(visit.words.0).to_owned()
}

fn parts(visit: &Visit, diff: &Diff) -> Vec<PartView> {
    let mut parts: Vec<PartView> = Vec::new();
    for difference in &diff.differences {
        let title = said(visit, &difference.part);
        let view = difference_view(visit, difference);
        match parts.last_mut().filter(|part| part.title == title) {
            Some(part) => part.differences.push(view),
            None => parts.push(PartView { title, differences: vec![view] }),
        }
    }
    parts
}

fn difference_view(visit: &Visit, difference: &Difference) -> DifferenceView {
    let effects = difference.effects.iter().map(|effect| {
        let (mark, key) = match effect.gains {
            Some(true) => ("good", "pack-diff-gains"),
            Some(false) => ("bad", "pack-diff-loses"),
            None => ("plain", "pack-diff-changes"),
        };
        let says = said(visit, &effect.says);
        let says = match effect.day {
            Some(day) => visit.words.with_both("pack-diff-filed", &day.to_string(), &says),
            None => says,
        };
        (mark, visit.words.t(key), says)
    });
    DifferenceView {
        says: said(visit, &difference.says),
        whom: said(visit, &difference.whom),
        effects: effects.collect(),
        caution: difference.caution.as_ref().map(|own| said(visit, own)).unwrap_or_default(),
    }
}

/// Takes an upload in and checks it. What has faults is kept, too, so that they can be read.
pub(in crate::web) async fn upload(who: AsOfficer, posted: Posted) -> Result<Response, Fault> {
    let visit = &who.visit;
    match taken_in(&who, &posted).await? {
        Ok(number) => Ok(to(visit, number)),
        Err(why) => {
            let refused = vec![why.refused(visit.words)];
            refusal(&why, page(&PacksPage { refused, ..packs_page(visit).await? })?)
        }
    }
}

async fn taken_in(who: &AsOfficer, posted: &Posted) -> Result<Result<u32, Unproposed>, Fault> {
    let app = &who.visit.app;
    let live = app.packs.live.clone();
    let kept = app.store.kept_packs().await?.into_iter().find(|(hash, _)| *hash == live.hash);
    let in_force = kept.and_then(|(_, sources)| Archive::from_bytes(&sources)).unwrap_or_default();
    let zip = posted.files.get("pack").cloned().unwrap_or_default();
    let own = live.clone();
    let read = tokio::task::spawn_blocking(move || proposed(&zip, &own, &in_force)).await;
    let archive = match read.map_err(|error| Fault::broken(&error))? {
        Ok(archive) => archive,
        Err(why) => return Ok(Err(why)),
    };
    let checked = Checked::of(archive).await?;
    if checked.hash() == live.hash {
        return Ok(Err(Unproposed::Same));
    }
    let new = NewProposal {
        name: live.name.clone(),
        hash: checked.hash(),
        sound: checked.outcome.is_ok(),
        sources: checked.archive.to_bytes(),
    };
    let number = app.store.propose(&new, &hand(who)).await?;
    Workshop::keep(app, number, Arc::new(checked));
    Ok(Ok(number))
}

fn to(visit: &Visit, number: u32) -> Response {
    Redirect::to(&visit.to(&format!("/proposals/{number}"))).into_response()
}

fn refusal(why: &Unproposed, shown: Response) -> Result<Response, Fault> {
    Ok(numbered(why.number(), (why.status(), shown).into_response()))
}

fn hand(who: &AsOfficer) -> Hand {
    Hand { officer: who.party, body: who.body.clone(), at: who.visit.now }
}

/// A proposal.
pub(in crate::web) async fn proposal(
    visit: Visit,
    Path(number): Path<u32>,
) -> Result<Response, Fault> {
    let shown = page(&proposal_page(&visit, number).await?)?;
    Ok((StatusCode::OK, shown).into_response())
}

async fn proposal_page(visit: &Visit, number: u32) -> Result<ProposalPage, Fault> {
    let proposal = visit.app.store.proposal(number).await?.ok_or(Fault::NoSuchPage)?;
    let checked = Workshop::checked(&visit.app, number).await?;
    let words = visit.words;
    let trial = Trial::read(&proposal.trial);
    let (faults, plan_views) = match &checked.outcome {
        Ok(sound) => (Vec::new(), plan_views(visit, &sound.pack)),
        Err(found) => (found.iter().map(|own| fault_view(visit, own)).collect(), Vec::new()),
    };
    Ok(ProposalPage {
        frame: visit.frame(),
        title: words.with("proposal-title", &number.to_string()),
        href: visit.to(&format!("/proposals/{number}")),
        refused: Vec::new(),
        stage: stage(visit, &proposal),
        says: says(visit, &proposal),
        edition: short(proposal.hash),
        base: proposal.base.map(short).unwrap_or_default(),
        day: proposal.day.map(|day| day.to_string()).unwrap_or_default(),
        faults,
        sound: proposal.sound,
        rules: visit.app.judging.is_some()
            && checked.outcome.as_ref().is_ok_and(|sound| !sound.pack.rules.is_empty()),
        stories_says: stories_says(visit, &proposal, trial.as_ref()),
        stories: trial.map(|trial| stories(visit, trial)).unwrap_or_default(),
        plans: plan_views,
        steps: proposal.steps.iter().map(|step| step_view(visit, step)).collect(),
        may: may(visit, &proposal),
        today: proposal.day.unwrap_or(visit.today()).to_string(),
        key: random(),
    })
}

/// What where it stands means, and what is next.
fn says(visit: &Visit, proposal: &Proposal) -> String {
    let words = visit.words;
    let day = proposal.day.map(|day| day.to_string()).unwrap_or_default();
    match proposal.stage {
        Stage::Staged | Stage::Dated if overtaken(visit, proposal) => {
            words.t("stage-overtaken-says")
        }
        Stage::Proposed if !proposal.sound => words.t("stage-faults-says"),
        Stage::Proposed if !proposal.trial.is_empty() => words.t("stage-failed-says"),
        Stage::Proposed => words.t("stage-proposed-says"),
        Stage::Staging => match visit.app.workshop.progress(proposal.number) {
            Some((done, all)) => {
                words.with_both("stage-staging-says", &done.to_string(), &all.to_string())
            }
            None => words.t("stage-staging-soon"),
        },
        Stage::Staged => words.t("stage-staged-says"),
        Stage::Dated => words.with("stage-dated-says", &day),
        Stage::Published => words.with("stage-published-says", &day),
        Stage::Adopted => {
            let number = proposal.adopted_by.map(|number| number.0.to_string());
            words.with("stage-adopted-says", &number.unwrap_or_default())
        }
        Stage::Discarded => words.t("stage-discarded-says"),
        Stage::Overtaken => words.t("stage-overtaken-says"),
    }
}

fn may(visit: &Visit, proposal: &Proposal) -> May {
    let may = |action| may_with_proposal(visit, action, Some(proposal));
    let overtaken = overtaken(visit, proposal);
    let stand = proposal.stage;
    let again = matches!(stand, Stage::Staged | Stage::Dated) && overtaken;
    let first = matches!(stand, Stage::Proposed | Stage::Overtaken) && proposal.sound;
    let dated = stand == Stage::Dated && !overtaken;
    let publish = may(Action::PublishPack);
    May {
        stage: (first || again) && may(Action::StagePack),
        date: matches!(stand, Stage::Staged | Stage::Dated) && !overtaken && may(Action::DatePack),
        publish: dated && publish,
        wait: dated && !publish,
        discard: !stand.over() && may(Action::DiscardPack),
    }
}

fn fault_view(visit: &Visit, found: &Found) -> FaultView {
    FaultView {
        place: found.place.clone(),
        line: found.line.clone(),
        word: found.word,
        says: said(visit, &found.says),
        near: found.near.clone(),
    }
}

fn plan_views(visit: &Visit, pack: &Pack) -> Vec<PlanView> {
    let each = plans(&visit.app, pack).into_iter().map(|own| {
        let (moves, stays) = (own.plan.steps.len(), own.plan.stays.len());
        let key = if own.idle { "proposal-plan-idle" } else { "proposal-plan-from" };
        let from = visit.words.with(key, &short(own.plan.from));
        let counts = visit.words.with_both("proposal-plan", &moves.to_string(), &stays.to_string());
        PlanView {
            title: said(visit, &own.plan.title),
            says: visit.words.with_both("two-notes", &from, &counts),
            hindered: own.hindered.iter().map(|says| said(visit, says)).collect(),
        }
    });
    each.collect()
}

fn stories_says(visit: &Visit, proposal: &Proposal, trial: Option<&Trial>) -> String {
    let Some(trial) = trial else { return String::new() };
    if trial.stories.is_empty() && !proposal.trial.is_empty() {
        return visit.words.t("proposal-no-stories");
    }
    let good = trial.stories.iter().filter(|own| own.wrong.is_none()).count();
    let all = trial.stories.len().to_string();
    visit.words.with_both("proposal-stories-says", &good.to_string(), &all)
}

fn stories(visit: &Visit, trial: Trial) -> Vec<StoryView> {
    let mut stories = trial.stories;
    // What did not come out is looked for.
    stories.sort_by_key(|own| own.wrong.is_none());
    let view = |own: crate::web::proposed::Outcome| StoryView {
        title: said(visit, &Text::new(own.zh, own.en)),
        place: own.place,
        wrong: own.wrong.unwrap_or_default(),
    };
    stories.into_iter().map(view).collect()
}

fn step_view(visit: &Visit, step: &Step) -> (String, String, String) {
    let (words, shown) = (visit.words, visit.shown());
    let key = match step.word.as_str() {
        "proposed" => "step-proposed",
        "staging" => "step-staging",
        "staged" => "step-staged",
        "failed" => "step-failed",
        "dated" => "step-dated",
        "published" => "step-published",
        _ => "step-discarded",
    };
    let what = words.t(key);
    let what = match step.day {
        Some(day) => words.with_both("two-notes", &what, &day.to_string()),
        None => what,
    };
    let body = shown.body(&step.hand.body);
    let known = visit.app.people.0.iter().find(|own| match &own.role {
        crate::web::Role::Officer { party, .. } => *party == step.hand.officer,
        crate::web::Role::Applicant { .. } => false,
    });
    let who = match known {
        Some(person) => words.with_both("two-notes", &said(visit, &person.name), &body),
        None => body,
    };
    (what, who, shown.moment(step.hand.at))
}

/// Begins to stage a proposal: its stories are played beside the serving.
pub(in crate::web) async fn stage_it(
    who: AsOfficer,
    Path(number): Path<u32>,
    _: Posted,
) -> Result<Response, Fault> {
    let visit = &who.visit;
    let against: PackHash = visit.app.packs.live.hash;
    let taken = visit.app.store.stage(number, against, &hand(&who)).await;
    if matches!(taken, Ok(Ok(()))) {
        try_out(visit.app.clone(), number, hand(&who));
    }
    went(visit, number, taken).await
}

/// Names the day from which a proposal is to be in force.
pub(in crate::web) async fn date(
    who: AsOfficer,
    Path(number): Path<u32>,
    posted: Posted,
) -> Result<Response, Fault> {
    let visit = &who.visit;
    let Ok(day) = Date::parse(posted.one("day")) else {
        return turned_away(visit, number, &Unproposed::NoDay).await;
    };
    let taken = visit.app.store.date(number, (day, visit.today()), &hand(&who)).await;
    went(visit, number, taken).await
}

/// Publishes a proposal; it is in force at once where its day has begun.
pub(in crate::web) async fn publish(
    who: AsOfficer,
    Path(number): Path<u32>,
    _: Posted,
) -> Result<Response, Fault> {
    let visit = &who.visit;
    let checked = Workshop::checked(&visit.app, number).await?;
    let Ok(sound) = &checked.outcome else {
        return turned_away(visit, number, &Unproposed::NotHere).await;
    };
    visit.app.store.know(sound.pack.clone());
    let taken = visit.app.store.publish(number, &sound.pack, &hand(&who)).await;
    if matches!(taken, Ok(Ok(()))) {
        prepare(&visit.app).await?;
        // A term of some case that cannot run out is told by the clock; this is not its concern.
        visit.app.store.advance(visit.now).await.ok();
        follow(&visit.app).await?;
    }
    went(visit, number, taken).await
}

/// Gives a proposal up.
pub(in crate::web) async fn discard(
    who: AsOfficer,
    Path(number): Path<u32>,
    _: Posted,
) -> Result<Response, Fault> {
    let taken = who.visit.app.store.discard(number, &hand(&who)).await;
    went(&who.visit, number, taken).await
}

async fn went(visit: &Visit, number: u32, taken: Taken) -> Result<Response, Fault> {
    match taken? {
        Ok(()) => Ok(to(visit, number)),
        Err(untaken) => turned_away(visit, number, &untaken.into()).await,
    }
}

async fn turned_away(visit: &Visit, number: u32, why: &Unproposed) -> Result<Response, Fault> {
    let refused = vec![why.refused(visit.words)];
    refusal(why, page(&ProposalPage { refused, ..proposal_page(visit, number).await? })?)
}
