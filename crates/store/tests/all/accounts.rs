//! Accounts on both databases: one login name, one account; what may be used once is used once;
//! what is over is over; and a proven number leads to what was filed for it.

use base::{Date, Instant};
use identity::{
    AccountId, Evidence, LoginName, OneTimeCode, Password, Proof, TotpSecret, TotpStep,
    passkey::{CredentialId, Passkey},
    throttle::ACCOUNT,
};
use kernel::PartyId;
use store::accounts::{
    Ceremony, CodePurpose, Delegation, Event, Here, NewAccount, NewSession, Office, Proved,
    SessionDigest,
};

use crate::bench::{Bench, district, everywhere, keeper, name, on, sql};

fn login(text: &str) -> LoginName {
    LoginName::parse(text).unwrap()
}

fn new(number: u8, text: &str) -> NewAccount {
    let password = Password::new("seven grey herons at dusk", &[]).unwrap();
    NewAccount {
        id: AccountId([number; 16]),
        party: PartyId([number.wrapping_add(100); 16]),
        name: format!("柳{number}（虚构）"),
        login: Some(login(text)),
        password: Some(password.hash([number; 16]).unwrap()),
    }
}

async fn made(bench: &Bench, number: u8) -> AccountId {
    let new = new(number, &format!("liu{number}@example.cn"));
    assert!(bench.store.accounts().sign_up(&new, on("2030-01-07")).await.unwrap());
    new.id
}

fn later(at: Instant, seconds: i64) -> Instant {
    Instant::from_micros(at.micros() + seconds * 1_000_000)
}

fn digest(number: u8) -> SessionDigest {
    SessionDigest([number; 32])
}

async fn begin(bench: &Bench, number: u8, account: AccountId, at: Instant) {
    let new = NewSession {
        digest: digest(number),
        account: Some(account),
        person: String::new(),
        evidence: Evidence::Password,
        browser: "A browser\0".to_owned(),
        acting: None,
    };
    bench.store.accounts().begin(&new, at).await.unwrap();
}

async fn events(bench: &Bench, id: AccountId) -> Vec<Event> {
    let happened = bench.store.accounts().happenings(id, 100).await.unwrap();
    let mut events: Vec<Event> = happened.into_iter().map(|one| one.event).collect();
    events.sort();
    events
}

#[tokio::test]
async fn one_login_name_is_one_account() {
    everywhere("signup", async |bench| {
        let accounts = bench.store.accounts();
        let id = made(bench, 1).await;
        let taken = NewAccount {
            id: AccountId([9; 16]),
            party: PartyId([9; 16]),
            ..new(1, "LIU1@example.cn")
        };
        assert!(!accounts.sign_up(&taken, on("2030-01-07")).await.unwrap());
        assert!(accounts.account(taken.id).await.unwrap().is_none());
        let found = accounts.by_login(&login("Liu1@Example.cn")).await.unwrap().unwrap();
        assert_eq!((found.id, found.party), (id, PartyId([101; 16])));
        assert_eq!((found.name.as_str(), found.proof), ("柳1（虚构）", Proof::Unproven));
        assert_eq!(found.login, Some(login("liu1@example.cn")));
        assert!(found.password.unwrap().of(&Password::typed("seven grey herons at dusk")));
        assert!(accounts.by_login(&login("liu2@example.cn")).await.unwrap().is_none());
        // No column holds what names somebody.
        let plain = "SELECT 1 FROM account WHERE login = CAST('liu1@example.cn' AS BYTEA)";
        let plain =
            if bench.url.starts_with("sqlite") { &plain.replace("BYTEA", "BLOB") } else { plain };
        assert_eq!(sql(&bench.url, plain).await, 0);
        assert_eq!(events(bench, id).await, [Event::Made]);
    })
    .await;
}

