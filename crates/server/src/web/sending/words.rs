//! What messages say, short and kind, in both languages.

use super::super::words::Words;

/// A message in one line and in two sentences.
pub(crate) struct Says {
    /// The line.
    pub(crate) title: String,
    /// What it means, and what to do next.
    pub(crate) says: String,
}

/// What a message of a kind says in the portal.
pub(crate) fn says(words: Words, kind: &str) -> Says {
    let (word, _) = kind.split_once(':').unwrap_or((kind, ""));
    let (title, says) = match word {
        "filed" => ("msg-filed", "msg-filed-says"),
        "supplement-asked" => ("msg-supplement-asked", "msg-supplement-asked-says"),
        "supplied" => ("msg-supplied", "msg-supplied-says"),
        "ran-out" => ("msg-ran-out", "msg-ran-out-says"),
        "awaited" => ("msg-awaited", "msg-awaited-says"),
        "stopped" => ("msg-stopped", "msg-stopped-says"),
        "resumed" => ("msg-resumed", "msg-resumed-says"),
        "extended" => ("msg-extended", "msg-extended-says"),
        "redated" => ("msg-redated", "msg-redated-says"),
        "decision-served" => ("msg-served", "msg-served-says"),
        "withdrawn" => ("msg-withdrawn", "msg-withdrawn-says"),
        "appealed" => ("msg-appealed", "msg-appealed-says"),
        "ruled" => ("msg-ruled", "msg-ruled-says"),
        "corrected" => ("msg-corrected", "msg-corrected-says"),
        "charged" => ("msg-charged", "msg-charged-says"),
        "recused" => ("msg-recused", "msg-recused-says"),
        "migrated" => ("msg-migrated", "msg-migrated-says"),
        "handled" => ("msg-handled", "msg-handled-says"),
        "remedy-ending" => ("msg-remedy-ending", "msg-remedy-ending-says"),
        "confirm" => ("msg-confirm", "msg-confirm-says"),
        _ => ("msg-other", "msg-other-says"),
    };
    Says { title: words.t(title), says: words.t(says) }
}

/// The subject of a message outside the portal.
pub(crate) fn subject(words: Words, kind: &str, case: &str, site: &str) -> String {
    let title = says(words, kind).title;
    let about = match kind {
        "confirm" => title,
        _ => words.with_both("msg-subject", &title, case),
    };
    words.with_both("msg-from-site", &about, site)
}

/// The text of a message outside the portal: what, where to read on, and why it says no more.
pub(crate) fn telling(words: Words, kind: &str, link: &str, site: &str) -> String {
    let says = says(words, kind).says;
    let closing = words.with("msg-closing", site);
    format!("{}\n\n{says}\n\n{link}\n\n{closing}\n", words.t("msg-greeting"))
}
