//! Pictures: what supervisors come to see of a party, or see no more.

use base::{Name, Text};

use super::{
    Pair,
    notes::{Found, Notes, names, paired},
};
use crate::model::{Picture, PictureEntries, PicturePart};

pub(super) fn compare(pair: &Pair<'_>, notes: &mut Notes) {
    let before = pair.before.pictures.iter().map(|(name, own)| (name.as_str(), own));
    let after = pair.after.pictures.iter().map(|(name, own)| (name.as_str(), own));
    for (name, found) in paired(before, after) {
        let (Found::Added(own) | Found::Dropped(own) | Found::Both(_, own)) = &found;
        let whom = Text::new("监管人员和被监管的当事人", "supervisors and whom they supervise");
        notes.begin(own.title.clone(), whom);
        match found {
            Found::Added(_) => notes.say(name, Text::new("新增全景", "a new picture")),
            Found::Dropped(_) => notes.say(name, Text::new("取消全景", "the picture is dropped")),
            Found::Both(old, new) => {
                notes.inside(name);
                picture(old, new, notes);
            }
        }
    }
}

fn picture(old: &Picture, new: &Picture, notes: &mut Notes) {
    let since = notes.differences.len();
    let carried = |own: &Picture| names(&own.carries_out);
    notes.turned("carries_out", ("落实的措施", "carries out"), &carried(old), &carried(new));
    let parts = |own: &Picture| names(own.parts.iter().map(part));
    notes.turned("parts", ("内容", "what it shows"), &parts(old), &parts(new));
    let depends = |own: &Picture| names(own.depends.iter().map(entries));
    notes.turned("depends", ("依存关系", "what rests on what"), &depends(old), &depends(new));
    notes.reworded("picture", old, new, since);
}

fn part((name, part): &(Name, PicturePart)) -> String {
    let registers = part.registers.iter().map(Name::to_string);
    let entries = part.entries.iter().map(entries);
    let procedures = part.procedures.iter().map(|own| format!("/{own}"));
    let shown: Vec<String> = registers.chain(entries).chain(procedures).collect();
    format!("{name}: {}", shown.join(" "))
}

fn entries(own: &PictureEntries) -> String {
    format!("{}({})", own.register, own.names)
}
