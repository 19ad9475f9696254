//! Playing a story: each beat is done on the stage, and what must follow is compared.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use base::{Date, Instant, Language, Name, Text, Zone};
use draw::Seed;
use kernel::{BodyId, PartyId, form::Answers};
use layout::Pick;
use pack::{
    language::scenario::{
        Adopts, Answers as Answering, Appeals, Asks, AsksAside, Beat, Chooses, Corrects, DraftPick,
        Drafts, Files, Person, Resumes, Rules, Ruling, Scenario, Sees, Serves, StandsAside,
        StandsIn, Supplies, Withdraws,
    },
    model::{Mode, Need, Pack, Procedure},
    node::{Kind, Node, Span},
    read::Spanned,
};

use crate::{
    drafted,
    stage::{Behalf, Deed, Handing, NOT_SHOWN, Outcome, Seen, Stage, Who},
};

/// Where a story went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The beat, counted from 1.
    pub beat: usize,
    /// What went wrong.
    pub says: String,
    /// What the refusal says that was not expected, where it was one.
    pub refusal: Option<Text>,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "beat {}: {}", self.beat, self.says)
    }
}

/// Plays a story to its end on a fresh stage.
///
/// # Errors
/// The first beat that did not come out as the story says.
pub async fn play<S: Stage>(pack: &Pack, story: &Scenario, stage: &mut S) -> Result<(), Failure> {
    let mut player = Player {
        pack,
        story,
        stage,
        cases: BTreeMap::new(),
        marks: BTreeMap::new(),
        now: pack.zone.start_of(pack.in_force),
        refusal: None,
    };
    for (index, beat) in story.play.iter().enumerate() {
        if let Err(says) = player.beat(beat).await {
            return Err(Failure { beat: index + 1, says, refusal: player.refusal });
        }
    }
    Ok(())
}

/// A case of the story: its number, its procedure, and the form it was filed with.
#[derive(Clone)]
struct Run {
    number: u64,
    procedure: Name,
    applicant: Name,
    answers: Answers,
}

struct Player<'s, S> {
    pack: &'s Pack,
    story: &'s Scenario,
    stage: &'s mut S,
    cases: BTreeMap<Name, Run>,
    marks: BTreeMap<Name, u64>,
    now: Instant,
    refusal: Option<Text>,
}

type Done = Result<(), String>;

