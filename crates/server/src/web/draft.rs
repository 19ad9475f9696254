//! An application while it is written: which topics it has, one page each and each once even where
//! several services ask for it, how far each has got, and what of the rules can already be told.

use std::collections::{BTreeMap, BTreeSet};

use base::{Name, Reason, Text};
use kernel::{
    Moment, PartyId,
    decide::draft_facts,
    form::{self, Answers, commitment_path},
    refusal::FormFault,
};
use pack::model::{Applicant, Input, Material, Mode, Need, Pack, Procedure, Requirement, Section};
use rules::{Value, Verdict};
use store::{Draft, Store};

use super::{
    fault::Fault,
    pages::{
        apply::KIND,
        behalf::{AS, KIND as NUMBER_KIND, NAME, NUMBER, ON_PAPER, PAPER},
    },
    visit::Visit,
};

/// A draft lapses so many days after something was last saved in it: a figure of the platform, not
/// of the law, and stated on the pages.
pub(crate) const LAPSES_AFTER_DAYS: i64 = 60;
/// The most drafts that one person keeps.
pub(crate) const DRAFTS_MAX: usize = 50;
/// The most services that one draft is for.
pub(crate) const SERVICES_MAX: usize = 8;
/// The most characters of one answer.
const ANSWER_MAX: usize = 4_000;
/// The answer that leaves a paper to the office.
pub(crate) const SHARED: &str = "shared";

/// One topic of a draft: what one page asks.
#[derive(Debug, Clone)]
pub(crate) enum Topic<'p> {
    /// Who applies, and through whom.
    Who,
    /// A section of the form.
    Form(&'p Section),
    /// A paper.
    Paper(PaperTopic<'p>),
    /// The promises of a service.
    Promises(&'p Procedure),
    /// How decisions are served.
    Service,
}

/// A paper that one or several services ask for.
#[derive(Debug, Clone)]
pub(crate) struct PaperTopic<'p> {
    /// The name under which the draft keeps it.
    pub(crate) word: String,
    /// The paper.
    pub(crate) material: &'p Material,
    /// The services that ask for it.
    of: Vec<&'p Name>,
}

impl Topic<'_> {
    /// The topic's part of an address.
    pub(crate) fn word(&self) -> String {
        match self {
            Self::Who => "who".to_owned(),
            Self::Form(section) => format!("form-{}", section.name),
            Self::Paper(paper) => format!("paper-{}", paper.word),
            Self::Promises(procedure) => format!("promises-{}", procedure.name),
            Self::Service => "service".to_owned(),
        }
    }

    /// The names of the answers that its page sends.
    pub(crate) fn names(&self) -> Vec<String> {
        match self {
            Self::Who => [KIND, AS, NAME, NUMBER_KIND, NUMBER].map(str::to_owned).to_vec(),
            Self::Form(section) => section.fields.iter().map(|field| field.path.clone()).collect(),
            Self::Paper(_) => vec![SHARED.to_owned()],
            Self::Promises(procedure) => {
                procedure.commitments.keys().map(commitment_path).collect()
            }
            Self::Service => vec![ON_PAPER.to_owned()],
        }
    }

    /// The name under which a file of this topic is kept; none where it asks for none.
    pub(crate) fn file(&self) -> Option<&str> {
        match self {
            Self::Who => Some(PAPER),
            Self::Paper(paper) if paper.material.modes.contains(&Mode::Upload) => Some(&paper.word),
            _ => None,
        }
    }

    /// Whether an answer, a paper or a promise of that name is asked for here.
    pub(crate) fn asks(&self, item: &str) -> bool {
        match self {
            Self::Who => item.starts_with("for:") || item == KIND,
            Self::Paper(paper) => paper.material.name.as_str() == item,
            _ => self.names().iter().any(|name| name == item),
        }
    }
}

