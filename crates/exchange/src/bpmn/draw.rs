//! From a procedure to what is drawn: lanes, blocks, and the flows between blocks.
//!
//! Every id is made of the names in the pack and parted by full stops, which no name holds: so two
//! things never share one, and a thing keeps its id as long as it keeps its name.

use std::collections::BTreeSet;

use base::{Language, Name, Text};
use pack::model::{
    Applicant, By, COMPETENT, Collects, Competent, Decision, End, Field, Input, Pack, Procedure,
    Stage, Step, Target,
};

use super::{
    block::{Block, Flow, Frame, Kind, Node},
    words::Words,
};

/// A lane: who acts in it.
#[derive(Debug, Clone)]
pub(super) struct Lane {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) says: Vec<String>,
}

/// Everything that is drawn.
#[derive(Debug)]
pub(super) struct Drawing {
    /// The procedure's name, and that of its pack.
    pub(super) name: String,
    pub(super) pack: String,
    pub(super) title: String,
    pub(super) says: Vec<String>,
    pub(super) lanes: Vec<Lane>,
    pub(super) blocks: Vec<Block>,
    /// The flows between blocks.
    pub(super) flows: Vec<Flow>,
}

/// The lane of the applicant, always the first.
pub(super) const APPLICANT: usize = 0;

/// Draws a procedure.
pub(super) fn draw(pack: &Pack, procedure: &Procedure, language: Language) -> Drawing {
    let words = Words(language);
    let mut draft = Draft { pack, procedure, words, bodies: Vec::new(), drawing: empty(pack) };
    draft.drawing.name = procedure.name.to_string();
    draft.drawing.title = words.of(&procedure.title);
    draft.drawing.says = draft.about();
    draft.lane_of_applicant();
    draft.start();
    draft.all();
    draft.withdrawal();
    draft.drawing
}

fn empty(pack: &Pack) -> Drawing {
    Drawing {
        name: String::new(),
        pack: pack.name.to_string(),
        title: String::new(),
        says: Vec::new(),
        lanes: Vec::new(),
        blocks: Vec::new(),
        flows: Vec::new(),
    }
}

/// A drawing in the making.
pub(super) struct Draft<'p> {
    pub(super) pack: &'p Pack,
    pub(super) procedure: &'p Procedure,
    pub(super) words: Words,
    bodies: Vec<&'p Competent>,
    pub(super) drawing: Drawing,
}

impl<'p> Draft<'p> {
    /// What the whole says: what it is for, on what it rests, in what time.
    fn about(&self) -> Vec<String> {
        let (procedure, words) = (self.procedure, self.words);
        let mut says = vec![words.of(&procedure.summary)];
        let basis = procedure.basis.iter();
        says.extend(
            basis.map(|basis| words.about(words.say("依据", "Basis"), &words.cited(basis))),
        );
        says.push(words.timed(words.say("法定时限", "By law"), &procedure.statutory));
        says.push(words.timed(words.say("承诺时限", "As promised"), &procedure.promised));
        let longer = procedure.extension.as_ref();
        let heading = words.say("可延长", "May be extended by");
        says.extend(longer.map(|limit| words.timed(heading, limit)));
        if procedure.correction {
            let en = "The competent body may correct slips in the entry.";
            says.push(words.say("登记的笔误可由主管机关更正。", en).to_owned());
        }
        says
    }

    /// The lane of who applies, or of whoever an act of a body is directed against.
    fn lane_of_applicant(&mut self) {
        let words = self.words;
        if let Some(entry) = self.procedure.against.as_ref().and_then(|path| self.question(path)) {
            let holds = words.say("持有人，见", "Who holds the entry named by");
            self.drawing.lanes.push(Lane {
                id: "lane.applicant".to_owned(),
                name: words.say("当事人", "The party").to_owned(),
                says: vec![words.about(holds, &words.of(entry))],
            });
            return;
        }
        let who = self.procedure.applicant.iter().map(|applicant| match applicant {
            Applicant::Person => words.say("个人", "a person"),
            Applicant::Organisation => words.say("法人或者其他组织", "an organisation"),
            Applicant::Body => words.say("行政机关", "a body of government"),
        });
        let who: Vec<String> = who.map(str::to_owned).collect();
        self.drawing.lanes.push(Lane {
            id: "lane.applicant".to_owned(),
            name: words.say("申请人", "Applicant").to_owned(),
            says: vec![words.listed(&who)],
        });
    }