impl<S: Stage> Player<'_, S> {
    async fn beat(&mut self, beat: &Beat) -> Done {
        match beat {
            Beat::Files(beat) => self.files(beat).await,
            Beat::Chooses(beat) => self.chooses(beat).await,
            Beat::Answers(beat) => self.answers(beat).await,
            Beat::Drafts(beat) => self.drafts(beat).await,
            Beat::Resumes(beat) => self.resumes(beat).await,
            Beat::Supplies(beat) => self.supplies(beat).await,
            Beat::Withdraws(beat) => self.withdraws(beat).await,
            Beat::Appeals(beat) => self.appeals(beat).await,
            Beat::Rules(beat) => self.rules(beat).await,
            Beat::Corrects(beat) => self.corrects(beat).await,
            Beat::Serves(beat) => self.serves(beat).await,
            Beat::AsksAside(beat) => self.asks_aside(beat).await,
            Beat::StandsAside(beat) => self.stands_aside(beat).await,
            Beat::Adopts(beat) => self.adopts(beat).await,
            Beat::Passes(beat) => {
                let at = self.moment(&beat.passes.value)?;
                self.stage.pass(at).await
            }
            Beat::Marks(beat) => {
                let head = self.stage.head().await?;
                self.marks.insert(beat.marks.value.clone(), head);
                Ok(())
            }
            Beat::Sees(beat) => self.sees(beat).await,
            Beat::Asks(beat) => self.asks(beat).await,
        }
    }

    async fn files(&mut self, beat: &Files) -> Done {
        let who = self.who(&beat.by.value)?;
        let at = self.moment(&beat.when.value)?;
        let mut answers = self.form(&beat.form.value)?;
        if let Some(but) = &beat.but {
            answers.extend(written(but));
        }
        answers.retain(|_, texts| texts.iter().any(|text| !text.is_empty()));
        let answers = self.with_keys(answers).await?;
        let procedure = self.procedure(&beat.files.value)?;
        let lacks: Vec<&Name> = beat.lacks.iter().map(|name| &name.value).collect();
        let papers = required(procedure, |name| !lacks.contains(&name));
        let deed = Deed::File {
            procedure: procedure.name.clone(),
            answers: answers.clone(),
            papers,
            commits: beat.commits.iter().map(|name| name.value.clone()).collect(),
            behalf: self.behalf(beat)?,
            on_paper: beat.on_paper.unwrap_or(false),
        };
        let outcome = self.stage.act(&who, at, None, deed).await?;
        if let (Ok(number), Some(alias)) = (&outcome, &beat.case) {
            let run = Run {
                number: *number,
                procedure: beat.files.value.clone(),
                applicant: beat.by.value.clone(),
                answers,
            };
            self.cases.insert(alias.value.clone(), run);
        }
        self.agrees(outcome, beat.refused.as_ref())
    }

    /// For whom a case is filed, where it is not for oneself.
    fn behalf(&self, beat: &Files) -> Result<Option<Behalf>, String> {
        let Some(of) = &beat.r#for else { return Ok(None) };
        let stands_in = beat.r#as.unwrap_or(StandsIn::Agent);
        Ok(Some(Behalf { of: self.who(&of.value)?, stands_in }))
    }

    async fn act(
        &mut self,
        by: &Spanned<Name>,
        on: &Spanned<String>,
        case: &Spanned<Name>,
        deed: Deed,
        refused: Option<&Spanned<u32>>,
    ) -> Done {
        let who = self.who(&by.value)?;
        let at = self.moment(&on.value)?;
        let number = self.run(&case.value)?.number;
        let outcome = self.stage.act(&who, at, Some(number), deed).await?;
        self.agrees(outcome, refused)
    }

    /// Whether a deed came out as the story says; if not, the words of the refusal are kept.
    fn agrees(&mut self, outcome: Outcome, refused: Option<&Spanned<u32>>) -> Done {
        let words = self.stage.refusal().filter(|_| outcome.is_err()).cloned();
        agrees(outcome, refused).inspect_err(|_| self.refusal = words)
    }

    async fn chooses(&mut self, beat: &Chooses) -> Done {
        let step = self.step(beat.step.as_ref(), &beat.case.value).await?;
        let deed = Deed::Choose {
            step,
            outcome: beat.chooses.value.clone(),
            reasons: beat.because.clone().unwrap_or_default(),
            items: beat.items.iter().map(|item| item.value.clone()).collect(),
            answers: self.filled(beat.fill.as_ref()).await?,
        };
        self.act(&beat.by, &beat.when, &beat.case, deed, beat.refused.as_ref()).await
    }

    async fn answers(&mut self, beat: &Answering) -> Done {
        let deed = Deed::Answer {
            step: self.step(beat.step.as_ref(), &beat.case.value).await?,
            part: beat.part.value.clone(),
            answer: beat.answers.value.clone(),
            reasons: beat.because.clone().unwrap_or_default(),
            answers: self.filled(beat.fill.as_ref()).await?,
        };
        self.act(&beat.by, &beat.when, &beat.case, deed, beat.refused.as_ref()).await
    }

    /// Puts a draft on file that is made from the survey of the case.
    async fn drafts(&mut self, beat: &Drafts) -> Done {
        let case = &beat.drafts.value;
        let survey = self.seen(case).await?.survey;
        let survey = survey.ok_or_else(|| format!("case `{case}` has no survey"))?;
        let mut picks = Vec::new();
        for pick in &beat.picks {
            picks.push(self.pick(pick).await?);
        }
        let mut text = drafted::draft(&survey, &beat.terms, picks)?;
        for (from, to) in beat.alters.iter().flat_map(written) {
            if !text.contains(&from) {
                return Err(format!("`{from}` is not in the draft"));
            }
            text = text.replacen(&from, &to.join(" "), 1);
        }
        let deed = Deed::Draft { step: self.step(beat.step.as_ref(), case).await?, text };
        self.act(&beat.by, &beat.when, &beat.drafts, deed, beat.refused.as_ref()).await
    }

    /// What a draft picks, its site by the key of its entry.
    async fn pick(&mut self, pick: &DraftPick) -> Result<Pick, String> {
        let named = Answers::from([("site".to_owned(), vec![pick.site.clone()])]);
        let site = self.with_keys(named).await?.into_values().flatten().collect();
        let (course, year) = (pick.course.value.clone(), drafted::year(pick.year)?);
        Ok(Pick { site, course, year })
    }

    async fn resumes(&mut self, beat: &Resumes) -> Done {
        let deed = Deed::Resume { reasons: beat.because.clone().unwrap_or_default() };
        self.act(&beat.by, &beat.when, &beat.resumes, deed, beat.refused.as_ref()).await
    }

    /// The answers of a form of the story, none where none is named.
    async fn filled(&mut self, form: Option<&Spanned<Name>>) -> Result<Answers, String> {
        match form {
            Some(form) => {
                let answers = self.form(&form.value)?;
                self.with_keys(answers).await
            }
            None => Ok(Answers::new()),
        }
    }

    /// The answers with `{case}` replaced by the key of the entry that the case made,
    /// `{case:register}` by that of the entry it made in the register, and `{case:pledge:by:seed}`
    /// by what that body pledges in the draw of the case, which bears the number of the case.
    async fn with_keys(&mut self, mut answers: Answers) -> Result<Answers, String> {
        for text in answers.values_mut().flatten() {
            let named = text.strip_prefix('{').and_then(|text| text.strip_suffix('}'));
            let Some(named) = named else { continue };
            let (case, register) = named.split_once(':').unwrap_or((named, ""));
            let case = Name::new(case).map_err(|_| format!("`{case}` is no name of a case"))?;
            if let Some(told) = register.strip_prefix("pledge:") {
                *text = pledge(self.run(&case)?, told)?;
                continue;
            }
            let entries = self.seen(&case).await?.entries;
            let own = |(own, _): &(String, String)| register.is_empty() || own == register;
            let entry = entries.into_iter().find(own);
            *text = entry.ok_or_else(|| format!("case `{case}` has made no entry"))?.1;
        }
        Ok(answers)
    }

    /// The step a story names, or where the case stands.
    async fn step(&mut self, named: Option<&Spanned<Name>>, case: &Name) -> Result<Name, String> {
        if let Some(step) = named {
            return Ok(step.value.clone());
        }
        let seen = self.seen(case).await?;
        let place = seen.place.unwrap_or_default();
        Name::new(&place).map_err(|_| format!("case `{case}` stands nowhere"))
    }

    async fn supplies(&mut self, beat: &Supplies) -> Done {
        let run = self.run(&beat.case.value)?.clone();
        let answers = match &beat.form {
            Some(form) => self.form(&form.value)?,
            None => run.answers,
        };
        let answers = self.with_keys(answers).await?;
        let named = |path: &str| beat.supplies.iter().any(|item| item.value == path);
        let answers = answers.into_iter().filter(|(path, _)| named(path)).collect();
        let procedure = self.procedure(&run.procedure)?;
        let materials = procedure.materials.iter().filter(|m| named(m.name.as_str()));
        let papers = materials.map(|m| (m.name.clone(), Mode::Upload)).collect();
        let deed = Deed::Supply { answers, papers };
        self.act(&beat.by, &beat.when, &beat.case, deed, beat.refused.as_ref()).await
    }

    async fn withdraws(&mut self, beat: &Withdraws) -> Done {
        let deed = Deed::Withdraw { reasons: beat.because.clone().unwrap_or_default() };
        self.act(&beat.by, &beat.when, &beat.withdraws, deed, beat.refused.as_ref()).await
    }

    async fn appeals(&mut self, beat: &Appeals) -> Done {
        let deed = Deed::Appeal {
            decision: self.decision(&beat.case.value, &beat.appeals.value).await?,
            remedy: beat.remedy.value.clone(),
            grounds: beat.because.clone().unwrap_or_default(),
        };
        self.act(&beat.by, &beat.when, &beat.case, deed, beat.refused.as_ref()).await
    }

    async fn rules(&mut self, beat: &Rules) -> Done {
        let deed = Deed::Rule {
            upheld: beat.rules == Ruling::Upheld,
            reasons: beat.because.clone().unwrap_or_default(),
        };
        self.act(&beat.by, &beat.when, &beat.case, deed, beat.refused.as_ref()).await
    }

    async fn corrects(&mut self, beat: &Corrects) -> Done {
        let deed = Deed::Correct {
            field: beat.corrects.value.clone(),
            to: texts(&beat.to).join(" "),
            reasons: beat.because.clone().unwrap_or_default(),
        };
        self.act(&beat.by, &beat.when, &beat.case, deed, beat.refused.as_ref()).await
    }

    async fn serves(&mut self, beat: &Serves) -> Done {
        let today = self.pack.zone.day_of(moment(&self.pack.zone, &beat.when.value)?);
        let deed = Deed::Serve {
            decision: self.decision(&beat.case.value, &beat.serves.value).await?,
            way: beat.way.value.clone(),
            on: beat.served_on.as_ref().map_or(today, |on| on.value),
            proof: beat.proof.clone().unwrap_or_default(),
        };
        self.act(&beat.by, &beat.when, &beat.case, deed, beat.refused.as_ref()).await
    }

    async fn asks_aside(&mut self, beat: &AsksAside) -> Done {
        let deed = Deed::AskRecusal {
            officer: self.who(&beat.asks_aside.value)?.party(),
            grounds: beat.because.clone().unwrap_or_default(),
        };
        self.act(&beat.by, &beat.when, &beat.case, deed, beat.refused.as_ref()).await
    }

    async fn stands_aside(&mut self, beat: &StandsAside) -> Done {
        let deed = Deed::Recuse {
            officer: self.who(&beat.stands_aside.value)?.party(),
            aside: beat.aside.as_ref().is_none_or(|aside| aside.value),
            reasons: beat.because.clone().unwrap_or_default(),
        };
        self.act(&beat.by, &beat.when, &beat.case, deed, beat.refused.as_ref()).await
    }

    /// The number of a case's last decision of a step; zero where there is none.
    async fn decision(&mut self, case: &Name, step: &Name) -> Result<u64, String> {
        let seen = self.seen(case).await?;
        let made = seen.decisions.iter().rev().find(|made| made.step == step.as_str());
        Ok(made.map_or(0, |made| made.number))
    }

    async fn adopts(&mut self, beat: &Adopts) -> Done {
        let who = self.who(&beat.by.value)?;
        let at = self.moment(&beat.when.value)?;
        let days = days_after(self.pack.calendar.last(), beat);
        self.stage.adopt(&who, at, days).await
    }

    async fn seen(&mut self, case: &Name) -> Result<Seen, String> {
        let run = self.run(case)?.clone();
        let who = self.who(&run.applicant)?;
        self.stage.see(&who, run.number).await
    }

    async fn sees(&mut self, beat: &Sees) -> Done {
        let seen = self.seen(&beat.sees.value).await?;
        let mut wrong = Vec::new();
        let mut must = |what: &str, good: bool| {
            if !good {
                wrong.push(what.to_owned());
            }
        };
        let stands = |state: &str, place: &Name| {
            seen.state == state && seen.place.as_deref() == Some(place.as_str())
        };
        let by_place = [
            ("at", &beat.step),
            ("reviewing", &beat.reviewing),
            ("supplementing", &beat.supplementing),
            ("stopped", &beat.stopped),
            ("ended", &beat.end),
        ];
        for (state, place) in by_place {
            if let Some(place) = place {
                must(&format!("{state} {}", place.value), stands(state, &place.value));
            }
        }
        for (state, flag) in [("challenged", &beat.challenged), ("withdrawn", &beat.withdrawn)] {
            if let Some(flag) = flag {
                must(&format!("{state}: {}", flag.value), (seen.state == state) == flag.value);
            }
        }
        if let Some(bodies) = &beat.awaits {
            let bodies: BTreeSet<String> = bodies.iter().map(|body| body.value.clone()).collect();
            must(&format!("awaiting {bodies:?}"), seen.awaits == bodies);
        }
        if let Some(due) = &beat.due {
            must(&format!("due {}", due.value), seen.due == Some(due.value));
        }
        if let Some(flag) = &beat.provisional {
            must(&format!("provisional: {}", flag.value), seen.provisional == flag.value);
        }
        if let Some(until) = &beat.remedy_until {
            let last = seen.decisions.last();
            let open = last.is_some_and(|d| d.remedies.values().any(|day| *day == until.value));
            must(&format!("a remedy until {}", until.value), open);
        }
        if let Some(by) = &beat.serve_by {
            let owed = seen.decisions.last().and_then(|last| last.serve_by);
            must(&format!("to be served by {}", by.value), owed == Some(by.value));
        }
        if wrong.is_empty() {
            return Ok(());
        }
        Err(format!("expected {}, found {}", wrong.join(", "), shown(&seen)))
    }

    async fn asks(&mut self, beat: &Asks) -> Done {
        let nothing = beat.nothing.as_ref().is_some_and(|nothing| nothing.value);
        let key = match (&beat.of, &beat.key) {
            (Some(case), _) => match self.key_of(&case.value, &beat.asks.value).await {
                // What was never entered has no key to ask for.
                Err(_) if nothing => return Ok(()),
                found => found?,
            },
            (None, key) => key.as_ref().map(|key| key.value.clone()).unwrap_or_default(),
        };
        let known = match &beat.known {
            Some(mark) => *self.marks.get(&mark.value).ok_or("no such mark")?,
            None => self.stage.head().await?,
        };
        let said = self.stage.ask(&beat.asks.value, &key, beat.day.value, known).await?;
        if nothing {
            return match said {
                None => Ok(()),
                Some(said) => Err(format!("expected no entry, found {said:?}")),
            };
        }
        let said = said.ok_or_else(|| format!("there is no entry `{key}`"))?;
        let says = beat.says.as_ref().map(written).unwrap_or_default();
        for (field, texts) in self.with_keys(says).await? {
            let wanted = texts.join(" ");
            let found = said.get(&field).cloned().unwrap_or_default();
            if found != wanted {
                return Err(format!("`{field}` should say `{wanted}`, but says `{found}`"));
            }
        }
        Ok(())
    }

    /// The key of the entry that a case made in a register.
    async fn key_of(&mut self, case: &Name, register: &Name) -> Result<String, String> {
        let entries = self.seen(case).await?.entries;
        let entry = entries.into_iter().find(|(own, _)| own == register.as_str());
        let none = || format!("case `{case}` has made no entry in `{register}`");
        entry.map(|(_, key)| key).ok_or_else(none)
    }

    fn run(&self, case: &Name) -> Result<&Run, String> {
        self.cases.get(case).ok_or_else(|| format!("the story has no case `{case}`"))
    }

    fn procedure(&self, name: &Name) -> Result<&Procedure, String> {
        let procedure = self.pack.procedures.get(name);
        procedure.ok_or_else(|| format!("there is no procedure `{name}`"))
    }

    fn form(&self, name: &Name) -> Result<Answers, String> {
        let form = self.story.forms.get(name.as_str());
        form.map(written).ok_or_else(|| format!("the story has no form `{name}`"))
    }

    fn who(&self, name: &Name) -> Result<Who, String> {
        let found = people(self.story).into_iter().find(|(person, _)| person == name);
        found.map(|(_, who)| who).ok_or_else(|| format!("the story has no `{name}`"))
    }

    /// A moment of the story; noon where no time is given. Time never runs back.
    fn moment(&mut self, text: &str) -> Result<Instant, String> {
        let at = moment(&self.pack.zone, text)?;
        if at < self.now {
            return Err(format!("`{text}` lies before the beat before it"));
        }
        self.now = at;
        Ok(at)
    }
}

