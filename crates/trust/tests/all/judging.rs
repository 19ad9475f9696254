//! All of it together: what counted at an instant, by what was shown of revocation.

use std::time::Duration;

use base::Instant;
use trust::{
    Algorithm, Evidence, Judged, Limits, Listed, OcspResponse, Reason, Refused, RevocationList,
    Standing, Use,
    issue::{Authority, Draft},
    judge,
};

use crate::making::{Chain, DAY, MIDDLE, OURS, YEAR, at, key, listed, public, span, subject};

const ONE: Algorithm = Algorithm::Ed25519;
const MINUTE: i64 = 60;
const SIGNED: i64 = 10 * DAY;

const LIMITS: Limits =
    Limits { skew: Duration::from_secs(300), at_most: Duration::from_secs(3 * 86_400) };

fn code<T>(judged: Result<T, Refused>) -> &'static str {
    judged.err().map_or("", |why| why.code())
}

/// The list of the root, fresh for the year.
fn above(chain: &Chain) -> Evidence {
    Evidence::List(chain.root.revocation_list(1, span(0, YEAR), &[]).unwrap())
}

fn list(by: &Authority, from: i64, next: i64, all: &[Listed]) -> RevocationList {
    by.revocation_list(2, span(from, next), all).unwrap()
}

/// Judges what was signed at an instant and received a minute later.
fn judged(chain: &Chain, evidence: &[Evidence], seconds: i64) -> Result<Judged, Refused> {
    let mut all = vec![above(chain)];
    all.extend_from_slice(evidence);
    let received = at(seconds + MINUTE);
    judge(&chain.trust(), &chain.leaf, &chain.between(), &all, at(seconds), received, LIMITS)
}

fn with_list(chain: &Chain, from: i64, next: i64, all: &[Listed]) -> &'static str {
    let list = Evidence::List(list(&chain.middle, from, next, all));
    code(judged(chain, &[list], SIGNED))
}

#[test]
fn a_minute_before_it_was_revoked_it_counted() {
    for algorithm in OURS {
        let chain = Chain::new(algorithm);
        let after = |revoked| {
            let gone = listed(&[3], revoked, Reason::KeyCompromise);
            with_list(&chain, SIGNED + DAY, SIGNED + 2 * DAY, &[gone])
        };
        assert_eq!(after(SIGNED + MINUTE), "", "signed a minute before");
        assert_eq!(after(SIGNED), "revoked", "in the same second");
        assert_eq!(after(SIGNED - MINUTE), "revoked", "signed a minute after");
        let mut early = listed(&[3], SIGNED + MINUTE, Reason::KeyCompromise);
        early.unsafe_since = Some(at(SIGNED - DAY));
        let why = with_list(&chain, SIGNED + DAY, SIGNED + 2 * DAY, &[early]);
        assert_eq!(why, "revoked", "the key was unsafe before");
        assert_eq!(with_list(&chain, SIGNED + DAY, SIGNED + 2 * DAY, &[]), "");
    }
}

#[test]
fn the_instant_must_lie_near_the_receipt() {
    let chain = Chain::new(ONE);
    let all = [above(&chain), Evidence::List(list(&chain.middle, 0, YEAR, &[]))];
    let check = |received: i64, expected| {
        let (leaf, between) = (&chain.leaf, chain.between());
        let found = judge(&chain.trust(), leaf, &between, &all, at(SIGNED), at(received), LIMITS);
        assert_eq!(code(found), expected, "{received}");
    };
    check(SIGNED, "");
    check(SIGNED - 300, "");
    check(SIGNED - 301, "ahead");
    check(SIGNED + 3 * DAY, "");
    check(SIGNED + 3 * DAY + 1, "long-ago");
    let far = Instant::MIN;
    let found = judge(&chain.trust(), &chain.leaf, &[], &all, Instant::MAX, far, LIMITS);
    assert_eq!(code(found), "ahead");
    let found = judge(&chain.trust(), &chain.leaf, &[], &all, far, Instant::MAX, LIMITS);
    assert_eq!(code(found), "long-ago");
}

