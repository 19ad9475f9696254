//! Pictures: every register, field and procedure is known, what is shown is a party's or names what
//! is a party's, each thing stands in one place, and somebody may see it.

use std::collections::{BTreeMap, BTreeSet};

use base::{Name, Text};

use super::{Kind, Linker};
use crate::{
    fault::Fault,
    language::{self, PictureFile},
    model::{Applicant, Input, Pack, Picture, PictureEntries, PicturePart, Register},
    node::Span,
    read::Spanned,
};

/// What a picture shows already: registers, fields by which others name their entries, procedures.
#[derive(Default)]
struct Shown {
    held: BTreeSet<Name>,
    naming: BTreeSet<(Name, Name)>,
    procedures: BTreeSet<Name>,
}

impl Linker<'_> {
    /// The pictures of a pack.
    pub(super) fn pictures(&mut self, pack: &Pack) -> BTreeMap<Name, Picture> {
        let parsed = self.parsed;
        let linked: Vec<_> = parsed
            .pictures
            .iter()
            .map(|file| (file.picture.clone(), file.at, self.picture(pack, file)))
            .collect();
        self.unique(linked)
    }

    fn picture(&mut self, pack: &Pack, file: &PictureFile) -> Picture {
        self.check_carried(pack, &file.carries_out);
        let mut shown = Shown::default();
        // What is held comes first: any part may show what names it.
        let held: Vec<Vec<Name>> = file
            .parts
            .values()
            .map(|part| self.picture_registers(pack, part, &mut shown))
            .collect();
        let mut parts = Vec::new();
        for ((name, part), registers) in file.parts.iter().zip(held) {
            self.must_show_something(name, part);
            let entries = self.picture_entries(pack, part, &mut shown);
            let procedures = self.picture_procedures(pack, part, &mut shown);
            let title = part.title.clone();
            let part = PicturePart { title, registers, entries, procedures };
            parts.push((name.value.clone(), part));
        }
        self.must_be_reached(file);
        let depends = self.picture_depends(pack, file, &shown);
        Picture {
            name: file.picture.clone(),
            title: file.title.clone(),
            basis: file.basis.clone(),
            carries_out: file.carries_out.iter().map(|key| key.value.clone()).collect(),
            parts,
            depends,
        }
    }

    fn must_show_something(&mut self, name: &Spanned<Name>, part: &language::PicturePart) {
        if part.registers.is_empty() && part.entries.is_empty() && part.procedures.is_empty() {
            let zh = "须用 registers、entries 或 procedures 写明显示什么";
            let en = "say under `registers`, `entries` or `procedures` what it shows";
            self.fault("picture-empty", name.at, zh, en);
        }
    }

    /// Somebody comes to a picture from an entry, and its procedures say whose it is to look at.
    fn must_be_reached(&mut self, file: &PictureFile) {
        let parts = || file.parts.values();
        if parts().all(|part| part.registers.is_empty()) {
            let zh = "须用 registers 写明由哪些登记进入全景";
            let en = "say under `registers` of a part from which entries one comes to it";
            self.fault("picture-unreached", self.first_line(file.at), zh, en);
        }
        if parts().all(|part| part.procedures.is_empty()) {
            let zh = "须用 procedures 写明程序：办理这些程序的部门才能查看";
            let en = "say under `procedures` of a part whose departments see it";
            self.fault("picture-unseen", self.first_line(file.at), zh, en);
        }
    }

    fn picture_registers(
        &mut self,
        pack: &Pack,
        part: &language::PicturePart,
        shown: &mut Shown,
    ) -> Vec<Name> {
        let mut registers = Vec::new();
        for name in &part.registers {
            let known = pack.registers.keys().map(Name::as_str);
            self.must_know(Kind::Register, name, known);
            let Some(register) = pack.registers.get(&name.value) else { continue };
            if register.held_by.is_none() {
                let zh = "这个登记簿没有写明谁持有登记（held_by）";
                let en = "its register does not say who holds an entry (`held_by`)";
                self.fault("picture-held", name.at, zh, en);
            }
            self.once(shown.held.insert(name.value.clone()), name.at);
            registers.push(name.value.clone());
        }
        registers
    }

    /// What rests on what: both say when they are in force, or nothing would ever be seen of it.
    fn picture_depends(
        &mut self,
        pack: &Pack,
        file: &PictureFile,
        shown: &Shown,
    ) -> Vec<PictureEntries> {
        let mut depends: Vec<PictureEntries> = Vec::new();
        for own in &file.depends {
            let (register, names) = (&own.register, &own.names);
            self.must_know(Kind::Register, register, shown.held.iter().map(Name::as_str));
            let Some(known) = pack.registers.get(&register.value) else { continue };
            let Some(field) = self.picture_field(known, names) else { continue };
            let on = match field {
                Input::Entry(of) => pack.registers.get(of),
                _ => None,
            };
            let says = |own: &Register| own.in_force.is_some() || own.lasts_until.is_some();
            if !says(known) || !on.is_some_and(says) {
                let zh = "该登记项须指向登记，两个登记簿都须写明何时有效（in_force）";
                let en = "it must name an entry, and both registers say when one is in force";
                self.fault("picture-depends", names.at, zh, en);
            }
            let (register, names) = (register.value.clone(), names.value.clone());
            let pair = PictureEntries { register, names };
            self.once(!depends.contains(&pair), own.at);
            depends.push(pair);
        }
        depends
    }

    fn picture_field<'r>(
        &mut self,
        register: &'r Register,
        name: &Spanned<Name>,
    ) -> Option<&'r Input> {
        let known: Vec<&str> = register.fields.iter().map(|own| own.name.as_str()).collect();
        self.must_know(Kind::RegisterField, name, known);
        register.field(&name.value).map(|field| &field.input)
    }

    fn picture_entries(
        &mut self,
        pack: &Pack,
        part: &language::PicturePart,
        shown: &mut Shown,
    ) -> Vec<PictureEntries> {
        let mut entries = Vec::new();
        for own in &part.entries {
            let (register, names) = (&own.register, &own.names);
            self.must_know(Kind::Register, register, pack.registers.keys().map(Name::as_str));
            let Some(known) = pack.registers.get(&register.value) else { continue };
            let Some(field) = self.picture_field(known, names) else { continue };
            if !matches!(field, Input::Entry(of) if shown.held.contains(of)) {
                let zh = "该登记项须指向本全景 registers 所列登记簿的登记";
                let en = "it must name an entry of a register that a part has under `registers`";
                self.fault("picture-names", names.at, zh, en);
            }
            let pair = (register.value.clone(), names.value.clone());
            let held = shown.held.contains(&register.value);
            self.once(!held && shown.naming.insert(pair), register.at);
            let (register, names) = (register.value.clone(), names.value.clone());
            entries.push(PictureEntries { register, names });
        }
        entries
    }

    fn picture_procedures(
        &mut self,
        pack: &Pack,
        part: &language::PicturePart,
        shown: &mut Shown,
    ) -> Vec<Name> {
        let mut procedures = Vec::new();
        for name in &part.procedures {
            // A procedure that did not read has faults of its own.
            let Some(own) = pack.procedures.get(&name.value) else {
                if !self.parsed.in_part {
                    let known = pack.procedures.keys().map(Name::as_str);
                    self.must_know(Kind::Procedure, name, known);
                }
                continue;
            };
            if own.applicant.iter().all(|kind| *kind == Applicant::Body) && own.against.is_none() {
                let zh = "这个程序的办件不属于任何当事人";
                let en = "its cases are of no party: a body starts them against nobody";
                self.fault("picture-procedure", name.at, zh, en);
            }
            self.once(shown.procedures.insert(name.value.clone()), name.at);
            procedures.push(name.value.clone());
        }
        procedures
    }

    fn once(&mut self, first: bool, at: Span) {
        if !first {
            let says = Text::new("本全景已经列出", "the picture shows it already");
            self.faults.push(Fault::new("shown-twice", at, says));
        }
    }
}
