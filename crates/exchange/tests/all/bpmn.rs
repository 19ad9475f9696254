//! A drawing says what the pack says, and a viewer can show it. `tests/browser` opens the same
//! drawings in a viewer that other people wrote.

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    path::PathBuf,
};

use base::{Language, Name, Term};
use pack::model::{Decision, Follows, Limit, Outcome, Procedure, Stage, Step, Target};

use crate::{
    drawn::{Drawn, Sides},
    shipped::{each, pack},
};

type Moves = BTreeSet<(String, String)>;

#[test]
fn every_reference_leads_somewhere_and_every_id_is_its_own() {
    each(|pack, procedure, language| {
        let drawn = Drawn::of(pack, procedure, language);
        let mut ids = BTreeSet::new();
        for element in drawn.root.all() {
            let id = element.attributes.get("id");
            assert!(id.is_none_or(|id| ids.insert(id.clone())), "twice: {id:?}");
        }
        let refers = ["sourceRef", "targetRef", "attachedToRef", "bpmnElement", "processRef"];
        for element in drawn.root.all() {
            for name in refers {
                let there = element.attributes.get(name).is_none_or(|id| ids.contains(id));
                assert!(there, "{name} of {element:?}");
            }
        }
        for (id, node) in &drawn.nodes {
            let flows = |end: fn(&(String, String)) -> &String| -> BTreeSet<&str> {
                let mine = drawn.flows.iter().filter(|(_, ends)| end(ends) == id);
                mine.map(|(id, _)| id.as_str()).collect()
            };
            assert_eq!(BTreeSet::from_iter(node.texts("incoming")), flows(|ends| &ends.1), "{id}");
            assert_eq!(BTreeSet::from_iter(node.texts("outgoing")), flows(|ends| &ends.0), "{id}");
        }
    });
}

#[test]
fn what_leads_where_is_what_the_pack_says() {
    each(|pack, procedure, language| {
        let drawn = Drawn::of(pack, procedure, language);
        let owners = drawn.passes().into_iter().map(|(from, to)| (owner(from), owner(to)));
        let between: Moves = owners.filter(|(from, to)| from != to).collect();
        assert_eq!(between, moves(procedure), "{}", procedure.name);
    });
}

#[test]
fn every_node_is_reached_and_only_what_a_case_can_come_to() {
    each(|pack, procedure, language| {
        let drawn = Drawn::of(pack, procedure, language);
        let passes = drawn.passes();
        let of_nodes = passes.iter().map(|(from, to)| ((*from).to_owned(), (*to).to_owned()));
        let again = drawn.nodes.keys().filter(|node| node.starts_with("again."));
        let again = again.map(|node| ("start".to_owned(), node.clone()));
        let nodes = reached("start", &of_nodes.chain(again).collect());
        let all = drawn.nodes.keys().filter(|node| !node.starts_with("withdrawal."));
        assert_eq!(nodes, all.cloned().collect(), "{}", procedure.name);

        let owners: BTreeSet<String> = nodes.iter().map(|node| owner(node)).collect();
        assert_eq!(owners, reached("start", &moves(procedure)), "{}", procedure.name);
        let steps = procedure.steps.keys().map(|name| format!("step {name}"));
        let ends = procedure.ends.keys().map(|name| format!("end {name}"));
        let start = std::iter::once("start".to_owned());
        assert_eq!(owners, steps.chain(ends).chain(start).collect(), "{}", procedure.name);
    });
}

#[test]
fn steps_and_ends_bear_their_titles_and_remedies_say_where_they_lead() {
    each(|pack, procedure, language| {
        let drawn = Drawn::of(pack, procedure, language);
        let named = |id: String, title: &base::Text| {
            let name = drawn.nodes[&id].get("name");
            assert!(name.contains(title.to(language)), "{id}: {name}");
        };
        for (name, step) in &procedure.steps {
            named(format!("step.{name}"), step.title());
            let Step::Decision(decision) = step else { continue };
            let Some(appeal) = &decision.appeal else { continue };
            let note = format!("remedy.{name}");
            let all = drawn.root.all();
            let found = all.iter().find(|e| e.attributes.get("id") == Some(&note)).unwrap();
            let text = found.texts("text").concat();
            let back = match &appeal.upheld {
                Target::Step(step) => procedure.steps[step].title(),
                Target::End(end) => &procedure.ends[end].title,
            };
            assert!(text.contains(back.to(language)), "{text}");
            for remedy in &appeal.remedies {
                assert!(text.contains(pack.remedies[remedy].title.to(language)), "{text}");
            }
        }
        for (name, end) in &procedure.ends {
            named(format!("end.{name}"), &end.title);
        }
    });
}

