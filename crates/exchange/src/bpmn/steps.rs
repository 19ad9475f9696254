//! How steps are drawn, and a stage above all: who acts has a task, and what anybody may choose
//! leads on from it.

use base::{Name, Term};
use pack::model::{By, Collects, Follows, Outcome, Stage, Step, Target, Turn};

use super::{
    block::{Block, Kind, Node},
    draw::Draft,
};

/// Where a step leads by what is chosen, said or decided, in the order of the pack.
pub(super) fn next(step: &Step) -> Vec<&Target> {
    let chosen = step.outcomes().iter().filter_map(|(_, outcome)| match &outcome.follows {
        Follows::Then(target) => Some(target),
        Follows::Supplement(supplement) => Some(&supplement.lapse),
        Follows::Stop(_) | Follows::Extend(_) | Follows::Stay => None,
    });
    match step {
        Step::Stage(stage) => chosen.chain(waived(stage)).collect(),
        Step::Review(review) => {
            review.results().into_iter().map(|(_, target)| target).chain(chosen).collect()
        }
        Step::Turn(turn) => turn.courses.iter().map(|(_, course)| &course.then).collect(),
        Step::Decision(decision) => vec![&decision.then],
    }
}

/// Where a case goes at once when the fee of a stage is waived.
fn waived(stage: &Stage) -> Option<&Target> {
    stage.collects.as_ref()?.waived.as_ref()
}

/// What may be chosen at a stage.
#[derive(Default)]
struct Choices<'s> {
    /// By who acts at it.
    own: Vec<&'s (Name, Outcome)>,
    /// By others, who need not wait for who acts.
    others: Vec<Other<'s>>,
    /// What makes its time longer, or adds to the case.
    beside: Vec<&'s (Name, Outcome)>,
}

/// What somebody else may choose at a stage.
struct Other<'s> {
    lane: usize,
    /// What the procedure calls them.
    who: &'s str,
    outcomes: Vec<&'s (Name, Outcome)>,
}

impl<'s> Choices<'s> {
    /// Adds what somebody else may choose.
    fn other(&mut self, lane: usize, who: &'s str, outcome: &'s (Name, Outcome)) {
        match self.others.iter_mut().find(|other| other.lane == lane) {
            Some(other) => other.outcomes.push(outcome),
            None => self.others.push(Other { lane, who, outcomes: vec![outcome] }),
        }
    }
}

