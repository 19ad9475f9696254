//! How many questions are decided a second, by kind, and how long policies take to read. Run in
//! release: `cargo bench -p access`.

use std::{
    collections::BTreeSet,
    hint::black_box,
    path::Path,
    time::{Duration, Instant},
};

use access::{Action, CaseFacts, Circumstances, Seat, What, Who, read};
use base::{Date, Division, Name};
use pack::{compile, source::Folder};

/// How long each kind is measured.
const LASTS: Duration = Duration::from_secs(2);

fn main() {
    let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
    let Ok(compiled) = compile(&Folder(&packs), "willow") else { return };
    let pack = compiled.pack;
    let began = Instant::now();
    let Ok(policies) = read(&pack) else { return };
    println!("read and checked: {:?}, {} policies", began.elapsed(), policies.all().len());
    let Ok(day) = Date::parse("2025-01-01") else { return };
    let served = Circumstances { demo: false, account: true };
    for (name, (who, action, what)) in questions() {
        let began = Instant::now();
        let mut count = 0_u32;
        while began.elapsed() < LASTS {
            for _ in 0..100 {
                let decision = policies.decide(&who, action, &what, served, day);
                assert!(black_box(decision).permitted, "{name}");
            }
            count += 100;
        }
        let each = began.elapsed() / count;
        println!("{name}: {:?} each, {} a second", each, 1_000_000_000 / each.as_nanos().max(1));
    }
}

fn questions() -> Vec<(&'static str, (Who, Action, What))> {
    let name = |word: &str| Name::new(word).ok();
    let facts = || {
        let division = Division::parse("900101").ok()?;
        let seat = |office: &str| Some(Seat { office: name(office)?, division: division.clone() });
        let register =
            What::Register { register: name("herb-room")?, public: true, published: true };
        let mut case = CaseFacts::of(name("tea-house-licence")?);
        let offices = ["health", "planning", "fire", "civil-affairs"];
        case.bodies = offices.iter().filter_map(|office| seat(office)).collect();
        case.competent = BTreeSet::from([seat("health")?]);
        case.parties = BTreeSet::from(["party".to_owned()]);
        let officer = Who::Officer("officer".to_owned(), seat("health")?);
        let case = What::Case(Box::new(case));
        Some(vec![
            ("a public page", (Who::Anyone, Action::SeeService, What::Site)),
            ("a public entry", (Who::Anyone, Action::SeeEntry, register)),
            (
                "an applicant's case",
                (Who::Applicant("party".to_owned()), Action::SeeCase, case.clone()),
            ),
            ("a detail for an officer", (officer, Action::Reveal, case)),
        ])
    };
    facts().unwrap_or_default()
}
