//! Life events: where people are led.

use base::Text;

use super::{
    Pair,
    notes::{Found, Notes, names, paired},
};
use crate::model::LifeEvent;

pub(super) fn compare(pair: &Pair<'_>, notes: &mut Notes) {
    let (before, after) = (&pair.before.life_events, &pair.after.life_events);
    notes.begin(
        Text::new("办事情景", "Life events"),
        Text::new("查找服务的人", "whoever looks for a service"),
    );
    notes.inside("life-events");
    let order = |events: &[LifeEvent]| names(events.iter().map(|event| &event.name));
    notes.turned("order", ("顺序", "order"), &order(before), &order(after));
    let by_name = |event: &'_ LifeEvent| event.name.to_string();
    let (old, new): (Vec<String>, Vec<String>) =
        (before.iter().map(by_name).collect(), after.iter().map(by_name).collect());
    let old = old.iter().map(String::as_str).zip(before);
    let new = new.iter().map(String::as_str).zip(after);
    for (name, found) in paired(old, new) {
        if let Found::Both(old, new) = found {
            let since = notes.differences.len();
            let services = |event: &LifeEvent| names(&event.services);
            notes.turned(name, ("通向的服务", "services"), &services(old), &services(new));
            notes.reworded(name, old, new, since);
        }
    }
}
