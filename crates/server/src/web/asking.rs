//! What somebody asks to be done to a case: the command that the fields they sent stand for. Pages
//! and programs send the same fields, so that both can do the same and are refused for the same.

use std::collections::BTreeMap;

use base::{Date, Name, Reason, Text};
use kernel::{
    Command, EntryNumber, PartyId, Refusal,
    command::{Answer, Choose, Handed, Serve, Supply},
    form,
    refusal::FormFault,
    register::Fields,
};
use pack::model::{By, Counts, Effect, Follows, Procedure, Requirement, Section, Step, Target};
use rules::Value;
use store::{Personal, Receipt, Submission, SubmitError};

use super::{
    app::Role,
    draft::odd_answers,
    fault::Fault,
    handle::{apply::kept, case::Loaded},
    possible::note_of,
    posted::Posted,
    question::{answerable, as_question},
};

/// A command with the personal details that go with it.
#[derive(Debug)]
pub(crate) struct Asked {
    /// What is to be done.
    pub(crate) command: Command,
    personal: Vec<Personal>,
}

impl From<Command> for Asked {
    fn from(command: Command) -> Self {
        Self { command, personal: Vec::new() }
    }
}

/// Why what was sent stands for no command.
#[derive(Debug)]
pub(crate) enum Unasked {
    /// No form sends it so.
    Fault(Fault),
    /// It would be refused.
    Refused(Refusal),
}

impl From<Fault> for Unasked {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<Refusal> for Unasked {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Vec<FormFault>> for Unasked {
    fn from(faults: Vec<FormFault>) -> Self {
        Self::Refused(Refusal::Form(faults))
    }
}

/// Reads one act from the fields that were sent.
pub(crate) type Reads = fn(&Loaded, &Posted) -> Result<Asked, Unasked>;

/// What an act asks to be told in somebody's own words, besides the questions of the pack.
pub(crate) const OWN_WORDS: [&str; 3] = ["reasons", "grounds", "proof"];

/// Reads an act, in whose own words nothing may stand that nobody can read.
pub(crate) fn asked(loaded: &Loaded, posted: &Posted, reads: Reads) -> Result<Asked, Unasked> {
    let own = OWN_WORDS.map(|name| (name.to_owned(), posted.all(name)));
    let odd = odd_answers(&BTreeMap::from(own));
    if odd.is_empty() { reads(loaded, posted) } else { Err(odd.into()) }
}

/// Has a command carried out; where the case has moved on since `seen`, if that is said, it is not.
pub(crate) async fn submit(
    loaded: &Loaded,
    key: String,
    seen: Option<EntryNumber>,
    asked: Asked,
) -> Result<Receipt, SubmitError> {
    let submission = Submission {
        key,
        actor: loaded.role.actor(),
        at: loaded.visit.now,
        case: Some(loaded.case.id),
        seen,
        command: asked.command,
        personal: asked.personal,
    };
    loaded.visit.app.store.submit(submission).await
}

/// An outcome at the stage the case is at.
pub(crate) fn choose(loaded: &Loaded, posted: &Posted) -> Result<Asked, Unasked> {
    let (step, outcome) = (named(posted.one("step"))?, named(posted.one("outcome"))?);
    let facts = filled(loaded, asked_by_outcome(loaded, &step, &outcome)?, posted)?;
    let against = acts_against(loaded, &step, &outcome)?;
    let (reasons, items) = (written(loaded, posted, against)?, posted.all("items"));
    Ok(Command::Choose(Choose { step, outcome, reasons, items, facts }).into())
}

/// What is to be filled in by whoever chooses an outcome.
pub(crate) fn asked_by_outcome<'l>(
    loaded: &'l Loaded,
    step: &Name,
    outcome: &Name,
) -> Result<&'l [Section], Fault> {
    let chosen = loaded.procedure()?.outcome(step, outcome);
    Ok(chosen.map(|outcome| outcome.asks.as_slice()).unwrap_or_default())
}

/// An answer for the officer's body in a review.
pub(crate) fn answer(loaded: &Loaded, posted: &Posted) -> Result<Asked, Unasked> {
    let (step, part) = (named(posted.one("step"))?, named(posted.one("part"))?);
    let answer = named(posted.one("answer"))?;
    let facts = filled(loaded, asked_by_answer(loaded, &step, &answer)?, posted)?;
    let review = loaded.procedure()?.review(step.as_str());
    let given = review.and_then(|review| review.answer(&answer));
    let refuses = given.is_some_and(|given| given.counts == Counts::Refuses);
    let reasons = written(loaded, posted, refuses)?;
    Ok(Command::Answer(Answer { step, part, answer, reasons, facts }).into())
}

/// What is to be filled in by whoever answers in a review.
pub(crate) fn asked_by_answer<'l>(
    loaded: &'l Loaded,
    step: &Name,
    answer: &Name,
) -> Result<&'l [Section], Fault> {
    let review = loaded.procedure()?.review(step.as_str());
    let given = review.and_then(|review| review.answer(answer));
    Ok(given.map(|answer| answer.asks.as_slice()).unwrap_or_default())
}

