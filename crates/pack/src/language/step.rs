//! The steps of a procedure: a *stage* waits for somebody, a *review* for several bodies at once, a
//! *decision* takes effect at once, and at a *turn* the case goes one way or another by itself.

use base::{Citation, Name, Text};

use super::{
    authority::Competent,
    procedure::Timed,
    review::{Review, Stop, Uncounted},
};
use crate::read::{Named, Pathed, Spanned};

variant! {
    /// One step.
    pub enum Step {
        /// Several bodies must answer.
        Review(Review) if "reviews",
        /// Somebody must choose an outcome.
        Stage(Stage) if "outcomes",
        /// What is known of the case settles where it goes on.
        Turn(Turn) if "turns",
        /// The case decides, notifies and goes on.
        Decision(Decision) if "decides",
    }
}

record! {
    /// A step that waits until somebody chooses an outcome, or its time runs out.
    pub struct Stage {
        /// What is done here.
        title: Text,
        /// Who chooses: `applicant`, `competent`, or a body under `bodies`.
        by: Spanned<Name>,
        /// In what time.
        within: Timed,
        /// A day on which it ends if that is earlier, such as the day an entry expires.
        until: Option<Spanned<String>>,
        /// The fee that is paid here.
        collects: Option<Spanned<Name>>,
        /// Where the case goes at once when the fee is waived.
        waived: Option<Spanned<Name>>,
        /// Why the time of this step is not counted into the legal limit, where it is not.
        uncounted: Option<Uncounted>,
        /// True when it is done on the spot, where there may be no network: its form can be taken
        /// along.
        in_the_field: Option<bool>,
        /// True when drafts of the procedure's layout plan are put on file here.
        drafts: Option<bool>,
        /// What happens when the time runs out; when absent the step is overdue and stays.
        silence: Option<Silence>,
        /// What may be chosen.
        outcomes: Named<Outcome>,
    }
}

record! {
    /// What follows when nobody answers in time.
    pub struct Silence {
        /// The outcome that silence is deemed to be.
        deemed: Spanned<Name>,
        /// Where that is written.
        basis: Citation,
    }
}

record! {
    /// One outcome of a stage.
    pub struct Outcome {
        /// What choosing it means.
        title: Text,
        /// True when every condition of the procedure must be met for it.
        needs_met: Option<bool>,
        /// The commitment on which it rests: the applicant must have signed it, and conditions that
        /// it covers need not be known yet.
        on_commitment: Option<Spanned<Name>>,
        /// True when the chooser must give reasons.
        reasons: Option<bool>,
        /// Who chooses it, where that is not who acts at the step; `clock` where only silence leads
        /// to it.
        by: Option<Spanned<Name>>,
        /// The sections that the chooser fills in.
        asks: Vec<Spanned<Name>>,
        /// The applicant is asked once for what is missing, and the stage goes on afterwards.
        supplement: Option<Supplement>,
        /// The clock stops, and the step goes on afterwards.
        stop: Option<Stop>,
        /// The step's time is extended, and the step goes on.
        extend: Option<Extend>,
        /// True when what is filled in is added to the case and the step goes on, its time as it
        /// was.
        stays: Option<bool>,
        /// The step or end that follows; absent with a supplement, a stop, an extension, and where
        /// the case stays.
        then: Option<Spanned<Name>>,
    }
}

record! {
    /// A one-time notice of everything that is missing (行政许可法 article 32); a second notice may
    /// not widen the first.
    pub struct Supplement {
        /// The time the applicant has, during which the stage's clock stands still.
        within: Timed,
        /// The step or end that follows when nothing comes.
        lapse: Spanned<Name>,
        /// How often it may be asked.
        times: Spanned<u32>,
    }
}

record! {
    /// The time of a step is made longer (行政许可法 article 42).
    pub struct Extend {
        /// By how much.
        by: Timed,
        /// How often.
        times: Spanned<u32>,
    }
}

record! {
    /// A step that waits for nobody: the case goes on by the first condition that holds.
    pub struct Turn {
        /// What is asked here.
        title: Text,
        /// The courses the case may take, in the order in which they are tried.
        turns: Named<Course>,
        /// The course it takes when no condition holds.
        otherwise: Otherwise,
    }
}

record! {
    /// One course a case may take at a turn.
    pub struct Course {
        /// What it means.
        title: Text,
        /// When the case takes it: over the same facts as the conditions of the procedure.
        that: Spanned<String>,
        /// The step or end that follows.
        then: Spanned<Name>,
    }
}

