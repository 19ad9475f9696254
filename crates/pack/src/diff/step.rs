//! The steps of a procedure: who acts, in what time, what silence means, what may follow.

use std::collections::BTreeMap;

use base::{Name, Text};

use super::{
    Pair,
    notes::{Found, Notes, names, paired, yes},
    procedure::term,
};
use crate::model::{
    Answer, Branches, Counts, Course, Decision, End, Follows, Join, Outcome, Part, Procedure,
    Review, Stage, Step, Target, Turn,
};

/// What steps, ends, bodies, remedies and certificates are called.
struct Titles(BTreeMap<String, Text>);

impl Titles {
    fn new(pair: &Pair<'_>, old: &Procedure, new: &Procedure) -> Self {
        let mut titles = BTreeMap::new();
        let mut add = |name: &Name, title: &Text| {
            titles.insert(name.to_string(), title.clone());
        };
        for pack in [pair.before, pair.after] {
            pack.remedies.iter().for_each(|(name, remedy)| add(name, &remedy.title));
            let certificates = pack.registers.values().flat_map(|register| &register.certificates);
            certificates.for_each(|(name, own)| add(name, &own.title));
        }
        for procedure in [old, new] {
            procedure.commitments.iter().for_each(|(name, own)| add(name, &own.title));
            procedure.ends.iter().for_each(|(name, end)| add(name, &end.title));
            procedure.steps.iter().for_each(|(name, step)| add(name, step.title()));
        }
        Self(titles)
    }

    fn of(&self, name: &str) -> Text {
        self.0.get(name).cloned().unwrap_or_else(|| Text::new(name, name))
    }

    fn all<'n>(&self, names: impl IntoIterator<Item = &'n Name>) -> Text {
        let titles: Vec<Text> = names.into_iter().map(|name| self.of(name.as_str())).collect();
        row(&titles)
    }
}

/// Titles in a row.
fn row(titles: &[Text]) -> Text {
    if titles.is_empty() {
        return names([] as [&str; 0]);
    }
    let zh: Vec<&str> = titles.iter().map(|title| title.zh.as_str()).collect();
    let en: Vec<&str> = titles.iter().map(|title| title.en.as_str()).collect();
    Text::new(zh.join("、"), en.join(", "))
}

pub(super) fn compare(pair: &Pair<'_>, old: &Procedure, new: &Procedure, notes: &mut Notes) {
    let titles = &Titles::new(pair, old, new);
    let first = ("最先的环节", "the first step");
    let begins = |p: &Procedure| titles.of(p.begins.as_str());
    notes.turned("begins", first, &begins(old), &begins(new));
    let before = old.steps.iter().map(|(name, step)| (name.as_str(), step));
    let after = new.steps.iter().map(|(name, step)| (name.as_str(), step));
    for (name, found) in paired(before, after) {
        let place = format!("steps.{name}");
        match found {
            Found::Added(step) => notes.say(&place, titled("新增环节", "a new step", step.title())),
            Found::Dropped(step) => {
                notes.say(&place, titled("取消环节", "a step is dropped", step.title()));
            }
            Found::Both(old, new) => changed(titles, &place, old, new, notes),
        }
    }
    let before = old.ends.iter().map(|(name, end)| (name.as_str(), end));
    let after = new.ends.iter().map(|(name, end)| (name.as_str(), end));
    for (name, found) in paired(before, after) {
        let place = format!("ends.{name}");
        let gone = |end: &End| titled("取消结局", "an end is dropped", &end.title);
        match found {
            Found::Added(end) => notes.say(&place, titled("新增结局", "a new end", &end.title)),
            Found::Dropped(end) => notes.say(&place, gone(end)),
            Found::Both(old, new) => {
                let since = notes.differences.len();
                let what = ("对申请人不利", "the applicant loses by it");
                notes.turned(&place, what, &yes(old.adverse), &yes(new.adverse));
                notes.reworded(&place, old, new, since);
            }
        }
    }
    let may = ("可以撤回申请的环节", "steps at which one may withdraw");
    notes.turned(
        "exits.withdrawal",
        may,
        &titles.all(&old.withdrawal),
        &titles.all(&new.withdrawal),
    );
    let slip = ("可以更正登记", "the entry may be corrected");
    notes.turned("exits.correction", slip, &yes(old.correction), &yes(new.correction));
}

