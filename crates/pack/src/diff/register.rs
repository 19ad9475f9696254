//! Registers, certificates, remedies, codes and tables.

use base::{Citation, Text};

use super::{
    Pair,
    body::acting,
    condition,
    form::input,
    notes::{Found, Notes, names, paired, yes},
    procedure::term,
    service,
};
use crate::model::{Certificate, CodeTable, Limit, Register, RegisterField, Remedy, Table};

pub(super) fn compare(pair: &Pair<'_>, notes: &mut Notes) {
    registers(pair, notes);
    remedies(pair, notes);
    service::compare(pair, notes);
    codes(pair, notes);
    tables(pair, notes);
}

fn named(zh: &str, en: &str, title: &Text) -> Text {
    Text::new(format!("{zh}：{}", title.zh), format!("{en}: {}", title.en))
}

fn registers(pair: &Pair<'_>, notes: &mut Notes) {
    let before = pair.before.registers.iter().map(|(name, own)| (name.as_str(), own));
    let after = pair.after.registers.iter().map(|(name, own)| (name.as_str(), own));
    for (name, found) in paired(before, after) {
        let (Found::Added(own) | Found::Dropped(own) | Found::Both(_, own)) = &found;
        let Text { zh, en } = &own.title;
        notes.begin(
            own.title.clone(),
            Text::new(format!("查阅“{zh}”的人"), format!("whoever reads “{en}”")),
        );
        match found {
            Found::Added(_) => notes.say(name, Text::new("新增登记簿", "a new register")),
            Found::Dropped(_) => {
                notes.say(name, Text::new("取消登记簿", "the register is dropped"));
            }
            Found::Both(old, new) => {
                notes.inside(name);
                register(pair, old, new, notes);
            }
        }
    }
}

fn register(pair: &Pair<'_>, old: &Register, new: &Register, notes: &mut Notes) {
    let since = notes.differences.len();
    notes.turned("public", ("公开", "open to anybody"), &yes(old.public), &yes(new.public));
    let head = ("条目以何项为题", "what heads an entry");
    notes.turned("headed", head, &names([&old.headed]), &names([&new.headed]));
    condition::in_force(pair, old, new, notes);
    let until = |own: &Register| names(own.lasts_until.iter());
    notes.turned("lasts_until", ("在册至", "in force until"), &until(old), &until(new));
    let shown = |own: &Register| names(own.published_until.iter());
    let what = ("公示至", "open to anybody until");
    notes.turned("published_until", what, &shown(old), &shown(new));
    let ended = ("记载办结的案件", "cases that end are written down here");
    let filled = |own: &Register| names(own.handled.iter().map(|(name, _)| name));
    notes.turned("handled", ended, &filled(old), &filled(new));
    let shown = |own: &Register| names(own.fhir.iter().map(|shown| shown.resource.word()));
    let what = ("在目录（FHIR）中是", "what it is in the directory (FHIR)");
    notes.turned("fhir", what, &shown(old), &shown(new));
    let before = old.fields.iter().map(|field| (field.name.as_str(), field));
    let after = new.fields.iter().map(|field| (field.name.as_str(), field));
    for (name, found) in paired(before, after) {
        let place = format!("fields.{name}");
        match found {
            Found::Added(own) => {
                notes
                    .say(&place, named("条目新增一项", "an entry says one thing more", &own.title));
            }
            Found::Dropped(own) => {
                notes.say(&place, named("条目不再载明", "an entry no longer says", &own.title));
            }
            Found::Both(old, new) => field(&place, old, new, notes),
        }
    }
    let before = old.certificates.iter().map(|(name, own)| (name.as_str(), own));
    let after = new.certificates.iter().map(|(name, own)| (name.as_str(), own));
    for (name, found) in paired(before, after) {
        let place = format!("certificates.{name}");
        match found {
            Found::Added(own) => {
                notes.say(&place, named("新增证书", "a new certificate", &own.title))
            }
            Found::Dropped(own) => {
                notes.say(&place, named("取消证书", "a certificate is dropped", &own.title));
            }
            Found::Both(old, new) => certificate(&place, old, new, notes),
        }
    }
    notes.reworded("register", old, new, since);
}

fn field(place: &str, old: &RegisterField, new: &RegisterField, notes: &mut Notes) {
    let since = notes.differences.len();
    let Text { zh, en } = &new.title;
    notes.turned(place, (zh, en), &input(&old.input), &input(&new.input));
    let what = (format!("{zh}，可以空缺"), format!("{en}, may be left open"));
    notes.turned(place, (&what.0, &what.1), &yes(old.optional), &yes(new.optional));
    notes.reworded(place, old, new, since);
}

fn certificate(place: &str, old: &Certificate, new: &Certificate, notes: &mut Notes) {
    let since = notes.differences.len();
    let Text { zh, en } = &new.title;
    let what = (format!("证书“{zh}”载明"), format!("what the certificate “{en}” shows"));
    notes.turned(place, (&what.0, &what.1), &names(&old.shows), &names(&new.shows));
    let what = (format!("证书“{zh}”的截止日期"), format!("the last day of the certificate “{en}”"));
    notes.turned(place, (&what.0, &what.1), &names(&old.until), &names(&new.until));
    notes.reworded(place, old, new, since);
}

