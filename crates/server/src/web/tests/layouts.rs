//! A layout plan on the pages: what was surveyed, a draft that is drawn up while the page tells how
//! far it is, put on file, read by everybody once others are asked, and verified from its texts;
//! and the same for programs.

use std::{fs, process::Command, time::Duration};

use layout::{Draft, Fault, Leaf, Node, Round, Survey, measures};
use serde_json::{Value, json};

use super::{
    client::{Answer, Client},
    credit::{done, filed},
    licences::licensed,
    town::Town,
};

/// A sub-district whose herb rooms are planned: surveyed, and open to drafts.
struct Planning {
    town: Town,
    /// Who plans.
    east: Client,
    /// Somebody who is not signed in.
    anyone: Client,
    /// The case.
    case: String,
}

/// The terms of a draft that two plots can meet.
const TERMS: [(&str, &str); 9] = [
    ("goal", "most"),
    ("reach", "3000"),
    ("year-1", "2025"),
    ("money-1", "10"),
    ("until", "2030"),
    ("floor", "0"),
    ("forced", ""),
    ("barred", ""),
    ("seconds", "60"),
];

impl Planning {
    async fn surveyed(name: &str) -> Self {
        Self::of(Town::found(name).await).await
    }

    /// The same in a town in which something has happened.
    async fn of(town: Town) -> Self {
        let mut planner = Client::signed_in(town.router(), "planner").await;
        let mut east = Client::signed_in(town.router(), "planner-east").await;
        for procedure in ["quarter-adoption", "plot-adoption"] {
            let case = filed(&mut planner, procedure, &[("plan.division", "90")]).await;
            done(&mut planner, &case, "publish", &[("outcome", "published")]).await;
        }
        let fields = [("room-plan.name", "晨柳布局（虚构）"), ("room-plan.division", "900101001")];
        let case = filed(&mut east, "room-layout", &fields).await;
        done(&mut east, &case, "call", &[("outcome", "survey")]).await;
        let anyone = Client::new(town.router());
        Self { town, east, anyone, case }
    }

    /// The page of the plan in a language.
    fn plan(&self, language: &str) -> String {
        format!("/{language}/layouts/{}", number(&self.case))
    }

    /// A file of the plan.
    fn file(&self, file: &str) -> String {
        format!("/layouts/{}/{file}", number(&self.case))
    }

    /// Sends the form with other answers.
    async fn ask(&mut self, other: &[(&str, &str)]) -> Answer {
        let changed = |name: &str| other.iter().any(|(own, _)| *own == name);
        let kept = TERMS.into_iter().filter(|(name, _)| !changed(name));
        let fields: Vec<(&str, &str)> = kept.chain(other.iter().copied()).collect();
        let (page, address) = (self.plan("en"), format!("{}/drafting", self.case));
        self.east.fill(&page, &address, &fields).await
    }

