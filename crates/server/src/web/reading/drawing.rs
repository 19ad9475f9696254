//! The draw that a case is, from the texts that the ledger holds of it. What stands in them was
//! judged when it was written.

use base::Name;
use kernel::{Case, case::TextOnFile};
use pack::model::{Draw, Procedure};
use rules::Value;

use super::Reading;
use crate::web::{
    entries::Named,
    frame::Link,
    handle::drawing::{DIGEST, DRAW, LISTS, PROGRAM, address, digest},
    pages::drawing::{DrawingView, DrawnView, FrozenView, PickView},
};

/// An object that was drawn, as the text of a draw says it.
struct Picked<'t> {
    object: &'t str,
    class: &'t str,
    /// Departments with their officers.
    crew: Vec<(&'t str, Vec<&'t str>)>,
}

/// The entries that a draw has drawn: objects and officers.
pub(crate) fn named_in_draw(procedure: &Procedure, case: &Case) -> Vec<Named> {
    let Some((draw, drawn)) = procedure.draw.as_ref().zip(case.drawn.as_ref()) else {
        return Vec::new();
    };
    let objects = register_of(procedure, &draw.objects.found);
    let officers = register_of(procedure, &draw.officers.found);
    let picks = picked(&drawn.text);
    let drawn = picks.iter().map(|pick| (objects, pick.object));
    let sent = picks.iter().flat_map(|pick| &pick.crew).flat_map(|(_, sent)| sent);
    let all = drawn.chain(sent.map(|officer| (officers, *officer)));
    all.filter_map(|(register, key)| Some((register?.clone(), key.to_owned()))).collect()
}

/// The register in which a procedure looks something up.
pub(crate) fn register_of<'p>(procedure: &'p Procedure, found: &Name) -> Option<&'p Name> {
    let look = procedure.looks_up.iter().find(|(name, _)| name == found);
    look.map(|(_, look)| &look.register)
}

/// What the text of a draw says was drawn.
fn picked(text: &str) -> Vec<Picked<'_>> {
    let mut picks: Vec<Picked<'_>> = Vec::new();
    for line in text.lines() {
        match *line.split('\t').collect::<Vec<_>>() {
            ["drawn", object, class] => picks.push(Picked { object, class, crew: Vec::new() }),
            ["sent", _, office, officer] => {
                let Some(pick) = picks.last_mut() else { continue };
                match pick.crew.last_mut().filter(|(own, _)| *own == office) {
                    Some((_, sent)) => sent.push(officer),
                    None => pick.crew.push((office, vec![officer])),
                }
            }
            _ => {}
        }
    }
    picks
}

/// How many lines of a text say that of something.
fn count(text: &str, word: &str) -> usize {
    text.lines().filter(|line| line.split('\t').next() == Some(word)).count()
}

