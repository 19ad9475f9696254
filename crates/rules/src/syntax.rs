//! The grammar: `or`, then `and`, then `not`, then one comparison, then sums, then products.

use crate::{
    fault::{Fault, Part},
    lexer::Token,
};

/// A condition as written, before its names are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tree {
    pub(crate) node: Node,
    pub(crate) at: Part,
}

/// What a part of a condition is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Node {
    Literal(Token),
    Fact(String),
    Known(String, bool),
    Not(Box<Tree>),
    Two(Sign, Box<Tree>, Box<Tree>),
    In(Box<Tree>, Vec<Tree>),
    If(Box<Tree>, Box<Tree>, Box<Tree>),
    Call(Function, Vec<Tree>),
}

/// An operator between two parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sign {
    Or,
    And,
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Plus,
    Minus,
    Times,
    In,
    Within,
}

/// A function by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Function {
    Count,
    Years,
    Days,
    Min,
    Max,
    Share,
    PlusDays,
    PlusMonths,
    PlusYears,
    Minutes,
}

/// Functions by the word a pack writes, with how many parts each takes.
pub(crate) const FUNCTIONS: [(&str, Function, usize); 10] = [
    ("count", Function::Count, 1),
    ("years", Function::Years, 2),
    ("days", Function::Days, 2),
    ("min", Function::Min, 2),
    ("max", Function::Max, 2),
    ("share", Function::Share, 3),
    ("plus_days", Function::PlusDays, 2),
    ("plus_months", Function::PlusMonths, 2),
    ("plus_years", Function::PlusYears, 2),
    ("minutes", Function::Minutes, 2),
];

const COMPARISONS: [(&str, Sign); 6] = [
    ("=", Sign::Equal),
    ("!=", Sign::Unequal),
    ("<", Sign::Less),
    ("<=", Sign::LessOrEqual),
    (">", Sign::Greater),
    (">=", Sign::GreaterOrEqual),
];

/// The deepest a condition may be nested.
const DEPTH_MAX: usize = 60;

/// The most operators a condition may have. Each can make its tree one deeper, and a walk over the
/// tree must not run out of stack.
const OPERATORS_MAX: usize = 200;

/// Reads the tokens of one condition.
pub(crate) fn parse(source: &str, tokens: Vec<(Token, Part)>) -> Result<Tree, Fault> {
    let end = Part { start: source.len(), end: source.len() };
    if let Some((_, at)) = tokens.iter().filter(|(token, _)| operator(token)).nth(OPERATORS_MAX) {
        return Err(Fault::new(
            "too-deep",
            *at,
            "条件过长，请拆成几个条件",
            "the condition is too long; split it into several",
        ));
    }
    let mut parser = Parser { tokens, next: 0, end, depth: 0 };
    let tree = parser.or()?;
    match parser.peek() {
        None => Ok(tree),
        Some(_) => Err(Fault::new(
            "expected-end",
            parser.here(),
            "条件在此应已结束",
            "the condition should have ended here; comparisons do not chain",
        )),
    }
}

fn operator(token: &Token) -> bool {
    match token {
        Token::Sign(sign) => !matches!(*sign, "(" | ")" | ","),
        Token::Name(word) => matches!(word.as_str(), "and" | "or" | "not"),
        _ => false,
    }
}

