//! Certificates that decisions issued: as a page, and as an electronic licence under the seal of
//! the body that decided.

use std::collections::BTreeSet;

use axum::{
    extract::{Path, Query as Asked},
    http::header,
    response::{IntoResponse, Response},
};
use base::{Date, Instant, Language, Name, Text, id::Uscc};
use exchange::licence::{Identifier, Licence, Metadata, identifier::KindCode, issue};
use kernel::{Entry, register::Version};
use pack::model::{Certificate, Register, RegisterField};
use rules::Value;

use super::{
    AsOf, Query, code, escaped,
    register::{Issue, Made, issues, register_named},
};
use crate::web::{
    entries::{Headings, named_in},
    fault::Fault,
    frame::{Link, Row},
    pages::{
        certificate::{CertificatePage, Electronic},
        register::{Force, heading},
    },
    sealing::sealed,
    shown::Shown,
    visit::{Visit, page},
    words::Words,
};

/// An entry of a public register as of a day.
pub(super) struct Entered<'v> {
    register: &'v Register,
    key: String,
    versions: Vec<Version>,
    as_of: AsOf,
}

/// A certificate that was issued, with what the entry says as of a day.
pub(super) struct Issued<'v> {
    pub(super) register: &'v Register,
    pub(super) key: String,
    pub(super) certificate: &'v Certificate,
    pub(super) version: Version,
    /// The day as of which it is shown.
    on: Date,
    /// When the decision that made what is shown was made.
    pub(super) made_at: Instant,
    pub(super) issue: Issue,
    /// The changes of that decision, none where the ledger does not have it.
    pub(super) changed: Vec<(Name, String)>,
}

impl<'v> Entered<'v> {
    /// None where nothing was ever said under that key.
    pub(super) async fn load(
        visit: &Visit,
        register: &'v Register,
        key: &str,
        as_of: AsOf,
    ) -> Result<Option<Self>, Fault> {
        let versions = visit.app.store.versions(&register.name, key).await?;
        let said = !versions.is_empty();
        Ok(said.then(|| Self { register, key: key.to_owned(), versions, as_of }))
    }

    fn version(&self) -> Option<&Version> {
        kernel::register::as_of(&self.versions, self.as_of.at, self.as_of.known)
    }

    /// Whether it is in force; what says nothing is not.
    pub(super) fn force(&self) -> Force {
        let of = |version: &Version| Force::of(self.register, &version.fields, self.as_of.on);
        self.version().map_or(Force::Out, of)
    }

    /// The certificates that were issued of it, the newest first.
    pub(super) async fn issues(&self, visit: &Visit) -> Result<Vec<Issue>, Fault> {
        issues(visit, (self.register, &self.key), &self.versions, self.as_of).await
    }

    /// The newest certificate that is wanted; none where none was issued or nothing is said.
    pub(super) async fn issued(
        &self,
        visit: &Visit,
        wanted: impl Fn(&Issue) -> bool,
    ) -> Result<Option<Issued<'v>>, Fault> {
        let issue = self.issues(visit).await?.into_iter().find(wanted);
        let Some((issue, version)) = issue.zip(self.version()) else { return Ok(None) };
        let register = self.register;
        let Some(certificate) = register.certificates.get(&issue.kind) else { return Ok(None) };
        let made = Made::load(visit, version.decided_by).await?;
        Ok(Some(Issued {
            register,
            key: self.key.clone(),
            certificate,
            version: version.clone(),
            on: self.as_of.on,
            changed: made.entry.as_ref().map(changed).unwrap_or_default(),
            made_at: made.entry.map_or(issue.at, |entry| entry.at),
            issue,
        }))
    }

    /// Whether it says at this moment what it said as of the day.
    async fn says_so_now(&self, visit: &Visit) -> Result<bool, Fault> {
        let now = kernel::register::as_of(&self.versions, visit.now, visit.app.store.head().await?);
        Ok(now.is_some() && now == self.version())
    }
}

/// The entries that an entry of the ledger changed, each once, in order.
pub(super) fn changed(entry: &Entry) -> Vec<(Name, String)> {
    let all = entry.act.changes().map(|own| (own.register.clone(), own.key.clone()));
    all.collect::<BTreeSet<_>>().into_iter().collect()
}

/// The certificate of that name, or the newest where none is named.
pub(super) fn named(kind: &str) -> impl Fn(&Issue) -> bool {
    move |issue| kind.is_empty() || issue.kind.as_str() == kind
}

/// This moment, with all that is known.
pub(super) async fn now(visit: &Visit) -> Result<AsOf, Fault> {
    let known = visit.app.store.head().await?;
    Ok(AsOf { on: visit.today(), at: visit.now, known })
}