    /// The lane of a body, found or made. Two names of the same body share one.
    pub(super) fn lane(&mut self, name: &Name) -> usize {
        let body = self.procedure.body(name);
        body.map_or(APPLICANT, |body| self.lane_of(name.as_str(), body))
    }

    fn lane_of(&mut self, name: &str, body: &'p Competent) -> usize {
        let same = |other: &&Competent| {
            (&other.office, &other.level, &other.of) == (&body.office, &body.level, &body.of)
        };
        if let Some(found) = self.bodies.iter().position(same) {
            return found + 1;
        }
        self.bodies.push(body);
        let (id, name) = (format!("lane.body.{name}"), self.words.body(self.pack, body));
        let says = vec![self.words.rule(self.procedure, body)];
        self.drawing.lanes.push(Lane { id, name, says });
        self.bodies.len()
    }

    /// The lane of who acts; nobody has one for the clock.
    pub(super) fn lane_by(&mut self, by: &By) -> usize {
        match by {
            By::Applicant | By::Clock => APPLICANT,
            By::Body(name) => self.lane(name),
        }
    }

    /// Who applies begins, or the body that acts against somebody.
    fn start(&mut self) {
        let procedure = self.procedure;
        let (lane, name) = match procedure.against {
            Some(_) => (
                self.lane_of(COMPETENT, &procedure.competent),
                self.words.say("依职权启动", "Begun by the body"),
            ),
            None => (APPLICANT, self.words.say("提出申请", "Application")),
        };
        let node = Node::new("start".to_owned(), name.to_owned(), Kind::Start, Vec::new());
        self.drawing.blocks.push(Block::event(lane, node));
        let begins = self.entry(&Target::Step(self.procedure.begins.clone()));
        self.flow("start", String::new(), "start", &begins, Vec::new());
    }

    /// Every step and every end, each after what leads to it, in the order of the pack.
    fn all(&mut self) {
        let procedure = self.procedure;
        let mut drawn = BTreeSet::new();
        self.from(Target::Step(procedure.begins.clone()), APPLICANT, &mut drawn);
        for (name, step) in &procedure.steps {
            if let Step::Decision(decision) = step {
                self.again(name, decision, &mut drawn);
            }
        }
        let steps = procedure.steps.keys().map(|name| Target::Step(name.clone()));
        let ends = procedure.ends.keys().map(|name| Target::End(name.clone()));
        for target in steps.chain(ends) {
            self.from(target, APPLICANT, &mut drawn);
        }
    }

    /// A case comes back after its end to where nothing else leads: there it begins again.
    fn again(&mut self, name: &Name, decision: &Decision, drawn: &mut BTreeSet<Target>) {
        let Some(appeal) = &decision.appeal else { return };
        if drawn.contains(&appeal.upheld) {
            return;
        }
        let (lane, id) = (self.lane(&decision.by), format!("again.{name}"));
        let en = "The decision is set aside";
        let title = self.words.say("决定被撤销", en).to_owned();
        let says = self.words.quoted(&decision.title);
        let node = Node::new(id.clone(), title, Kind::Start, vec![says]);
        self.drawing.blocks.push(Block::event(lane, node));
        let to = self.entry(&appeal.upheld);
        self.flow(&id, String::new(), &id, &to, Vec::new());
        self.from(appeal.upheld.clone(), lane, drawn);
    }

    /// What a target leads to, the target first.
    fn from(&mut self, target: Target, lane: usize, drawn: &mut BTreeSet<Target>) {
        if !drawn.insert(target.clone()) {
            return;
        }
        let procedure = self.procedure;
        match &target {
            Target::End(name) => {
                if let Some(end) = procedure.ends.get(name) {
                    self.end(name, end, lane);
                }
            }
            Target::Step(name) => {
                let Some(step) = procedure.steps.get(name) else { return };
                let lane = self.step(name, step, lane);
                for next in super::steps::next(step) {
                    self.from(next.clone(), lane, drawn);
                }
            }
        }
    }

