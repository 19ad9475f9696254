//! Reading a criterion: a name with a modifier or a chain, and what it is compared with.

use base::{Point, Zone};

use super::{Asked, Criterion, How, Parameter, ParameterKind, Prefix, Span, Token, parameter};
use crate::structure::ResourceType;

/// Why a criterion cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unread {
    /// There is no such parameter.
    Parameter,
    /// The parameter is not asked for in that way.
    Modifier,
    /// The value cannot be compared with.
    Value,
}

/// How far is near where nothing is said, in metres.
const NEAR: u64 = 10_000;

/// Reads a criterion. `base` is the address of the server, which references may begin with.
///
/// # Errors
/// [`Unread`]; a modifier that is not known must never be passed over.
pub fn criterion(
    of: ResourceType,
    name: &str,
    value: &str,
    (base, zone): (&str, &Zone),
) -> Result<Criterion, Unread> {
    if let Some((link, rest)) = name.split_once('.') {
        return chain(of, link, (rest, value), (base, zone));
    }
    let (name, modifier) = match name.split_once(':') {
        Some((name, modifier)) => (name, Some(modifier)),
        None => (name, None),
    };
    let parameter = parameter(of, name).ok_or(Unread::Parameter)?;
    if value.trim().is_empty() {
        return Err(Unread::Value);
    }
    let asked = match modifier {
        Some("missing") => match value {
            "true" => Asked::Missing(true),
            "false" => Asked::Missing(false),
            _ => return Err(Unread::Value),
        },
        modifier => asked(parameter, modifier, value, (base, zone))?,
    };
    Ok(Criterion { parameter, asked })
}

fn chain(
    of: ResourceType,
    link: &str,
    (rest, value): (&str, &str),
    at: (&str, &Zone),
) -> Result<Criterion, Unread> {
    let (name, wanted) = match link.split_once(':') {
        Some((name, wanted)) => (name, Some(wanted)),
        None => (link, None),
    };
    let parameter = parameter(of, name).ok_or(Unread::Parameter)?;
    let to = parameter.leads_to.iter().copied();
    let to = to.into_iter().find(|to| wanted.is_none_or(|wanted| wanted == to.word()));
    let to = to.ok_or(Unread::Modifier)?;
    // One link is enough for what mCSD asks, and more would read the whole directory.
    if rest.contains('.') {
        return Err(Unread::Parameter);
    }
    let then = Box::new(criterion(to, rest, value, at)?);
    Ok(Criterion { parameter, asked: Asked::Chained { to, then } })
}

fn asked(
    parameter: &Parameter,
    modifier: Option<&str>,
    value: &str,
    (base, zone): (&str, &Zone),
) -> Result<Asked, Unread> {
    let parts = split(value, ',');
    match (parameter.kind, modifier) {
        (ParameterKind::Token, None | Some("not")) => {
            let any = parts.iter().map(|part| token(part)).collect::<Option<_>>();
            let any = any.ok_or(Unread::Value)?;
            Ok(Asked::Token { any, none: modifier.is_some() })
        }
        (ParameterKind::String, None | Some("contains" | "exact")) => {
            let how = match modifier {
                Some("contains") => How::Contains,
                Some(_) => How::Exact,
                None => How::Begins,
            };
            Ok(Asked::Text { any: parts.iter().map(|part| plain(part)).collect(), how })
        }
        (ParameterKind::Reference, modifier) => {
            let to = parameter.leads_to.iter().copied();
            let mut to = to.filter(|to| modifier.is_none_or(|wanted| wanted == to.word()));
            let to = to.next().ok_or(Unread::Modifier)?;
            let any = parts.iter().map(|part| reference(part, to, base)).collect::<Option<_>>();
            any.map(Asked::Reference).ok_or(Unread::Value)
        }
        (ParameterKind::Date, None) => {
            let read = |part: &String| {
                let (prefix, rest) = Prefix::read(part);
                Some((prefix, Span::read(rest, zone)?))
            };
            let any = parts.iter().map(read).collect::<Option<_>>();
            any.map(Asked::Date).ok_or(Unread::Value)
        }
        (ParameterKind::Special, None) => {
            let any = parts.iter().map(|part| near(part)).collect::<Option<_>>();
            any.map(Asked::Near).ok_or(Unread::Value)
        }
        _ => Err(Unread::Modifier),
    }
}

/// `code`, `system|code`, `|code` or `system|`.
fn token(part: &str) -> Option<Token> {
    let sides = split(part, '|');
    let some = |text: &str| (!text.is_empty()).then(|| plain(text));
    match sides.as_slice() {
        [code] => Some(Token { system: None, code: Some(some(code)?) }),
        [system, code] if !(system.is_empty() && code.is_empty()) => {
            Some(Token { system: Some(plain(system)), code: some(code) })
        }
        _ => None,
    }
}

/// `id`, `Type/id` or the whole address, as `Type/id`.
fn reference(part: &str, to: ResourceType, base: &str) -> Option<String> {
    let part = plain(part);
    let own = part.strip_prefix(base).map(|rest| rest.trim_start_matches('/'));
    let part = own.unwrap_or(&part);
    if part.contains("://") {
        // Of another server: nothing here refers to it.
        return Some(part.to_owned());
    }
    match part.split_once('/') {
        None => (!part.is_empty()).then(|| format!("{}/{part}", to.word())),
        Some((_, id)) => (!id.is_empty()).then(|| part.to_owned()),
    }
}

/// `latitude|longitude|distance|units`; kilometres where no units are said.
fn near(part: &str) -> Option<(Point, u64)> {
    let sides = split(part, '|');
    let side = |nth: usize| sides.get(nth).map(|side| side.trim()).filter(|side| !side.is_empty());
    let (latitude, longitude) = (side(0)?, side(1)?);
    let short = |text: &str| match text.split_once('.') {
        Some((whole, part)) => format!("{whole}.{}", part.chars().take(6).collect::<String>()),
        None => text.to_owned(),
    };
    let point = Point::parse(&format!("{}, {}", short(longitude), short(latitude))).ok()?;
    let Some(distance) = side(2) else { return Some((point, NEAR)) };
    // Metres by whole numbers: thousandths of the unit are all that is read.
    let thousandths = thousandths(distance)?;
    let metres = match side(3).unwrap_or("km") {
        "km" => thousandths,
        "m" => thousandths / 1_000,
        "[mi_i]" | "mi" => thousandths.checked_mul(1_609_344)? / 1_000_000,
        _ => return None,
    };
    Some((point, metres))
}

fn thousandths(text: &str) -> Option<u64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(part) {
        return None;
    }
    let part: String = part.chars().chain("000".chars()).take(3).collect();
    whole.parse::<u64>().ok()?.checked_mul(1_000)?.checked_add(part.parse().ok()?)
}

/// Parts between marks that no backslash stands before.
fn split(text: &str, mark: char) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut escaped = false;
    for letter in text.chars() {
        if letter == mark && !escaped {
            parts.push(String::new());
        } else if let Some(last) = parts.last_mut() {
            last.push(letter);
        }
        escaped = letter == '\\' && !escaped;
    }
    parts
}

/// A part without the backslashes that free its letters.
fn plain(part: &str) -> String {
    let mut out = String::new();
    let mut letters = part.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => out.extend(letters.next()),
            letter => out.push(letter),
        }
    }
    out
}
