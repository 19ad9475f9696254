//! Turns: the courses a case may take, each with its condition.

use base::Name;
use rules::Type;

use super::{Linker, words::Words};
use crate::{
    language::{self, ProcedureFile},
    model::{Course, Turn},
    read::Spanned,
};

/// What the course is called that a case takes when no condition holds.
const OTHERWISE: &str = "otherwise";

impl Linker<'_> {
    pub(super) fn turn(
        &mut self,
        file: &ProcedureFile,
        words: &Words,
        turn: &language::Turn,
    ) -> Option<Turn> {
        self.check_asked_before(file, turn);
        let mut courses = Vec::new();
        for (name, written) in turn.turns.iter() {
            if name.value.as_str() == OTHERWISE {
                let zh = "`otherwise` 是语言自身的词，请另取名称";
                let en = "`otherwise` is a word of the language; take another";
                self.fault("reserved-name", name.at, zh, en);
            }
            let that = self.expression(&written.that, &words.scope, &Type::Boolean);
            let then = self.target(file, &written.then);
            if let (Some(that), Some(then)) = (that, then) {
                let course = Course { title: written.title.clone(), that: Some(that), then };
                courses.push((name.value.clone(), course));
            }
        }
        let (title, then) = (&turn.otherwise.title, self.target(file, &turn.otherwise.then)?);
        let last = Course { title: title.clone(), that: None, then };
        courses.push((Name::new(OTHERWISE).ok()?, last));
        Some(Turn { title: turn.title.clone(), courses })
    }

    /// A turn is settled before anything is decided: what a decision writes in the same moment
    /// would not be known to it yet.
    fn check_asked_before(&mut self, file: &ProcedureFile, turn: &language::Turn) {
        if turn.turns.is_empty() {
            let at = self.first_line(turn.at);
            let zh = "turns 须写明至少一种情形";
            self.fault("turns-nowhere", at, zh, "say under `turns` what is asked");
        }
        let own = file.steps.iter().find(|(_, step)| match step {
            language::Step::Turn(other) => other.at == turn.at,
            _ => false,
        });
        let Some((own, _)) = own else { return };
        let follows = |then: &&Spanned<Name>| then.value == own.value;
        let decided = file.steps.values().filter_map(|step| match step {
            language::Step::Decision(decision) => Some(&decision.then).filter(follows),
            _ => None,
        });
        let decided: Vec<_> = decided.collect();
        for then in decided {
            let zh = "决定之后不能紧接分支：请先分支，再作决定";
            let en = "a decision is not followed by a turn; let the turn come first";
            self.fault("turns-after-deciding", then.at, zh, en);
        }
    }
}
