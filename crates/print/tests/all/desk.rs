//! Reading a PDF as others do: with Poppler's `pdftotext` and `pdftoppm`.

use std::{io::Write, process::Command, sync::LazyLock};

use print::{Document, Fonts, print};
use tempfile::NamedTempFile;

pub(crate) static FONTS: LazyLock<Fonts> = LazyLock::new(|| Fonts::of_system().unwrap());

/// The bytes of a paper.
pub(crate) fn printed(paper: &Document) -> Vec<u8> {
    match print(&FONTS, paper) {
        Ok(bytes) => bytes,
        Err(why) => panic!("{why}"),
    }
}

/// A PDF in a file of its own; gone when it ends.
pub(crate) struct Pdf(NamedTempFile);

impl Pdf {
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let mut file = tempfile::Builder::new().suffix(".pdf").tempfile().unwrap();
        file.write_all(bytes).unwrap();
        Self(file)
    }

    fn read(&self, program: &str, words: &[&str]) -> Vec<u8> {
        let mut command = Command::new(program);
        let after = if program == "pdftotext" { &["-"][..] } else { &[] };
        let done = command.args(words).arg(self.0.path()).args(after).output();
        let done = done.unwrap_or_else(|why| panic!("`{program}`: {why}: run scripts/setup.sh"));
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        done.stdout
    }

    /// Its letters, line by line, two blanks between what stands apart.
    pub(crate) fn text(&self) -> String {
        let said = String::from_utf8(self.read("pdftotext", &["-layout"])).unwrap();
        let spaced = |line: &str| {
            let parts = line.split("  ").map(str::trim).filter(|part| !part.is_empty());
            parts.collect::<Vec<_>>().join("  ")
        };
        let lines: Vec<String> = said.replace('\u{c}', "\n").lines().map(spaced).collect();
        let lines: Vec<String> = lines.into_iter().filter(|line| !line.is_empty()).collect();
        format!("{}\n", lines.join("\n"))
    }

    /// Its letters without any white space.
    pub(crate) fn letters(&self) -> String {
        let said = String::from_utf8(self.read("pdftotext", &[])).unwrap();
        said.chars().filter(|c| !c.is_whitespace() && *c != '\u{200b}').collect()
    }

    /// What is said of the file.
    pub(crate) fn info(&self) -> String {
        String::from_utf8(self.read("pdfinfo", &[])).unwrap()
    }

    /// Its structure for screen readers.
    pub(crate) fn structure(&self) -> String {
        // Titles of headings come in UTF-16.
        String::from_utf8_lossy(&self.read("pdfinfo", &["-struct-text"])).into_owned()
    }

    /// A page as grey dots, 150 to the inch: width, height, dots.
    pub(crate) fn dots(&self, page: u32) -> (usize, usize, Vec<u8>) {
        let page = page.to_string();
        let words = ["-gray", "-r", "150", "-f", &page, "-l", &page];
        let mut bytes = self.read("pdftoppm", &words);
        let mut words = bytes.splitn(4, |byte| byte.is_ascii_whitespace());
        let mut number =
            || -> Option<usize> { std::str::from_utf8(words.next()?).ok()?.parse().ok() };
        assert_eq!(number(), None, "P5");
        let (width, height) = (number().unwrap(), number().unwrap());
        let dots = bytes.split_off(bytes.len() - width * height);
        (width, height, dots)
    }

    /// What the QR codes of a page say.
    pub(crate) fn codes(&self, page: u32) -> Vec<String> {
        let (width, height, dots) = self.dots(page);
        let at = |x: usize, y: usize| dots[y * width + x];
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, height, at);
        image.detect_grids().iter().map(|grid| grid.decode().unwrap().1).collect()
    }
}