    fn end(&mut self, name: &Name, end: &End, lane: usize) {
        let words = self.words;
        let loses = match self.procedure.against {
            Some(_) => words.say("对当事人不利", "The party loses by this."),
            None => words.say("对申请人不利", "The applicant loses by this."),
        };
        let says = if end.adverse { vec![loses.to_owned()] } else { vec![] };
        let kind = Kind::End { last: true };
        let node = Node::new(format!("end.{name}"), words.of(&end.title), kind, says);
        self.drawing.blocks.push(Block::event(lane, node));
    }

    /// The applicant may withdraw at some steps, which ends the case.
    fn withdrawal(&mut self) {
        let (procedure, words) = (self.procedure, self.words);
        if procedure.withdrawal.is_empty() {
            return;
        }
        let steps = procedure.withdrawal.iter().filter_map(|step| procedure.steps.get(step));
        let titles: Vec<String> = steps.map(|step| words.of(step.title())).collect();
        let (titles, at) = (words.listed(&titles), words.say("撤回", "Withdrawal"));
        let says = words.about(words.say("可以撤回的环节", "Open at"), &titles);
        let frame = Frame {
            id: "withdrawal".to_owned(),
            name: words.aside(at, &titles),
            says: vec![says],
            area: Default::default(),
        };
        let told = words.say("申请人撤回", "The applicant withdraws").to_owned();
        let ended = words.say("已撤回", "Withdrawn").to_owned();
        let told = Node::new("withdrawal.told".to_owned(), told, Kind::Told, Vec::new());
        let last = Kind::End { last: false };
        let ended = Node::new("withdrawal.end".to_owned(), ended, last, Vec::new());
        self.drawing.blocks.push(Block::framed(APPLICANT, frame, [told, ended]));
    }

    /// The node at which a target is come to.
    pub(super) fn entry(&self, target: &Target) -> String {
        match target {
            Target::End(name) => format!("end.{name}"),
            Target::Step(name) if self.procedure.review(name.as_str()).is_some() => {
                format!("split.{name}")
            }
            Target::Step(name) => match self.procedure.stage(name.as_str()) {
                Some(Stage { collects: Some(Collects { waived: Some(_), .. }), .. }) => {
                    format!("fee.{name}")
                }
                _ => format!("step.{name}"),
            },
        }
    }

    /// What a question of the form or of an outcome asks.
    pub(super) fn question(&self, path: &str) -> Option<&'p Text> {
        self.field(path).map(|field| &field.title)
    }

    fn field(&self, path: &str) -> Option<&'p Field> {
        let procedure = self.procedure;
        let asked = procedure.asked().flat_map(|section| &section.fields);
        procedure.fields().chain(asked).find(|field| field.path == path)
    }

    /// A day as it is called where it was asked for or entered; one that is reckoned has no name.
    pub(super) fn day(&self, source: &str) -> String {
        let (words, source) = (self.words, source.trim());
        let entered = || {
            let (path, name) = source.rsplit_once('.')?;
            let entry = self.field(path)?;
            let Input::Entry(register) = &entry.input else { return None };
            let mut fields = self.pack.registers.get(register)?.fields.iter();
            let field = fields.find(|field| field.name.as_str() == name)?;
            Some(words.about(&words.of(&entry.title), &words.of(&field.title)))
        };
        let asked = self.question(source).map(|title| words.of(title));
        let named = asked.or_else(entered).map(|name| words.in_quotes(&name));
        let reckoned = || words.say("规定之日", "the day laid down").to_owned();
        named.unwrap_or_else(reckoned)
    }

    /// What a target is called.
    pub(super) fn title(&self, target: &Target) -> Option<&'p Text> {
        match target {
            Target::Step(name) => self.procedure.steps.get(name).map(|step| step.title()),
            Target::End(name) => self.procedure.ends.get(name).map(|end| &end.title),
        }
    }

    /// A flow between two blocks.
    pub(super) fn flow(&mut self, id: &str, name: String, from: &str, to: &str, says: Vec<String>) {
        let flow = Flow::new(format!("flow.{id}"), name, from, to).saying(says);
        self.drawing.flows.push(flow);
    }
}