impl<'v> Issued<'v> {
    /// The pack in one language on the day since which the entry says so.
    pub(super) fn shown(&self, visit: &'v Visit, language: Language) -> Shown<'v> {
        let day = visit.pack().zone.day_of(self.version.valid_from);
        Shown { day, words: Words(language), ..visit.shown() }
    }

    pub(super) fn fields(&self) -> impl Iterator<Item = &'v RegisterField> {
        let certificate = self.certificate;
        self.register.fields.iter().filter(|field| certificate.shows.contains(&field.name))
    }

    async fn rows(&self, visit: &Visit, shown: Shown<'_>) -> Result<Vec<Row>, Fault> {
        let named = named_in(self.register, &self.version.fields);
        // What was known to the decision, so that the same decision gives the same paper.
        let when = (self.version.valid_from, self.version.decided_by);
        let headings = Headings::load(visit, shown, &named, when).await?;
        let row = |field: &RegisterField| {
            let said = self.version.fields.get(&field.name)?;
            let value = headings.value(shown, &field.input, said);
            let title = field.title.to(shown.words.0).to_owned();
            Some(Row { title, text: value.text, href: value.href })
        };
        Ok(self.fields().filter_map(row).collect())
    }

    fn force(&self) -> Force {
        Force::of(self.register, &self.version.fields, self.on)
    }

    /// The body that issued it as it was called on the day of its decision.
    pub(super) fn body(&self, visit: &Visit) -> Text {
        let day = visit.pack().zone.day_of(self.issue.at);
        let said = |language| {
            let shown = Shown { day, words: Words(language), ..visit.shown() };
            shown.body(&self.issue.by)
        };
        Text::new(said(Language::Zh), said(Language::En))
    }

    /// The last day on which it holds, where it shows one.
    fn valid_until(&self) -> Option<Date> {
        match self.version.fields.get(self.certificate.until.as_ref()?) {
            Some(Value::Date(day)) => Some(*day),
            _ => None,
        }
    }

    /// What programs read of the licence.
    pub(super) async fn metadata(&self, visit: &'v Visit) -> Result<Metadata, Fault> {
        let (zone, version) = (&visit.pack().zone, &self.version);
        let zh = self.shown(visit, Language::Zh);
        let body_code = self.body_code(visit);
        let metadata = Metadata {
            identifier: self.identifier(visit, body_code).await?,
            title: self.certificate.title.clone(),
            kind: self.issue.kind.clone(),
            number: self.key.clone(),
            holder: heading(zh, self.register, &version.fields, &self.key),
            body: self.body(visit),
            office: self.issue.by.to_string(),
            body_code: body_code.map(ToString::to_string),
            issued_on: zone.day_of(self.issue.at),
            valid_from: zone.day_of(version.valid_from),
            valid_until: self.valid_until(),
            register: self.register.name.clone(),
            decided_by: version.decided_by.0,
        };
        Ok(metadata.written())
    }

