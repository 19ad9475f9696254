//! Systems that send rows: noted, changed and ended by officers, each step kept with who made it.

mod held;

use std::{collections::BTreeMap, sync::Arc};

use access::Action;
use axum::{
    extract::Path,
    response::{IntoResponse, Redirect, Response},
};
use base::Name;
use base64ct::{Base64, Encoding as _};
use lake::{Lake, Sent};
use store::{
    refused::RefusedBatch,
    source::{Source, SourceStep},
};

pub(in crate::web) use held::{ask_row, give_up, list as held_list, mend};

use crate::web::{
    fault::Fault,
    frame::Link,
    pages::{
        account::form::Field,
        sources::{
            FeedChoice, FeedLine, RefusedLine, SourceForm, SourceLine, SourcePage, SourcesPage,
        },
    },
    permit::may_with_lake,
    posted::Posted,
    session::random,
    taking::{NotSent, Taking, key_of, told},
    visit::{AsOfficer, Visit, page},
};

/// The most characters of what a source is called.
const TITLE_MAX: usize = 60;
/// The most characters of the name under which it sends.
const NAME_MAX: usize = 40;
/// The characters of a key by which people tell it apart.
const KEY_BEGIN: usize = 12;

/// What was written of a source, with what is wrong.
#[derive(Default)]
struct Written {
    name: String,
    title: String,
    key: String,
    feeds: Vec<String>,
    name_wrong: String,
    title_wrong: String,
    key_wrong: String,
    feeds_wrong: String,
}

/// The sources, and what has come.
pub(in crate::web) async fn list(who: AsOfficer) -> Result<Response, Fault> {
    page(&sources_page(&who.visit, &Written::default()).await?)
}

async fn sources_page(visit: &Visit, written: &Written) -> Result<SourcesPage, Fault> {
    let words = visit.words;
    let steps = visit.app.store.sources().await?;
    let (sent, come) = match &visit.app.taking {
        Some(taking) => (asked(taking, Lake::sent).await?, Some(come(visit, taking).await?)),
        None => (Vec::new(), None),
    };
    let refused = visit.app.store.refused_batches().await?;
    let line = |step: &SourceStep| {
        let source = &step.source;
        let last = sent.iter().filter(|own| own.source == source.name.as_str());
        let last = last.map(|own| own.last_at).max();
        SourceLine {
            link: Link {
                href: visit.to(&format!("/sources/{}", source.name)),
                text: source.title.clone(),
            },
            name: source.name.to_string(),
            feeds: source.feeds.iter().map(|feed| feed_title(visit, feed)).collect(),
            last_at: last.map(|at| visit.shown().moment(at)).unwrap_or_default(),
            ended: source.ended,
        }
    };
    let may = may_with_lake(visit, Action::KeepSources) && !visit.pack().feeds.is_empty();
    let closed = match come {
        Some(_) => String::new(),
        None => NotSent::NoLake.says().to(words.0).to_owned(),
    };
    let Come { feeds, waiting, held } = come.unwrap_or_default();
    Ok(SourcesPage {
        frame: visit.frame(),
        key: random(),
        closed,
        sources: steps.iter().map(line).collect(),
        feeds,
        waiting: words.n("sources-waiting", &waiting),
        held,
        refused: refused.iter().map(|batch| refused_line(visit, batch)).collect(),
        form: may.then(|| form(visit, written, true)),
    })
}

fn refused_line(visit: &Visit, batch: &RefusedBatch) -> RefusedLine {
    let why = NotSent::of(batch.fault).map(|why| why.title().to(visit.words.0).to_owned());
    RefusedLine {
        at: visit.shown().moment(batch.sent_at),
        place: batch.place.clone(),
        why: format!("{} {}", batch.fault, why.unwrap_or_default()),
        message: format!("{} {}", batch.stream, batch.sequence),
    }
}

/// What has come.
#[derive(Default)]
struct Come {
    feeds: Vec<FeedLine>,
    waiting: u64,
    held: u64,
}

