//! The layout plan of a procedure: from what it is drafted, and what it makes.

use base::{Name, Text};

use super::{
    draw::orders,
    notes::{Notes, names},
};
use crate::model::{
    Layout, LayoutChange, LayoutDoes, LayoutNeed, LayoutSize, LayoutStandard, LayoutThere,
    Procedure,
};

pub(super) fn compare(old: &Procedure, new: &Procedure, notes: &mut Notes) {
    match (&old.layout, &new.layout) {
        (None, None) => {}
        (None, Some(_)) => {
            notes.say("layout", Text::new("新增布局规划", "a layout plan is made"));
        }
        (Some(_), None) => {
            notes.say("layout", Text::new("取消布局规划", "no layout plan is made any more"));
        }
        (Some(old), Some(new)) => changed(old, new, notes),
    }
}

fn changed(old: &Layout, new: &Layout, notes: &mut Notes) {
    let since = notes.differences.len();
    let areas = |own: &Layout| names([&own.areas.found, &own.areas.point, &own.areas.people]);
    let living = ("居民区", "where the people live");
    notes.turned("layout.areas", living, &areas(old), &areas(new));
    let norm = |own: &Layout| names([own.norm.source()]);
    let wanted = ("每千人应有位数", "places for a thousand people");
    notes.turned("layout.norm", wanted, &norm(old), &norm(new));
    let stands = |own: &Layout| {
        let own = &own.existing;
        names([&own.found, &own.point, &own.places])
    };
    notes.turned("layout.existing", ("现有设施", "what stands"), &stands(old), &stands(new));
    let open = |own: &Layout| {
        let own = &own.candidates;
        names([&own.found, &own.point, &own.area])
    };
    let could = ("可用地块", "what could be built on");
    notes.turned("layout.candidates", could, &open(old), &open(new));
    let needs = |own: &Layout| names(own.needs.iter().map(needed));
    let met = ("地块须满足", "what a candidate must meet");
    notes.turned("layout.needs", met, &needs(old), &needs(new));
    let sizes = |own: &Layout| names(own.sizes.iter().map(built));
    notes.turned("layout.sizes", ("可建规模", "what can be built"), &sizes(old), &sizes(new));
    let changes = |own: &Layout| names(own.changes.iter().map(altered));
    let done = ("对现有设施可作的变动", "what can be done with what stands");
    notes.turned("layout.changes", done, &changes(old), &changes(new));
    let travel = |own: &Layout| {
        let own = &own.travel;
        names([&own.detour, &own.speed, &own.reach].map(|own| own.source()))
    };
    notes.turned("layout.travel", ("出行", "how far people go"), &travel(old), &travel(new));
    let standards = |own: &Layout| names(own.standards.iter().map(asked));
    let should = ("配置标准", "what areas should have");
    notes.turned("layout.standards", should, &standards(old), &standards(new));
    let made = ("载入的登记", "the entries it makes");
    notes.turned("layout.sites", made, &orders(&old.sites), &orders(&new.sites));
    notes.reworded("layout", old, new, since);
}

fn needed((name, need): &(Name, LayoutNeed)) -> String {
    format!("{name} = {}", need.that.source())
}

fn built((name, size): &(Name, LayoutSize)) -> String {
    let (places, area, cost) = (size.places.source(), size.area.source(), size.cost.source());
    format!("{name} = {places}, {area}, {cost}")
}

fn asked((name, own): &(Name, LayoutStandard)) -> String {
    let there = match &own.there {
        LayoutThere::Same(field) => field.to_string(),
        LayoutThere::Within { point, metres } => format!("{point} <= {}", metres.source()),
    };
    let counts = own.counts.as_ref().map_or("1", Name::as_str);
    let per = if own.per_thousand { " / 1000" } else { "" };
    format!("{name} = {} {there}: {counts} >= {}{per}", own.found, own.least.source())
}

fn altered((name, change): &(Name, LayoutChange)) -> String {
    let cost = change.cost.source();
    match &change.does {
        LayoutDoes::Adds(adds) => format!("{name} = +{}, {cost}", adds.source()),
        LayoutDoes::Closes => format!("{name} = 0, {cost}"),
    }
}
