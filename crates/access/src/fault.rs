//! What is wrong with a policy, at its place and in both languages. What Cedar finds is told in our
//! words; its own follow where they say more.

use base::{Date, Text, near::near_miss};
use cedar_policy::{ParseErrors, ValidationError, ValidationWarning};
use miette::Diagnostic;
use pack::{
    fault::{Fault, Sources},
    model::Pack,
    node::Span,
};

use crate::{
    action::{Action, Group, Kind},
    index::Index,
    policy::{Effect, Policy},
    schema::LEVELS,
    who::Role,
};

/// The place of the first such text in a policy; the policy's own where it is not found.
pub(crate) fn part(sources: &Sources, at: Span, text: &str) -> Span {
    match sources.slice(at).find(text) {
        Some(skipped) => {
            let start = at.start + skipped;
            Span { file: at.file, start, end: start + text.len() }
        }
        None => at,
    }
}

/// The place that Cedar points at, which counts from the policy's first byte.
fn pointed(error: &dyn Diagnostic, at: Span) -> Span {
    let label = error.labels().and_then(|mut labels| labels.next());
    let Some(label) = label else { return at };
    let start = (at.start + label.offset()).min(at.end);
    Span { file: at.file, start, end: (start + label.len()).min(at.end) }
}

/// The last thing that a message of Cedar puts in backticks.
fn quoted(says: &str) -> &str {
    says.rsplit('`').nth(1).unwrap_or(says)
}

pub(crate) fn cedar(at: Span, says: &str) -> Fault {
    let says = Text::new(
        format!("这条规则不是 Cedar 语言：{says}"),
        format!("the policy does not read as Cedar: {says}"),
    );
    Fault::new("not-cedar", at, says)
}

/// A policy that does not parse.
pub(crate) fn unread(errors: &ParseErrors, at: Span) -> Fault {
    let place = errors.iter().next().map_or(at, |error| pointed(error, at));
    cedar(place, &errors.to_string())
}

pub(crate) fn unknown_annotation(at: Span, name: &str) -> Fault {
    let says =
        Text::new(format!("没有注解 `@{name}`"), format!("there is no annotation `@{name}`"));
    Fault::new("unknown-annotation", at, says)
}

pub(crate) fn missing_annotation(at: Span, name: &str) -> Fault {
    let says = Text::new(
        format!("规则缺少注解 `@{name}(\"…\")`"),
        format!("the policy lacks the annotation `@{name}(\"…\")`"),
    );
    Fault::new("missing-annotation", at, says)
}

pub(crate) fn unknown_confidence(at: Span, text: &str) -> Fault {
    let says = Text::new(
        format!("`{text}` 不是可信程度；请写 verified、secondary 或 assumed"),
        format!("`{text}` does not say how sure we are: verified, secondary or assumed"),
    );
    Fault::new("unknown-word", at, says)
}

pub(crate) fn same_id(at: Span, id: &str) -> Fault {
    let says =
        Text::new(format!("已有名为 `{id}` 的规则"), format!("there is a policy `{id}` already"));
    Fault::new("same-policy", at, says)
}

pub(crate) fn never(at: Span, id: &str) -> Fault {
    let says = Text::new(
        format!("规则 `{id}` 永远不会适用"),
        format!("the policy `{id}` can never apply"),
    );
    Fault::new("never-applies", at, says)
}

pub(crate) fn nobody(at: Span, action: Action, day: Date) -> Fault {
    let (word, title) = (action.word(), action.title());
    let says = Text::new(
        format!("自 {day} 起没有人可以 `{word}`（{}）", title.zh),
        format!("from {day} nobody may `{word}` ({})", title.en),
    );
    Fault::new("nobody-may", at, says)
}

/// The actions that no policy can permit to anybody on a day.
pub(crate) fn barred(index: &Index, day: Date, all: &[Policy]) -> Vec<Action> {
    let permits = |id: &str| all.iter().any(|own| own.id == id && own.effect == Effect::Permit);
    let open = |action: Action| {
        Role::ALL
            .into_iter()
            .filter_map(|role| index.on(day, role, action))
            .any(|set| set.policies().any(|policy| permits(policy.id().as_ref())))
    };
    Action::ALL.iter().copied().filter(|action| !open(*action)).collect()
}