/// The people of a story, each with a reference made from the place in it: the same on every
/// stage.
pub fn people(story: &Scenario) -> Vec<(Name, Who)> {
    let numbered = story.people.iter().zip(1_u128..);
    numbered
        .map(|((name, person), index)| {
            let party = PartyId(index.to_be_bytes());
            let who = match person {
                Person::Applicant(applicant) => Who::Applicant(party, applicant.applies_as),
                Person::Officer(officer) => {
                    let office = officer.office.value.clone();
                    let division = officer.of.value.clone();
                    Who::Officer(party, BodyId { office, division })
                }
            };
            (name.value.clone(), who)
        })
        .collect()
}

fn moment(zone: &Zone, text: &str) -> Result<Instant, String> {
    let (day, time) = text.split_once(' ').unwrap_or((text, "12:00"));
    let date = Date::parse(day).map_err(|reason| reason.says.to(Language::En).to_owned())?;
    let clock = time
        .split_once(':')
        .and_then(|(hour, minute)| Some((hour.parse::<u8>().ok()?, minute.parse::<u8>().ok()?)));
    let (hour, minute) = clock.ok_or_else(|| format!("`{time}` is no time of day"))?;
    Ok(zone.at(date, hour, minute))
}

/// The refusals of somebody who is not concerned, or for whom there is nothing to do: a stage that
/// shows people only what concerns them does not let it come to these.
const UNCONCERNED: [u32; 10] = [1004, 1101, 1102, 1103, 1111, 1112, 1113, 1114, 1125, 1126];

