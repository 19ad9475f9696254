//! The texts of the pages, in Chinese and English, by key. A test holds that both languages have
//! every key that is used and none that is not.

use std::{borrow::Cow, collections::HashMap};

use base::Language;
use fluent_templates::{LanguageIdentifier, Loader, fluent_bundle::FluentValue, langid};

fluent_templates::static_loader! {
    static TEXTS = {
        locales: "./locales",
        fallback_language: "zh",
        // Invisible marks around arguments would come along when a number is copied from a page.
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

static ZH: LanguageIdentifier = langid!("zh");
static EN: LanguageIdentifier = langid!("en");

/// The texts of one language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Words(pub(crate) Language);

impl Words {
    /// The text of that key; the key itself where a language lacks it, which a test rules out.
    pub(crate) fn t(self, key: &str) -> String {
        TEXTS.try_lookup(self.id(), key).unwrap_or_else(|| key.to_owned())
    }

    /// The text of that key about `count` things.
    pub(crate) fn n<N: Copy + TryInto<i64>>(self, key: &str, count: &N) -> String {
        let count: i64 = (*count).try_into().unwrap_or(i64::MAX);
        self.filled(key, &HashMap::from([(Cow::from("n"), FluentValue::from(count))]))
    }

    /// The text of that key with one word filled in.
    pub(crate) fn with(self, key: &str, word: &str) -> String {
        self.filled(key, &HashMap::from([(Cow::from("a"), FluentValue::from(word.to_owned()))]))
    }

    /// The text of that key with two words filled in.
    pub(crate) fn with_both(self, key: &str, first: &str, second: &str) -> String {
        let words = [("a", first), ("b", second)];
        let words = words.map(|(name, word)| (name.into(), FluentValue::from(word.to_owned())));
        self.filled(key, &HashMap::from(words))
    }

    fn filled(self, key: &str, words: &HashMap<Cow<'static, str>, FluentValue<'_>>) -> String {
        TEXTS.try_lookup_with_args(self.id(), key, words).unwrap_or_else(|| key.to_owned())
    }

    fn id(self) -> &'static LanguageIdentifier {
        match self.0 {
            Language::Zh => &ZH,
            Language::En => &EN,
        }
    }

    /// What stands between the items of a list.
    pub(crate) fn comma(self) -> &'static str {
        match self.0 {
            Language::Zh => "、",
            Language::En => ", ",
        }
    }

    /// The language's part of an address.
    pub(crate) fn code(self) -> &'static str {
        match self.0 {
            Language::Zh => "zh",
            Language::En => "en",
        }
    }

    /// The language as browsers and screen readers know it.
    pub(crate) fn tag(self) -> &'static str {
        match self.0 {
            Language::Zh => "zh-Hans",
            Language::En => "en",
        }
    }

    /// The same for the other language.
    pub(crate) fn other(self) -> Self {
        match self.0 {
            Language::Zh => Self(Language::En),
            Language::En => Self(Language::Zh),
        }
    }
}
