//! Clocks: what runs out takes effect at its deadline, before anything later is decided; dates
//! past the published calendar wait for it and are counted again.

use base::{Date, Text};
use kernel::{Act, Actor, CaseId, Entry, EntryNumber, Standing};
use store::{Store, StoreError, SubmitError};

use crate::bench::{
    Bench, choice, clerk, days, everywhere, on, start_of, town_until, vault_key, willow,
};

async fn last(bench: &Bench, case: CaseId) -> Vec<Entry> {
    bench.store.history(case).await.unwrap()
}

async fn ended(bench: &Bench, case: CaseId) -> Option<String> {
    match bench.store.case(case).await.unwrap().unwrap().standing {
        Standing::Ended { end } => Some(end.to_string()),
        _ => None,
    }
}

async fn due(bench: &Bench, case: CaseId) -> (String, bool) {
    let due = bench.store.case(case).await.unwrap().unwrap().standing.due().unwrap();
    (due.on.to_string(), due.provisional)
}

#[tokio::test]
async fn silence_takes_effect_at_the_deadline() {
    everywhere("silence", async |bench| {
        // Filed on a Monday: five working days end with the next Monday.
        let case = bench.file(1, "柳影茶馆", on("2030-01-07")).await;
        assert_eq!(due(bench, case).await.0, "2030-01-14");
        assert_eq!(bench.store.advance(on("2030-01-14")).await.unwrap(), 0);
        assert_eq!(bench.store.advance(on("2030-03-20")).await.unwrap(), 1);
        assert_eq!(bench.store.advance(on("2030-03-20")).await.unwrap(), 0);
        let deemed = &last(bench, case).await[1];
        assert_eq!((deemed.at, &deemed.by), (start_of("2030-01-15"), &Actor::Clock));
        assert!(matches!(&deemed.act, Act::Chose(chose) if chose.outcome.as_str() == "accepted"));
        let entry = bench.store.case(case).await.unwrap().unwrap().entry.unwrap();
        let versions = bench.store.versions(&entry.register, &entry.key).await.unwrap();
        assert_eq!(versions[0].valid_from, start_of("2030-01-15"));
        bench.must_verify().await;
    })
    .await;
}

#[tokio::test]
async fn what_ran_out_goes_before_what_arrives_later() {
    everywhere("before", async |bench| {
        let case = bench.file(1, "柳影茶馆", on("2030-01-07")).await;
        let ask = choice("accept", "incomplete", &["tea-house.seats"]);
        bench.act(case, clerk(), ask, on("2030-01-08")).await.unwrap();
        // Five working days after the notice have passed, so it is too late to withdraw.
        let withdraw = kernel::Command::Withdraw { reasons: String::new() };
        let applicant = Actor::Party(crate::bench::keeper(1));
        let late = bench.act(case, applicant, withdraw, on("2030-01-16")).await;
        assert!(matches!(late, Err(SubmitError::Refused(kernel::Refusal::NotNow))), "{late:?}");
        let history = last(bench, case).await;
        assert!(matches!(&history[2].act, Act::RanOut(step) if step.as_str() == "accept"));
        assert_eq!(history[2].at, start_of("2030-01-16"));
        assert_eq!(ended(bench, case).await.as_deref(), Some("run-out"));
        bench.must_verify().await;
    })
    .await;
}

#[tokio::test]
async fn a_later_calendar_counts_provisional_dates_again() {
    everywhere("calendar", async |bench| {
        let firm = bench.file(1, "柳影茶馆", on("2030-01-07")).await;
        let open = bench.file(2, "柳浪茶馆", on("2030-03-27")).await;
        assert_eq!(due(bench, open).await, ("2030-04-03".to_owned(), true));
        // A provisional date never fires; the firm one does.
        assert_eq!(bench.store.advance(on("2030-05-20")).await.unwrap(), 0);
        assert_eq!(last(bench, firm).await.len(), 4);
        let head = bench.store.head().await.unwrap();
        let refused = async |days: String| {
            let notice = Text::new("日历", "calendar");
            let at = on("2030-03-28");
            let error = bench.store.adopt_calendar(days, notice, clerk(), at).await.unwrap_err();
            assert_eq!(error.number(), 1005, "{error:?}");
        };
        refused(String::new()).await;
        refused(days("2030-05-01", "2030-05-31")).await;
        refused(days("2030-03-01", "2030-05-31").replace("03-04,1", "03-04,0")).await;
        assert_eq!(bench.store.head().await.unwrap(), head);
        let holidays = days("2030-04-01", "2030-06-30").replace("04-01,1", "04-01,0");
        let notice = Text::new("四月一日放假", "the first of April is a holiday");
        let adopted =
            bench.store.adopt_calendar(holidays, notice, clerk(), on("2030-03-28")).await.unwrap();
        assert_eq!(adopted, EntryNumber(head.0 + 1));
        assert_eq!(due(bench, open).await, ("2030-04-04".to_owned(), false));
        let redated = last(bench, open).await.pop().unwrap();
        assert_eq!(redated.number, adopted.next());
        let day = Date::parse("2030-04-04").unwrap();
        assert!(matches!(redated.act, Act::Redated(deadline) if deadline.on == day));
        bench.must_verify().await;
        assert_eq!(bench.store.advance(on("2030-04-05")).await.unwrap(), 1);
        let deemed = &last(bench, open).await[2];
        assert_eq!(deemed.at, start_of("2030-04-05"));
        let next = bench.file(3, "柳烟茶馆", on("2030-06-27")).await;
        assert!(due(bench, next).await.1);
    })
    .await;
}

#[tokio::test]
async fn a_pack_with_more_days_counts_provisional_dates_again() {
    everywhere("longer", async |bench| {
        let open = bench.file(1, "柳影茶馆", on("2030-03-27")).await;
        assert!(due(bench, open).await.1);
        let (next, sources) = town_until("2030-06-30");
        bench.store.install(next, sources, clerk(), on("2030-03-28")).await.unwrap();
        assert_eq!(due(bench, open).await, ("2030-04-03".to_owned(), false));
        bench.must_verify().await;
    })
    .await;
}

#[tokio::test]
async fn a_case_whose_pack_is_not_loaded_holds_up_no_other() {
    everywhere("stuck", async |bench| {
        let old = bench.file(1, "柳影茶馆", on("2030-01-07")).await;
        let (next, sources) = town_until("2030-06-30");
        bench.store.install(next.clone(), sources, clerk(), on("2030-01-08")).await.unwrap();
        let new = bench.file(2, "柳浪茶馆", on("2030-01-08")).await;
        let second = Store::open(&bench.url, willow(), vault_key()).await.unwrap();
        second.know(next);
        let stuck = second.advance(on("2030-02-01")).await.unwrap_err();
        assert!(matches!(stuck, SubmitError::Store(StoreError::PackMissing(_))), "{stuck:?}");
        assert_eq!(last(bench, old).await.len(), 1);
        assert_eq!(last(bench, new).await.len(), 4);
        assert_eq!(bench.store.advance(on("2030-02-01")).await.unwrap(), 1);
        assert_eq!(last(bench, old).await[1].at, start_of("2030-01-15"));
        bench.must_verify().await;
    })
    .await;
}
