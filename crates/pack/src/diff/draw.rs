//! The draw of a procedure: from what and by whom it is drawn.

use std::collections::BTreeMap;

use base::{Name, Text};
use rules::Expression;

use super::notes::{Notes, names};
use crate::model::{Draw, Orders, Procedure, Told};

pub(super) fn compare(old: &Procedure, new: &Procedure, notes: &mut Notes) {
    match (&old.draw, &new.draw) {
        (None, None) => {}
        (None, Some(_)) => {
            notes.say("draw", Text::new("新增随机抽取", "a draw is held"));
        }
        (Some(_), None) => {
            notes.say("draw", Text::new("取消随机抽取", "no draw is held any more"));
        }
        (Some(old), Some(new)) => changed(old, new, notes),
    }
}

fn changed(old: &Draw, new: &Draw, notes: &mut Notes) {
    let since = notes.differences.len();
    let told = |own: &Told| names([own.review.as_str(), own.field.as_str()]);
    let pledges = ("在何处承诺种子", "where seeds are pledged");
    notes.turned("draw.pledges", pledges, &told(&old.pledges), &told(&new.pledges));
    let seeds = ("在何处公开种子", "where seeds are told");
    notes.turned("draw.seeds", seeds, &told(&old.seeds), &told(&new.seeds));
    let objects = |own: &Draw| names([&own.objects.found, &own.objects.class]);
    let drawn = ("检查对象", "who may be drawn");
    notes.turned("draw.objects", drawn, &objects(old), &objects(new));
    let shares = ("抽查比例", "how many of a hundred are drawn");
    notes.turned("draw.shares", shares, &counts(&old.shares), &counts(&new.shares));
    let officers = |own: &Draw| names([&own.officers.found, &own.officers.department]);
    let sent = ("执法人员", "who may be sent");
    notes.turned("draw.officers", sent, &officers(old), &officers(new));
    let crews = ("各机关派出人数", "how many each body sends");
    notes.turned("draw.crews", crews, &counts(&old.crews), &counts(&new.crews));
    let conflicts = |own: &Draw| {
        let own = own.conflicts.iter();
        names(own.flat_map(|own| [&own.found, &own.officer, &own.object, &own.reason]))
    };
    let kept = ("回避", "who is not sent to whom");
    notes.turned("draw.conflicts", kept, &conflicts(old), &conflicts(new));
    let made = ("载入的登记", "the entries it makes");
    notes.turned("draw.orders", made, &orders(&old.orders), &orders(&new.orders));
    notes.reworded("draw", old, new, since);
}

/// Names and what is counted for each, as its author wrote it.
fn counts(counts: &BTreeMap<Name, Expression>) -> Text {
    names(counts.iter().map(|(name, count)| format!("{name} = {}", count.source())))
}

/// The entries made of what is picked, as their author wrote it.
pub(super) fn orders(orders: &Orders) -> Text {
    let fields = orders.fields.iter().map(|(name, is)| format!("{name} = {}", is.source()));
    let entry = [orders.register.to_string(), orders.key.clone()];
    names(entry.into_iter().chain(fields))
}
