//! A layout plan as people see it: the survey of a case and the drafts on file, with who may read
//! them. Nothing of it is kept: all is read from the texts that the ledger holds.

mod features;
mod reach;
mod report;
mod sheets;
mod standards;
mod told;

use std::{collections::BTreeSet, sync::Arc};

use access::Action;
use base::Name;
use kernel::{Act, Case, CaseId, Entry, EntryNumber, case::CaseLayout};
use layout::{Draft, Measures, Survey, measures};
use pack::model::{Layout, Pack, Procedure};
use siting::layout::Worth;

pub(crate) use features::features;
pub(crate) use reach::{Reached, Then};
pub(crate) use report::report;
pub(crate) use told::{Undrawn, gap, minutes_refused, permille, refusals};

use super::{
    app::Role,
    entries::{Headings, Named},
    fault::Fault,
    frame::Link,
    permit::in_case,
    reading::register_of,
    shown::Shown,
    visit::Visit,
};

/// What the reader may read of the plan of a case.
pub(crate) struct Readable {
    /// The case.
    pub(crate) case: Case,
    /// The pack that rules it.
    pub(crate) pack: Arc<Pack>,
    /// Its survey and all of its drafts.
    kept: CaseLayout,
    /// Whether the reader is an officer who may see the case.
    pub(crate) officer: bool,
    /// How many drafts everybody may read; none where the plan is not public.
    public: Option<usize>,
}

/// A plan that the reader may read.
pub(crate) struct Planned {
    /// The request.
    pub(crate) visit: Visit,
    /// The case.
    pub(crate) case: Case,
    /// The pack that rules it.
    pub(crate) pack: Arc<Pack>,
    /// What was surveyed.
    pub(crate) survey: Survey,
    /// The drafts that the reader may read, in the order in which they were put on file.
    pub(crate) drafts: Vec<Draft>,
    /// Whether the reader is an officer who may see the case.
    pub(crate) officer: bool,
    /// Whether everybody may read it.
    pub(crate) public: bool,
    /// What the entries that it names are known by.
    headings: Headings,
}

/// A draft with what it comes to.
pub(crate) struct Reckoned<'a> {
    /// The draft.
    pub(crate) draft: &'a Draft,
    /// How people are served, as it is and in each phase.
    pub(crate) measures: Measures,
    /// What each site is worth.
    pub(crate) worth: Arc<Vec<Worth>>,
}

impl Readable {
    /// What the reader may read of a case; nothing where it has no plan, or one that is not theirs
    /// to read.
    pub(crate) async fn of(visit: &Visit, case: Case) -> Result<Option<Self>, Fault> {
        let Some(kept) = case.layout.clone() else { return Ok(None) };
        let pack = visit.app.packs.of(&case.pack).cloned().ok_or(Fault::Broken)?;
        let procedure = pack.procedures.get(&case.procedure).ok_or(Fault::Broken)?;
        let officer = match visit.person().map(|person| &person.role) {
            Some(role @ Role::Officer { .. }) => {
                in_case(visit, role, Action::SeeCase, &case).await.is_ok()
            }
            _ => false,
        };
        let until = left_drafting(procedure, &visit.app.store.history(case.id).await?);
        let public = public_drafts(&kept, until);
        let own = Self { case, pack, kept, officer, public };
        Ok((officer || public.is_some()).then_some(own))
    }

    /// Whether everybody may read it.
    pub(crate) fn public(&self) -> bool {
        self.public.is_some()
    }

    /// What was surveyed.
    pub(crate) fn survey(&self) -> Result<Survey, Fault> {
        Survey::read(&self.kept.survey.text).map_err(|_| Fault::Broken)
    }

    /// How many drafts the reader may read: the first ones.
    pub(crate) fn drafts(&self) -> usize {
        if self.officer { self.kept.drafts.len() } else { self.public.unwrap_or(0) }
    }

    /// The number of the draft that is adopted, counted from 1.
    pub(crate) fn adopted(&self) -> Option<usize> {
        adopted(&self.kept)
    }
}

impl Planned {
    /// The plan of a case.
    pub(crate) async fn of(visit: Visit, id: &str) -> Result<Self, Fault> {
        let id = CaseId(EntryNumber(id.parse().map_err(|_| Fault::NoSuchPage)?));
        let store = &visit.app.store;
        let case = store.case(id).await?.ok_or(Fault::NoSuchPage)?;
        let own = Readable::of(&visit, case).await?.ok_or(Fault::NoSuchPage)?;
        let survey = own.survey()?;
        let texts = own.kept.drafts.iter().take(own.drafts());
        let drafts = texts.map(|own| Draft::read(&own.text)).collect::<Result<_, _>>();
        let drafts = drafts.map_err(|_| Fault::Broken)?;
        let public = own.public();
        let Readable { case, pack, officer, .. } = own;
        let procedure = pack.procedures.get(&case.procedure).ok_or(Fault::Broken)?;
        let named = named(procedure, &survey);
        let as_of = (visit.now, store.head().await?);
        let shown = Shown { pack: &pack, ..visit.shown() };
        let headings = Headings::load(&visit, shown, &named, as_of).await?;
        Ok(Self { case, survey, drafts, officer, public, headings, pack, visit })
    }