#[tokio::test]
async fn a_session_lasts_until_it_is_over() {
    everywhere("sessions", async |bench| {
        let accounts = bench.store.accounts();
        let (id, at) = (made(bench, 1).await, on("2030-01-08"));
        let other = made(bench, 2).await;
        for number in [1, 2, 3] {
            begin(bench, number, id, later(at, i64::from(number))).await;
        }
        begin(bench, 4, other, at).await;
        let here = async |number: u8, seconds: i64| {
            let now = later(at, seconds);
            accounts.here(digest(number), (now, Date::parse("2030-01-08").unwrap())).await.unwrap()
        };
        let Some(Here::Holder { account, party, name, acting, evidence }) = here(1, 10).await
        else {
            panic!("nobody is there")
        };
        assert_eq!((account, party, acting), (id, PartyId([101; 16]), None));
        assert_eq!((name.as_str(), evidence), ("柳1（虚构）", Evidence::Password));
        assert_eq!(here(9, 10).await, None);
        let listed = accounts.sessions(id, later(at, 10)).await.unwrap();
        let digests: Vec<SessionDigest> = listed.iter().map(|one| one.digest).collect();
        assert_eq!(digests, [digest(3), digest(2), digest(1)]);
        assert_eq!(listed[0].browser, "A browser");
        // Nobody ends the session of somebody else.
        assert!(!accounts.end(digest(4), Some(id), later(at, 10)).await.unwrap());
        assert!(accounts.end(digest(2), Some(id), later(at, 10)).await.unwrap());
        assert!(!accounts.end(digest(2), Some(id), later(at, 10)).await.unwrap());
        assert_eq!(
            here(2, 11).await,
            Some(Here::Ended { account: Some(id), person: String::new() })
        );
        // A new password ends every session but the one it was set in.
        let hash = Password::typed("a wholly new sentence").hash([3; 16]).unwrap();
        accounts.set_password(id, &hash, Some(digest(3)), later(at, 12)).await.unwrap();
        assert_eq!(
            here(1, 13).await,
            Some(Here::Ended { account: Some(id), person: String::new() })
        );
        assert!(matches!(here(3, 13).await, Some(Here::Holder { .. })));
        assert!(matches!(here(4, 13).await, Some(Here::Holder { .. })));
        // What is asked within the hour keeps it; an hour without anything ends it.
        assert!(matches!(here(3, 3_000).await, Some(Here::Holder { .. })));
        assert!(matches!(here(3, 6_000).await, Some(Here::Holder { .. })));
        assert_eq!(
            here(3, 9_600).await,
            Some(Here::Ended { account: Some(id), person: String::new() })
        );
        assert_eq!(accounts.sessions(id, later(at, 9_600)).await.unwrap(), []);
        let body = district("900101");
        begin(bench, 5, id, at).await;
        accounts.act_for(digest(5), Some(&body)).await.unwrap();
        let acts_for = async |day: &str| {
            let here = accounts.here(digest(5), (later(at, 10), Date::parse(day).unwrap())).await;
            let Ok(Some(Here::Holder { acting, .. })) = here else { panic!("nobody") };
            acting
        };
        // Nobody acts for a body whose officer they are not that day.
        assert_eq!(acts_for("2030-01-08").await, None);
        let (from, until) = ("2030-01-08", "2030-01-10");
        let (from, until) = (Date::parse(from).unwrap(), Some(Date::parse(until).unwrap()));
        let office = Office { body: body.clone(), from, until };
        accounts.make_officer(id, &office, at).await.unwrap();
        assert_eq!(acts_for("2030-01-07").await, None);
        assert_eq!(acts_for("2030-01-08").await, Some(body.clone()));
        assert_eq!(acts_for("2030-01-09").await, Some(body));
        assert_eq!(acts_for("2030-01-10").await, None);
    })
    .await;
}

