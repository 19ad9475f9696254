//! The words of a drawing in one language, and the source of everything a pack says.

use base::{Citation, Language, Text};
use pack::model::{Competent, Level, LevelOf, Limit, Pack, Procedure};

/// The words of one language.
#[derive(Debug, Clone, Copy)]
pub(super) struct Words(pub(super) Language);

impl Words {
    pub(super) fn say(self, zh: &'static str, en: &'static str) -> &'static str {
        match self.0 {
            Language::Zh => zh,
            Language::En => en,
        }
    }

    /// A text of the pack.
    pub(super) fn of(self, text: &Text) -> String {
        text.to(self.0).to_owned()
    }

    /// A word and what it is about: `期限：5个工作日`.
    pub(super) fn about(self, word: &str, what: &str) -> String {
        format!("{word}{}{what}", self.say("：", ": "))
    }

    /// Something with what narrows it down: `补正（至多2次）`.
    pub(super) fn aside(self, what: &str, narrowed: &str) -> String {
        match self.0 {
            Language::Zh => format!("{what}（{narrowed}）"),
            Language::En => format!("{what} ({narrowed})"),
        }
    }

    pub(super) fn listed(self, items: &[String]) -> String {
        items.join(self.say("、", ", "))
    }

    pub(super) fn quoted(self, text: &Text) -> String {
        self.in_quotes(text.to(self.0))
    }

    pub(super) fn in_quotes(self, text: &str) -> String {
        match self.0 {
            Language::Zh => format!("「{text}」"),
            Language::En => format!("“{text}”"),
        }
    }

    /// A source, with how sure we are of it.
    pub(super) fn cited(self, basis: &Citation) -> String {
        basis.describe(self.0)
    }

    pub(super) fn within(self, limit: &Limit) -> String {
        self.timed(self.say("期限", "Within"), limit)
    }

    /// A time under a heading, with its source.
    pub(super) fn timed(self, heading: &str, limit: &Limit) -> String {
        let term = limit.term.describe(self.0);
        self.about(heading, &format!("{term} {}", self.cited(&limit.basis)))
    }

    /// A term that ends on a day if that is earlier.
    pub(super) fn or_by(self, term: &str, day: &str) -> String {
        match self.0 {
            Language::Zh => format!("{term}，{day}先到的至该日"),
            Language::En => format!("{term}, or until {day} if earlier"),
        }
    }

    /// Who chooses, where that is not who acts.
    pub(super) fn chosen_by(self, who: &str) -> String {
        match self.0 {
            Language::Zh => format!("由{who}决定"),
            Language::En => format!("by {who}"),
        }
    }

    /// The most often that something may be done.
    pub(super) fn at_most(self, times: u32) -> String {
        match self.0 {
            Language::Zh => format!("至多{times}次"),
            Language::En if times == 1 => "at most once".to_owned(),
            Language::En => format!("at most {times} times"),
        }
    }

    /// A body as a lane is headed: its office, and the level it acts on.
    pub(super) fn body(self, pack: &Pack, body: &Competent) -> String {
        let Some(office) = &body.office else {
            return self.say("登记所载的机关", "The body that the entry names").to_owned();
        };
        let found = pack.offices.get(office);
        let title = found.map_or_else(|| office.to_string(), |office| self.of(&office.title));
        let level = match &body.level {
            LevelOf::Fixed(Level::County) => self.say("县级", "county"),
            LevelOf::Fixed(Level::Province) => self.say("省级", "province"),
            LevelOf::Own => self.say("本级", "same level"),
            LevelOf::Ruled(_) => self.say("县级或省级", "county or province"),
        };
        self.aside(&title, level)
    }

    /// What the level of a body follows from, where that is a rule.
    pub(super) fn rule(self, procedure: &Procedure, body: &Competent) -> String {
        let rule = match &body.level {
            LevelOf::Ruled(rule) => procedure.levels.get(rule),
            LevelOf::Fixed(_) | LevelOf::Own => None,
        };
        let says = |title: &Text, basis| format!("{} {}", self.of(title), self.cited(basis));
        rule.map(|rule| says(&rule.title, &rule.basis)).unwrap_or_default()
    }
}
