//! Typing a condition: every name is known, every operator gets the kinds it takes, and every
//! literal is one of the words it may be. All faults are found at once.

use std::{collections::BTreeSet, sync::Arc};

use base::{Name, near::near_miss};

use crate::{
    evaluate::{self, Verdict},
    fault::{Fault, Part},
    lexer::{self, NOT_A_NUMBER, Token},
    scope::{Facts, Scope},
    syntax::{self, Function, Node, Sign, Tree},
    value::{Type, Value},
};

/// A condition that is known to be well typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expression {
    source: Arc<str>,
    code: Arc<Code>,
}

/// A typed tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Code {
    Value(Value),
    /// A fact of that kind; one of another counts as missing.
    Fact(String, Type),
    Known(String, bool),
    Not(Box<Code>),
    Two(Sign, Box<Code>, Box<Code>),
    In(Box<Code>, Vec<Code>),
    If(Box<Code>, Box<Code>, Box<Code>),
    Call(Function, Vec<Code>),
}

/// Reads and types a condition that must yield `wanted`.
///
/// # Errors
/// Every fault, each with its part of the text.
pub fn compile(source: &str, scope: &Scope, wanted: &Type) -> Result<Expression, Vec<Fault>> {
    let (tokens, faults) = lexer::tokens(source);
    if !faults.is_empty() {
        return Err(faults);
    }
    let tree = syntax::parse(source, tokens).map_err(|fault| vec![fault])?;
    let mut checker = Checker { scope, faults: Vec::new() };
    let code = checker.wants(&tree, wanted);
    match code {
        Some(code) if checker.faults.is_empty() => {
            Ok(Expression { source: source.into(), code: Arc::new(code) })
        }
        _ => Err(checker.faults),
    }
}

impl Expression {
    /// The condition as written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// What it yields; `None` when that is undetermined.
    pub fn value(&self, facts: &dyn Facts) -> Option<Value> {
        evaluate::value(&self.code, facts)
    }

    /// Whether it holds.
    pub fn verdict(&self, facts: &dyn Facts) -> Verdict {
        evaluate::verdict(&self.code, facts)
    }

    /// The facts it uses, each once, in order.
    pub fn facts_used(&self) -> impl Iterator<Item = &str> {
        let mut used = BTreeSet::new();
        collect(&self.code, &mut used);
        used.into_iter()
    }

    pub(crate) fn code(&self) -> &Code {
        &self.code
    }

    /// A part of it as an expression of its own, which is written where the whole is.
    pub(crate) fn part(&self, code: &Code) -> Self {
        Self { source: self.source.clone(), code: Arc::new(code.clone()) }
    }

    /// Whether it asks if a fact is known or missing, the only way a missing fact could make it
    /// true.
    pub fn asks_whether_missing(&self) -> bool {
        asks(&self.code)
    }
}

pub(crate) fn parts(code: &Code) -> Vec<&Code> {
    match code {
        Code::Value(_) | Code::Fact(..) | Code::Known(..) => Vec::new(),
        Code::Not(inner) => vec![inner],
        Code::Two(_, left, right) => vec![left, right],
        Code::In(left, options) => std::iter::once(&**left).chain(options).collect(),
        Code::If(condition, then, otherwise) => vec![condition, then, otherwise],
        Code::Call(_, arguments) => arguments.iter().collect(),
    }
}

fn collect<'c>(code: &'c Code, used: &mut BTreeSet<&'c str>) {
    if let Code::Fact(path, _) | Code::Known(path, _) = code {
        used.insert(path);
    }
    parts(code).into_iter().for_each(|part| collect(part, used));
}

fn asks(code: &Code) -> bool {
    matches!(code, Code::Known(..)) || parts(code).into_iter().any(asks)
}

/// A typed part, or a bare literal whose kind its neighbour decides.
enum Typed {
    Sure(Code, Type),
    Literal(String),
    /// A number with so many units of its last decimal, and how many decimals it has.
    Decimal(i64, u8),
}

struct Checker<'s> {
    scope: &'s Scope,
    faults: Vec<Fault>,
}