#[test]
fn what_is_not_shown_is_not_true() {
    let chain = Chain::new(ONE);
    assert_eq!(code(judged(&chain, &[], SIGNED)), "unknown-standing", "no list");
    assert_eq!(with_list(&chain, 0, SIGNED - 1, &[]), "unknown-standing", "a stale list");
    assert_eq!(with_list(&chain, 0, SIGNED, &[]), "", "fresh to its last second");
    assert_eq!(with_list(&chain, SIGNED, SIGNED, &[]), "");
    let gone = listed(&[3], DAY, Reason::Superseded);
    assert_eq!(with_list(&chain, 2 * DAY, 3 * DAY, &[gone]), "revoked", "old, and for good");
    let other = listed(&[33], DAY, Reason::Superseded);
    assert_eq!(with_list(&chain, 2 * DAY, YEAR, &[other]), "", "another certificate");
    // A list that the root issued says nothing of what the middle did.
    let wrong = Evidence::List(list(&chain.root, 0, YEAR, &[]));
    assert_eq!(code(judged(&chain, &[wrong], SIGNED)), "unknown-standing");
    // A list in the middle's name that somebody else signed shows nothing, and hides nothing.
    let stranger = Authority::of(key(ONE, 8), chain.middle.certificate().clone());
    let wrong = Evidence::List(list(&stranger, 0, YEAR, &[]));
    let good = Evidence::List(list(&chain.middle, 0, YEAR, &[]));
    assert_eq!(code(judged(&chain, std::slice::from_ref(&wrong), SIGNED)), "unknown-standing");
    assert_eq!(code(judged(&chain, &[wrong, good.clone()], SIGNED)), "");
    let alone = [good.clone()];
    let (leaf, between) = (&chain.leaf, chain.between());
    let found = judge(&chain.trust(), leaf, &between, &alone, at(SIGNED), at(SIGNED), LIMITS);
    let name = chain.middle.certificate().subject();
    assert_eq!(found, Err(Refused::UnknownStanding(name)), "of the authority itself");
    let found = judged(&chain, &[good], SIGNED).unwrap();
    assert_eq!(found.known, [at(0), at(0)]);
}

#[test]
fn a_renewed_authority_has_lists_from_before_its_new_certificate() {
    let chain = Chain::new(ONE);
    let (name, days) = ("柳溪电子认证 / Willow certification", span(SIGNED - DAY, YEAR));
    let renewed = chain.root.intermediate(key(ONE, MIDDLE), name, &[4], days, Some(0)).unwrap();
    let between = [renewed.certificate().clone()];
    let list = |from| Evidence::List(list(&chain.middle, from, YEAR, &[]));
    let check = |lists: &[Evidence], expected| {
        let mut all = vec![above(&chain)];
        all.extend_from_slice(lists);
        let (leaf, at) = (&chain.leaf, at(SIGNED));
        assert_eq!(code(judge(&chain.trust(), leaf, &between, &all, at, at, LIMITS)), expected);
    };
    check(&[list(SIGNED - 2 * DAY), list(SIGNED - MINUTE)], "");
    check(&[list(SIGNED - 2 * DAY)], "unknown-standing");
}

#[test]
fn a_hold_counts_while_it_is_listed() {
    let chain = Chain::new(ONE);
    let held = listed(&[3], SIGNED - DAY, Reason::Hold);
    let holding =
        |from, next| Evidence::List(list(&chain.middle, from, next, std::slice::from_ref(&held)));
    let free = |from, next| Evidence::List(list(&chain.middle, from, next, &[]));
    let check = |all: &[Evidence], expected, what| {
        assert_eq!(code(judged(&chain, all, SIGNED)), expected, "{what}");
    };
    let (before, after) = (SIGNED - MINUTE, SIGNED + MINUTE);
    check(&[holding(before, YEAR)], "revoked", "held then");
    check(&[holding(after, YEAR)], "revoked", "held, as was known later");
    check(&[holding(before, YEAR), free(after, YEAR)], "revoked", "let go after it");
    check(&[holding(before - 1, YEAR), free(before, YEAR)], "", "let go before it");
    check(&[holding(before, SIGNED - 1)], "unknown-standing", "held on a stale list");
}

#[test]
fn an_authority_that_was_revoked_counts_no_more() {
    let chain = Chain::new(ONE);
    let gone = |revoked| {
        let own = listed(&[2], revoked, Reason::AuthorityCompromise);
        Evidence::List(list(&chain.root, SIGNED + DAY, YEAR, &[own]))
    };
    let below = |from| Evidence::List(list(&chain.middle, from, YEAR, &[]));
    let check = |all: &[Evidence], expected, what| {
        assert_eq!(code(judged(&chain, all, SIGNED)), expected, "{what}");
    };
    check(&[gone(SIGNED - 1), below(0)], "revoked", "before the signature");
    check(&[gone(SIGNED + DAY), below(0)], "", "after it, and shown by what was said before");
    // Whoever has the authority's key can say then that nobody was revoked.
    check(&[gone(SIGNED + DAY), below(SIGNED + DAY)], "unknown-standing", "said by anybody");
    // An anchor that is trusted no more is believed in what it said while it was.
    let root = chain.root.certificate().clone();
    let anchor = trust::Anchor::new(root, at(0), Some(at(SIGNED + DAY))).unwrap();
    let trust = trust::Trust::new(vec![anchor]);
    let until = |from| {
        let above = chain.root.revocation_list(1, span(from, YEAR), &[]).unwrap();
        let (leaf, all) = (&chain.leaf, [Evidence::List(above), below(0)]);
        code(judge(&trust, leaf, &chain.between(), &all, at(SIGNED), at(SIGNED), LIMITS))
    };
    assert_eq!(until(SIGNED + DAY - 1), "");
    assert_eq!(until(SIGNED + DAY), "unknown-standing");
}

