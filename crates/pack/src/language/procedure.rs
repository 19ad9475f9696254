//! `procedures/*.yaml`: the only way to change a register.
//!
//! The elements follow the implementation list of government services (GB/T 39554) and the
//! Administrative Licensing Law (行政许可法).

use base::{Citation, Name, Term, Text};

use super::{
    authority::{Competent, LevelRule},
    commitment::Commitment,
    draw::Draw,
    field::Need,
    layout::Layout,
    step::{End, Step},
};
use crate::read::{Named, Spanned};

record! {
    /// A procedure.
    pub struct ProcedureFile {
        /// The procedure's own name.
        procedure: Name,
        /// Its title.
        title: Text,
        /// What it is for, in a sentence or two.
        summary: Text,
        /// What kind of act it is.
        kind: ProcedureKind,
        /// What it is meant to carry out: measures by their key in the register of measures, and
        /// rows of the table of systems by their code.
        carries_out: Vec<Spanned<String>>,
        /// What it rests on.
        basis: Vec<Citation>,
        /// The register it may change.
        register: Spanned<Name>,
        /// Who may start it.
        applicant: Vec<Applicant>,
        /// Where a body starts it against somebody: the question that names the entry whose holder
        /// is the party of the case.
        against: Option<Spanned<String>>,
        /// Where it takes up what rules of supervision found about that party: the questions that
        /// list the findings, one of the form, and those by which an outcome adds to them.
        takes_up: Vec<Spanned<String>>,
        /// The body that takes it in and handles it.
        competent: Competent,
        /// Rules by which a body's level follows from the form.
        levels: Named<LevelRule>,
        /// The other bodies that act in it.
        bodies: Named<Competent>,
        /// The time from acceptance to the decision: by law, and as promised.
        clock: Clock,
        /// The form: sections in order.
        form: Vec<Spanned<Name>>,
        /// What is looked up in registers.
        looks_up: Named<LooksUp>,
        /// The draw of whom to inspect and who goes there, where the procedure holds one.
        draw: Option<Draw>,
        /// The layout plan that the procedure surveys, drafts and adopts, where there is one.
        layout: Option<Layout>,
        /// The papers to hand in.
        materials: Named<Material>,
        /// The promises that the applicant may sign.
        commitments: Named<Commitment>,
        /// What must hold for a case to be filed at all: a filing that does not meet it is refused
        /// on the spot, and there is no case.
        admits: Named<Requirement>,
        /// The conditions.
        requires: Named<Requirement>,
        /// Conditions shared with other procedures, by name.
        shares: Vec<Spanned<Name>>,
        /// What is charged.
        fees: Named<Fee>,
        /// The step a filed case comes to first: a stage, or a turn.
        begins: Spanned<Name>,
        /// The steps.
        steps: Named<Step>,
        /// How a case can end.
        ends: Named<End>,
        /// The ways out that every case has.
        exits: Exits,
    }
}

choice! {
    /// What kind of act a procedure is; a filing is not a licence.
    pub enum ProcedureKind {
        /// 备案: effective on acceptance, checked afterwards.
        Filing = "filing",
        /// 行政许可: nothing may be done before the decision.
        Licence = "licence",
        /// 规划: a plan or its measures are adopted.
        Plan = "plan",
        /// 认定: a status is conferred (行政确认).
        Designation = "designation",
        /// 给付: money or another benefit is granted.
        Benefit = "benefit",
        /// 监管决定: something is ordered of the holder of an entry.
        Order = "order",
        /// 登记: a fact is put on record.
        Registration = "registration",
        /// 报告: a body or a holder reports, and the report is looked at.
        Report = "report",
    }
}

choice! {
    /// Who may start a procedure.
    pub enum Applicant {
        /// A natural person.
        Person = "person",
        /// A legal person or another organisation.
        Organisation = "organisation",
        /// A body of government, of its own motion.
        Body = "body",
    }
}

record! {
    /// The time to the first decision, not counting stopped time.
    pub struct Clock {
        /// The step at which time begins to count, such as the one after acceptance; the first step
        /// when absent.
        from: Option<Spanned<Name>>,
        /// The longest the law allows.
        statutory: Timed,
        /// What the city promises; never longer than the law.
        promised: Timed,
        /// By how much in all the time may be extended (行政许可法 article 42).
        extension: Option<Timed>,
    }
}

record! {
    /// A length of time with its source.
    pub struct Timed {
        /// How long.
        term: Spanned<Term>,
        /// Where it is written.
        basis: Citation,
    }
}

record! {
    /// A paper to hand in.
    pub struct Material {
        /// What it is.
        title: Text,
        /// What makes it acceptable.
        hint: Option<Text>,
        /// Whether it must be handed in; always when absent.
        need: Option<Need>,
        /// How it may be handed in.
        modes: Vec<Mode>,
        /// Where the demand is written.
        basis: Citation,
    }
}

choice! {
    /// How a paper reaches the office.
    pub enum Mode {
        /// The applicant sends a file.
        Upload = "upload",
        /// The office already holds it or gets it from another department.
        Shared = "shared",
    }
}

recorded!(Mode);

record! {
    /// A condition that a granting outcome needs.
    pub struct Requirement {
        /// The condition, over the facts of the form and the figures of the pack.
        that: Spanned<String>,
        /// The condition as the applicant reads it.
        says: Text,
        /// Where it is written.
        basis: Citation,
    }
}

record! {
    /// What is looked up in a register each time it is asked: how many entries there are, and what
    /// a field of theirs comes to.
    pub struct LooksUp {
        /// What is looked for.
        title: Text,
        /// The register.
        register: Spanned<Name>,
        /// Fields of the register and what each must be equal to.
        r#where: Named<Spanned<String>>,
        /// What else must hold of an entry, as `its.field`.
        that: Option<Spanned<String>>,
        /// The whole-number or money field that is added up.
        sum: Option<Spanned<Name>>,
        /// True when entries no longer in force count too.
        ended: Option<bool>,
    }
}

record! {
    /// A condition that several procedures share.
    pub struct RequirementFile {
        /// Its own name.
        requirement: Name,
        /// The sections that its words come from.
        form: Vec<Spanned<Name>>,
        /// What it looks up in registers, in each procedure that shares it.
        looks_up: Named<LooksUp>,
        /// The condition.
        that: Spanned<String>,
        /// The condition as the applicant reads it.
        says: Text,
        /// Where it is written.
        basis: Citation,
    }
}

record! {
    /// What is charged for a step.
    pub struct Fee {
        /// What it is for.
        title: Text,
        /// How much.
        amount: Spanned<String>,
        /// Who need not pay.
        waived: Option<Requirement>,
        /// Where that is written.
        basis: Citation,
    }
}

record! {
    /// The exits that stand beside the steps.
    pub struct Exits {
        /// The steps at which the applicant may withdraw.
        withdrawal: Vec<Spanned<Name>>,
        /// True when the competent body may correct a slip in the entry the case made.
        correction: bool,
    }
}
