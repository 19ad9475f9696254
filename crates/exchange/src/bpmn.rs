//! A procedure as BPMN 2.0 (ISO/IEC 19510), so that people can see it drawn by any viewer.
//!
//! Our language is not BPMN inside: it is smaller, and what it says can be proved. So the drawing
//! says what the pack says and nothing can be read back from it. What becomes of what:
//!
//! | in a pack | in the drawing |
//! | --- | --- |
//! | applicant, body | a lane; two names of one body share one |
//! | stage | a user task, and a gateway where there is something to choose |
//! | its term | a timer on the task: it leads on where silence has a meaning, else to *overdue* |
//! | a day on which it ends | named on that timer |
//! | outcome `by: clock` | the flow from that timer, never a choice |
//! | outcome by somebody else | an event that ends the task, several a gateway in their lane |
//! | stage at which only time or others lead on | a task of no kind |
//! | extension | an event that lets the task go on, and an end that says by how much |
//! | fee | named on the task; where it may be waived a gateway before it |
//! | supplement | a task of the applicant that leads back, with a timer that leads to the lapse |
//! | stop of the clock | a task that leads back, with a timer for the longest |
//! | review | a parallel gateway, a task for each body and one for the lead, a joining gateway |
//! | join at the first refusal | a complex gateway |
//! | decision | a service task where it writes a register, else a send task for the notice |
//! | remedies | a note at the decision: where it leads when it is set aside |
//! | where only a decision set aside leads | a second start |
//! | end | an end event that ends everything still open |
//! | withdrawal | an event sub-process |
//! | act against a holder | the body starts, and the first lane is the holder's |
//!
//! Terms in working days have no form in the standard's durations, so timers carry the words of the
//! pack, and the process is marked as not executable.

mod area;
mod block;
mod decision;
mod draw;
mod grid;
mod layout;
mod outcome;
mod picture;
mod review;
mod route;
mod steps;
#[cfg(test)]
mod tests;
mod words;
mod write;

use std::io;

use base::Language;
use pack::model::{Pack, Procedure};

/// The procedure as BPMN 2.0 XML with its drawing, in the words of one language.
///
/// # Errors
/// None in practice: what is written goes to memory.
pub fn bpmn(pack: &Pack, procedure: &Procedure, language: Language) -> io::Result<String> {
    let drawing = draw::draw(pack, procedure, language);
    write::write(&layout::lay_out(drawing))
}

/// The same drawing as a picture (SVG), for pages.
///
/// # Errors
/// None in practice: what is written goes to memory.
pub fn picture(pack: &Pack, procedure: &Procedure, language: Language) -> io::Result<String> {
    let drawing = draw::draw(pack, procedure, language);
    picture::picture(&layout::lay_out(drawing))
}
