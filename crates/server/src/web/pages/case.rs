//! One case: how it stands, what it is about, what was decided and why, what happened, and only
//! what the reader can do now.

use std::fmt::Display;

use access::Action;
use askama::Template;

use crate::web::{
    fault::Refused,
    frame::{Cited, Frame, Link, Row},
    question::{FaultLine, Offered, Question},
};

#[cfg(test)]
use super::findings::sample_line;
use super::{
    apply::PaperInput, commitment::CommitmentView, drawing::DrawingView, findings::FindingLine,
};

/// A case as one of those who may see it reads it.
#[derive(Debug, Template)]
#[template(path = "case.html")]
pub(crate) struct CasePage {
    pub(crate) frame: Frame,
    /// Its number.
    pub(crate) id: String,
    /// Its service, linked to the guide.
    pub(crate) service: Link,
    /// Where its forms are sent: the address without the act.
    pub(crate) action: String,
    /// The submission's number.
    pub(crate) key: String,
    /// What was just recorded; empty where nothing was.
    pub(crate) done: String,
    /// Why the last attempt was refused.
    pub(crate) refused: Vec<Refused>,
    /// What was wrong with it, by question.
    pub(crate) faults: Vec<FaultLine>,
    /// How it stands.
    pub(crate) standing: String,
    /// The clock that runs; none when the case rests.
    pub(crate) clock: Vec<ClockView>,
    /// What the party of the case is: who applied, or whoever a body acts against.
    pub(crate) party: String,
    /// Who that is.
    pub(crate) applicant: String,
    /// Who speaks for it; empty where it speaks for itself.
    pub(crate) through: String,
    /// The officers who stand aside, or of whom that was asked.
    pub(crate) recusals: Vec<RecusalView>,
    /// The body that handles it.
    pub(crate) body: String,
    /// When it was filed.
    pub(crate) filed_at: String,
    /// The edition of the pack that rules it, and whether it moved there.
    pub(crate) edition: String,
    /// From which day that is in force; empty where it never was.
    pub(crate) edition_from: String,
    /// Where that edition can be read.
    pub(crate) ruled_by: String,
    /// What was charged.
    pub(crate) fees: Vec<Row>,
    /// The steps whose time was made longer.
    pub(crate) extensions: Vec<String>,
    /// The register entry it made, with its certificates.
    pub(crate) entry: Vec<Link>,
    /// The entries of others that its decisions changed.
    pub(crate) touched: Vec<Link>,
    /// What it states.
    pub(crate) sections: Vec<Section>,
    /// The findings of supervision that it takes up.
    pub(crate) findings: Vec<FindingLine>,
    /// How much else was found that could join it; empty where nothing was.
    pub(crate) further: String,
    /// Where all that stands about the party is listed; empty for who may not see it.
    pub(crate) findings_all: String,
    /// The papers handed in.
    pub(crate) papers: Vec<PaperView>,
    /// The promises signed, and how each stands.
    pub(crate) promises: Vec<PromiseView>,
    /// What the bodies asked in reviews answered, and who has not answered.
    pub(crate) opinions: Vec<OpinionView>,
    /// The draw, where the case is one.
    pub(crate) drawing: Option<DrawingView>,
    /// The layout plan that it makes, once there is a survey.
    pub(crate) plan: Option<Link>,
    /// The conditions as they stand now.
    pub(crate) conditions: Vec<ConditionView>,
    /// The decisions made.
    pub(crate) decisions: Vec<DecisionView>,
    /// What happened, in order.
    pub(crate) history: Vec<Event>,
    /// What the applicant can do next, until when and where.
    pub(crate) next: Vec<NextStep>,
    /// What the reader can do now.
    pub(crate) acts: Vec<ActForm>,
    /// To whom of the reader's body the case can be given, who has it being chosen; empty where the
    /// reader gives nothing away.
    pub(crate) give: Vec<Offered>,
    /// Where what it states stands beside its papers; empty where the reader reads none.
    pub(crate) beside: String,
}

impl CasePage {
    /// What is wrong with the field of that anchor, which may end in what it belongs to; empty
    /// where nothing is.
    fn wrong(&self, field: &str, of: impl Display) -> &str {
        let anchor = format!("#{field}{of}");
        let fault = self.faults.iter().find(|fault| fault.href == anchor);
        fault.map(|fault| fault.text.as_str()).unwrap_or_default()
    }
}

/// Something that the applicant can do next.
#[derive(Debug)]
pub(crate) struct NextStep {
    /// What.
    pub(crate) title: String,
    /// What it means, or where it is done.
    pub(crate) says: String,
    /// Until when; empty where there is no last day.
    pub(crate) until: String,
    /// Its form on the page; empty where it is done elsewhere.
    pub(crate) href: String,
}

