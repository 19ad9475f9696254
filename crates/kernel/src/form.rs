//! The form: answers as people write them become typed facts, each checked where it stands.
//!
//! Personal answers are checked and then leave the form: the facts only say that they were given.

use std::collections::{BTreeMap, BTreeSet};

use base::{Date, Division, Fen, Name, Point, Reason, Text, id};
use pack::model::{Field, Input, Material, Mode, Need, Pack, Procedure, Section};
use rules::Value;

use crate::{
    command::{Handed, Supply},
    ledger::Paper,
    refusal::FormFault,
};

/// The answers as written: one or several texts for each question.
pub type Answers = BTreeMap<String, Vec<String>>;

/// A form that was read: what the ledger may keep, and what goes to the vault.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filled {
    /// The typed facts; personal ones only marked as given.
    pub facts: BTreeMap<String, Value>,
    /// The personal answers, by question.
    pub personal: BTreeMap<String, String>,
}

/// Reads the answers to a procedure's form. Questions left open are not faults here: a supplement
/// answers only some, and [`faults`] says which a filing still lacks.
///
/// # Errors
/// Every answer that does not fit its question, and every answer to no question.
pub fn read(
    pack: &Pack,
    procedure: &Procedure,
    answers: &Answers,
) -> Result<Filled, Vec<FormFault>> {
    read_sections(pack, &procedure.form, answers)
}

/// Reads the answers to some sections.
///
/// # Errors
/// Every answer that does not fit its question, and every answer to no question.
pub fn read_sections(
    pack: &Pack,
    sections: &[Section],
    answers: &Answers,
) -> Result<Filled, Vec<FormFault>> {
    let mut filled = Filled::default();
    let mut faults = unasked(sections, answers.keys());
    for field in sections.iter().flat_map(|section| &section.fields) {
        let written = answers.get(&field.path).map(Vec::as_slice).unwrap_or_default();
        let given: Vec<&str> =
            written.iter().map(|text| text.trim()).filter(|text| !text.is_empty()).collect();
        if given.is_empty() {
            continue;
        }
        match read_answer(pack, field, &given) {
            Ok(value) => keep(&mut filled, field, value, &given),
            Err(reason) => faults.push(FormFault { path: field.path.clone(), reason }),
        }
    }
    if faults.is_empty() { Ok(filled) } else { Err(faults) }
}

fn keep(filled: &mut Filled, field: &Field, value: Value, given: &[&str]) {
    let value = if field.personal { Value::Sealed } else { value };
    filled.facts.insert(field.path.clone(), value);
    if field.personal {
        filled.personal.insert(field.path.clone(), given.join("\n"));
    }
}

fn unasked<'a>(sections: &[Section], paths: impl Iterator<Item = &'a String>) -> Vec<FormFault> {
    let fields = sections.iter().flat_map(|section| &section.fields);
    let asked: BTreeSet<&str> = fields.map(|field| field.path.as_str()).collect();
    paths
        .filter(|path| !asked.contains(path.as_str()))
        .map(|path| {
            let near = base::near::near_miss(path, asked.iter().copied());
            FormFault { path: path.clone(), reason: not_asked(near) }
        })
        .collect()
}

pub(crate) fn not_asked(near: Option<&str>) -> Reason {
    let (zh, en) = near.map_or_else(Default::default, |near| {
        (format!("，是否指 `{near}`？"), format!("; did you mean `{near}`?"))
    });
    reason("not-asked", format!("表单没有此项{zh}"), format!("is not a question of the form{en}"))
}

/// Reads one answer.
///
/// # Errors
/// The [`Reason`] why it does not fit the question.
pub fn read_answer(pack: &Pack, field: &Field, given: &[&str]) -> Result<Value, Reason> {
    let value = read_input(pack, &field.input, given)?;
    match out_of_bounds(field, &value) {
        Some(reason) => Err(reason),
        None => Ok(value),
    }
}

/// Why a value lies outside the bounds of its question.
fn out_of_bounds(field: &Field, value: &Value) -> Option<Reason> {
    let (least, most) = (field.at_least.map(i64::from), field.at_most.map(i64::from));
    match value {
        Value::Integer(number) if least.is_some_and(|least| *number < least) => {
            Some(too_small(field.at_least.unwrap_or(0)))
        }
        Value::Integer(number) if most.is_some_and(|most| *number > most) => {
            Some(too_large(field.at_most.unwrap_or(0)))
        }
        Value::Integer(_) => None,
        _ => field.at_most.filter(|most| size(value) > *most as usize).map(|most| match value {
            Value::Codes(_) => too_many(most),
            _ => too_long(most),
        }),
    }
}