/// The services of a draft, and their topics in order.
pub(crate) struct Outline<'p> {
    /// The pack in force.
    pub(crate) pack: &'p Pack,
    /// The services, in order.
    pub(crate) services: Vec<&'p Procedure>,
    /// The topics.
    pub(crate) topics: Vec<Topic<'p>>,
}

impl<'p> Outline<'p> {
    /// The topics of some services; a service that the pack no longer has is left out.
    pub(crate) fn of(pack: &'p Pack, services: &[Name]) -> Self {
        let services: Vec<&Procedure> =
            services.iter().filter_map(|name| pack.procedures.get(name)).collect();
        let mut topics = vec![Topic::Who];
        topics.extend(sections(&services).into_iter().map(Topic::Form));
        topics.extend(papers(&services).into_iter().map(Topic::Paper));
        let promising = services.iter().filter(|own| !own.commitments.is_empty());
        topics.extend(promising.map(|own| Topic::Promises(own)));
        topics.extend(pack.service.as_ref().map(|_| Topic::Service));
        Self { pack, services, topics }
    }

    /// The topic of that part of an address.
    pub(crate) fn topic(&self, word: &str) -> Option<&Topic<'p>> {
        self.topics.iter().find(|topic| topic.word() == word)
    }

    /// The topic that follows one; none after the last.
    pub(crate) fn after(&self, word: &str) -> Option<&Topic<'p>> {
        let at = self.topics.iter().position(|topic| topic.word() == word)?;
        self.topics.get(at + 1)
    }

    /// The topic that asks for an answer or a paper of a service.
    pub(crate) fn asking(&self, service: &Name, item: &str) -> Option<&Topic<'p>> {
        self.topics.iter().find(|topic| match topic {
            Topic::Paper(paper) => paper.of.contains(&service) && topic.asks(item),
            Topic::Promises(own) => own.name == *service && topic.asks(item),
            _ => topic.asks(item),
        })
    }

    /// The papers with the names under which the draft keeps them.
    pub(crate) fn papers_of(&self, service: &Name) -> impl Iterator<Item = &PaperTopic<'p>> {
        self.topics.iter().filter_map(move |topic| match topic {
            Topic::Paper(paper) if paper.of.contains(&service) => Some(paper),
            _ => None,
        })
    }

    /// As what one may apply for all of the services.
    pub(crate) fn kinds(&self) -> Vec<Applicant> {
        let people = Applicant::ALL.iter().copied().filter(|kind| *kind != Applicant::Body);
        let open = |kind: &Applicant| self.services.iter().all(|own| own.applicant.contains(kind));
        people.filter(open).collect()
    }
}

/// The sections of all forms, each once.
fn sections<'p>(services: &[&'p Procedure]) -> Vec<&'p Section> {
    let mut seen = BTreeSet::new();
    let all = services.iter().flat_map(|own| &own.form);
    all.filter(|section| seen.insert(&section.name)).collect()
}

/// The papers handed in when applying, each once; one that is called the same but is another paper
/// is kept under the service's name as well.
fn papers<'p>(services: &[&'p Procedure]) -> Vec<PaperTopic<'p>> {
    let mut found: Vec<PaperTopic<'p>> = Vec::new();
    let all = services.iter().flat_map(|own| own.materials.iter().map(move |m| (&own.name, m)));
    for (service, material) in all.filter(|(_, material)| material.need != Need::Later) {
        if let Some(same) = found.iter_mut().find(|own| one_paper(own.material, material)) {
            same.of.push(service);
            continue;
        }
        let taken = found.iter().any(|own| own.material.name == material.name);
        let word = match taken {
            true => format!("{service}.{}", material.name),
            false => material.name.to_string(),
        };
        found.push(PaperTopic { word, material, of: vec![service] });
    }
    found
}

fn one_paper(left: &Material, right: &Material) -> bool {
    left.name == right.name
        && left.title == right.title
        && left.need == right.need
        && left.modes == right.modes
}

