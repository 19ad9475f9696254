//! The steps of a procedure after linking.

use base::{Citation, Name, Text};
use rules::{Expression, Facts, Verdict};

use super::{Counts, Effect, Ground, Limit, Section};

/// Where a case goes next.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// To a step.
    Step(Name),
    /// To an end.
    End(Name),
}

/// A step.
#[derive(Debug)]
pub enum Step {
    /// Somebody must choose.
    Stage(Stage),
    /// Several bodies must answer.
    Review(Review),
    /// The case goes one way or another by what is known of it.
    Turn(Turn),
    /// The case decides at once.
    Decision(Decision),
}

impl Step {
    /// What it is called.
    pub fn title(&self) -> &Text {
        match self {
            Self::Stage(stage) => &stage.title,
            Self::Review(review) => &review.title,
            Self::Turn(turn) => &turn.title,
            Self::Decision(decision) => &decision.title,
        }
    }

    /// What may be chosen at it, in order.
    pub fn outcomes(&self) -> &[(Name, Outcome)] {
        match self {
            Self::Stage(stage) => &stage.outcomes,
            Self::Review(review) => &review.outcomes,
            Self::Turn(_) | Self::Decision(_) => &[],
        }
    }

    /// Who chooses at it; nobody at a turn or a decision.
    pub fn by(&self) -> Option<&By> {
        match self {
            Self::Stage(stage) => Some(&stage.by),
            Self::Review(review) => Some(&review.by),
            Self::Turn(_) | Self::Decision(_) => None,
        }
    }

    /// Whether somebody is awaited at it.
    pub fn waits(&self) -> bool {
        self.by().is_some()
    }

    /// In what time it is done; a turn or a decision takes none.
    pub fn within(&self) -> Option<&Limit> {
        match self {
            Self::Stage(stage) => Some(&stage.within),
            Self::Review(review) => Some(&review.within),
            Self::Turn(_) | Self::Decision(_) => None,
        }
    }
}

/// Who acts at a step.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum By {
    /// The applicant.
    Applicant,
    /// A body of the procedure, by its name in it.
    Body(Name),
    /// Nobody: only time running out brings it about.
    Clock,
}

impl By {
    /// Whether it is the turn of the same kind: of the applicant, of a body, or of nobody.
    pub fn same_turn(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}

/// A step that waits.
#[derive(Debug)]
pub struct Stage {
    /// What is done here.
    pub title: Text,
    /// Who chooses.
    pub by: By,
    /// In what time.
    pub within: Limit,
    /// A day on which it ends if that is earlier.
    pub until: Option<Expression>,
    /// The fee that is paid here.
    pub collects: Option<Collects>,
    /// Why its time is not counted into the legal limit, where it is not.
    pub uncounted: Option<Uncounted>,
    /// True when it is done on the spot, where there may be no network.
    pub in_the_field: bool,
    /// True when drafts of the layout plan are put on file here.
    pub drafts: bool,
    /// The outcome silence is deemed to be, and where that is written.
    pub silence: Option<(Name, Citation)>,
    /// What may be chosen, in order.
    pub outcomes: Vec<(Name, Outcome)>,
}

impl Stage {
    /// The outcome of that name.
    pub fn outcome(&self, name: &Name) -> Option<&Outcome> {
        self.outcomes.iter().find(|(n, _)| n == name).map(|(_, outcome)| outcome)
    }
}

/// The fee paid at a stage.
#[derive(Debug)]
pub struct Collects {
    /// The fee.
    pub fee: Name,
    /// Where the case goes at once when it is waived.
    pub waived: Option<Target>,
}

/// A step at which the case goes one way or another by what is known of it.
#[derive(Debug)]
pub struct Turn {
    /// What is asked here.
    pub title: Text,
    /// The courses the case may take, in the order in which they are tried; the last has no
    /// condition.
    pub courses: Vec<(Name, Course)>,
}

impl Turn {
    /// The course that the case takes on these facts; none while that is undetermined.
    pub fn course(&self, facts: &dyn Facts) -> Option<(&Name, &Course)> {
        for (name, course) in &self.courses {
            let verdict = course.that.as_ref().map_or(Verdict::True, |that| that.verdict(facts));
            match verdict {
                Verdict::True => return Some((name, course)),
                Verdict::False => {}
                Verdict::Undetermined { .. } => return None,
            }
        }
        None
    }

