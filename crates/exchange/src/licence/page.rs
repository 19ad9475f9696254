//! Where the words of a licence stand on its pages: A4, the font of the system, in tenths of a
//! millimetre.

use std::fmt;

use base::Text;

use super::{Licence, stamp::SIDE_MM, xml::plainly};

/// A length in tenths of a millimetre.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Tenths(pub(super) i32);

impl fmt::Display for Tenths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0 / 10, self.0 % 10)
    }
}

/// The page, A4.
pub(super) const PAGE: (Tenths, Tenths) = (Tenths(2100), Tenths(2970));
/// Where titles of fields begin, where values do, and where lines end.
const COLUMNS: (i32, i32, i32) = (280, 800, 1850);
/// The first line and the last.
const LINES: (i32, i32) = (300, 2620);
/// What the foot takes: the body, the day, the seal and how to check it.
const FOOT: i32 = 640;

/// In what colour words stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ink {
    /// What rules.
    Black,
    /// What explains or translates.
    Grey,
    /// What warns.
    Red,
}

/// Words in one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) x: i32,
    pub(super) y: i32,
    pub(super) size: i32,
    pub(super) ink: Ink,
    pub(super) words: String,
}

/// A page, and the left upper corner of the seal where it is on it.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub(super) lines: Vec<Line>,
    pub(super) seal: Option<(i32, i32)>,
}

/// How wide a letter is: those of ASCII take half of a square.
pub(super) fn width(letter: char, size: i32) -> i32 {
    if letter.is_ascii() { size / 2 } else { size }
}

/// The pages of a licence.
pub(super) fn lay_out(licence: &Licence) -> Vec<Page> {
    let mut desk = Desk { pages: vec![Page::default()], y: LINES.0, invented: licence.invented };
    desk.warn();
    desk.head(licence);
    for (title, value) in &licence.rows {
        desk.row(title, value);
    }
    desk.basis(&licence.basis);
    desk.foot(licence);
    desk.pages
}

struct Desk {
    pages: Vec<Page>,
    y: i32,
    invented: bool,
}

impl Desk {
    fn put(&mut self, x: i32, size: i32, ink: Ink, words: &str) {
        let line = Line { x, y: self.y, size, ink, words: words.to_owned() };
        if let Some(page) = self.pages.last_mut() {
            page.lines.push(line);
        }
    }

    /// Words in the middle, in as many lines as they need, and below them.
    fn middle(&mut self, size: i32, ink: Ink, words: &str) {
        for part in broken(words, size, COLUMNS.2 - COLUMNS.0) {
            let wide: i32 = part.chars().map(|letter| width(letter, size)).sum();
            self.put((PAGE.0.0 - wide) / 2, size, ink, &part);
            self.y += size * 3 / 2;
        }
    }

    /// Words from a column on, and below them.
    fn column(&mut self, x: i32, size: i32, ink: Ink, words: &str) {
        for part in broken(words, size, COLUMNS.2 - x) {
            self.room(size);
            self.put(x, size, ink, &part);
            self.y += size * 7 / 5;
        }
    }

    /// A new page where less is left on this one.
    fn room(&mut self, high: i32) {
        if self.y + high > LINES.1 {
            self.pages.push(Page::default());
            self.y = LINES.0;
            self.warn();
        }
    }

    /// Says on each page that what is invented is.
    fn warn(&mut self) {
        if self.invented {
            self.middle(36, Ink::Red, "（虚构）演示样张，无效 · (invented) specimen, void");
        }
    }

    fn head(&mut self, licence: &Licence) {
        let metadata = &licence.metadata;
        self.y += 60;
        self.middle(90, Ink::Black, &metadata.title.zh);
        self.middle(46, Ink::Grey, &metadata.title.en);
        self.y += 30;
        self.middle(40, Ink::Black, &format!("编号 No. {}", metadata.number));
        let identifier = match &metadata.identifier {
            Some(identifier) => format!("证照标识 {identifier}"),
            None => NO_IDENTIFIER.to_owned(),
        };
        self.middle(28, Ink::Grey, &identifier);
        self.y += 60;
    }

