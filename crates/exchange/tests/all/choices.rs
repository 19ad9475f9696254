//! Who may choose, what time brings about, what a step costs, and what a choice asks or writes.

use base::{Language, Name};
use pack::model::{By, Follows, Procedure, Stage, Step};

use crate::{
    drawn::Drawn,
    shipped::{each, mills},
};

fn stages(procedure: &Procedure) -> impl Iterator<Item = (&Name, &Stage)> {
    procedure.steps.iter().filter_map(|(name, step)| match step {
        Step::Stage(stage) => Some((name, stage)),
        Step::Review(_) | Step::Turn(_) | Step::Decision(_) => None,
    })
}

#[test]
fn who_acts_chooses_after_the_task_others_end_it_and_time_is_a_timer() {
    each(|pack, procedure, language| {
        let drawn = Drawn::of(pack, procedure, language);
        for (name, stage) in stages(procedure) {
            let task = format!("step.{name}");
            let mut own = false;
            for (outcome, chosen) in &stage.outcomes {
                let flow = drawn.flows.get(&format!("flow.outcome.{name}.{outcome}"));
                let away = matches!(chosen.follows, Follows::Extend(_) | Follows::Stay);
                if away || chosen.by == Some(By::Clock) {
                    assert_eq!(flow, None, "{name} {outcome}");
                    continue;
                }
                let (from, _) = flow.unwrap_or_else(|| panic!("{name} {outcome} is not drawn"));
                let (event, who) = chooser(&drawn, from);
                own |= event == task;
                let lane = procedure.chooser(name, outcome).map(|by| lane(&drawn, by));
                if let Some(lane) = lane.flatten() {
                    assert!(who.contains(&lane), "{outcome}: {who}, not {lane}");
                }
            }
            let kind = if own { "userTask" } else { "task" };
            assert_eq!(drawn.nodes[&task].name, kind, "{task}");
        }
    });
}

/// The task or the event from which a choice is made, and who it says chooses.
fn chooser(drawn: &Drawn, from: &str) -> (String, String) {
    let gateway = from.starts_with("choice.");
    let before = || drawn.flows.values().find(|(_, to)| to == from).map(|(before, _)| before);
    let event = if gateway { before().expect("something leads to a choice") } else { from };
    let who = match drawn.host(event) {
        Some(_) => drawn.nodes[event].get("name").to_owned(),
        None => drawn.lane(event),
    };
    if gateway {
        assert!(who.contains(&drawn.lane(from)), "{from} stands in another lane than {who}");
    }
    (event.to_owned(), who)
}

/// The lane of who chooses, where it bears their own name in the procedure.
fn lane(drawn: &Drawn, by: &By) -> Option<String> {
    let id = match by {
        By::Applicant => "lane.applicant".to_owned(),
        By::Body(body) => format!("lane.body.{body}"),
        By::Clock => return None,
    };
    let all = drawn.root.all();
    let found = all.iter().find(|e| e.name == "lane" && e.get("id") == id);
    found.map(|lane| lane.get("name").to_owned())
}

#[test]
fn an_extension_or_addition_keeps_its_task_and_says_what_it_does() {
    each(|pack, procedure, language| {
        let drawn = Drawn::of(pack, procedure, language);
        for (name, step) in &procedure.steps {
            for (outcome, chosen) in step.outcomes() {
                let (extend, added) = match &chosen.follows {
                    Follows::Extend(extend) => (Some(extend), false),
                    follows => (None, matches!(follows, Follows::Stay)),
                };
                if extend.is_none() && !added {
                    continue;
                }
                let raised = &drawn.nodes[&format!("raised.{name}.{outcome}")];
                assert_eq!(raised.get("attachedToRef"), format!("step.{name}"));
                assert_eq!(raised.get("cancelActivity"), "false");
                assert!(raised.get("name").contains(chosen.title.to(language)), "{outcome}");
                assert!(!added || drawn.nodes.contains_key(&format!("added.{name}.{outcome}")));
                let Some(extend) = extend else { continue };
                let longer = format!("longer.{name}.{outcome}");
                let term = extend.by.term.describe(language);
                assert!(drawn.nodes[&longer].get("name").contains(&term), "{longer}");
                assert!(drawn.documented(&longer).contains(&extend.by.basis.act), "{longer}");
            }
        }
    });
}

#[test]
fn a_fee_is_named_at_its_task_and_passed_by_where_it_is_waived() {
    each(|pack, procedure, language| {
        let drawn = Drawn::of(pack, procedure, language);
        for (name, stage) in stages(procedure) {
            let Some(collects) = &stage.collects else { continue };
            let (task, fee) = (format!("step.{name}"), &procedure.fees[&collects.fee]);
            assert!(drawn.nodes[&task].get("name").contains(fee.title.to(language)), "{task}");
            let Some(who) = &fee.waived else { continue };
            let gateway = format!("fee.{name}");
            let due = (gateway.clone(), task.clone());
            assert_eq!(drawn.flows[&format!("flow.charged.{name}")], due);
            let waived = format!("flow.waived.{name}");
            assert_eq!(drawn.flows[&waived].0, gateway);
            assert!(drawn.documented(&waived).contains(who.says.to(language)), "{waived}");
        }
    });
}

