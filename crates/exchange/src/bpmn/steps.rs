//! How each kind of step is drawn.

use base::Name;
use pack::model::{
    Appeal, Decision, Follows, Join, Joined, Limit, Outcome, Part, Review, Stage, Step, Stop,
    Supplement, Target,
};

use super::{
    block::{Block, Kind, Node},
    draw::{APPLICANT, Draft},
};

/// Where a step leads by what is chosen, said or decided, in the order of the pack.
pub(super) fn next(step: &Step) -> Vec<&Target> {
    let chosen = step.outcomes().iter().filter_map(|(_, outcome)| match &outcome.follows {
        Follows::Then(target) => Some(target),
        Follows::Supplement(supplement) => Some(&supplement.lapse),
        Follows::Stop(_) => None,
    });
    match step {
        Step::Stage(_) => chosen.collect(),
        Step::Review(review) => {
            review.results().into_iter().map(|(_, target)| target).chain(chosen).collect()
        }
        Step::Decision(decision) => vec![&decision.then],
    }
}

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
    /// Draws a step; the lane in which it is.
    pub(super) fn step(&mut self, name: &Name, step: &Step) -> usize {
        match step {
            Step::Stage(stage) => self.stage(name, stage),
            Step::Review(review) => self.review(name, review),
            Step::Decision(decision) => self.decision(name, decision),
        }
    }

    fn stage(&mut self, name: &Name, stage: &Stage) -> usize {
        let (words, lane, id) = (self.words, self.lane_by(&stage.by), format!("step.{name}"));
        let mut says = vec![words.within(&stage.within)];
        says.extend(stage.uncounted.as_ref().map(|uncounted| {
            let not = words.say("不计入办理期限", "Not counted into the time allowed");
            format!("{not} {}", words.cited(&uncounted.basis))
        }));
        let task = Node::new(id.clone(), words.of(&stage.title), Kind::User, says);
        let timer = self.timer(&id, &stage.within, stage.silence.is_some());
        let mut block = Block::task(lane, task);
        if stage.silence.is_some() {
            block = block.with_boundary(timer);
        } else if stage.within.term != base::Term::on_the_spot() {
            block = block.with_boundary(timer).with_end_below(self.overdue(name));
        }
        let from = match stage.outcomes.as_slice() {
            [_] => id.clone(),
            _ => format!("choice.{name}"),
        };
        if from != id {
            let gateway = Node::new(from.clone(), String::new(), Kind::Exclusive, Vec::new());
            block = block.then(gateway);
        }
        self.drawing.blocks.push(block);
        for (outcome, chosen) in &stage.outcomes {
            self.outcome((name, &id), outcome, chosen, &from, lane);
        }
        self.silence(name, stage);
        lane
    }

    /// A timer on the edge of a task.
    fn timer(&self, on: &str, within: &Limit, interrupting: bool) -> Node {
        let says = vec![self.words.within(within)];
        let kind = Kind::Timer { on: on.to_owned(), interrupting, term: within.term.to_string() };
        let name = within.term.describe(self.words.0);
        Node::new(format!("timer.{on}"), name, kind, says)
    }

    /// Where a body is late it stays bound to act: the case does not move.
    fn overdue(&self, step: &Name) -> Node {
        let en = "The body is late and stays bound to act; the case does not move.";
        let says = self.words.say("逾期的机关仍须办理，办件不因此移动。", en);
        let name = self.words.say("逾期", "Overdue").to_owned();
        let kind = Kind::End { last: false };
        Node::new(format!("overdue.{step}"), name, kind, vec![says.to_owned()])
    }

    /// What silence is deemed to be, and where that leads.
    fn silence(&mut self, name: &Name, stage: &Stage) {
        let Some((deemed, basis)) = &stage.silence else { return };
        let Some(outcome) = stage.outcome(deemed) else { return };
        let Follows::Then(target) = &outcome.follows else { return };
        let (words, to) = (self.words, self.entry(target));
        let title = words.about(words.say("视为", "Deemed"), &words.of(&outcome.title));
        let timer = format!("timer.step.{name}");
        self.flow(&timer, title, &timer, &to, vec![words.cited(basis)]);
    }

    /// What follows an outcome of a stage.
    fn outcome(
        &mut self,
        (step, task): (&Name, &str),
        name: &Name,
        outcome: &Outcome,
        from: &str,
        lane: usize,
    ) {
        let id = format!("{step}.{name}");
        let (title, says) = (self.words.of(&outcome.title), self.needs(outcome));
        let to = match &outcome.follows {
            Follows::Then(target) => self.entry(target),
            Follows::Supplement(_) | Follows::Stop(_) => format!("wait.{id}"),
        };
        self.flow(&format!("outcome.{id}"), title, from, &to, says);
        let back = task.to_owned();
        match &outcome.follows {
            Follows::Then(_) => {}
            Follows::Supplement(supplement) => self.supplement((step, name), supplement, back),
            Follows::Stop(stop) => self.stop((step, name), stop, lane, back),
        }
    }

    /// What an outcome rests on.
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
        says
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

    fn review(&mut self, name: &Name, review: &Review) -> usize {
        let lane = self.lane_by(&review.by);
        let (split, join) = (format!("split.{name}"), format!("join.{name}"));
        let node = Node::new(split.clone(), String::new(), Kind::Parallel, Vec::new());
        self.drawing.blocks.push(Block::gateway(lane, node));
        self.lead(name, review, lane);
        for (body, part) in &review.parts {
            self.part((name, body), review, part);
        }
        let node = Node::new(join.clone(), String::new(), joining(review), self.joins(review));
        let mut block = Block::gateway(lane, node);
        let results = review.results();
        let mut from = join;
        if results.len() > 1 {
            from = format!("result.{name}");
            block = block.then(Node::new(from.clone(), String::new(), Kind::Exclusive, Vec::new()));
        }
        self.drawing.blocks.push(block);
        for (joined, target) in results {
            let (title, id) = (self.joined(joined), joined_id(name, joined));
            let to = self.entry(target);
            self.flow(&id, title.to_owned(), &from, &to, Vec::new());
        }
        lane
    }

    /// The lead's own task while the others answer, and what the lead may do meanwhile.
    fn lead(&mut self, name: &Name, review: &Review, lane: usize) {
        let (words, id) = (self.words, format!("step.{name}"));
        let en = "It ends with the last answer that is needed.";
        let ends = words.say("至所需的最后一份答复为止。", en).to_owned();
        let title = words.about(words.say("牵头", "Lead"), &words.of(&review.title));
        let task =
            Node::new(id.clone(), title, Kind::User, vec![words.within(&review.within), ends]);
        let timer = self.timer(&id, &review.within, false);
        let mut block = Block::task(lane, task);
        for (outcome, _) in &review.outcomes {
            let kind = Kind::Raised { on: id.clone() };
            let raised = format!("raised.{name}.{outcome}");
            block = block.with_boundary(Node::new(raised, String::new(), kind, Vec::new()));
        }
        block = block.with_boundary(timer).with_end_below(self.overdue(name));
        self.drawing.blocks.push(block);
        self.flow(&format!("lead.{name}"), String::new(), &format!("split.{name}"), &id, vec![]);
        self.flow(&id, String::new(), &id, &format!("join.{name}"), Vec::new());
        for (outcome, chosen) in &review.outcomes {
            self.meanwhile((name, outcome), chosen, lane);
        }
    }

    /// What the lead does meanwhile ends by itself: the review was going on beside it.
    fn meanwhile(&mut self, (step, name): (&Name, &Name), outcome: &Outcome, lane: usize) {
        let (from, back) = (format!("raised.{step}.{name}"), format!("resumed.{step}.{name}"));
        let place = match &outcome.follows {
            Follows::Supplement(_) => APPLICANT,
            Follows::Then(_) | Follows::Stop(_) => lane,
        };
        self.outcome((step, &back), name, outcome, &from, lane);
        if matches!(outcome.follows, Follows::Then(_)) {
            return;
        }
        let title = self.words.say("审查继续", "The review goes on").to_owned();
        let node = Node::new(back, title, Kind::End { last: false }, Vec::new());
        self.drawing.blocks.push(Block::event(place, node));
    }

    /// What is asked of one body, and what its silence is deemed to be.
    fn part(&mut self, (step, body): (&Name, &Name), review: &Review, part: &Part) {
        let (words, lane) = (self.words, self.lane(body));
        let (id, at) = (format!("part.{step}.{body}"), format!("{step}.{body}"));
        let answers: Vec<String> =
            review.answers.iter().map(|(_, answer)| words.of(&answer.title)).collect();
        let asked = words.about(words.say("答复", "Answers"), &words.listed(&answers));
        let says = vec![words.within(&part.within), asked];
        let task = Node::new(id.clone(), words.of(&part.title), Kind::User, says);
        let timer = self.timer(&id, &part.within, true);
        self.drawing.blocks.push(Block::task(lane, task).with_boundary(timer));
        let (split, join) = (format!("split.{step}"), format!("join.{step}"));
        self.flow(&format!("part.{at}"), String::new(), &split, &id, Vec::new());
        self.flow(&format!("answered.{at}"), String::new(), &id, &join, Vec::new());
        let (silence, basis) = &part.silence;
        let deemed = review.answer(silence).map(|answer| words.of(&answer.title));
        let deemed = words.about(words.say("视为", "Deemed"), &deemed.unwrap_or_default());
        let timer = format!("timer.{id}");
        self.flow(&timer, deemed, &timer, &join, vec![words.cited(basis)]);
    }

    fn joins(&self, review: &Review) -> Vec<String> {
        let says = match review.join {
            Join::LeadDecides(_) | Join::AllApprove(_) => {
                self.words.say("全部答复后继续。", "Goes on once all have answered.")
            }
            Join::AnyRefusalEnds(_) => self.words.say(
                "出现第一个不同意意见时，或者全部答复后继续。",
                "Goes on at the first refusal, or once all have answered.",
            ),
        };
        vec![says.to_owned()]
    }

    fn joined(&self, joined: Joined) -> &'static str {
        match joined {
            Joined::Answered => self.words.say("全部答复", "All have answered"),
            Joined::Approved => self.words.say("全部同意", "All approve"),
            Joined::Otherwise => self.words.say("未全部同意", "Not all approve"),
        }
    }

    fn decision(&mut self, name: &Name, decision: &Decision) -> usize {
        let (words, lane, id) = (self.words, self.lane(&decision.by), format!("step.{name}"));
        let notice = words.about(words.say("通知", "Notice"), &words.of(&decision.notice));
        let mut says = vec![notice];
        says.extend(self.writes(decision));
        let writes = decision.enters.is_some()
            || !decision.amends.is_empty()
            || !decision.records.is_empty();
        let kind = if writes { Kind::Service } else { Kind::Send };
        let task = Node::new(id.clone(), words.of(&decision.title), kind, says);
        let mut block = Block::task(lane, task);
        if let Some(appeal) = &decision.appeal {
            let (text, says) = self.remedies(appeal);
            block = block.noted(format!("remedy.{name}"), text, says);
        }
        self.drawing.blocks.push(block);
        let to = self.entry(&decision.then);
        self.flow(&id, String::new(), &id, &to, Vec::new());
        lane
    }

    /// The registers that a decision writes, and the certificate it issues.
    fn writes(&self, decision: &Decision) -> Vec<String> {
        let (words, registers) = (self.words, &self.pack.registers);
        let own = registers.get(&self.procedure.register);
        let enters = decision.enters.is_some() || !decision.amends.is_empty();
        let others = decision.records.iter().filter_map(|made| registers.get(&made.register));
        let written = own.filter(|_| enters).into_iter().chain(others);
        let mut says: Vec<String> = written
            .map(|to| words.about(words.say("载入", "Written to"), &words.of(&to.title)))
            .collect();
        let issued = decision.issues.as_ref().and_then(|name| own?.certificates.get(name));
        says.extend(
            issued.map(|made| words.about(words.say("发给", "Issues"), &words.of(&made.title))),
        );
        says
    }

    /// How a decision can be challenged, and where the case goes when it is set aside.
    fn remedies(&self, appeal: &Appeal) -> (String, Vec<String>) {
        let words = self.words;
        let remedies = || appeal.remedies.iter().filter_map(|name| self.pack.remedies.get(name));
        let open: Vec<String> = remedies()
            .map(|open| words.aside(&words.of(&open.title), &open.within.describe(words.0)))
            .collect();
        let open = words.about(words.say("救济", "Remedies"), &words.listed(&open));
        let back = self.title(&appeal.upheld).map(|title| words.quoted(title)).unwrap_or_default();
        let aside = words.about(words.say("决定被撤销则回到", "Set aside, back to"), &back);
        let mut says: Vec<String> = remedies()
            .map(|open| format!("{} {}", words.of(&open.title), words.cited(&open.basis)))
            .collect();
        says.extend(remedies().filter_map(|open| {
            let hearing = open.hearing.as_ref()?;
            let by = words.about(&words.of(&open.title), &words.body(self.pack, &hearing.by));
            let within = hearing.within.describe(words.0);
            Some(format!("{} {}", words.aside(&by, &within), words.cited(&hearing.basis)))
        }));
        (format!("{open}\n{aside}"), says)
    }
}

/// The gateway that waits for the answers.
fn joining(review: &Review) -> Kind {
    match review.join {
        Join::LeadDecides(_) | Join::AllApprove(_) => Kind::Parallel,
        Join::AnyRefusalEnds(_) => Kind::Complex,
    }
}

fn joined_id(step: &Name, joined: Joined) -> String {
    let word = match joined {
        Joined::Answered => "answered",
        Joined::Approved => "approved",
        Joined::Otherwise => "otherwise",
    };
    format!("joined.{step}.{word}")
}
