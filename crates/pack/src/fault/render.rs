//! Faults as a person reads them: file, line, the text underlined, the near miss, a last line that
//! counts.

use std::{collections::BTreeSet, io, ops::Range};

use ariadne::{Color, Config, IndexType, Label, Report, ReportKind};
use base::{Language, Text};

use super::{Fault, Faults, Sources};
use crate::node::{FileId, Span};

type Place = (FileId, Range<usize>);

impl Faults {
    /// The faults as text in one language, with a last line that counts them; empty when nothing is
    /// wrong. Ends with a line break. `colour` adds terminal colours.
    pub fn render(&self, sources: &Sources, language: Language, colour: bool) -> String {
        if self.is_empty() {
            return String::new();
        }
        let mut pages = Pages::of(sources);
        let reports = self.iter().map(|fault| shown(fault, &mut pages, language, colour));
        reports.chain([self.summary().to(language).to_owned()]).map(|part| part + "\n").collect()
    }

    /// How many faults there are in how many files.
    pub fn summary(&self) -> Text {
        let files = self.iter().map(|fault| fault.at.file).collect::<BTreeSet<_>>().len();
        let faults = self.len();
        let plural = |count| if count == 1 { "" } else { "s" };
        Text::new(
            format!("共 {faults} 处错误，涉及 {files} 个文件"),
            format!("{faults} fault{} in {files} file{}", plural(faults), plural(files)),
        )
    }
}

/// One fault, without the blanks that the drawing leaves at line ends.
fn shown(fault: &Fault, pages: &mut Pages<'_>, language: Language, colour: bool) -> String {
    let mut drawn = Vec::new();
    match report(fault, language, colour).write(pages, &mut drawn) {
        Ok(()) => tidied(&String::from_utf8_lossy(&drawn), colour),
        Err(_) => one_line(fault.says.to(language)),
    }
}

/// The drawing colours its heading even when told not to; all other control characters of the pack
/// are replaced before, so what is removed here is the drawing's own.
fn tidied(drawn: &str, colour: bool) -> String {
    let codes: &[&str] = if colour { &[] } else { &["\u{1b}[31m", "\u{1b}[0m"] };
    let plain = codes.iter().fold(drawn.to_owned(), |text, code| text.replace(code, ""));
    plain.lines().map(|line| line.trim_end().to_owned() + "\n").collect()
}

fn report(fault: &Fault, language: Language, colour: bool) -> Report<'_, Place> {
    let kind = match language {
        Language::Zh => "错误",
        Language::En => "fault",
    };
    let also = fault.also.iter().map(|(at, says)| {
        label(*at, Color::Blue, says.to(language)).with_order(order(fault.at, *at))
    });
    Report::build(ReportKind::Custom(kind, Color::Red), place(fault.at))
        .with_config(Config::new().with_color(colour).with_index_type(IndexType::Byte))
        .with_code(fault.word)
        .with_message(one_line(fault.says.to(language)))
        .with_label(pointer(fault, language))
        .with_labels(also)
        .finish()
}

/// What stands under the fault: the near miss where there is one. (The drawing underlines nothing
/// that has no text.)
fn pointer(fault: &Fault, language: Language) -> Label<Place> {
    let says = match (&fault.near, language) {
        (None, Language::Zh) => "此处".to_owned(),
        (None, Language::En) => "here".to_owned(),
        (Some(near), Language::Zh) => format!("是否想写 `{near}`？"),
        (Some(near), Language::En) => format!("did you mean `{near}`?"),
    };
    label(fault.at, Color::Red, &says).with_order(order(fault.at, fault.at))
}

/// Places in the fault's own file come in the file's order, so that they share one picture; others
/// follow.
fn order(fault: Span, at: Span) -> i32 {
    if at.file == fault.file { i32::try_from(at.start).unwrap_or(i32::MAX) } else { i32::MAX }
}

fn label(at: Span, colour: Color, says: &str) -> Label<Place> {
    Label::new(place(at)).with_color(colour).with_message(one_line(says))
}

