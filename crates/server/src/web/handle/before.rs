//! What somebody answered before, in other drafts and in cases, offered to be used again.

use access::Action;
use base::Name;
use kernel::{CaseId, EntryNumber, form::Answers};
use pack::model::Pack;
use rules::Value;
use store::{DraftId, Own};

use super::draft::Desk;
use crate::web::{
    draft::{Outline, Topic},
    fault::Fault,
    frame::Link,
    pages::draft::check,
    permit::in_case,
    question::as_answer,
    shown::Shown,
};

/// So many of somebody's latest cases are looked through.
const CASES_BEFORE: u32 = 20;

/// Where somebody answered the same questions before.
pub(super) async fn earlier(desk: &Desk, topic: &Topic<'_>) -> Result<Vec<Link>, Fault> {
    let Topic::Form(section) = topic else { return Ok(Vec::new()) };
    let (visit, own) = (&desk.visit, desk.own());
    let (shown, pack) = (visit.shown(), visit.pack());
    let here = desk.to(&format!("/{}", topic.word()));
    let mut found = Vec::new();
    for line in visit.app.store.drafts_of(own.owner, visit.now).await? {
        let asks = |name: &Name| {
            let asked = pack.procedures.get(name);
            asked.is_some_and(|asked| asked.form.iter().any(|other| other.name == section.name))
        };
        if line.own.id == own.id || line.done() || !line.services.iter().any(asks) {
            continue;
        }
        let other = visit.app.store.draft(line.own, visit.now).await?;
        let answered = other.and_then(|other| other.topics.get(&topic.word()).cloned());
        if answered.is_some_and(|topic| !topic.answers.is_empty()) {
            let title = check::title(shown, &Outline::of(pack, &line.services));
            let text = (title, shown.day_of(line.changed_at));
            found.push(Link {
                href: format!("{here}?from=draft-{}", line.own.id),
                text: visit.words.with_both("draft-before-draft", &text.0, &text.1),
            });
        }
    }
    let cases = visit.app.store.cases_of(own.owner, None, CASES_BEFORE).await?;
    let cases = cases.iter().filter(|case| case.applicant == own.owner);
    let answered = |case: &&kernel::Case| {
        section.fields.iter().any(|field| case.facts.contains_key(&field.path))
    };
    found.extend(cases.filter(answered).map(|case| Link {
        href: format!("{here}?from=case-{}", case.id),
        text: case_says(shown, pack, case),
    }));
    Ok(found)
}

fn case_says(shown: Shown<'_>, pack: &Pack, case: &kernel::Case) -> String {
    let title = pack.procedures.get(&case.procedure).map(|own| own.title.to(shown.words.0));
    let title = title.unwrap_or(case.procedure.as_str());
    shown.words.with_both("draft-before-case", title, &case.id.to_string())
}

/// The answers of another draft or of a case, both the reader's own. What lies in the vault is
/// opened, and that is logged.
pub(super) async fn taken_from(
    desk: &Desk,
    topic: &Topic<'_>,
    from: &str,
) -> Result<Option<Answers>, Fault> {
    let Topic::Form(section) = topic else { return Ok(None) };
    let (visit, own) = (&desk.visit, desk.own());
    let store = &visit.app.store;
    if let Some(id) = from.strip_prefix("draft-").and_then(DraftId::parse) {
        let other = store.draft(Own { id, ..own }, visit.now).await?;
        let topic = other.and_then(|other| other.topics.get(&topic.word()).cloned());
        return Ok(topic.map(|topic| topic.answers));
    }
    let number = from.strip_prefix("case-").and_then(|number| number.parse().ok());
    let Some(number) = number else { return Ok(None) };
    let case = store.case(CaseId(EntryNumber(number))).await?;
    let Some(case) = case.filter(|case| case.applicant == own.owner) else { return Ok(None) };
    let subject = case.subjects.get(&section.name).copied().unwrap_or(case.applicant);
    let role = desk.role();
    let permit = in_case(visit, &role, Action::Reveal, &case).await?;
    let reader = visit.reader_of_details(&role, &permit);
    let mut answers = Answers::new();
    for field in &section.fields {
        let given = match case.facts.get(&field.path) {
            Some(Value::Sealed) => {
                let text = store.reveal(subject, case.id, &field.path, &reader, visit.now).await?;
                text.into_iter().collect()
            }
            Some(value) => as_answer(value),
            None => Vec::new(),
        };
        if !given.is_empty() {
            answers.insert(field.path.clone(), given);
        }
    }
    Ok(Some(answers))
}