/// Whether a body refuses by an outcome, takes something away or tells the party that it means to.
fn acts_against(loaded: &Loaded, step: &Name, outcome: &Name) -> Result<bool, Fault> {
    let procedure = loaded.procedure()?;
    let follows = procedure.outcome(step, outcome).map(|outcome| &outcome.follows);
    let Some(Follows::Then(Target::Step(next))) = follows else { return Ok(false) };
    Ok(match procedure.steps.get(next) {
        Some(Step::Decision(decision)) => {
            matches!(decision.decides, Effect::Refused | Effect::Declined | Effect::Voided)
        }
        Some(next) => {
            next.by() == Some(&By::Applicant) && matches!(loaded.role, Role::Officer { .. })
        }
        None => false,
    })
}

/// The reasons of an act, put together from the rules that were picked, the officer's own words and
/// what is wrong with each item that is asked for. What a case states may be untrue, so a condition
/// that it meets can be a reason against it, but never without what was found (行政许可法 articles
/// 34 and 38).
fn written(loaded: &Loaded, posted: &Posted, against: bool) -> Result<String, Vec<FormFault>> {
    let (shown, words) = (loaded.shown(), loaded.visit.words);
    let procedure = loaded.procedure().ok();
    let rules = posted.all("rule");
    let picked = procedure.into_iter().flat_map(|own| &own.requires);
    let picked: Vec<&Requirement> =
        picked.filter(|own| rules.iter().any(|rule| rule == own.name.as_str())).collect();
    let own = Some(posted.one("reasons").trim().to_owned()).filter(|own| !own.is_empty());
    if against && own.is_none() {
        must_not_be_met(loaded, &picked)?;
    }
    let picked = picked.into_iter().map(|own| {
        let says = own.says.to(words.0);
        words.with_both("reason-by-rule", &shown.cited(&own.basis).text, says)
    });
    let items = posted.all("items");
    let notes = items.iter().filter_map(|item| {
        let note = posted.one(&note_of(item)).trim();
        let title = procedure.and_then(|own| item_title(own, item))?.to(words.0).to_owned();
        (!note.is_empty()).then(|| words.with_both("reason-of-item", &title, note))
    });
    let reasons: Vec<String> = picked.chain(own).chain(notes).collect();
    let reasons = reasons.join(words.t("reason-joint").as_str());
    let odd = odd_answers(&BTreeMap::from([("reasons".to_owned(), vec![reasons.clone()])]));
    if odd.is_empty() { Ok(reasons) } else { Err(odd) }
}

/// Refuses conditions as the only reasons that what the case states meets.
fn must_not_be_met(loaded: &Loaded, picked: &[&Requirement]) -> Result<(), Vec<FormFault>> {
    let met = loaded.reading(BTreeMap::new()).map(|reading| reading.met()).unwrap_or_default();
    let fault = |own: &Requirement| FormFault {
        path: "reasons".to_owned(),
        reason: Reason {
            word: "condition-met",
            says: Text::new(
                format!("“{}”按申报内容已经满足；请用自己的话写明查明的不同事实", own.says.zh),
                format!(
                    "“{}” is met by what the case states; say in your own words what was found",
                    own.says.en
                ),
            ),
        },
    };
    let faults: Vec<FormFault> =
        picked.iter().filter(|own| met.contains(&own.name)).map(|own| fault(own)).collect();
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

/// What an item is called that a supplement asks for: a paper, or a question.
fn item_title<'p>(procedure: &'p Procedure, item: &str) -> Option<&'p Text> {
    let paper = procedure.materials.iter().find(|own| own.name.as_str() == item);
    let fields = procedure.form.iter().flat_map(|section| &section.fields);
    let field = || fields.clone().find(|field| field.path == item).map(|field| &field.title);
    paper.map(|own| &own.title).or_else(field)
}

/// What was filled in of the sections asked; the page may ask for more, for other choices.
fn filled(
    loaded: &Loaded,
    asks: &[Section],
    posted: &Posted,
) -> Result<BTreeMap<String, Value>, Vec<FormFault>> {
    let fields = asks.iter().flat_map(|section| &section.fields);
    let answers = fields.map(|field| (field.path.clone(), posted.all(&field.path))).collect();
    let odd = odd_answers(&answers);
    if !odd.is_empty() {
        return Err(odd);
    }
    form::read_sections(&loaded.pack, asks, &answers).map(|filled| filled.facts)
}

/// A stopped clock goes on.
pub(crate) fn resume(_: &Loaded, posted: &Posted) -> Result<Asked, Unasked> {
    Ok(Command::Resume { reasons: posted.one("reasons").to_owned() }.into())
}

/// A name among what was sent.
pub(crate) fn named(text: &str) -> Result<Name, Fault> {
    Name::new(text).map_err(|_| Fault::Unreadable)
}

/// What a supplement notice asked for, with the papers that were handed in.
pub(crate) fn supply(
    loaded: &Loaded,
    posted: &Posted,
    materials: Handed,
) -> Result<Asked, Unasked> {
    let answers = kept(posted);
    let odd = odd_answers(&answers);
    if !odd.is_empty() {
        return Err(odd.into());
    }
    let filled = form::read(&loaded.pack, loaded.procedure()?, &answers)?;
    let personal = personal(loaded, &filled.personal);
    let command = Command::Supply(Supply { facts: filled.facts, materials });
    Ok(Asked { command, personal })
}