/// A term of the pack: the task it holds, the term, whether running out leads on, who said so.
type Timed<'p> = (String, &'p Limit, bool);

#[test]
fn every_term_is_a_timer_with_its_source() {
    each(|pack, procedure, language| {
        let drawn = Drawn::of(pack, procedure, language);
        let mut timers = drawn.nodes.iter().filter(|(id, _)| id.starts_with("timer.")).count();
        for (task, within, leads_on) in procedure.steps.iter().flat_map(timed) {
            let timer = &drawn.nodes[&format!("timer.{task}")];
            assert_eq!(timer.get("attachedToRef"), task);
            assert_eq!(timer.get("cancelActivity"), leads_on.to_string(), "{task}");
            assert!(timer.get("name").starts_with(&within.term.describe(language)), "{task}");
            let all = timer.all();
            let found = all.iter().find(|e| e.name == "timeDuration").unwrap();
            assert_eq!(found.text, within.term.to_string());
            let documented = drawn.nodes[&task].texts("documentation").concat();
            assert!(documented.contains(&within.basis.act), "{task}: {documented}");
            timers -= 1;
        }
        assert_eq!(timers, 0, "a timer of no term");
    });
}

/// Every term of a step for which somebody is awaited.
fn timed<'p>((name, step): (&'p Name, &'p Step)) -> Vec<Timed<'p>> {
    let waits = step.outcomes().iter().filter_map(|(outcome, chosen)| {
        let within = match &chosen.follows {
            Follows::Then(_) | Follows::Extend(_) | Follows::Stay => return None,
            Follows::Supplement(supplement) => &supplement.within,
            Follows::Stop(stop) => &stop.within,
        };
        Some((format!("wait.{name}.{outcome}"), within, true))
    });
    let own = match step {
        Step::Stage(stage) => {
            let leads_on = stage.silence.is_some();
            let shown = leads_on || stage.within.term != Term::on_the_spot();
            vec![(format!("step.{name}"), &stage.within, leads_on)]
                .into_iter()
                .filter(|_| shown)
                .collect()
        }
        Step::Review(review) => {
            let parts = review.parts.iter();
            let parts = parts.map(|(b, part)| (format!("part.{name}.{b}"), &part.within, true));
            parts.chain([(format!("step.{name}"), &review.within, false)]).collect()
        }
        Step::Turn(_) | Step::Decision(_) => Vec::new(),
    };
    waits.chain(own).collect()
}

#[test]
fn who_waits_comes_back_and_nothing_but_an_end_leads_nowhere() {
    each(|pack, procedure, language| {
        let drawn = Drawn::of(pack, procedure, language);
        for (name, step) in &procedure.steps {
            for (outcome, chosen) in step.outcomes() {
                if matches!(chosen.follows, Follows::Then(_) | Follows::Extend(_) | Follows::Stay) {
                    continue;
                }
                let back = match step {
                    Step::Review(_) => format!("resumed.{name}.{outcome}"),
                    Step::Stage(_) | Step::Turn(_) | Step::Decision(_) => {
                        format!("step.{name}")
                    }
                };
                let id = format!("wait.{name}.{outcome}");
                assert_eq!(drawn.flows[&format!("flow.{id}")], (id, back));
            }
        }
        let left: BTreeSet<&str> = drawn.flows.values().map(|(from, _)| from.as_str()).collect();
        for (id, node) in &drawn.nodes {
            // A task whose holder has nothing to choose is left only by the events on it.
            let stays = ["endEvent", "task"].contains(&node.name.as_str());
            assert_eq!(left.contains(id.as_str()), !stays, "{id}");
        }
    });
}

#[test]
fn ids_are_the_same_in_both_languages() {
    for pack in crate::shipped::packs() {
        for procedure in pack.procedures.values() {
            let [zh, en] = [Language::Zh, Language::En].map(|language| {
                let drawn = Drawn::of(&pack, procedure, language);
                (Vec::from_iter(drawn.nodes.into_keys()), drawn.flows)
            });
            assert_eq!(zh, en);
        }
    }
}

#[test]
fn everything_is_shown_in_its_lane_and_nothing_covers_another() {
    each(|pack, procedure, language| {
        let drawn = Drawn::of(pack, procedure, language);
        let shown = ["participant", "lane", "subProcess", "textAnnotation"];
        let mut shapes = drawn.ids(&shown);
        shapes.extend(drawn.nodes.keys().cloned());
        assert_eq!(shapes, drawn.shapes.keys().cloned().collect());
        let edges = drawn.ids(&["sequenceFlow", "association"]);
        assert_eq!(edges, drawn.edges.keys().cloned().collect());
        stand_in_lanes(&drawn);
        let single = drawn.shapes.keys().filter(|id| {
            !id.starts_with("lane.") && *id != "pool" && !id.starts_with("withdrawal.")
        });
        let single: Vec<&String> = single.collect();
        for (number, one) in single.iter().enumerate() {
            for other in &single[number + 1..] {
                let apart = apart(drawn.shapes[*one], drawn.shapes[*other]);
                assert!(apart || attached(&drawn, one, other), "{one} covers {other}");
            }
        }
    });
}

