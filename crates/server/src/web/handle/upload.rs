//! Large files, in pieces: the tus resumable upload protocol 1.0.0 with creation, checksum and
//! termination. An upload belongs to a paper of somebody's draft. Its pieces are a file that only
//! grows by what has arrived whole, so that after a crash its length is where it goes on.

use std::{
    fs::{File, TryLockError},
    io::{Seek, SeekFrom, Write},
    path::{Path as FilePath, PathBuf},
    time::{Duration, SystemTime},
};

use axum::{
    body::Body,
    extract::Path,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use base64ct::{Base64, Encoding};
use futures_util::StreamExt;
use kernel::PartyId;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::{Draft, DraftId, Own};

use super::handed::take;
use crate::web::{
    app::App,
    draft::Outline,
    fault::Fault,
    intake::{FILE_MAX, Unfit, called},
    paper,
    session::random,
    visit::{AsApplicant, Visit},
};

const VERSION: HeaderValue = HeaderValue::from_static("1.0.0");
/// The header by which each answer says which version of the protocol it speaks.
pub(in crate::web) const RESUMABLE: &str = "tus-resumable";
const OFFSET: &str = "upload-offset";
const LENGTH: &str = "upload-length";
/// The answer of the protocol to a piece that is not what its digest says.
const MISMATCH: u16 = 460;
/// The most bytes of a piece that comes with its digest.
const PIECE_MAX: usize = 8 * 1024 * 1024;
/// An upload that nobody goes on with is kept so long.
const KEPT: Duration = Duration::from_secs(24 * 3600);

/// What is known of an upload.
#[derive(Debug, Serialize, Deserialize)]
struct Known {
    owner: String,
    draft: String,
    word: String,
    name: String,
    length: u64,
    /// True once the file is in the draft.
    done: bool,
}

/// An upload on the disk.
struct Upload {
    known: Known,
    note: PathBuf,
    part: PathBuf,
}

fn folder(app: &App) -> PathBuf {
    app.papers.join("uploads")
}

fn broken(error: std::io::Error) -> Fault {
    Fault::broken(&error)
}

impl Upload {
    /// The upload of that id, for its owner.
    fn find(app: &App, id: &str, owner: PartyId) -> Result<Self, Fault> {
        let plain = id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !plain {
            return Err(Fault::NoSuchPage);
        }
        let note = folder(app).join(format!("{id}.json"));
        let part = folder(app).join(format!("{id}.part"));
        let bytes = std::fs::read(&note).map_err(|_| Fault::NoSuchPage)?;
        let known: Known = serde_json::from_slice(&bytes).map_err(|_| Fault::NoSuchPage)?;
        let own = known.owner == owner.to_string();
        if own { Ok(Self { known, note, part }) } else { Err(Fault::NoSuchPage) }
    }

    fn write_note(&self) -> std::io::Result<()> {
        let beside = self.note.with_extension("new");
        let bytes = serde_json::to_vec(&self.known).map_err(std::io::Error::other)?;
        std::fs::write(&beside, bytes)?;
        File::open(&beside)?.sync_all()?;
        std::fs::rename(&beside, &self.note)
    }

    /// How much of it has arrived.
    fn offset(&self) -> u64 {
        if self.known.done {
            return self.known.length;
        }
        std::fs::metadata(&self.part).map(|part| part.len()).unwrap_or_default()
    }

    fn remove(&self) {
        for path in [&self.part, &self.note] {
            match std::fs::remove_file(path) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    eprintln!("yiyang: an upload is left: {error}");
                }
                _ => {}
            }
        }
    }
}

fn answered(status: StatusCode, offset: Option<u64>) -> Response {
    let mut response = status.into_response();
    response.headers_mut().insert(RESUMABLE, VERSION);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(offset) = offset {
        response.headers_mut().insert(OFFSET, offset.into());
    }
    response
}

