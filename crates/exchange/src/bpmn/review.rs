//! How a review is drawn: the bodies side by side, and the lead beside them.

use base::Name;
use pack::model::{Follows, Join, Joined, Outcome, Part, Review};

use super::{
    block::{Block, Kind, Node},
    draw::{APPLICANT, Draft},
};

impl Draft<'_> {
    pub(super) fn review(&mut self, name: &Name, review: &Review) -> usize {
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
        for outcome in &review.outcomes {
            block = self.raised(block, (name, lane), outcome);
        }
        block = block.with_boundary(timer).with_end_below(self.overdue(name));
        self.drawing.blocks.push(block);
        self.flow(&format!("lead.{name}"), String::new(), &format!("split.{name}"), &id, vec![]);
        self.flow(&id, String::new(), &id, &format!("join.{name}"), Vec::new());
        for (outcome, chosen) in &review.outcomes {
            self.meanwhile((name, outcome), chosen, lane);
        }
    }

    /// The event on the lead's task for what may be chosen meanwhile.
    fn raised(&mut self, block: Block, at: (&Name, usize), outcome: &(Name, Outcome)) -> Block {
        let (name, chosen) = outcome;
        if matches!(chosen.follows, Follows::Extend(_) | Follows::Stay) {
            return self.beside(block, at, outcome);
        }
        let (step, own) = at;
        let by = self.chosen(chosen, own).unwrap_or_default();
        let kind = Kind::Raised { on: format!("step.{step}") };
        block.with_boundary(Node::new(format!("raised.{step}.{name}"), by, kind, Vec::new()))
    }

    /// What the lead does meanwhile ends by itself: the review was going on beside it.
    fn meanwhile(&mut self, (step, name): (&Name, &Name), outcome: &Outcome, lane: usize) {
        let (from, back) = (format!("raised.{step}.{name}"), format!("resumed.{step}.{name}"));
        let place = match &outcome.follows {
            Follows::Supplement(_) => APPLICANT,
            Follows::Then(_) | Follows::Stop(_) | Follows::Extend(_) | Follows::Stay => lane,
        };
        self.outcome((step, &back), name, outcome, &from, lane);
        if matches!(outcome.follows, Follows::Then(_) | Follows::Extend(_) | Follows::Stay) {
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
        let mut says = vec![words.within(&part.within), asked];
        says.extend(review.answers.iter().filter_map(|(_, answer)| {
            Some(words.about(&words.of(&answer.title), &self.fills_in(&answer.asks)?))
        }));
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