record! {
    /// The course that a case takes when no condition of a turn holds.
    pub struct Otherwise {
        /// What it means.
        title: Text,
        /// The step or end that follows.
        then: Spanned<Name>,
    }
}

record! {
    /// A step that takes effect at once: it is written, served, and can be appealed.
    pub struct Decision {
        /// What is decided.
        title: Text,
        /// The body in whose name it is decided; `competent` when absent.
        by: Option<Spanned<Name>>,
        /// What the decision does to the right applied for.
        decides: Effect,
        /// What the notice says to the applicant.
        notice: Text,
        /// The entry it makes.
        enters: Option<Enters>,
        /// What it changes in the entry the case made: field and expression.
        amends: Named<Spanned<String>>,
        /// Entries it makes in other registers, by register.
        records: Named<Enters>,
        /// What it changes in entries that exist: the question that names one, or `found.NAME` for
        /// each that was looked up.
        changes: Pathed<Named<Spanned<String>>>,
        /// The question that names the entry whose place the new one takes: it ends as the new one
        /// begins.
        succeeds: Option<Spanned<String>>,
        /// The commitment that it finds kept.
        keeps: Option<Spanned<Name>>,
        /// The commitment that it finds broken.
        breaks: Option<Spanned<Name>>,
        /// The certificate it issues.
        issues: Option<Spanned<Name>>,
        /// True when it freezes the lists of the procedure's draw: they are taken from registers as
        /// they stand and change no more.
        freezes: Option<bool>,
        /// True when it draws from the frozen lists by the seeds told.
        draws: Option<bool>,
        /// True when it surveys for the procedure's layout plan: what there is and what could be
        /// is taken from registers as they stand.
        surveys: Option<bool>,
        /// The question that names the draft of the layout plan that is adopted, by its number,
        /// counted from 1.
        adopts: Option<Spanned<String>>,
        /// How it can be appealed.
        appeal: Option<Appeal>,
        /// The step or end that follows.
        then: Spanned<Name>,
    }
}

choice! {
    /// What a decision does.
    pub enum Effect {
        /// Gives what was applied for.
        Granted = "granted",
        /// Does not give it.
        Refused = "refused",
        /// Does not take the application in (不予受理, 行政许可法 article 32).
        Declined = "declined",
        /// Finds sound what was given before.
        Confirmed = "confirmed",
        /// Takes back, from now on, what was given.
        Voided = "voided",
        /// Ends the case because the applicant let its time pass.
        Lapsed = "lapsed",
        /// Enters rows of a table as they stand.
        Adopted = "adopted",
        /// Puts a burden on the holder of an entry, by the body's own motion.
        Imposed = "imposed",
        /// Ends what was given, at the wish of who holds it.
        Closed = "closed",
    }
}

recorded!(Effect);

record! {
    /// How a decision makes a register entry.
    pub struct Enters {
        /// The key of the new entry; `{division}`, `{year}` and `{case}` are filled in. Absent when
        /// rows of a table are entered under their own keys.
        key: Option<Spanned<String>>,
        /// Each field of the register and the expression that fills it.
        fields: Named<Spanned<String>>,
        /// The table whose rows are entered instead.
        rows: Option<Spanned<Name>>,
    }
}

record! {
    /// How a decision can be appealed.
    pub struct Appeal {
        /// The remedies open to the applicant.
        remedies: Vec<Spanned<Name>>,
        /// The step or end that follows when the decision is set aside.
        upheld: Spanned<Name>,
    }
}

record! {
    /// `remedies.yaml`: the remedies a decision may open.
    pub struct Remedies {
        /// Remedies by name.
        remedies: Named<Remedy>,
    }
}

record! {
    /// A way to challenge a decision.
    pub struct Remedy {
        /// What it is called.
        title: Text,
        /// How long it stays open from proof of service.
        within: Timed,
        /// The body that hears it inside the platform; absent when a court or another system does.
        heard_by: Option<Competent>,
        /// How long the body has to rule.
        ruled_within: Option<Timed>,
    }
}

record! {
    /// One way a case ends.
    pub struct End {
        /// What the end is called.
        title: Text,
        /// True when the applicant loses by it: it is then reached only by a decision that is
        /// notified and can be appealed.
        adverse: Option<bool>,
    }
}

choice! {
    /// A level of government.
    pub enum Level {
        /// A province or a municipality under the central government.
        Province = "province",
        /// A county or a district of a municipality.
        County = "county",
    }
}
