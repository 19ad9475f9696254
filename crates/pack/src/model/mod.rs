//! A pack after linking: every name resolved, every condition typed, every figure dated.
//!
//! The kernel and the pages read only this; the records of [`crate::language`] stay behind.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use base::{
    Calendar, Citation, Date, Division, Divisions, Name, Outlines, Term, Text, Zone, id::Uscc,
};
use rules::{Expression, Facts, Scope, Type, Value, Verdict, figure::Figure};

mod credit;
mod draw;
mod example;
mod feed;
mod fhir;
mod knowledge;
mod layout;
mod life_event;
mod migration;
mod picture;
mod register;
mod risk;
mod service;
mod step;
mod supervision;
mod walk;

pub use credit::{Credit, CreditEdition, CreditPoints};
pub use draw::{Draw, DrawConflicts, DrawObjects, DrawOfficers, Orders, Told};
pub use example::{Example, ExampleFinding, ExampleVersion};
pub use feed::{ColumnKind, Feed, FeedColumn, FeedSigned, REVOKED};
pub use fhir::{Shown, ShownAs, ShownCode, ShownElement};
pub use knowledge::{Knowledge, KnowledgeRow};
pub use layout::{
    Layout, LayoutAreas, LayoutCandidates, LayoutChange, LayoutDoes, LayoutExisting, LayoutNeed,
    LayoutSize, LayoutStandard, LayoutThere, LayoutTravel,
};
pub use life_event::LifeEvent;
pub use migration::{Carried, Migration};
pub use picture::{Picture, PictureEntries, PicturePart};
pub use register::{Certificate, Derived, DerivedCase, Forecast, Register, RegisterField};
pub use risk::{Board, Risk, RiskCounts, RiskEntries, RiskFindings, RiskLevel, RiskLine};
pub use service::{PortalService, Service, Way};
pub use step::{
    Answer, Appeal, Branches, By, Changed, Collects, Course, Decision, End, Enters, Extend,
    Follows, Join, Joined, Outcome, Part, Recorded, Review, Settled, Stage, Step, Stop, Supplement,
    Target, Turn, Uncounted, Whose,
};

pub use supervision::{FactFrom, Finds, Needed, Query, RowRule, Rule, RuleLook};

pub use crate::language::{
    Applicant, Counts, Effect, Ground, Level, Mode, Need, PowerSource, ProcedureKind, RuleStage,
    RuleVerdict,
};

/// The SHA-256 of a pack's sources with its parents and the language edition.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, minicbor::Encode, minicbor::Decode,
)]
#[cbor(transparent)]
pub struct PackHash(#[cbor(n(0), with = "minicbor::bytes")] pub [u8; 32]);

impl PackHash {
    /// The hash of its 64 hexadecimal digits, all lower-case; none where they are others.
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0_u8; 32];
        for (at, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(text.get(2 * at..2 * at + 2)?, 16).ok()?;
        }
        let hash = Self(bytes);
        (hash.to_string() == text).then_some(hash)
    }
}

impl fmt::Display for PackHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// A pack that linked without a fault.
#[derive(Debug)]
pub struct Pack {
    /// What pins a case to exactly this pack.
    pub hash: PackHash,
    /// The pack's name.
    pub name: Name,
    /// Its title.
    pub title: Text,
    /// True where the place and everything in it is invented.
    pub invented: bool,
    /// The division whose authorities run it; absent for a national pack.
    pub jurisdiction: Option<Division>,
    /// The zone whose days it counts.
    pub zone: Zone,
    /// The first day it may be in force.
    pub in_force: Date,
    /// The published working days.
    pub calendar: Calendar,
    /// Every division it knows.
    pub divisions: Divisions,
    /// How its divisions lie on the ground, where that is known.
    pub outlines: Option<Outlines>,
    /// What the outlines are drawn from.
    pub outlined_by: Vec<Citation>,
    /// Offices and their bodies.
    pub offices: BTreeMap<Name, Office>,
    /// Powers that one level has handed to another for a time.
    pub delegations: Vec<Delegation>,
    /// Code lists.
    pub codes: BTreeMap<Name, CodeTable>,
    /// Dated figures with their titles.
    pub figures: BTreeMap<Name, TitledFigure>,
    /// Form sections.
    pub sections: BTreeMap<Name, Section>,
    /// The register in which cases that come to an end are written down.
    pub handled: Option<Name>,
    /// Registers.
    pub registers: BTreeMap<Name, Register>,
    /// Tables of ready rows.
    pub tables: BTreeMap<Name, Table>,
    /// Remedies.
    pub remedies: BTreeMap<Name, Remedy>,
    /// How decisions are served; absent where the portal serves them all.
    pub service: Option<Service>,
    /// Procedures.
    pub procedures: BTreeMap<Name, Procedure>,
    /// What happens in people's lives that they need services for, in the order of the pack.
    pub life_events: Vec<LifeEvent>,
    /// Plans by which running cases of earlier editions move to this one.
    pub migrations: BTreeMap<Name, Migration>,
    /// Facts that arrive in bulk.
    pub feeds: BTreeMap<Name, Feed>,
    /// Tables that rules look things up in.
    pub knowledge: BTreeMap<Name, Knowledge>,
    /// The kinds by which findings about one party gather into a case.
    pub finding_kinds: BTreeMap<Name, Text>,
    /// Rules by which rows of feeds become findings.
    pub rules: BTreeMap<Name, Rule>,
    /// How institutions are rated by points.
    pub risks: BTreeMap<Name, Risk>,
    /// Points tables.
    pub credits: BTreeMap<Name, Credit>,
    /// Boards of findings.
    pub boards: BTreeMap<Name, Board>,
    /// What one party has across departments.
    pub pictures: BTreeMap<Name, Picture>,
    /// Who may do and see what, as written: of the pack it extends first.
    pub access: Vec<AccessText>,
}

