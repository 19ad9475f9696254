//! From a row to what is handed to the store: the filing of a case and the choice that decides it.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use base::{Instant, Name, Reason, Text};
use kernel::{
    Actor, BodyId, Command, Refusal,
    command::{Choose, File, Handed},
    decide::competent_for,
    form::{self, Answers, Filled},
    ledger::Through,
    refusal::FormFault,
};
use pack::model::{Applicant, Input, Pack, Procedure, Stage};
use sha2::{Digest, Sha256};
use store::Submission;

use super::{Row, Sheet};
use crate::{city, cli::Stopped};

/// What separates the codes of one cell.
const BETWEEN: [char; 5] = [';', '；', '、', '|', '\n'];

/// Whose officers take the rows over.
#[derive(Debug, Clone)]
pub(crate) enum Whose {
    /// Those of one body; rows for which another is competent are refused.
    One(BodyId),
    /// Those of whichever body of an office is competent for the row.
    Each(Name),
}

impl Whose {
    /// The office.
    pub(crate) fn office(&self) -> &Name {
        match self {
            Self::One(body) => &body.office,
            Self::Each(office) => office,
        }
    }
}

/// How rows are taken over.
pub(crate) struct Order<'p> {
    pack: &'p Pack,
    procedure: &'p Procedure,
    whose: Arc<Whose>,
    outcome: Name,
    /// What is answered where a row has nothing; `{source}` and `{row}` stand for where it is from.
    answers: BTreeMap<String, String>,
}

impl<'p> Order<'p> {
    /// An order that fits its procedure.
    pub(crate) fn new(
        pack: &'p Pack,
        procedure: &Name,
        whose: Arc<Whose>,
        outcome: &Name,
        answers: BTreeMap<String, String>,
    ) -> Result<Self, Stopped> {
        let unknown = || Stopped(format!("`{procedure}` is no procedure of `{}`", pack.name));
        let procedure = pack.procedures.get(procedure).ok_or_else(unknown)?;
        fits(procedure, &whose, outcome)?;
        Ok(Self { pack, procedure, whose, outcome: outcome.clone(), answers })
    }

    /// Refuses columns and answers to which the form has no question, all at once.
    pub(crate) fn must_ask(&self, sheet: &Sheet) -> Result<(), Stopped> {
        let paths = sheet.questions.iter().chain(self.answers.keys());
        let answers: Answers = paths.map(|path| (path.clone(), Vec::new())).collect();
        let faults = form::read(self.pack, self.procedure, &answers).err().unwrap_or_default();
        let says: Vec<String> = faults
            .iter()
            .map(|fault| format!("`{}` {}", fault.path, fault.reason.says.en))
            .collect();
        if says.is_empty() { Ok(()) } else { Err(Stopped(says.join(", "))) }
    }

    /// What is handed to the store for a row.
    pub(crate) fn of(
        &self,
        sheet: &Sheet,
        row: &Row,
        at: Instant,
    ) -> Result<(Submission, Choose), Refusal> {
        let filled = self.filled(sheet, row)?;
        let body = self.body(&filled, at)?;
        let party = city::party(&format!("invented officer who takes over for {body}"));
        let command = Command::File(File {
            through: Through::Own,
            on_paper: false,
            signed: None,
            procedure: self.procedure.name.clone(),
            applicant: party,
            kind: Applicant::Body,
            subjects: BTreeMap::new(),
            facts: filled.facts,
            materials: Handed::new(),
            commitments: BTreeSet::new(),
        });
        let actor = Actor::Officer(party, body);
        let key = self.key(sheet, row);
        let filing =
            Submission { key, actor, at, case: None, seen: None, command, personal: Vec::new() };
        Ok((filing, self.choice(row)))
    }

    /// The row as the form reads it, with everything that is wrong or missing named at once.
    fn filled(&self, sheet: &Sheet, row: &Row) -> Result<Filled, Refusal> {
        let answers = self.answers(sheet, row);
        let (filled, mut faults) = match form::read(self.pack, self.procedure, &answers) {
            Ok(filled) => (filled, Vec::new()),
            Err(faults) => (Filled::default(), faults),
        };
        let open = form::faults(self.pack, self.procedure, &filled.facts, &Handed::new());
        faults.extend(open.into_iter().filter(|fault| !answers.contains_key(&fault.path)));
        if row.cells.len() > sheet.header.len() {
            faults.push(surplus(sheet.header.len()));
        }
        if faults.is_empty() { Ok(filled) } else { Err(Refusal::Form(faults)) }
    }