#[tokio::test]
async fn what_may_be_used_once_is_used_once() {
    everywhere("once", async |bench| {
        let accounts = bench.store.accounts();
        let (id, at) = (made(bench, 1).await, on("2030-01-08"));
        let other = made(bench, 2).await;
        let secret = TotpSecret::from_bytes([5; 20]);
        assert!(accounts.totp(id).await.unwrap().is_none());
        for number in [1, 2] {
            begin(bench, number, id, at).await;
        }
        accounts.set_totp((id, digest(1)), &secret, TotpStep(0), at).await.unwrap();
        // No session is left that began with the password alone.
        let left = accounts.sessions(id, at).await.unwrap();
        let left: Vec<_> = left.iter().map(|one| (one.digest, one.evidence)).collect();
        assert_eq!(left, [(digest(1), Evidence::PasswordAndCode)]);
        assert_eq!(accounts.totp(id).await.unwrap().unwrap().secret, secret);
        let code = secret.code(TotpStep::of(at));
        for taken in [true, false] {
            assert_eq!(accounts.take_totp(id, &code, at).await.unwrap(), taken);
        }
        let before = secret.code(TotpStep(TotpStep::of(at).0 - 1));
        assert!(!accounts.take_totp(id, &before, at).await.unwrap());
        assert!(!accounts.take_totp(other, &code, at).await.unwrap());

        let codes = [OneTimeCode::new([1; 15]), OneTimeCode::new([2; 15])];
        let (purpose, until) = (CodePurpose::Recovery, later(at, 100));
        accounts.set_codes(id, purpose, &codes, until, at).await.unwrap();
        assert_eq!(accounts.codes_left(id, purpose, at).await.unwrap(), 2);
        let used = async |code: usize, purpose, seconds| {
            accounts.use_code(&codes[code], purpose, later(at, seconds)).await.unwrap()
        };
        assert_eq!(used(0, CodePurpose::Invitation, 1).await, None);
        assert_eq!(accounts.code_of(&codes[0], purpose, at).await.unwrap(), Some(id));
        assert_eq!(used(0, purpose, 1).await, Some(id));
        assert_eq!(used(0, purpose, 1).await, None);
        assert_eq!(used(1, purpose, 100).await, None);
        assert_eq!(accounts.codes_left(id, purpose, at).await.unwrap(), 1);
        accounts.remove_totp(id, at).await.unwrap();
        assert!(accounts.totp(id).await.unwrap().is_none());
        assert_eq!(accounts.codes_left(id, purpose, at).await.unwrap(), 0);
        assert!(accounts.spend([7; 32], later(at, 9)).await.unwrap());
        assert!(!accounts.spend([7; 32], later(at, 9)).await.unwrap());

        let keep = async |bytes: &[u8]| {
            accounts.keep_for(digest(1), Ceremony::Provider, bytes, later(at, 60)).await.unwrap();
        };
        let take = async |number, kind, seconds| {
            accounts.take_for(digest(number), kind, later(at, seconds)).await.unwrap()
        };
        keep(b"first").await;
        keep(b"second").await;
        assert_eq!(take(2, Ceremony::Provider, 1).await, None);
        assert_eq!(take(1, Ceremony::SecondFactor, 1).await, None);
        let kept = accounts.kept_for(digest(1), Ceremony::Provider, at).await.unwrap();
        assert_eq!(kept.as_deref(), Some(b"second".as_slice()));
        assert_eq!(take(1, Ceremony::Provider, 1).await.as_deref(), Some(b"second".as_slice()));
        assert_eq!(take(1, Ceremony::Provider, 1).await, None);
        keep(b"late").await;
        assert_eq!(take(1, Ceremony::Provider, 60).await, None);
    })
    .await;
}

#[tokio::test]
async fn passkeys_count_forwards_and_belong_to_one_account() {
    everywhere("passkeys", async |bench| {
        let accounts = bench.store.accounts();
        let (id, at) = (made(bench, 1).await, on("2030-01-08"));
        let other = made(bench, 2).await;
        let credential = CredentialId(vec![4; 20]);
        let passkey = Passkey { id: credential.clone(), key: vec![1, 2, 3], counter: 0 };
        assert!(accounts.add_passkey(id, &passkey, "电话", at).await.unwrap());
        assert!(!accounts.add_passkey(other, &passkey, "手机", at).await.unwrap());
        let kept = accounts.passkey(&credential).await.unwrap().unwrap();
        assert_eq!((kept.account, kept.passkey, kept.used_at), (id, passkey.clone(), None));
        let after = Passkey { counter: 5, ..passkey.clone() };
        assert!(accounts.count_passkey(0, &after, at).await.unwrap());
        assert!(!accounts.count_passkey(0, &after, at).await.unwrap());
        let [kept] = &accounts.passkeys(id).await.unwrap()[..] else { panic!("not one") };
        assert_eq!((kept.passkey.counter, kept.used_at), (5, Some(at)));
        assert!(!accounts.remove_passkey(other, &credential, at).await.unwrap());
        assert!(accounts.remove_passkey(id, &credential, at).await.unwrap());
        assert_eq!(accounts.passkeys(id).await.unwrap(), []);
        assert_eq!(
            events(bench, id).await,
            [Event::Made, Event::PasskeyAdded, Event::PasskeyRemoved]
        );
    })
    .await;
}

#[tokio::test]
async fn who_guesses_has_to_wait() {
    everywhere("throttle", async |bench| {
        let accounts = bench.store.accounts();
        let at = on("2030-01-08");
        let (subject, other) = (accounts.subject("a", "b"), accounts.subject("a", "c"));
        for second in 0..10 {
            assert_eq!(accounts.wait(subject, ACCOUNT, later(at, second)).await.unwrap(), None);
            accounts.failed(&[subject, other], later(at, second)).await.unwrap();
        }
        let wait = async |subject, second| {
            accounts.wait(subject, ACCOUNT, later(at, second)).await.unwrap()
        };
        assert_eq!(wait(subject, 10).await, Some(890));
        assert_eq!(wait(subject, 900).await, None);
        accounts.forgive(subject).await.unwrap();
        assert_eq!(wait(subject, 10).await, None);
        assert_eq!(wait(other, 10).await, Some(890));
    })
    .await;
}

