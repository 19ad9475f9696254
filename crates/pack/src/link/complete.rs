//! What the reader lets be absent and a pack may not leave out: on what a thing rests, who may use
//! it, and the name it is looked up by.
//!
//! GB/T 39554 asks of every service for its legal basis, its applicants and how papers come in.

use base::{Name, Text};

use super::Linker;
use crate::{
    fault::Fault,
    language::{Level, Manifest},
    node::Span,
    read::Spanned,
};

/// The placeholder in the title of a body that acts in several divisions.
const DIVISION: &str = "{division}";

impl Linker<'_> {
    /// What everything in the pack has, whatever else it says.
    pub(super) fn check_complete(&mut self) {
        let parsed = self.parsed;
        for file in &parsed.procedures {
            self.must_rest(file.at, file.basis.is_empty());
            self.must_be_open(file.at, file.applicant.is_empty());
            for (name, material) in file.materials.iter() {
                self.must_come_in(name, material.modes.is_empty());
            }
        }
        for table in &parsed.tables {
            self.must_rest(table.at, table.basis.is_empty());
        }
        for feed in &parsed.feeds {
            self.must_rest(feed.at, feed.basis.is_empty());
        }
        for table in &parsed.knowledge {
            self.must_rest(table.at, table.basis.is_empty());
        }
        for rule in &parsed.supervision {
            self.must_rest(rule.at, rule.basis.is_empty());
        }
        for risk in &parsed.risks {
            self.must_rest(risk.at, risk.basis.is_empty());
        }
        for table in &parsed.credits {
            self.must_rest(table.at, table.basis.is_empty());
        }
        for picture in &parsed.pictures {
            self.must_rest(picture.at, picture.basis.is_empty());
        }
        for (name, list) in parsed.manifests.iter().flat_map(|manifest| manifest.codes.iter()) {
            self.must_rest(name.at, list.basis.is_empty());
        }
        for (name, certificate) in parsed.registers.iter().flat_map(|r| r.certificates.iter()) {
            self.must_rest(name.at, certificate.basis.is_empty());
            self.must_show(name, certificate.shows.is_empty());
        }
        self.check_names();
        self.check_bodies();
        self.check_place_named();
    }

    fn must_rest(&mut self, at: Span, empty: bool) {
        if empty {
            let at = self.first_line(at);
            self.fault("no-basis", at, "须写明依据", "say under `basis` what it rests on");
        }
    }

    fn must_be_open(&mut self, at: Span, empty: bool) {
        if empty {
            let at = self.first_line(at);
            let zh = "须用 applicant 写明谁可以申请";
            self.fault("no-applicant", at, zh, "say under `applicant` who may start it");
        }
    }

    fn must_come_in(&mut self, name: &Spanned<Name>, empty: bool) {
        if empty {
            let zh = "须用 modes 写明材料如何提交";
            self.fault("no-mode", name.at, zh, "say under `modes` how the paper may be handed in");
        }
    }

    fn must_show(&mut self, name: &Spanned<Name>, empty: bool) {
        if empty {
            let zh = "证书须用 shows 写明载明哪些登记项";
            self.fault("shows-nothing", name.at, zh, "say under `shows` what the certificate says");
        }
    }

    /// A file bears the name it gives itself, and a pack that others extend lies in a folder of its
    /// name. The pack that is asked for may be a copy in another folder.
    fn check_names(&mut self) {
        let parsed = self.parsed;
        let extended = parsed.manifests.iter().rev().skip(1);
        for (at, name) in extended.map(|manifest| (manifest.at, &manifest.pack)) {
            let folder = self.sources.path(at.file).split('/').next().unwrap_or("");
            self.must_be_named(at, name, folder);
        }
        let sections = parsed.sections.iter().map(|file| (file.at, &file.section));
        let registers = parsed.registers.iter().map(|file| (file.at, &file.register));
        let tables = parsed.tables.iter().map(|file| (file.at, &file.table));
        let procedures = parsed.procedures.iter().map(|file| (file.at, &file.procedure));
        let shared = parsed.requirements.iter().map(|file| (file.at, &file.requirement));
        let feeds = parsed.feeds.iter().map(|file| (file.at, &file.feed));
        let knowledge = parsed.knowledge.iter().map(|file| (file.at, &file.knowledge));
        let rules = parsed.supervision.iter().map(|file| (file.at, &file.rule));
        let others = tables.chain(procedures).chain(shared).chain(feeds);
        let risks = parsed.risks.iter().map(|file| (file.at, &file.risk));
        let boards = parsed.boards.iter().map(|file| (file.at, &file.board));
        let credits = parsed.credits.iter().map(|file| (file.at, &file.credit));
        let others = others.chain(knowledge).chain(rules).chain(risks).chain(boards);
        let pictures = parsed.pictures.iter().map(|file| (file.at, &file.picture));
        let others = others.chain(credits).chain(pictures);
        for (at, name) in sections.chain(registers).chain(others) {
            let file = self.sources.path(at.file).rsplit('/').next().unwrap_or("");
            self.must_be_named(at, name, file.strip_suffix(".yaml").unwrap_or(file));
        }
    }

    pub(super) fn must_be_named(&mut self, at: Span, name: &Name, file: &str) {
        if name.as_str() != file {
            let fault = Fault::new("misnamed", self.first_line(at), misnamed(name, file));
            self.faults.push(fault.near(Some(file)));
        }
    }

    /// An office has bodies, and the title of one that acts in several divisions says in which.
    fn check_bodies(&mut self) {
        let parsed = self.parsed;
        for (name, office) in parsed.authorities.iter().flat_map(|a| a.offices.iter()) {
            if office.bodies.is_empty() {
                self.fault("no-body", name.at, "没有机关履行此职责", "no body holds this office");
            }
            for body in &office.bodies {
                let titles = std::iter::once(&body.title).chain(&body.short);
                for title in titles {
                    self.check_title(self.first_line(body.at), body.level, title);
                }
            }
        }
    }

    fn check_title(&mut self, at: Span, level: Level, title: &Text) {
        for written in [&title.zh, &title.en] {
            if level == Level::County && !written.contains(DIVISION) {
                let zh = "区级机关的名称须含 {division}，以区别各区";
                let en = "the title of a district's body holds {division}, to tell districts apart";
                self.fault("whose-body", at, zh, en);
            }
        }
    }

    /// A pack with procedures says whose authorities run it.
    fn check_place_named(&mut self) {
        let parsed = self.parsed;
        let Some(own) = parsed.manifests.last() else { return };
        let runs = parsed.procedures.iter().any(|file| self.is_of(own, file.at));
        if runs && super::jurisdiction(&parsed.manifests).is_none() {
            let zh = "有办事程序的包须用 jurisdiction 写明区划";
            let en = "a pack with procedures says under `jurisdiction` whose authorities run it";
            self.fault("no-jurisdiction", self.first_line(own.at), zh, en);
        }
    }

    /// Whether a place lies in the files of that pack.
    pub(super) fn is_of(&self, pack: &Manifest, at: Span) -> bool {
        let folder = |at: Span| self.sources.path(at.file).split('/').next();
        folder(pack.at) == folder(at)
    }

    /// The first line of a place, to point at something that is long.
    pub(super) fn first_line(&self, at: Span) -> Span {
        let length = self.sources.slice(at).find('\n').unwrap_or(at.end - at.start);
        Span { end: at.start + length, ..at }
    }
}

fn misnamed(name: &Name, file: &str) -> Text {
    Text::new(
        format!("自称 `{name}`，却放在 `{file}` 中：两者须一致"),
        format!("it calls itself `{name}` but lies in `{file}`; use one name for both"),
    )
}