    /// The number of the draft that is adopted, counted from 1.
    pub(crate) fn adopted(&self) -> Option<usize> {
        self.case.layout.as_ref().and_then(adopted)
    }

    /// A draft by its number, counted from 1.
    pub(crate) fn draft(&self, number: &str) -> Result<&Draft, Fault> {
        let number: usize = number.parse().map_err(|_| Fault::NoSuchPage)?;
        let place = number.checked_sub(1).ok_or(Fault::NoSuchPage)?;
        self.drafts.get(place).ok_or(Fault::NoSuchPage)
    }

    /// What a draft comes to. Counting what each site is worth takes a while, so that it is done
    /// beside the serving and kept.
    pub(crate) async fn reckoned<'a>(&self, draft: &'a Draft) -> Result<Reckoned<'a>, Fault> {
        let drafting = &self.visit.app.drafting;
        let worth = drafting.worth(&self.survey, draft).await.ok_or(Fault::Broken)?;
        Ok(Reckoned { draft, measures: measures(&self.survey, Some(draft)), worth })
    }

    /// How pages show what the pack says.
    pub(crate) fn shown(&self) -> Shown<'_> {
        Shown { pack: &self.pack, ..self.visit.shown() }
    }

    /// What the pack says of the plan.
    fn says(&self) -> Option<(&Procedure, &Layout)> {
        let procedure = self.pack.procedures.get(&self.case.procedure)?;
        Some((procedure, procedure.layout.as_ref()?))
    }

    /// What is planned, and the name of the plan.
    pub(crate) fn title(&self) -> String {
        let title = self.says().map(|(own, _)| own.title.to(self.visit.words.0));
        let title = title.unwrap_or_default();
        self.visit.words.with_both("entry-named", title, self.survey.name())
    }

    /// An area, a home or a parcel, with the way to its entry.
    pub(crate) fn link(&self, key: &str, of: Of) -> Link {
        let register = self.says().and_then(|(own, layout)| register_of(own, found(layout, of)));
        match register {
            Some(register) => self.headings.link(self.shown(), register, key),
            None => Link { href: String::new(), text: key.to_owned() },
        }
    }

    /// A site, whether something stands there or not.
    pub(crate) fn site(&self, key: &str) -> Link {
        let there = self.survey.site(key).and_then(|at| self.survey.sites().get(at));
        let stands = there.is_some_and(|site| site.now > 0);
        self.link(key, if stands { Of::Home } else { Of::Plot })
    }

    /// What a course is called.
    pub(crate) fn course(&self, course: &Name) -> String {
        let title = self.says().and_then(|(_, layout)| layout.title(course));
        title.map_or_else(|| course.to_string(), |own| own.to(self.visit.words.0).to_owned())
    }
}

/// What a key of a survey is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Of {
    /// Where people live.
    Area,
    /// What stands.
    Home,
    /// What could be built on.
    Plot,
}

/// The look-up that something was found by.
fn found(layout: &Layout, of: Of) -> &Name {
    match of {
        Of::Area => &layout.areas.found,
        Of::Home => &layout.existing.found,
        Of::Plot => &layout.candidates.found,
    }
}

/// The entry by which a case last left a stage that takes drafts: whoever is asked from then on has
/// to read them.
fn left_drafting(procedure: &Procedure, history: &[Entry]) -> Option<EntryNumber> {
    let drafts = |step: &Name| procedure.stage(step.as_str()).is_some_and(|stage| stage.drafts);
    let left = history.iter().rfind(|entry| match &entry.act {
        Act::Chose(chose) => drafts(&chose.step),
        _ => false,
    });
    left.map(|entry| entry.number)
}

/// How many drafts everybody may read: those that were on file when the case left drafting.
fn public_drafts(kept: &CaseLayout, left: Option<EntryNumber>) -> Option<usize> {
    let left = left?;
    Some(kept.drafts.iter().filter(|own| own.number < left).count())
}

/// The number of the draft that is adopted, counted from 1.
fn adopted(kept: &CaseLayout) -> Option<usize> {
    usize::try_from(kept.adopted?.draft).ok()
}

/// The entries that a survey names.
fn named(procedure: &Procedure, survey: &Survey) -> BTreeSet<Named> {
    let Some(layout) = &procedure.layout else { return BTreeSet::new() };
    let register = |of| register_of(procedure, found(layout, of)).cloned();
    let (areas, homes, plots) = (register(Of::Area), register(Of::Home), register(Of::Plot));
    let areas = survey.areas().iter().filter_map(|own| Some((areas.clone()?, own.key.clone())));
    let sites = survey.sites().iter().filter_map(|own| {
        let register = if own.now > 0 { &homes } else { &plots };
        Some((register.clone()?, own.key.clone()))
    });
    let refused = survey.refused().iter().filter_map(|own| Some((plots.clone()?, own.key.clone())));
    areas.chain(sites).chain(refused).collect()
}