/// What the server can do.
pub(in crate::web) async fn options() -> Response {
    let mut response = answered(StatusCode::NO_CONTENT, None);
    let headers = response.headers_mut();
    headers.insert("tus-version", VERSION);
    let says = HeaderValue::from_static("creation,checksum,termination");
    headers.insert("tus-extension", says);
    headers.insert("tus-checksum-algorithm", HeaderValue::from_static("sha1,sha256"));
    headers.insert("tus-max-size", FILE_MAX.into());
    response
}

/// The refusal of what speaks another version, or does not prove that it is a form of the session.
fn misfit(visit: &Visit, headers: &HeaderMap) -> Option<Response> {
    if headers.get(RESUMABLE) != Some(&VERSION) {
        let mut response = answered(StatusCode::PRECONDITION_FAILED, None);
        response.headers_mut().insert("tus-version", VERSION);
        return Some(response);
    }
    let token = headers.get("form-token").and_then(|token| token.to_str().ok());
    let own = visit.session.accepts(&visit.app.secret, token.unwrap_or_default());
    (!own).then(|| Fault::OldForm.into_response())
}

fn number(headers: &HeaderMap, name: &str) -> Option<u64> {
    headers.get(name)?.to_str().ok()?.parse().ok()
}

/// The value of a pair of the metadata, which is in Base64.
fn said(headers: &HeaderMap, key: &str) -> Option<String> {
    let pairs = headers.get("upload-metadata")?.to_str().ok()?.split(',');
    let mut own = pairs.filter_map(|pair| {
        let (name, value) = pair.trim().split_once(' ')?;
        (name == key).then_some(value)
    });
    String::from_utf8(Base64::decode_vec(own.next()?).ok()?).ok()
}

/// Begins an upload.
pub(in crate::web) async fn create(
    who: AsApplicant,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    if let Some(response) = misfit(&who.visit, &headers) {
        return Ok(response);
    }
    let length = number(&headers, LENGTH).ok_or(Fault::Unreadable)?;
    let draft = said(&headers, "draft").ok_or(Fault::Unreadable)?;
    let word = said(&headers, "material").ok_or(Fault::Unreadable)?;
    let name = called(&said(&headers, "filename").unwrap_or_default());
    let unfit = |unfit: Unfit| Fault::UnfitFile(unfit.reason());
    match length {
        0 => return Err(unfit(Unfit::Empty)),
        length if length > FILE_MAX => return Err(unfit(Unfit::TooLarge)),
        _ => {}
    }
    let opened = opened(&who, &draft).await?;
    let outline = Outline::of(who.visit.pack(), &opened.line.services);
    if !outline.topics.iter().any(|topic| topic.file() == Some(&word)) {
        return Err(Fault::NoSuchPage);
    }
    let (id, home) = (random(), folder(&who.visit.app));
    std::fs::create_dir_all(&home).map_err(broken)?;
    let owner = who.party.to_string();
    let known = Known { owner, draft, word, name, length, done: false };
    supersede(&home, &known).map_err(broken)?;
    let upload = Upload {
        known,
        note: home.join(format!("{id}.json")),
        part: home.join(format!("{id}.part")),
    };
    File::create(&upload.part).map_err(broken)?;
    upload.write_note().map_err(broken)?;
    let mut response = answered(StatusCode::CREATED, Some(0));
    let address = HeaderValue::try_from(format!("/uploads/{id}"));
    let address = address.map_err(|error| Fault::broken(&error))?;
    response.headers_mut().insert(header::LOCATION, address);
    Ok(response)
}

/// Ends the uploads of the same paper that have not arrived: nobody fills the disk by beginning
/// again and again.
fn supersede(home: &FilePath, fresh: &Known) -> std::io::Result<()> {
    for item in std::fs::read_dir(home)? {
        let note = item?.path();
        if note.extension().is_none_or(|ending| ending != "json") {
            continue;
        }
        let Ok(known) = serde_json::from_slice::<Known>(&std::fs::read(&note)?) else { continue };
        let paper = |known: &Known| (known.owner.clone(), known.draft.clone(), known.word.clone());
        if !known.done && paper(&known) == paper(fresh) {
            Upload { part: note.with_extension("part"), known, note }.remove();
        }
    }
    Ok(())
}

