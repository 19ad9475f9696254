//! How a decision is drawn: what it writes, and how it can be challenged.

use base::Name;
use pack::model::{Appeal, Changed, Decision, Whose};

use super::{
    block::{Block, Kind, Node},
    draw::Draft,
};

impl Draft<'_> {
    pub(super) fn decision(&mut self, name: &Name, decision: &Decision) -> usize {
        let (words, lane, id) = (self.words, self.lane(&decision.by), format!("step.{name}"));
        let notice = words.about(words.say("通知", "Notice"), &words.of(&decision.notice));
        let mut says = vec![notice];
        says.extend(self.writes(decision));
        let writes = decision.enters.is_some()
            || !decision.amends.is_empty()
            || !decision.records.is_empty()
            || !decision.changes.is_empty();
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
        says.extend(decision.changes.iter().filter_map(|changed| self.changes(changed)));
        let old = decision.succeeds.as_ref().and_then(|path| self.question(path));
        let en = "In the place of the entry named by";
        says.extend(old.map(|old| words.about(words.say("取代所选登记", en), &words.of(old))));
        let issued = decision.issues.as_ref().and_then(|name| own?.certificates.get(name));
        says.extend(
            issued.map(|made| words.about(words.say("发给", "Issues"), &words.of(&made.title))),
        );
        says
    }

    /// What a decision changes in entries that exist, and which.
    fn changes(&self, changed: &Changed) -> Option<String> {
        let (words, register) = (self.words, self.pack.registers.get(&changed.register)?);
        let which = match &changed.whose {
            Whose::Named(path) => self.question(path)?,
            Whose::Found(name) => {
                let mut looked_up = self.procedure.looks_up.iter();
                &looked_up.find(|(found, _)| found == name)?.1.title
            }
        };
        let what = words.aside(&words.of(&register.title), &words.of(which));
        Some(words.about(words.say("变更", "Changes"), &what))
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
