//! `yiyang pack bpmn …`: a procedure drawn, on standard output or in a file; and
//! `yiyang pack drawings …`: all of a pack.

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

/// Draws every procedure of the pack in `dir` into files of the folder `out`.
pub(crate) fn draw_all(call: &Call, dir: &Path, out: &Path) -> Ended {
    let Some(compiled) = pack::load(call, dir)? else { return Ok(false) };
    std::fs::create_dir_all(out)
        .map_err(|fault| Stopped(format!("`{}` cannot be made: {fault}", out.display())))?;
    for (name, procedure) in &compiled.pack.procedures {
        let drawn = exchange::bpmn::bpmn(&compiled.pack, procedure, call.language)?;
        write(&out.join(format!("{name}.bpmn")), &drawn)?;
    }
    Ok(true)
}

fn write(file: &Path, text: &str) -> Result<(), Stopped> {
    std::fs::write(file, text)
        .map_err(|fault| Stopped(format!("`{}` cannot be written: {fault}", file.display())))
}
