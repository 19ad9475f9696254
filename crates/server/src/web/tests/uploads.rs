//! Files that come with a draft: in pieces that are taken up again, and those that are not taken.

use axum::http::Method;
use base64ct::{Base64, Encoding};
use sha2::{Digest, Sha256};

use super::{
    client::{Answer, Client},
    drafts::{begun, write},
    town::Town,
};
use crate::web::Scanner;

/// A client of the protocol.
struct Sender<'a> {
    who: &'a mut Client,
    token: String,
}

impl Sender<'_> {
    async fn ask(
        &mut self,
        method: Method,
        at: &str,
        more: &[(&str, &str)],
        body: &[u8],
    ) -> Answer {
        let token = self.token.clone();
        let mut headers = vec![("tus-resumable", "1.0.0"), ("form-token", token.as_str())];
        headers.extend_from_slice(more);
        self.who.ask(method, at, &headers, body.to_vec()).await
    }

    async fn begin(&mut self, draft: &str, name: &str, length: usize) -> Answer {
        let id = draft.rsplit('/').next().unwrap();
        let pairs = [("draft", id), ("material", "plan"), ("filename", name)];
        let pairs =
            pairs.map(|(key, value)| format!("{key} {}", Base64::encode_string(value.as_bytes())));
        let length = length.to_string();
        let pairs = pairs.join(",");
        let headers = [("upload-length", length.as_str()), ("upload-metadata", pairs.as_str())];
        self.ask(Method::POST, "/uploads", &headers, b"").await
    }

    async fn piece(&mut self, at: &str, from: usize, bytes: &[u8]) -> Answer {
        let digest = Base64::encode_string(&Sha256::digest(bytes));
        self.piece_as(at, from, bytes, &format!("sha256 {digest}")).await
    }

    async fn piece_as(&mut self, at: &str, from: usize, bytes: &[u8], checksum: &str) -> Answer {
        let from = from.to_string();
        let mut headers = vec![
            ("content-type", "application/offset+octet-stream"),
            ("upload-offset", from.as_str()),
        ];
        if !checksum.is_empty() {
            headers.push(("upload-checksum", checksum));
        }
        self.ask(Method::PATCH, at, &headers, bytes).await
    }

    async fn offset(&mut self, at: &str) -> u64 {
        let answer = self.ask(Method::HEAD, at, &[], b"").await;
        assert_eq!(answer.status, 200);
        answer.headers["upload-offset"].to_str().unwrap().parse().unwrap()
    }
}

/// Twelve megabytes that begin as a PDF does.
fn large() -> Vec<u8> {
    let mut bytes = b"%PDF-1.7 a large plan\n".to_vec();
    bytes.resize(12 * 1024 * 1024, b'p');
    bytes
}

#[tokio::test]
async fn a_large_file_is_sent_in_pieces_and_taken_up_again() {
    let town = Town::found("upload").await;
    let mut lin = Client::signed_in(town.router(), "lin").await;
    let draft = begun(&mut lin, "herb-room-licence", &[]).await;
    let token = lin.get(&draft).await.hidden("token");
    let options = lin.ask(Method::OPTIONS, "/uploads", &[], "").await;
    assert_eq!(options.headers["tus-extension"], "creation,checksum,termination");
    let mut sender = Sender { who: &mut lin, token: token.clone() };
    let bytes = large();
    let begun = sender.begin(&draft, "大平面图.pdf", bytes.len()).await;
    assert_eq!(begun.status, 201, "{}", begun.body);
    let at = begun.location().to_owned();
    let half = 5 * 1024 * 1024;
    assert_eq!(sender.piece(&at, 0, &bytes[..half]).await.status, 204);
    // Not what its digest says: nothing of it is kept.
    let wrong = sender.piece_as(&at, half, &bytes[half..half + 9], "sha256 AAAA").await;
    assert_eq!(wrong.status, 460);
    let odd = sender.piece_as(&at, half, &bytes[half..half + 9], "md5 AAAA").await;
    assert_eq!(odd.status, 400);
    assert_eq!(sender.piece(&at, 0, &bytes[..9]).await.status, 409);
    assert_eq!(sender.offset(&at).await, half as u64);
    let sha1 = Base64::encode_string(&sha1::Sha1::digest(&bytes[half..half + 9]));
    let good = sender.piece_as(&at, half, &bytes[half..half + 9], &format!("sha1 {sha1}")).await;
    assert_eq!((good.status.as_u16(), sender.offset(&at).await), (204, half as u64 + 9));
    // Without a digest, what arrived before the connection broke is kept.
    assert_eq!(sender.piece_as(&at, half + 9, &bytes[half + 9..half + 99], "").await.status, 204);
    // Other hands find nothing.
    let mut wu = Client::signed_in(town.router(), "wu").await;
    let mut thief = Sender { who: &mut wu, token: String::new() };
    assert_eq!(thief.ask(Method::HEAD, &at, &[], b"").await.status, 404);
    assert_eq!(thief.ask(Method::DELETE, &at, &[], b"").await.status, 403);
    // The server stops and starts again: the upload goes on where it was.
    let mut later = Client::signed_in(town.router(), "lin").await;
    let token = later.get(&draft).await.hidden("token");
    let mut sender = Sender { who: &mut later, token };
    let from = usize::try_from(sender.offset(&at).await).unwrap();
    assert_eq!(from, half + 99);
    let rest = sender.piece_as(&at, from, &bytes[from..], "").await;
    assert_eq!(rest.status, 204, "{}", rest.body);
    assert_eq!(sender.offset(&at).await, bytes.len() as u64);
    let shown = later.get(&format!("{draft}/paper-plan")).await;
    shown.says(200, &["大平面图.pdf", "PDF, 12.0 MB"]);
    let file = later.get(&format!("{draft}/files/plan")).await;
    assert!(file.bytes == bytes, "what came is not what was sent");
    let disposition = file.headers["content-disposition"].to_str().unwrap();
    assert!(disposition.starts_with("attachment; filename*=UTF-8''%E5%A4%A7"), "{disposition}");
    assert_eq!(file.headers["x-content-type-options"], "nosniff");
}

