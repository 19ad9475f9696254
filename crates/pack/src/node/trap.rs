//! What different YAML readers understand differently, and what none understands: each refused with
//! the way out.

use base::Text;

use super::Span;
use crate::fault::Fault;

/// How deep maps and lists may lie in each other: far more than any pack needs, far less than what
/// would exhaust the stack.
pub(super) const DEPTH_MAX: usize = 64;

/// Bare scalars that some YAML readers take for nothing, or for yes and no.
const BARE: [&str; 6] = ["~", "null", "yes", "no", "on", "off"];

/// True for a bare scalar that is a trap, in any letter case.
pub(super) fn bare_words(text: &str) -> bool {
    BARE.iter().any(|word| word.eq_ignore_ascii_case(text))
}

pub(super) fn tab(at: Span) -> Fault {
    let says = Text::new("制表符：请改用空格", "a tab stands here; use spaces");
    Fault::new("tab", at, says)
}

pub(super) fn control(at: Span, c: char) -> Fault {
    let code = u32::from(c);
    let says = Text::new(
        format!("此处有看不见的控制字符 U+{code:04X}：请删去"),
        format!("an invisible control character U+{code:04X} stands here; delete it"),
    );
    Fault::new("control-character", at, says)
}

pub(super) fn empty(at: Span) -> Fault {
    let says =
        Text::new("文件是空的：请写入内容或删去文件", "the file is empty; fill it or delete it");
    Fault::new("empty-file", at, says)
}

pub(super) fn several(at: Span) -> Fault {
    let says = Text::new(
        "一个文件只能有一份文档：请拆成多个文件",
        "a file holds one document; put the second one in a file of its own",
    );
    Fault::new("several-documents", at, says)
}

pub(super) fn deep(at: Span) -> Fault {
    let says = Text::new(
        format!("嵌套超过 {DEPTH_MAX} 层：请拆分"),
        format!("more than {DEPTH_MAX} levels lie in each other; take them apart"),
    );
    Fault::new("too-deep", at, says)
}

pub(super) fn broken(at: Span, info: &str) -> Fault {
    let says = Text::new(
        format!("不合 YAML 语法（{info}）：请检查缩进、冒号后的空格和引号"),
        format!("not valid YAML ({info}); look at indentation, quotes and the space after a colon"),
    );
    Fault::new("not-yaml", at, says)
}

pub(super) fn anchored(at: Span) -> Fault {
    let says = Text::new("不用锚点：请把内容写全", "anchors are not used; write the value out");
    Fault::new("anchor", at, says)
}

pub(super) fn alias(at: Span) -> Fault {
    let says = Text::new(
        "不用别名：请把内容写全，文字以 `*` 开头时请加引号",
        "aliases are not used; write the value out, or quote a text that starts with `*`",
    );
    Fault::new("alias", at, says)
}

pub(super) fn tag(at: Span) -> Fault {
    let says = Text::new(
        "不用标签：请删去，文字以 `!` 开头时请加引号",
        "tags are not used; delete it, or quote a text that starts with `!`",
    );
    Fault::new("tag", at, says)
}

pub(super) fn nothing(at: Span) -> Fault {
    let says = Text::new(
        "此后没有写值：请写上，或删去这一行",
        "no value follows; write one or delete the line",
    );
    Fault::new("nothing-written", at, says)
}

pub(super) fn bare(at: Span, text: &str) -> Fault {
    let says = Text::new(
        format!("未加引号的 `{text}` 各种程序理解不一：文字请加引号，是非请写 `true` 或 `false`"),
        format!("programs differ on a bare `{text}`; quote a text, or write `true` or `false`"),
    );
    Fault::new("bare-word", at, says)
}

pub(super) fn key_shape(at: Span) -> Fault {
    let says = Text::new("键只能是一个词", "a key must be a single word");
    Fault::new("key-shape", at, says)
}

pub(super) fn duplicate(at: Span, first: Span, key: &str) -> Fault {
    let says = Text::new(
        format!("键 `{key}` 写了两次：请删去一个"),
        format!("the key `{key}` is written twice; delete one"),
    );
    Fault::new("duplicate-key", at, says)
        .also(first, Text::new("第一次写在这里", "first written here"))
}