fn attached(drawn: &Drawn, one: &str, other: &str) -> bool {
    let host = |node: &str| drawn.nodes.contains_key(node).then(|| drawn.host(node)).flatten();
    host(one) == Some(other) || host(other) == Some(one)
}

/// Lanes fill the pool from the top down, and each node is inside the one that names it.
fn stand_in_lanes(drawn: &Drawn) {
    let [_, top, right, bottom] = drawn.shapes["pool"];
    let mut y = top;
    let mut named = BTreeSet::new();
    for lane in drawn.root.all().into_iter().filter(|e| e.name == "lane") {
        let area = drawn.shapes[lane.get("id")];
        assert_eq!((area[1], area[2]), (y, right));
        y = area[3];
        for node in lane.texts("flowNodeRef") {
            assert!(named.insert(node.to_owned()), "{node} is in two lanes");
            let [left, up, far, down] = drawn.shapes[node];
            let inside = area[0] <= left && area[1] <= up && far <= area[2] && down <= area[3];
            assert!(inside, "{node} stands out of {}", lane.get("id"));
        }
    }
    assert_eq!(y, bottom);
    let mut all: BTreeSet<String> =
        drawn.nodes.keys().filter(|node| !node.starts_with("withdrawal.")).cloned().collect();
    all.extend(drawn.ids(&["subProcess"]));
    assert_eq!(named, all);
}

fn apart(one: Sides, other: Sides) -> bool {
    one[2] <= other[0] || other[2] <= one[0] || one[3] <= other[1] || other[3] <= one[1]
}

#[test]
fn names_cover_no_shape_no_line_and_no_other_name() {
    each(|pack, procedure, language| {
        let drawn = Drawn::of(pack, procedure, language);
        let labels: Vec<(&String, &Sides)> = drawn.labels.iter().collect();
        for (number, (one, area)) in labels.iter().enumerate() {
            let nodes = drawn.nodes.keys().filter(|node| !apart(drawn.shapes[*node], **area));
            let covered: Vec<&String> = nodes.collect();
            assert!(covered.is_empty(), "the name of {one} covers {covered:?}");
            for flow in drawn.flows.keys() {
                let free = parts(&drawn, flow).iter().all(|part| apart(*part, **area));
                assert!(free, "the name of {one} covers {flow}");
            }
            for (other, place) in &labels[number + 1..] {
                assert!(apart(**area, **place), "the names of {one} and {other}");
            }
        }
    });
}

#[test]
fn lines_touch_their_ends_and_cross_no_shape() {
    each(|pack, procedure, language| {
        let drawn = Drawn::of(pack, procedure, language);
        for (flow, (from, to)) in &drawn.flows {
            let line = &drawn.edges[flow];
            assert!(on_edge(line[0], drawn.shapes[from]), "{flow} does not begin at {from}");
            let end = line[line.len() - 1];
            assert!(on_edge(end, drawn.shapes[to]), "{flow} does not end at {to}");
            let others = drawn.shapes.iter().filter(|(id, _)| {
                let frame = flow.starts_with("flow.withdrawal.") && *id == "withdrawal";
                !id.starts_with("lane.") && *id != "pool" && !frame
            });
            for ((id, area), part) in others.flat_map(|o| line.windows(2).map(move |p| (o, p))) {
                let part = span(part[0], part[1]);
                assert!(apart(part, *area), "{flow} runs through {id}");
            }
        }
    });
}

fn on_edge((x, y): (i32, i32), [left, top, right, bottom]: Sides) -> bool {
    let across = (left..=right).contains(&x) && [top, bottom].contains(&y);
    let down = (top..=bottom).contains(&y) && [left, right].contains(&x);
    across || down
}

fn span(one: (i32, i32), other: (i32, i32)) -> Sides {
    assert!(one.0 == other.0 || one.1 == other.1, "{one:?} to {other:?} is askew");
    [one.0.min(other.0), one.1.min(other.1), one.0.max(other.0), one.1.max(other.1)]
}