async fn come(visit: &Visit, taking: &Taking) -> Result<Come, Fault> {
    let names: Vec<Name> = visit.pack().feeds.keys().cloned().collect();
    let own = taking.clone();
    let counts = move |lake: &Lake| {
        let rows = names.iter().map(|name| Ok((name.clone(), own.gathered(name)?)));
        let rows: BTreeMap<Name, u64> = rows.collect::<Result<_, lake::Fault>>()?;
        Ok((rows, lake.waiting()?, lake.held_count()?))
    };
    let (rows, waiting, held) = asked(taking, counts).await?;
    let feeds = rows.iter().map(|(name, rows)| FeedLine {
        title: feed_title(visit, name),
        name: name.to_string(),
        rows: rows.to_string(),
    });
    Ok(Come { feeds: feeds.collect(), waiting, held })
}

/// Asks the lake beside the requests: it may be gathering just now.
async fn asked<T: Send + 'static>(
    taking: &Taking,
    ask: impl FnOnce(&Lake) -> Result<T, lake::Fault> + Send + 'static,
) -> Result<T, Fault> {
    let lake: Arc<Lake> = taking.lake().clone();
    let answer = tokio::task::spawn_blocking(move || ask(&lake)).await;
    answer.map_err(|error| Fault::broken(&error))?.map_err(|fault| {
        eprintln!("{}", told(&fault));
        Fault::Broken
    })
}

fn feed_title(visit: &Visit, name: &Name) -> String {
    let feed = visit.pack().feeds.get(name);
    feed.map_or_else(|| name.to_string(), |feed| feed.title.to(visit.words.0).to_owned())
}

fn form(visit: &Visit, written: &Written, new: bool) -> SourceForm {
    let words = visit.words;
    let name = Field::text("name", words.t("source-name"), &written.name)
        .hinted(words.with("source-name-hint", &NAME_MAX.to_string()))
        .wrong(written.name_wrong.clone());
    let title = Field::text("title", words.t("source-title"), &written.title)
        .wrong(written.title_wrong.clone());
    let key = Field::text("public", words.t("source-key"), &written.key)
        .hinted(words.t("source-key-hint"))
        .wrong(written.key_wrong.clone());
    let feeds = visit.pack().feeds.values().map(|feed| FeedChoice {
        name: feed.name.to_string(),
        title: feed.title.to(words.0).to_owned(),
        chosen: written.feeds.iter().any(|own| *own == feed.name.as_str()),
    });
    SourceForm {
        fields: new.then_some(name).into_iter().chain([title, key]).collect(),
        feeds: feeds.collect(),
        feeds_wrong: written.feeds_wrong.clone(),
    }
}

impl Written {
    fn of(posted: &Posted) -> Self {
        Self {
            name: posted.one("name").to_owned(),
            title: posted.one("title").to_owned(),
            key: posted.one("public").to_owned(),
            feeds: posted.all("feed"),
            ..Self::default()
        }
    }

    /// The source that was meant; none where something is wrong, which is said then.
    fn read(&mut self, visit: &Visit) -> Option<Source> {
        let words = visit.words;
        let name = Name::new(&self.name).ok().filter(|_| self.name.len() <= NAME_MAX);
        if name.is_none() {
            self.name_wrong = words.with("source-name-hint", &NAME_MAX.to_string());
        }
        let length = self.title.chars().count();
        let title = (1..=TITLE_MAX).contains(&length) && !self.title.chars().any(char::is_control);
        if !title {
            self.title_wrong = words.with("source-no-title", &TITLE_MAX.to_string());
        }
        let key = key_of(&self.key);
        if key.is_none() {
            self.key_wrong = words.t("source-no-key");
        }
        let known = visit.pack().feeds.keys();
        let feeds: Vec<Name> = known
            .filter(|name| self.feeds.iter().any(|own| own == name.as_str()))
            .cloned()
            .collect();
        if feeds.is_empty() {
            self.feeds_wrong = words.t("source-no-feed");
        }
        let all = title && !feeds.is_empty();
        let (name, key) = (name.filter(|_| all)?, key?);
        Some(Source { name, title: self.title.clone(), feeds, key, ended: false })
    }
}

fn step(who: &AsOfficer, source: Source) -> SourceStep {
    SourceStep { source, officer: who.party, body: who.body.clone(), at: who.visit.now }
}

/// Notes a source.
pub(in crate::web) async fn note(who: AsOfficer, posted: Posted) -> Result<Response, Fault> {
    let visit = &who.visit;
    let mut written = Written::of(&posted);
    let Some(source) = written.read(visit) else {
        return page(&sources_page(visit, &written).await?);
    };
    let to = visit.to(&format!("/sources/{}", source.name));
    if !visit.app.store.note_source(&step(&who, source), true).await? {
        written.name_wrong = visit.words.t("source-name-taken");
        return page(&sources_page(visit, &written).await?);
    }
    Ok(Redirect::to(&to).into_response())
}