/// The personal answers with whose they are.
fn personal(loaded: &Loaded, answers: &BTreeMap<String, String>) -> Vec<Personal> {
    let owner = |path: &str| {
        let section = path.split('.').next().unwrap_or_default();
        *loaded.case.subjects.get(section).unwrap_or(&loaded.case.applicant)
    };
    let detail = |(path, text): (&String, &String)| Personal {
        party: owner(path),
        path: path.clone(),
        text: text.clone(),
    };
    answers.iter().map(detail).collect()
}

/// The application is given up.
pub(crate) fn withdraw(_: &Loaded, posted: &Posted) -> Result<Asked, Unasked> {
    Ok(Command::Withdraw { reasons: posted.one("reasons").to_owned() }.into())
}

/// A decision is challenged.
pub(crate) fn appeal(_: &Loaded, posted: &Posted) -> Result<Asked, Unasked> {
    let (decision, remedy) = (decision(posted)?, named(posted.one("remedy"))?);
    Ok(Command::Appeal { decision, remedy, grounds: posted.one("grounds").to_owned() }.into())
}

fn decision(posted: &Posted) -> Result<EntryNumber, Fault> {
    posted.one("decision").parse().map(EntryNumber).map_err(|_| Fault::Unreadable)
}

/// A challenge is ruled on.
pub(crate) fn rule(_: &Loaded, posted: &Posted) -> Result<Asked, Unasked> {
    let (upheld, reasons) = (yes_or_no(posted, "upheld")?, posted.one("reasons").to_owned());
    Ok(Command::Rule { upheld, reasons }.into())
}

fn yes_or_no(posted: &Posted, name: &str) -> Result<bool, Fault> {
    match posted.one(name) {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err(Fault::Unreadable),
    }
}

/// A decision is served otherwise than through the portal.
pub(crate) fn serve(_: &Loaded, posted: &Posted) -> Result<Asked, Unasked> {
    let (decision, way) = (decision(posted)?, named(posted.one("way"))?);
    let on = Date::parse(posted.one("on")).map_err(|_| Refusal::ServiceDay)?;
    let proof = posted.one("proof").to_owned();
    Ok(Command::Serve(Serve { decision, way, on, proof }).into())
}

/// An officer is to stand aside, the party asks.
pub(crate) fn ask_recusal(_: &Loaded, posted: &Posted) -> Result<Asked, Unasked> {
    let (officer, grounds) = (officer(posted)?, posted.one("grounds").to_owned());
    Ok(Command::AskRecusal { officer, grounds }.into())
}

fn officer(posted: &Posted) -> Result<PartyId, Fault> {
    PartyId::parse(posted.one("officer")).ok_or(Fault::Unreadable)
}

/// An officer stands aside, or does not.
pub(crate) fn recuse(_: &Loaded, posted: &Posted) -> Result<Asked, Unasked> {
    let (officer, aside) = (officer(posted)?, yes_or_no(posted, "aside")?);
    Ok(Command::Recuse { officer, aside, reasons: posted.one("reasons").to_owned() }.into())
}

/// A slip in the entry the case made is put right: every field that was answered, whatever the
/// entry says now.
pub(crate) fn correct(loaded: &Loaded, posted: &Posted) -> Result<Asked, Unasked> {
    let fields = corrected(loaded, posted)?;
    Ok(Command::Correct { fields, reasons: posted.one("reasons").to_owned() }.into())
}

/// The same from a form that is sent whole: only what was answered otherwise than the entry says.
pub(crate) fn correct_changed(loaded: &Loaded, posted: &Posted) -> Result<Asked, Unasked> {
    let said = loaded.version().map(|version| version.fields.clone()).unwrap_or_default();
    let mut fields = corrected(loaded, posted)?;
    fields.retain(|name, value| said.get(name) != Some(value));
    Ok(Command::Correct { fields, reasons: posted.one("reasons").to_owned() }.into())
}

fn corrected(loaded: &Loaded, posted: &Posted) -> Result<Fields, Vec<FormFault>> {
    let entry = loaded.case.entry.as_ref();
    let register = entry.and_then(|entry| loaded.pack.registers.get(&entry.register));
    let mut fields = Fields::new();
    let mut faults = Vec::new();
    for field in register.into_iter().flat_map(|register| &register.fields) {
        let answers = posted.all(field.name.as_str());
        let given: Vec<&str> = answers.iter().map(|a| a.trim()).filter(|a| !a.is_empty()).collect();
        if given.is_empty() || !answerable(&field.input) {
            continue;
        }
        match form::read_answer(&loaded.pack, &as_question(field), &given) {
            Ok(value) => drop(fields.insert(field.name.clone(), value)),
            Err(reason) => faults.push(FormFault { path: field.name.to_string(), reason }),
        }
    }
    if faults.is_empty() { Ok(fields) } else { Err(faults) }
}