    /// The code of the body on the day of its decision, where the pack knows it.
    fn body_code(&self, visit: &'v Visit) -> Option<&'v Uscc> {
        let (pack, by) = (visit.pack(), &self.issue.by);
        let body = pack.body(&by.office, &by.division, pack.zone.day_of(self.issue.at))?;
        body.codes.get(&by.division)
    }

    /// The national identifier: its serial number is the ledger entry that first made the entry,
    /// its version counts the decisions that have changed it since. None where a code is not
    /// known.
    async fn identifier(
        &self,
        visit: &Visit,
        body: Option<&Uscc>,
    ) -> Result<Option<Identifier>, Fault> {
        let kind = self.certificate.code.as_deref().and_then(KindCode::parse);
        let Some((kind, body)) = kind.zip(body) else { return Ok(None) };
        let versions = visit.app.store.versions(&self.register.name, &self.key).await?;
        let made: BTreeSet<u64> = versions.iter().map(|version| version.decided_by.0).collect();
        let own = self.version.decided_by.0;
        let serial = made.first().copied().unwrap_or(own);
        let nth = made.iter().filter(|number| **number <= own).count();
        let nth = u64::try_from(nth).unwrap_or(u64::MAX);
        Ok(Identifier::new(&kind, body, serial, nth))
    }

    /// What it shows, in both languages: each title with what is said.
    pub(super) async fn both_rows(&self, visit: &'v Visit) -> Result<Vec<(Text, Text)>, Fault> {
        let zh = self.rows(visit, self.shown(visit, Language::Zh)).await?;
        let en = self.rows(visit, self.shown(visit, Language::En)).await?;
        let paired = zh.into_iter().zip(en);
        let both =
            |(zh, en): (Row, Row)| (Text::new(zh.title, en.title), Text::new(zh.text, en.text));
        Ok(paired.map(both).collect())
    }

    /// The whole licence.
    async fn licence(&self, visit: &'v Visit) -> Result<Licence, Fault> {
        let basis = self.shown(visit, Language::Zh).all_cited(&self.certificate.basis);
        Ok(Licence {
            metadata: self.metadata(visit).await?,
            rows: self.both_rows(visit).await?,
            basis: basis.into_iter().map(|cited| cited.text).collect(),
            invented: visit.app.demo || visit.pack().invented,
            sealed_at: self.made_at,
        })
    }

    /// A file made of it, to be kept.
    pub(super) fn file(&self, media: &str, ending: &str, bytes: Vec<u8>) -> Response {
        // A key may hold anything that a person wrote; a file's name may not.
        let plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
        let name: String = self.key.chars().map(|c| if plain(c) { c } else { '_' }).collect();
        let named = format!("attachment; filename=\"{}-{name}.{ending}\"", self.issue.kind);
        let headers =
            [(header::CONTENT_TYPE, media), (header::CONTENT_DISPOSITION, named.as_str())];
        (headers, bytes).into_response()
    }

    /// Where the licence is, if one is made of what is shown: of today, and in force.
    fn electronic(&self, visit: &Visit, metadata: &Metadata, now: bool) -> Electronic {
        let today = Force::of(self.register, &self.version.fields, visit.today());
        if self.force().out() || today.out() || !now {
            return Electronic::None;
        }
        let (register, key, kind) = (&self.register.name, escaped(&self.key), &self.issue.kind);
        let at =
            |file: &str| visit.to(&format!("/certificates/{register}/{key}/{file}?kind={kind}"));
        Electronic::At {
            href: at("licence.ofd"),
            pdf: at("certificate.pdf"),
            credential: at("credential.json"),
            identifier: metadata.identifier.as_ref().map(ToString::to_string).unwrap_or_default(),
        }
    }
}

/// A certificate of an entry as of a day; the first that was issued where none is named.
pub(in crate::web) async fn show(
    visit: Visit,
    Path(place): Path<(String, String)>,
    Asked(query): Asked<Query>,
) -> Result<Response, Fault> {
    let (register, key) = (register_named(&visit, &place.0)?, place.1);
    let as_of = query.as_of(&visit).await?;
    let entered = Entered::load(&visit, register, &key, as_of).await?.ok_or(Fault::NoSuchPage)?;
    let issued = entered.issued(&visit, named(query.kind())).await?.ok_or(Fault::NoSuchPage)?;
    let now = entered.says_so_now(&visit).await?;
    let shown = issued.shown(&visit, visit.words.0);
    let metadata = issued.metadata(&visit).await?;
    page(&CertificatePage {
        frame: visit.frame(),
        title: issued.certificate.title.to(visit.words.0).to_owned(),
        rows: issued.rows(&visit, shown).await?,
        body: issued.body(&visit).to(visit.words.0).to_owned(),
        since: shown.day.to_string(),
        force: issued.force(),
        basis: shown.all_cited(&issued.certificate.basis),
        entry: Link {
            href: visit.to(&format!("/registers/{}/{}", issued.register.name, issued.key)),
            text: issued.register.title.to(visit.words.0).to_owned(),
        },
        electronic: issued.electronic(&visit, &metadata, now),
        check: code::of_certificate(&visit, &issued),
        number: issued.key,
    })
}

/// The same as an electronic licence of this moment; none of an entry that is not in force.
pub(in crate::web) async fn licence(
    visit: Visit,
    Path(place): Path<(String, String)>,
    Asked(query): Asked<Query>,
) -> Result<Response, Fault> {
    let issued = in_force(&visit, place, &query).await?;
    let licence = issued.licence(&visit).await?;
    let made = sealed(&visit.app, &licence, &issued.issue.by, |seal| issue(&licence, seal));
    let bytes = made.map_err(|error| Fault::broken(&error))?;
    Ok(issued.file("application/ofd", "ofd", bytes))
}

/// The certificate of this moment of an entry that is in force.
pub(super) async fn in_force<'v>(
    visit: &'v Visit,
    (register, key): (String, String),
    query: &Query,
) -> Result<Issued<'v>, Fault> {
    let register = register_named(visit, &register)?;
    let entered = Entered::load(visit, register, &key, now(visit).await?).await?;
    let entered = entered.ok_or(Fault::NoSuchPage)?;
    if entered.force().out() {
        return Err(Fault::NoLicence);
    }
    entered.issued(visit, named(query.kind())).await?.ok_or(Fault::NoSuchPage)
}