    /// The facts that settle it.
    pub fn facts_used(&self) -> impl Iterator<Item = &str> {
        let conditions = self.courses.iter().filter_map(|(_, course)| course.that.as_ref());
        conditions.flat_map(|that| that.facts_used())
    }
}

/// One course a case may take at a turn.
#[derive(Debug)]
pub struct Course {
    /// What it means.
    pub title: Text,
    /// When the case takes it; always where there is no condition.
    pub that: Option<Expression>,
    /// What follows.
    pub then: Target,
}

/// Why the time of a step is not counted.
#[derive(Debug)]
pub struct Uncounted {
    /// The reason.
    pub ground: Ground,
    /// Where that is written.
    pub basis: Citation,
}

/// A step at which several bodies are asked at once and each answers for itself.
#[derive(Debug)]
pub struct Review {
    /// What is done here.
    pub title: Text,
    /// The body that leads.
    pub by: By,
    /// The time for all together.
    pub within: Limit,
    /// What a body may answer, in order.
    pub answers: Vec<(Name, Answer)>,
    /// What is asked of each body, by its name in the procedure, in order.
    pub parts: Vec<(Name, Part)>,
    /// What follows from the answers.
    pub join: Join,
    /// What the leading body may do meanwhile.
    pub outcomes: Vec<(Name, Outcome)>,
}

impl Review {
    /// The part of that body.
    pub fn part(&self, body: &Name) -> Option<&Part> {
        self.parts.iter().find(|(name, _)| name == body).map(|(_, part)| part)
    }

    /// The answer of that name.
    pub fn answer(&self, name: &Name) -> Option<&Answer> {
        self.answers.iter().find(|(n, _)| n == name).map(|(_, answer)| answer)
    }

    /// Everything the review can come to. Which body gave which answer, and in which order, does
    /// not matter: all that counts is whether all approved.
    pub fn results(&self) -> Vec<(Joined, &Target)> {
        let gives = |approves: bool| {
            self.answers.iter().any(|(_, a)| (a.counts == Counts::Approves) == approves)
        };
        match &self.join {
            Join::LeadDecides(target) => vec![(Joined::Answered, target)],
            Join::AllApprove(branches) | Join::AnyRefusalEnds(branches) => {
                let results = [
                    (Joined::Approved, &branches.approved),
                    (Joined::Otherwise, &branches.otherwise),
                ];
                results.into_iter().filter(|(how, _)| gives(*how == Joined::Approved)).collect()
            }
        }
    }
}

/// One thing a body may answer.
#[derive(Debug)]
pub struct Answer {
    /// What it means.
    pub title: Text,
    /// What it counts as.
    pub counts: Counts,
    /// True when reasons must be given.
    pub reasons: bool,
    /// The sections that who answers fills in.
    pub asks: Vec<Section>,
}

/// What is asked of one body.
#[derive(Debug)]
pub struct Part {
    /// What it looks at.
    pub title: Text,
    /// In what time.
    pub within: Limit,
    /// The answer its silence is deemed to be, and where that is written.
    pub silence: (Name, Citation),
}

/// What follows from the answers of a review.
#[derive(Debug)]
pub enum Join {
    /// Once all have answered, one step.
    LeadDecides(Target),
    /// Once all have answered, by whether all approved.
    AllApprove(Branches),
    /// At the first refusal, or once all have answered.
    AnyRefusalEnds(Branches),
}

/// Where a review leads.
#[derive(Debug)]
pub struct Branches {
    /// Where every body approved.
    pub approved: Target,
    /// Where one did not.
    pub otherwise: Target,
}

/// What a review has come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Joined {
    /// All have answered, and the answers are weighed later.
    Answered,
    /// All have approved.
    Approved,
    /// One has refused, or has not approved.
    Otherwise,
}

impl Joined {
    /// The word for it, as a path is printed.
    pub fn word(self) -> &'static str {
        match self {
            Self::Answered => "all answered",
            Self::Approved => "all approved",
            Self::Otherwise => "not all approved",
        }
    }
}

impl Join {
    /// What the answers given come to while `open` bodies have not answered; nothing yet while the
    /// review goes on.
    pub fn result(&self, given: &[Counts], open: usize) -> Option<(Joined, &Target)> {
        let refused = given.contains(&Counts::Refuses);
        match self {
            Self::AnyRefusalEnds(branches) if refused => {
                Some((Joined::Otherwise, &branches.otherwise))
            }
            _ if open > 0 => None,
            Self::LeadDecides(target) => Some((Joined::Answered, target)),
            Self::AllApprove(branches) | Self::AnyRefusalEnds(branches) => {
                match given.iter().all(|counts| *counts == Counts::Approves) {
                    true => Some((Joined::Approved, &branches.approved)),
                    false => Some((Joined::Otherwise, &branches.otherwise)),
                }
            }
        }
    }
}

/// One outcome of a step.
#[derive(Debug)]
pub struct Outcome {
    /// What choosing it means.
    pub title: Text,
    /// True when every condition must be met.
    pub needs_met: bool,
    /// The commitment on which it rests.
    pub on_commitment: Option<Name>,
    /// True when reasons must be given.
    pub reasons: bool,
    /// Who chooses it, where that is not who acts at the step.
    pub by: Option<By>,
    /// The sections that the chooser fills in.
    pub asks: Vec<Section>,
    /// What follows.
    pub follows: Follows,
}