    /// Draws something up until it has ended; where it is.
    async fn ended(&mut self, other: &[(&str, &str)]) -> (String, Answer) {
        let begun = self.ask(other).await;
        assert_eq!(begun.status, 303, "{}", begun.body);
        let href = begun.location().to_owned();
        for _ in 0..600 {
            let page = self.east.get(&href).await;
            page.says(200, &[]);
            if !page.body.contains("/stop\"") {
                return (href, page);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("it did not end");
    }

    /// Draws a draft up and puts it on file.
    async fn put_on_file(&mut self, other: &[(&str, &str)]) {
        let (href, page) = self.ended(other).await;
        page.says(200, &["Put it on file", "No plan is beyond"]);
        let filed = self.east.fill(&href, &format!("{href}/file"), &[]).await;
        assert_eq!(filed.status, 303, "{}", filed.body);
        assert_eq!(filed.location(), self.plan("en"));
    }

    /// The fire and health departments agree.
    async fn agreed(&mut self) {
        done(&mut self.east, &self.case, "drafting", &[("outcome", "ask")]).await;
        for (part, person) in [("fire", "fire"), ("health", "east")] {
            let mut who = Client::signed_in(self.town.router(), person).await;
            let fields = [("step", "consult"), ("part", part), ("answer", "agrees")];
            let answer = who.fill(&self.case, &format!("{}/answer", self.case), &fields).await;
            assert_eq!(answer.status, 303, "{part}: {}", answer.body);
        }
    }
}

fn number(case: &str) -> &str {
    case.trim_start_matches("/en/cases/")
}

/// What quarters should have by dated norms and have: a room of 30 square metres at the bridge, in
/// the same sub-district as all three quarters.
#[tokio::test(flavor = "multi_thread")]
async fn what_areas_should_have_is_told_by_area() {
    let (town, room) = licensed("layout-standards").await;
    let mut east = Client::signed_in(town.router(), "east").await;
    let place = [("point", "150.15, 20.05"), ("reasons", "定位")];
    let put = east.fill(&room, &format!("{room}/correct"), &place).await;
    assert_eq!(put.status, 303, "{}", put.body);
    let mut own = Planning::of(town).await;
    let survey = own.east.get(&own.file("survey.txt")).await.body;
    for line in [
        "standard\tfloor\tthousand\t30",
        "has\tfloor\tquarter-3\t30",
        "standard\tnear\tarea\t1",
        "has\tnear\tquarter-1\t1",
    ] {
        assert!(survey.contains(line), "{line}: {survey}");
    }
    assert!(!survey.contains("has\tnear\tquarter-2"), "{survey}");
    let plan = own.east.get(&own.plan("en")).await;
    plan.says(200, &["30 for a thousand old people", "2 of 3", "30 of 36", "/standards"]);
    let by_area = format!("{}/standards", own.plan("zh"));
    let page = own.east.get(&by_area).await;
    page.says(200, &["30 / 36", "30 / 24", "30 / 15", "0 / 1", "1 / 1", "柳溪草药房布局办法"]);
    // The quarter that lacks the most stands first, of the larger one of those alike.
    let at = |key: &str| page.body.find(&format!("/quarter/{key}")).unwrap();
    assert!(at("quarter-1") < at("quarter-2") && at("quarter-2") < at("quarter-3"));
    own.anyone.get(&by_area).await.says(404, &[]);
}

/// From the survey to the sites on record: who may read what, and that the texts prove themselves.
#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_drawn_up_put_on_file_and_adopted() {
    let mut own = Planning::surveyed("layout-adopted").await;
    // While drafts are made they are the officers', and no draft is there yet.
    for (language, said) in [("en", "There is no draft on file yet."), ("zh", "还没有提交的草案")]
    {
        let page = own.east.get(&own.plan(language)).await;
        page.says(200, &[said, "plot-3", "data-map-row=\"quarter-1\""]);
        own.anyone.get(&own.plan(language)).await.says(404, &[]);
    }
    own.anyone.get(&own.file("survey.txt")).await.says(404, &[]);
    own.put_on_file(&[]).await;
    own.put_on_file(&[("goal", "near"), ("year-2", "2027"), ("money-2", "5")]).await;
    let page = own.east.get(&own.plan("en")).await;
    page.says(200, &["Draft 1", "Draft 2", "Most need met, and the nearer the better"]);
    own.agreed().await;
    // Now everybody reads them, in both languages.
    for language in ["en", "zh"] {
        own.anyone.get(&own.plan(language)).await.says(200, &["drafts/1", "drafts/2"]);
        let draft = own.anyone.get(&format!("{}/drafts/2", own.plan(language))).await;
        draft.says(200, &["plan.xlsx", "report.pdf", "data-map-row=\"plot-1\""]);
    }
    verified(&mut own).await;
    let chosen = [("outcome", "adopt"), ("room-draft.draft", "2")];
    done(&mut own.east, &own.case, "choose", &chosen).await;
    let case = own.east.get(&own.case).await;
    assert!(!case.links("/en/registers/planned-room/").is_empty(), "{}", case.body);
    own.anyone.get(&format!("{}/drafts/2", own.plan("en"))).await.says(200, &["Adopted"]);
}

/// What anybody reads verifies, with the crate and with the published program; a changed letter
/// does not.
async fn verified(own: &mut Planning) {
    let mut read = Vec::new();
    for file in ["survey.txt", "draft-2.txt", "verify_draft.py"] {
        let answer = own.anyone.get(&own.file(file)).await;
        answer.says(200, &[]);
        assert_eq!(answer.headers["content-type"], "text/plain; charset=utf-8", "{file}");
        read.push(answer.body);
    }
    let [survey, draft, program] = read.as_slice() else { panic!() };
    let surveyed = Survey::read(survey).unwrap();
    Draft::read(draft).unwrap().verify(&surveyed).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    put("survey.txt", survey);
    put("verify_draft.py", program);
    let changed = draft.replacen("value\t", "value\t9", 1);
    for (text, sound) in [(draft.clone(), true), (changed, false)] {
        put("draft.txt", &text);
        let run = Command::new("python3")
            .current_dir(folder.path())
            .args(["verify_draft.py", "survey.txt", "draft.txt"])
            .output()
            .unwrap();
        assert_eq!(run.status.success(), sound, "{}", String::from_utf8_lossy(&run.stdout));
    }
    for (file, begins) in [("survey.geojson", "{"), ("draft-2.geojson", "{")] {
        let answer = own.anyone.get(&own.file(file)).await;
        answer.says(200, &["\"kind\":\"area\"", "\"kind\":\"refused\""]);
        assert!(answer.body.starts_with(begins));
    }
    let page = format!("{}/drafts/2", own.plan("en"));
    for (file, media) in [
        ("plan.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("report.pdf", "application/pdf"),
    ] {
        let answer = own.anyone.get(&format!("{page}/{file}")).await;
        assert_eq!(answer.status, 200, "{file}");
        assert_eq!(answer.headers["content-type"], media);
    }
    for missing in ["draft-3.txt", "draft-0.txt", "draft-x.txt", "other.txt"] {
        own.anyone.get(&own.file(missing)).await.says(404, &[]);
    }
}

/// Answers that cannot be read stay in the form with what is wrong; terms that cannot be have their
/// numbers; terms that cannot all be met are told with the fewest of them.
#[tokio::test(flavor = "multi_thread")]
async fn terms_that_cannot_be_are_refused() {
    let mut own = Planning::surveyed("layout-refused").await;
    own.ask(&[("reach", "far"), ("forced", "plot-1")])
        .await
        .says(422, &["Give a whole number", "`plot-1` is not a key and a course", "value=\"far\""]);
    // What is listed above the form says which answer it is about; the years have one hint.
    let form = own.ask(&[("money-1", "much"), ("year-2", "soon"), ("money-2", "5")]).await;
    let asked = ["Phase 1: money (10,000 yuan): Give", "Phase 2: from which year: Give"];
    form.says(422, &asked);
    let read_with = |name: &str, ids: &str| {
        let line = form.body.split("<input").find(|own| own.contains(&format!("id=\"{name}\"")));
        assert!(line.unwrap().contains(&format!("aria-describedby=\"{ids}\"")), "{name}");
    };
    read_with("year-1", "phases-hint");
    read_with("money-1", "money-1-error phases-hint");
    assert_eq!(form.body.matches("id=\"phases-hint\"").count(), 1);
    let far = Fault::NotAReach { reach: 9000, most: 3000 }.number().to_string();
    own.ask(&[("reach", "9000")]).await.says(422, &[&far]);
    let unknown = own.ask(&[("barred", "plot-9")]).await;
    unknown.says(422, &["plot-9"]);
    let (_, page) = own.ended(&[("floor", "100"), ("money-1", "0")]).await;
    page.says(200, &["1364", "these cannot all be met"]);
    // Nobody but officers who act there draws anything up.
    let mut fire = Client::signed_in(own.town.router(), "fire").await;
    let address = format!("{}/drafting", own.case);
    let page = fire.get("/en/inbox").await;
    let token = [("token", page.hidden("token")), ("key", "k-1".to_owned())];
    fire.post(&address, &token).await.says(409, &["1102"]);
    let mut lin = Client::signed_in(own.town.router(), "lin").await;
    lin.get(&own.plan("en")).await.says(404, &[]);
}

/// How well people reach places, today and with a draft, by each measure; as a hand counts it:
/// a large room of 80 places on the first plot, for 2,500 people of three quarters.
#[tokio::test(flavor = "multi_thread")]
async fn reach_is_told_today_and_with_a_draft() {
    let mut own = Planning::surveyed("layout-reach").await;
    for (language, said) in [("en", "How well people reach care"), ("zh", "床位可达性")] {
        let page = own.east.get(&format!("{}/access", own.plan(language))).await;
        page.says(200, &[said, "E2SFCA", "value=\"50\"", "data-map-row=\"quarter-1\""]);
        own.anyone.get(&format!("{}/access", own.plan(language))).await.says(404, &[]);
    }
    own.put_on_file(&[]).await;
    let plan = own.east.get(&own.plan("en")).await;
    assert_eq!(plan.links(&format!("{}/access", own.plan("en"))).len(), 1);
    let draft = own.east.get(&format!("{}/drafts/1", own.plan("en"))).await;
    let then = format!("{}/access?then=1-2025", own.plan("en"));
    draft.says(200, &[&format!("href=\"{then}\"")]);
    for (language, said) in [("en", "Draft 1: 2025"), ("zh", "草案 1：2025")] {
        let address = format!("{}/access?measure=2sfca&then=1-2025", own.plan(language));
        // Within 50 minutes everybody shares the room.
        let all = own.east.get(&address).await;
        all.says(200, &[said, "2SFCA", ">32.00<", ">+32.00<", ">0.000<", ">10.0\u{a0}%<"]);
        // Within 20 the 500 of the third quarter have none, and the others 80 for 2,000.
        let near = own.east.get(&format!("{address}&minutes=20")).await;
        near.says(
            200,
            &[">40.00<", ">+40.00<", ">500<", ">0.200<", ">20.0\u{a0}%<", "value=\"20\""],
        );
    }
    for word in ["2sfca", "e2sfca", "3sfca", "g2sfca", "bfca", "raam", "nearest", "mean"] {
        let page = own.east.get(&format!("{then}&measure={word}")).await;
        page.says(200, &[&format!("<option value=\"{word}\" selected>")]);
    }
}

/// What is not there, or is no answer, is refused; a draft is shown to nobody who may not read it.
#[tokio::test(flavor = "multi_thread")]
async fn reach_is_refused_where_it_is_not_known() {
    let mut own = Planning::surveyed("layout-reach-refused").await;
    own.put_on_file(&[]).await;
    own.agreed().await;
    let anew = [("outcome", "anew"), ("reasons", "再看看")];
    done(&mut own.east, &own.case, "choose", &anew).await;
    own.put_on_file(&[("money-1", "20")]).await;
    for (language, said) in [("en", "whole number from 1 to 50"), ("zh", "1 至 50 的整数")] {
        let page = format!("{}/access", own.plan(language));
        for typed in ["many", "", "0", "51", "-1", "4.5"] {
            let answer = own.east.get(&format!("{page}?measure=raam&minutes={typed}")).await;
            answer.says(422, &["1369", said, &format!("value=\"{typed}\"")]);
            assert_eq!(answer.headers["refusal-number"], "1369");
        }
        own.east.get(&format!("{page}?measure=far")).await.says(400, &["1309", "far", "e2sfca"]);
        for then in ["3-2025", "1-2024", "1", "x"] {
            own.east.get(&format!("{page}?then={then}")).await.says(404, &[]);
        }
        own.east.get(&format!("{page}?then=2-2025")).await.says(200, &["1-2025", "2-2025"]);
        let public = own.anyone.get(&format!("{page}?then=1-2025")).await;
        public.says(200, &["1-2025"]);
        assert!(!public.body.contains("2-2025"));
        own.anyone.get(&format!("{page}?then=2-2025")).await.says(404, &[]);
    }
    let map = own.file("access.geojson");
    let asked = own.anyone.get(&format!("{map}?measure=2sfca&minutes=20&then=1-2025")).await;
    asked.says(200, &["\"2sfca-before\":0.0", "\"2sfca-2025\":40.0", "\"access-2025\":1000"]);
    assert!(!asked.body.contains("\"kind\":\"candidate\"") && !asked.body.contains("met-"));
    own.anyone.get(&format!("{map}?then=2-2025")).await.says(404, &[]);
    own.anyone.get(&format!("{map}?minutes=0")).await.says(400, &["1309"]);
    let draft = own.anyone.get(&own.file("draft-1.geojson")).await;
    draft.says(200, &["\"e2sfca-before\":0.0", "\"e2sfca-2025\":", "\"met-2025\":"]);
}

/// The price of equity is a table, and what is stopped at once still ends.
#[tokio::test(flavor = "multi_thread")]
async fn the_price_of_equity_is_a_table() {
    let mut own = Planning::surveyed("layout-curve").await;
    let (_, page) = own.ended(&[("what", "curve")]).await;
    page.says(200, &["The price of equity", "70.0\u{a0}%"]);
    own.east.get(&format!("{}/drafting/99", own.case)).await.says(404, &[]);
}

/// What an address tells a program.
async fn told(who: &mut Client, address: &str) -> Value {
    let answer = who.get(address).await;
    assert_eq!(answer.status, 200, "{address}: {}", answer.body);
    assert!(answer.headers.contains_key("etag"), "{address}");
    serde_json::from_str(&answer.body).unwrap()
}

/// A program gets a problem, as ever, and no page.
async fn refused(who: &mut Client, address: &str) {
    let answer = who.get(address).await;
    answer.says(404, &["\"number\":1301"]);
    assert_eq!(answer.headers["content-type"], "application/problem+json", "{address}");
}

/// How people are served, as the crate measures it from the texts.
fn round(survey: &Survey, round: &Round) -> Value {
    let areas = survey.areas().iter().zip(&round.areas).map(|(area, own)| {
        json!({
            "area": area.key, "people": area.people, "need": own.need, "places": own.places,
            "served": own.served, "missing": own.missing, "met_permille": own.met,
            "nearest_metres": own.nearest,
        })
    });
    json!({
        "year": round.year, "need": round.need, "places": round.places, "served": round.served,
        "missing": round.missing, "met_permille": round.met, "gini_millionths": round.gini,
        "worst_area": round.worst.map(|at| &survey.areas()[at].key),
        "areas": areas.collect::<Vec<_>>(),
    })
}

/// What programs are told of a draft is what its text says.
fn same_draft(survey: &Survey, draft: &Draft, told: &Value) {
    let terms = draft.terms();
    let phases = terms.phases.iter();
    let phases = phases.map(|own| json!({ "year": own.year, "budget_yuan": own.budget }));
    let expected = json!({
        "goal": terms.goal.word(), "reach_metres": terms.reach, "until": terms.until,
        "phases": phases.collect::<Vec<_>>(), "floor_permille": terms.floor,
        "highest_floor": terms.worst, "forced": [], "barred": [], "seed": terms.seed,
    });
    assert_eq!(told["terms"], expected);
    let picks = draft.picks().iter().map(|pick| {
        let site = &survey.sites()[survey.site(&pick.site).unwrap()];
        let course = &site.courses[site.course(&pick.course).unwrap()];
        json!({
            "site": pick.site, "course": pick.course.as_str(), "year": pick.year,
            "places_before": site.now, "places": course.places, "cost_yuan": course.cost,
        })
    });
    let picks: Vec<Value> = picks.collect();
    assert_eq!(told["picks"], json!(picks));
    let cost: i64 = picks.iter().map(|own| own["cost_yuan"].as_i64().unwrap()).sum();
    let unit = if terms.goal.word() == "least" { "yuan" } else { "place-years-permille" };
    let worth = json!({
        "unit": unit, "value": draft.value(), "bound": draft.bound(),
        "gap_permillion": draft.gap_permillion(), "cost_yuan": cost,
    });
    assert_eq!(told["worth"], worth);
    assert_eq!(told["digest"], draft.digest());
    assert_eq!(told["survey_digest"], survey.digest());
    assert_eq!(told["search_rounds"], draft.rounds());
    let rounds = measures(survey, Some(draft)).rounds;
    let rounds: Vec<Value> = rounds.iter().map(|own| round(survey, own)).collect();
    assert_eq!(told["rounds"], json!(rounds));
    let tree = || draft.proof().bound.iter();
    let cases = tree().filter(|own| matches!(own, Node::Leaf(_))).count();
    let none = tree().filter(|own| matches!(own, Node::Leaf(Leaf::Impossible(_)))).count();
    let proof = json!({
        "kind": if cases == 1 { "prices" } else { "cases" }, "cases": cases, "impossible": none,
        "ceiling_permille": null, "ceiling_cases": null,
        "price_sets": draft.proof().prices.len(),
    });
    assert_eq!(told["proof"], proof);
}

/// Everything that programs are told of a plan is what its texts say; the drafts by their numbers.
async fn same_plan(own: &mut Planning, api: &str, count: usize) {
    let text = own.anyone.get(&own.file("survey.txt")).await.body;
    let survey = Survey::read(&text).unwrap();
    let plan = told(&mut own.anyone, api).await;
    let said = &plan["survey"];
    assert_eq!(said["digest"], survey.digest());
    assert_eq!(json!([plan["name"], said["on"]]), json!([survey.name(), survey.on().to_string()]));
    assert_eq!(said["taken_from"], survey.taken_from());
    assert_eq!(said["norm_per_thousand"], survey.norm());
    let travel = json!({
        "kind": "straight", "detour_permille": 1300, "source": null, "speed_metres_a_minute": 60,
        "reach_metres": survey.travel().reach(),
    });
    assert_eq!(said["travel"], travel);
    let homes = survey.sites().iter().filter(|site| site.now > 0).count();
    let counts = [survey.areas().len(), homes, survey.sites().len() - homes];
    assert_eq!(json!([said["areas"], said["homes"], said["plots"]]), json!(counts));
    assert_eq!(said["refused"], survey.refused().len());
    assert_eq!(said["people"], survey.areas().iter().map(|area| area.people).sum::<u64>());
    assert_eq!(plan["today"], round(&survey, &measures(&survey, None).rounds[0]));
    let drafts = plan["drafts"].as_array().unwrap();
    assert_eq!(drafts.len(), count);
    for line in drafts {
        let links = &line["links"];
        let one = told(&mut own.anyone, links["json"].as_str().unwrap()).await;
        let text = own.anyone.get(links["text"].as_str().unwrap()).await.body;
        let draft = Draft::read(&text).unwrap();
        same_draft(&survey, &draft, &one);
        for part in ["number", "terms", "worth", "digest", "adopted", "links"] {
            assert_eq!(line[part], one[part], "{part}");
        }
        assert_eq!(line["picks"], draft.picks().len());
        for file in ["page", "text", "geojson", "workbook", "report", "survey_text", "program"] {
            let answer = own.anyone.get(links[file].as_str().unwrap()).await;
            assert_eq!(answer.status, 200, "{file}");
        }
    }
    for file in ["page", "survey_text", "survey_geojson", "program"] {
        own.anyone.get(plan["links"][file].as_str().unwrap()).await.says(200, &[]);
    }
}

/// What the texts say, as JSON, and for whom the pages are: drafts that are made anew are the
/// officers' until others are asked again.
#[tokio::test(flavor = "multi_thread")]
async fn programs_are_told_what_the_texts_say() {
    let mut own = Planning::surveyed("layout-programs").await;
    let api = format!("/api/layouts/{}", number(&own.case));
    let drafts = async |who: &mut Client| {
        let list = told(who, "/api/layouts").await;
        list["layouts"].as_array().unwrap().iter().map(|own| own["drafts"].clone()).collect()
    };
    let mut lin = Client::signed_in(own.town.router(), "lin").await;
    own.put_on_file(&[]).await;
    for who in [&mut own.anyone, &mut lin] {
        refused(who, &api).await;
        refused(who, &format!("{api}/drafts/1")).await;
        let seen: Vec<Value> = drafts(who).await;
        assert!(seen.is_empty(), "a plan that is not public is in nobody's list");
    }
    let list = told(&mut own.east, "/api/layouts").await;
    let line = &list["layouts"][0];
    let said = json!([line["public"], line["standing"], line["drafts"], line["adopted"]]);
    assert_eq!(said, json!([false, "at", 1, null]));
    assert_eq!(told(&mut own.east, &api).await["public"], false);
    own.agreed().await;
    same_plan(&mut own, &api, 1).await;
    let anew = [("outcome", "anew"), ("reasons", "再看看")];
    done(&mut own.east, &own.case, "choose", &anew).await;
    own.put_on_file(&[("goal", "least"), ("floor", "20")]).await;
    assert_eq!(drafts(&mut own.east).await, [json!(2)]);
    assert_eq!(drafts(&mut own.anyone).await, [json!(1)]);
    refused(&mut own.anyone, &format!("{api}/drafts/2")).await;
    same_plan(&mut own, &api, 1).await;
    own.agreed().await;
    let chosen = [("outcome", "adopt"), ("room-draft.draft", "2")];
    done(&mut own.east, &own.case, "choose", &chosen).await;
    same_plan(&mut own, &api, 2).await;
    let list = told(&mut lin, "/api/layouts").await;
    let line = &list["layouts"][0];
    let plan = told(&mut own.anyone, &api).await;
    assert_eq!((&line["adopted"], &line["standing"]), (&json!(2), &json!("ended")));
    for part in ["case", "procedure", "name", "standing", "public", "adopted"] {
        assert_eq!(line[part], plan[part], "{part}");
    }
    assert_eq!(line["survey_digest"], plan["survey"]["digest"]);
    let after = format!("/api/layouts?after={}", number(&own.case));
    assert_eq!(told(&mut lin, &after).await, json!({ "layouts": [], "next": null }));
    for wrong in ["drafts/0", "drafts/3", "drafts/x"] {
        refused(&mut own.anyone, &format!("{api}/{wrong}")).await;
    }
    for wrong in ["/api/layouts/1", "/api/layouts/999", "/api/layouts/x", "/api/layouts?after=x"] {
        refused(&mut own.anyone, wrong).await;
    }
}
