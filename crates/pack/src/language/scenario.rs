//! `scenarios/*.yaml`: stories. Who does what, when, and what must follow. The same file is played
//! in memory, on each database, and over HTTP.

use base::{Date, Division, Name, Text};

use crate::{
    node::Node,
    read::{Named, Spanned},
};

record! {
    /// A story.
    pub struct Scenario {
        /// Its own name.
        scenario: Name,
        /// What happens, in a sentence.
        title: Text,
        /// Who takes part.
        people: Named<Person>,
        /// Forms filled in, to be handed in as they are or with changes.
        forms: Named<Node>,
        /// What happens, in order.
        play: Vec<Beat>,
    }
}

variant! {
    /// Somebody who takes part; always invented.
    pub enum Person {
        /// An officer.
        Officer(Officer) if "office",
        /// An applicant.
        Applicant(ApplicantPerson) if "applies_as",
    }
}

record! {
    /// An officer of a body.
    pub struct Officer {
        /// The office.
        office: Spanned<Name>,
        /// The division the body acts for.
        of: Spanned<Division>,
    }
}

record! {
    /// An applicant.
    pub struct ApplicantPerson {
        /// What the applicant is.
        applies_as: super::Applicant,
    }
}

variant! {
    /// One thing that happens or must hold.
    pub enum Beat {
        /// A case is filed.
        Files(Files) if "files",
        /// An outcome is chosen.
        Chooses(Chooses) if "chooses",
        /// A body answers in a review.
        Answers(Answers) if "answers",
        /// A draft of a layout plan is put on file.
        Drafts(Drafts) if "drafts",
        /// The clock goes on.
        Resumes(Resumes) if "resumes",
        /// What was missing is handed in.
        Supplies(Supplies) if "supplies",
        /// The applicant withdraws.
        Withdraws(Withdraws) if "withdraws",
        /// A decision is challenged.
        Appeals(Appeals) if "appeals",
        /// The challenge is ruled on.
        Rules(Rules) if "rules",
        /// The entry is corrected.
        Corrects(Corrects) if "corrects",
        /// A decision is served otherwise than through the portal.
        Serves(Serves) if "serves",
        /// The party asks that an officer stand aside.
        AsksAside(AsksAside) if "asks_aside",
        /// An officer stands aside, or need not.
        StandsAside(StandsAside) if "stands_aside",
        /// Further days of the calendar are adopted.
        Adopts(Adopts) if "adopts",
        /// Time passes, and what runs out meanwhile takes effect.
        Passes(Passes) if "passes",
        /// The ledger's head is remembered under a name.
        Marks(Marks) if "marks",
        /// A case must stand so.
        Sees(Sees) if "sees",
        /// A register must answer so.
        Asks(Asks) if "asks",
    }
}

record! {
    /// Filing.
    pub struct Files {
        /// The procedure.
        files: Spanned<Name>,
        /// The moment, `YYYY-MM-DD` or `YYYY-MM-DD HH:MM`.
        when: Spanned<String>,
        /// Who files.
        by: Spanned<Name>,
        /// What the story calls the case; a refused filing has no case.
        case: Option<Spanned<Name>>,
        /// The form handed in.
        form: Spanned<Name>,
        /// Answers that differ from the form's; an empty text leaves a question open.
        but: Option<Node>,
        /// Papers not handed in; every other required paper is.
        lacks: Vec<Spanned<Name>>,
        /// The commitments signed.
        commits: Vec<Spanned<Name>>,
        /// For whom, where it is not for oneself.
        r#for: Option<Spanned<Name>>,
        /// As what one files for somebody else; `agent` when absent.
        r#as: Option<StandsIn>,
        /// True where the party has not agreed to be served through the portal.
        on_paper: Option<bool>,
        /// The number of the refusal that must follow.
        refused: Option<Spanned<u32>>,
    }
}

choice! {
    /// As what somebody files for somebody else.
    pub enum StandsIn {
        /// By a power of attorney.
        Agent = "agent",
        /// As the guardian of a person.
        Guardian = "guardian",
        /// As an officer at the counter.
        Counter = "counter",
    }
}

record! {
    /// Choosing an outcome at the stage the case is at.
    pub struct Chooses {
        /// The outcome.
        chooses: Spanned<Name>,
        /// The moment.
        when: Spanned<String>,
        /// Who chooses.
        by: Spanned<Name>,
        /// The case.
        case: Spanned<Name>,
        /// The stage; where the case stands when absent.
        step: Option<Spanned<Name>>,
        /// Why.
        because: Option<String>,
        /// What is missing.
        items: Vec<Spanned<String>>,
        /// The form from which the questions of the outcome are answered.
        fill: Option<Spanned<Name>>,
        /// The number of the refusal that must follow.
        refused: Option<Spanned<u32>>,
    }
}