/// A file that says who may do and see what. It is read by the crate that decides this.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessText {
    /// Its path with the pack's name.
    pub path: String,
    /// What it says.
    pub text: String,
}

/// A figure with what it says.
#[derive(Debug)]
pub struct TitledFigure {
    /// What it says.
    pub title: Text,
    /// Its unit.
    pub unit: Text,
    /// Its dated values.
    pub figure: Figure,
}

/// An office and the bodies that have held it.
#[derive(Debug)]
pub struct Office {
    /// What the office is called.
    pub title: Text,
    /// Its bodies over time.
    pub bodies: Vec<Body>,
}

/// A body on one level during its days.
#[derive(Debug)]
pub struct Body {
    /// The level it acts on.
    pub level: Level,
    /// Its title, in which `{division}` stands for the division's name.
    pub title: Text,
    /// The short form.
    pub short: Text,
    /// Its first day.
    pub from: Date,
    /// The first day on which it no longer holds the office.
    pub until: Option<Date>,
    /// By what right it acts.
    pub power: PowerSource,
    /// What the power rests on.
    pub basis: Option<Citation>,
    /// Its unified social credit code in each division where it is known.
    pub codes: BTreeMap<Division, Uscc>,
}

/// The code list whose codes are the rows of the table of systems.
pub const SYSTEMS: &str = "systems";

/// A power that one level has handed to another for a time (行政许可法 article 24).
#[derive(Debug)]
pub struct Delegation {
    /// What is handed over.
    pub title: Text,
    /// The office.
    pub office: Name,
    /// The level whose power it is.
    pub from_level: Level,
    /// The level that acts in its name.
    pub to_level: Level,
    /// The procedures.
    pub procedures: BTreeSet<Name>,
    /// The first day.
    pub from: Date,
    /// The first day on which it no longer holds.
    pub until: Option<Date>,
    /// Where it was published.
    pub basis: Citation,
}

impl Delegation {
    /// Whether it holds on a day.
    pub fn holds_on(&self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|until| day < until)
    }
}

/// A list of codes.
#[derive(Debug)]
pub struct CodeTable {
    /// What the list is called.
    pub title: Text,
    /// Codes and their names.
    pub codes: BTreeMap<String, Text>,
}

/// A form section.
#[derive(Debug, Clone)]
pub struct Section {
    /// Its name.
    pub name: Name,
    /// Its heading.
    pub title: Text,
    /// What to know first.
    pub hint: Option<Text>,
    /// Whose personal details it asks for.
    pub subject: Option<Text>,
    /// Its questions, in order.
    pub fields: Vec<Field>,
}

/// A question of a form.
#[derive(Debug, Clone)]
pub struct Field {
    /// `section.field`, as conditions name it.
    pub path: String,
    /// The question.
    pub title: Text,
    /// What to know first.
    pub hint: Option<Text>,
    /// How the answer is given.
    pub input: Input,
    /// Whether an answer must be given.
    pub need: Need,
    /// True when the answer is kept in the vault.
    pub personal: bool,
    /// The least that a whole number may be.
    pub at_least: Option<u32>,
    /// The most that a whole number may be, or characters or codes.
    pub at_most: Option<u32>,
}