#[tokio::test]
async fn a_proven_number_leads_to_what_was_filed_for_it() {
    everywhere("prove", async |bench| {
        let accounts = bench.store.accounts();
        let (id, at) = (made(bench, 1).await, on("2030-01-08"));
        let other = made(bench, 2).await;
        let case = bench.file(1, "柳影茶馆", on("2030-01-07")).await;
        let filed = bench.store.party_for("resident-id", "90", keeper(1)).await.unwrap();
        let proof = Proof::Seen { by: other, at };
        let proved = accounts.prove(id, ("resident-id", "90"), &proof, at).await.unwrap();
        assert_eq!(proved, Proved::Now(filed));
        let account = accounts.account(id).await.unwrap().unwrap();
        assert_eq!((account.party, &account.proof), (keeper(1), &proof));
        assert_eq!(account.name, "柳1（虚构）");
        assert_eq!(account.login, Some(login("liu1@example.cn")));
        assert_eq!(accounts.former_parties(id).await.unwrap(), [PartyId([101; 16])]);
        let cases = bench.store.cases_of(account.party, None, 9).await.unwrap();
        assert_eq!(cases[0].id, case);
        // The number is one person's; another account does not get it.
        let proof = Proof::Asserted { issuer: "https://id.example".into(), at };
        let proved = accounts.prove(other, ("resident-id", "90"), &proof, at).await.unwrap();
        assert_eq!(proved, Proved::OtherAccount);
        // A number for which nothing was filed is the party's that the account began as.
        let proved = accounts.prove(other, ("passport", "E1"), &proof, at).await.unwrap();
        assert_eq!(proved, Proved::Now(PartyId([102; 16])));
        assert_eq!(accounts.account(other).await.unwrap().unwrap().proof, proof);
        assert!(accounts.tie(other, "https://id.example", "7", at).await.unwrap());
        assert!(!accounts.tie(id, "https://id.example", "7", at).await.unwrap());
        let tied = accounts.by_provider("https://id.example", "7").await.unwrap().unwrap();
        assert_eq!(tied.id, other);
        // Whoever is erased has no account.
        bench.store.erase(filed).await.unwrap();
        assert!(accounts.account(id).await.unwrap().is_none());
        assert!(accounts.by_login(&login("liu1@example.cn")).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn offices_and_delegations_have_days() {
    everywhere("days", async |bench| {
        let accounts = bench.store.accounts();
        let day = |text: &str| Date::parse(text).unwrap();
        let (id, at) = (made(bench, 1).await, on("2030-01-08"));
        let office = Office {
            body: district("900101"),
            from: day("2030-02-01"),
            until: Some(day("2030-03-01")),
        };
        let officer = new(2, "liu2@example.cn");
        assert!(accounts.sign_up_officer(&officer, &office, at).await.unwrap());
        assert_eq!(accounts.offices(officer.id).await.unwrap(), std::slice::from_ref(&office));
        assert_eq!(accounts.offices(id).await.unwrap(), []);
        for (text, held) in [
            ("2030-01-31", false),
            ("2030-02-01", true),
            ("2030-02-28", true),
            ("2030-03-01", false),
        ] {
            assert_eq!(office.held_on(day(text)), held, "{text}");
        }
        let given = Delegation {
            id: [8; 16],
            giver: id,
            agent: officer.id,
            services: vec![name("tea-house")],
            from: day("2030-02-01"),
            until: day("2030-03-01"),
            made_at: at,
            ended_at: None,
        };
        accounts.delegate(&given).await.unwrap();
        for holder in [id, officer.id] {
            assert_eq!(accounts.delegations(holder).await.unwrap(), std::slice::from_ref(&given));
        }
        assert!(given.holds_on(day("2030-02-01")) && !given.holds_on(day("2030-03-01")));
        assert!(given.covers(&name("tea-house")) && !given.covers(&name("herb-room")));
        assert!(!accounts.end_delegation(officer.id, given.id, at).await.unwrap());
        assert!(accounts.end_delegation(id, given.id, at).await.unwrap());
        assert!(!accounts.end_delegation(id, given.id, at).await.unwrap());
        let [ended] = &accounts.delegations(id).await.unwrap()[..] else { panic!("not one") };
        assert!(!ended.holds_on(day("2030-02-02")));
    })
    .await;
}