fn remedies(pair: &Pair<'_>, notes: &mut Notes) {
    notes.begin(
        Text::new("救济途径", "Remedies"),
        Text::new("对决定不服的人", "whoever challenges a decision"),
    );
    notes.inside("remedies");
    let before = pair.before.remedies.iter().map(|(name, own)| (name.as_str(), own));
    let after = pair.after.remedies.iter().map(|(name, own)| (name.as_str(), own));
    for (name, found) in paired(before, after) {
        match found {
            Found::Added(own) => notes.say(name, named("新增救济途径", "a new remedy", &own.title)),
            Found::Dropped(own) => {
                notes.say(name, named("取消救济途径", "a remedy is dropped", &own.title));
            }
            Found::Both(old, new) => remedy(name, old, new, notes),
        }
    }
}

fn remedy(name: &str, old: &Remedy, new: &Remedy, notes: &mut Notes) {
    let since = notes.differences.len();
    let Text { zh, en } = &new.title;
    let open = |own: &Remedy| term(&Limit { term: own.within, basis: own.basis.clone() });
    let what = (format!("{zh}，提出期限"), format!("{en}, how long it is open"));
    notes.turned(name, (&what.0, &what.1), &open(old), &open(new));
    let none = || Text::new("平台之外", "not on the platform");
    let heard = |own: &Remedy| own.hearing.as_ref().map_or_else(none, |h| acting(&h.by));
    let what = (format!("{zh}，由谁审理"), format!("{en}, who hears it"));
    notes.turned(name, (&what.0, &what.1), &heard(old), &heard(new));
    let basis = |own: &Citation| own.clone();
    let ruled = |own: &Remedy| {
        let limit = own.hearing.as_ref();
        let limit = limit.map(|h| Limit { term: h.within, basis: basis(&h.basis) });
        limit.as_ref().map_or_else(none, term)
    };
    let what = (format!("{zh}，审理期限"), format!("{en}, in what time it is ruled on"));
    notes.turned(name, (&what.0, &what.1), &ruled(old), &ruled(new));
    notes.reworded(name, old, new, since);
}

fn codes(pair: &Pair<'_>, notes: &mut Notes) {
    let before = pair.before.codes.iter().map(|(name, own)| (name.as_str(), own));
    let after = pair.after.codes.iter().map(|(name, own)| (name.as_str(), own));
    for (name, found) in paired(before, after) {
        let (Found::Added(own) | Found::Dropped(own) | Found::Both(_, own)) = &found;
        let Text { zh, en } = &own.title;
        notes.begin(
            own.title.clone(),
            Text::new(format!("按“{zh}”填写的人"), format!("whoever answers by “{en}”")),
        );
        match found {
            Found::Added(_) => notes.say(name, Text::new("新增代码表", "a new list of codes")),
            Found::Dropped(_) => notes.say(name, Text::new("取消代码表", "the list is dropped")),
            Found::Both(old, new) => {
                notes.inside(name);
                list(old, new, notes);
            }
        }
    }
}

fn list(old: &CodeTable, new: &CodeTable, notes: &mut Notes) {
    let since = notes.differences.len();
    let before = old.codes.iter().map(|(code, title)| (code.as_str(), title));
    let after = new.codes.iter().map(|(code, title)| (code.as_str(), title));
    for (code, found) in paired(before, after) {
        match found {
            Found::Added(title) => notes.say(code, named("新增代码", "a new code", title)),
            Found::Dropped(title) => notes.say(code, named("取消代码", "a code is dropped", title)),
            Found::Both(old, new) => {
                notes.turned(code, ("代码的名称", "the name of the code"), old, new);
            }
        }
    }
    notes.reworded("title", &old.title, &new.title, since);
}

fn tables(pair: &Pair<'_>, notes: &mut Notes) {
    let before = pair.before.tables.iter().map(|(name, own)| (name.as_str(), own));
    let after = pair.after.tables.iter().map(|(name, own)| (name.as_str(), own));
    for (name, found) in paired(before, after) {
        let (Found::Added(own) | Found::Dropped(own) | Found::Both(_, own)) = &found;
        notes.begin(own.title.clone(), Text::new("今后载入的条目", "entries made from now on"));
        match found {
            Found::Added(_) => notes.say(name, Text::new("新增数据表", "a new table")),
            Found::Dropped(_) => notes.say(name, Text::new("取消数据表", "the table is dropped")),
            Found::Both(old, new) => {
                notes.inside(name);
                table(old, new, notes);
            }
        }
    }
}

fn table(old: &Table, new: &Table, notes: &mut Notes) {
    let since = notes.differences.len();
    let before = old.rows.iter().map(|(key, row)| (key.as_str(), row));
    let after = new.rows.iter().map(|(key, row)| (key.as_str(), row));
    for (key, found) in paired(before, after) {
        match found {
            Found::Added(_) => {
                notes.say(key, Text::new(format!("新增一行 {key}"), format!("a new row {key}")))
            }
            Found::Dropped(_) => {
                notes.say(
                    key,
                    Text::new(format!("取消一行 {key}"), format!("row {key} is dropped")),
                );
            }
            Found::Both(old, new) => {
                let both = old.keys().chain(new.keys()).collect::<std::collections::BTreeSet<_>>();
                for field in both {
                    let says = |row: &std::collections::BTreeMap<_, rules::Value>| {
                        names(row.get(field.as_str()))
                    };
                    let what = (format!("{key} 的 {field}"), format!("{field} of {key}"));
                    notes.turned(key, (&what.0, &what.1), &says(old), &says(new));
                }
            }
        }
    }
    notes.reworded("table", old, new, since);
}
