//! `kill -9` in the midst of a large upload: it goes on where what has reached the disk ends, and
//! the file that arrives is the file that was sent.

use std::time::Duration;

use base64ct::{Base64, Encoding};
use reqwest::{Client, Method, RequestBuilder, StatusCode, redirect::Policy};
use tokio::{io::AsyncWriteExt, net::TcpStream, time::sleep};

use crate::program::Town;

const SIZE: usize = 12 * 1024 * 1024;
/// So much is sent before the process is killed.
const SENT: usize = 7 * 1024 * 1024;

/// Somebody who has signed in, by the cookie, and the token of the forms.
struct Sender {
    client: Client,
    cookie: String,
}

impl Sender {
    async fn signed_in(base: &str) -> Self {
        let client = Client::builder().redirect(Policy::none()).build().unwrap();
        let page = client.get(format!("{base}/en/sign-in")).send().await.unwrap();
        let (cookie, page) = (cookie_of(&page), page.text().await.unwrap());
        let mut sender = Self { client, cookie };
        let form = [("token", hidden(&page, "token")), ("person", "lin".to_owned())];
        let sent = sender.ask(Method::POST, format!("{base}/en/sign-in")).form(&form).send().await;
        sender.cookie = cookie_of(&sent.unwrap());
        sender
    }

    fn ask(&self, method: Method, address: String) -> RequestBuilder {
        self.client.request(method, address).header("cookie", &self.cookie)
    }

    async fn page(&self, address: String) -> String {
        self.ask(Method::GET, address).send().await.unwrap().text().await.unwrap()
    }

    async fn offset(&self, address: String) -> usize {
        let asked = self.ask(Method::HEAD, address).header("tus-resumable", "1.0.0");
        let answer = asked.send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        answer.headers()["upload-offset"].to_str().unwrap().parse().unwrap()
    }

    /// Begins a draft and an upload of its plan; returns the addresses of both.
    async fn begin(&self, base: &str) -> (String, String) {
        let apply = format!("{base}/en/apply/herb-room-licence");
        let page = self.page(apply.clone()).await;
        let form = [("token", hidden(&page, "token")), ("key", hidden(&page, "key"))];
        let begun = self.ask(Method::POST, apply).form(&form).send().await.unwrap();
        let draft = begun.headers()["location"].to_str().unwrap().to_owned();
        let id = draft.rsplit('/').next().unwrap();
        let pairs = [("draft", id), ("material", "plan"), ("filename", "plan.pdf")];
        let pairs =
            pairs.map(|(key, value)| format!("{key} {}", Base64::encode_string(value.as_bytes())));
        let created = self
            .ask(Method::POST, format!("{base}/uploads"))
            .header("tus-resumable", "1.0.0")
            .header("form-token", hidden(&page, "token"))
            .header("upload-length", SIZE)
            .header("upload-metadata", pairs.join(","))
            .send()
            .await
            .unwrap();
        assert_eq!(created.status(), StatusCode::CREATED);
        let upload = created.headers()["location"].to_str().unwrap().to_owned();
        (draft, upload)
    }
}

fn cookie_of(answer: &reqwest::Response) -> String {
    let line = answer.headers()["set-cookie"].to_str().unwrap();
    line.split(';').next().unwrap().to_owned()
}

fn hidden(page: &str, name: &str) -> String {
    let marked = format!("name=\"{name}\" value=\"");
    let (_, after) = page.split_once(&marked).unwrap_or_else(|| panic!("no `{name}` in {page}"));
    after.split('"').next().unwrap().to_owned()
}

/// Bytes of which no two megabytes are the same.
fn plan() -> Vec<u8> {
    let mut bytes = b"%PDF-1.7 a large plan\n".to_vec();
    bytes.extend((0_u32..).flat_map(u32::to_le_bytes).take(SIZE - bytes.len()));
    bytes
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upload_goes_on_where_a_killed_process_left_it() {
    let town = Town::found("uploading");
    let mut first = town.start("0.01");
    let base = first.address();
    let sender = Sender::signed_in(&base).await;
    let (draft, upload) = sender.begin(&base).await;
    let token = hidden(&sender.page(format!("{base}{draft}")).await, "token");
    let bytes = plan();
    // The connection says that all of it comes, and then only a part does.
    let host = base.strip_prefix("http://").unwrap();
    let mut wire = TcpStream::connect(host).await.unwrap();
    let head = format!(
        "PATCH {upload} HTTP/1.1\r\nhost: {host}\r\ncookie: {}\r\ntus-resumable: 1.0.0\r\n\
         form-token: {token}\r\nupload-offset: 0\r\ncontent-length: {SIZE}\r\n\
         content-type: application/offset+octet-stream\r\n\r\n",
        sender.cookie
    );
    wire.write_all(head.as_bytes()).await.unwrap();
    wire.write_all(&bytes[..SENT]).await.unwrap();
    while sender.offset(format!("{base}{upload}")).await == 0 {
        sleep(Duration::from_millis(10)).await;
    }
    first.kill();
    drop(wire);
    let mut second = town.start("0.01");
    let base = second.address();
    let from = sender.offset(format!("{base}{upload}")).await;
    assert!((1..=SENT).contains(&from), "{from}");
    println!("{from} of {SENT} bytes that were sent had reached the disk");
    let rest = sender
        .ask(Method::PATCH, format!("{base}{upload}"))
        .header("tus-resumable", "1.0.0")
        .header("form-token", &token)
        .header("upload-offset", from)
        .header("content-type", "application/offset+octet-stream")
        .body(bytes[from..].to_vec())
        .send()
        .await
        .unwrap();
    assert_eq!(rest.status(), StatusCode::NO_CONTENT);
    let file = sender.ask(Method::GET, format!("{base}{draft}/files/plan")).send().await.unwrap();
    let file = file.bytes().await.unwrap();
    assert!(file == bytes, "{} bytes came, and they are others", file.len());
    let (ended, said) = second.stop();
    assert!(ended.success(), "{said}");
}