impl Field {
    /// Whether answers to it can be added up.
    pub fn adds_up(&self) -> bool {
        matches!(self.input, Input::Integer | Input::Money)
    }

    /// The kind a condition knows the answer by; of a personal one only whether it was given.
    pub(crate) fn scoped(&self) -> Type {
        if self.personal { Type::Sealed } else { self.input.value_type() }
    }
}

/// How an answer is given: the kind of its value and what the page must offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// Free text.
    Text,
    /// A whole number.
    Integer,
    /// Yes or no.
    Boolean,
    /// A day.
    Date,
    /// Money.
    Money,
    /// A division of the jurisdiction.
    Division,
    /// A text in both languages.
    Bilingual,
    /// Bodies of government, each as `office@division`.
    Bodies,
    /// An identifier of a kind that `base::id` checks.
    Identifier(Name),
    /// One option with its title.
    Choice(Vec<(Name, Text)>),
    /// One code of a list.
    Code(Name),
    /// Some codes of a list.
    Codes(Name),
    /// An entry of a register, by its key.
    Entry(Name),
    /// A place on the ground.
    Point,
    /// Who holds an entry; registers only.
    Party,
}

impl Input {
    /// The type of the answer's value.
    pub fn value_type(&self) -> Type {
        match self {
            Self::Text | Self::Identifier(_) => Type::Text,
            Self::Integer => Type::Integer,
            Self::Boolean => Type::Boolean,
            Self::Date => Type::Date,
            Self::Money => Type::Money,
            Self::Division => Type::Division,
            Self::Bilingual => Type::Bilingual,
            Self::Choice(options) => {
                Type::Choice(options.iter().map(|(name, _)| name.clone()).collect())
            }
            Self::Code(list) => Type::Code(list.clone()),
            Self::Codes(list) => Type::Codes(list.clone()),
            Self::Bodies => Type::Bodies,
            Self::Entry(register) => Type::Entry(register.clone()),
            Self::Point => Type::Point,
            Self::Party => Type::Party,
        }
    }
}

/// Ready rows for a register.
#[derive(Debug)]
pub struct Table {
    /// Its title.
    pub title: Text,
    /// The register the rows belong to.
    pub register: Name,
    /// Where they come from.
    pub basis: Vec<Citation>,
    /// Entry key and fields, in the order of the file.
    pub rows: Vec<(String, BTreeMap<Name, Value>)>,
}

/// A way to challenge a decision.
#[derive(Debug)]
pub struct Remedy {
    /// What it is called.
    pub title: Text,
    /// How long it stays open from proof of service.
    pub within: Term,
    /// Where that is written.
    pub basis: Citation,
    /// Who hears it inside the platform and how long they have.
    pub hearing: Option<Hearing>,
}

/// Who hears a remedy, and in what time.
#[derive(Debug)]
pub struct Hearing {
    /// The body that hears it.
    pub by: Competent,
    /// How long it has to rule.
    pub within: Term,
    /// Where that is written.
    pub basis: Citation,
}

/// An office on a level, of the division a field names; or the body that a field names itself.
#[derive(Debug, Clone)]
pub struct Competent {
    /// The office; none where the field names the body.
    pub office: Option<Name>,
    /// The level.
    pub level: LevelOf,
    /// The field whose division decides the place, or that names the body.
    pub of: String,
}

/// On which level a body acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LevelOf {
    /// Always on this one.
    Fixed(Level),
    /// On the level of the division or the body named, such as that of the body that decided.
    Own,
    /// As a rule of the procedure says.
    Ruled(Name),
}

/// On which level a body acts, by what the form says.
#[derive(Debug)]
pub struct LevelRule {
    /// What the rule settles.
    pub title: Text,
    /// Where it holds the county's body acts, otherwise the province's.
    pub county: Expression,
    /// Where that is written.
    pub basis: Citation,
}

impl LevelRule {
    /// The level that follows from the facts; none while that is undetermined.
    pub fn level(&self, facts: &dyn Facts) -> Option<Level> {
        match self.county.verdict(facts) {
            Verdict::True => Some(Level::County),
            Verdict::False => Some(Level::Province),
            Verdict::Undetermined { .. } => None,
        }
    }
}