fn read_input(pack: &Pack, input: &Input, given: &[&str]) -> Result<Value, Reason> {
    if let Input::Codes(list) = input {
        let codes = given.iter().map(|code| known_code(pack, list.as_str(), code));
        return Ok(Value::Codes(codes.collect::<Result<_, _>>()?));
    }
    let [text] = given else { return Err(several()) };
    match input {
        Input::Text | Input::Bilingual => Ok(Value::Text((*text).to_owned())),
        Input::Integer => text.parse().map(Value::Integer).map_err(|_| not_a_number()),
        Input::Boolean => read_boolean(text),
        Input::Date => Date::parse(text).map(Value::Date),
        Input::Money => Fen::parse(text).map(Value::Money),
        Input::Division => read_division(pack, text).map(Value::Division),
        Input::Identifier(kind) => read_identifier(kind.as_str(), text),
        Input::Choice(options) => options
            .iter()
            .find(|(name, _)| name.as_str() == *text)
            .map(|(name, _)| Value::Choice(name.clone()))
            .ok_or_else(not_an_option),
        Input::Code(list) => known_code(pack, list.as_str(), text).map(Value::Code),
        Input::Entry(_) => Ok(Value::Text((*text).to_owned())),
        Input::Point => read_point(pack, text).map(Value::Point),
        Input::Codes(_) | Input::Bodies | Input::Party => Err(several()),
    }
}

fn read_boolean(text: &str) -> Result<Value, Reason> {
    match text {
        "yes" => Ok(Value::Boolean(true)),
        "no" => Ok(Value::Boolean(false)),
        _ => Err(not_an_option()),
    }
}

fn read_division(pack: &Pack, text: &str) -> Result<Division, Reason> {
    let division = Division::parse(text)?;
    let inside = pack.jurisdiction.as_ref().is_none_or(|whole| division.within(whole));
    if inside && pack.divisions.name(&division).is_some() {
        return Ok(division);
    }
    Err(reason(
        "unknown-division",
        "不是本辖区的行政区划代码，请从列表中选择",
        "is not a division of this jurisdiction; choose one from the list",
    ))
}

/// A place within the outlines of the jurisdiction, where the pack has them.
fn read_point(pack: &Pack, text: &str) -> Result<Point, Reason> {
    let point = Point::parse(text)?;
    if pack.outlines.as_ref().is_none_or(|outlines| outlines.surround(point)) {
        return Ok(point);
    }
    Err(reason(
        "outside",
        "在本辖区之外，请核对经纬度（先经度、后纬度）",
        "lies outside this jurisdiction; check it, longitude first and then latitude",
    ))
}

fn read_identifier(kind: &str, text: &str) -> Result<Value, Reason> {
    let kind = id::Kind::named(kind)?;
    id::check(kind, text).map(|()| Value::Text(text.to_owned()))
}

fn known_code(pack: &Pack, list: &str, code: &str) -> Result<String, Reason> {
    let table = pack.codes.get(list);
    let known = table.is_some_and(|table| table.codes.contains_key(code));
    known.then(|| code.to_owned()).ok_or_else(not_an_option)
}

fn size(value: &Value) -> usize {
    match value {
        Value::Text(text) => text.chars().count(),
        Value::Codes(codes) => codes.len(),
        _ => 0,
    }
}

/// What a filing still lacks or says wrongly: questions left open, facts of another kind, papers
/// missing or handed in in a way the procedure does not take.
pub fn faults(
    pack: &Pack,
    procedure: &Procedure,
    facts: &BTreeMap<String, Value>,
    materials: &Handed,
) -> Vec<FormFault> {
    let open = open(&procedure.form, facts);
    let missing = procedure
        .materials
        .iter()
        .filter(|material| material.need == Need::Always && !materials.contains_key(&material.name))
        .map(|material| FormFault { path: material.name.to_string(), reason: not_handed_in() });
    let early = procedure
        .materials
        .iter()
        .filter(|material| material.need == Need::Later && materials.contains_key(&material.name))
        .map(|material| FormFault { path: material.name.to_string(), reason: too_early() });
    let mut faults: Vec<FormFault> = open.into_iter().chain(missing).chain(early).collect();
    faults.extend(supply_faults(pack, procedure, facts, materials));
    faults
}

/// What is wrong in answers and papers handed in, whether or not they are all.
pub fn supply_faults(
    pack: &Pack,
    procedure: &Procedure,
    facts: &BTreeMap<String, Value>,
    materials: &Handed,
) -> Vec<FormFault> {
    let mut faults = unfit(pack, &procedure.form, facts);
    faults.extend(materials.iter().filter_map(|(name, paper)| {
        let material = procedure.materials.iter().find(|material| material.name == *name);
        let reason = paper_fault(material, paper)?;
        Some(FormFault { path: name.to_string(), reason })
    }));
    faults
}

/// What is wrong with sections filled in while a case runs.
pub fn filled_faults(
    pack: &Pack,
    sections: &[Section],
    facts: &BTreeMap<String, Value>,
) -> Vec<FormFault> {
    let mut faults = open(sections, facts);
    faults.extend(unfit(pack, sections, facts));
    faults
}

/// The questions that must be answered and are not.
fn open(sections: &[Section], facts: &BTreeMap<String, Value>) -> Vec<FormFault> {
    let fields = sections.iter().flat_map(|section| &section.fields);
    fields
        .filter(|field| field.need == Need::Always && !facts.contains_key(&field.path))
        .map(|field| FormFault { path: field.path.clone(), reason: unanswered() })
        .collect()
}

