//! `kill -9` while the stories of a proposed pack are being played: the next start plays them again
//! from the first, nobody has to ask for it, and the proposal is staged once.

use std::{
    fs,
    io::{Cursor, Write},
    path::Path,
    time::Duration,
};

use base::Division;
use reqwest::{Client, Method, RequestBuilder, StatusCode, multipart, redirect::Policy};
use store::{
    Store, VaultKey,
    proposals::{Proposal, Stage},
};
use tokio::time::sleep;
use zip::{ZipWriter, write::SimpleFileOptions};

use crate::program::Town;

/// An officer who keeps the pack; what they are signed in by outlives the process.
struct Officer {
    client: Client,
}

impl Officer {
    async fn signed_in(base: &str) -> Self {
        let client = Client::builder().cookie_store(true).redirect(Policy::none()).build().unwrap();
        let officer = Self { client };
        let address = format!("{base}/en/sign-in");
        let form = [("token", officer.token(&address).await), ("person", "town".to_owned())];
        let sent = officer.ask(Method::POST, &address).form(&form).send().await.unwrap();
        assert_eq!(sent.status(), StatusCode::SEE_OTHER);
        officer
    }

    fn ask(&self, method: Method, address: &str) -> RequestBuilder {
        self.client.request(method, address)
    }

    async fn page(&self, address: &str) -> String {
        self.ask(Method::GET, address).send().await.unwrap().text().await.unwrap()
    }

    async fn token(&self, address: &str) -> String {
        let page = self.page(address).await;
        let (_, after) = page.split_once("name=\"token\" value=\"").unwrap();
        after.split('"').next().unwrap().to_owned()
    }

    /// Uploads a pack; the path of its page.
    async fn uploads(&self, base: &str, zip: Vec<u8>) -> String {
        let address = format!("{base}/en/packs");
        let token = self.token(&address).await;
        let zip = multipart::Part::bytes(zip).file_name("willow.zip");
        let form = multipart::Form::new().text("token", token).part("pack", zip);
        let sent = self.ask(Method::POST, &address).multipart(form).send().await.unwrap();
        assert_eq!(sent.status(), StatusCode::SEE_OTHER, "{sent:?}");
        sent.headers()["location"].to_str().unwrap().to_owned()
    }

    async fn stages(&self, page: &str) {
        let form = [("token", self.token(page).await)];
        let sent = self.ask(Method::POST, &format!("{page}/stage")).form(&form).send().await;
        assert_eq!(sent.unwrap().status(), StatusCode::SEE_OTHER);
    }
}

/// The town's pack with a remark in its manifest: another edition that decides alike.
fn edition(town: &Town) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let folder = town.folder().join("packs/willow");
    let mut add = |path: &Path| {
        let inside = path.strip_prefix(&folder).unwrap().display().to_string();
        let mut bytes = fs::read(path).unwrap();
        if inside == "pack.yaml" {
            bytes.extend_from_slice(b"# The next edition.\n");
        }
        zip.start_file(inside, SimpleFileOptions::default()).unwrap();
        zip.write_all(&bytes).unwrap();
    };
    each_file(&folder, &mut add);
    zip.finish().unwrap().into_inner()
}

fn each_file(folder: &Path, add: &mut impl FnMut(&Path)) {
    for item in fs::read_dir(folder).unwrap() {
        let path = item.unwrap().path();
        match path.is_dir() {
            // The demonstration is not of the pack.
            true if path.ends_with("demo") => {}
            true => each_file(&path, add),
            false => add(&path),
        }
    }
}

/// The only proposal, as the database has it while nothing runs.
async fn proposal(town: &Town) -> Proposal {
    let key = fs::read(town.data().join("vault.key")).unwrap();
    let url = format!("sqlite:{}", town.data().join("city.db").display());
    let key = VaultKey::from_bytes(key.try_into().unwrap());
    let store = Store::open(&url, Division::parse("90").unwrap(), key).await.unwrap();
    let mut all = store.proposals().await.unwrap();
    assert_eq!(all.len(), 1);
    all.remove(0)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stories_that_were_being_played_at_a_stop_are_played_again() {
    let town = Town::found("staging");
    let mut first = town.start("0.01");
    let base = first.address();
    let officer = Officer::signed_in(&base).await;
    let path = officer.uploads(&base, edition(&town)).await;
    officer.stages(&format!("{base}{path}")).await;
    first.kill();
    let cut = proposal(&town).await;
    assert_eq!((cut.stage, cut.trial.as_str()), (Stage::Staging, ""), "it was killed too late");

    let mut second = town.start("0.01");
    let base = second.address();
    let page = format!("{base}{path}");
    let mut shown = officer.page(&page).await;
    for _ in 0..1_200 {
        if !shown.contains("being staged") {
            break;
        }
        sleep(Duration::from_millis(100)).await;
        shown = officer.page(&page).await;
    }
    assert!(shown.contains("Every scenario came out"), "{shown}");
    let (ended, said) = second.stop();
    assert!(ended.success(), "{said}");
    let done = proposal(&town).await;
    let steps: Vec<&str> = done.steps.iter().map(|step| step.word.as_str()).collect();
    assert_eq!((done.stage, steps), (Stage::Staged, vec!["proposed", "staging", "staged"]));
    let stories = fs::read_dir(town.folder().join("packs/willow/scenarios")).unwrap().count();
    assert_eq!(done.trial.matches("\"place\"").count(), stories, "{}", done.trial);
    // Whoever began it is who it is noted for, and one that is staged is not staged again.
    assert_eq!(done.steps[2].hand.officer, done.steps[1].hand.officer);
    let mut third = town.start("0.01");
    third.address();
    assert!(third.stop().0.success());
    assert_eq!(proposal(&town).await, done);
}
