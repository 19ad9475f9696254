//! Names of things in a pack: `clinic-filing`, `lead-physician`.

use std::{fmt, sync::Arc};

use minicbor::{Decode, Decoder, Encode, Encoder, decode, encode};

use crate::Text;

/// A lower-case name of letters, digits and single hyphens that starts with a letter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(Arc<str>);

/// Why a text is not a [`Name`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAName;

impl Name {
    /// Reads a name.
    ///
    /// # Errors
    /// [`NotAName`] when the text is empty, does not start with a lower-case letter, or holds
    /// anything but lower-case letters, digits and single inner hyphens.
    pub fn new(text: &str) -> Result<Self, NotAName> {
        let parts_good = text.split('-').all(|part| {
            !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        });
        let starts_good = text.starts_with(|c: char| c.is_ascii_lowercase());
        if parts_good && starts_good { Ok(Self(text.into())) } else { Err(NotAName) }
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl NotAName {
    /// What to tell the person who wrote it.
    pub fn says(self) -> Text {
        Text::new(
            "名称须以小写字母开头，只含小写字母、数字和单个连字符",
            "a name starts with a lower-case letter and holds only lower-case letters, digits \
             and single hyphens",
        )
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for Name {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl std::borrow::Borrow<str> for Name {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl<C> Encode<C> for Name {
    fn encode<W: encode::Write>(
        &self,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), encode::Error<W::Error>> {
        e.str(&self.0)?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Name {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, decode::Error> {
        Name::new(d.str()?).map_err(|NotAName| decode::Error::message("not a name"))
    }
}