/// Words that a policy has of the pack's and the pack has not.
pub(crate) fn unknown_words(pack: &Pack, policy: &Policy, sources: &Sources) -> Vec<Fault> {
    let literals = policy.cedar.entity_literals();
    let faults = literals.iter().filter_map(|literal| {
        let (kind, word) = (literal.type_name().to_string(), literal.id().unescaped().to_owned());
        let known = known(pack, &kind, &word)?;
        let at = part(sources, policy.at, &format!("\"{word}\""));
        let near = near_miss(&word, known);
        let says = Text::new(
            format!("包里没有 {kind} `{word}`"),
            format!("the pack has no {kind} `{word}`"),
        );
        Some(Fault::new("unknown-word", at, says).near(near))
    });
    faults.collect()
}

/// The words of a kind that a policy may use, where this one is none of them.
fn known<'p>(pack: &'p Pack, kind: &str, word: &str) -> Option<Vec<&'p str>> {
    fn names<T>(map: &std::collections::BTreeMap<base::Name, T>) -> Vec<&str> {
        map.keys().map(base::Name::as_str).collect()
    }
    let words = match kind {
        "Office" => names(&pack.offices),
        "Procedure" => names(&pack.procedures),
        "RegisterName" => names(&pack.registers),
        "Level" => LEVELS.to_vec(),
        "Action" => {
            let groups = Group::ALL.map(Group::word);
            Action::ALL.iter().map(|action| action.word()).chain(groups).collect()
        }
        "Division" => {
            let place = base::Division::parse(word).ok();
            let known = place.is_some_and(|place| pack.divisions.name(&place).is_some());
            return (!known).then(Vec::new);
        }
        _ => return None,
    };
    (!words.contains(&word)).then_some(words)
}

/// What a policy has against the schema.
pub(crate) fn of_error(error: &ValidationError, policy: &Policy) -> Fault {
    let at = pointed(error, policy.at);
    let message = error.to_string();
    let what = quoted(&message);
    match error {
        ValidationError::UnrecognizedEntityType(_) => {
            let roles = Role::ALL.map(Role::word);
            let near = near_miss(what, roles.into_iter().chain(Kind::ALL.map(Kind::word)));
            let says = Text::new(
                format!("没有角色或事物 `{what}`"),
                format!("there is no role and no thing `{what}`"),
            );
            Fault::new("unknown-word", at, says).near(near)
        }
        ValidationError::UnsafeAttributeAccess(_) => {
            let says = Text::new(
                format!("规则问到了没有的事实：{}", own_words(&message)),
                format!("the policy asks for a fact that is not there: {}", own_words(&message)),
            );
            Fault::new("unknown-fact", at, says)
        }
        ValidationError::UnexpectedType(_) | ValidationError::IncompatibleTypes(_) => {
            let says = Text::new(
                format!("类型不相配：{}", own_words(&message)),
                format!("types do not fit: {}", own_words(&message)),
            );
            Fault::new("wrong-type", at, says)
        }
        _ => {
            let says = Text::new(
                format!("规则不合乎模式：{}", own_words(&message)),
                format!("the policy does not fit the schema: {}", own_words(&message)),
            );
            Fault::new("wrong-policy", at, says)
        }
    }
}

/// A message of Cedar without the name of the policy, which the place tells.
fn own_words(message: &str) -> &str {
    message.split_once("`, ").map_or(message, |(_, words)| words)
}

/// What Cedar only warns of is a fault here: a policy that never applies deceives its reader, and
/// so do characters that are not what they look like.
pub(crate) fn of_warning(warning: &ValidationWarning, policy: &Policy) -> Fault {
    let at = pointed(warning, policy.at);
    match warning {
        ValidationWarning::ImpossiblePolicy(_) | ValidationWarning::InvalidActionApplication(_) => {
            never(policy.at, &policy.id)
        }
        _ => {
            let message = warning.to_string();
            let says = Text::new(
                format!("字符容易混淆：{}", own_words(&message)),
                format!("characters that deceive: {}", own_words(&message)),
            );
            Fault::new("odd-characters", at, says)
        }
    }
}