/// The clock that runs.
#[derive(Debug)]
pub(crate) struct ClockView {
    /// The last day, and of what.
    pub(crate) due: String,
    /// How many days are left or over.
    pub(crate) left: String,
    /// True when the last day has passed.
    pub(crate) late: bool,
    /// The day it counts from and the term.
    pub(crate) account: String,
    /// True when the day lies past the published calendar.
    pub(crate) provisional: bool,
    /// What the stage's own clock keeps meanwhile; empty where it is that clock which runs.
    pub(crate) stopped: String,
}

/// A section of the form as answered.
#[derive(Debug)]
pub(crate) struct Section {
    /// Its heading.
    pub(crate) title: String,
    /// True where it was filled in after filing, with an outcome.
    pub(crate) later: bool,
    /// Its answers.
    pub(crate) facts: Vec<Fact>,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Fact {
    /// The question.
    pub(crate) title: String,
    /// The answer.
    pub(crate) text: String,
    /// The entry it names; empty where it names none that anybody may read.
    pub(crate) href: String,
    /// The question's name where the answer lies in the vault unread; empty where it is shown.
    pub(crate) sealed: String,
}

/// A paper handed in.
#[derive(Debug)]
pub(crate) struct PaperView {
    /// What it is.
    pub(crate) title: String,
    /// How it came.
    pub(crate) how: String,
    /// Where it can be read; empty where no file was sent.
    pub(crate) href: String,
    /// The beginning of its digest, by which it can be recognised.
    pub(crate) digest: String,
}

/// An officer of whom it was said that he or she should stand aside.
#[derive(Debug)]
pub(crate) struct RecusalView {
    /// The officer.
    pub(crate) officer: String,
    /// How it stands.
    pub(crate) standing: String,
    /// The same as a style: `bad` aside, `good` staying, `open` asked.
    pub(crate) mark: &'static str,
    /// Why.
    pub(crate) reasons: String,
}

/// A promise that the applicant signed.
#[derive(Debug)]
pub(crate) struct PromiseView {
    /// The promise.
    pub(crate) commitment: CommitmentView,
    /// How it stands.
    pub(crate) standing: String,
    /// The same as a style: `good`, `bad`, `open`.
    pub(crate) mark: &'static str,
}

/// What one body asked in a review has answered, or that it has not.
#[derive(Debug)]
pub(crate) struct OpinionView {
    /// What it looks at.
    pub(crate) part: String,
    /// The body.
    pub(crate) body: String,
    /// Its answer.
    pub(crate) answer: String,
    /// The same as a style: `good`, `bad`, `open`.
    pub(crate) mark: &'static str,
    /// When it answered, or until when it may.
    pub(crate) when: String,
    /// Why; empty where no reasons were given.
    pub(crate) reasons: String,
    /// What was filled in with it.
    pub(crate) filled: Vec<Row>,
}

/// A condition as it stands now.
#[derive(Debug)]
pub(crate) struct ConditionView {
    /// What must hold.
    pub(crate) says: String,
    /// Whether it does, in words.
    pub(crate) verdict: String,
    /// The same as a style: `good`, `bad`, `open`.
    pub(crate) mark: &'static str,
    /// Where it is written.
    pub(crate) cited: Cited,
}

/// A decision.
#[derive(Debug)]
pub(crate) struct DecisionView {
    /// What was decided.
    pub(crate) title: String,
    /// What the notice says.
    pub(crate) notice: String,
    /// The reasons given; empty where none were.
    pub(crate) reasons: String,
    /// In whose name.
    pub(crate) by: String,
    /// When it was made.
    pub(crate) at: String,
    /// Its entry.
    pub(crate) number: String,
    /// The remedies, each with its last day.
    pub(crate) remedies: Vec<String>,
    /// When and how it was served, or until when it must be.
    pub(crate) served: String,
    /// The notice of it to print.
    pub(crate) paper: String,
}

/// Something that happened.
#[derive(Debug)]
pub(crate) struct Event {
    /// The entry's number.
    pub(crate) number: u64,
    /// When it took effect.
    pub(crate) at: String,
    /// Where what it did to a term is written.
    pub(crate) cited: Vec<Cited>,
    /// Who caused it.
    pub(crate) who: String,
    /// What it was.
    pub(crate) what: String,
    /// Why; empty where no reasons were given.
    pub(crate) reasons: String,
}

/// A section that is filled in while a case runs.
#[derive(Debug)]
pub(crate) struct AskedSection {
    /// Its heading.
    pub(crate) title: String,
    /// For which outcomes it is filled in.
    pub(crate) needed: String,
    /// Its questions.
    pub(crate) questions: Vec<Question>,
}

/// Things that may be missing from an application, under one heading.
#[derive(Debug)]
pub(crate) struct Missing {
    /// What they have in common.
    pub(crate) title: String,
    /// Each, with what was written of what is wrong with it.
    pub(crate) items: Vec<(Offered, String)>,
}

/// A rule that may be given as a reason.
#[derive(Debug)]
pub(crate) struct Ground {
    /// The rule.
    pub(crate) offered: Offered,
    /// Where it is written.
    pub(crate) cited: Cited,
    /// Whether it is met, in words.
    pub(crate) verdict: String,
    /// The same as a style: `good`, `bad`, `open`.
    pub(crate) mark: &'static str,
    /// True for the first of those that are met, which come last.
    pub(crate) first_met: bool,
}

/// Something the reader can do now.
#[derive(Debug)]
pub(crate) enum ActForm {
    /// Choose an outcome.
    Choose {
        /// The stage.
        step: String,
        /// What the stage is called.
        title: String,
        /// Whether it is done in the field, so that the form can be taken along.
        in_the_field: bool,
        /// What may be chosen.
        outcomes: Vec<OutcomeOffered>,
        /// What may be asked for; empty where no outcome asks.
        items: Vec<Missing>,
        /// The rules that may be given as reasons; empty where no outcome needs any.
        grounds: Vec<Ground>,
        /// What the chooser fills in.
        asked: Vec<AskedSection>,
        /// The reasons written before.
        reasons: String,
    },
    /// Answer for a body in a review.
    Answer {
        /// The review.
        step: String,
        /// The part that is answered.
        part: String,
        /// What the part is called.
        title: String,
        /// What may be answered.
        answers: Vec<OutcomeOffered>,
        /// The rules that may be given as reasons; empty where no answer needs any.
        grounds: Vec<Ground>,
        /// What who answers fills in.
        asked: Vec<AskedSection>,
        /// The reasons written before.
        reasons: String,
    },
    /// Let the stopped clock go on.
    Resume {
        /// The reasons written before.
        reasons: String,
    },
    /// Hand in what was asked for.
    Supply {
        /// The questions asked again.
        questions: Vec<Question>,
        /// The papers asked for.
        papers: Vec<PaperInput>,
    },
    /// Give the application up.
    Withdraw {
        /// The reasons written before.
        reasons: String,
    },
    /// Challenge a decision.
    Appeal {
        /// The decision's entry.
        decision: u64,
        /// What was decided.
        title: String,
        /// The remedies open here.
        remedies: Vec<Offered>,
        /// The grounds written before.
        grounds: String,
    },
    /// Rule on a challenge.
    Rule {
        /// The grounds of the challenge.
        grounds: String,
        /// The reasons written before.
        reasons: String,
    },
    /// Serve a decision otherwise than through the portal.
    Serve {
        /// The decision's entry.
        decision: u64,
        /// What was decided.
        title: String,
        /// Until when it must be served; empty where it has been.
        due: String,
        /// The ways of service, each with what shows it.
        ways: Vec<OutcomeOffered>,
        /// The day as written.
        on: String,
        /// What shows it, as written.
        proof: String,
    },
    /// Ask that an officer stand aside.
    AskRecusal {
        /// The officers who have had a hand in the case.
        officers: Vec<Offered>,
        /// The grounds written before.
        grounds: String,
    },
    /// Stand aside, or decide whether a colleague does.
    Recuse {
        /// The officer's reference.
        officer: String,
        /// The colleague whom the party named; empty for oneself.
        colleague: String,
        /// What the party says against the colleague.
        grounds: String,
        /// The reasons written before.
        reasons: String,
    },
    /// Correct the entry.
    Correct {
        /// The fields as questions, filled with what the entry says.
        questions: Vec<Question>,
        /// The reasons written before.
        reasons: String,
    },
}

impl ActForm {
    /// What the policies are asked when it is sent.
    pub(crate) fn action(&self) -> Action {
        match self {
            Self::Choose { .. } => Action::Choose,
            Self::Answer { .. } => Action::Answer,
            Self::Resume { .. } => Action::Resume,
            Self::Supply { .. } => Action::Supply,
            Self::Withdraw { .. } => Action::Withdraw,
            Self::Appeal { .. } => Action::Appeal,
            Self::Rule { .. } => Action::Rule,
            Self::Serve { .. } => Action::Serve,
            Self::AskRecusal { .. } => Action::AskRecusal,
            Self::Recuse { .. } => Action::Recuse,
            Self::Correct { .. } => Action::Correct,
        }
    }
}

impl Fact {
    /// Says that the detail is not for the reader, instead of offering to open it.
    pub(crate) fn close(&mut self, says: &str) {
        self.text = says.to_owned();
        self.sealed.clear();
    }
}

/// An outcome that may be chosen.
#[derive(Debug)]
pub(crate) struct OutcomeOffered {
    /// What it is and whether it was chosen before.
    pub(crate) offered: Offered,
    /// What choosing it needs; empty where it needs nothing.
    pub(crate) needs: String,
}

#[cfg(test)]
impl super::Sample for CasePage {
    fn samples(frame: Frame) -> Vec<Self> {
        let drawing = Some(super::drawing::sample_pledging());
        let pledging = CasePage { drawing, ..bare(frame.clone()) };
        vec![bare(frame.clone()), pledging, full(frame)]
    }
}

#[cfg(test)]
fn bare(frame: Frame) -> CasePage {
    CasePage {
        frame,
        id: "7".into(),
        service: super::link(),
        action: "/zh/cases/7".into(),
        key: "k".into(),
        done: String::new(),
        refused: Vec::new(),
        faults: Vec::new(),
        standing: "Acceptance".into(),
        clock: Vec::new(),
        party: "Applicant".into(),
        applicant: "Somebody".into(),
        through: String::new(),
        recusals: Vec::new(),
        body: "A body".into(),
        filed_at: "2030-01-31 09:00".into(),
        edition: "Willow, edition 0123456789ab".into(),
        edition_from: "in force from 2030-01-01".into(),
        ruled_by: "/zh/packs/0123".into(),
        fees: Vec::new(),
        extensions: Vec::new(),
        entry: Vec::new(),
        touched: Vec::new(),
        sections: Vec::new(),
        findings: Vec::new(),
        further: String::new(),
        findings_all: String::new(),
        papers: Vec::new(),
        promises: Vec::new(),
        opinions: Vec::new(),
        drawing: None,
        plan: None,
        conditions: Vec::new(),
        decisions: Vec::new(),
        history: Vec::new(),
        next: Vec::new(),
        acts: Vec::new(),
        give: Vec::new(),
        beside: String::new(),
    }
}

#[cfg(test)]
fn full(frame: Frame) -> CasePage {
    let fact = |sealed: &str| Fact {
        title: "Name".into(),
        text: "in the vault".into(),
        href: if sealed.is_empty() { "/zh/registers/shop/7".into() } else { String::new() },
        sealed: sealed.into(),
    };
    let section =
        |later| Section { title: "Shop".into(), later, facts: vec![fact(""), fact("shop.name")] };
    let paper = |href: &str| PaperView {
        title: "Lease".into(),
        how: "sent".into(),
        href: href.into(),
        digest: "abcdef".into(),
    };
    CasePage {
        give: vec![Offered { value: "1".into(), title: "Somebody".into(), chosen: true }],
        beside: "/zh/cases/7/beside".into(),
        done: "entry 9".into(),
        refused: vec![super::refused()],
        faults: vec![FaultLine { href: "#field-lease".into(), text: "missing".into() }],
        clock: vec![sample_clock(true), sample_clock(false)],
        through: "An agent".into(),
        recusals: vec![RecusalView {
            officer: "An officer".into(),
            standing: "Stands aside".into(),
            mark: "bad",
            reasons: "kin".into(),
        }],
        fees: vec![super::row()],
        extensions: vec!["Review: 5 days".into()],
        entry: vec![super::link()],
        touched: vec![super::link()],
        sections: vec![section(false), section(true)],
        findings: vec![sample_line("")],
        further: "2 more stand".into(),
        findings_all: "/zh/findings?subject=1".into(),
        papers: vec![paper(""), paper("/zh/cases/7/papers/lease")],
        promises: vec![PromiseView {
            commitment: super::commitment::sample_commitment(),
            standing: "Kept".into(),
            mark: "good",
        }],
        opinions: vec![sample_opinion(""), sample_opinion("because")],
        drawing: Some(super::drawing::sample_drawn()),
        plan: Some(super::link()),
        conditions: vec![ConditionView {
            says: "Large enough".into(),
            verdict: "met".into(),
            mark: "good",
            cited: super::cited(),
        }],
        decisions: vec![DecisionView {
            title: "Refused".into(),
            notice: "No".into(),
            reasons: "because".into(),
            by: "A body".into(),
            at: "2030-01-31".into(),
            number: "entry 8".into(),
            remedies: vec!["Review until 2030-03-31".into()],
            served: "Posted, 2030-01-31".into(),
            paper: "/en/cases/7/decisions/8/notice.pdf".into(),
        }],
        history: vec![sample_event(""), sample_event("because")],
        next: vec![sample_next("#do-supply"), sample_next("")],
        acts: sample_acts(),
        ..bare(frame)
    }
}

#[cfg(test)]
fn sample_next(href: &str) -> NextStep {
    NextStep {
        title: "Hand in what is missing".into(),
        says: "A plan".into(),
        until: if href.is_empty() { String::new() } else { "until 2030-01-31".into() },
        href: href.into(),
    }
}

#[cfg(test)]
fn sample_clock(late: bool) -> ClockView {
    ClockView {
        due: "Due on 2030-01-31".into(),
        left: "3 days".into(),
        late,
        account: "5 working days from 2030-01-24".into(),
        provisional: late,
        stopped: if late { "2 working days".into() } else { String::new() },
    }
}

#[cfg(test)]
fn sample_opinion(reasons: &str) -> OpinionView {
    OpinionView {
        part: "Fire".into(),
        body: "The fire body".into(),
        answer: "Agrees".into(),
        mark: "good",
        when: "2030-01-31".into(),
        reasons: reasons.into(),
        filled: if reasons.is_empty() { vec![super::row()] } else { Vec::new() },
    }
}

#[cfg(test)]
fn sample_event(reasons: &str) -> Event {
    Event {
        number: 7,
        at: "2030-01-31 09:00".into(),
        cited: if reasons.is_empty() { Vec::new() } else { vec![super::cited()] },
        who: "the applicant".into(),
        what: "filed".into(),
        reasons: reasons.into(),
    }
}

#[cfg(test)]
fn sample_grounds() -> Vec<Ground> {
    let offered = Offered { value: "good".into(), title: "Good".into(), chosen: true };
    let (cited, verdict) = (super::cited(), "not met".into());
    let met = Ground {
        offered: Offered { value: "roomy".into(), title: "Roomy".into(), chosen: false },
        cited: super::cited(),
        verdict: "met".into(),
        mark: "good",
        first_met: true,
    };
    vec![Ground { offered, cited, verdict, mark: "bad", first_met: false }, met]
}

#[cfg(test)]
fn sample_acts() -> Vec<ActForm> {
    let offered = || Offered { value: "good".into(), title: "Good".into(), chosen: true };
    let outcome = |needs: &str| OutcomeOffered { offered: offered(), needs: needs.into() };
    let items = vec![Missing { title: "Shop".into(), items: vec![(offered(), "no seal".into())] }];
    vec![
        ActForm::Choose {
            step: "accept".into(),
            title: "Acceptance".into(),
            in_the_field: true,
            outcomes: vec![outcome(""), outcome("reasons")],
            items,
            grounds: sample_grounds(),
            asked: vec![AskedSection {
                title: "Scores".into(),
                needed: "Scored".into(),
                questions: super::apply::sample_questions(),
            }],
            reasons: "because".into(),
        },
        ActForm::Answer {
            step: "review".into(),
            part: "fire".into(),
            title: "Fire".into(),
            answers: vec![outcome("reasons")],
            grounds: sample_grounds(),
            asked: Vec::new(),
            reasons: "because".into(),
        },
        ActForm::Resume { reasons: "done".into() },
        ActForm::Supply {
            questions: super::apply::sample_questions(),
            papers: super::apply::sample_papers(),
        },
        ActForm::Withdraw { reasons: "we".into() },
        ActForm::Withdraw { reasons: String::new() },
        ActForm::Appeal {
            decision: 8,
            title: "Refused".into(),
            remedies: vec![offered()],
            grounds: String::new(),
        },
        ActForm::Rule { grounds: "wrong".into(), reasons: String::new() },
        ActForm::Serve {
            decision: 8,
            title: "Refused".into(),
            due: "2030-02-07".into(),
            ways: vec![outcome("receipt")],
            on: "2030-01-31".into(),
            proof: "7".into(),
        },
        ActForm::AskRecusal { officers: vec![offered()], grounds: "kin".into() },
        ActForm::Recuse {
            officer: "00".into(),
            colleague: String::new(),
            grounds: String::new(),
            reasons: String::new(),
        },
        ActForm::Recuse {
            officer: "01".into(),
            colleague: "An officer".into(),
            grounds: "kin".into(),
            reasons: "so it is".into(),
        },
        ActForm::Correct { questions: super::apply::sample_questions(), reasons: String::new() },
    ]
}
