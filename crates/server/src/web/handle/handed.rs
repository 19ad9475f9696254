//! The files of a draft: taken once they have passed, replaced, taken out, and given back.

use axum::{
    extract::Path,
    http::header,
    response::{IntoResponse, Response},
};
use kernel::refusal::FormFault;
use store::{Draft, DraftPaper};

use super::{
    draft::{Desk, lapses_at},
    escaped,
};
use crate::web::{
    draft::Topic,
    fault::Fault,
    intake::{self, Unfit},
    paper,
    posted::Posted,
    visit::{AsApplicant, Visit},
};

/// That more was sent at once than a form may.
pub(super) fn too_large(topic: &Topic<'_>) -> FormFault {
    let says = base::Text::new(
        "一次不能发送超过 10 MB；请启用浏览器脚本后分段上传，或压缩文件",
        "sends more than 10 MB at once; allow scripts, which send it in pieces, or make it smaller",
    );
    FormFault {
        path: file_item(topic).to_owned(),
        reason: base::Reason { word: "sent-too-large", says },
    }
}

/// What the paper of a topic is called among what is wrong.
fn file_item<'t>(topic: &'t Topic<'_>) -> &'t str {
    match topic {
        Topic::Paper(paper) => paper.material.name.as_str(),
        _ => topic.file().unwrap_or_default(),
    }
}

/// Takes the file that came with a form, or takes one out; says what is wrong with one that is not
/// taken.
pub(super) async fn file_of(
    desk: &Desk,
    topic: &Topic<'_>,
    posted: &Posted,
) -> Result<Option<FormFault>, Fault> {
    let Some(word) = topic.file() else { return Ok(None) };
    if posted.one("do") == "remove" {
        remove(desk, word).await?;
        return Ok(None);
    }
    let Some(bytes) = posted.files.get(word) else { return Ok(None) };
    let path = paper::waiting(&desk.visit.app.papers, bytes).await?;
    let called = posted.called.get(word).map(String::as_str).unwrap_or_default();
    let taken = take(&desk.visit, &desk.draft, word, called, path).await?;
    let path = file_item(topic).to_owned();
    Ok(taken.err().map(|unfit| FormFault { path, reason: unfit.reason() }))
}

async fn remove(desk: &Desk, word: &str) -> Result<(), Fault> {
    let (app, own) = (&desk.visit.app, desk.own());
    let Some(paper) = desk.draft.papers.get(word) else { return Ok(()) };
    app.store.drop_draft_paper(own, word).await?;
    let used =
        desk.draft.papers.iter().any(|(other, own)| other != word && own.digest == paper.digest);
    if !used {
        paper::forget(&app.papers, own.id, Some(paper.digest)).await;
    }
    Ok(())
}

/// Takes a file into a draft once it has passed; one that has not is removed.
pub(super) async fn take(
    visit: &Visit,
    draft: &Draft,
    word: &str,
    called: &str,
    path: std::path::PathBuf,
) -> Result<Result<(), Unfit>, Fault> {
    let app = &visit.app;
    let size = tokio::fs::metadata(&path).await.map_err(|error| Fault::broken(&error))?.len();
    let others = draft.papers.iter().filter(|(other, _)| *other != word);
    let others: u64 = others.map(|(_, paper)| paper.size).sum();
    let looked = match others.saturating_add(size) > intake::FILES_MAX {
        true => Err(Unfit::TooMuch),
        false => intake::examined(&app.scanner, path.clone(), called.to_owned()).await,
    };
    let kind = match looked {
        Ok(kind) => kind,
        Err(unfit) => {
            tokio::fs::remove_file(&path).await.map_err(|error| Fault::broken(&error))?;
            return Ok(Err(unfit));
        }
    };
    let own = draft.line.own;
    let (digest, size) = paper::into_draft(&app.papers, own.id, path).await?;
    let handed = DraftPaper {
        digest,
        size,
        media: kind.media.to_owned(),
        name: intake::called(called),
        added_at: visit.now,
    };
    let kept = app.store.put_draft_paper(own, word, &handed, lapses_at(visit.now)).await?;
    if !kept {
        return Err(Fault::NoDraft);
    }
    let before = draft.papers.get(word).filter(|before| before.digest != digest);
    let used = |before: &DraftPaper| {
        draft.papers.iter().any(|(other, own)| other != word && own.digest == before.digest)
    };
    if let Some(before) = before.filter(|before| !used(before)) {
        paper::forget(&app.papers, own.id, Some(before.digest)).await;
    }
    Ok(Ok(()))
}

/// A file of a draft. It is never shown in the page's own right.
pub(in crate::web) async fn file(
    who: AsApplicant,
    Path((id, word)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let desk = Desk::open(who, &id).await?;
    let handed = desk.draft.papers.get(&word).ok_or(Fault::NoSuchPage)?;
    let home = paper::of_draft(&desk.visit.app.papers, desk.own().id);
    let bytes = paper::read(&home, &handed.digest).await?;
    let named = format!("attachment; filename*=UTF-8''{}", escaped(&handed.name));
    let headers =
        [(header::CONTENT_TYPE, handed.media.clone()), (header::CONTENT_DISPOSITION, named)];
    Ok((headers, bytes).into_response())
}
