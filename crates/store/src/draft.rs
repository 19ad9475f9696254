//! Applications that are still being written: nothing of them is in the ledger, everything that
//! somebody wrote is sealed under that person's own key, and what nobody takes up again lapses
//! (Personal Information Protection Law arts. 19 and 47).
//!
//! Each page of a draft has a revision. Who saves says which one was seen: the same answers again
//! change nothing, and a page that is older than what was saved since overwrites nothing.

use std::{collections::BTreeMap, fmt};

use base::{Division, Instant, Language, Name};
use kernel::{
    CaseId, EntryNumber, PartyId,
    form::Answers,
    ledger::{bytes_of, read_bytes},
};
use pack::model::PackHash;

use crate::{
    column,
    db::{Tx, on},
    error::StoreError,
    persons,
    vault::{PersonKey, Vault},
};

/// What tells one draft from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct DraftId(pub [u8; 16]);

impl DraftId {
    /// The draft of 32 hexadecimal digits, all lower-case; none where they are others.
    pub fn parse(text: &str) -> Option<Self> {
        let number = u128::from_str_radix(text, 16).ok()?;
        let id = Self(number.to_be_bytes());
        (id.to_string() == text).then_some(id)
    }
}

impl fmt::Display for DraftId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", u128::from_be_bytes(self.0))
    }
}

/// Whose draft, and which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Own {
    /// Who writes it.
    pub owner: PartyId,
    /// The draft.
    pub id: DraftId,
}

/// A draft that is begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDraft {
    /// Whose it is, and which.
    pub own: Own,
    /// The procedures that it is for, in order.
    pub services: Vec<Name>,
    /// The pack under which it is begun.
    pub pack: PackHash,
    /// The language in which it is written.
    pub language: Language,
    /// When.
    pub at: Instant,
    /// When it lapses unless something is saved.
    pub lapses_at: Instant,
}

/// A draft without what is written in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftLine {
    /// Whose it is, and which.
    pub own: Own,
    /// The procedures that it is for, in order.
    pub services: Vec<Name>,
    /// The pack under which it was last written.
    pub pack: PackHash,
    /// The language in which it was begun.
    pub language: Language,
    /// When it was begun.
    pub begun_at: Instant,
    /// When something was last saved.
    pub changed_at: Instant,
    /// When it lapses.
    pub lapses_at: Instant,
    /// The cases that were filed from it.
    pub filed: BTreeMap<Name, CaseId>,
}

impl DraftLine {
    /// Whether every procedure it is for has its case.
    pub fn done(&self) -> bool {
        self.services.iter().all(|service| self.filed.contains_key(service))
    }
}

/// A draft with everything that is written in it.
#[derive(Clone, PartialEq, Eq)]
pub struct Draft {
    /// What is known without opening it.
    pub line: DraftLine,
    /// Its pages, by topic.
    pub topics: BTreeMap<String, SavedTopic>,
    /// Its papers, by the name under which the form asks for them.
    pub papers: BTreeMap<String, DraftPaper>,
}

/// Shows which draft it is, never what it says.
impl fmt::Debug for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Draft({})", self.line.own.id)
    }
}

/// A page of a draft as it was saved last.
#[derive(Clone, PartialEq, Eq)]
pub struct SavedTopic {
    /// How often other answers were saved; the first is 1.
    pub revision: u32,
    /// When the last were.
    pub saved_at: Instant,
    /// The answers as written.
    pub answers: Answers,
}

/// Shows the revision, never what was answered.
impl fmt::Debug for SavedTopic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SavedTopic({})", self.revision)
    }
}

/// A paper of a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftPaper {
    /// The SHA-256 of the file.
    pub digest: [u8; 32],
    /// Its bytes.
    pub size: u64,
    /// What kind of file it is by its bytes, as a media type.
    pub media: String,
    /// What whoever sent it calls it.
    pub name: String,
    /// When it was handed in.
    pub added_at: Instant,
}

/// What came of saving a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Saved {
    /// It is on the disk.
    Kept {
        /// The page's revision now.
        revision: u32,
    },
    /// Other answers were saved since; they stay.
    Stale(SavedTopic),
}

/// A page that is to be saved.
#[derive(Clone, Copy)]
pub struct Saving<'a> {
    /// The topic.
    pub topic: &'a str,
    /// The revision that whoever writes has seen; 0 where nothing was saved yet.
    pub seen: u32,
    /// The answers as written.
    pub answers: &'a Answers,
    /// When.
    pub at: Instant,
    /// When the draft lapses then.
    pub lapses_at: Instant,
    /// The pack by whose questions they were asked.
    pub pack: PackHash,
}