    fn row(&mut self, title: &Text, value: &Text) {
        self.room(180);
        let top = self.y;
        self.column_until(COLUMNS.1 - 40, title);
        let below = std::mem::replace(&mut self.y, top);
        self.column(COLUMNS.1, 42, Ink::Black, &value.zh);
        if value.en != value.zh {
            self.column(COLUMNS.1, 30, Ink::Grey, &value.en);
        }
        // A value that went on to the next page has left its title behind.
        let same_page = self.y >= top;
        self.y = if same_page { self.y.max(below) } else { self.y } + 36;
    }

    fn column_until(&mut self, right: i32, title: &Text) {
        for (size, ink, words) in [(42, Ink::Black, &title.zh), (28, Ink::Grey, &title.en)] {
            for part in broken(words, size, right - COLUMNS.0) {
                self.put(COLUMNS.0, size, ink, &part);
                self.y += size * 7 / 5;
            }
        }
    }

    fn basis(&mut self, basis: &[String]) {
        if !basis.is_empty() {
            let cited = format!("依据 Under: {}", basis.join("；"));
            self.column(COLUMNS.0, 28, Ink::Grey, &cited);
        }
    }

    fn foot(&mut self, licence: &Licence) {
        let metadata = &licence.metadata;
        self.room(FOOT);
        self.y = LINES.1 - FOOT + 60;
        let seal = (COLUMNS.2 - i32::from(SIDE_MM) * 10 - 100, self.y - 40);
        if let Some(page) = self.pages.last_mut() {
            page.seal = Some(seal);
        }
        self.y += 60;
        self.column(COLUMNS.1, 46, Ink::Black, &metadata.body.zh);
        self.column(COLUMNS.1, 30, Ink::Grey, &metadata.body.en);
        self.column(COLUMNS.1, 42, Ink::Black, &metadata.issued_on.to_string());
        if let Some(until) = metadata.valid_until {
            let words = format!("有效期自 {} 至 {until} valid through", metadata.valid_from);
            self.column(COLUMNS.1, 30, Ink::Black, &words);
        }
        self.y = LINES.1 - 130;
        let check = format!(
            "核对 Check: {} / {} · 账目 ledger entry {}",
            metadata.register, metadata.number, metadata.decided_by
        );
        self.column(COLUMNS.0, 28, Ink::Grey, &check);
        self.column(COLUMNS.0, 28, Ink::Grey, STANDING);
    }
}

/// What stands where the codes of an identifier are not known.
const NO_IDENTIFIER: &str =
    "证照标识：暂缺，政策包未载机构或证照类型代码 (no identifier: codes not known)";

/// That the register rules, not the paper.
const STANDING: &str = "本证照的现行效力以公共名册为准。\
    Whether it is in force today is what the public register says.";

/// The parts of a text that fit into a line each; nothing of an empty one.
fn broken(words: &str, size: i32, wide: i32) -> Vec<String> {
    let mut parts = Vec::new();
    let (mut part, mut used) = (String::new(), 0);
    for letter in plainly(words).chars() {
        let next = width(letter, size);
        if used + next > wide {
            let rest = carried(&mut part, letter);
            parts.push(std::mem::replace(&mut part, rest));
            used = part.chars().map(|letter| width(letter, size)).sum();
        }
        part.push(letter);
        used += next;
    }
    parts.push(part);
    parts.retain(|part| !part.trim().is_empty());
    parts
}

/// Takes the word that a break would cut off the end of a line, if it is not the whole line.
fn carried(part: &mut String, next: char) -> String {
    if !next.is_ascii_alphanumeric() {
        return String::new();
    }
    match part.rfind(|letter: char| !letter.is_ascii_alphanumeric()) {
        Some(at) => {
            let after =
                part.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
            part.split_off(at + after)
        }
        None => String::new(),
    }
}
