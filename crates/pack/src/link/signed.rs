//! Feeds of what somebody signed: every column, register and field is there and of its kind, and
//! what is signed can be written in one way only.

use base::Name;

use super::{Kind, Linker};
use crate::{
    language::{self, FeedFile},
    model::{ColumnKind, Feed, FeedSigned, Input, Pack, REVOKED},
    read::Spanned,
};

/// The hours within which a row may have to come: a month at most.
const HOURS_MAX: u32 = 31 * 24;

impl Linker<'_> {
    /// How it is proved who signed what a row of a feed tells of.
    pub(super) fn signed(
        &mut self,
        pack: &Pack,
        file: &FeedFile,
        feed: &Feed,
    ) -> Option<FeedSigned> {
        let own = file.signed.as_ref()?;
        self.signed_column(feed, &own.certificate, &ColumnKind::Text);
        self.signed_column(feed, &own.signature, &ColumnKind::Text);
        let signers = self.signers(feed, &own.by);
        self.must_be_signable(file, feed, own);
        if !(1..=HOURS_MAX).contains(&own.within.hours.value) {
            let (zh, en) = ("须为 1 至 744 小时", "it must be from 1 to 744 hours");
            self.fault("signed-within", own.within.hours.at, zh, en);
        }
        let known = self.parsed.feeds.iter().map(|file| file.feed.as_str());
        let known: Vec<&str> = known.collect();
        self.must_know(Kind::Feed, &own.revocations, known);
        self.must_take_revocations(&own.revocations);
        let known = pack.registers.keys().map(Name::as_str);
        self.must_know(Kind::Register, &own.trusts.register, known);
        let trusts = pack.registers.get(&own.trusts.register.value)?;
        let known: Vec<&str> = trusts.fields.iter().map(|own| own.name.as_str()).collect();
        self.must_know(Kind::RegisterField, &own.trusts.certificate, known);
        let root = trusts.field(&own.trusts.certificate.value)?;
        if root.input != Input::Text {
            let (zh, en) = ("该登记项须为文本", "it must be a text");
            self.fault("signed-trust", own.trusts.certificate.at, zh, en);
        }
        Some(FeedSigned {
            certificate: own.certificate.value.clone(),
            signature: own.signature.value.clone(),
            by: own.by.value.clone(),
            signers: signers?,
            trusts: trusts.name.clone(),
            root: root.name.clone(),
            hours: own.within.hours.value,
            basis: own.within.basis.clone(),
            revocations: own.revocations.value.clone(),
        })
    }

    /// A column that every row has, of a kind.
    fn signed_column(&mut self, feed: &Feed, name: &Spanned<Name>, kind: &ColumnKind) {
        let known: Vec<&str> = feed.columns.iter().map(|own| own.name.as_str()).collect();
        self.must_know(Kind::Column, name, known);
        let fits = |own: &&crate::model::FeedColumn| own.kind == *kind && !own.optional;
        if feed.column(&name.value).is_some_and(|own| !fits(&own)) {
            let zh = "这一列须为文本，且每一行都须有值";
            let en = "it must be a text that is in every row";
            self.fault("signed-column", name.at, zh, en);
        }
    }

    /// The register of who may sign.
    fn signers(&mut self, feed: &Feed, by: &Spanned<Name>) -> Option<Name> {
        let known: Vec<&str> = feed.columns.iter().map(|own| own.name.as_str()).collect();
        self.must_know(Kind::Column, by, known);
        let column = feed.column(&by.value)?;
        match &column.kind {
            ColumnKind::Entry(register) if !column.optional => Some(register.clone()),
            _ => {
                let zh = "签名人须为每一行都有的登记编号";
                let en = "who signed must be an entry of a register that is in every row";
                self.fault("signed-by", by.at, zh, en);
                None
            }
        }
    }

    /// Values that can be written in several ways, or that are not kept, are in no signed row.
    fn must_be_signable(&mut self, file: &FeedFile, feed: &Feed, own: &language::FeedSigned) {
        for column in &feed.columns {
            let many = matches!(
                column.kind,
                ColumnKind::Person | ColumnKind::Money | ColumnKind::Decimal(_)
            );
            if many {
                let named = file.columns.names().find(|name| name.value == column.name);
                let at = named.map_or(own.at, |name| name.at);
                let zh = "经签名的行不含自然人、金额和小数：前者只存摘要，后者写法不一";
                let en = "a signed row has no person, money or decimal: of the first only a digest \
                          is kept, the others can be written in several ways";
                self.fault("signed-unsignable", at, zh, en);
            }
        }
    }

    /// The feed of revoked certificates has the columns that the platform fills, and no others that
    /// must be filled.
    fn must_take_revocations(&mut self, name: &Spanned<Name>) {
        let parsed = self.parsed;
        let Some(file) = parsed.feeds.iter().find(|file| file.feed == name.value) else { return };
        let [certificate, revoked_at, reason] = REVOKED;
        let kind = |wanted: &str| {
            let found = file.columns.iter().find(|(name, _)| name.value.as_str() == wanted);
            found.map(|(_, column)| &column.r#type)
        };
        let is = |wanted: &str, kind_is: &language::ColumnType| kind(wanted) == Some(kind_is);
        let told = is(certificate, &language::ColumnType::Text)
            && is(revoked_at, &language::ColumnType::Moment)
            && is(reason, &language::ColumnType::Text);
        let keyed = file.key.iter().map(|key| key.value.as_str()).eq([certificate]);
        let at = file.event_at.value.as_str() == revoked_at;
        let more = file.columns.iter().any(|(name, column)| {
            !REVOKED.contains(&name.value.as_str()) && column.optional != Some(true)
        });
        if !told || !keyed || !at || more {
            let zh = "撤销证书的数据源须以 `certificate` 为键、以 `revoked-at` 为事件时刻，\
                      另有 `reason`，其他列可以空缺";
            let en = "a feed of revoked certificates has `certificate` as its key, `revoked-at` as \
                      its moment and `reason`; every other column may be left open";
            self.fault("signed-revocations", name.at, zh, en);
        }
    }
}