/// The services that ask some of the same sections, and to which the same people may apply.
pub(crate) fn sharing<'p>(pack: &'p Pack, procedure: &Procedure) -> Vec<&'p Procedure> {
    let own: BTreeSet<&Name> = procedure.form.iter().map(|section| &section.name).collect();
    let shares = |other: &&Procedure| {
        other.name != procedure.name
            && other.against.is_none()
            && other.form.iter().any(|section| own.contains(&section.name))
            && other
                .applicant
                .iter()
                .any(|kind| *kind != Applicant::Body && procedure.applicant.contains(kind))
    };
    pack.procedures.values().filter(shares).collect()
}

/// How far a topic has got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Progress {
    /// Nothing is answered.
    Open,
    /// Nothing is answered, and nothing need be.
    Optional,
    /// Some is answered, and some is still open.
    Begun,
    /// Something that is answered does not fit.
    Wrong,
    /// It is whole.
    Whole,
}

/// What is written in a draft, read by the questions of the pack in force.
pub(crate) struct Written<'p, 'd> {
    /// The topics.
    pub(crate) outline: &'d Outline<'p>,
    /// The draft.
    pub(crate) draft: &'d Draft,
}

impl<'p> Written<'p, '_> {
    /// The answers of a topic as written.
    pub(crate) fn answers(&self, topic: &Topic<'p>) -> Answers {
        let saved = self.draft.topics.get(&topic.word());
        saved.map(|saved| saved.answers.clone()).unwrap_or_default()
    }

    /// What does not fit in the answers of a topic, what is missing among it.
    pub(crate) fn faults(&self, topic: &Topic<'p>) -> Vec<FormFault> {
        self.faults_of(topic, &self.answers(topic))
    }

    /// The same of other answers.
    pub(crate) fn faults_of(&self, topic: &Topic<'p>, answers: &Answers) -> Vec<FormFault> {
        match topic {
            Topic::Who => self.who_faults(answers),
            Topic::Form(section) => section_faults(self.outline.pack, section, answers),
            Topic::Paper(paper) => {
                let there = self.draft.papers.contains_key(&paper.word)
                    || paper.material.modes.contains(&Mode::Shared) && says(answers, SHARED, "yes");
                let missing = paper.material.need == Need::Always && !there;
                let name = paper.material.name.as_str();
                if missing { vec![fault(name, not_handed_in())] } else { Vec::new() }
            }
            Topic::Promises(_) | Topic::Service => Vec::new(),
        }
    }

    fn who_faults(&self, answers: &Answers) -> Vec<FormFault> {
        let mut faults = Vec::new();
        if self.outline.kinds().len() > 1 && first(answers, KIND).is_empty() {
            faults.push(fault(KIND, missing()));
        }
        let written = !first(answers, NAME).is_empty() || !first(answers, NUMBER).is_empty();
        match first(answers, AS) {
            "agent" | "guardian" => {
                faults.extend(super::handle::behalf::unfit(answers));
                if !self.draft.papers.contains_key(PAPER) {
                    faults.push(fault(PAPER, not_handed_in()));
                }
            }
            _ if written && !answers.contains_key(AS) => faults.push(fault(AS, missing())),
            _ => {}
        }
        faults
    }

    /// How far a topic has got.
    pub(crate) fn progress(&self, topic: &Topic<'p>) -> Progress {
        let answers = self.answers(topic);
        let file = topic.file().is_some_and(|word| self.draft.papers.contains_key(word));
        let touched = !answers.is_empty() || file;
        let faults = self.faults_of(topic, &answers);
        let optional = match topic {
            Topic::Promises(_) => true,
            Topic::Paper(paper) => paper.material.need == Need::Optional,
            Topic::Form(section) => section.fields.iter().all(|own| own.need == Need::Optional),
            Topic::Who => faults.is_empty(),
            Topic::Service => true,
        };
        match faults.is_empty() {
            true if !touched && optional => Progress::Optional,
            true => Progress::Whole,
            false if !touched => Progress::Open,
            false if faults.iter().all(|fault| unanswered(fault, &answers)) => Progress::Begun,
            false => Progress::Wrong,
        }
    }

    /// Whether somebody else applies than whoever writes.
    pub(crate) fn for_another(&self) -> bool {
        let answers = self.answers(&Topic::Who);
        matches!(first(&answers, AS), "agent" | "guardian")
    }

    /// The answers that can be read so far, as facts.
    pub(crate) fn facts(&self) -> BTreeMap<String, Value> {
        let mut facts = BTreeMap::new();
        for topic in &self.outline.topics {
            let Topic::Form(section) = topic else { continue };
            let answers = self.answers(topic);
            facts.extend(read(self.outline.pack, section, &answers).0);
        }
        facts
    }

    /// The conditions of the services that are known not to hold, on what is answered so far. What
    /// cannot be told yet is not among them.
    pub(crate) async fn failing(&self, visit: &Visit) -> Result<Vec<Failing<'p>>, Fault> {
        let (store, facts): (&Store, _) = (&visit.app.store, self.facts());
        let moment = Moment { at: visit.now, next: store.head().await?.next() };
        let applicant: Option<PartyId> = (!self.for_another()).then_some(self.draft.line.own.owner);
        let looked = store.looking(|entries| {
            let mut failing: Vec<Failing<'p>> = Vec::new();
            for procedure in &self.outline.services {
                let pack = self.outline.pack;
                let known = draft_facts(pack, procedure, &facts, applicant, entries, moment);
                let failed = procedure.admits.iter().chain(&procedure.requires);
                let failed = failed.filter(|own| own.verdict(&known) == Verdict::False);
                for requirement in failed {
                    let same = |own: &Failing<'p>| own.requirement.says == requirement.says;
                    if !failing.iter().any(same) {
                        failing.push(Failing { procedure, requirement });
                    }
                }
            }
            failing
        });
        Ok(looked.await?)
    }

    /// The questions that name an entry which is in no register.
    pub(crate) async fn unnamed(
        &self,
        visit: &Visit,
        topic: &Topic<'p>,
        answers: &Answers,
    ) -> Result<Vec<FormFault>, Fault> {
        let Topic::Form(section) = topic else { return Ok(Vec::new()) };
        let mut faults = Vec::new();
        for field in &section.fields {
            let (Input::Entry(register), key) = (&field.input, first(answers, &field.path)) else {
                continue;
            };
            if !key.is_empty() && visit.app.store.versions(register, key).await?.is_empty() {
                faults.push(fault(&field.path, form::no_such_entry()));
            }
        }
        Ok(faults)
    }
}