    fn answers(&self, sheet: &Sheet, row: &Row) -> Answers {
        let mut texts: BTreeMap<String, String> = BTreeMap::new();
        for (path, text) in &self.answers {
            let text = text.replace("{source}", &row.source);
            texts.insert(path.clone(), text.replace("{row}", &row.number.to_string()));
        }
        texts.extend(sheet.answered(row).map(|(path, cell)| (path.to_owned(), cell.to_owned())));
        texts.into_iter().map(|(path, text)| (path.clone(), self.split(&path, text))).collect()
    }

    /// The cell of a question that takes several codes holds them all.
    fn split(&self, path: &str, text: String) -> Vec<String> {
        let field = self.procedure.fields().find(|field| field.path == path);
        match field.map(|field| &field.input) {
            Some(Input::Codes(_)) => text.split(BETWEEN).map(str::to_owned).collect(),
            _ => vec![text],
        }
    }

    /// The body for which an officer takes the row over.
    fn body(&self, filled: &Filled, at: Instant) -> Result<BodyId, Refusal> {
        let day = self.pack.zone.day_of(at);
        let nobody = || Refusal::NoCompetentBody(self.procedure.competent.of.clone());
        let body = competent_for(self.pack, self.procedure, &filled.facts, day);
        let body = body.ok_or_else(nobody)?;
        match self.whose.as_ref() {
            Whose::One(own) if *own != body => Err(Refusal::NotCompetent),
            _ => Ok(body),
        }
    }

    /// The same for the same row of the same source, whichever way the columns are ordered.
    fn key(&self, sheet: &Sheet, row: &Row) -> String {
        let mut said: Vec<(&str, &str)> = sheet.answered(row).collect();
        said.sort_unstable();
        let mut digest = Sha256::new();
        let whose = [self.procedure.name.as_str(), row.source.as_str()];
        for part in whose.into_iter().chain(said.into_iter().flat_map(|(path, cell)| [path, cell]))
        {
            digest.update((part.len() as u64).to_le_bytes());
            digest.update(part);
        }
        let digest: String = digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        format!("takeover-{}-{digest}", row.number)
    }

    /// The reasons are part of what makes a submission the same: they speak both languages, for
    /// whoever runs the command again may speak the other.
    fn choice(&self, row: &Row) -> Choose {
        let (source, number) = (&row.source, row.number);
        Choose {
            step: self.procedure.begins.clone(),
            outcome: self.outcome.clone(),
            reasons: format!(
                "批量接管：{source}，第 {number} 行（经办人为虚构） / taken over from {source}, \
                 row {number} (the officer is invented)"
            ),
            items: Vec::new(),
            facts: BTreeMap::new(),
        }
    }
}

/// Whether rows can be taken over by that procedure, that office and that outcome.
fn fits(procedure: &Procedure, whose: &Whose, outcome: &Name) -> Result<(), Stopped> {
    let name = &procedure.name;
    if !procedure.applicant.contains(&Applicant::Body) {
        return Err(Stopped(format!("`{name}` is not started by bodies")));
    }
    if procedure.fields().any(|field| field.personal) {
        return Err(Stopped(format!("`{name}` asks for personal details; file its rows by hand")));
    }
    let Some(office) = &procedure.competent.office else {
        return Err(Stopped(format!("whose hands `{name}` is in, each case says for itself")));
    };
    if whose.office() != office {
        return Err(Stopped(format!("`{name}` is in the hands of `{office}`")));
    }
    let stage = procedure.stage(procedure.begins.as_str());
    if stage.and_then(|stage| stage.outcome(outcome)).is_none() {
        return Err(Stopped(format!("`{outcome}` is not among {}", outcomes(stage))));
    }
    Ok(())
}

fn outcomes(stage: Option<&Stage>) -> String {
    let outcomes = stage.into_iter().flat_map(|stage| &stage.outcomes);
    outcomes.map(|(name, _)| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

fn surplus(columns: usize) -> FormFault {
    let says = Text::new(
        format!("多于表头的 {columns} 列，请检查分隔符"),
        format!("has more cells than the header's {columns}; look for a stray separator"),
    );
    FormFault { path: "row".to_owned(), reason: Reason { word: "surplus-cells", says } }
}
