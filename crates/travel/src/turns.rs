//! Rules of turning. At a point where one holds, whoever comes by a street from which a turn is
//! forbidden arrives at a point of its own, from which only the allowed streets lead on.
//!
//! A turn back is allowed wherever none forbids it, as crossroads mostly allow it.

use std::collections::BTreeMap;

use crate::network::{Arc, Street};

/// A rule, at a point of the network.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rule {
    pub(crate) node: u32,
    pub(crate) from: i64,
    pub(crate) to: i64,
    pub(crate) only: bool,
}

/// The arcs with the rules carried out.
pub(crate) struct CarriedOut {
    pub(crate) arcs: Vec<Arc>,
    /// For each point that was added, which one it stands for.
    pub(crate) added: Vec<u32>,
    /// How many rules are between ways that do not end at their point, so that nobody knows which
    /// turn is meant.
    pub(crate) unclear: u32,
}

/// Carries the rules out in a network of so many points.
pub(crate) fn carried_out(
    streets: &[Street],
    mut arcs: Vec<Arc>,
    rules: &[Rule],
    nodes: u32,
) -> CarriedOut {
    let way = |arc: &Arc| streets.get(index(arc.street)).map(|own| own.way);
    let mut by_node = gathered(rules);
    let leaving = at_points(&arcs, &by_node, |own| own.tail);
    let coming = at_points(&arcs, &by_node, |own| own.head);
    let count = |arcs: &BTreeMap<u32, Vec<Arc>>, node: u32, own: i64| {
        let arcs = arcs.get(&node).map(Vec::as_slice).unwrap_or_default();
        arcs.iter().filter(|arc| way(arc) == Some(own)).count()
    };
    let mut unclear = 0;
    for rules in by_node.values_mut() {
        let all = rules.len();
        rules.retain(|own| {
            count(&coming, own.node, own.from) < 2 && count(&leaving, own.node, own.to) < 2
        });
        unclear += u32::try_from(all - rules.len()).unwrap_or_default();
    }
    let mut added: Vec<u32> = Vec::new();
    let mut copies: Vec<Arc> = Vec::new();
    let mut heads: BTreeMap<(u32, bool), u32> = BTreeMap::new();
    for arc in &mut arcs {
        let Some(rules) = by_node.get(&arc.head) else { continue };
        let out = leaving.get(&arc.head).map(Vec::as_slice).unwrap_or_default();
        // A single way on that is not there leaves all others as they are.
        let there = |own: &&Rule| !own.only || out.iter().any(|next| way(next) == Some(own.to));
        let ours = rules.iter().filter(|own| way(arc) == Some(own.from)).filter(there);
        let ours: Vec<&Rule> = ours.collect();
        if ours.is_empty() {
            continue;
        }
        let copy = nodes + u32::try_from(added.len()).unwrap_or_default();
        let on = out.iter().filter(|next| allowed(&ours, way(next)));
        copies.extend(on.map(|next| Arc { tail: copy, ..*next }));
        added.push(arc.head);
        arc.head = copy;
        heads.insert((arc.street, arc.back), copy);
    }
    for copy in &mut copies {
        if let Some(head) = heads.get(&(copy.street, copy.back)) {
            copy.head = *head;
        }
    }
    arcs.extend(copies);
    CarriedOut { arcs, added, unclear }
}

/// The arcs at points where rules hold.
fn at_points(
    arcs: &[Arc],
    rules: &BTreeMap<u32, Vec<Rule>>,
    point: fn(&Arc) -> u32,
) -> BTreeMap<u32, Vec<Arc>> {
    let mut by_node: BTreeMap<u32, Vec<Arc>> = BTreeMap::new();
    for arc in arcs.iter().filter(|own| rules.contains_key(&point(own))) {
        by_node.entry(point(arc)).or_default().push(*arc);
    }
    by_node
}

fn gathered(rules: &[Rule]) -> BTreeMap<u32, Vec<Rule>> {
    let mut by_node: BTreeMap<u32, Vec<Rule>> = BTreeMap::new();
    for rule in rules {
        by_node.entry(rule.node).or_default().push(*rule);
    }
    by_node
}

/// Whether one may go on into that way.
fn allowed(rules: &[&Rule], way: Option<i64>) -> bool {
    let only = rules.iter().any(|own| own.only);
    let forbidden = rules.iter().any(|own| !own.only && way == Some(own.to));
    let demanded = rules.iter().any(|own| own.only && way == Some(own.to));
    !forbidden && (!only || demanded)
}

pub(crate) fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
