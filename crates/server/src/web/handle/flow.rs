//! The flow of a service, as a picture for pages and as BPMN 2.0 for viewers: one drawing, two
//! forms.

use axum::{
    extract::Path,
    http::header,
    response::{IntoResponse, Response},
};
use exchange::bpmn;
use pack::model::Procedure;

use super::name;
use crate::web::{fault::Fault, visit::Visit};

/// The drawing as a picture (SVG).
pub(in crate::web) async fn picture(
    visit: Visit,
    Path(procedure): Path<String>,
) -> Result<Response, Fault> {
    let procedure = known(&visit, &procedure)?;
    let drawn = bpmn::picture(visit.pack(), procedure, visit.words.0);
    let drawn = drawn.map_err(|error| Fault::broken(&error))?;
    Ok(([(header::CONTENT_TYPE, "image/svg+xml")], drawn).into_response())
}

/// The drawing as BPMN 2.0, to be kept.
pub(in crate::web) async fn file(
    visit: Visit,
    Path(procedure): Path<String>,
) -> Result<Response, Fault> {
    let procedure = known(&visit, &procedure)?;
    let drawn = bpmn::bpmn(visit.pack(), procedure, visit.words.0);
    let drawn = drawn.map_err(|error| Fault::broken(&error))?;
    let kept = format!("attachment; filename=\"{}.bpmn\"", procedure.name);
    let headers =
        [(header::CONTENT_TYPE, "application/xml".to_owned()), (header::CONTENT_DISPOSITION, kept)];
    Ok((headers, drawn).into_response())
}

fn known<'v>(visit: &'v Visit, procedure: &str) -> Result<&'v Procedure, Fault> {
    visit.pack().procedures.get(&name(procedure)?).ok_or(Fault::NoSuchPage)
}