impl Checker<'_> {
    fn fault(&mut self, word: &'static str, at: Part, zh: &str, en: &str) {
        self.faults.push(Fault::new(word, at, zh, en));
    }

    /// The part, if it yields `wanted`.
    fn wants(&mut self, tree: &Tree, wanted: &Type) -> Option<Code> {
        if let Node::If(condition, then, otherwise) = &tree.node {
            let condition = self.wants(condition, &Type::Boolean);
            let (then, otherwise) = (self.wants(then, wanted), self.wants(otherwise, wanted));
            return Some(Code::If(Box::new(condition?), Box::new(then?), Box::new(otherwise?)));
        }
        match self.check(tree)? {
            Typed::Literal(text) => self.literal(text, tree.at, wanted),
            Typed::Decimal(units, places) => self.decimal(units, places, tree.at, wanted),
            Typed::Sure(Code::Value(Value::Integer(whole)), _)
                if matches!(wanted, Type::Decimal(_)) =>
            {
                self.decimal(whole, 0, tree.at, wanted)
            }
            Typed::Sure(code, kind) if fits(&kind, wanted) => Some(code),
            Typed::Sure(_, kind) => {
                self.clash(tree.at, &kind, wanted);
                None
            }
        }
    }

    fn clash(&mut self, at: Part, found: &Type, wanted: &Type) {
        let (found, wanted) = (found.title(), wanted.title());
        let zh = format!("此处应为{}，却是{}", wanted.zh, found.zh);
        let en = format!("{} is wanted here, but this is {}", wanted.en, found.en);
        self.fault("type-clash", at, &zh, &en);
    }

    /// A text in quotes as a value of `wanted`: an option, a code, or text.
    fn literal(&mut self, text: String, at: Part, wanted: &Type) -> Option<Code> {
        if let Some(words) = self.scope.words(wanted)
            && !words.contains(&text.as_str())
        {
            let near = near_miss(&text, words.iter().copied());
            let (zh, en) = (format!("没有 `{text}` 这一选项"), format!("`{text}` is no option"));
            self.faults.push(Fault::new("unknown-option", at, zh, en).near(near));
            return None;
        }
        match wanted {
            Type::Text => Some(Code::Value(Value::Text(text))),
            Type::Choice(_) => Name::new(&text).ok().map(|name| Code::Value(Value::Choice(name))),
            Type::Code(_) => Some(Code::Value(Value::Code(text))),
            Type::Codes(_) | Type::Texts => Some(Code::Value(Value::Codes([text].into()))),
            other => {
                self.clash(at, &Type::Text, other);
                None
            }
        }
    }

    /// A number in figures on the scale of `wanted`; one with more decimals than that is refused.
    fn decimal(&mut self, units: i64, places: u8, at: Part, wanted: &Type) -> Option<Code> {
        let Type::Decimal(scale) = wanted else {
            let (word, zh, en) = NOT_A_NUMBER;
            self.fault(word, at, zh, en);
            return None;
        };
        let more = scale.checked_sub(places).and_then(|more| 10_i64.checked_pow(more.into()));
        let Some(scaled) = more.and_then(|more| units.checked_mul(more)) else {
            let zh = format!("此处至多 {scale} 位小数，且不能过大");
            let en = format!("a number here has at most {scale} decimals and is not too large");
            self.fault("decimals", at, &zh, &en);
            return None;
        };
        Some(Code::Value(Value::Decimal { units: scaled, places: *scale }))
    }

    fn check(&mut self, tree: &Tree) -> Option<Typed> {
        match &tree.node {
            Node::Literal(token) => Some(literal(token)),
            Node::Fact(path) => self.fact(path, tree.at),
            Node::Known(path, known) => self.known(path, *known, tree.at),
            Node::Not(inner) => {
                let inner = self.wants(inner, &Type::Boolean)?;
                Some(Typed::Sure(Code::Not(Box::new(inner)), Type::Boolean))
            }
            Node::Two(sign, left, right) => self.two(*sign, left, right),
            Node::In(left, options) => self.one_of(left, options),
            Node::If(condition, then, otherwise) => self.choice(condition, then, otherwise),
            Node::Call(function, arguments) => self.call(*function, arguments),
        }
    }

    fn fact(&mut self, path: &str, at: Part) -> Option<Typed> {
        match self.scope.kind_of(path) {
            Some(Type::Sealed) => {
                self.fault(
                    "sealed",
                    at,
                    "个人信息不能用于条件，只能问 `is known`",
                    "a personal detail cannot be used here; only `is known` can be asked of it",
                );
                None
            }
            Some(kind) => {
                Some(Typed::Sure(Code::Fact(path.to_owned(), kind.clone()), kind.clone()))
            }
            None => self.unknown(path, at),
        }
    }

    fn unknown(&mut self, path: &str, at: Part) -> Option<Typed> {
        let near = near_miss(path, self.scope.paths());
        let (zh, en) = (format!("没有名为 `{path}` 的事实"), format!("there is no fact `{path}`"));
        self.faults.push(Fault::new("unknown-name", at, zh, en).near(near));
        None
    }

    fn known(&mut self, path: &str, known: bool, at: Part) -> Option<Typed> {
        if self.scope.kind_of(path).is_none() {
            return self.unknown(path, at);
        }
        Some(Typed::Sure(Code::Known(path.to_owned(), known), Type::Boolean))
    }

    fn two(&mut self, sign: Sign, left: &Tree, right: &Tree) -> Option<Typed> {
        match sign {
            Sign::And | Sign::Or => {
                let (left, right) =
                    (self.wants(left, &Type::Boolean), self.wants(right, &Type::Boolean));
                Some(Typed::Sure(joined(sign, left?, right?), Type::Boolean))
            }
            Sign::Equal | Sign::Unequal => {
                let (left, right, _) = self.alike(left, right)?;
                Some(Typed::Sure(joined(sign, left, right), Type::Boolean))
            }
            Sign::Less | Sign::LessOrEqual | Sign::Greater | Sign::GreaterOrEqual => {
                self.ordered(sign, left, right)
            }
            Sign::Plus | Sign::Minus => self.added(sign, left, right),
            Sign::Times => self.multiplied(left, right),
            Sign::In => self.code_in(left, right),
            Sign::Within => {
                let (left, right) =
                    (self.wants(left, &Type::Division), self.wants(right, &Type::Division));
                Some(Typed::Sure(joined(sign, left?, right?), Type::Boolean))
            }
        }
    }

    /// Two parts of one kind; a literal takes the kind of the other side.
    fn alike(&mut self, left: &Tree, right: &Tree) -> Option<(Code, Code, Type)> {
        match (self.check(left), self.check(right)) {
            (Some(Typed::Sure(code, kind)), Some(other)) if figures(&kind, &other) => {
                Some((code, self.wants(right, &kind)?, kind))
            }
            (Some(other), Some(Typed::Sure(code, kind))) if figures(&kind, &other) => {
                Some((self.wants(left, &kind)?, code, kind))
            }
            (Some(Typed::Sure(code, kind)), Some(Typed::Literal(text))) => {
                let literal = self.literal(text, right.at, &kind)?;
                Some((code, literal, kind))
            }
            (Some(Typed::Literal(text)), Some(Typed::Sure(code, kind))) => {
                let literal = self.literal(text, left.at, &kind)?;
                Some((literal, code, kind))
            }
            (Some(Typed::Sure(a, kind)), Some(Typed::Sure(b, other))) => {
                if fits(&other, &kind) {
                    return Some((a, b, kind));
                }
                if fits(&kind, &other) {
                    return Some((a, b, other));
                }
                self.clash(right.at, &other, &kind);
                None
            }
            (Some(Typed::Literal(a)), Some(Typed::Literal(b))) => {
                Some((Code::Value(Value::Text(a)), Code::Value(Value::Text(b)), Type::Text))
            }
            (Some(Typed::Decimal(units, places)), Some(_)) => {
                self.decimal(units, places, left.at, &Type::Text).and(None)
            }
            (Some(_), Some(Typed::Decimal(units, places))) => {
                self.decimal(units, places, right.at, &Type::Text).and(None)
            }
            (None, _) | (_, None) => None,
        }
    }

    fn ordered(&mut self, sign: Sign, left: &Tree, right: &Tree) -> Option<Typed> {
        let at = left.at;
        let (left, right, kind) = self.alike(left, right)?;
        if !kind.ordered() {
            let title = kind.title();
            let zh = format!("{}没有大小先后", title.zh);
            self.fault("no-order", at, &zh, &format!("{} has no order", title.en));
            return None;
        }
        Some(Typed::Sure(joined(sign, left, right), Type::Boolean))
    }

    fn added(&mut self, sign: Sign, left: &Tree, right: &Tree) -> Option<Typed> {
        let at = left.at;
        let (left, right, kind) = self.alike(left, right)?;
        if !matches!(kind, Type::Integer | Type::Money) {
            self.clash(at, &kind, &Type::Integer);
            return None;
        }
        Some(Typed::Sure(joined(sign, left, right), kind))
    }

    /// A number times a number, or a number times money; money times money has no meaning.
    fn multiplied(&mut self, left: &Tree, right: &Tree) -> Option<Typed> {
        let (one, other) = (self.sure(left), self.sure(right));
        let ((a, a_kind), (b, b_kind)) = (one?, other?);
        let kind = match (&a_kind, &b_kind) {
            (Type::Integer, Type::Integer) => Type::Integer,
            (Type::Integer, Type::Money) | (Type::Money, Type::Integer) => Type::Money,
            (Type::Integer, wrong) => {
                self.clash(right.at, wrong, &Type::Integer);
                return None;
            }
            (wrong, _) => {
                self.clash(left.at, wrong, &Type::Integer);
                return None;
            }
        };
        Some(Typed::Sure(joined(Sign::Times, a, b), kind))
    }

    fn sure(&mut self, tree: &Tree) -> Option<(Code, Type)> {
        match self.check(tree)? {
            Typed::Sure(code, kind) => Some((code, kind)),
            Typed::Decimal(units, places) => {
                let kind = Type::Decimal(places);
                Some((self.decimal(units, places, tree.at, &kind)?, kind))
            }
            Typed::Literal(text) => Some((Code::Value(Value::Text(text)), Type::Text)),
        }
    }

    /// A code is one of a set of codes of the same list, a text one of several texts.
    fn code_in(&mut self, left: &Tree, right: &Tree) -> Option<Typed> {
        let (set, kind) = self.sure(right)?;
        let wanted = match kind {
            Type::Codes(list) => Some(Type::Code(list)),
            Type::Texts => Some(Type::Text),
            _ => None,
        };
        let Some(wanted) = wanted else {
            self.fault(
                "not-a-set",
                right.at,
                "`in` 之后应为代码集，或括号中的选项",
                "`in` is followed by a set of codes, or by options in brackets",
            );
            return None;
        };
        let code = self.wants(left, &wanted)?;
        Some(Typed::Sure(joined(Sign::In, code, set), Type::Boolean))
    }

    fn one_of(&mut self, left: &Tree, options: &[Tree]) -> Option<Typed> {
        let (code, kind) = self.sure(left)?;
        let options: Vec<Option<Code>> =
            options.iter().map(|option| self.wants(option, &kind)).collect();
        let options = options.into_iter().collect::<Option<Vec<_>>>()?;
        Some(Typed::Sure(Code::In(Box::new(code), options), Type::Boolean))
    }

    fn choice(&mut self, condition: &Tree, then: &Tree, otherwise: &Tree) -> Option<Typed> {
        let condition = self.wants(condition, &Type::Boolean);
        let (then, otherwise, kind) = self.alike(then, otherwise)?;
        let code = Code::If(Box::new(condition?), Box::new(then), Box::new(otherwise));
        Some(Typed::Sure(code, kind))
    }

    fn call(&mut self, function: Function, arguments: &[Tree]) -> Option<Typed> {
        match (function, arguments) {
            (Function::Years | Function::Days, [from, to]) => {
                let (from, to) = (self.wants(from, &Type::Date), self.wants(to, &Type::Date));
                Some(Typed::Sure(Code::Call(function, vec![from?, to?]), Type::Integer))
            }
            (Function::Minutes, [from, to]) => {
                let (from, to) = (self.wants(from, &Type::Moment), self.wants(to, &Type::Moment));
                Some(Typed::Sure(Code::Call(function, vec![from?, to?]), Type::Integer))
            }
            (Function::Min | Function::Max, [left, right]) => {
                let at = left.at;
                let (left, right, kind) = self.alike(left, right)?;
                if !kind.ordered() {
                    self.clash(at, &kind, &Type::Integer);
                    return None;
                }
                Some(Typed::Sure(Code::Call(function, vec![left, right]), kind))
            }
            (Function::PlusDays | Function::PlusMonths | Function::PlusYears, [day, count]) => {
                let (day, count) =
                    (self.wants(day, &Type::Date), self.wants(count, &Type::Integer));
                Some(Typed::Sure(Code::Call(function, vec![day?, count?]), Type::Date))
            }
            (Function::Share, [whole, numerator, denominator]) => {
                self.share(whole, numerator, denominator)
            }
            (Function::Count, [set]) => self.count(set),
            _ => None,
        }
    }

    /// So many parts of a whole: of a number or of money.
    fn share(&mut self, whole: &Tree, numerator: &Tree, denominator: &Tree) -> Option<Typed> {
        let of = self.sure(whole);
        let (numerator, denominator) =
            (self.wants(numerator, &Type::Integer), self.wants(denominator, &Type::Integer));
        let (code, kind) = of?;
        if !matches!(kind, Type::Integer | Type::Money) {
            self.clash(whole.at, &kind, &Type::Integer);
            return None;
        }
        let parts = vec![code, numerator?, denominator?];
        Some(Typed::Sure(Code::Call(Function::Share, parts), kind))
    }

    fn count(&mut self, set: &Tree) -> Option<Typed> {
        match self.sure(set)? {
            (code, Type::Codes(_) | Type::Texts) => {
                Some(Typed::Sure(Code::Call(Function::Count, vec![code]), Type::Integer))
            }
            _ => {
                self.fault("not-a-set", set.at, "只能数代码集", "only a set of codes is counted");
                None
            }
        }
    }
}