/// The draft of that id, if it is somebody's own and not filed.
async fn opened(who: &AsApplicant, id: &str) -> Result<Draft, Fault> {
    let id = DraftId::parse(id).ok_or(Fault::NoDraft)?;
    let own = Own { owner: who.party, id };
    let draft = who.visit.app.store.draft(own, who.visit.now).await?;
    draft.filter(|draft| !draft.line.done()).ok_or(Fault::NoDraft)
}

/// How much of an upload has arrived. One that arrived whole before a crash is taken now.
pub(in crate::web) async fn offset(
    who: AsApplicant,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    let mut upload = Upload::find(&who.visit.app, &id, who.party)?;
    let arrived = upload.offset();
    if arrived == upload.known.length && !upload.known.done {
        finish(&who, &mut upload).await?;
    }
    let mut response = answered(StatusCode::OK, Some(arrived));
    response.headers_mut().insert(LENGTH, upload.known.length.into());
    Ok(response)
}

/// Adds a piece where the last one ended.
pub(in crate::web) async fn append(
    who: AsApplicant,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Fault> {
    if let Some(response) = misfit(&who.visit, &headers) {
        return Ok(response);
    }
    let kind = headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    if kind != Some(b"application/offset+octet-stream") {
        return Ok(answered(StatusCode::UNSUPPORTED_MEDIA_TYPE, None));
    }
    let mut upload = Upload::find(&who.visit.app, &id, who.party)?;
    let file = File::options().append(true).open(&upload.part);
    let file = match (upload.known.done, file) {
        (false, Ok(file)) => file,
        _ => return Ok(answered(StatusCode::CONFLICT, Some(upload.offset()))),
    };
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Ok(answered(StatusCode::LOCKED, None)),
        Err(TryLockError::Error(error)) => return Err(broken(error)),
    }
    if number(&headers, OFFSET) != Some(upload.offset()) {
        return Ok(answered(StatusCode::CONFLICT, Some(upload.offset())));
    }
    let left = upload.known.length.saturating_sub(upload.offset());
    let digest = match Wanted::of(&headers) {
        Ok(digest) => digest,
        Err(()) => return Ok(answered(StatusCode::BAD_REQUEST, None)),
    };
    let added = match digest {
        Some(digest) => checked(file, body, left, &digest).await,
        None => streamed(file, body, left).await,
    };
    if let Err(status) = added {
        return Ok(answered(status, Some(upload.offset())));
    }
    if upload.offset() == upload.known.length {
        finish(&who, &mut upload).await?;
    }
    Ok(answered(StatusCode::NO_CONTENT, Some(upload.offset())))
}

/// The digest that a piece must have.
enum Wanted {
    Sha1(Vec<u8>),
    Sha256(Vec<u8>),
}

impl Wanted {
    fn of(headers: &HeaderMap) -> Result<Option<Self>, ()> {
        let Some(line) = headers.get("upload-checksum") else { return Ok(None) };
        let (name, digest) = line.to_str().map_err(drop)?.split_once(' ').ok_or(())?;
        let digest = Base64::decode_vec(digest.trim()).map_err(drop)?;
        match name {
            "sha1" => Ok(Some(Self::Sha1(digest))),
            "sha256" => Ok(Some(Self::Sha256(digest))),
            _ => Err(()),
        }
    }

    fn fits(&self, bytes: &[u8]) -> bool {
        match self {
            Self::Sha1(digest) => sha1::Sha1::digest(bytes).as_slice() == digest,
            Self::Sha256(digest) => Sha256::digest(bytes).as_slice() == digest,
        }
    }
}