record! {
    /// Answering for a body in a review.
    pub struct Answers {
        /// The answer.
        answers: Spanned<Name>,
        /// The part of the review it is given for.
        part: Spanned<Name>,
        /// The moment.
        when: Spanned<String>,
        /// Who answers.
        by: Spanned<Name>,
        /// The case.
        case: Spanned<Name>,
        /// The review; where the case stands when absent.
        step: Option<Spanned<Name>>,
        /// Why.
        because: Option<String>,
        /// The form from which the questions of the answer are answered.
        fill: Option<Spanned<Name>>,
        /// The number of the refusal that must follow.
        refused: Option<Spanned<u32>>,
    }
}

record! {
    /// Putting a draft of a layout plan on file, made by hand from the survey of the case.
    pub struct Drafts {
        /// The case.
        drafts: Spanned<Name>,
        /// The moment.
        when: Spanned<String>,
        /// Who puts it on file.
        by: Spanned<Name>,
        /// The stage; where the case stands when absent.
        step: Option<Spanned<Name>>,
        /// Under which terms it is made.
        terms: DraftTerms,
        /// What it picks.
        picks: Vec<DraftPick>,
        /// What is written otherwise than it came out: words, and what stands in their place.
        alters: Option<Node>,
        /// The number of the refusal that must follow.
        refused: Option<Spanned<u32>>,
    }
}

record! {
    /// Under which terms a draft is made.
    pub struct DraftTerms {
        /// What is sought.
        goal: DraftGoal,
        /// How far people go at most, in metres.
        reach: u32,
        /// The years in which something is done.
        phases: Vec<DraftPhase>,
        /// The year in which counting ends.
        until: u32,
    }
}

choice! {
    /// What a draft seeks.
    pub enum DraftGoal {
        /// That as much need as can be is met.
        Most = "most",
        /// The same, where a place counts by how near it is.
        Near = "near",
    }
}

record! {
    /// A year in which something is done.
    pub struct DraftPhase {
        /// The year.
        year: u32,
        /// How much may be spent, in yuan; what is left over is kept.
        budget: i64,
    }
}

record! {
    /// What a draft picks.
    pub struct DraftPick {
        /// The site: a key, or `{case}`, the entry that the case made.
        site: String,
        /// What is built there or done with it.
        course: Spanned<Name>,
        /// In which year.
        year: u32,
    }
}

record! {
    /// Letting a stopped clock go on.
    pub struct Resumes {
        /// The case.
        resumes: Spanned<Name>,
        /// The moment.
        when: Spanned<String>,
        /// Who lets it go on.
        by: Spanned<Name>,
        /// What came of the stop.
        because: Option<String>,
        /// The number of the refusal that must follow.
        refused: Option<Spanned<u32>>,
    }
}

record! {
    /// Handing in what was missing.
    pub struct Supplies {
        /// The papers and questions handed in; the answers are those of the form.
        supplies: Vec<Spanned<String>>,
        /// The moment.
        when: Spanned<String>,
        /// Who hands it in.
        by: Spanned<Name>,
        /// The case.
        case: Spanned<Name>,
        /// The form the answers are taken from.
        form: Option<Spanned<Name>>,
        /// The number of the refusal that must follow.
        refused: Option<Spanned<u32>>,
    }
}

record! {
    /// Withdrawing.
    pub struct Withdraws {
        /// The case.
        withdraws: Spanned<Name>,
        /// The moment.
        when: Spanned<String>,
        /// Who withdraws.
        by: Spanned<Name>,
        /// Why.
        because: Option<String>,
        /// The number of the refusal that must follow.
        refused: Option<Spanned<u32>>,
    }
}

record! {
    /// Challenging the last decision of that step.
    pub struct Appeals {
        /// The decision step challenged.
        appeals: Spanned<Name>,
        /// The moment.
        when: Spanned<String>,
        /// Who challenges.
        by: Spanned<Name>,
        /// The case.
        case: Spanned<Name>,
        /// The remedy taken.
        remedy: Spanned<Name>,
        /// Why.
        because: Option<String>,
        /// The number of the refusal that must follow.
        refused: Option<Spanned<u32>>,
    }
}

choice! {
    /// How a challenge is ruled on.
    pub enum Ruling {
        /// The decision is set aside.
        Upheld = "upheld",
        /// The decision stands.
        Rejected = "rejected",
    }
}

record! {
    /// Ruling on a challenge.
    pub struct Rules {
        /// The ruling.
        rules: Ruling,
        /// The moment.
        when: Spanned<String>,
        /// Who rules.
        by: Spanned<Name>,
        /// The case.
        case: Spanned<Name>,
        /// Why.
        because: Option<String>,
        /// The number of the refusal that must follow.
        refused: Option<Spanned<u32>>,
    }
}