fn titled(zh: &str, en: &str, title: &Text) -> Text {
    Text::new(format!("{zh}：{}", title.zh), format!("{en}: {}", title.en))
}

/// Says an old and a new word of something at one step.
struct At<'n> {
    notes: &'n mut Notes,
    titles: &'n Titles,
    place: String,
    title: Text,
}

impl At<'_> {
    fn turned(&mut self, zh: &str, en: &str, old: &Text, new: &Text) {
        let Text { zh: own_zh, en: own_en } = &self.title;
        let (zh, en) = (format!("“{own_zh}”{zh}"), format!("“{own_en}”, {en}"));
        self.notes.turned(&self.place, (&zh, &en), old, new);
    }
}

fn changed(titles: &Titles, place: &str, old: &Step, new: &Step, notes: &mut Notes) {
    let since = notes.differences.len();
    let title = new.title().clone();
    let mut at = At { notes, titles, place: place.to_owned(), title };
    let by = |step: &Step| names(step.by().map(word));
    at.turned("由谁办理", "who acts", &by(old), &by(new));
    let within = |step: &Step| step.within().map_or_else(|| Text::new("无", "none"), term);
    at.turned("时限", "in what time", &within(old), &within(new));
    if let (Step::Stage(old), Step::Stage(new)) = (old, new) {
        stage(&mut at, old, new);
    }
    if let (Step::Review(old), Step::Review(new)) = (old, new) {
        review(&mut at, old, new);
    }
    if let (Step::Turn(old), Step::Turn(new)) = (old, new) {
        turn(&mut at, old, new);
    }
    if let (Step::Decision(old), Step::Decision(new)) = (old, new) {
        decision(&mut at, old, new);
    }
    outcomes(titles, place, old.outcomes(), new.outcomes(), notes);
    notes.reworded(place, old, new, since);
}

fn word(by: &crate::model::By) -> String {
    match by {
        crate::model::By::Applicant => "applicant".to_owned(),
        crate::model::By::Body(name) => name.to_string(),
        crate::model::By::Clock => "clock".to_owned(),
    }
}

fn stage(at: &mut At<'_>, old: &Stage, new: &Stage) {
    let silence = |stage: &Stage| {
        let deemed = stage.silence.iter();
        row(&deemed
            .map(|(name, _)| {
                let outcome = stage.outcome(name);
                outcome.map_or_else(|| Text::new("", ""), |outcome| outcome.title.clone())
            })
            .collect::<Vec<Text>>())
    };
    at.turned("逾期不办视为", "silence counts as", &silence(old), &silence(new));
    let uncounted = |stage: &Stage| names(stage.uncounted.iter().map(|u| u.ground.word()));
    at.turned("不计入时限的理由", "why its time is not counted", &uncounted(old), &uncounted(new));
    let (before, after) = (yes(old.in_the_field), yes(new.in_the_field));
    at.turned("在现场办理", "done in the field", &before, &after);
    at.turned("提交草案", "drafts are put on file", &yes(old.drafts), &yes(new.drafts));
}

fn review(at: &mut At<'_>, old: &Review, new: &Review) {
    parts(at, old, new);
    let answer = |a: &Answer| {
        let counts = match a.counts {
            Counts::Approves => Text::new("同意", "approval"),
            Counts::Refuses => Text::new("不同意", "refusal"),
            Counts::Abstains => Text::new("弃权", "abstention"),
        };
        let why = if a.reasons { ("（须说明理由）", " (with reasons)") } else { ("", "") };
        Text::new(format!("{}{}", counts.zh, why.0), format!("{}{}", counts.en, why.1))
    };
    let before = old.answers.iter().map(|(name, a)| (name.as_str(), a));
    let after = new.answers.iter().map(|(name, a)| (name.as_str(), a));
    let none = Text::new("没有", "not possible");
    for (_, found) in paired(before, after) {
        let (title, old, new) = match found {
            Found::Added(new) => (&new.title, none.clone(), answer(new)),
            Found::Dropped(old) => (&old.title, answer(old), none.clone()),
            Found::Both(old, new) => (&new.title, answer(old), answer(new)),
        };
        let (zh, en) = (format!("，意见“{}”", title.zh), format!("the answer “{}”", title.en));
        at.turned(&zh, &en, &old, &new);
    }
    at.turned(
        "，意见齐后",
        "once answered",
        &join(at.titles, &old.join),
        &join(at.titles, &new.join),
    );
}

