//! Where a rule or figure comes from, and how far we trust that we read it right.

use minicbor::{Decode, Encode};

use crate::Language;

/// How sure we are that the cited source says what the pack says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Confidence {
    /// Read in the text of the source itself.
    #[n(0)]
    Verified,
    /// Read in a report, a digest or another system's data.
    #[n(1)]
    Secondary,
    /// Our reading or general knowledge; to be confirmed before real use.
    #[n(2)]
    Assumed,
}

impl Confidence {
    /// How sure we are, in a reader's language.
    fn describe(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Verified, Language::Zh) => "已核对原文",
            (Self::Verified, Language::En) => "verified",
            (Self::Secondary, Language::Zh) => "据转述",
            (Self::Secondary, Language::En) => "from a report",
            (Self::Assumed, Language::Zh) => "待确认",
            (Self::Assumed, Language::En) => "assumed, to be confirmed",
        }
    }
}

/// A law, notice or paper, with the article that is meant.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub struct Citation {
    /// The title or number of the act, as its publisher writes it.
    #[n(0)]
    pub act: String,
    /// The article, section or measure; absent when the whole act is meant.
    #[n(1)]
    pub article: Option<String>,
    /// How sure we are.
    #[n(2)]
    pub confidence: Confidence,
}

impl Citation {
    /// The source with how sure we are of it, in a reader's language:
    /// `〔行政许可法 第42条；已核对原文〕`.
    pub fn describe(&self, language: Language) -> String {
        let article = match (&self.article, language) {
            (Some(article), Language::Zh) => format!(" 第{article}条"),
            (Some(article), Language::En) => format!(", article {article}"),
            (None, _) => String::new(),
        };
        format!("〔{}{article}；{}〕", self.act, self.confidence.describe(language))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_told_in_both_languages_with_its_article_and_how_sure_we_are() {
        let cited = |article: Option<&str>, confidence| {
            let article = article.map(ToOwned::to_owned);
            let citation = Citation { act: "某办法".to_owned(), article, confidence };
            (citation.describe(Language::Zh), citation.describe(Language::En))
        };
        let told = |zh: &str, en: &str| (zh.to_owned(), en.to_owned());
        assert_eq!(
            cited(Some("42"), Confidence::Verified),
            told("〔某办法 第42条；已核对原文〕", "〔某办法, article 42；verified〕")
        );
        assert_eq!(
            cited(Some("7"), Confidence::Secondary),
            told("〔某办法 第7条；据转述〕", "〔某办法, article 7；from a report〕")
        );
        assert_eq!(
            cited(None, Confidence::Assumed),
            told("〔某办法；待确认〕", "〔某办法；assumed, to be confirmed〕")
        );
    }
}
