//! Feeds: what sources have to send.

use base::Text;

use super::{
    Pair,
    notes::{Found, Notes, names, paired, yes},
};
use crate::model::{Feed, FeedColumn, FeedSigned};

pub(super) fn compare(pair: &Pair<'_>, notes: &mut Notes) {
    let before = pair.before.feeds.iter().map(|(name, own)| (name.as_str(), own));
    let after = pair.after.feeds.iter().map(|(name, own)| (name.as_str(), own));
    for (name, found) in paired(before, after) {
        let (Found::Added(own) | Found::Dropped(own) | Found::Both(_, own)) = &found;
        let Text { zh, en } = &own.title;
        notes.begin(
            own.title.clone(),
            Text::new(format!("报送“{zh}”的来源"), format!("whoever sends “{en}”")),
        );
        match found {
            Found::Added(_) => notes.say(name, Text::new("新增数据源", "a new feed")),
            Found::Dropped(_) => notes.say(name, Text::new("取消数据源", "the feed is dropped")),
            Found::Both(old, new) => {
                notes.inside(name);
                feed(old, new, notes);
            }
        }
    }
}

fn feed(old: &Feed, new: &Feed, notes: &mut Notes) {
    let since = notes.differences.len();
    notes.turned(
        "key",
        ("区分各行的列", "what tells rows apart"),
        &names(&old.key),
        &names(&new.key),
    );
    let at = ("事件时刻所在的列", "the moment of the event");
    notes.turned("event_at", at, &names([&old.event_at]), &names([&new.event_at]));
    columns(&old.columns, &new.columns, notes);
    signed(old, new, notes);
    notes.reworded("feed", old, new, since);
}

/// How it is proved who signed.
fn signed(old: &Feed, new: &Feed, notes: &mut Notes) {
    let told = |feed: &Feed| {
        let Some(own) = &feed.signed else {
            return Text::new("不须签名", "nobody signs");
        };
        let FeedSigned { by, trusts, hours, .. } = own;
        Text::new(
            format!("由“{by}”签名，信任“{trusts}”中的证书，须在 {hours} 小时内送达"),
            format!("signed by `{by}` under certificates of `{trusts}`, sent within {hours} hours"),
        )
    };
    notes.turned("signed", ("签名", "who signs"), &told(old), &told(new));
}

/// Columns that came, went, or say something else.
pub(super) fn columns(old: &[FeedColumn], new: &[FeedColumn], notes: &mut Notes) {
    let before = old.iter().map(|column| (column.name.as_str(), column));
    let after = new.iter().map(|column| (column.name.as_str(), column));
    for (name, found) in paired(before, after) {
        let place = format!("columns.{name}");
        match found {
            Found::Added(own) => {
                let Text { zh, en } = &own.title;
                let says = Text::new(format!("新增一列：{zh}"), format!("a new column: {en}"));
                notes.say(&place, says);
            }
            Found::Dropped(own) => {
                let Text { zh, en } = &own.title;
                let en = format!("a column is dropped: {en}");
                notes.say(&place, Text::new(format!("取消一列：{zh}"), en));
            }
            Found::Both(old, new) => column(&place, old, new, notes),
        }
    }
}

fn column(place: &str, old: &FeedColumn, new: &FeedColumn, notes: &mut Notes) {
    let since = notes.differences.len();
    let Text { zh, en } = &new.title;
    notes.turned(place, (zh, en), &old.kind.title(), &new.kind.title());
    let what = (format!("{zh}，可以空缺"), format!("{en}, may be left open"));
    notes.turned(place, (&what.0, &what.1), &yes(old.optional), &yes(new.optional));
    notes.reworded(place, old, new, since);
}