/// Under which condition a turn leads where.
fn turn(at: &mut At<'_>, old: &Turn, new: &Turn) {
    let titles = at.titles;
    let course = |course: &Course| {
        let then = titles.of(to(&course.then));
        match &course.that {
            None => then,
            Some(that) => {
                let that = that.source();
                Text::new(format!("`{that}`，到“{}”", then.zh), format!("`{that}`: “{}”", then.en))
            }
        }
    };
    let before = old.courses.iter().map(|(name, course)| (name.as_str(), course));
    let after = new.courses.iter().map(|(name, course)| (name.as_str(), course));
    let none = Text::new("没有", "not possible");
    for (_, found) in paired(before, after) {
        let (title, old, new) = match found {
            Found::Added(new) => (&new.title, none.clone(), course(new)),
            Found::Dropped(old) => (&old.title, course(old), none.clone()),
            Found::Both(old, new) => (&new.title, course(old), course(new)),
        };
        let (zh, en) = (format!("，“{}”", title.zh), format!("the course “{}”", title.en));
        at.turned(&zh, &en, &old, &new);
    }
    let order = |turn: &Turn| names(turn.courses.iter().map(|(name, _)| name));
    at.turned("，判断的顺序", "in which order it is asked", &order(old), &order(new));
}

fn parts(at: &mut At<'_>, old: &Review, new: &Review) {
    let before = old.parts.iter().map(|(name, part)| (name.as_str(), part));
    let after = new.parts.iter().map(|(name, part)| (name.as_str(), part));
    let (no, asked) = (Text::new("不征求", "not asked"), Text::new("征求", "asked"));
    let silence = |review: &Review, part: &Part| {
        let answer = review.answer(&part.silence.0);
        answer.map_or_else(|| Text::new("", ""), |answer| answer.title.clone())
    };
    for (_, found) in paired(before, after) {
        let (Found::Added(part) | Found::Dropped(part) | Found::Both(_, part)) = &found;
        let Text { zh, en } = &part.title;
        match found {
            Found::Added(_) => at.turned(&format!("，{zh}"), en, &no, &asked),
            Found::Dropped(_) => at.turned(&format!("，{zh}"), en, &asked, &no),
            Found::Both(was, is) => {
                let what = (format!("，{zh}的时限"), format!("{en}, in what time"));
                at.turned(&what.0, &what.1, &term(&was.within), &term(&is.within));
                let what = (format!("，{zh}逾期视为"), format!("{en}, silence counts as"));
                at.turned(&what.0, &what.1, &silence(old, was), &silence(new, is));
            }
        }
    }
}

fn join(titles: &Titles, join: &Join) -> Text {
    let branches = |branches: &Branches| {
        (titles.of(to(&branches.approved)), titles.of(to(&branches.otherwise)))
    };
    match join {
        Join::LeadDecides(target) => {
            let then = titles.of(to(target));
            Text::new(
                format!("主办机关权衡，到“{}”", then.zh),
                format!("the lead weighs them, then “{}”", then.en),
            )
        }
        Join::AllApprove(both) => {
            let (yes, no) = branches(both);
            Text::new(
                format!("都同意到“{}”，否则到“{}”", yes.zh, no.zh),
                format!("all approve: “{}”, otherwise: “{}”", yes.en, no.en),
            )
        }
        Join::AnyRefusalEnds(both) => {
            let (yes, no) = branches(both);
            Text::new(
                format!("都同意到“{}”，一有不同意即到“{}”", yes.zh, no.zh),
                format!("all approve: “{}”, at the first refusal: “{}”", yes.en, no.en),
            )
        }
    }
}

fn to(target: &Target) -> &str {
    match target {
        Target::Step(name) | Target::End(name) => name.as_str(),
    }
}