/// A message without control characters, which a quoted text may hold.
fn one_line(says: &str) -> String {
    says.replace(char::is_control, "\u{fffd}")
}

/// A character of the pack as a terminal may show it: control characters have stand-ins of the same
/// length in bytes, so that places stay right.
fn harmless(c: char) -> char {
    match (c, c.len_utf8()) {
        ('\n' | '\r' | '\t', _) => c,
        ('\u{feff}', _) => '\u{fffd}',
        (_, 1) if c.is_control() => '?',
        (_, _) if c.is_control() => '¿',
        _ => c,
    }
}

fn place(at: Span) -> Place {
    (at.file, at.start..at.end.max(at.start))
}

/// The files in the form the drawing needs.
struct Pages<'s>(Vec<(&'s str, ariadne::Source)>);

impl<'s> Pages<'s> {
    fn of(sources: &'s Sources) -> Self {
        let text = |file| sources.text(file).chars().map(harmless).collect::<String>();
        let page = |file| (sources.path(file), ariadne::Source::from(text(file)));
        Self(sources.files().map(page).collect())
    }

    fn page(&self, file: FileId) -> Option<&(&'s str, ariadne::Source)> {
        self.0.get(usize::try_from(file.0).ok()?)
    }
}

impl ariadne::Cache<FileId> for Pages<'_> {
    type Storage = String;

    fn fetch(&mut self, file: &FileId) -> Result<&ariadne::Source, impl std::fmt::Debug> {
        self.page(*file).map(|(_, source)| source).ok_or(io::ErrorKind::NotFound)
    }

    fn display<'a>(&self, file: &'a FileId) -> Option<impl std::fmt::Display + 'a> {
        self.page(*file).map(|(path, _)| (*path).to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, part: &str, near: Option<&str>, expected: &[&str]) {
        let mut sources = Sources::default();
        let file = sources.add("towns/willow.yaml", text);
        let start = text.find(part).unwrap();
        let at = Span { file, start, end: start + part.len() };
        let mut faults = Faults::default();
        faults.push(Fault::new("odd", at, Text::new("怪", "odd `\u{1b}[2J`")).near(near));
        let shown = faults.render(&sources, Language::En, false);
        let lines: Vec<_> = shown.lines().skip(3).take(expected.len()).collect();
        assert_eq!(lines, expected, "{text}");
    }

    #[test]
    fn the_right_columns_are_underlined() {
        check(
            "甲: 柳镇 # 注\n",
            "柳镇",
            Some("柳树"),
            &[" 1 │ 甲: 柳镇 # 注", "   │     ──┬─", "   │       ╰─── did you mean `柳树`?"],
        );
        check("a: b\n", "b", None, &[" 1 │ a: b", "   │    ┬", "   │    ╰── here"]);
        check("a: \u{1b}b\u{85}乙\n", "乙", None, &[" 1 │ a: ?b¿乙", "   │       ┬─"]);
        check("", "", None, &[" 1 │", "   │ │", "   │ ╰─ here"]);
    }

    #[test]
    fn no_control_character_reaches_the_terminal() {
        let mut sources = Sources::default();
        let file = sources.add("a.yaml", "a: \u{1b}[2J\n");
        let at = Span { file, start: 0, end: 1 };
        let mut faults = Faults::default();
        faults.push(Fault::new("odd", at, Text::new("怪", "odd `\u{1b}[2J`")));
        let shown = faults.render(&sources, Language::En, false);
        assert!(shown.starts_with("[odd] fault: odd `\u{fffd}[2J`\n"), "{shown}");
        assert!(!shown.contains('\u{1b}'));
        assert!(faults.render(&sources, Language::En, true).contains('\u{1b}'));
    }

    #[test]
    fn a_fault_of_no_known_file_is_still_said() {
        let at = Span { file: FileId(7), start: 0, end: 1 };
        let mut faults = Faults::default();
        faults.push(Fault::new("odd", at, Text::new("怪", "odd")));
        let shown = faults.render(&Sources::default(), Language::Zh, false);
        assert!(shown.contains("怪") && shown.ends_with("共 1 处错误，涉及 1 个文件\n"), "{shown}");
    }
}