/// Begins a draft; one that was begun already is left as it is.
pub(crate) async fn begin(
    tx: &mut Tx,
    place: &Division,
    vault: &Vault,
    new: &NewDraft,
) -> Result<(), StoreError> {
    persons::must_have_key(tx, place, vault, new.own.owner).await?;
    let sql = "INSERT INTO draft (jurisdiction, owner, draft, services, pack, language, begun_at,
                                  changed_at, lapses_at, filed)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8, '') ON CONFLICT DO NOTHING";
    let services = new.services.iter().map(Name::as_str).collect::<Vec<_>>().join(" ");
    let (owner, draft) = columns(new.own);
    on!(tx, c => sqlx::query(sql).bind(place.as_str()).bind(owner).bind(draft).bind(services)
        .bind(new.pack.0.to_vec()).bind(word(new.language)).bind(new.at.micros())
        .bind(new.lapses_at.micros()).execute(c).await.map(drop))?;
    Ok(())
}

fn columns(own: Own) -> (Vec<u8>, Vec<u8>) {
    (own.owner.0.to_vec(), own.id.0.to_vec())
}

fn word(language: Language) -> &'static str {
    match language {
        Language::Zh => "zh",
        Language::En => "en",
    }
}

type Row = (Vec<u8>, String, Vec<u8>, String, i64, i64, i64, String);

/// The columns of a row of `draft`, in the order of [`Row`].
macro_rules! columns_of_draft {
    () => {
        "draft, services, pack, language, begun_at, changed_at, lapses_at, filed"
    };
}

fn line(owner: PartyId, row: Row) -> Result<DraftLine, StoreError> {
    let (draft, services, pack, language, begun_at, changed_at, lapses_at, filed) = row;
    let id: [u8; 16] =
        draft.try_into().map_err(|_| column::corrupt("a draft's id is not 16 bytes"))?;
    Ok(DraftLine {
        own: Own { owner, id: DraftId(id) },
        services: services.split(' ').map(column::name_of).collect::<Result<_, _>>()?,
        pack: PackHash(column::hash_of(&pack)?),
        language: if language == "en" { Language::En } else { Language::Zh },
        begun_at: column::instant_of(begun_at),
        changed_at: column::instant_of(changed_at),
        lapses_at: column::instant_of(lapses_at),
        filed: filed.split_whitespace().map(filed_of).collect::<Result<_, _>>()?,
    })
}

/// One case filed, as `procedure=number`.
fn filed_of(pair: &str) -> Result<(Name, CaseId), StoreError> {
    let broken = || column::corrupt("a draft's cases do not read");
    let (service, case) = pair.split_once('=').ok_or_else(broken)?;
    let case = case.parse().map_err(|_| broken())?;
    Ok((column::name_of(service)?, CaseId(EntryNumber(case))))
}

/// Somebody's drafts that have not lapsed, the one changed last first.
pub(crate) async fn of_owner(
    tx: &mut Tx,
    place: &Division,
    owner: PartyId,
    now: Instant,
) -> Result<Vec<DraftLine>, StoreError> {
    let sql = concat!(
        "SELECT ",
        columns_of_draft!(),
        " FROM draft WHERE jurisdiction = $1 AND owner = $2 AND lapses_at > $3
          ORDER BY changed_at DESC, draft"
    );
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(sql).bind(place.as_str())
        .bind(owner.0.to_vec()).bind(now.micros()).fetch_all(c).await)?;
    rows.into_iter().map(|row| line(owner, row)).collect()
}

/// A draft opened for its owner; none where there is none, or it has lapsed.
pub(crate) async fn open(
    tx: &mut Tx,
    place: &Division,
    vault: &Vault,
    own: Own,
    now: Instant,
) -> Result<Option<Draft>, StoreError> {
    let sql = concat!(
        "SELECT ",
        columns_of_draft!(),
        " FROM draft WHERE jurisdiction = $1 AND owner = $2 AND draft = $3 AND lapses_at > $4"
    );
    let (owner, draft) = columns(own);
    let row: Option<Row> = on!(tx, c => sqlx::query_as(sql).bind(place.as_str()).bind(owner)
        .bind(draft).bind(now.micros()).fetch_optional(c).await)?;
    let (Some(row), Some(key)) = (row, persons::key(tx, place, vault, own.owner).await?) else {
        return Ok(None);
    };
    let sealed = Opening { place, vault, key: &key, own };
    let topics = sealed.topics(tx).await?;
    let papers = sealed.papers(tx).await?;
    Ok(Some(Draft { line: line(own.owner, row)?, topics, papers }))
}

