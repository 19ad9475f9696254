//! `yiyang days due` and `yiyang days elapsed`: working days by the published calendar.

use base::{Calendar, Date, Reason, Text};
use clap::Subcommand;

use super::{Call, Ended, Stopped, answer_lines};
use ::pack::source::Library;

/// The national pack, whose calendar is counted by.
const NATIONAL: &str = "cn";
const WORKDAYS: &str = "calendar/workdays.csv";

/// What can be counted.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Lines `YYYY-MM-DD N` in; out the day on which N working days are over, the start day not
    /// counted. ` provisional` follows where the day lies past the published calendar.
    Due,
    /// Lines `YYYY-MM-DD YYYY-MM-DD` in; out the working days after the first day up to and with
    /// the second.
    Elapsed,
}

/// Runs the command.
pub(crate) fn run(call: &Call, command: Command) -> Ended {
    let said = |reason: &Reason| reason.says.to(call.language).to_owned();
    let text = call.packs.files(NATIONAL).and_then(|files| files.get(WORKDAYS).cloned());
    let text = text.ok_or_else(|| Stopped(format!("there is no {NATIONAL}/{WORKDAYS}")))?;
    let calendar = Calendar::from_csv(&text).map_err(|reason| Stopped(said(&reason)))?;
    answer_lines(|line| {
        let answer = match command {
            Command::Due => due(&calendar, line),
            Command::Elapsed => elapsed(&calendar, line),
        };
        answer.map_err(|reason| format!("invalid {}: {}", reason.word, said(&reason)))
    })
}

fn due(calendar: &Calendar, line: &str) -> Result<String, Reason> {
    let (start, count) = two(line)?;
    let count: u32 = count.parse().map_err(|_| not_a_count())?;
    let due = calendar.due(Date::parse(start)?, count);
    Ok(format!("{}{}", due.on, if due.provisional { " provisional" } else { "" }))
}

fn elapsed(calendar: &Calendar, line: &str) -> Result<String, Reason> {
    let (start, end) = two(line)?;
    Ok(calendar.elapsed(Date::parse(start)?, Date::parse(end)?).to_string())
}

/// The two words of a line, split by spaces, a tab or a comma.
fn two(line: &str) -> Result<(&str, &str), Reason> {
    let mut words = line.split([' ', '\t', ',']).filter(|word| !word.is_empty());
    match (words.next(), words.next(), words.next()) {
        (Some(one), Some(two), None) => Ok((one, two)),
        _ => Err(not_two()),
    }
}

fn not_two() -> Reason {
    let says = Text::new("每行须有两项，以空格分开", "a line has two words with a space between");
    Reason { word: "not-two", says }
}

fn not_a_count() -> Reason {
    let says = Text::new("工作日数须为非负整数", "the count of working days is a whole number");
    Reason { word: "count", says }
}