/// A condition that is known not to hold.
#[derive(Debug, Clone)]
pub(crate) struct Failing<'p> {
    /// The service that has it.
    pub(crate) procedure: &'p Procedure,
    /// The condition.
    pub(crate) requirement: &'p Requirement,
}

impl Failing<'_> {
    /// Whether it rests on an answer of that topic.
    pub(crate) fn rests_on(&self, topic: &Topic<'_>) -> bool {
        let Topic::Form(section) = topic else { return false };
        let within = |fact: &str| fact.split('.').next() == Some(section.name.as_str());
        self.requirement.that.facts_used().any(|fact| within(fact) || self.looked_up(fact, within))
    }

    /// Whether a fact is looked up by an answer of a section.
    fn looked_up(&self, fact: &str, within: impl Fn(&str) -> bool) -> bool {
        let Some(name) = fact.strip_prefix("found.") else { return false };
        let name = name.split('.').next().unwrap_or_default();
        let look = self.procedure.looks_up.iter().find(|(own, _)| own.as_str() == name);
        let by = look.into_iter().flat_map(|(_, look)| &look.wheres);
        let mut used = by.flat_map(|(_, is)| is.facts_used());
        used.any(within)
    }
}

/// The answers to a section that can be read, and what is wrong with the others.
fn read(
    pack: &Pack,
    section: &Section,
    answers: &Answers,
) -> (BTreeMap<String, Value>, Vec<FormFault>) {
    let (mut facts, mut faults) = (BTreeMap::new(), Vec::new());
    for field in &section.fields {
        let written = answers.get(&field.path).map(Vec::as_slice).unwrap_or_default();
        let given: Vec<&str> =
            written.iter().map(|text| text.trim()).filter(|text| !text.is_empty()).collect();
        if given.is_empty() {
            continue;
        }
        let odd = given.iter().find_map(|text| odd(text));
        match odd.map_or_else(|| form::read_answer(pack, field, &given), Err) {
            Ok(value) => {
                let value = if field.personal { Value::Sealed } else { value };
                facts.insert(field.path.clone(), value);
            }
            Err(reason) => faults.push(fault(&field.path, reason)),
        }
    }
    (facts, faults)
}

