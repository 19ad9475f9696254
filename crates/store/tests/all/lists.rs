//! Lists: the work queue, an applicant's cases and a register's pages.

use base::{Date, Division, Name};
use kernel::{
    CaseId, Command, EntryNumber, PartyId, Refusal,
    ledger::{Away, Spell},
};
use store::{
    InboxCursor, InboxLine, InboxQuery, KEPT_MAX, KeptView, Reach, RegisterPage, RegisterQuery,
    SubmitError, Waits, Whose,
};

use crate::bench::{
    Bench, answer, body, choice, clerk, district, everywhere, keeper, name, officer, on,
};

#[tokio::test]
async fn a_work_queue_goes_by_due_day_and_then_by_case() {
    everywhere("inbox", async |bench| {
        let late = bench.file(1, "甲", on("2030-01-09")).await;
        let soon = bench.file(2, "乙", on("2030-01-07")).await;
        let next = bench.file(3, "丙", on("2030-01-07")).await;
        let waits = bench.file(4, "丁", on("2030-01-07")).await;
        let ask = choice("accept", "incomplete", &["tea-house.seats"]);
        bench.act(waits, clerk(), ask, on("2030-01-07")).await.unwrap();
        let body = district("900101");
        let mut seen: Vec<CaseId> = Vec::new();
        let mut after: Option<InboxCursor> = None;
        loop {
            let page = bench
                .store
                .inbox(&InboxQuery { after: after.take(), ..InboxQuery::all(&body, 2) })
                .await
                .unwrap();
            let due = |line: &InboxLine| line.case.standing.due().map(|due| due.on);
            assert!(page.lines.iter().all(|line| Some(line.due_on) == due(line)));
            assert!(page.lines.iter().all(|line| line.body == body));
            seen.extend(page.lines.iter().map(|line| line.case.id));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(seen, [soon, next, late]);
        let empty = bench.store.inbox(&InboxQuery::all(&district("900102"), 10)).await.unwrap();
        assert_eq!((empty.lines.len(), empty.next), (0, None));
    })
    .await;
}

#[tokio::test]
async fn a_queue_is_asked_by_who_deals_with_it_by_service_and_by_day() {
    everywhere("assigned", async |bench| {
        let first = bench.file(1, "甲", on("2030-01-07")).await;
        let second = bench.file(2, "乙", on("2030-01-08")).await;
        let third = bench.file(3, "丙", on("2030-01-09")).await;
        let (body, one, other) = (district("900101"), PartyId([71; 16]), PartyId([72; 16]));
        let assign = |to| Command::Assign { to };
        bench.act(first, clerk(), assign(Some(one)), on("2030-01-09")).await.unwrap();
        bench.act(second, clerk(), assign(Some(other)), on("2030-01-09")).await.unwrap();
        let ask = async |query: InboxQuery| -> Vec<CaseId> {
            let page = bench.store.inbox(&query).await.unwrap();
            page.lines.iter().map(|line| line.case.id).collect()
        };
        let all = InboxQuery::all(&body, 10);
        let whose = |officer| InboxQuery { officer, ..all.clone() };
        assert_eq!(ask(all.clone()).await, [first, second, third]);
        assert_eq!(ask(whose(Whose::Of(vec![one]))).await, [first]);
        assert_eq!(ask(whose(Whose::Of(vec![other, one]))).await, [first, second]);
        assert_eq!(ask(whose(Whose::Of(Vec::new()))).await, []);
        assert_eq!(ask(whose(Whose::Nobody)).await, [third]);
        let due = bench.store.inbox(&all).await.unwrap().lines[1].due_on;
        assert_eq!(ask(InboxQuery { from: Some(due), ..all.clone() }).await, [second, third]);
        assert_eq!(ask(InboxQuery { until: Some(due), ..all.clone() }).await, [first, second]);
        let service = |name: &str| InboxQuery { procedure: Some(self::name(name)), ..all.clone() };
        assert_eq!(ask(service("nothing-of-the-kind")).await, []);
        let own = bench.store.case(first).await.unwrap().unwrap().procedure;
        assert_eq!(ask(service(own.as_str())).await, [first, second, third]);

        // Given back, it is nobody's; who stands aside loses it.
        bench.act(first, clerk(), assign(None), on("2030-01-10")).await.unwrap();
        assert_eq!(ask(whose(Whose::Nobody)).await, [first, third]);
        bench.must_verify().await;
    })
    .await;
}

#[tokio::test]
async fn load_is_counted_by_body_service_and_officer_with_the_cases_behind() {
    everywhere("load", async |bench| {
        let first = bench.file(1, "甲", on("2030-01-07")).await;
        let second = bench.file(2, "乙", on("2030-01-09")).await;
        let reviewed = bench.review(3, on("2030-01-09")).await;
        let (body, one) = (district("900101"), PartyId([71; 16]));
        let give = Command::Assign { to: Some(one) };
        bench.act(first, clerk(), give, on("2030-01-09")).await.unwrap();
        let town = Reach { office: body.office.clone(), within: Division::parse("90").unwrap() };
        let lines = bench.store.inbox(&InboxQuery::all(&body, 10)).await.unwrap().lines;
        let due = lines.iter().find(|line| line.case.id == second).unwrap().due_on;
        let loads = bench.store.load(&town, (due, due)).await.unwrap();
        let filings = loads.iter().filter(|load| load.procedure.as_str() == "tea-house-filing");
        let counted: Vec<_> = filings
            .map(|load| (&load.body, load.officer, load.waiting, load.late, load.soon))
            .collect();
        assert_eq!(counted, [(&body, None, 1, 0, 1), (&body, Some(one), 1, 1, 0)]);
        // The review of a case that one in reach handles waits for other offices.
        let others: Vec<_> = loads.iter().filter(|load| load.body.office != body.office).collect();
        assert!(!others.is_empty(), "{loads:?}");

        let behind = async |reach: &Reach, office: Option<&str>, division: Option<&str>| {
            let waits = Waits::In {
                reach: reach.clone(),
                office: office.map(name),
                division: division.map(|code| Division::parse(code).unwrap()),
            };
            let query = InboxQuery { waits, ..InboxQuery::all(&body, 1) };
            let (mut seen, mut after) = (Vec::new(), None);
            loop {
                let query = InboxQuery { after, ..query.clone() };
                let page = bench.store.inbox(&query).await.unwrap();
                seen.extend(page.lines.into_iter().map(|line| (line.case.id, line.body)));
                after = page.next;
                if after.is_none() {
                    return seen;
                }
            }
        };
        let all = behind(&town, None, None).await;
        let waiting: u32 = loads.iter().map(|load| load.waiting).sum();
        assert_eq!(all.len(), usize::try_from(waiting).unwrap());
        let distinct: std::collections::BTreeSet<_> = all.iter().collect();
        assert_eq!(distinct.len(), all.len(), "no page shows a line again");
        let office = body.office.as_str();
        let own = behind(&town, Some(office), Some("900101")).await;
        assert_eq!(own.len(), 3);
        assert!(own.iter().all(|(_, own)| *own == body) && own.contains(&(first, body.clone())));
        let other = others[0].body.office.clone();
        let found = behind(&town, Some(other.as_str()), None).await;
        assert!(found.iter().all(|(case, body)| *case == reviewed && body.office == other));
        assert_eq!(behind(&town, Some(office), Some("900102")).await, []);
        // A district sees nothing of the next one, and a code that only begins alike is another.
        let next =
            Reach { office: body.office.clone(), within: Division::parse("900102").unwrap() };
        assert_eq!(bench.store.load(&next, (due, due)).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn views_are_kept_by_name_and_go_with_the_person() {
    everywhere("kept", async |bench| {
        let (one, other) = (keeper(71), keeper(72));
        let at = on("2030-01-07");
        let view = |name: &str, query: &str| KeptView { name: name.into(), query: query.into() };
        let late = view("逾期", "due=late");
        assert!(bench.store.keep_view(one, &late, at).await.unwrap());
        assert!(bench.store.keep_view(one, &view("我的", "whose=mine"), at).await.unwrap());
        let renewed = view("我的", "whose=mine&due=week");
        assert!(bench.store.keep_view(one, &renewed, at).await.unwrap());
        let kept = bench.store.kept_views(one).await.unwrap();
        assert_eq!(kept.len(), 2);
        assert!(kept.contains(&renewed) && kept.contains(&late), "{kept:?}");
        assert_eq!(bench.store.kept_views(other).await.unwrap(), []);
        bench.store.forget_view(one, "我的").await.unwrap();
        assert_eq!(bench.store.kept_views(one).await.unwrap(), std::slice::from_ref(&late));
        for nth in 1..KEPT_MAX {
            let own = view(&format!("第{nth}个"), "due=today");
            assert!(bench.store.keep_view(one, &own, at).await.unwrap());
        }
        assert!(!bench.store.keep_view(one, &view("多", "due=today"), at).await.unwrap());
        assert!(bench.store.keep_view(one, &late, at).await.unwrap(), "one of the same name is");
        bench.store.erase(one).await.unwrap();
        assert_eq!(bench.store.kept_views(one).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn who_is_away_is_known_with_who_stands_in() {
    everywhere("away", async |bench| {
        let (body, one, other) = (district("900101"), PartyId([71; 16]), PartyId([72; 16]));
        let day = |text: &str| Date::parse(text).unwrap();
        let spell = |from, until, cover| Some(Spell { from: day(from), until: day(until), cover });
        let away = |spell| Away { officer: one, body: body.clone(), spell };
        let at = on("2030-01-07");
        let say = async |away, by| bench.store.note_away(away, by, at).await;
        let first = spell("2030-01-08", "2030-01-15", other);
        say(away(first), clerk()).await.unwrap();
        assert_eq!(bench.store.absences(&body).await.unwrap(), [(one, first.unwrap())]);
        assert!(
            !first.unwrap().holds(day("2030-01-07")) && first.unwrap().holds(day("2030-01-15"))
        );
        assert_eq!(bench.store.absences(&district("900102")).await.unwrap(), []);

        // Said again, the former no longer holds.
        let longer = spell("2030-01-08", "2030-02-15", other);
        say(away(longer), clerk()).await.unwrap();
        assert_eq!(bench.store.absences(&body).await.unwrap(), [(one, longer.unwrap())]);
        bench.must_verify().await;
        bench.store.rebuild().await.unwrap();
        assert_eq!(bench.store.absences(&body).await.unwrap(), [(one, longer.unwrap())]);
        say(away(None), clerk()).await.unwrap();
        assert_eq!(bench.store.absences(&body).await.unwrap(), []);
        bench.must_verify().await;

        let refused = async |wrong, by| match say(away(wrong), by).await {
            Err(SubmitError::Refused(Refusal::Form(faults))) => {
                faults.into_iter().map(|fault| fault.path).collect()
            }
            Err(SubmitError::Refused(refusal)) => vec![refusal.number().to_string()],
            other => panic!("{other:?}"),
        };
        assert_eq!(refused(spell("2030-01-06", "2030-01-15", other), clerk()).await, ["from"]);
        assert_eq!(refused(spell("2030-01-09", "2030-01-08", other), clerk()).await, ["until"]);
        assert_eq!(refused(spell("2030-01-09", "2031-01-20", other), clerk()).await, ["until"]);
        assert_eq!(refused(spell("2030-01-09", "2030-01-09", one), clerk()).await, ["cover"]);
        let stranger = officer(district("900102"));
        let not_competent = Refusal::NotCompetent.number().to_string();
        assert_eq!(refused(first, stranger).await, [not_competent]);
    })
    .await;
}

#[tokio::test]
async fn a_review_waits_in_the_queue_of_each_body_until_it_answers() {
    everywhere("reviews", async |bench| {
        let case = bench.review(1, on("2030-01-07")).await;
        let queue = async |office: &str, division: &str| {
            let body = body(office, division);
            let page = bench.store.inbox(&InboxQuery::all(&body, 10)).await.unwrap();
            let due = page.lines.iter().map(|line| line.due_on.to_string()).collect::<Vec<_>>();
            assert!(page.lines.iter().all(|line| line.case.id == case));
            due
        };
        assert_eq!(queue("fire", "900101").await, ["2030-01-10"]);
        assert_eq!(queue("health", "900101").await, ["2030-01-14"]);
        let fire = officer(body("fire", "900101"));
        bench.act(case, fire, answer("fire", "agrees"), on("2030-01-08")).await.unwrap();
        assert!(queue("fire", "900101").await.is_empty());
        assert_eq!(queue("health", "900101").await, ["2030-01-14"]);
        let experts = choice("review", "experts", &[]);
        bench.act(case, clerk(), experts, on("2030-01-09")).await.unwrap();
        assert_eq!(queue("health", "900101").await, ["2030-01-14"], "the experts' own time");
        bench.store.advance(on("2030-01-15")).await.unwrap();
        assert_eq!(queue("health", "900101").await, ["2030-01-17"], "three days were left");
        bench.store.advance(on("2030-01-18")).await.unwrap();
        assert_eq!(queue("health", "900101").await, ["2030-01-25"], "the settlement");
        bench.must_verify().await;
    })
    .await;
}

#[tokio::test]
async fn an_applicant_sees_the_newest_case_first() {
    everywhere("cases_of", async |bench| {
        let first = bench.file(1, "甲", on("2030-01-07")).await;
        bench.file(2, "乙", on("2030-01-07")).await;
        let third = bench.file(1, "丙", on("2030-01-07")).await;
        let check = async |before: Option<CaseId>, limit: u32, expected: &[CaseId]| {
            let lines = bench.store.cases_of(keeper(1), before, limit).await.unwrap();
            let found: Vec<CaseId> = lines.iter().map(|case| case.id).collect();
            assert_eq!(found, expected);
        };
        check(None, 10, &[third, first]).await;
        check(None, 1, &[third]).await;
        check(Some(third), 1, &[first]).await;
        check(Some(first), 1, &[]).await;
        assert!(bench.store.cases_of(keeper(9), None, 10).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_procedure_has_its_newest_case_first() {
    everywhere("cases_under", async |bench| {
        let first = bench.file(1, "甲", on("2030-01-07")).await;
        let second = bench.file(2, "乙", on("2030-01-07")).await;
        let procedure = bench.store.case(first).await.unwrap().unwrap().procedure;
        let check = async |before: Option<CaseId>, limit: u32, expected: &[CaseId]| {
            let cases = bench.store.cases_under(&procedure, before, limit).await.unwrap();
            let found: Vec<CaseId> = cases.iter().map(|case| case.id).collect();
            assert_eq!(found, expected);
        };
        check(None, 10, &[second, first]).await;
        check(None, 1, &[second]).await;
        check(Some(second), 10, &[first]).await;
        check(Some(first), 10, &[]).await;
        let other = bench.store.cases_under(&name("tea-house"), None, 10).await.unwrap();
        assert!(other.is_empty(), "a procedure without cases");
    })
    .await;
}

async fn ask(bench: &Bench, words: Option<&str>, after: Option<&str>, limit: u32) -> RegisterPage {
    let query = RegisterQuery {
        register: name("tea-house"),
        at: on("2030-01-08"),
        known: bench.store.head().await.unwrap(),
        published_on: None,
        heading_contains: words.map(str::to_owned),
        after: after.map(str::to_owned),
        limit,
    };
    bench.store.entries(query).await.unwrap()
}

#[tokio::test]
async fn a_register_is_searched_and_paged() {
    everywhere("entries", async |bench| {
        for (number, called) in ["柳影茶馆", "柳浪Tea", "100%_!茶", "tea\0house"].iter().enumerate()
        {
            let who = u8::try_from(number).unwrap();
            bench.enter(who, called, on("2030-01-07")).await;
        }
        let check = async |words: Option<&str>, expected: &[&str]| {
            let page = ask(bench, words, None, 10).await;
            let heading = |fields: &kernel::register::Fields| match &fields["name"] {
                rules::Value::Text(name) => name.clone(),
                other => panic!("{other:?}"),
            };
            let mut found: Vec<String> =
                page.rows.iter().map(|(_, v)| heading(&v.fields)).collect();
            found.sort_unstable();
            assert_eq!(found, expected, "{words:?}");
            assert_eq!(page.total as usize, expected.len());
        };
        check(None, &["100%_!茶", "tea\0house", "柳影茶馆", "柳浪Tea"]).await;
        check(Some("柳"), &["柳影茶馆", "柳浪Tea"]).await;
        check(Some(" tEa "), &["tea\0house", "柳浪Tea"]).await;
        check(Some("%_!"), &["100%_!茶"]).await;
        check(Some("_"), &["100%_!茶"]).await;
        check(Some("不存在"), &[]).await;
        check(Some("'\0"), &[]).await;
        let first = ask(bench, None, None, 3).await;
        assert_eq!((first.rows.len(), first.total), (3, 4));
        let second = ask(bench, None, first.next.as_deref(), 3).await;
        assert_eq!((second.rows.len(), second.total, second.next), (1, 4, None));
        let nothing = bench.store.versions(&name("tea-house"), "\0").await.unwrap();
        assert!(nothing.is_empty());
        let early = EntryNumber(1);
        let none = bench.store.entry(&Name::new("x").unwrap(), "x", on("2030-01-08"), early).await;
        assert_eq!(none.unwrap(), None);
        bench.must_verify().await;
    })
    .await;
}