#[test]
fn what_is_asked_is_named_where_it_is_asked() {
    each(|pack, procedure, language| {
        let drawn = Drawn::of(pack, procedure, language);
        for (name, stage) in stages(procedure) {
            for (outcome, chosen) in &stage.outcomes {
                for section in &chosen.asks {
                    let drawn_as = match chosen.follows {
                        Follows::Stay => format!("raised.{name}.{outcome}"),
                        _ => format!("flow.outcome.{name}.{outcome}"),
                    };
                    let says = drawn.documented(&drawn_as);
                    assert!(says.contains(section.title.to(language)), "{drawn_as}");
                }
            }
        }
        let reviews =
            procedure.steps.keys().filter_map(|n| Some((n, procedure.review(n.as_str())?)));
        for (name, review) in reviews {
            for (body, section) in review.parts.iter().flat_map(|(body, _)| {
                let sections = review.answers.iter().flat_map(|(_, answer)| &answer.asks);
                sections.map(move |section| (body, section))
            }) {
                let part = format!("part.{name}.{body}");
                assert!(drawn.documented(&part).contains(section.title.to(language)), "{part}");
            }
        }
    });
}

#[test]
fn what_is_changed_is_named_at_its_decision() {
    each(|pack, procedure, language| {
        let drawn = Drawn::of(pack, procedure, language);
        for (name, step) in &procedure.steps {
            let Step::Decision(decision) = step else { continue };
            let task = format!("step.{name}");
            for changed in &decision.changes {
                let title = pack.registers[&changed.register].title.to(language);
                assert_eq!(drawn.nodes[&task].name, "serviceTask", "{task}");
                assert!(drawn.documented(&task).contains(title), "{task}");
            }
        }
    });
}

/// What the two procedures of the mills are there for, said once in words.
#[test]
fn the_mills_have_all_of_it() {
    let pack = mills();
    let lease = Drawn::of(&pack, &pack.procedures["mill-lease"], Language::En);
    let name = |id: &str| lease.nodes[id].get("name").to_owned();
    assert_eq!(name("timer.step.turning"), "10 years, or until “Last day of the lease” if earlier");
    let over = &lease.flows["flow.timer.step.turning"];
    assert_eq!(over, &("timer.step.turning".to_owned(), "step.ended".to_owned()));
    assert_eq!(name("heard.turning.competent"), "by Fire authority (county)");
    let choice = ("choice.turning.competent".to_owned(), "step.taken-back".to_owned());
    assert_eq!(lease.flows["flow.outcome.turning.silted"], choice);
    let called = ("heard.turning.council".to_owned(), "step.called-in".to_owned());
    assert_eq!(lease.flows["flow.outcome.turning.wanted"], called);
    assert_eq!(name("step.rent"), "Payment (Water rent)");
    let more = "More time is allowed (by Planning authority (province))";
    assert_eq!(name("raised.accept.later"), more);
    assert_eq!(name("longer.accept.later"), "Longer by: 10 working days (at most once)");
    let leased = lease.documented("step.leased");
    assert!(
        leased.contains("In the place of the entry named by: The mill it replaces"),
        "{leased}"
    );

    let stop = Drawn::of(&pack, &pack.procedures["mill-stop"], Language::En);
    assert_eq!(stop.lane("start"), "Fire authority (county)");
    assert_eq!(stop.lane("step.state"), "The party");
    let stopped = stop.documented("step.stopped");
    assert!(stopped.contains("(Mills of the same sub-district)"), "{stopped}");
    let day = stop.nodes["timer.step.state"].get("name").to_owned();
    assert_eq!(day, "3 working days, or until the day laid down if earlier");
    assert!(stop.documented("step.state").contains("plus_days(filed-on, 3)"));
}

#[test]
fn a_turn_is_a_gateway_with_its_question_and_a_flow_for_each_course() {
    let mut drawn_turns = 0;
    for pack in crate::shipped::packs() {
        for procedure in pack.procedures.values() {
            for (name, step) in &procedure.steps {
                let Step::Turn(turn) = step else { continue };
                drawn_turns += 1;
                for language in [Language::Zh, Language::En] {
                    let drawn = Drawn::of(&pack, procedure, language);
                    let gateway = &drawn.nodes[&format!("step.{name}")];
                    assert_eq!(gateway.name, "exclusiveGateway");
                    assert_eq!(gateway.get("name"), turn.title.to(language));
                    for (course, taken) in &turn.courses {
                        let id = format!("flow.turn.{name}.{course}");
                        let all = drawn.root.all();
                        let flow = all.iter().find(|e| e.attributes.get("id") == Some(&id));
                        let flow = flow.unwrap_or_else(|| panic!("no {id}"));
                        assert_eq!(flow.get("sourceRef"), format!("step.{name}"));
                        assert_eq!(flow.get("name"), taken.title.to(language));
                        let says = flow.texts("documentation").concat();
                        let that = taken.that.as_ref().map_or("", |that| that.source());
                        assert!(says.contains(that), "{id}: {says}");
                    }
                }
            }
        }
    }
    assert!(drawn_turns > 0, "no pack has a turn");
}