impl Draft<'_> {
    /// Draws a step; the lane in which it is. A turn, at which nobody acts, stays in the one that
    /// the case comes from.
    pub(super) fn step(&mut self, name: &Name, step: &Step, from: usize) -> usize {
        match step {
            Step::Stage(stage) => self.stage(name, stage),
            Step::Review(review) => self.review(name, review),
            Step::Turn(turn) => self.turn(name, turn, from),
            Step::Decision(decision) => self.decision(name, decision),
        }
    }

    /// A gateway with its question, and a flow for each course.
    fn turn(&mut self, name: &Name, turn: &Turn, lane: usize) -> usize {
        let (words, id) = (self.words, format!("step.{name}"));
        let gateway = Node::new(id.clone(), words.of(&turn.title), Kind::Exclusive, Vec::new());
        self.drawing.blocks.push(Block::question(lane, gateway));
        for (course, taken) in &turn.courses {
            let when = taken.that.as_ref().map(|that| {
                words.about(words.say("条件", "When"), &format!("`{}`", that.source()))
            });
            let (title, to) = (words.of(&taken.title), self.entry(&taken.then));
            let says = when.into_iter().collect();
            self.flow(&format!("turn.{name}.{course}"), title, &id, &to, says);
        }
        lane
    }

    fn stage(&mut self, name: &Name, stage: &Stage) -> usize {
        let lane = self.lane_by(&stage.by);
        let (id, choices) = (format!("step.{name}"), self.choices(stage, lane));
        self.charged(name, stage, lane);
        let kind = if choices.own.is_empty() { Kind::Held } else { Kind::User };
        let mut block = self.timed(Block::task(lane, self.task(&id, stage, kind)), name, stage);
        for other in &choices.others {
            block = block.with_boundary(self.heard(name, other));
        }
        for outcome in &choices.beside {
            block = self.beside(block, (name, lane), outcome);
        }
        let mut from = id.clone();
        if choices.own.len() > 1 {
            from = format!("choice.{name}");
            block = block.then(Node::new(from.clone(), String::new(), Kind::Exclusive, vec![]));
        }
        self.drawing.blocks.push(block);
        for (outcome, chosen) in choices.own {
            self.outcome((name, &id), outcome, chosen, &from, lane);
        }
        for other in choices.others {
            self.other((name, &id), other, lane);
        }
        self.silence(name, stage);
        lane
    }

    /// What may be chosen, by who chooses; what only time brings about is drawn at the timer.
    fn choices<'s>(&mut self, stage: &'s Stage, own: usize) -> Choices<'s> {
        let mut choices = Choices::default();
        for outcome in &stage.outcomes {
            let lane = outcome.1.by.as_ref().map_or(own, |by| self.lane_by(by));
            match (&outcome.1.follows, &outcome.1.by) {
                (_, Some(By::Clock)) => {}
                (Follows::Extend(_) | Follows::Stay, _) => choices.beside.push(outcome),
                (_, Some(By::Applicant)) if lane != own => {
                    choices.other(lane, "applicant", outcome);
                }
                (_, Some(By::Body(body))) if lane != own => {
                    choices.other(lane, body.as_str(), outcome);
                }
                _ => choices.own.push(outcome),
            }
        }
        choices
    }

    fn task(&self, id: &str, stage: &Stage, kind: Kind) -> Node {
        let words = self.words;
        let mut says = vec![words.within(&stage.within)];
        says.extend(stage.until.as_ref().map(|until| {
            let ends = words.say("届满即止", "Ends on its day if that is earlier");
            words.about(ends, &words.aside(&self.day(until.source()), until.source()))
        }));
        says.extend(stage.uncounted.as_ref().map(|uncounted| {
            let not = words.say("不计入办理期限", "Not counted into the time allowed");
            format!("{not} {}", words.cited(&uncounted.basis))
        }));
        let mut name = words.of(&stage.title);
        let fee = stage.collects.as_ref().and_then(|collects| self.fee(collects));
        if let Some(fee) = fee {
            let title = words.of(&fee.title);
            says.push(format!(
                "{} {}",
                words.about(words.say("费用", "Fee"), &title),
                words.cited(&fee.basis)
            ));
            name = words.aside(&name, &title);
        }
        Node::new(id.to_owned(), name, kind, says)
    }

    /// The timer of a stage: it leads on where silence has a meaning, else to *overdue*.
    fn timed(&self, block: Block, name: &Name, stage: &Stage) -> Block {
        let mut timer = self.timer(&format!("step.{name}"), &stage.within, stage.silence.is_some());
        if let Some(until) = &stage.until {
            timer.name = self.words.or_by(&timer.name, &self.day(until.source()));
        }
        if stage.silence.is_some() {
            block.with_boundary(timer)
        } else if stage.within.term != Term::on_the_spot() {
            block.with_boundary(timer).with_end_below(self.overdue(name))
        } else {
            block
        }
    }

    /// The gateway before a fee that may be waived.
    fn charged(&mut self, name: &Name, stage: &Stage, lane: usize) {
        let Some(collects) = &stage.collects else { return };
        let Some(target) = &collects.waived else { return };
        let (words, from, to) = (self.words, format!("fee.{name}"), self.entry(target));
        let waived = self.fee(collects).and_then(|fee| fee.waived.as_ref());
        let says = waived.map(|who| format!("{} {}", words.of(&who.says), words.cited(&who.basis)));
        let gateway = Node::new(from.clone(), String::new(), Kind::Exclusive, Vec::new());
        self.drawing.blocks.push(Block::gateway(lane, gateway));
        let due = words.say("应缴费", "The fee is due").to_owned();
        self.flow(&format!("charged.{name}"), due, &from, &format!("step.{name}"), Vec::new());
        let free = words.say("免缴", "The fee is waived").to_owned();
        self.flow(&format!("waived.{name}"), free, &from, &to, says.into_iter().collect());
    }

    fn fee(&self, collects: &Collects) -> Option<&pack::model::Fee> {
        self.procedure.fees.get(&collects.fee)
    }

    /// Somebody else's choice, which ends the task.
    fn heard(&self, step: &Name, other: &Other<'_>) -> Node {
        let id = format!("heard.{step}.{}", other.who);
        let kind = Kind::Heard { on: format!("step.{step}") };
        Node::new(id, self.chosen_by(other.lane), kind, Vec::new())
    }

    /// What somebody else chooses; where there are several, the choice stands in their lane.
    fn other(&mut self, (step, task): (&Name, &str), other: Other<'_>, lane: usize) {
        let mut from = format!("heard.{step}.{}", other.who);
        if other.outcomes.len() > 1 {
            let choice = format!("choice.{step}.{}", other.who);
            let gateway = Node::new(choice.clone(), String::new(), Kind::Exclusive, Vec::new());
            self.drawing.blocks.push(Block::gateway(other.lane, gateway));
            self.flow(&from.clone(), String::new(), &from, &choice, Vec::new());
            from = choice;
        }
        for (outcome, chosen) in other.outcomes {
            self.outcome((step, task), outcome, chosen, &from, lane);
        }
    }

    /// What silence is deemed to be, and where that leads.
    fn silence(&mut self, name: &Name, stage: &Stage) {
        let Some((deemed, basis)) = &stage.silence else { return };
        let Some(outcome) = stage.outcome(deemed) else { return };
        let Follows::Then(target) = &outcome.follows else { return };
        let (words, to, title) = (self.words, self.entry(target), self.words.of(&outcome.title));
        let title = match outcome.by {
            Some(By::Clock) => title,
            _ => words.about(words.say("视为", "Deemed"), &title),
        };
        let timer = format!("timer.step.{name}");
        self.flow(&timer, title, &timer, &to, vec![words.cited(basis)]);
    }
}