#[test]
fn a_list_is_whole_and_by_who_may() {
    let chain = Chain::new(ONE);
    let own = list(&chain.middle, 0, YEAR, &[listed(&[3], DAY, Reason::Cessation)]);
    own.verify(chain.middle.certificate()).unwrap();
    assert_eq!(code(own.verify(chain.root.certificate())), "other-issuer");
    assert_eq!(code(RevocationList::read(&[own.to_der(), b"\0"].concat())), "not-a-list");
    assert_eq!(code(RevocationList::read(chain.leaf.to_der())), "not-a-list");
    assert_eq!(RevocationList::read(own.to_pem().unwrap().as_bytes()).unwrap(), own);
    assert_eq!(code(chain.middle.revocation_list(1, span(2, 1), &[])), "not-a-list");
    let twice = [listed(&[3], 1, Reason::Hold), listed(&[3], 2, Reason::KeyCompromise)];
    assert_eq!(code(chain.middle.revocation_list(1, span(0, 1), &twice)), "not-a-list");
    // A key that may issue certificates and no lists.
    let public = public(ONE, 7);
    let mut draft = Draft::authority(subject("middle"), &public, None, span(0, YEAR), &[7]);
    draft.usages = Some(trust::issue::Usages::KeyCertSign.into());
    let without = Authority::of(key(ONE, 7), chain.root.sign(&draft).unwrap());
    let other = list(&without, 0, YEAR, &[]);
    assert_eq!(code(other.verify(without.certificate())), "may-not-list");
    // The same names, of another key.
    let stranger = Authority::of(key(ONE, 8), chain.middle.certificate().clone());
    let other = list(&stranger, 0, YEAR, &[]);
    assert_eq!(code(other.verify(chain.middle.certificate())), "wrong-signature");
    // An issuer that was not valid when it issued.
    let late = list(&chain.middle, 11 * YEAR, 12 * YEAR, &[]);
    assert_eq!(code(late.verify(chain.middle.certificate())), "expired");
}