/// The rows of one draft, and the key that opens them.
struct Opening<'a> {
    place: &'a Division,
    vault: &'a Vault,
    key: &'a PersonKey,
    own: Own,
}

type TopicRow = (String, i64, i64, Vec<u8>, Vec<u8>);
type PaperRow = (String, Vec<u8>, i64, String, i64, Vec<u8>, Vec<u8>);

impl Opening<'_> {
    fn about(&self, part: &str, name: &str) -> String {
        format!("draft|{}|{}|{part}|{name}", self.own.owner, self.own.id)
    }

    async fn topics(&self, tx: &mut Tx) -> Result<BTreeMap<String, SavedTopic>, StoreError> {
        let sql = "SELECT topic, revision, saved_at, nonce, sealed FROM draft_topic
                   WHERE jurisdiction = $1 AND owner = $2 AND draft = $3";
        let (owner, draft) = columns(self.own);
        let rows: Vec<TopicRow> = on!(tx, c => sqlx::query_as(sql).bind(self.place.as_str())
            .bind(owner).bind(draft).fetch_all(c).await)?;
        let opened = |row: TopicRow| Ok((row.0.clone(), self.topic_of(row)?));
        rows.into_iter().map(opened).collect()
    }

    async fn topic(&self, tx: &mut Tx, topic: &str) -> Result<Option<SavedTopic>, StoreError> {
        let sql = "SELECT topic, revision, saved_at, nonce, sealed FROM draft_topic
                   WHERE jurisdiction = $1 AND owner = $2 AND draft = $3 AND topic = $4";
        let (owner, draft) = columns(self.own);
        let row: Option<TopicRow> = on!(tx, c => sqlx::query_as(sql).bind(self.place.as_str())
            .bind(owner).bind(draft).bind(topic).fetch_optional(c).await)?;
        row.map(|row| self.topic_of(row)).transpose()
    }

    fn topic_of(&self, row: TopicRow) -> Result<SavedTopic, StoreError> {
        let (topic, revision, saved_at, nonce, sealed) = row;
        let about = self.about("topic", &topic);
        let bytes = self.vault.open_bytes(self.key, &about, &nonce, &sealed)?;
        Ok(SavedTopic {
            revision: u32::try_from(revision).map_err(|_| column::corrupt("a revision"))?,
            saved_at: column::instant_of(saved_at),
            answers: read_bytes(&bytes).map_err(|error| column::corrupt(&error.0))?,
        })
    }

    async fn papers(&self, tx: &mut Tx) -> Result<BTreeMap<String, DraftPaper>, StoreError> {
        let sql = "SELECT material, digest, size, media, added_at, nonce, sealed_name
                   FROM draft_paper WHERE jurisdiction = $1 AND owner = $2 AND draft = $3";
        let (owner, draft) = columns(self.own);
        let rows: Vec<PaperRow> = on!(tx, c => sqlx::query_as(sql).bind(self.place.as_str())
            .bind(owner).bind(draft).fetch_all(c).await)?;
        let opened = |(material, digest, size, media, added_at, nonce, sealed): PaperRow| {
            let about = self.about("paper", &material);
            let name = self.vault.open_bytes(self.key, &about, &nonce, &sealed)?;
            let name = String::from_utf8(name).map_err(|_| column::corrupt("a paper's name"))?;
            let size = u64::try_from(size).map_err(|_| column::corrupt("a paper's size"))?;
            let (digest, added_at) = (column::hash_of(&digest)?, column::instant_of(added_at));
            Ok((material, DraftPaper { digest, size, media, name, added_at }))
        };
        rows.into_iter().map(opened).collect()
    }
}

