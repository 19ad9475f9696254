//! What was decided today for anybody. A public page asks of each register whether it may be looked
//! into, and the answer is the same for everybody who is not signed in: policies do not change, and
//! nothing about the person is known. So it is worked out once a day. There are as many answers as
//! there are acts, services and registers.

use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
};

use base::Date;

use crate::{
    action::Action,
    what::{Circumstances, What},
    who::Who,
};

/// A question of somebody who is not signed in.
type Question = (Action, What, Circumstances);

/// Whether it is permitted, and the places of the policies that determined it.
pub(crate) type Answer = (bool, Vec<usize>);

/// The answers of a day.
#[derive(Debug, Default)]
pub(crate) struct Known(RwLock<(Option<Date>, HashMap<Question, Answer>)>);

impl Known {
    /// What was answered on a day, or what is found now; what is asked of a person or of a case is
    /// found each time.
    pub(crate) fn or_find(
        &self,
        (who, action, what, circumstances): (&Who, Action, &What, Circumstances),
        day: Date,
        find: impl FnOnce() -> Answer,
    ) -> Answer {
        let same = matches!(what, What::Site | What::Service { .. } | What::Register { .. });
        if *who != Who::Anyone || !same {
            return find();
        }
        let question = (action, what.clone(), circumstances);
        {
            let kept = self.0.read().unwrap_or_else(PoisonError::into_inner);
            if let (Some(own), answers) = &*kept
                && *own == day
                && let Some(answer) = answers.get(&question)
            {
                return answer.clone();
            }
        }
        let answer = find();
        let mut kept = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if kept.0 != Some(day) {
            *kept = (Some(day), HashMap::new());
        }
        kept.1.insert(question, answer.clone());
        answer
    }
}