fn literal(token: &Token) -> Typed {
    match token {
        Token::Text(text) => Typed::Literal(text.clone()),
        Token::Decimal(units, places) => Typed::Decimal(*units, *places),
        Token::Integer(number) => Typed::Sure(Code::Value(Value::Integer(*number)), Type::Integer),
        Token::Money(fen) => Typed::Sure(Code::Value(Value::Money(*fen)), Type::Money),
        Token::Date(date) => Typed::Sure(Code::Value(Value::Date(*date)), Type::Date),
        Token::Name(word) => {
            Typed::Sure(Code::Value(Value::Boolean(word == "true")), Type::Boolean)
        }
        Token::Sign(sign) => Typed::Literal((*sign).to_owned()),
    }
}

/// Whether that part is a number in figures that takes its scale from a neighbour of this kind.
fn figures(kind: &Type, part: &Typed) -> bool {
    match part {
        Typed::Decimal(..) => true,
        Typed::Sure(Code::Value(Value::Integer(_)), _) => matches!(kind, Type::Decimal(_)),
        Typed::Sure(..) | Typed::Literal(_) => false,
    }
}

fn joined(sign: Sign, left: Code, right: Code) -> Code {
    Code::Two(sign, Box::new(left), Box::new(right))
}

/// Whether a value of `found` serves where `wanted` is. The options of a choice may be fewer than
/// those wanted, never others.
fn fits(found: &Type, wanted: &Type) -> bool {
    match (found, wanted) {
        (Type::Choice(found), Type::Choice(wanted)) => found.iter().all(|o| wanted.contains(o)),
        _ => found == wanted,
    }
}
