//! `yiyang pack bpmn …`: a procedure drawn, on standard output or in a file.

use std::path::Path;

use super::{Call, Ended, Stopped, pack, say};

/// Draws a procedure of the pack in `dir`, or of the first pack that has it.
pub(crate) fn draw(call: &Call, procedure: &str, dir: Option<&Path>, out: Option<&Path>) -> Ended {
    pack::with_procedure(call, procedure, dir, |pack, found| {
        let drawn = exchange::bpmn::bpmn(pack, found, call.language)?;
        match out {
            Some(file) => write(file, &drawn),
            None => say(&drawn),
        }
    })
}

fn write(file: &Path, text: &str) -> Result<(), Stopped> {
    std::fs::write(file, text)
        .map_err(|fault| Stopped(format!("`{}` cannot be written: {fault}", file.display())))
}