/// Notes that something is saved in a draft; false where there is none to save in. Holding the row,
/// it lets those who save in one draft do so one after the other.
async fn touch(
    tx: &mut Tx,
    place: &Division,
    own: Own,
    (at, lapses_at): (Instant, Instant),
) -> Result<bool, StoreError> {
    let sql = "UPDATE draft SET changed_at = $4, lapses_at = $5
               WHERE jurisdiction = $1 AND owner = $2 AND draft = $3 AND lapses_at > $4";
    let (owner, draft) = columns(own);
    let rows = on!(tx, c => sqlx::query(sql).bind(place.as_str()).bind(owner).bind(draft)
        .bind(at.micros()).bind(lapses_at.micros()).execute(c).await
        .map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}

/// Saves a page; none where there is no such draft any more.
pub(crate) async fn save(
    tx: &mut Tx,
    place: &Division,
    vault: &Vault,
    own: Own,
    saving: Saving<'_>,
) -> Result<Option<Saved>, StoreError> {
    let there = touch(tx, place, own, (saving.at, saving.lapses_at)).await?;
    let key = persons::key(tx, place, vault, own.owner).await?;
    let (true, Some(key)) = (there, key) else { return Ok(None) };
    let sealing = Opening { place, vault, key: &key, own };
    let before = sealing.topic(tx, saving.topic).await?;
    let revision = match before {
        Some(before) if before.answers == *saving.answers => {
            return Ok(Some(Saved::Kept { revision: before.revision }));
        }
        Some(before) if before.revision != saving.seen => return Ok(Some(Saved::Stale(before))),
        Some(before) => before.revision.saturating_add(1),
        None => 1,
    };
    sealing.put(tx, saving, revision).await?;
    ruled_by(tx, place, own, saving.pack).await?;
    Ok(Some(Saved::Kept { revision }))
}

/// Notes by whose questions a draft is written.
async fn ruled_by(
    tx: &mut Tx,
    place: &Division,
    own: Own,
    pack: PackHash,
) -> Result<(), StoreError> {
    let sql = "UPDATE draft SET pack = $4 WHERE jurisdiction = $1 AND owner = $2 AND draft = $3";
    let (owner, draft) = columns(own);
    on!(tx, c => sqlx::query(sql).bind(place.as_str()).bind(owner).bind(draft)
        .bind(pack.0.to_vec()).execute(c).await.map(drop))?;
    Ok(())
}

impl Opening<'_> {
    async fn put(&self, tx: &mut Tx, saving: Saving<'_>, revision: u32) -> Result<(), StoreError> {
        let about = self.about("topic", saving.topic);
        let sealed = self.vault.seal_bytes(self.key, &about, &bytes_of(saving.answers))?;
        let sql = "INSERT INTO draft_topic (jurisdiction, owner, draft, topic, revision, saved_at,
                                            nonce, sealed)
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
                   ON CONFLICT (jurisdiction, owner, draft, topic) DO UPDATE SET
                     revision = excluded.revision, saved_at = excluded.saved_at,
                     nonce = excluded.nonce, sealed = excluded.sealed";
        let (owner, draft) = columns(self.own);
        on!(tx, c => sqlx::query(sql).bind(self.place.as_str()).bind(owner).bind(draft)
            .bind(saving.topic).bind(i64::from(revision)).bind(saving.at.micros())
            .bind(sealed.nonce.to_vec()).bind(sealed.text).execute(c).await.map(drop))?;
        Ok(())
    }
}

/// Hands a paper in; the one handed in before under that name gives way. False where there is no
/// such draft any more.
pub(crate) async fn put_paper(
    tx: &mut Tx,
    place: &Division,
    vault: &Vault,
    own: Own,
    (material, paper, lapses_at): (&str, &DraftPaper, Instant),
) -> Result<bool, StoreError> {
    let there = touch(tx, place, own, (paper.added_at, lapses_at)).await?;
    let key = persons::key(tx, place, vault, own.owner).await?;
    let (true, Some(key)) = (there, key) else { return Ok(false) };
    let about = Opening { place, vault, key: &key, own }.about("paper", material);
    let sealed = vault.seal_bytes(&key, &about, paper.name.as_bytes())?;
    let sql = "INSERT INTO draft_paper (jurisdiction, owner, draft, material, digest, size, media,
                                        added_at, nonce, sealed_name)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
               ON CONFLICT (jurisdiction, owner, draft, material) DO UPDATE SET
                 digest = excluded.digest, size = excluded.size, media = excluded.media,
                 added_at = excluded.added_at, nonce = excluded.nonce,
                 sealed_name = excluded.sealed_name";
    let (owner, draft) = columns(own);
    let size = i64::try_from(paper.size).unwrap_or(i64::MAX);
    on!(tx, c => sqlx::query(sql).bind(place.as_str()).bind(owner).bind(draft).bind(material)
        .bind(paper.digest.to_vec()).bind(size).bind(&paper.media).bind(paper.added_at.micros())
        .bind(sealed.nonce.to_vec()).bind(sealed.text).execute(c).await.map(drop))?;
    Ok(true)
}