record! {
    /// Correcting a field of the entry.
    pub struct Corrects {
        /// The field.
        corrects: Spanned<Name>,
        /// What it should say.
        to: Node,
        /// The moment.
        when: Spanned<String>,
        /// Who corrects.
        by: Spanned<Name>,
        /// The case.
        case: Spanned<Name>,
        /// Why.
        because: Option<String>,
        /// The number of the refusal that must follow.
        refused: Option<Spanned<u32>>,
    }
}

record! {
    /// Serving the last decision of that step.
    pub struct Serves {
        /// The decision step.
        serves: Spanned<Name>,
        /// The way of service.
        way: Spanned<Name>,
        /// The day on which it was done; the day of the moment when absent.
        served_on: Option<Spanned<Date>>,
        /// The moment.
        when: Spanned<String>,
        /// Who serves.
        by: Spanned<Name>,
        /// The case.
        case: Spanned<Name>,
        /// What shows it.
        proof: Option<String>,
        /// The number of the refusal that must follow.
        refused: Option<Spanned<u32>>,
    }
}

record! {
    /// Asking that an officer stand aside.
    pub struct AsksAside {
        /// The officer.
        asks_aside: Spanned<Name>,
        /// The moment.
        when: Spanned<String>,
        /// Who asks.
        by: Spanned<Name>,
        /// The case.
        case: Spanned<Name>,
        /// Why.
        because: Option<String>,
        /// The number of the refusal that must follow.
        refused: Option<Spanned<u32>>,
    }
}

record! {
    /// Standing aside, or deciding whether a colleague does.
    pub struct StandsAside {
        /// The officer.
        stands_aside: Spanned<Name>,
        /// False where it is decided that the officer need not.
        aside: Option<Spanned<bool>>,
        /// The moment.
        when: Spanned<String>,
        /// Who says or decides so.
        by: Spanned<Name>,
        /// The case.
        case: Spanned<Name>,
        /// Why.
        because: Option<String>,
        /// The number of the refusal that must follow.
        refused: Option<Spanned<u32>>,
    }
}

record! {
    /// Adopting further days of the calendar.
    pub struct Adopts {
        /// The last of the further days; Monday to Friday work but for the days off named.
        adopts: Spanned<Date>,
        /// The moment.
        when: Spanned<String>,
        /// Who adopts.
        by: Spanned<Name>,
        /// Days off.
        days_off: Vec<Spanned<Date>>,
        /// Saturdays and Sundays on which people work.
        make_up_days: Vec<Spanned<Date>>,
    }
}

record! {
    /// Letting time pass.
    pub struct Passes {
        /// The moment reached.
        passes: Spanned<String>,
    }
}

record! {
    /// Remembering the ledger's head.
    pub struct Marks {
        /// The name it is remembered by.
        marks: Spanned<Name>,
    }
}

record! {
    /// How a case must stand.
    pub struct Sees {
        /// The case.
        sees: Spanned<Name>,
        /// It waits at this stage.
        step: Option<Spanned<Name>>,
        /// It waits at this review for the bodies that have not answered.
        reviewing: Option<Spanned<Name>>,
        /// The clock of this step stands still.
        stopped: Option<Spanned<Name>>,
        /// The bodies that must act now, all of them, as `office@division`.
        awaits: Option<Vec<Spanned<String>>>,
        /// It waits for the applicant to supplement this stage.
        supplementing: Option<Spanned<Name>>,
        /// It has come to this end.
        end: Option<Spanned<Name>>,
        /// A decision of it is challenged.
        challenged: Option<Spanned<bool>>,
        /// The applicant has withdrawn it.
        withdrawn: Option<Spanned<bool>>,
        /// The last day of the term that runs.
        due: Option<Spanned<Date>>,
        /// Whether that day is provisional.
        provisional: Option<Spanned<bool>>,
        /// The last day on which a remedy against the last decision is open.
        remedy_until: Option<Spanned<Date>>,
        /// The last day on which the last decision must be served; it is not served yet.
        serve_by: Option<Spanned<Date>>,
    }
}

record! {
    /// What a register must answer.
    pub struct Asks {
        /// The register.
        asks: Spanned<Name>,
        /// The case whose entry is meant.
        of: Option<Spanned<Name>>,
        /// The key of the entry, where no case of the story made it.
        key: Option<Spanned<String>>,
        /// The day asked about; its end counts.
        day: Spanned<Date>,
        /// A remembered head: what was known then. The present when absent.
        known: Option<Spanned<Name>>,
        /// Fields and what they must say.
        says: Option<Node>,
        /// True when there must be no entry.
        nothing: Option<Spanned<bool>>,
    }
}