/// A source.
pub(in crate::web) async fn show(
    who: AsOfficer,
    Path(name): Path<String>,
) -> Result<Response, Fault> {
    let steps = steps(&who.visit, &name).await?;
    page(&source_page(&who.visit, &steps, None).await?)
}

/// The steps of the source that an address names; never none.
async fn steps(visit: &Visit, name: &str) -> Result<Vec<SourceStep>, Fault> {
    let name = Name::new(name).map_err(|_| Fault::NoSuchPage)?;
    let steps = visit.app.store.source_steps(&name).await?;
    if steps.is_empty() { Err(Fault::NoSuchPage) } else { Ok(steps) }
}

fn key_text(key: &[u8; 32]) -> String {
    Base64::encode_string(key)
}

async fn source_page(
    visit: &Visit,
    steps: &[SourceStep],
    written: Option<Written>,
) -> Result<SourcePage, Fault> {
    let source = &steps.last().ok_or(Fault::NoSuchPage)?.source;
    let now = || Written {
        name: source.name.to_string(),
        title: source.title.clone(),
        key: key_text(&source.key),
        feeds: source.feeds.iter().map(Name::to_string).collect(),
        ..Written::default()
    };
    let sent = match &visit.app.taking {
        Some(taking) => asked(taking, Lake::sent).await?,
        None => Vec::new(),
    };
    let may = may_with_lake(visit, Action::KeepSources) && !source.ended;
    let address = |feed: &Name| {
        let path = format!("/api/sources/{}/feeds/{feed}", source.name);
        visit.app.documents.origin().to(&path)
    };
    Ok(SourcePage {
        frame: visit.frame(),
        key: random(),
        title: source.title.clone(),
        name: source.name.to_string(),
        ended: source.ended,
        addresses: source.feeds.iter().map(address).collect(),
        public_key: key_text(&source.key),
        sent: sent_of(visit, source, &sent),
        steps: steps.iter().map(|step| step_line(visit, step)).collect(),
        form: may.then(|| form(visit, &written.unwrap_or_else(now), false)),
    })
}

fn sent_of(visit: &Visit, source: &Source, sent: &[Sent]) -> Vec<[String; 4]> {
    let own = sent.iter().filter(|own| own.source == source.name.as_str());
    let line = |own: &Sent| {
        let feed = Name::new(&own.feed).map(|name| feed_title(visit, &name));
        [
            feed.unwrap_or_default(),
            own.rows.to_string(),
            own.bad.to_string(),
            visit.shown().moment(own.last_at),
        ]
    };
    own.map(line).collect()
}

fn step_line(visit: &Visit, step: &SourceStep) -> [String; 5] {
    let SourceStep { source, body, at, .. } = step;
    let feeds: Vec<String> = source.feeds.iter().map(|feed| feed_title(visit, feed)).collect();
    let title = match source.ended {
        true => format!("{} · {}", source.title, visit.words.t("source-ended")),
        false => source.title.clone(),
    };
    [
        visit.shown().moment(*at),
        visit.shown().body(body),
        title,
        feeds.join(visit.words.comma()),
        key_text(&source.key).chars().take(KEY_BEGIN).chain(['…']).collect(),
    ]
}

/// Changes a source, or ends it.
pub(in crate::web) async fn change(
    who: AsOfficer,
    Path(name): Path<String>,
    posted: Posted,
) -> Result<Response, Fault> {
    let visit = &who.visit;
    let steps = steps(visit, &name).await?;
    let now = steps.last().map(|step| step.source.clone()).ok_or(Fault::NoSuchPage)?;
    if now.ended {
        return Err(Fault::Rows(NotSent::NoSource));
    }
    let then = if posted.one("end") == "yes" {
        Source { ended: true, ..now.clone() }
    } else {
        let mut written = Written { name: now.name.to_string(), ..Written::of(&posted) };
        match written.read(visit) {
            Some(then) => then,
            None => return page(&source_page(visit, &steps, Some(written)).await?),
        }
    };
    if then != now {
        visit.app.store.note_source(&step(&who, then), false).await?;
    }
    Ok(Redirect::to(&visit.to(&format!("/sources/{}", now.name))).into_response())
}
