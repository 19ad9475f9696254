//! What follows an outcome: the case goes on, somebody is waited for, or the time becomes longer.

use base::Name;
use pack::model::{Follows, Limit, Outcome, Section, Stop, Supplement};

use super::{
    block::{Block, Kind, Node},
    draw::{APPLICANT, Draft},
};

/// Where the clock of a step waits for somebody, and where the case is afterwards.
struct Wait<'s> {
    step: &'s Name,
    outcome: &'s Name,
    name: &'s str,
    times: u32,
    lane: usize,
    within: &'s Limit,
    /// The node to which it goes back.
    back: String,
    /// What the timer's flow is called, and where it leads.
    late: (&'s str, String),
}

impl Draft<'_> {
    /// What follows an outcome that leaves its task.
    pub(super) fn outcome(
        &mut self,
        (step, task): (&Name, &str),
        name: &Name,
        outcome: &Outcome,
        from: &str,
        lane: usize,
    ) {
        let id = format!("{step}.{name}");
        let (title, says, back) = (self.words.of(&outcome.title), self.needs(outcome), task.into());
        let to = match &outcome.follows {
            Follows::Then(target) => self.entry(target),
            Follows::Supplement(_) | Follows::Stop(_) => format!("wait.{id}"),
            Follows::Extend(_) | Follows::Stay => return,
        };
        self.flow(&format!("outcome.{id}"), title, from, &to, says);
        match &outcome.follows {
            Follows::Then(_) | Follows::Extend(_) | Follows::Stay => {}
            Follows::Supplement(supplement) => self.supplement((step, name), supplement, back),
            Follows::Stop(stop) => self.stop((step, name), stop, lane, back),
        }
    }

    /// What an outcome rests on, and what its chooser fills in.
    fn needs(&self, outcome: &Outcome) -> Vec<String> {
        let words = self.words;
        let mut says = Vec::new();
        if outcome.needs_met {
            says.push(words.say("须符合全部条件。", "Every condition must be met.").to_owned());
        }
        let promise = outcome.on_commitment.as_ref();
        if let Some(promise) = promise.and_then(|name| self.procedure.commitments.get(name)) {
            let on = words.about(words.say("依承诺", "On the promise"), &words.of(&promise.title));
            says.push(format!("{on} {}", words.cited(&promise.basis)));
        }
        if outcome.reasons {
            says.push(words.say("须说明理由。", "Reasons must be given.").to_owned());
        }
        says.extend(self.fills_in(&outcome.asks));
        says
    }

    /// The sections that somebody fills in.
    pub(super) fn fills_in(&self, sections: &[Section]) -> Option<String> {
        let words = self.words;
        let titles: Vec<String> = sections.iter().map(|section| words.of(&section.title)).collect();
        let fills = words.about(words.say("须填写", "To be filled in"), &words.listed(&titles));
        (!titles.is_empty()).then_some(fills)
    }

    /// The name of an outcome, with who chooses it where that is not who acts.
    pub(super) fn chosen(&mut self, outcome: &Outcome, own: usize) -> Option<String> {
        let lane = self.lane_by(outcome.by.as_ref()?);
        (lane != own).then(|| self.chosen_by(lane))
    }

    /// Who chooses, where that is not who acts.
    pub(super) fn chosen_by(&self, lane: usize) -> String {
        let who = self.drawing.lanes.get(lane).map(|lane| lane.name.as_str()).unwrap_or_default();
        self.words.chosen_by(who)
    }

    /// The same task with the event that makes its time longer or adds to the case: the step goes
    /// on.
    pub(super) fn beside(
        &mut self,
        block: Block,
        (step, own): (&Name, usize),
        (name, outcome): &(Name, Outcome),
    ) -> Block {
        let (words, id) = (self.words, format!("{step}.{name}"));
        let mut title = words.of(&outcome.title);
        if let Some(by) = self.chosen(outcome, own) {
            title = words.aside(&title, &by);
        }
        let kind = Kind::Raised { on: format!("step.{step}") };
        let raised = Node::new(format!("raised.{id}"), title, kind, self.needs(outcome));
        let (end, more, says) = match &outcome.follows {
            Follows::Extend(extend) => {
                let heading = words.say("延长", "Longer by");
                let more = words.about(heading, &extend.by.term.describe(words.0));
                let more = words.aside(&more, &words.at_most(extend.times));
                (format!("longer.{id}"), more, vec![words.timed(heading, &extend.by)])
            }
            _ => {
                let more = words.say("已补充，本环节继续", "Added; the step goes on").to_owned();
                (format!("added.{id}"), more, Vec::new())
            }
        };
        let end = Node::new(end, more, Kind::End { last: false }, says);
        block.with_boundary(raised).with_end_below(end)
    }

    fn supplement(
        &mut self,
        (step, outcome): (&Name, &Name),
        supplement: &Supplement,
        back: String,
    ) {
        let Supplement { within, lapse, times } = supplement;
        let late = (self.words.say("逾期未补正", "Nothing came"), self.entry(lapse));
        let name = self.words.say("补正材料", "Supplement");
        let (lane, times) = (APPLICANT, *times);
        self.wait(Wait { step, outcome, name, times, lane, within, back, late });
    }

    fn stop(&mut self, (step, outcome): (&Name, &Name), stop: &Stop, lane: usize, back: String) {
        let late = (self.words.say("期满恢复", "Goes on by itself"), back.clone());
        let name = self.words.say("中止计时", "The clock stands still");
        let (within, times) = (&stop.within, stop.times);
        self.wait(Wait { step, outcome, name, times, lane, within, back, late });
    }

    fn wait(&mut self, wait: Wait<'_>) {
        let words = self.words;
        let id = format!("wait.{}.{}", wait.step, wait.outcome);
        let name = words.aside(wait.name, &words.at_most(wait.times));
        let held = words.say("其间不计时。", "Meanwhile no time is counted.").to_owned();
        let task = Node::new(id.clone(), name, Kind::User, vec![words.within(wait.within), held]);
        let timer = self.timer(&id, wait.within, true);
        self.drawing.blocks.push(Block::task(wait.lane, task).with_boundary(timer));
        let (late, to) = wait.late;
        self.flow(&id, String::new(), &id, &wait.back, Vec::new());
        let timer = format!("timer.{id}");
        self.flow(&timer, late.to_owned(), &timer, &to, Vec::new());
    }

    /// A timer on the edge of a task.
    pub(super) fn timer(&self, on: &str, within: &Limit, interrupting: bool) -> Node {
        let says = vec![self.words.within(within)];
        let kind = Kind::Timer { on: on.to_owned(), interrupting, term: within.term.to_string() };
        let name = within.term.describe(self.words.0);
        Node::new(format!("timer.{on}"), name, kind, says)
    }

    /// Where a body is late it stays bound to act: the case does not move.
    pub(super) fn overdue(&self, step: &Name) -> Node {
        let en = "The body is late and stays bound to act; the case does not move.";
        let says = self.words.say("逾期的机关仍须办理，办件不因此移动。", en);
        let name = self.words.say("逾期", "Overdue").to_owned();
        let kind = Kind::End { last: false };
        Node::new(format!("overdue.{step}"), name, kind, vec![says.to_owned()])
    }
}
