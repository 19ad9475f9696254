//! Expressions of a pack in words: each name by its title, each sign as people write it. What is
//! charged, looked up and written is shown so in a guide, and stays what the pack says.

use base::Name;
use pack::model::{Field, Input, LooksUp, Procedure, Register};
use rules::Expression;

use super::shown::Shown;

/// Signs and words as people write them; everything else stays as it is.
const SIGNS: [(&str, &str); 5] = [("*", "×"), ("!=", "≠"), ("<=", "≤"), (">=", "≥"), ("-", "−")];

/// The functions of the language of conditions.
const FUNCTIONS: [&str; 9] =
    ["count", "years", "days", "min", "max", "share", "plus_days", "plus_months", "plus_years"];

/// What the names of an expression stand for.
#[derive(Clone, Copy)]
pub(crate) struct InWords<'a> {
    /// The pack, the language and the day.
    pub(crate) shown: Shown<'a>,
    /// The procedure whose expression it is.
    pub(crate) procedure: &'a Procedure,
    /// The register whose entry `its` is, where it is one.
    pub(crate) its: Option<&'a Register>,
    /// What the expression fills, where it fills a field.
    pub(crate) target: Option<&'a Input>,
}

/// A part of an expression as it is written.
enum Part<'s> {
    Name(&'s str),
    Quoted(&'s str),
    Other(&'s str),
}

impl Part<'_> {
    fn is(&self, sign: &str) -> bool {
        matches!(self, Self::Other(own) if *own == sign)
    }
}

impl<'a> InWords<'a> {
    /// Words of a procedure's expression that fills nothing.
    pub(crate) fn of(shown: Shown<'a>, procedure: &'a Procedure) -> Self {
        Self { shown, procedure, its: None, target: None }
    }

    /// The expression in words.
    pub(crate) fn says(self, expression: &Expression) -> String {
        let parts = parts(expression.source());
        let quoted = self.kinds(&parts);
        let yuan = format!(" {}", self.shown.words.t("in-words-yuan"));
        let said = tidied(&self.joined(&parts, &quoted));
        // A number of yuan is written as a number times one yuan; people know what is meant.
        ["1", "1.00"].iter().fold(said, |said, one| {
            said.replace(&format!(" × {one}{yuan}"), "").replace(&format!("{one}{yuan} × "), "")
        })
    }

    /// Parts one after another; a function with its own takes its place among them.
    fn joined(self, parts: &[Part<'_>], quoted: &[&Input]) -> String {
        let mut words: Vec<String> = Vec::new();
        let mut rest = parts;
        while let Some((part, after)) = rest.split_first() {
            rest = after;
            if let Part::Name(name) = part
                && let Some((arguments, after)) = arguments(after)
                && FUNCTIONS.contains(name)
            {
                let arguments = arguments.into_iter().map(|own| self.joined(own, quoted));
                let arguments: Vec<String> = arguments.collect();
                words.extend(self.called(name, &arguments));
                rest = after;
                continue;
            }
            words.push(match part {
                Part::Name(name) => self.name(name),
                Part::Quoted(text) => self.option(quoted, text),
                Part::Other(sign) => sign_in_words(sign),
            });
        }
        words.retain(|word| !word.trim().is_empty());
        words.join(" ")
    }

    /// A function of what is in its brackets.
    fn called(self, name: &str, arguments: &[String]) -> Option<String> {
        let words = self.shown.words;
        let key = match name {
            "count" => "in-words-count",
            "years" => "in-words-years",
            "days" => "in-words-days",
            "min" => "in-words-min",
            "max" => "in-words-max",
            "share" => "in-words-share",
            "plus_days" => "in-words-plus-days",
            "plus_months" => "in-words-plus-months",
            "plus_years" => "in-words-plus-years",
            _ => return None,
        };
        let (first, more) = arguments.split_first()?;
        let second = more.first().map(String::as_str).unwrap_or_default();
        Some(match more.get(1) {
            Some(third) if third == "100" => words.with_both("in-words-percent", first, second),
            Some(third) => words.with_both(key, first, &format!("{second} ÷ {third}")),
            // A figure says its unit itself.
            None if key.starts_with("in-words-plus") && !plain_number(second) => {
                format!("{first} + {second}")
            }
            None => words.with_both(key, first, second),
        })
    }

    /// The kinds of everything named, in which the title of an option is looked for.
    fn kinds(self, parts: &[Part<'_>]) -> Vec<&'a Input> {
        let named = parts.iter().filter_map(|part| match part {
            Part::Name(name) => self.field(name).map(|(_, input)| input),
            Part::Quoted(_) | Part::Other(_) => None,
        });
        self.target.into_iter().chain(named).collect()
    }

    fn option(self, kinds: &[&Input], text: &str) -> String {
        let title = kinds.iter().find_map(|kind| match kind {
            Input::Choice(options) => options.iter().find(|(name, _)| name.as_str() == text),
            _ => None,
        });
        let title = title.map(|(_, title)| title.to(self.shown.words.0).to_owned());
        let code = || {
            let lists = kinds.iter().filter_map(|kind| match kind {
                Input::Code(list) | Input::Codes(list) => self.shown.pack.codes.get(list),
                _ => None,
            });
            let found = lists.filter_map(|list| list.codes.get(text)).next();
            found.map(|title| title.to(self.shown.words.0).to_owned())
        };
        let title = title.or_else(code).unwrap_or_else(|| text.to_owned());
        self.shown.words.with("in-words-quoted", &title)
    }

    /// What a name stands for.
    pub(crate) fn name(self, name: &str) -> String {
        if let Some(own) = self.word(name) {
            return own;
        }
        if let Some((title, _)) = self.field(name) {
            return title;
        }
        let (head, rest) = name.split_once('.').unwrap_or((name, ""));
        match head {
            "figure" => self.figure(rest).unwrap_or_else(|| name.to_owned()),
            "found" => self.found(rest).unwrap_or_else(|| name.to_owned()),
            _ => self.reviewed(head, rest).unwrap_or_else(|| name.to_owned()),
        }
    }

    /// A word of the language of conditions.
    fn word(self, name: &str) -> Option<String> {
        let words = self.shown.words;
        Some(match name {
            "and" => words.t("in-words-and"),
            "or" => words.t("in-words-or"),
            "not" => words.t("in-words-not"),
            "if" => words.t("in-words-if"),
            "then" => words.t("in-words-then"),
            "else" => words.t("in-words-else"),
            "in" => words.t("in-words-in"),
            "within" => words.t("in-words-within"),
            "is" => words.t("in-words-is"),
            "missing" => words.t("in-words-missing"),
            "known" => words.t("in-words-known"),
            "true" => words.t("yes"),
            "false" => words.t("no"),
            "yuan" => words.t("in-words-yuan"),
            "filed-on" => words.t("in-words-filed-on"),
            "decided-on" => words.t("in-words-decided-on"),
            "applicant" => words.t("by-applicant"),
            "body.division" => words.t("in-words-body-division"),
            _ => return None,
        })
    }

    /// A figure by its title and its value on the day.
    fn figure(self, name: &str) -> Option<String> {
        let titled = self.shown.pack.figures.get(name)?;
        let title = titled.title.to(self.shown.words.0);
        let Ok(dated) = titled.figure.on(self.shown.day) else { return Some(title.to_owned()) };
        let unit = titled.unit.to(self.shown.words.0);
        let value = self.shown.plain(&dated.value);
        let value = self.shown.words.with_both("value-unit", &value, unit);
        Some(self.shown.words.with_both("in-words-figure", title, &value))
    }

    fn found(self, rest: &str) -> Option<String> {
        let (name, sum) = rest.split_once('.').unwrap_or((rest, ""));
        let (_, looks_up) = self.procedure.looks_up.iter().find(|(own, _)| own.as_str() == name)?;
        let title = looks_up.title.to(self.shown.words.0);
        if sum.is_empty() {
            return Some(self.shown.words.with("in-words-number-of", title));
        }
        Some(self.shown.words.with_both("in-words-sum-of", title, &summed(self.shown, looks_up)))
    }

    /// How many bodies gave an answer in a review, or what they filled in adds up to.
    fn reviewed(self, step: &str, rest: &str) -> Option<String> {
        let review = self.procedure.review(step)?;
        let title = review.title.to(self.shown.words.0);
        if let Some(path) = rest.strip_prefix("sum.") {
            let mut asked = review.answers.iter().flat_map(|(_, answer)| &answer.asks);
            let field = asked.find_map(|section| section.fields.iter().find(|f| f.path == path))?;
            let field = field.title.to(self.shown.words.0);
            return Some(self.shown.words.with_both("in-words-sum-of", title, field));
        }
        let (_, answer) = review.answers.iter().find(|(name, _)| name.as_str() == rest)?;
        let answer = answer.title.to(self.shown.words.0);
        Some(self.shown.words.with_both("in-words-answers", title, answer))
    }

    /// What a question, a field of the entry it names, or a field of `its` entry is called.
    fn field(self, name: &str) -> Option<(String, &'a Input)> {
        let language = self.shown.words.0;
        if let Some(own) = name.strip_prefix("its.") {
            let field = self.its?.fields.iter().find(|field| field.name.as_str() == own)?;
            let title = field.title.to(language);
            return Some((self.shown.words.with("in-words-its", title), &field.input));
        }
        let questions = questions(self.procedure);
        if let Some(question) = questions.iter().find(|question| question.path == name) {
            return Some((question.title.to(language).to_owned(), &question.input));
        }
        let (path, own) = name.rsplit_once('.')?;
        let question = questions.iter().find(|question| question.path == path)?;
        let Input::Entry(register) = &question.input else { return None };
        let register = self.shown.pack.registers.get(register)?;
        let field = register.fields.iter().find(|field| field.name.as_str() == own)?;
        let (entry, title) = (question.title.to(language), field.title.to(language));
        Some((self.shown.words.with_both("in-words-of-entry", title, entry), &field.input))
    }
}

/// Every question of a procedure: of its form, and what is filled in with outcomes and answers.
pub(crate) fn questions(procedure: &Procedure) -> Vec<&Field> {
    let reviews = procedure.steps.keys().filter_map(|name| procedure.review(name.as_str()));
    let answers = reviews.flat_map(|review| &review.answers);
    let asked = answers.flat_map(|(_, answer)| &answer.asks);
    let sections = procedure.form.iter().chain(procedure.asked()).chain(asked);
    sections.flat_map(|section| &section.fields).collect()
}

/// The field that a look-up adds up.
pub(crate) fn summed(shown: Shown<'_>, looks_up: &LooksUp) -> String {
    let register = shown.pack.registers.get(&looks_up.register);
    let field = register.zip(looks_up.sum.as_ref()).and_then(|(own, name)| own.field(name));
    field.map(|field| field.title.to(shown.words.0).to_owned()).unwrap_or_default()
}

/// What a field of a register is called.
pub(crate) fn field_title(shown: Shown<'_>, register: Option<&Register>, name: &Name) -> String {
    let field = register.and_then(|register| register.field(name));
    field.map_or_else(|| name.to_string(), |field| field.title.to(shown.words.0).to_owned())
}

/// An expression in its parts: names, quoted words, and what stands between.
fn parts(source: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = source.trim_start();
    while let Some(first) = rest.chars().next() {
        let (part, after) = match first {
            '\'' | '"' => quoted(rest, first),
            'a'..='z' => {
                let end = rest.find(|c: char| !part_of_name(c)).unwrap_or(rest.len());
                let (name, after) = rest.split_at(end);
                (Part::Name(name), after)
            }
            '0'..='9' => {
                let number = |c: char| c.is_ascii_digit() || c == '.' || c == '-';
                let end = rest.find(|c: char| !number(c)).unwrap_or(rest.len());
                let (number, after) = rest.split_at(end);
                (Part::Other(number), after)
            }
            _ => {
                let two = ["<=", ">=", "!="].iter().any(|sign| rest.starts_with(sign));
                let (sign, after) = rest.split_at(if two { 2 } else { first.len_utf8() });
                (Part::Other(sign), after)
            }
        };
        parts.push(part);
        rest = after.trim_start();
    }
    parts
}

/// What stands in the brackets that follow a name, parted by commas, and what comes after them.
fn arguments<'p, 's>(parts: &'p [Part<'s>]) -> Option<(Vec<&'p [Part<'s>]>, &'p [Part<'s>])> {
    let inner = parts.split_first().filter(|(first, _)| first.is("(")).map(|(_, rest)| rest)?;
    let mut depth = 0_usize;
    let mut ends = Vec::new();
    for (at, part) in inner.iter().enumerate() {
        match part {
            Part::Other("(") => depth += 1,
            Part::Other(")") if depth == 0 => {
                ends.push(at);
                break;
            }
            Part::Other(")") => depth -= 1,
            Part::Other(",") if depth == 0 => ends.push(at),
            _ => {}
        }
    }
    let mut from = 0;
    let mut found = Vec::new();
    for end in &ends {
        found.push(inner.get(from..*end)?);
        from = end + 1;
    }
    Some((found, inner.get(from..)?))
}

fn plain_number(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

fn quoted(rest: &str, quote: char) -> (Part<'_>, &str) {
    let inner = rest.get(1..).unwrap_or_default();
    let (text, after) = inner.split_once(quote).unwrap_or((inner, ""));
    (Part::Quoted(text), after)
}

fn part_of_name(c: char) -> bool {
    c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.' | '_')
}

fn sign_in_words(sign: &str) -> String {
    let found = SIGNS.iter().find(|(written, _)| *written == sign);
    found.map_or(sign, |(_, shown)| shown).to_owned()
}

/// No spaces inside brackets and before commas.
fn tidied(text: &str) -> String {
    text.replace("( ", "(").replace(" )", ")").replace(" ,", ",")
}