#[test]
fn lines_lie_upon_each_other_only_where_they_part_or_meet() {
    each(|pack, procedure, language| {
        let drawn = Drawn::of(pack, procedure, language);
        let lines: Vec<(&String, &(String, String))> = drawn.flows.iter().collect();
        for (number, (one, (from, to))) in lines.iter().enumerate() {
            for (other, (start, end)) in &lines[number + 1..] {
                let akin = from == start || to == end;
                let upon = parts(&drawn, one)
                    .iter()
                    .any(|part| parts(&drawn, other).iter().any(|p| upon(*part, *p)));
                assert!(akin || !upon, "{} {language:?}: {one} upon {other}", procedure.name);
            }
        }
    });
}

fn parts(drawn: &Drawn, flow: &str) -> Vec<Sides> {
    drawn.edges[flow].windows(2).map(|part| span(part[0], part[1])).collect()
}

fn upon(one: Sides, other: Sides) -> bool {
    let across = one[1] == one[3] && other[1] == other[3] && one[1] == other[1];
    let down = one[0] == one[2] && other[0] == other[2] && one[0] == other[0];
    (across && one[0].max(other[0]) < one[2].min(other[2]))
        || (down && one[1].max(other[1]) < one[3].min(other[3]))
}

#[test]
fn one_joint_licence_drawn() {
    let willow = pack("willow");
    let procedure = &willow.procedures["tea-house-licence"];
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/all/tea-house-licence.bpmn");
    let xml = Drawn::of(&willow, procedure, Language::En).xml;
    if env::var_os("GOLDEN").is_some() {
        fs::write(&path, &xml).expect("the golden can be written");
    }
    let golden = fs::read_to_string(&path).unwrap_or_default();
    assert!(golden == xml, "tea-house-licence.bpmn differs; look, then GOLDEN=1");
}

/// The step or end that a node belongs to: its id is a kind and names.
fn owner(node: &str) -> String {
    let mut names: Vec<&str> = node.split('.').collect();
    let kind = names.remove(0);
    match (kind, names.as_slice()) {
        ("start", _) => "start".to_owned(),
        ("withdrawal", _) => "withdrawal".to_owned(),
        ("end", [name]) => format!("end {name}"),
        ("timer", [_, step, ..]) | (_, [step, ..]) => format!("step {step}"),
        _ => panic!("{node} belongs to nothing"),
    }
}

/// Every way a case can leave a step, as the pack says it; where a decision set aside leads only
/// if nothing else leads there.
fn moves(procedure: &Procedure) -> Moves {
    let begins = ("start".to_owned(), format!("step {}", procedure.begins));
    let mut moves = BTreeSet::from([begins]);
    for (name, step) in &procedure.steps {
        let from = format!("step {name}");
        let chosen = step.outcomes().iter().filter_map(|(_, outcome)| leads(outcome));
        let also: Vec<&Target> = match step {
            Step::Stage(stage) => silence(stage).into_iter().chain(waived(stage)).collect(),
            Step::Review(review) => review.results().into_iter().map(|(_, to)| to).collect(),
            Step::Turn(turn) => turn.courses.iter().map(|(_, course)| &course.then).collect(),
            Step::Decision(decision) => vec![&decision.then],
        };
        let to = chosen.chain(also).map(target);
        moves.extend(to.filter(|to| *to != from).map(|to| (from.clone(), to)));
    }
    for (name, step) in &procedure.steps {
        let Step::Decision(Decision { appeal: Some(appeal), .. }) = step else { continue };
        let back = target(&appeal.upheld);
        if !reached("start", &moves).contains(&back) {
            moves.insert((format!("step {name}"), back));
        }
    }
    moves
}

fn target(target: &Target) -> String {
    match target {
        Target::Step(name) => format!("step {name}"),
        Target::End(name) => format!("end {name}"),
    }
}

fn leads(outcome: &Outcome) -> Option<&Target> {
    match &outcome.follows {
        Follows::Then(target) => Some(target),
        Follows::Supplement(supplement) => Some(&supplement.lapse),
        Follows::Stop(_) | Follows::Extend(_) | Follows::Stay => None,
    }
}

fn waived(stage: &Stage) -> Option<&Target> {
    stage.collects.as_ref()?.waived.as_ref()
}

fn silence(stage: &Stage) -> Option<&Target> {
    stage.silence.as_ref().and_then(|(name, _)| leads(stage.outcome(name)?))
}

fn reached(start: &str, moves: &Moves) -> BTreeSet<String> {
    let mut out: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (from, to) in moves {
        out.entry(from).or_default().push(to);
    }
    let mut reached = BTreeSet::new();
    let mut open = vec![start];
    while let Some(at) = open.pop() {
        if reached.insert(at.to_owned()) {
            open.extend(out.get(at).into_iter().flatten());
        }
    }
    reached
}