struct Parser {
    tokens: Vec<(Token, Part)>,
    next: usize,
    end: Part,
    depth: usize,
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next).map(|(token, _)| token)
    }

    fn here(&self) -> Part {
        self.tokens.get(self.next).map_or(self.end, |(_, part)| *part)
    }

    fn take(&mut self) -> Option<(Token, Part)> {
        let token = self.tokens.get(self.next).cloned();
        self.next += usize::from(token.is_some());
        token
    }

    /// Takes the next token when it is that word or sign.
    fn takes(&mut self, word: &str) -> bool {
        let is = match self.peek() {
            Some(Token::Name(name)) => name == word,
            Some(Token::Sign(sign)) => *sign == word,
            _ => false,
        };
        self.next += usize::from(is);
        is
    }

    fn must_take(&mut self, word: &'static str) -> Result<(), Fault> {
        if self.takes(word) {
            return Ok(());
        }
        let (zh, en) = (format!("此处应为 `{word}`"), format!("`{word}` is expected here"));
        Err(Fault::new("expected", self.here(), zh, en))
    }

    fn two(sign: Sign, left: Tree, right: Tree) -> Tree {
        let at = left.at.to(right.at);
        Tree { node: Node::Two(sign, Box::new(left), Box::new(right)), at }
    }

    fn or(&mut self) -> Result<Tree, Fault> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(Fault::new(
                "too-deep",
                self.here(),
                "条件嵌套过深，请拆成几个条件",
                "the condition is nested too deeply; split it into several",
            ));
        }
        let mut left = self.and()?;
        while self.takes("or") {
            left = Self::two(Sign::Or, left, self.and()?);
        }
        self.depth -= 1;
        Ok(left)
    }

    fn and(&mut self) -> Result<Tree, Fault> {
        let mut left = self.not()?;
        while self.takes("and") {
            left = Self::two(Sign::And, left, self.not()?);
        }
        Ok(left)
    }

    fn not(&mut self) -> Result<Tree, Fault> {
        let start = self.here();
        let mut negations = 0_usize;
        while self.takes("not") {
            negations += 1;
        }
        let mut tree = self.comparison()?;
        for _ in 0..negations {
            let at = start.to(tree.at);
            tree = Tree { node: Node::Not(Box::new(tree)), at };
        }
        Ok(tree)
    }

    fn comparison(&mut self) -> Result<Tree, Fault> {
        let left = self.sum()?;
        if self.takes("is") {
            return self.known(left);
        }
        if self.takes("in") {
            return self.membership(left);
        }
        if self.takes("within") {
            return Ok(Self::two(Sign::Within, left, self.sum()?));
        }
        match COMPARISONS.iter().find(|(word, _)| self.takes(word)) {
            Some((_, sign)) => Ok(Self::two(*sign, left, self.sum()?)),
            None => Ok(left),
        }
    }

    /// `x is known` and `x is missing` ask about a fact itself.
    fn known(&mut self, left: Tree) -> Result<Tree, Fault> {
        let here = self.here();
        let known = self.takes("known");
        if !known && !self.takes("missing") {
            let says = ("此处应为 `known` 或 `missing`", "`known` or `missing` is expected here");
            return Err(Fault::new("expected", here, says.0, says.1));
        }
        match left.node {
            Node::Fact(path) => Ok(Tree { node: Node::Known(path, known), at: left.at.to(here) }),
            _ => Err(Fault::new(
                "not-a-fact",
                left.at,
                "只能问一项事实是否已知",
                "only a fact can be known or missing",
            )),
        }
    }

    /// `x in ('a', 'b')`, or `x in codes`.
    fn membership(&mut self, left: Tree) -> Result<Tree, Fault> {
        let start = self.here();
        if self.peek() != Some(&Token::Sign("(")) {
            return Ok(Self::two(Sign::In, left, self.sum()?));
        }
        self.next += 1;
        let options = self.list()?;
        let at = left.at.to(start).to(self.last());
        Ok(Tree { node: Node::In(Box::new(left), options), at })
    }

    fn list(&mut self) -> Result<Vec<Tree>, Fault> {
        let mut items = vec![self.or()?];
        while self.takes(",") {
            items.push(self.or()?);
        }
        self.must_take(")")?;
        Ok(items)
    }

    fn last(&self) -> Part {
        let before = self.next.checked_sub(1).and_then(|at| self.tokens.get(at));
        before.map_or(self.end, |(_, part)| *part)
    }

    fn sum(&mut self) -> Result<Tree, Fault> {
        let mut left = self.product()?;
        loop {
            if self.takes("+") {
                left = Self::two(Sign::Plus, left, self.product()?);
            } else if self.takes("-") {
                left = Self::two(Sign::Minus, left, self.product()?);
            } else {
                return Ok(left);
            }
        }
    }

    fn product(&mut self) -> Result<Tree, Fault> {
        let mut left = self.atom()?;
        while self.takes("*") {
            left = Self::two(Sign::Times, left, self.atom()?);
        }
        Ok(left)
    }

    fn atom(&mut self) -> Result<Tree, Fault> {
        let at = self.here();
        match self.take() {
            Some((Token::Sign("("), _)) => {
                let inner = self.or()?;
                self.must_take(")")?;
                Ok(Tree { node: inner.node, at: at.to(self.last()) })
            }
            Some((Token::Name(word), _)) if word == "if" => self.choice(at),
            Some((Token::Name(word), _)) if word == "true" || word == "false" => {
                Ok(Tree { node: Node::Literal(Token::Name(word)), at })
            }
            Some((Token::Name(word), _)) => self.fact_or_call(word, at),
            Some((Token::Sign(_), _)) | None => Err(Fault::new(
                "expected-value",
                at,
                "此处应为一个值或名称",
                "a value or a name is expected here",
            )),
            Some((literal, _)) => Ok(Tree { node: Node::Literal(literal), at }),
        }
    }

    fn choice(&mut self, start: Part) -> Result<Tree, Fault> {
        let condition = self.or()?;
        self.must_take("then")?;
        let then = self.or()?;
        self.must_take("else")?;
        let otherwise = self.or()?;
        let at = start.to(otherwise.at);
        let node = Node::If(Box::new(condition), Box::new(then), Box::new(otherwise));
        Ok(Tree { node, at })
    }

    fn fact_or_call(&mut self, word: String, at: Part) -> Result<Tree, Fault> {
        if self.peek() != Some(&Token::Sign("(")) {
            return Ok(Tree { node: Node::Fact(word), at });
        }
        let Some((_, function, count)) = FUNCTIONS.iter().find(|(name, ..)| *name == word) else {
            let near = base::near::near_miss(&word, FUNCTIONS.iter().map(|(name, ..)| *name));
            let (zh, en) = (format!("没有函数 `{word}`"), format!("there is no function `{word}`"));
            return Err(Fault::new("unknown-function", at, zh, en).near(near));
        };
        self.next += 1;
        let arguments = self.list()?;
        let at = at.to(self.last());
        if arguments.len() != *count {
            let (zh, en) =
                (format!("`{word}` 须有 {count} 个参数"), format!("`{word}` takes {count}"));
            return Err(Fault::new("argument-count", at, zh, en));
        }
        Ok(Tree { node: Node::Call(*function, arguments), at })
    }
}
