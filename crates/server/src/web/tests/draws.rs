//! A draw of stalls on the pages: each department is told how to pledge, everybody reads the digest
//! of the frozen lists before a seed is told, and afterwards all of it, and draws the same again.

use std::{collections::BTreeSet, fs, process::Command};

use base::Name;
use draw::{Drawn, Fault, Seed, verify};
use sha2::{Digest as _, Sha256};

use super::{
    client::{Answer, Client},
    credit::{done, filed},
    town::Town,
};

/// The files of a draw, in the order in which pages name them.
const FILES: [&str; 4] = ["digest.txt", "lists.txt", "draw.txt", "draw_again.py"];

/// The step at which departments pledge, the answer by which they do, and what it asks.
const PLEDGE: [&str; 3] = ["pledge", "pledges", "seed-pledge.pledge"];
/// The same for telling the seeds.
const TELL: [&str; 3] = ["tell", "tells", "seed-told.seed"];

/// A fair with stalls and with officers who inspect them, and a draw that is called there.
struct Fair {
    town: Town,
    /// Who leads the draw.
    leads: Client,
    /// The departments that pledge, each by its name in the procedure.
    departments: [(&'static str, Client); 2],
    /// Somebody who is not signed in.
    anyone: Client,
    /// The case that put the fairs on record.
    adopted: String,
    /// The case that is the draw.
    case: String,
}

impl Fair {
    async fn called(name: &str) -> Self {
        let town = Town::found(name).await;
        let sign = |person: &'static str| Client::signed_in(town.router(), person);
        let (mut planner, mut leads) = (sign("planner").await, sign("planner-east").await);
        let departments = [("fire", sign("fire").await), ("health", sign("east").await)];
        let adopted = put_on_record(&mut planner, "fair-adoption").await;
        put_on_record(&mut planner, "fair-officer-adoption").await;
        let mut stalls = Vec::new();
        for (holder, goods) in [("lin", "lanterns"), ("wu", "lanterns"), ("wu", "food")] {
            let mut holder = sign(holder).await;
            stalls.push(stall(&mut holder, &mut planner, goods).await);
        }
        keep_away(&mut leads, "fire-1", &stalls[0]).await;
        let case = filed(&mut leads, "fair-draw", &[("place.fair", "fair-1")]).await;
        done(&mut leads, &case, "call", &[("outcome", "called")]).await;
        let anyone = Client::new(town.router());
        Self { town, leads, departments, anyone, adopted, case }
    }

    /// What the draw is called.
    fn name(&self) -> String {
        format!("fair-draw-{}", number(&self.case))
    }

    /// Where a file of the draw is.
    fn file(&self, file: &str) -> String {
        format!("/draws/{}/{file}", number(&self.case))
    }

    /// Each department pledges as its page tells it to.
    async fn pledge(&mut self) {
        let name = self.name();
        for (part, who) in &mut self.departments {
            let command = format!("yiyang draw pledge --name {name} --by {part}");
            who.get(&self.case).await.says(200, &[&command]);
            let pledge = seed(part).pledge(&name, &Name::new(part).unwrap()).written();
            let answer = answered(who, &self.case, part, (PLEDGE, &pledge)).await;
            assert_eq!(answer.status, 303, "{part}: {}", answer.body);
        }
    }

    async fn freeze(&mut self) {
        done(&mut self.leads, &self.case, "freeze", &[("outcome", "freeze")]).await;
    }

    /// Each department tells its seed; the last one draws.
    async fn tell(&mut self) {
        for (part, who) in &mut self.departments {
            let seed = seed(part).written();
            let answer = answered(who, &self.case, part, (TELL, &seed)).await;
            assert_eq!(answer.status, 303, "{part}: {}", answer.body);
        }
    }

    /// What the fire department says is refused as what a draw cannot take, and nothing is written.
    async fn refuses(&mut self, said: ([&str; 3], &str), [zh, en]: [&str; 2]) {
        let before = self.town.app.store.head().await.unwrap();
        let [(part, who), _] = &mut self.departments;
        let told = [("zh", "未予受理（编号 1131）", zh), ("en", "Refused (number 1131)", en)];
        for (language, refused, why) in told {
            let case = self.case.replacen("/en/", &format!("/{language}/"), 1);
            let answer = answered(who, &case, part, said).await;
            let kept = format!("value=\"{}\"", said.1);
            answer.says(422, &[refused, why, &kept]);
        }
        assert_eq!(self.town.app.store.head().await.unwrap(), before);
    }

    /// Neither somebody nor who leads the draw finds any of these files.
    async fn there_is_no(&mut self, files: &[&str]) {
        for file in files {
            let address = self.file(file);
            for who in [&mut self.anyone, &mut self.leads] {
                who.get(&address).await.says(404, &[]);
            }
        }
    }

    /// What anybody reads.
    async fn read(&mut self, file: &str) -> String {
        let answer = self.anyone.get(&self.file(file)).await;
        answer.says(200, &[]);
        assert_eq!(answer.headers["content-type"], "text/plain; charset=utf-8", "{file}");
        let named = format!("attachment; filename=\"{file}\"");
        assert_eq!(answer.headers["content-disposition"], named.as_str());
        answer.body
    }

    /// The files that the public page of an entry leads to, which are the same in both languages.
    async fn linked(&mut self, entry: &str) -> Vec<String> {
        let zh = self.anyone.get(&entry.replacen("/en/", "/zh/", 1)).await.links("/draws/");
        let page = self.anyone.get(entry).await;
        page.says(200, &[]);
        assert_eq!(page.links("/draws/"), zh);
        zh
    }
}

fn number(case: &str) -> &str {
    case.trim_start_matches("/en/cases/")
}

fn sha256(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The seed that a department keeps to itself.
fn seed(part: &str) -> Seed {
    Seed::new(Sha256::digest(part.as_bytes()).into())
}

async fn put_on_record(planner: &mut Client, procedure: &str) -> String {
    let case = filed(planner, procedure, &[("plan.division", "90")]).await;
    done(planner, &case, "publish", &[("outcome", "published")]).await;
    case
}

/// Somebody opens a stall; its key. Who sells lanterns pays nothing.
async fn stall(holder: &mut Client, planner: &mut Client, goods: &str) -> String {
    let fields = [
        ("applicant:kind", "person"),
        ("place.fair", "fair-1"),
        ("trade.goods", goods),
        ("trade.places", "1"),
        ("trade.until", "2024-06-28"),
        ("trade.takings", "1000.00"),
    ];
    let case = filed(holder, "stall-permit", &fields).await;
    done(planner, &case, "examine", &[("outcome", "good")]).await;
    if goods == "food" {
        done(planner, &case, "pay", &[("outcome", "paid")]).await;
    }
    let entry = entries(planner, &case, "stall").await.pop_first().unwrap();
    entry.rsplit('/').next().unwrap().to_owned()
}

/// An officer has a conflict with a stall.
async fn keep_away(leads: &mut Client, officer: &str, stall: &str) {
    let fields = [
        ("fair-conflict.officer", officer),
        ("fair-conflict.stall", stall),
        ("fair-conflict.reason", "摊主的兄弟（虚构）"),
    ];
    let case = filed(leads, "fair-recusal", &fields).await;
    done(leads, &case, "settle", &[("outcome", "agree")]).await;
}

/// The entries of a register that the page of a case leads to.
async fn entries(who: &mut Client, case: &str, register: &str) -> BTreeSet<String> {
    let page = who.get(case).await;
    page.links(&format!("/en/registers/{register}/")).into_iter().collect()
}

/// A department fills in what an answer asks.
async fn answered(
    who: &mut Client,
    case: &str,
    part: &str,
    ([step, answer, field], text): ([&str; 3], &str),
) -> Answer {
    let fields = [("step", step), ("part", part), ("answer", answer), (field, text)];
    who.fill(case, &format!("{case}/answer"), &fields).await
}

/// Officers of the case read the lists, others only their digest; the lists.
async fn frozen(fair: &mut Fair) -> String {
    let address = fair.file("lists.txt");
    let seen = fair.leads.get(&address).await;
    seen.says(200, &["conflict\tfire-1\t", "摊主的兄弟（虚构）"]);
    for (part, who) in &mut fair.departments {
        let own = who.get(&address).await;
        own.says(200, &[]);
        assert_eq!(own.body, seen.body, "{part}");
    }
    for stranger in ["lin", "west"] {
        let mut stranger = Client::signed_in(fair.town.router(), stranger).await;
        stranger.get(&address).await.says(404, &[]);
    }
    fair.anyone.get(&address).await.says(404, &[]);
    fair.there_is_no(&["draw.txt", "draw_again.py"]).await;
    let digest = sha256(&seen.body);
    assert_eq!(fair.read("digest.txt").await, format!("{digest}  lists.txt\n"));
    let page = fair.leads.get(&fair.case).await;
    page.says(200, &[&digest, "3 objects, 4 officers, 1 conflict"]);
    assert!(!page.body.contains("yiyang draw pledge"), "it is too late to pledge");
    seen.body
}

/// The page of the case has a row for each object drawn, with who goes there and its order; the
/// orders.
async fn shown(fair: &mut Fair, drawn: &Drawn) -> BTreeSet<String> {
    let orders = entries(&mut fair.leads, &fair.case, "fair-order").await;
    let page = fair.leads.get(&fair.case).await;
    let rows = page.body.split("data-label=\"Object\">").skip(1);
    let rows: Vec<&str> = rows.filter_map(|rest| rest.split("</tr>").next()).collect();
    // Of two stalls with lanterns a fifth is drawn, and of one with food a half: one of each.
    assert_eq!((drawn.picks().len(), rows.len(), orders.len()), (2, 2, 2), "{}", page.body);
    for ((pick, row), order) in drawn.picks().iter().zip(rows).zip(&orders) {
        let stall = format!("href=\"/en/registers/stall/{}\"", pick.object);
        let sent = pick.crew.values().flatten().map(|officer| format!("({officer})"));
        let parts: Vec<String> = sent.chain([stall, format!("href=\"{order}\"")]).collect();
        assert_eq!(parts.len(), 4, "each department sends one");
        for part in parts {
            assert!(row.contains(&part), "`{part}` not in {row}");
        }
        fair.anyone.get(order).await.says(200, &[&pick.object]);
    }
    orders
}

/// How the published program ends with these files; none where nothing runs it.
fn ended(lists: &str, drawn: &str, program: &str) -> Option<i32> {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [("lists.txt", lists), ("draw.txt", drawn), ("draw_again.py", program)] {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let mut again = Command::new("python3");
    again.current_dir(folder.path()).args(["draw_again.py", "lists.txt", "draw.txt"]);
    match again.output() {
        Ok(told) => Some(told.status.code().unwrap()),
        Err(_) => {
            eprintln!("skipped: not here: python3");
            None
        }
    }
}

#[tokio::test]
async fn a_draw_is_made_on_the_pages_and_drawn_again_by_anybody() {
    let mut fair = Fair::called("draws").await;
    let entry = entries(&mut fair.leads, &fair.case, "fair-draw").await.pop_first().unwrap();
    let why = ["fire 的种子承诺不是 64 位小写十六进制数", "is not 64 figures of hexadecimal"];
    fair.refuses((PLEDGE, "12ab"), why).await;
    fair.pledge().await;
    fair.there_is_no(&FILES).await;
    assert!(fair.linked(&entry).await.is_empty(), "there is nothing to read yet");
    fair.freeze().await;
    let seen = frozen(&mut fair).await;
    assert_eq!(fair.linked(&entry).await, [fair.file("digest.txt")]);
    let other = seed("health").written();
    let why = ["fire 公开的种子与承诺不符", "tells is not what it pledged"];
    fair.refuses((TELL, &other), why).await;
    let digest = fair.read("digest.txt").await;
    fair.tell().await;

    assert_eq!(fair.read("digest.txt").await, digest, "what was public before stays");
    let lists = fair.read("lists.txt").await;
    assert_eq!(lists, seen);
    let (drawn, program) = (fair.read("draw.txt").await, fair.read("draw_again.py").await);
    let again = verify(&lists, &drawn).unwrap();
    assert_eq!(again.of_lists(), sha256(&lists));
    let moved = lists.replacen("officer\tfire-2", "officer\tfire-9", 1);
    assert_ne!(moved, lists);
    assert_eq!(verify(&moved, &drawn), Err(vec![Fault::OtherLists]));
    for (lists, code) in [(&lists, 0), (&moved, 1)] {
        assert_eq!(ended(lists, &drawn, &program).unwrap_or(code), code);
    }
    let files = FILES.map(|file| fair.file(file));
    let orders = shown(&mut fair, &again).await;
    for page in orders.iter().chain([&entry]) {
        assert_eq!(fair.linked(page).await, files, "{page}");
    }
}

#[tokio::test]
async fn a_file_of_no_draw_is_nothing() {
    let mut fair = Fair::called("draws-none").await;
    fair.pledge().await;
    fair.freeze().await;
    fair.tell().await;
    assert!(!fair.read("lists.txt").await.is_empty());
    fair.there_is_no(&["other.txt", "LISTS.TXT", "draw.txt.txt"]).await;
    let plain = FILES.map(|file| format!("/draws/{}/{file}", number(&fair.adopted)));
    let none = ["999", "first", "-1"].map(|case| format!("/draws/{case}/lists.txt"));
    for address in plain.iter().chain(&none) {
        for who in [&mut fair.anyone, &mut fair.leads] {
            who.get(address).await.says(404, &[]);
        }
    }
}
