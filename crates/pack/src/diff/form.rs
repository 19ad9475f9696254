//! What an applicant fills in, hands in and promises.

use base::Text;

use super::{
    Pair, condition,
    notes::{Found, Notes, names, paired, yes},
};
use crate::model::{Commitment, Field, Input, Material, Need, Procedure, Section};

pub(super) fn compare(old: &Procedure, new: &Procedure, notes: &mut Notes) {
    let before = old.fields().map(|field| (field.path.as_str(), field));
    let after = new.fields().map(|field| (field.path.as_str(), field));
    for (path, found) in paired(before, after) {
        match found {
            Found::Added(field) => asked(path, field, true, notes),
            Found::Dropped(field) => asked(path, field, false, notes),
            Found::Both(old, new) => question(path, old, new, notes),
        }
    }
    let headings = |p: &Procedure| -> Vec<Section> {
        let bare = |section: &Section| Section { fields: Vec::new(), ..section.clone() };
        p.form.iter().map(bare).collect()
    };
    notes.reworded("form", &headings(old), &headings(new), notes.differences.len());
    let before = old.materials.iter().map(|m| (m.name.as_str(), m));
    let after = new.materials.iter().map(|m| (m.name.as_str(), m));
    for (name, found) in paired(before, after) {
        match found {
            Found::Added(paper) => handed(name, paper, true, notes),
            Found::Dropped(paper) => handed(name, paper, false, notes),
            Found::Both(old, new) => material(name, old, new, notes),
        }
    }
}

fn needed(need: Need) -> Text {
    match need {
        Need::Always => Text::new("必须提供", "must be given"),
        Need::Optional => Text::new("可以不提供", "may be left out"),
        Need::Later => Text::new("决定后再提供", "is handed in after the decision"),
    }
}

fn asked(path: &str, field: &Field, added: bool, notes: &mut Notes) {
    let Text { zh, en } = &field.title;
    let place = format!("form.{path}");
    if added {
        let need = needed(field.need);
        let zh = format!("表单新增一问：{zh}（{}）", need.zh);
        let says = Text::new(zh, format!("the form asks one thing more: {en} ({})", need.en));
        notes.come_to(&place, says, "多一问", "one question more");
    } else {
        let zh = format!("表单不再问：{zh}");
        let says = Text::new(zh, format!("the form no longer asks: {en}"));
        notes.come_to(&place, says, "少一问", "one question fewer");
    }
}

fn question(path: &str, old: &Field, new: &Field, notes: &mut Notes) {
    let since = notes.differences.len();
    let place = format!("form.{path}");
    let Text { zh, en } = &new.title;
    let what =
        |zh_what: &str, en_what: &str| (format!("{zh}，{zh_what}"), format!("{en}, {en_what}"));
    let mut turned = |zh: &str, en: &str, old: Text, new: Text| {
        let what = what(zh, en);
        notes.turned(&place, (&what.0, &what.1), &old, &new);
    };
    turned("是否必答", "whether it is needed", needed(old.need), needed(new.need));
    turned("答案种类", "kind of answer", input(&old.input), input(&new.input));
    turned("是否个人信息", "a personal detail", yes(old.personal), yes(new.personal));
    turned("最少", "at least", names(old.at_least), names(new.at_least));
    turned("最多", "at most", names(old.at_most), names(new.at_most));
    notes.reworded(&place, old, new, since);
}

/// How an answer is given, in words.
pub(super) fn input(input: &Input) -> Text {
    match input {
        Input::Choice(options) => {
            let zh: Vec<&str> = options.iter().map(|(_, title)| title.zh.as_str()).collect();
            let en: Vec<&str> = options.iter().map(|(_, title)| title.en.as_str()).collect();
            Text::new(format!("选项（{}）", zh.join("、")), format!("one of ({})", en.join(", ")))
        }
        Input::Identifier(kind) => {
            Text::new(format!("标识（{kind}）"), format!("an identifier ({kind})"))
        }
        other => other.value_type().title(),
    }
}

fn handed(name: &str, paper: &Material, added: bool, notes: &mut Notes) {
    let Text { zh, en } = &paper.title;
    let place = format!("materials.{name}");
    if added {
        let need = needed(paper.need);
        let zh = format!("新增材料：{zh}（{}）", need.zh);
        let says = Text::new(zh, format!("a paper more: {en} ({})", need.en));
        notes.come_to(&place, says, "多一份材料", "one paper more");
    } else {
        let zh = format!("不再要求材料：{zh}");
        let says = Text::new(zh, format!("a paper is no longer asked for: {en}"));
        notes.come_to(&place, says, "少一份材料", "one paper fewer");
    }
}

fn material(name: &str, old: &Material, new: &Material, notes: &mut Notes) {
    let since = notes.differences.len();
    let place = format!("materials.{name}");
    let Text { zh, en } = &new.title;
    let (zh, en) = (format!("材料“{zh}”"), format!("the paper “{en}”"));
    notes.turned(&place, (&zh, &en), &needed(old.need), &needed(new.need));
    let modes = |paper: &Material| names(paper.modes.iter().map(|mode| mode.word()));
    let what = (format!("{zh}提交方式"), format!("how {en} is handed in"));
    notes.turned(&place, (&what.0, &what.1), &modes(old), &modes(new));
    notes.reworded(&place, old, new, since);
}

/// The promises that may be signed.
pub(super) fn commitments(pair: &Pair<'_>, old: &Procedure, new: &Procedure, notes: &mut Notes) {
    let before = old.commitments.iter().map(|(name, own)| (name.as_str(), own));
    let after = new.commitments.iter().map(|(name, own)| (name.as_str(), own));
    for (name, found) in paired(before, after) {
        let place = format!("commitments.{name}");
        match found {
            Found::Added(own) => {
                let (zh, en) = (&own.title.zh, &own.title.en);
                let zh = format!("新增告知承诺：{zh}");
                let says = Text::new(zh, format!("a promise may now be signed: {en}"));
                notes.come_to(&place, says, "多一条办理途径", "one more way to go");
            }
            Found::Dropped(own) => {
                let (zh, en) = (&own.title.zh, &own.title.en);
                let zh = format!("取消告知承诺：{zh}");
                let says = Text::new(zh, format!("a promise can no longer be signed: {en}"));
                notes.come_to(&place, says, "少一条办理途径", "one way fewer to go");
            }
            Found::Both(before, after) => {
                commitment(&place, before, after, notes);
                condition::promise(pair, &place, (old, before), (new, after), notes);
            }
        }
    }
}

fn commitment(place: &str, old: &Commitment, new: &Commitment, notes: &mut Notes) {
    let since = notes.differences.len();
    let covers = ("承诺代替的条件", "the conditions a promise stands in for");
    notes.turned(place, covers, &names(&old.covers), &names(&new.covers));
    let evidence = ("履约须交的材料", "the papers that show it was kept");
    notes.turned(place, evidence, &names(&old.evidence), &names(&new.evidence));
    notes.turned(place, ("承诺的内容", "the words promised"), &old.says, &new.says);
    let rest = |own: &Commitment| (own.title.clone(), own.basis.clone());
    notes.reworded(place, &rest(old), &rest(new), since);
}