/// What follows an outcome.
#[derive(Debug)]
pub enum Follows {
    /// The case goes on.
    Then(Target),
    /// The applicant is asked for what is missing; the step goes on afterwards.
    Supplement(Supplement),
    /// The clock stands still; the step goes on afterwards.
    Stop(Stop),
    /// The step's time is made longer, and it goes on.
    Extend(Extend),
    /// What was filled in is added to the case; the step goes on, its time as it was.
    Stay,
}

/// By how much, and how often, the time of a step may be made longer.
#[derive(Debug)]
pub struct Extend {
    /// By how much.
    pub by: Limit,
    /// How often.
    pub times: u32,
}

/// Why and for how long a clock may stand still.
#[derive(Debug)]
pub struct Stop {
    /// The reason.
    pub ground: Ground,
    /// The longest: then it goes on by itself.
    pub within: Limit,
    /// How often.
    pub times: u32,
}

/// A one-time notice of what is missing.
#[derive(Debug)]
pub struct Supplement {
    /// The time the applicant has.
    pub within: Limit,
    /// Where the case goes when nothing comes.
    pub lapse: Target,
    /// How often it may be asked.
    pub times: u32,
}

/// A step that takes effect at once.
#[derive(Debug)]
pub struct Decision {
    /// What is decided.
    pub title: Text,
    /// The body in whose name, by its name in the procedure.
    pub by: Name,
    /// What it does to the right applied for.
    pub decides: Effect,
    /// What the notice says.
    pub notice: Text,
    /// The entry it makes.
    pub enters: Option<Enters>,
    /// What it changes in the case's entry.
    pub amends: Vec<(Name, Expression)>,
    /// Entries it makes in other registers: register, key rule, fields.
    pub records: Vec<Recorded>,
    /// What it changes in entries that exist.
    pub changes: Vec<Changed>,
    /// The question that names the entry whose place the new one takes.
    pub succeeds: Option<String>,
    /// The commitment that it finds kept or broken.
    pub settles: Option<Settled>,
    /// The certificate it issues.
    pub issues: Option<Name>,
    /// True when it freezes the lists of the draw.
    pub freezes: bool,
    /// True when it draws from the frozen lists.
    pub draws: bool,
    /// True when it surveys for the layout plan.
    pub surveys: bool,
    /// The question that names the draft of the layout plan that it adopts.
    pub adopts: Option<String>,
    /// How it can be appealed.
    pub appeal: Option<Appeal>,
    /// What follows.
    pub then: Target,
}

/// An entry that a decision makes in another register than its procedure's own.
#[derive(Debug)]
pub struct Recorded {
    /// The register.
    pub register: Name,
    /// The key, with placeholders to fill in.
    pub key: String,
    /// The fields and what fills them.
    pub fields: Vec<(Name, Expression)>,
}

/// Which entries a decision changes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Whose {
    /// The one that a question names.
    Named(String),
    /// Each that was looked up under this name.
    Found(Name),
}

/// What a decision changes in entries that exist.
#[derive(Debug)]
pub struct Changed {
    /// Which entries.
    pub whose: Whose,
    /// Their register.
    pub register: Name,
    /// The fields and what fills them; `its.field` is what the entry said before.
    pub fields: Vec<(Name, Expression)>,
}

/// What a decision finds of a promise.
#[derive(Debug, Clone, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
pub enum Settled {
    /// It was kept.
    #[n(0)]
    Kept(#[n(0)] Name),
    /// It was broken.
    #[n(1)]
    Broken(#[n(0)] Name),
}

impl Settled {
    /// The commitment.
    pub fn commitment(&self) -> &Name {
        match self {
            Self::Kept(name) | Self::Broken(name) => name,
        }
    }
}

/// How a decision makes an entry.
#[derive(Debug)]
pub enum Enters {
    /// One entry from the form.
    Entry {
        /// The key, with `{division}`, `{year}` and `{case}` to fill in.
        key: String,
        /// The fields and what fills them.
        fields: Vec<(Name, Expression)>,
    },
    /// The rows of a table as they stand.
    Rows(Name),
}

/// How a decision can be appealed.
#[derive(Debug)]
pub struct Appeal {
    /// The remedies open.
    pub remedies: Vec<Name>,
    /// What follows when the decision is set aside.
    pub upheld: Target,
}

/// One way a case ends.
#[derive(Debug)]
pub struct End {
    /// What it is called.
    pub title: Text,
    /// True when the applicant loses by it.
    pub adverse: bool,
}