/// Adds a piece once it is known to be what its digest says.
async fn checked(file: File, body: Body, left: u64, wanted: &Wanted) -> Result<(), StatusCode> {
    let most = usize::try_from(left).unwrap_or(PIECE_MAX).min(PIECE_MAX);
    let bytes = axum::body::to_bytes(body, most).await;
    let bytes = bytes.map_err(|_| StatusCode::PAYLOAD_TOO_LARGE)?;
    if !wanted.fits(&bytes) {
        return Err(StatusCode::from_u16(MISMATCH).unwrap_or(StatusCode::BAD_REQUEST));
    }
    on_disk(move || put(&file, &bytes).and_then(|()| file.sync_all())).await
}

/// Adds what arrives as it arrives: what is on the disk when the connection breaks is kept.
async fn streamed(file: File, body: Body, mut left: u64) -> Result<(), StatusCode> {
    let (file, mut pieces) = (std::sync::Arc::new(file), body.into_data_stream());
    let mut ended = Ok(());
    while let Some(piece) = pieces.next().await {
        let Ok(bytes) = piece else {
            ended = Err(StatusCode::BAD_REQUEST);
            break;
        };
        if bytes.len() as u64 > left {
            ended = Err(StatusCode::PAYLOAD_TOO_LARGE);
            break;
        }
        left -= bytes.len() as u64;
        let file = file.clone();
        on_disk(move || put(&file, &bytes)).await?;
    }
    on_disk(move || file.sync_all()).await?;
    ended
}

/// Writes bytes at the end, whole or not at all.
fn put(mut file: &File, bytes: &[u8]) -> std::io::Result<()> {
    let before = file.seek(SeekFrom::End(0))?;
    let written = file.write_all(bytes);
    if written.is_err() {
        file.set_len(before)?;
    }
    written
}

async fn on_disk(
    work: impl FnOnce() -> std::io::Result<()> + Send + 'static,
) -> Result<(), StatusCode> {
    match tokio::task::spawn_blocking(work).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => {
            eprintln!("yiyang: an upload cannot be written: {error}");
            Err(StatusCode::INSUFFICIENT_STORAGE)
        }
        Err(_) => Err(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

/// Takes a file that has arrived whole into its draft.
async fn finish(who: &AsApplicant, upload: &mut Upload) -> Result<(), Fault> {
    let draft = opened(who, &upload.known.draft).await?;
    let (word, name) = (&upload.known.word, &upload.known.name);
    match take(&who.visit, &draft, word, name, upload.part.clone()).await? {
        Ok(()) => {
            upload.known.done = true;
            upload.write_note().map_err(broken)
        }
        Err(unfit) => {
            upload.remove();
            Err(Fault::UnfitFile(unfit.reason()))
        }
    }
}

/// Ends an upload and removes what has arrived.
pub(in crate::web) async fn end(
    who: AsApplicant,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    if let Some(response) = misfit(&who.visit, &headers) {
        return Ok(response);
    }
    Upload::find(&who.visit.app, &id, who.party)?.remove();
    Ok(answered(StatusCode::NO_CONTENT, None))
}

/// Removes the drafts that have lapsed with their files, and the pieces that nobody goes on with.
pub(crate) async fn sweep(app: &App) {
    match app.store.sweep_drafts(app.clock.now()).await {
        Ok(lapsed) => {
            for draft in lapsed {
                paper::forget(&app.papers, draft, None).await;
            }
        }
        Err(error) => eprintln!("yiyang: drafts are not swept: {error}"),
    }
    let home = folder(app);
    let swept = tokio::task::spawn_blocking(move || sweep_uploads(&home, SystemTime::now()));
    if let Ok(Err(error)) = swept.await {
        eprintln!("yiyang: uploads are not swept: {error}");
    }
}

fn sweep_uploads(home: &FilePath, now: SystemTime) -> std::io::Result<()> {
    if !home.exists() {
        return Ok(());
    }
    for item in std::fs::read_dir(home)? {
        let item = item?;
        let touched = item.metadata()?.modified()?;
        if now.duration_since(touched).is_ok_and(|age| age > KEPT) {
            std::fs::remove_file(item.path())?;
        }
    }
    Ok(())
}