/// Takes a paper out of a draft.
pub(crate) async fn drop_paper(
    tx: &mut Tx,
    place: &Division,
    own: Own,
    material: &str,
) -> Result<(), StoreError> {
    let sql = "DELETE FROM draft_paper
               WHERE jurisdiction = $1 AND owner = $2 AND draft = $3 AND material = $4";
    let (owner, draft) = columns(own);
    on!(tx, c => sqlx::query(sql).bind(place.as_str()).bind(owner).bind(draft).bind(material)
        .execute(c).await.map(drop))?;
    Ok(())
}

/// Notes a case filed from a draft. Once each of its services has its case, what was written in it
/// is destroyed: it is in the cases now.
pub(crate) async fn filed(
    tx: &mut Tx,
    place: &Division,
    own: Own,
    service: &Name,
    case: CaseId,
) -> Result<(), StoreError> {
    let sql = concat!(
        "SELECT ",
        columns_of_draft!(),
        " FROM draft WHERE jurisdiction = $1 AND owner = $2 AND draft = $3"
    );
    let (owner, draft) = columns(own);
    let row: Option<Row> = on!(tx, c => sqlx::query_as(sql).bind(place.as_str())
        .bind(owner.clone()).bind(draft.clone()).fetch_optional(c).await)?;
    let Some(row) = row else { return Ok(()) };
    let mut line = line(own.owner, row)?;
    line.filed.insert(service.clone(), case);
    let pairs: Vec<String> =
        line.filed.iter().map(|(name, case)| format!("{name}={case}")).collect();
    let sql = "UPDATE draft SET filed = $4 WHERE jurisdiction = $1 AND owner = $2 AND draft = $3";
    on!(tx, c => sqlx::query(sql).bind(place.as_str()).bind(owner).bind(draft)
        .bind(pairs.join(" ")).execute(c).await.map(drop))?;
    if line.done() { empty(tx, place, own).await } else { Ok(()) }
}

/// Destroys what is written in a draft.
async fn empty(tx: &mut Tx, place: &Division, own: Own) -> Result<(), StoreError> {
    let (owner, draft) = columns(own);
    for sql in [
        "DELETE FROM draft_topic WHERE jurisdiction = $1 AND owner = $2 AND draft = $3",
        "DELETE FROM draft_paper WHERE jurisdiction = $1 AND owner = $2 AND draft = $3",
    ] {
        on!(tx, c => sqlx::query(sql).bind(place.as_str()).bind(owner.clone())
            .bind(draft.clone()).execute(c).await.map(drop))?;
    }
    Ok(())
}

/// Deletes a draft with everything in it.
pub(crate) async fn delete(tx: &mut Tx, place: &Division, own: Own) -> Result<(), StoreError> {
    empty(tx, place, own).await?;
    let sql = "DELETE FROM draft WHERE jurisdiction = $1 AND owner = $2 AND draft = $3";
    let (owner, draft) = columns(own);
    on!(tx, c => sqlx::query(sql).bind(place.as_str()).bind(owner).bind(draft)
        .execute(c).await.map(drop))?;
    Ok(())
}

/// Deletes the drafts that have lapsed, and says which they were.
pub(crate) async fn sweep(
    tx: &mut Tx,
    place: &Division,
    now: Instant,
) -> Result<Vec<DraftId>, StoreError> {
    let sql = "SELECT owner, draft FROM draft WHERE jurisdiction = $1 AND lapses_at <= $2";
    let rows: Vec<(Vec<u8>, Vec<u8>)> = on!(tx, c => sqlx::query_as(sql).bind(place.as_str())
        .bind(now.micros()).fetch_all(c).await)?;
    let mut swept = Vec::with_capacity(rows.len());
    for (owner, draft) in rows {
        let id: [u8; 16] =
            draft.try_into().map_err(|_| column::corrupt("a draft's id is not 16 bytes"))?;
        let own = Own { owner: column::party_of(&owner)?, id: DraftId(id) };
        delete(tx, place, own).await?;
        swept.push(own.id);
    }
    Ok(swept)
}
