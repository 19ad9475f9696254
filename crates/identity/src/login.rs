//! By what somebody is known at the door: an e-mail address or a mobile number. It only names the
//! account; that somebody holds the mailbox or the telephone is not shown by it.

use base::{Reason, Text};

/// The longest address that mail can carry (RFC 5321, section 4.5.3.1), in characters.
const LENGTH_MAX: usize = 254;
/// The digits of an international number (ITU-T E.164), without the sign before them.
const DIGITS: std::ops::RangeInclusive<usize> = 8..=15;

/// A login name in the form in which two ways of writing it are the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LoginName(String);

impl LoginName {
    /// An e-mail address, written in small letters, or a mobile number, written with its country.
    ///
    /// # Errors
    /// A [`Reason`] when the text is neither.
    pub fn parse(text: &str) -> Result<Self, Reason> {
        let text = text.trim();
        let known = if text.contains('@') { mail(text) } else { mobile(text) };
        known.map(Self).ok_or_else(neither)
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for LoginName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

fn mail(text: &str) -> Option<String> {
    let (local, domain) = text.rsplit_once('@')?;
    let word = |c: char| !c.is_whitespace() && !c.is_control() && c != '@';
    let labels = || domain.split('.').all(|label| !label.is_empty());
    let fits = !local.is_empty()
        && local.chars().all(word)
        && domain.contains('.')
        && domain.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '.')
        && labels()
        && text.chars().count() <= LENGTH_MAX;
    fits.then(|| text.to_lowercase())
}

/// A number of the mainland may be written without its country.
fn mobile(text: &str) -> Option<String> {
    let written = |c: &char| !matches!(c, ' ' | '-');
    let text: String = text.chars().filter(written).collect();
    let (abroad, digits) = match text.strip_prefix('+') {
        Some(digits) => (true, digits),
        None => (false, text.as_str()),
    };
    let fits = digits.bytes().all(|byte| byte.is_ascii_digit()) && DIGITS.contains(&digits.len());
    let home = digits.len() == 11 && digits.starts_with('1');
    match (fits, abroad) {
        (true, true) => Some(format!("+{digits}")),
        (true, false) if home => Some(format!("+86{digits}")),
        _ => None,
    }
}

fn neither() -> Reason {
    Reason {
        word: "login-name",
        says: Text::new(
            "请填写电子邮箱（如 `li@example.cn`）或手机号码（如 `13800000000`，境外以 `+` 开头）",
            "write an e-mail address such as `li@example.cn`, or a mobile number such as \
             `13800000000`, with `+` and the country's code outside the mainland",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_name_is_an_address_or_a_mobile_number() {
        let check = |text: &str, name: Option<&str>| {
            let parsed = LoginName::parse(text);
            assert_eq!(parsed.as_ref().ok().map(LoginName::as_str), name, "{text}");
        };
        check(" Li.Ming@Example.CN ", Some("li.ming@example.cn"));
        check("李@例子.中国", Some("李@例子.中国"));
        check("138 0000-0000", Some("+8613800000000"));
        check("+86 13800000000", Some("+8613800000000"));
        check("+44 7700 900123", Some("+447700900123"));
        check("7700900123", None);
        check("li@example", None);
        check("li@example..cn", None);
        check("@example.cn", None);
        check("li ming@example.cn", None);
        check("li@ex ample.cn", None);
        check("+1234567", None);
        check("+1234567890123456", None);
        check("1380000000a", None);
        check("", None);
        check(&format!("{}@example.cn", "a".repeat(244)), None);
    }
}