/// What a body pledges in the draw of a case, told as `by:seed`.
fn pledge(run: &Run, told: &str) -> Result<String, String> {
    let none = || format!("`{told}` is no body and seed, as in `fire:` and 64 figures");
    let (by, seed) = told.split_once(':').ok_or_else(none)?;
    let (by, seed) = Name::new(by).ok().zip(Seed::read(seed)).ok_or_else(none)?;
    Ok(seed.pledge(&format!("{}-{}", run.procedure, run.number), &by).written())
}

fn agrees(outcome: Outcome, refused: Option<&Spanned<u32>>) -> Done {
    match (outcome, refused) {
        (Err(NOT_SHOWN), Some(wanted)) if UNCONCERNED.contains(&wanted.value) => Ok(()),
        (Ok(_), None) => Ok(()),
        (Err(number), Some(wanted)) if u32::from(number) == wanted.value => Ok(()),
        (Ok(_), Some(wanted)) => Err(format!("expected refusal {}, but it was done", wanted.value)),
        (Err(number), Some(wanted)) => {
            Err(format!("expected refusal {}, found {number}", wanted.value))
        }
        (Err(number), None) => Err(format!("refused: {number}")),
    }
}

/// Every paper the procedure must have, but for those that are kept back.
fn required(procedure: &Procedure, keep: impl Fn(&Name) -> bool) -> Handing {
    let materials = procedure.materials.iter();
    materials
        .filter(|material| material.need == Need::Always && keep(&material.name))
        .map(|material| (material.name.clone(), Mode::Upload))
        .collect()
}

