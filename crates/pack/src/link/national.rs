//! What every procedure stands on: days, divisions, offices, codes and figures.

use std::collections::BTreeMap;

use base::{
    Calendar, Citation, Date, Division, Divisions, Name, Outlines, Reason, Text, Zone, id::Uscc,
};
use rules::{
    Value,
    figure::{DatedFigure, Figure},
};

use super::{Kind, Linker, jurisdiction};
use crate::{
    fault::Fault,
    language::{self, Level, Manifest, PowerSource},
    model::{
        Body, CodeTable, Competent, Delegation, LevelOf, Office, Pack, PackHash, TitledFigure,
    },
    node::Span,
    read::Spanned,
};

/// Where the days of the calendar stand.
const CALENDAR: &str = "calendar/workdays.csv";
/// Where the divisions stand.
const DIVISIONS: &str = "divisions.csv";
/// Where their outlines stand.
const OUTLINES: &str = "outlines.csv";

impl Linker<'_> {
    /// The pack without its forms, registers and procedures.
    pub(super) fn national(&mut self, own: &Manifest, hash: PackHash) -> Option<Pack> {
        Some(Pack {
            hash,
            name: own.pack.clone(),
            title: own.title.clone(),
            invented: own.invented.unwrap_or(false),
            jurisdiction: jurisdiction(&self.parsed.manifests).map(|d| d.value.clone()),
            zone: self.zone(own)?,
            in_force: own.in_force,
            calendar: self.calendar(own)?,
            divisions: self.divisions(own)?,
            outlines: self.outlines(),
            outlined_by: self.outlined_by(),
            offices: self.offices(),
            delegations: Vec::new(),
            codes: self.codes(),
            figures: self.figures(),
            sections: BTreeMap::new(),
            handled: None,
            registers: BTreeMap::new(),
            tables: BTreeMap::new(),
            migrations: BTreeMap::new(),
            feeds: BTreeMap::new(),
            knowledge: BTreeMap::new(),
            finding_kinds: BTreeMap::new(),
            rules: BTreeMap::new(),
            risks: BTreeMap::new(),
            credits: BTreeMap::new(),
            boards: BTreeMap::new(),
            pictures: BTreeMap::new(),
            remedies: BTreeMap::new(),
            service: None,
            procedures: BTreeMap::new(),
            life_events: Vec::new(),
            access: self.parsed.access.clone(),
        })
    }

    fn zone(&mut self, own: &Manifest) -> Option<Zone> {
        let zone = self.parsed.manifests.iter().rev().find_map(|m| m.zone.clone());
        if zone.is_none() {
            self.fault("no-zone", own.at, "没有时区", "no zone says whose days are counted");
        }
        zone
    }

    fn calendar(&mut self, own: &Manifest) -> Option<Calendar> {
        let (at, text) = self.sheets(CALENDAR).pop().unwrap_or((own.at, String::new()));
        self.reasoned("calendar", at, Calendar::from_csv(&text))
    }

    fn divisions(&mut self, own: &Manifest) -> Option<Divisions> {
        let sheets = self.sheets(DIVISIONS);
        let at = sheets.last().map_or(own.at, |(at, _)| *at);
        let texts: Vec<&str> = sheets.iter().map(|(_, text)| text.as_str()).collect();
        let divisions = self.reasoned("divisions", at, Divisions::from_csv(&texts))?;
        if let Some(place) = jurisdiction(&self.parsed.manifests)
            && divisions.name(&place.value).is_none()
        {
            self.fault(
                "unknown-division",
                place.at,
                "区划表中没有这一代码",
                "the table of divisions does not have this code",
            );
        }
        Some(divisions)
    }

    /// How the divisions of the city lie; a national pack has none.
    fn outlines(&mut self) -> Option<Outlines> {
        let (at, text) = self.sheets(OUTLINES).pop()?;
        if self.outlined_by().is_empty() {
            let zh = "轮廓须用 outlines 写明来源";
            let en = "outlines say what they are drawn from under `outlines`";
            self.fault("outlines-unsourced", at, zh, en);
        }
        self.reasoned("outlines", at, Outlines::from_csv(&text))
    }

    /// What the outlines are drawn from.
    fn outlined_by(&self) -> Vec<Citation> {
        let manifests = self.parsed.manifests.iter().rev();
        let mut sourced = manifests.map(|manifest| &manifest.outlines);
        sourced.find(|sources| !sources.is_empty()).cloned().unwrap_or_default()
    }

    /// The texts of a sheet, parents first, each with the place of its first line.
    fn sheets(&self, path: &str) -> Vec<(Span, String)> {
        let sheets = self.parsed.sheets.get(path).into_iter().flatten();
        sheets
            .map(|(file, text)| {
                let end = text.find('\n').unwrap_or(text.len());
                (Span { file: *file, start: 0, end }, text.clone())
            })
            .collect()
    }

    /// A value, or a fault with the reason it is none.
    pub(super) fn reasoned<T>(
        &mut self,
        word: &'static str,
        at: Span,
        read: Result<T, Reason>,
    ) -> Option<T> {
        read.map_err(|reason| self.faults.push(Fault::new(word, at, reason.says))).ok()
    }

    fn offices(&mut self) -> BTreeMap<Name, Office> {
        let parsed = self.parsed;
        let offices = parsed.authorities.iter().flat_map(|a| a.offices.iter());
        let linked: Vec<_> = offices
            .map(|(name, office)| (name.value.clone(), name.at, self.office(office)))
            .collect();
        self.unique(linked)
    }

    fn office(&mut self, office: &language::Office) -> Office {
        let bodies = office.bodies.iter().map(|body| self.body(body)).collect();
        Office { title: office.title.clone(), bodies }
    }

    fn body(&mut self, body: &language::Body) -> Body {
        self.must_run_forward(body.at, body.from, body.until);
        Body {
            level: body.level,
            title: body.title.clone(),
            short: body.short.clone().unwrap_or_else(|| body.title.clone()),
            from: body.from,
            until: body.until,
            power: body.power.unwrap_or(PowerSource::Statutory),
            basis: body.basis.clone(),
            codes: body.codes.iter().filter_map(|code| self.body_code(code)).collect(),
        }
    }

    fn body_code(&mut self, written: &language::BodyCode) -> Option<(Division, Uscc)> {
        let code = Uscc::parse(&written.code.value);
        let code = self.reasoned("not-a-credit-code", written.code.at, code)?;
        Some((written.division.clone(), code))
    }

    /// Powers handed over: each names an office, two of its levels, and procedures that there are.
    pub(super) fn delegations(&mut self, pack: &Pack) -> Vec<Delegation> {
        let parsed = self.parsed;
        let written = parsed.authorities.iter().flat_map(|a| &a.delegations);
        written.map(|delegation| self.delegation(pack, delegation)).collect()
    }

    fn delegation(&mut self, pack: &Pack, written: &language::Delegation) -> Delegation {
        self.must_run_forward(written.at, written.from, written.until);
        self.must_know(Kind::Office, &written.office, pack.offices.keys().map(Name::as_str));
        for procedure in &written.procedures {
            let known = pack.procedures.keys().map(Name::as_str);
            self.must_know(Kind::Procedure, procedure, known);
        }
        if written.from_level == written.to_level || written.procedures.is_empty() {
            let at = self.first_line(written.at);
            let zh = "委托须在不同层级之间，并写明哪些办事程序";
            let en = "a power is handed from one level to another, for procedures that are named";
            self.fault("delegates-nothing", at, zh, en);
        }
        self.check_handed(pack, written);
        Delegation {
            title: written.title.clone(),
            office: written.office.value.clone(),
            from_level: written.from_level,
            to_level: written.to_level,
            procedures: written.procedures.iter().map(|name| name.value.clone()).collect(),
            from: written.from,
            until: written.until,
            basis: written.basis.clone(),
        }
    }

    /// Who hands over has the power in each procedure, and who takes over is there.
    fn check_handed(&mut self, pack: &Pack, written: &language::Delegation) {
        let office = pack.offices.get(&written.office.value);
        let there = |level: Level| office.is_none_or(|o| o.bodies.iter().any(|b| b.level == level));
        if !there(written.to_level) {
            let zh = "该机关在受托的层级没有设置";
            let en = "the office has no body on the level to which it is handed";
            self.fault("delegates-to-nobody", written.office.at, zh, en);
        }
        for name in &written.procedures {
            let Some(procedure) = pack.procedures.get(&name.value) else { continue };
            let bodies = std::iter::once(&procedure.competent).chain(procedure.bodies.values());
            let has = |body: &Competent| {
                body.office.as_ref() == Some(&written.office.value)
                    && !matches!(body.level, LevelOf::Fixed(level) if level != written.from_level)
            };
            if !bodies.into_iter().any(has) {
                let zh = "委托机关在这一程序中没有职权";
                let en = "who hands over does not act in this procedure on that level";
                self.fault("delegates-no-power", name.at, zh, en);
            }
        }
    }

    pub(super) fn must_run_forward(&mut self, at: Span, from: Date, until: Option<Date>) {
        if until.is_some_and(|until| until <= from) {
            self.fault("ends-before-start", at, "止于起始之前", "it ends before it begins");
        }
    }

    fn codes(&mut self) -> BTreeMap<Name, CodeTable> {
        let parsed = self.parsed;
        let lists = parsed.manifests.iter().flat_map(|manifest| manifest.codes.iter());
        let linked: Vec<_> = lists
            .map(|(name, list)| (name.value.clone(), name.at, self.code_table(name, &list.title)))
            .collect();
        self.unique(linked)
    }

    fn code_table(&mut self, name: &Spanned<Name>, title: &Text) -> CodeTable {
        let sheets = self.sheets(&format!("codes/{}.csv", name.value));
        if sheets.is_empty() {
            let says = "codes 文件夹中没有同名的 csv 文件";
            self.fault("no-code-file", name.at, says, "the codes folder has no csv of this name");
        }
        let codes = sheets.iter().flat_map(|(_, text)| code_rows(text)).collect();
        CodeTable { title: title.clone(), codes }
    }

    fn figures(&mut self) -> BTreeMap<Name, TitledFigure> {
        let parsed = self.parsed;
        let figures = parsed.figures.iter().flat_map(|file| file.figures.iter());
        let linked: Vec<_> = figures
            .map(|(name, figure)| (name.value.clone(), name.at, self.figure(figure)))
            .collect();
        self.unique(linked)
    }

    fn figure(&mut self, figure: &language::FigureSource) -> TitledFigure {
        for value in &figure.values {
            self.must_run_forward(value.at, value.from, value.until);
        }
        let values = figure.values.iter().map(dated).collect();
        TitledFigure {
            title: figure.title.clone(),
            unit: figure.unit.clone(),
            figure: Figure { values },
        }
    }
}

fn dated(value: &language::DatedValue) -> DatedFigure {
    DatedFigure {
        from: value.from,
        until: value.until,
        value: Value::Integer(value.value.value),
        basis: vec![value.basis.clone()],
    }
}

/// The codes of a sheet with columns `code,name_zh,name_en`; where no English name stands, the
/// Chinese one does.
fn code_rows(text: &str) -> Vec<(String, Text)> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let Ok(headers) = reader.headers().cloned() else { return Vec::new() };
    let column = |name: &str| headers.iter().position(|header| header == name);
    let (code, zh, en) = (column("code"), column("name_zh"), column("name_en"));
    let records = reader.records().filter_map(Result::ok);
    records
        .filter_map(|record| {
            let cell = |at: Option<usize>| at.and_then(|at| record.get(at)).unwrap_or_default();
            let name_en = if cell(en).is_empty() { cell(zh) } else { cell(en) };
            (!cell(code).is_empty()).then(|| (cell(code).to_owned(), Text::new(cell(zh), name_en)))
        })
        .collect()
}
