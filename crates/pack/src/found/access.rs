//! Who may: policies go along. Their titles name the new place, the divisions that conditions name
//! are those of the new one, and papers of the old place are assumed.

use base::Language;

use super::Move;

impl Move<'_> {
    /// The text of `access.cedar` for the new place. Each annotation stands on a line of its own.
    pub(super) fn access(&self, text: &str) -> String {
        let mut text: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
        let mut foreign = false;
        for line in &mut text {
            if annotation(line, "act").is_some() {
                let own = |act: &str| self.papers.contains(act) || self.places.names_old(act);
                foreign = annotation(line, "act").is_some_and(own);
            } else if annotation(line, "confidence").is_some() && foreign {
                *line = "@confidence(\"assumed\")\n".to_owned();
            } else if annotation(line, "title_en").is_some() {
                *line = self.places.renamed(line, Language::En);
            } else if annotation(line, "title_zh").is_some() {
                *line = self.places.renamed(line, Language::Zh);
            } else {
                *line = self.divisions(line);
            }
        }
        let told = |line: &String| line.starts_with("//") && self.places.names_old(line);
        text.retain(|line| !told(line));
        text.concat()
    }

    /// A line in which each division of the old place gives way to one of the new.
    fn divisions(&self, line: &str) -> String {
        let mut parts = line.split("Division::\"");
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |said, part| {
            let (code, rest) = part.split_once('"').unwrap_or((part, ""));
            let code = self.places.code(code).map_or(code, |place| place.as_str());
            format!("{said}Division::\"{code}\"{rest}")
        })
    }
}

/// What an annotation says, where a line is that annotation.
fn annotation<'l>(line: &'l str, name: &str) -> Option<&'l str> {
    let said = line.trim().strip_prefix('@')?.strip_prefix(name)?.strip_prefix("(\"")?;
    said.strip_suffix("\")")
}