#[tokio::test]
async fn an_upload_that_arrived_whole_before_a_crash_is_taken_when_it_is_asked_for() {
    let town = Town::found("upload-crash").await;
    let mut lin = Client::signed_in(town.router(), "lin").await;
    let draft = begun(&mut lin, "herb-room-licence", &[]).await;
    let token = lin.get(&draft).await.hidden("token");
    let mut sender = Sender { who: &mut lin, token };
    let begun = sender.begin(&draft, "plan.pdf", 10).await;
    let at = begun.location().to_owned();
    // The last piece reached the disk, and the process was killed before it was taken.
    let id = at.rsplit('/').next().unwrap();
    std::fs::write(town.app.papers.join(format!("uploads/{id}.part")), b"%PDF-1.7 x").unwrap();
    assert_eq!(sender.offset(&at).await, 10);
    lin.get(&format!("{draft}/paper-plan")).await.says(200, &["plan.pdf"]);
    let mut sender = Sender { token: lin.get(&draft).await.hidden("token"), who: &mut lin };
    let ended = sender.begin(&draft, "plan.pdf", 10).await;
    let at = ended.location().to_owned();
    // Of two uploads of one paper the later counts.
    let later = sender.begin(&draft, "plan.pdf", 10).await.location().to_owned();
    assert_eq!(sender.ask(Method::HEAD, &at, &[], b"").await.status, 404);
    let at = later;
    assert_eq!(sender.ask(Method::DELETE, &at, &[], b"").await.status, 204);
    assert_eq!(sender.ask(Method::HEAD, &at, &[], b"").await.status, 404);
}

#[tokio::test]
async fn hostile_files_are_refused_with_what_to_do() {
    let mut town = Town::found("hostile").await;
    std::fs::create_dir_all(&town.app.papers).unwrap();
    let scanner = town.app.papers.join("scanner.sh");
    let script = "#!/bin/sh\ncase \"$(head -c 20 \"$1\")\" in *stuck*) exit 2;; esac\n\
                  grep -q EICAR-STANDARD-ANTIVIRUS-TEST-FILE \"$1\"\n\
                  case $? in 0) exit 1;; 1) exit 0;; *) exit 2;; esac\n";
    std::fs::write(&scanner, script).unwrap();
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o700);
    std::fs::set_permissions(&scanner, mode).unwrap();
    town.app.change().scanner = Scanner(Some(scanner));
    let mut lin = Client::signed_in(town.router(), "lin").await;
    let draft = begun(&mut lin, "herb-room-licence", &[]).await;
    let plan = format!("{draft}/paper-plan");
    // In two parts, so that no scanner takes this source for the file it recognises.
    let eicar =
        ["%PDF-1.4 X5O!P%@AP[4\\PZX54(P^)7CC)7}$", "EICAR-STANDARD-ANTIVIRUS-TEST-FILE"].concat();
    let rows: [(&[u8], &str); 6] = [
        (eicar.as_bytes(), "did not pass the security scan"),
        (b"%PDF-1.4 stuck", "could not be scanned now"),
        (b"MZ\x90\0 a program", "is a program"),
        (b"<svg onload='x'/>", "may carry a script"),
        (b"PK\x03\x04 cut off", "or is damaged"),
        (b"GIF89a", "is not a kind of file that is taken"),
    ];
    for (bytes, says) in rows {
        let answer = write(&mut lin, &plan, &[], &[("plan", bytes)]).await;
        answer.says(422, &[says, "href=\"#field-plan\""]);
        let token = lin.get(&draft).await.hidden("token");
        let mut sender = Sender { who: &mut lin, token };
        let at = sender.begin(&draft, "plan.pdf", bytes.len()).await.location().to_owned();
        let refused = sender.piece(&at, 0, bytes).await;
        refused.says(422, &["\"number\":1333", says]);
        assert_eq!(sender.ask(Method::HEAD, &at, &[], b"").await.status, 404);
    }
    // The whole form looks at files in the same way, and comes back with what was typed.
    let whole = "/en/apply/herb-room-licence/whole";
    let page = lin.get(whole).await;
    let (token, key) = (page.hidden("token"), page.hidden("key"));
    let fields = [("token", token.as_str()), ("key", key.as_str()), ("herb-room.name", "薄荷")];
    let back = lin.post_files(whole, &fields, &[("plan", b"MZ\x90\0 a program")]).await;
    back.says(422, &["Floor plan: is a program", "href=\"#field-plan\"", "value=\"薄荷\""]);
    assert!(!town.app.papers.join("drafts").exists(), "something hostile was kept");
    let left = std::fs::read_dir(town.app.papers.join("uploads")).unwrap().count();
    assert_eq!(left, 0);
    let good = write(&mut lin, &plan, &[], &[("plan", b"%PDF-1.7 a plan")]).await;
    assert_eq!(good.status, 303);
    let token = lin.get(&draft).await.hidden("token");
    let mut sender = Sender { who: &mut lin, token };
    let too_large = sender.begin(&draft, "plan.pdf", 51 * 1024 * 1024).await;
    too_large.says(422, &["is larger than 50 MB"]);
    // Ten megabytes are what a form without scripts may send.
    let sent = write(&mut lin, &plan, &[], &[("plan", &large())]).await;
    sent.says(413, &["more than 10 MB", "href=\"#field-plan\""]);
}