/// The answers to no question, and those of another kind than asked for.
fn unfit(pack: &Pack, sections: &[Section], facts: &BTreeMap<String, Value>) -> Vec<FormFault> {
    let mut faults = unasked(sections, facts.keys());
    let fields = sections.iter().flat_map(|section| &section.fields);
    faults.extend(fields.filter_map(|field| {
        let value = facts.get(&field.path)?;
        let sealed = *value == Value::Sealed;
        let good = if field.personal { sealed } else { fits(pack, &field.input, value) };
        let reason = if good { out_of_bounds(field, value)? } else { wrong_kind() };
        Some(FormFault { path: field.path.clone(), reason })
    }));
    faults
}

fn paper_fault(material: Option<&Material>, paper: &Paper) -> Option<Reason> {
    let Some(material) = material else { return Some(not_asked(None)) };
    if !material.modes.contains(&paper.mode) {
        return Some(not_that_way());
    }
    let empty = paper.mode == Mode::Upload && paper.digest.len() != 32;
    empty.then(not_handed_in)
}

/// That a paper was not handed in.
pub(crate) fn missing(paper: &str) -> FormFault {
    FormFault { path: paper.to_owned(), reason: not_handed_in() }
}

/// How a commitment is named among the answers of a form.
pub fn commitment_path(commitment: &Name) -> String {
    format!("commitment:{commitment}")
}

/// Whether the form asks for `item`: a question by its path, or a paper by its name.
pub fn asks(procedure: &Procedure, item: &str) -> bool {
    procedure.fields().any(|field| field.path == item)
        || procedure.materials.iter().any(|material| material.name.as_str() == item)
}

/// Whether `supply` holds `item`.
pub fn supplies(supply: &Supply, item: &str) -> bool {
    supply.facts.contains_key(item) || supply.materials.contains_key(item)
}

/// Whether `value` is of the kind `input` gives, with options and codes that exist.
pub fn fits(pack: &Pack, input: &Input, value: &Value) -> bool {
    match (input, value) {
        (Input::Text | Input::Entry(_), Value::Text(_))
        | (Input::Party, Value::Party(_))
        | (Input::Integer, Value::Integer(_))
        | (Input::Boolean, Value::Boolean(_))
        | (Input::Date, Value::Date(_))
        | (Input::Point, Value::Point(_))
        | (Input::Money, Value::Money(_))
        | (Input::Bilingual, Value::Bilingual(_)) => true,
        (Input::Division, Value::Division(division)) => pack.divisions.name(division).is_some(),
        (Input::Identifier(kind), Value::Text(text)) => {
            read_identifier(kind.as_str(), text).is_ok()
        }
        (Input::Choice(options), Value::Choice(name)) => options.iter().any(|(n, _)| n == name),
        (Input::Bodies, Value::Codes(_)) => true,
        (Input::Code(list), Value::Code(code)) => known_code(pack, list.as_str(), code).is_ok(),
        (Input::Codes(list), Value::Codes(codes)) => {
            codes.iter().all(|code| known_code(pack, list.as_str(), code).is_ok())
        }
        _ => false,
    }
}

fn reason(word: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Reason {
    Reason { word, says: Text::new(zh, en) }
}

fn unanswered() -> Reason {
    reason("unanswered", "必填，请填写", "must be answered; fill it in")
}

/// That a key is no entry of the register it should be of.
pub fn no_such_entry() -> Reason {
    reason(
        "no-such-entry",
        "登记簿中没有这一编号，请核对",
        "is no entry of that register; check the key",
    )
}

fn not_handed_in() -> Reason {
    reason("not-handed-in", "必须提交，请上传", "must be handed in; send the file")
}

fn too_early() -> Reason {
    reason(
        "too-early",
        "事后提交，申请时请勿附上",
        "is handed in later, when asked for; leave it out now",
    )
}

fn not_that_way() -> Reason {
    reason("not-that-way", "不接受这种提交方式", "cannot be handed in that way; use one listed")
}

fn wrong_kind() -> Reason {
    reason("wrong-kind", "内容类型不符", "is not the kind of answer asked for")
}

fn several() -> Reason {
    reason("several", "只能填写一项", "takes one answer only")
}

fn not_a_number() -> Reason {
    reason("not-a-number", "须为整数", "must be a whole number")
}

fn not_an_option() -> Reason {
    reason("not-an-option", "不在可选范围内，请从列表中选择", "is not an option; choose one listed")
}

fn too_small(limit: u32) -> Reason {
    reason("too-small", format!("不得小于 {limit}"), format!("must be at least {limit}"))
}

fn too_large(limit: u32) -> Reason {
    reason("too-large", format!("不得大于 {limit}"), format!("must be at most {limit}"))
}

fn too_many(limit: u32) -> Reason {
    reason("too-long", format!("不得超过 {limit} 项"), format!("may name at most {limit}"))
}

fn too_long(limit: u32) -> Reason {
    reason(
        "too-long",
        format!("不得超过 {limit} 个字"),
        format!("may have at most {limit} characters"),
    )
}