impl Reading<'_> {
    /// The way to the layout plan, where the case has a survey for one.
    pub(super) fn layout(&self) -> Option<Link> {
        self.case.layout.as_ref()?;
        let words = self.shown.words;
        let href = format!("/{}/layouts/{}", words.code(), self.case.id);
        Some(Link { href, text: words.t("layout-plan-link") })
    }

    /// The draw, where the case is one.
    pub(super) fn drawing(&self) -> Option<DrawingView> {
        let draw = self.procedure.draw.as_ref()?;
        let name = format!("{}-{}", self.procedure.name, self.case.id);
        let commands = match self.case.frozen {
            Some(_) => Vec::new(),
            None => self.pledging(draw, &name),
        };
        Some(DrawingView {
            name,
            commands,
            frozen: self.case.frozen.as_ref().map(|frozen| self.frozen(frozen)),
            drawn: self.case.drawn.as_ref().map(|drawn| self.drawn(draw, drawn)),
            files: self.draw_files(),
        })
    }

    /// What each department that is asked types to pledge a seed.
    fn pledging(&self, draw: &Draw, name: &str) -> Vec<String> {
        let review = self.procedure.review(draw.pledges.review.as_str()).into_iter();
        let asked = review.flat_map(|review| review.parts.iter());
        let command = |by: &Name| {
            format!("yiyang draw pledge --name {name} --by {by} --seed {name}-{by}.seed")
        };
        asked.map(|(by, _)| command(by)).collect()
    }

    fn frozen(&self, frozen: &TextOnFile) -> FrozenView {
        let (words, text) = (self.shown.words, frozen.text.as_str());
        let counts = [
            words.n("draw-objects", &count(text, "object")),
            words.n("draw-officers", &count(text, "officer")),
            words.n("draw-conflicts", &count(text, "conflict")),
        ];
        FrozenView {
            digest: digest(text),
            number: self.shown.number(frozen.number),
            counts: counts.join(words.comma()),
        }
    }

    fn drawn(&self, draw: &Draw, drawn: &TextOnFile) -> DrawnView {
        let picks = picked(&drawn.text);
        let made = self.case.decisions.iter().find(|made| made.number == drawn.number);
        let records = made.into_iter().flat_map(|made| &made.records);
        let orders: Vec<_> =
            records.filter(|entry| entry.register == draw.orders.register).collect();
        // Orders are made in the order of what was drawn; otherwise which is whose is not said.
        let told = orders.len() == picks.len();
        let order = |place: usize| orders.get(place).filter(|_| told);
        let pick = |(place, pick): (usize, &Picked<'_>)| PickView {
            object: self.named_in(&draw.objects.found, pick.object),
            class: self.class(draw, pick.class),
            crew: pick.crew.iter().map(|(by, sent)| self.crew(draw, by, sent)).collect(),
            order: order(place).and_then(|order| self.entry_link(order)),
        };
        let picks = picks.iter().enumerate().map(pick).collect();
        DrawnView { number: self.shown.number(drawn.number), picks }
    }

    /// An entry of the register in which something is looked up.
    fn named_in(&self, found: &Name, key: &str) -> Link {
        match register_of(self.procedure, found) {
            Some(register) => self.headings.link(self.shown, register, key),
            None => Link { href: String::new(), text: key.to_owned() },
        }
    }

    /// What a class is called.
    fn class(&self, draw: &Draw, class: &str) -> String {
        let register = register_of(self.procedure, &draw.objects.found);
        let register = register.and_then(|name| self.shown.pack.registers.get(name));
        let field = register.and_then(|register| register.field(&draw.objects.class));
        match field.zip(Name::new(class).ok()) {
            Some((field, class)) => self.shown.value(&field.input, &Value::Choice(class)),
            None => class.to_owned(),
        }
    }

    /// A department with those whom it sends.
    fn crew(&self, draw: &Draw, by: &str, sent: &[&str]) -> String {
        let words = self.shown.words;
        let review = self.procedure.review(draw.pledges.review.as_str());
        let part = review.and_then(|review| review.parts.iter().find(|(n, _)| n.as_str() == by));
        let title = part.map_or(by, |(_, part)| part.title.to(words.0));
        let sent = sent.iter().map(|officer| self.named_in(&draw.officers.found, officer).text);
        words.with_both("fault-line", title, &sent.collect::<Vec<_>>().join(words.comma()))
    }

    /// The texts that there are, and the program.
    fn draw_files(&self) -> Vec<Link> {
        let words = self.shown.words;
        let (frozen, drawn) = (self.case.frozen.is_some(), self.case.drawn.is_some());
        let files = [
            (frozen, DIGEST, words.t("draw-digest-file")),
            (frozen, LISTS, words.t("draw-lists")),
            (drawn, DRAW, words.t("draw-itself")),
            (drawn, PROGRAM, words.t("draw-program")),
        ];
        let files = files.into_iter().filter(|(there, ..)| *there);
        files.map(|(_, file, text)| Link { href: address(self.case.id, file), text }).collect()
    }
}