/// A procedure.
#[derive(Debug)]
pub struct Procedure {
    /// Its name.
    pub name: Name,
    /// Its title.
    pub title: Text,
    /// What it is for.
    pub summary: Text,
    /// What kind of act it is.
    pub kind: ProcedureKind,
    /// What it is meant to carry out: keys of measures, and codes of the table of systems.
    pub carries_out: Vec<String>,
    /// What it rests on.
    pub basis: Vec<Citation>,
    /// The register it may change.
    pub register: Name,
    /// Who may start it.
    pub applicant: Vec<Applicant>,
    /// The question that names the entry whose holder is the party of the case, where a body starts
    /// it against somebody.
    pub against: Option<String>,
    /// The questions that list what rules of supervision found about that party, where the case
    /// takes it up: first that of the form, then those by which an outcome adds to it.
    pub takes_up: Vec<String>,
    /// The body that takes it in and handles it.
    pub competent: Competent,
    /// Rules by which a body's level follows from the form.
    pub levels: BTreeMap<Name, LevelRule>,
    /// The other bodies that act in it.
    pub bodies: BTreeMap<Name, Competent>,
    /// The time the law allows.
    pub statutory: Limit,
    /// The time the city promises.
    pub promised: Limit,
    /// The step from which the time is counted.
    pub counts_from: Name,
    /// By how much in all the time may be extended.
    pub extension: Option<Limit>,
    /// The form's sections, in order.
    pub form: Vec<Section>,
    /// What is looked up in registers, in order.
    pub looks_up: Vec<(Name, LooksUp)>,
    /// The draw of whom to inspect and who goes there.
    pub draw: Option<Draw>,
    /// The layout plan that is surveyed, drafted and adopted.
    pub layout: Option<Layout>,
    /// The papers.
    pub materials: Vec<Material>,
    /// The promises that the applicant may sign.
    pub commitments: BTreeMap<Name, Commitment>,
    /// What must hold for a case to be filed at all.
    pub admits: Vec<Requirement>,
    /// The conditions, its own and then those it shares.
    pub requires: Vec<Requirement>,
    /// What is charged.
    pub fees: BTreeMap<Name, Fee>,
    /// The step a filed case is at first.
    pub begins: Name,
    /// The steps.
    pub steps: BTreeMap<Name, Step>,
    /// The ends.
    pub ends: BTreeMap<Name, End>,
    /// The steps at which the applicant may withdraw.
    pub withdrawal: BTreeSet<Name>,
    /// True when the competent body may correct the entry.
    pub correction: bool,
}

/// What a procedure calls the body that takes it in.
pub const COMPETENT: &str = "competent";

impl Procedure {
    /// Whether people or organisations may start it.
    pub fn open_to_people(&self) -> bool {
        self.applicant.iter().any(|kind| *kind != Applicant::Body)
    }

    /// The stage of that name; a review or a decision is none.
    pub fn stage(&self, step: &str) -> Option<&Stage> {
        match self.steps.get(step) {
            Some(Step::Stage(stage)) => Some(stage),
            _ => None,
        }
    }

    /// The review of that name.
    pub fn review(&self, step: &str) -> Option<&Review> {
        match self.steps.get(step) {
            Some(Step::Review(review)) => Some(review),
            _ => None,
        }
    }

    /// The decision of that name.
    pub fn decision(&self, step: &str) -> Option<&Decision> {
        match self.steps.get(step) {
            Some(Step::Decision(decision)) => Some(decision),
            _ => None,
        }
    }

    /// The turn of that name.
    pub fn turn(&self, step: &str) -> Option<&Turn> {
        match self.steps.get(step) {
            Some(Step::Turn(turn)) => Some(turn),
            _ => None,
        }
    }

    /// An outcome that may be chosen at a step.
    pub fn outcome(&self, step: &Name, outcome: &Name) -> Option<&Outcome> {
        let outcomes = self.steps.get(step).map(Step::outcomes).unwrap_or_default();
        outcomes.iter().find(|(name, _)| name == outcome).map(|(_, outcome)| outcome)
    }

    /// Who may choose an outcome at a step.
    pub fn chooser(&self, step: &Name, outcome: &Name) -> Option<&By> {
        let own = self.outcome(step, outcome).and_then(|outcome| outcome.by.as_ref());
        own.or_else(|| self.steps.get(step)?.by())
    }

    /// A body that acts in the procedure, by its name in it.
    pub fn body(&self, name: &Name) -> Option<&Competent> {
        match name.as_str() {
            COMPETENT => Some(&self.competent),
            _ => self.bodies.get(name),
        }
    }

    /// Whether a decision of the procedure changes that field of the entry: then it is a matter of
    /// deciding, and no slip to correct.
    pub fn decides_on(&self, field: &Name) -> bool {
        self.steps.values().any(|step| match step {
            Step::Decision(decision) => decision.amends.iter().any(|(name, _)| name == field),
            Step::Stage(_) | Step::Review(_) | Step::Turn(_) => false,
        })
    }