/// A responder, with the authority that gave it its certificate.
fn responder(chain: &Chain, change: impl FnOnce(&mut Draft<'_>)) -> Authority {
    let public = public(ONE, 9);
    let mut draft = Draft::leaf(subject("答复"), &public, Use::Ocsp, span(0, YEAR), &[9]);
    change(&mut draft);
    Authority::of(key(ONE, 9), chain.middle.sign(&draft).unwrap())
}

fn answered(chain: &Chain, by: &Authority, standing: Standing) -> OcspResponse {
    let issuer = chain.middle.certificate();
    let answers = [(&chain.leaf, standing)];
    by.ocsp_response(issuer, &answers, at(SIGNED + 1), Some(at(SIGNED + DAY))).unwrap()
}

const GOOD: Standing = Standing::Good { known: Instant::MIN };

#[test]
fn answers_are_judged_as_lists_are() {
    let chain = Chain::new(ONE);
    let check = |standing, expected| {
        let answer = answered(&chain, &chain.middle, standing);
        assert_eq!(code(judged(&chain, &[Evidence::Response(answer)], SIGNED)), expected);
    };
    check(GOOD, "");
    let revoked = |seconds| Standing::Revoked { since: at(seconds), reason: Reason::KeyCompromise };
    check(revoked(SIGNED), "revoked");
    check(revoked(SIGNED + 1), "");
    check(Standing::Unknown, "unknown-standing");
    let issuer = chain.middle.certificate();
    let answers = [(&chain.leaf, GOOD)];
    let given = |from, next: Option<i64>| {
        let answer = chain.middle.ocsp_response(issuer, &answers, at(from), next.map(at));
        code(judged(&chain, &[Evidence::Response(answer.unwrap())], SIGNED))
    };
    assert_eq!(given(SIGNED - DAY, Some(SIGNED)), "", "fresh to its last second");
    assert_eq!(given(SIGNED - DAY, Some(SIGNED - 1)), "unknown-standing", "stale");
    assert_eq!(given(SIGNED - DAY, None), "unknown-standing", "no next one");
    assert_eq!(given(SIGNED, None), "", "no next one, and late enough");
    // Good from one and revoked from another is revoked; unknown spoils a list.
    let list = Evidence::List(list(&chain.middle, 0, YEAR, &[]));
    for (standing, expected) in [(revoked(DAY), "revoked"), (Standing::Unknown, "unknown-standing")]
    {
        let answer = Evidence::Response(answered(&chain, &chain.middle, standing));
        assert_eq!(code(judged(&chain, &[list.clone(), answer.clone()], SIGNED)), expected);
        assert_eq!(code(judged(&chain, &[answer, list.clone()], SIGNED)), expected);
    }
    let other = OcspResponse::read(&[0x30, 3, 10, 1, 2]);
    assert_eq!(code(other), "no-answer", "an internal error");
    let own = answered(&chain, &chain.middle, GOOD);
    assert_eq!(code(OcspResponse::read(&[own.to_der(), b"\0"].concat())), "not-an-answer");
}

#[test]
fn a_delegate_answers_where_it_may() {
    let chain = Chain::new(ONE);
    let oid = trust::issue::ObjectIdentifier::new_unwrap;
    let asked = |by: &Authority, also: &[Evidence]| {
        let mut all = vec![Evidence::Response(answered(&chain, by, GOOD))];
        all.extend_from_slice(also);
        code(judged(&chain, &all, SIGNED))
    };
    let check = |expected, change: &dyn Fn(&mut Draft<'_>)| {
        assert_eq!(asked(&responder(&chain, |draft| change(draft)), &[]), expected);
    };
    check("", &|_| {});
    check("may-not-answer", &|draft| draft.purposes = Vec::new());
    check("may-not-answer", &|draft| draft.purposes = vec![oid("2.5.29.37.0")]);
    check("may-not-answer", &|draft| draft.usages = None);
    check("may-not-answer", &|draft| draft.authority = Some(None));
    check("expired", &|draft| draft.span = span(0, SIGNED));
    check("not-understood", &|draft| draft.others = vec![(oid("1.2.3"), true, vec![5, 0])]);
    // Whoever does not say that nobody need ask must be shown not to be revoked.
    check("unknown-standing", &|draft| draft.others = Vec::new());
    let asking = responder(&chain, |draft| draft.others = Vec::new());
    let shown = |all: &[Listed]| Evidence::List(list(&chain.middle, SIGNED, SIGNED + DAY, all));
    assert_eq!(asked(&asking, &[shown(&[])]), "");
    let gone = listed(&[9], DAY, Reason::KeyCompromise);
    assert_eq!(asked(&asking, &[shown(&[gone])]), "may-not-answer");
    // A delegate of the root is none of the middle's, and a stranger is nobody's.
    let public = public(ONE, 9);
    let of_root = chain.root.issue(subject("答复"), &public, Use::Ocsp, span(0, YEAR), &[9]);
    assert_eq!(asked(&Authority::of(key(ONE, 9), of_root.unwrap()), &[]), "may-not-answer");
    let stranger = Authority::of(key(ONE, 8), chain.middle.certificate().clone());
    assert_eq!(asked(&stranger, &[]), "wrong-signature");
}

#[test]
fn the_document_of_refusals_is_current() {
    let chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    let mut document = "Why a certificate, or a signature by it, is not trusted.\n".to_owned();
    let mut codes = std::collections::BTreeSet::new();
    for (why, number) in Refused::all().iter().zip(1601..) {
        let (code, says, next) = (why.code(), why.says(), why.next());
        assert_eq!(why.number(), number, "{code}");
        assert!(codes.insert(code), "{code}");
        assert!(chinese(&says.zh) && chinese(&next.zh) && next.zh.ends_with('。'), "{code}");
        assert!(!says.en.is_empty() && next.en.ends_with('.'), "{code}");
        document.push_str(&format!("\n{number} {code}\n  {}\n  {}\n", says.zh, says.en));
        document.push_str(&format!("  → {}\n  → {}\n", next.zh, next.en));
    }
    assert_eq!(codes.len(), 31, "one of each");
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = path.join("../../docs/reference/trust-faults.txt");
    if std::env::var_os("GOLDEN").is_some() {
        std::fs::write(&path, &document).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(kept, document, "run this test with GOLDEN=1 if the change is meant");
}