/// A map of the story as texts by key.
fn written(node: &Node) -> Answers {
    node.entries().iter().map(|(key, value)| (key.value.clone(), texts(value))).collect()
}

fn texts(node: &Node) -> Vec<String> {
    match &node.kind {
        Kind::Scalar { text, .. } => vec![text.clone()],
        Kind::List(items) => items.iter().flat_map(texts).collect(),
        Kind::Map(_) | Kind::Refused => Vec::new(),
    }
}

fn days_after(last: Date, beat: &Adopts) -> String {
    let off = |day: Date| beat.days_off.iter().any(|off| off.value == day);
    let make_up = |day: Date| beat.make_up_days.iter().any(|up| up.value == day);
    let mut days = "date,is_workday\n".to_owned();
    for day in last.days_after().take_while(|day| *day <= beat.adopts.value) {
        let works = (day.weekday() && !off(day)) || make_up(day);
        days.push_str(&format!("{day},{}\n", u8::from(works)));
    }
    days
}

fn shown(seen: &Seen) -> String {
    let place = seen.place.clone().unwrap_or_default();
    let due = seen.due.map(|due| format!(", due {due}")).unwrap_or_default();
    let provisional = if seen.provisional { " (provisional)" } else { "" };
    let Seen { state, awaits, decisions, .. } = seen;
    format!("{state} {place}{due}{provisional}, awaiting {awaits:?}; {decisions:?}")
}

/// Where a beat is written, for reports.
pub fn place_of(beat: &Beat) -> Span {
    match beat {
        Beat::Files(beat) => beat.at,
        Beat::Chooses(beat) => beat.at,
        Beat::Answers(beat) => beat.at,
        Beat::Drafts(beat) => beat.at,
        Beat::Resumes(beat) => beat.at,
        Beat::Supplies(beat) => beat.at,
        Beat::Withdraws(beat) => beat.at,
        Beat::Appeals(beat) => beat.at,
        Beat::Rules(beat) => beat.at,
        Beat::Corrects(beat) => beat.at,
        Beat::Serves(beat) => beat.at,
        Beat::AsksAside(beat) => beat.at,
        Beat::StandsAside(beat) => beat.at,
        Beat::Adopts(beat) => beat.at,
        Beat::Passes(beat) => beat.at,
        Beat::Marks(beat) => beat.at,
        Beat::Sees(beat) => beat.at,
        Beat::Asks(beat) => beat.at,
    }
}
