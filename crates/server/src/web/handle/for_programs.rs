//! What there is for programs, and what each number of a fault means.

use axum::{
    Json,
    extract::Path,
    response::{IntoResponse, Redirect, Response},
};
use exchange::{credential, licence};
use kernel::refusal;
use lake::{Flaw, Flawed};
use store::SubmitError;

use super::messages;
use crate::web::{
    api::openapi,
    fault::{Fault, Refused},
    not_in::NotIn,
    pages::{
        for_programs::{FaultsPage, ForProgramsPage},
        problem::{Spoken, known},
    },
    planned,
    proposed::Unproposed,
    routes::doors_of_programs,
    taking::{NotSent, Unproved},
    visit::{Visit, page},
    words::Words,
};

/// The addresses for programs, by what they do.
pub(in crate::web) async fn show(visit: Visit) -> Result<Response, Fault> {
    let doors = doors_of_programs();
    page(&ForProgramsPage::of(visit.frame(), &doors, visit.app.documents.origin()))
}

/// The same as OpenAPI has it.
pub(in crate::web) async fn openapi(visit: Visit) -> Result<Response, Fault> {
    let document = openapi::document(&doors_of_programs(), visit.app.documents.origin());
    Ok(Json(document?).into_response())
}

/// Every fault by its number.
pub(crate) fn every(words: Words) -> Vec<Refused> {
    let to = |text: base::Text| text.to(words.0).to_owned();
    let pages = known().into_iter().map(|fault| {
        let Spoken { title, says, next, .. } = Spoken::of(words, &fault);
        let says = words.with_both("fault-and-means", &title, &says);
        Refused { number: fault.number(), says, next }
    });
    let kernel = refusal::known().map(|known| Refused {
        number: known.number,
        says: to(known.says),
        next: to(known.next),
    });
    let store = [
        SubmitError::KeyReused,
        SubmitError::Overloaded,
        SubmitError::KeyUnfit,
        SubmitError::Moved,
    ];
    let store = store.iter().map(|error| Refused::of(error, words.0));
    let said = |number, says: base::Text, next: base::Text| Refused {
        number,
        says: to(says),
        next: to(next),
    };
    let licences = licence::Fault::all();
    let licences = licences.iter().map(|own| said(own.number(), own.says(), own.next()));
    let credentials = credential::Fault::ALL;
    let credentials = credentials.iter().map(|own| said(own.number(), own.says(), own.next()));
    let draws = draw::Fault::all();
    let draws = draws.iter().map(|own| said(own.number(), own.says(), own.next()));
    let layouts = layout::Fault::all();
    let layouts = layouts.iter().map(|own| said(own.number(), own.says(), own.next()));
    let sites = siting::Fault::all();
    let sites = sites.iter().map(|own| said(own.number(), own.says(), own.next()));
    let streets = travel::Fault::all();
    let streets = streets.iter().map(|own| said(own.number(), own.says(), own.next()));
    let papers = print::Unprinted::all();
    let papers = papers.iter().map(|own| said(own.number(), own.says(), own.next()));
    let doors = NotIn::ALL.into_iter().map(|own| own.refused(words));
    let outlets = messages::Unfit::ALL.into_iter().map(|own| own.refused(words));
    let all = pages.chain(kernel).chain(store).chain(licences).chain(credentials);
    let packs = Unproposed::all();
    let packs = packs.iter().map(|own| own.refused(words));
    let rows = NotSent::ALL.into_iter().map(|own| said(own.number(), own.title(), own.says()));
    let flaws = Flawed::ALL.into_iter().map(|flawed| {
        let flaw = Flaw { column: None, flawed, judged: None };
        said(flaw.number(), flaw.says(), flaw_next())
    });
    let proofs = Unproved::all();
    let proofs = proofs.iter().map(|own| said(own.number(), own.says(), own.next()));
    let all = all
        .chain(proofs)
        .chain(draws)
        .chain(layouts)
        .chain(sites)
        .chain(streets)
        .chain(planned::refusals(words))
        .chain(papers)
        .chain(doors)
        .chain(outlets)
        .chain(packs)
        .chain(rows)
        .chain(flaws);
    let mut all: Vec<Refused> = all.collect();
    all.sort_by_key(|fault| fault.number);
    all
}

/// What every number means.
pub(in crate::web) async fn faults(visit: Visit) -> Result<Response, Fault> {
    page(&FaultsPage { frame: visit.frame(), faults: every(visit.words), only: false })
}

/// What a number means, and what to do next.
pub(in crate::web) async fn fault(
    visit: Visit,
    Path(number): Path<String>,
) -> Result<Response, Fault> {
    let mut faults = every(visit.words);
    faults.retain(|fault| fault.number.to_string() == number);
    if faults.is_empty() {
        return Err(Fault::NoSuchPage);
    }
    page(&FaultsPage { frame: visit.frame(), faults, only: true })
}

/// The page of a number in the language that is asked for: problems of programs name it without.
pub(in crate::web) async fn in_language(visit: Visit, Path(number): Path<String>) -> Response {
    Redirect::to(&visit.to(&format!("/faults/{}", super::escaped(&number)))).into_response()
}

/// What to do about a row that was not taken.
fn flaw_next() -> base::Text {
    base::Text::new(
        "改正后以同一键重发；该行也暂存在“数据来源”中，可由登记机关更正或放弃。",
        "Put it right and send it again under the same key. The row is held, too: the body that \
         notes sources can put it right or give it up.",
    )
}
