//! Values, terms, bodies and citations of a pack as a reader sees them.

use base::{Citation, Confidence, Date, Division, Instant, Name, Term};
use kernel::{BodyId, EntryNumber};
use pack::model::{Competent, Ground, Input, Level, LevelOf, Limit, Pack, SYSTEMS};
use rules::Value;

use super::{
    frame::{Cited, Link},
    words::Words,
};

/// A pack read in one language on one day.
#[derive(Clone, Copy)]
pub(crate) struct Shown<'a> {
    /// The pack.
    pub(crate) pack: &'a Pack,
    /// The texts.
    pub(crate) words: Words,
    /// The day whose bodies and figures count.
    pub(crate) day: Date,
}

/// A term with where it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Timed {
    /// How long.
    pub(crate) term: String,
    /// Where it is written.
    pub(crate) cited: Cited,
}

impl Shown<'_> {
    /// What a value says, where the kind of its field is known.
    pub(crate) fn value(self, input: &Input, value: &Value) -> String {
        match (input, value) {
            (Input::Choice(options), Value::Choice(name)) => self.option(options, name),
            (Input::Code(list), Value::Code(code)) => self.code(list, code),
            (Input::Codes(list), Value::Codes(codes)) => {
                self.joined(codes.iter().map(|code| self.code(list, code)))
            }
            (Input::Bodies, Value::Codes(codes)) => self.joined(self.bodies(codes)),
            _ => self.plain(value),
        }
    }

    /// What a value says by itself.
    pub(crate) fn plain(self, value: &Value) -> String {
        match value {
            Value::Boolean(true) => self.words.t("yes"),
            Value::Boolean(false) => self.words.t("no"),
            Value::Integer(number) => number.to_string(),
            Value::Text(text) | Value::Code(text) | Value::Party(text) => text.clone(),
            Value::Date(date) => date.to_string(),
            Value::Point(point) => point.to_string(),
            Value::Moment(instant) => self.moment(*instant),
            Value::Decimal { .. } => value.to_string(),
            Value::Money(fen) => self.words.with("yuan", &fen.to_string()),
            Value::Division(division) => self.place(division),
            Value::Choice(name) => name.to_string(),
            Value::Codes(codes) => self.joined(codes.iter().cloned()),
            Value::Bilingual(text) => text.to(self.words.0).to_owned(),
            Value::Sealed => self.words.t("sealed"),
        }
    }

    fn option(self, options: &[(Name, base::Text)], name: &Name) -> String {
        let found = options.iter().find(|(option, _)| option == name);
        found.map_or_else(|| name.to_string(), |(_, title)| title.to(self.words.0).to_owned())
    }

    /// What a code of a list stands for.
    pub(crate) fn code(self, list: &Name, code: &str) -> String {
        let title = self.pack.codes.get(list).and_then(|table| table.codes.get(code));
        title.map_or_else(|| code.to_owned(), |title| title.to(self.words.0).to_owned())
    }

    fn joined(self, items: impl IntoIterator<Item = String>) -> String {
        items.into_iter().collect::<Vec<_>>().join(self.words.comma())
    }

    /// A division with those it lies in below the jurisdiction: a street says its district too.
    pub(crate) fn place(self, division: &Division) -> String {
        let whole = self.pack.jurisdiction.as_ref();
        let upwards = std::iter::successors(Some(division.clone()), Division::parent);
        let mut names: Vec<&str> = upwards
            .take_while(|step| step == division || whole.is_none_or(|whole| step != whole))
            .filter(|step| step.level() != base::DivisionLevel::City || step == division)
            .filter_map(|step| Some(self.pack.divisions.name(&step)?.to(self.words.0)))
            .collect();
        if self.words.0 == base::Language::Zh {
            names.reverse();
            return names.concat();
        }
        names.join(", ")
    }

    /// The bodies that codes of the form `office@division` name; `each` is every district.
    pub(crate) fn bodies<'c>(self, codes: impl IntoIterator<Item = &'c String>) -> Vec<String> {
        codes.into_iter().map(|code| self.body_code(code)).collect()
    }

    fn body_code(self, code: &str) -> String {
        let Some((office, place)) = code.split_once('@') else { return code.to_owned() };
        let Ok(office) = Name::new(office) else { return code.to_owned() };
        match Division::parse(place) {
            Ok(division) => self.body(&BodyId { office, division }),
            Err(_) => self.words.with("each-district", &self.office(&office)),
        }
    }

    /// What an office is called.
    pub(crate) fn office(self, office: &Name) -> String {
        let found = self.pack.offices.get(office);
        found.map_or_else(|| office.to_string(), |found| found.title.to(self.words.0).to_owned())
    }

    /// The body that holds an office on the day; the office and the place where none does.
    pub(crate) fn body(self, id: &BodyId) -> String {
        let name = self.pack.divisions.name(&id.division);
        let place = name.map_or(id.division.as_str(), |name| name.to(self.words.0));
        match self.pack.body(&id.office, &id.division, self.day) {
            Some(body) => body.title.to(self.words.0).replace("{division}", place),
            None => self.words.with_both("office-of-place", &self.office(&id.office), place),
        }
    }

    /// Which body acts, in words: the office and its level.
    pub(crate) fn competent(self, body: &Competent) -> String {
        let Some(office) = &body.office else { return self.words.t("competent-named") };
        let office = self.office(office);
        match &body.level {
            LevelOf::Fixed(Level::Province) => self.words.with("competent-province", &office),
            LevelOf::Fixed(Level::County) => self.words.with("competent-county", &office),
            LevelOf::Own => self.words.with("competent-own", &office),
            // The rule itself stands in the guide once, under its own heading.
            LevelOf::Ruled(_) => self.words.with("competent-ruled", &office),
        }
    }

    /// A ground on which time is not counted, in words.
    pub(crate) fn ground(self, ground: Ground) -> String {
        self.words.t(match ground {
            Ground::Hearing => "ground-hearing",
            Ground::Bidding => "ground-bidding",
            Ground::Auction => "ground-auction",
            Ground::Inspection => "ground-inspection",
            Ground::Testing => "ground-testing",
            Ground::Quarantine => "ground-quarantine",
            Ground::Appraisal => "ground-appraisal",
            Ground::ExpertReview => "ground-expert-review",
        })
    }

    /// A term in words.
    pub(crate) fn term(self, term: Term) -> String {
        term.describe(self.words.0)
    }

    /// A term with where it is written.
    pub(crate) fn timed(self, limit: &Limit) -> Timed {
        Timed { term: self.term(limit.term), cited: self.cited(&limit.basis) }
    }

    /// A citation.
    pub(crate) fn cited(self, citation: &Citation) -> Cited {
        let (sure, mark) = match citation.confidence {
            Confidence::Verified => (self.words.t("sure-verified"), "verified"),
            Confidence::Secondary => (self.words.t("sure-secondary"), "secondary"),
            Confidence::Assumed => (self.words.t("sure-assumed"), "assumed"),
        };
        let text = match &citation.article {
            Some(article) => self.article(&citation.act, article),
            None => citation.act.clone(),
        };
        Cited { text, sure, mark }
    }

    fn article(self, act: &str, article: &str) -> String {
        if article.bytes().all(|byte| byte.is_ascii_digit()) {
            return self.words.with_both("cite-article", act, article);
        }
        self.words.with_both("cite-part", act, article)
    }

    /// Several citations.
    pub(crate) fn all_cited(self, citations: &[Citation]) -> Vec<Cited> {
        citations.iter().map(|citation| self.cited(citation)).collect()
    }

    /// The day of a moment.
    pub(crate) fn day_of(self, at: Instant) -> String {
        self.pack.zone.day_of(at).to_string()
    }

    /// A moment to the minute, as clocks here show it.
    pub(crate) fn moment(self, at: Instant) -> String {
        let day = self.pack.zone.day_of(at);
        let minutes = (at.micros() - self.pack.zone.start_of(day).micros()) / 60_000_000;
        format!("{day} {:02}:{:02}", minutes / 60, minutes % 60)
    }

    /// The number of a ledger entry.
    pub(crate) fn number(self, number: EntryNumber) -> String {
        self.words.with("entry-number", &number.0.to_string())
    }

    /// The measures and rows of the table of systems that `keys` name, linked.
    pub(crate) fn measures(self, keys: &[String]) -> Vec<Link> {
        keys.iter().map(|key| self.system(key).unwrap_or_else(|| self.linked(key))).collect()
    }

    fn system(self, code: &str) -> Option<Link> {
        let title = self.pack.codes.get(SYSTEMS)?.codes.get(code)?.to(self.words.0);
        let href = format!("/{}/plan/coverage#{code}", self.words.code());
        Some(Link { href, text: format!("{code} {title}") })
    }

    fn linked(self, key: &str) -> Link {
        let href = format!("/{}/plan/{key}", self.words.code());
        Link { href, text: self.measure(key) }
    }

    fn measure(self, key: &str) -> String {
        let tables = self.pack.tables.values();
        let row = tables
            .flat_map(|table| table.rows.iter().map(move |row| (table, row)))
            .find(|(_, (own, _))| own == key);
        let title = row.and_then(|(table, (_, fields))| {
            let register = self.pack.registers.get(&table.register)?;
            fields.get(&register.headed)
        });
        title.map_or_else(|| key.to_owned(), |title| format!("{key} {}", self.plain(title)))
    }
}