    /// The question that names an entry of a register, where the procedure asks one.
    pub fn names_entry_of(&self, register: &Name) -> Option<&str> {
        self.entry_fields().find(|(_, of)| *of == register).map(|(path, _)| path)
    }

    /// Every question of the form, in order.
    pub fn fields(&self) -> impl Iterator<Item = &Field> {
        self.form.iter().flat_map(|section| &section.fields)
    }

    /// The sections that outcomes of stages ask for, each once for each outcome.
    pub fn asked(&self) -> impl Iterator<Item = &Section> {
        let outcomes = self.steps.values().flat_map(Step::outcomes);
        outcomes.flat_map(|(_, outcome)| &outcome.asks)
    }

    /// The questions that name an entry, of the form and of outcomes: path and register.
    pub fn entry_fields(&self) -> impl Iterator<Item = (&str, &Name)> {
        let sections = self.form.iter().chain(self.asked());
        sections.flat_map(|section| &section.fields).filter_map(|field| match &field.input {
            Input::Entry(register) => Some((field.path.as_str(), register)),
            _ => None,
        })
    }
}

/// What is looked up in a register.
#[derive(Debug)]
pub struct LooksUp {
    /// What is looked for.
    pub title: Text,
    /// The register.
    pub register: Name,
    /// Fields and what each must be equal to; at least one.
    pub wheres: Vec<(Name, Expression)>,
    /// What else must hold of an entry.
    pub that: Option<Expression>,
    /// The field that is added up.
    pub sum: Option<Name>,
    /// True when entries no longer in force count too.
    pub ended: bool,
}

/// What is charged for a step.
#[derive(Debug)]
pub struct Fee {
    /// What it is for.
    pub title: Text,
    /// How much.
    pub amount: Expression,
    /// Who need not pay.
    pub waived: Option<Requirement>,
    /// Where that is written.
    pub basis: Citation,
}

/// A length of time with its source.
#[derive(Debug, Clone)]
pub struct Limit {
    /// How long.
    pub term: Term,
    /// Where it is written.
    pub basis: Citation,
}

/// A paper to hand in.
#[derive(Debug)]
pub struct Material {
    /// Its name.
    pub name: Name,
    /// What it is.
    pub title: Text,
    /// What makes it acceptable.
    pub hint: Option<Text>,
    /// Whether it must be handed in.
    pub need: Need,
    /// How it may be handed in.
    pub modes: Vec<Mode>,
    /// Where the demand is written.
    pub basis: Citation,
}

/// A promise that the applicant may sign.
#[derive(Debug)]
pub struct Commitment {
    /// What it is called.
    pub title: Text,
    /// The words promised.
    pub says: Text,
    /// Who may sign it; anybody when absent.
    pub open_to: Option<Requirement>,
    /// The conditions for which it stands in while they are not known.
    pub covers: BTreeSet<Name>,
    /// The papers without which it is not found kept.
    pub evidence: BTreeSet<Name>,
    /// Where it is written.
    pub basis: Citation,
}

/// A condition.
#[derive(Debug)]
pub struct Requirement {
    /// Its name.
    pub name: Name,
    /// What must hold.
    pub that: Expression,
    /// How the applicant reads it.
    pub says: Text,
    /// Where it is written.
    pub basis: Citation,
    /// True where other procedures may share it.
    pub shared: bool,
}

impl Requirement {
    /// Whether the condition holds; undetermined is never true.
    pub fn verdict(&self, facts: &dyn Facts) -> Verdict {
        self.that.verdict(facts)
    }
}

impl Pack {
    /// The names conditions of a procedure may use: its form's fields, the figures, the day of
    /// filing and the applicant.
    pub fn scope(&self, form: &[Section]) -> Scope {
        crate::link::scope(&self.codes, &self.figures, form)
    }

    /// The register in which cases that have come to an end are written down.
    pub fn handled(&self) -> Option<&Register> {
        self.registers.get(self.handled.as_ref()?)
    }

    /// The body that holds `office` for `division` on `day`, if any does.
    pub fn body(&self, office: &Name, division: &Division, day: Date) -> Option<&Body> {
        let level = level_of(division)?;
        self.offices.get(office)?.bodies.iter().find(|body| {
            body.level == level && body.from <= day && body.until.is_none_or(|until| day < until)
        })
    }
}

/// The level of government that a division of that depth has.
pub fn level_of(division: &Division) -> Option<Level> {
    match division.level() {
        base::DivisionLevel::Province => Some(Level::Province),
        base::DivisionLevel::County => Some(Level::County),
        _ => None,
    }
}