fn outcomes(
    titles: &Titles,
    place: &str,
    old: &[(Name, Outcome)],
    new: &[(Name, Outcome)],
    notes: &mut Notes,
) {
    let before = old.iter().map(|(name, outcome)| (name.as_str(), outcome));
    let after = new.iter().map(|(name, outcome)| (name.as_str(), outcome));
    for (name, found) in paired(before, after) {
        let place = format!("{place}.outcomes.{name}");
        match found {
            Found::Added(own) => {
                notes.say(&place, titled("可选新的结果", "a new outcome", &own.title));
            }
            Found::Dropped(own) => {
                notes.say(&place, titled("不再有这一结果", "an outcome is dropped", &own.title));
            }
            Found::Both(old, new) => outcome(titles, &place, old, new, notes),
        }
    }
}

fn outcome(titles: &Titles, place: &str, old: &Outcome, new: &Outcome, notes: &mut Notes) {
    let since = notes.differences.len();
    let title = new.title.clone();
    let mut at = At { notes, titles, place: place.to_owned(), title };
    at.turned(
        "须符合全部条件",
        "needs every condition met",
        &yes(old.needs_met),
        &yes(new.needs_met),
    );
    at.turned("须说明理由", "needs reasons", &yes(old.reasons), &yes(new.reasons));
    let promise = |own: &Outcome| titles.all(&own.on_commitment);
    at.turned("所凭承诺", "the promise it rests on", &promise(old), &promise(new));
    at.turned(
        "之后",
        "what follows",
        &follows(titles, &old.follows),
        &follows(titles, &new.follows),
    );
    notes.reworded(place, old, new, since);
}

fn follows(titles: &Titles, follows: &Follows) -> Text {
    match follows {
        Follows::Then(target) => titles.of(to(target)),
        Follows::Supplement(asked) => {
            let (within, times) = (term(&asked.within), asked.times);
            let lapse = titles.of(to(&asked.lapse));
            Text::new(
                format!("补正（{}，至多 {times} 次，逾期到“{}”）", within.zh, lapse.zh),
                format!("a supplement ({}, at most {times} times, else “{}”)", within.en, lapse.en),
            )
        }
        Follows::Stop(stop) => {
            let (within, times) = (term(&stop.within), stop.times);
            Text::new(
                format!("中止计时（{}，{}，至多 {times} 次）", stop.ground.word(), within.zh),
                format!(
                    "the clock stops ({}, {}, at most {times} times)",
                    stop.ground.word(),
                    within.en
                ),
            )
        }
        Follows::Extend(extend) => {
            let (by, times) = (term(&extend.by), extend.times);
            Text::new(
                format!("延长（{}，至多 {times} 次）", by.zh),
                format!("the time is extended ({}, at most {times} times)", by.en),
            )
        }
        Follows::Stay => Text::new("补充后本环节继续", "it is added and the step goes on"),
    }
}

fn decision(at: &mut At<'_>, old: &Decision, new: &Decision) {
    let by = |d: &Decision| names([&d.by]);
    at.turned("以谁的名义", "in whose name", &by(old), &by(new));
    let does = |d: &Decision| names([d.decides.word()]);
    at.turned("作出的决定", "what it decides", &does(old), &does(new));
    at.turned("告知的内容", "what the notice says", &old.notice, &new.notice);
    let titles = at.titles;
    let issues = |d: &Decision| titles.all(&d.issues);
    at.turned("发给的证书", "the certificate issued", &issues(old), &issues(new));
    at.turned("冻结抽查名单", "freezes the lists", &yes(old.freezes), &yes(new.freezes));
    at.turned("进行抽取", "draws", &yes(old.draws), &yes(new.draws));
    at.turned("为布局规划摸底", "surveys for the plan", &yes(old.surveys), &yes(new.surveys));
    let adopts = |d: &Decision| names(&d.adopts);
    at.turned("采用的草案", "which draft is adopted", &adopts(old), &adopts(new));
    let remedies = |d: &Decision| titles.all(d.appeal.iter().flat_map(|appeal| &appeal.remedies));
    at.turned("救济途径", "how it can be challenged", &remedies(old), &remedies(new));
    let upheld = |d: &Decision| {
        row(&d.appeal.iter().map(|appeal| titles.of(to(&appeal.upheld))).collect::<Vec<Text>>())
    };
    at.turned("撤销后回到", "where the case goes when it is set aside", &upheld(old), &upheld(new));
    let then = |d: &Decision| titles.of(to(&d.then));
    at.turned("之后", "what follows", &then(old), &then(new));
}