/// What is wrong with the answers to a section, in the order of its questions.
fn section_faults(pack: &Pack, section: &Section, answers: &Answers) -> Vec<FormFault> {
    let (facts, mut faults) = read(pack, section, answers);
    let open = form::filled_faults(pack, std::slice::from_ref(section), &facts);
    faults.extend(open.into_iter().filter(|fault| first(answers, &fault.path).is_empty()));
    let order = |fault: &FormFault| section.fields.iter().position(|own| own.path == fault.path);
    faults.sort_by_key(order);
    faults
}

/// The answers of a form that cannot stand in any.
pub(crate) fn odd_answers(answers: &Answers) -> Vec<FormFault> {
    let odd = |(path, given): (&String, &Vec<String>)| {
        let reason = given.iter().find_map(|text| odd(text))?;
        Some(FormFault { path: path.clone(), reason })
    };
    answers.iter().filter_map(odd).collect()
}

/// Why a text cannot stand in any answer: it is too long, or has characters that nobody sees or
/// that turn the order of what is read.
fn odd(text: &str) -> Option<Reason> {
    let unseen = |sign: char| {
        sign.is_control() && sign != '\n' && sign != '\r' && sign != '\t'
            || matches!(
                sign,
                '\u{202a}'..='\u{202e}'
                    | '\u{2066}'..='\u{2069}'
                    | '\u{e000}'..='\u{f8ff}'
                    | '\u{fffd}'
            )
    };
    if text.chars().count() > ANSWER_MAX {
        let says = Text::new(
            format!("不得超过 {ANSWER_MAX} 字，请缩短"),
            format!("may have at most {ANSWER_MAX} characters; shorten it"),
        );
        return Some(Reason { word: "too-long", says });
    }
    text.chars().any(unseen).then(|| Reason {
        word: "odd-characters",
        says: Text::new(
            "含有无法显示的字符，请删去后重新输入",
            "has characters that cannot be shown; delete it and type it again",
        ),
    })
}

fn unanswered(fault: &FormFault, answers: &Answers) -> bool {
    first(answers, &fault.path).is_empty()
}

/// The first answer of that name; empty where there is none.
pub(crate) fn first<'a>(answers: &'a Answers, name: &str) -> &'a str {
    let given = answers.get(name).and_then(|given| given.first());
    given.map(|text| text.trim()).unwrap_or_default()
}

fn says(answers: &Answers, name: &str, word: &str) -> bool {
    first(answers, name) == word
}

fn fault(path: &str, reason: Reason) -> FormFault {
    FormFault { path: path.to_owned(), reason }
}

fn missing() -> Reason {
    Reason {
        word: "missing", says: Text::new("请选择或填写", "is needed; choose or fill it in")
    }
}

fn not_handed_in() -> Reason {
    Reason {
        word: "not-handed-in",
        says: Text::new("必须提交，请上传", "must be handed in; send the file"),
    }
}
