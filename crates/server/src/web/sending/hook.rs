//! Web hooks as the Standard Webhooks specification has them: a JSON body, a number that stays the
//! same from attempt to attempt, and a signature by HMAC-SHA256 over number, time and body, so that
//! the receiver knows who sent it, that nothing was changed, and that it is not an old one again.
//!
//! Who names an address must not make us call what only we can reach (SSRF): addresses are looked
//! up by us, and only public ones are called; redirects are not followed.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use base::Instant;
use base64ct::{Base64, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use reqwest::{
    Client, Url,
    dns::{Addrs, Name, Resolve, Resolving},
    redirect::Policy,
};
use sha2::Sha256;
use store::outbox::Sending;

use crate::json::in_order;

use super::{Failed, Letter, ready_for_tls};

/// A receiver may keep us waiting for so long.
const PATIENCE: Duration = Duration::from_secs(20);
/// What every secret begins with.
const SECRET: &str = "whsec_";
/// The longest address.
const ADDRESS_MAX: usize = 1_000;

/// The way to web hooks.
pub(crate) struct Hooks {
    client: Client,
    private: bool,
}

impl Hooks {
    pub(crate) fn new(private: bool) -> Result<Self, String> {
        ready_for_tls();
        let client = Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .timeout(PATIENCE)
            .dns_resolver(Arc::new(Careful { private }))
            .user_agent("yiyang-webhooks/1")
            .build()
            .map_err(|error| error.to_string())?;
        Ok(Self { client, private })
    }

    /// Calls the hook of an outlet, whose address is followed by a blank and its secret.
    pub(super) async fn send(
        &self,
        address: &str,
        letter: &Letter,
        sending: &Sending,
        at: Instant,
    ) -> Result<(), Failed> {
        let (url, secret) = address.split_once(' ').ok_or_else(unread)?;
        let body = serde_json::json!({
            "type": format!("case.{}", letter.kind),
            "timestamp": sending.at.to_string(),
            "data": {
                "case": sending.case.0.0,
                "entry": sending.number.0,
                "kind": letter.kind,
                "link": letter.link,
            },
        });
        self.call(url, secret, &letter.id, &body, at).await
    }

    /// Calls an address with a signed body; the same `id` is the same message again.
    pub(crate) async fn call(
        &self,
        url: &str,
        secret: &str,
        id: &str,
        body: &serde_json::Value,
        at: Instant,
    ) -> Result<(), Failed> {
        let url = public_address(url, self.private).ok_or_else(unread)?;
        let body = in_order(body.clone()).to_string();
        let signed = Signed { id, at, body: &body };
        let signature = signed.by(secret).ok_or_else(unread)?;
        let sent = self
            .client
            .post(url)
            .header("content-type", "application/json")
            .header("webhook-id", id)
            .header("webhook-timestamp", signed.seconds().to_string())
            .header("webhook-signature", signature)
            .body(body);
        match sent.send().await {
            Ok(answer) if answer.status().is_success() => Ok(()),
            // 410 Gone: the receiver wants no more of them.
            Ok(answer) if answer.status().as_u16() == 410 => Err(Failed::for_good("status 410")),
            Ok(answer) => Err(Failed::again(format!("status {}", answer.status().as_u16()))),
            Err(error) => Err(Failed::again(said(&error))),
        }
    }
}

/// That what the vault keeps of a hook is no address with a secret, or one that is not called.
fn unread() -> Failed {
    Failed::for_good("the hook's address or secret does not read")
}

/// What went wrong on the way, without the address.
fn said(error: &reqwest::Error) -> String {
    let word = match error {
        error if error.is_timeout() => "no answer in time",
        error if error.is_connect() => "no connection",
        _ => "the answer does not read",
    };
    let cause =
        std::iter::successors(Some(error as &dyn std::error::Error), |error| error.source());
    let cause = cause.last().map(ToString::to_string).unwrap_or_default();
    format!("{word}: {cause}").chars().take(300).collect()
}

/// What a signature covers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Signed<'a> {
    /// The message's number.
    pub(crate) id: &'a str,
    /// When it is sent.
    pub(crate) at: Instant,
    /// What is sent.
    pub(crate) body: &'a str,
}

impl Signed<'_> {
    fn seconds(&self) -> i64 {
        self.at.micros().div_euclid(1_000_000)
    }

    /// The signature under a secret; none where that does not read.
    pub(crate) fn by(&self, secret: &str) -> Option<String> {
        let key = Base64::decode_vec(secret.strip_prefix(SECRET)?).ok()?;
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).ok()?;
        mac.update(format!("{}.{}.{}", self.id, self.seconds(), self.body).as_bytes());
        Some(format!("v1,{}", Base64::encode_string(&mac.finalize().into_bytes())))
    }
}

/// A new secret for a hook.
pub(crate) fn secret() -> Option<String> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).ok()?;
    Some(format!("{SECRET}{}", Base64::encode_string(&bytes)))
}

/// The address of a hook that may be called: `https`, without a user, not at an address that is
/// ours alone. With `private`, any address and `http` too. A name is looked up, and held to the
/// same, when it is called.
pub(crate) fn public_address(text: &str, private: bool) -> Option<Url> {
    let url = Url::parse(text).ok().filter(|_| text.len() <= ADDRESS_MAX)?;
    let scheme = url.scheme() == "https" || private && url.scheme() == "http";
    let bare = url.username().is_empty() && url.password().is_none() && !text.contains(' ');
    let host = url.host_str()?.trim_start_matches('[').trim_end_matches(']');
    let open = match host.parse::<IpAddr>() {
        Ok(address) => private || public(address),
        Err(_) => private || host.contains('.') && !host.ends_with(".localhost"),
    };
    (scheme && bare && open).then_some(url)
}

/// Looks names up and leaves out every address that is not public.
struct Careful {
    private: bool,
}

impl Resolve for Careful {
    fn resolve(&self, name: Name) -> Resolving {
        let private = self.private;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let open: Vec<SocketAddr> =
                found.filter(|address| private || public(address.ip())).collect();
            if open.is_empty() {
                return Err("the name has no public address".into());
            }
            let addresses: Addrs = Box::new(open.into_iter());
            Ok(addresses)
        })
    }
}

/// Whether an address is one of the public internet (IANA special-purpose registries).
fn public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => public_v4(address),
        IpAddr::V6(address) => public_v6(address),
    }
}

fn public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = address.is_unspecified()
        || address.is_loopback()
        || address.is_private()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_broadcast()
        || address.is_documentation();
    // "This network", shared space (RFC 6598), protocol assignments, benchmarks, reserved.
    let reserved = a == 0
        || a == 100 && (64..128).contains(&b)
        || (a, b, c) == (192, 0, 0)
        || a == 198 && (b == 18 || b == 19)
        || a >= 240;
    !special && !reserved
}

fn public_v6(address: Ipv6Addr) -> bool {
    if let Some(mapped) = address.to_ipv4() {
        return public_v4(mapped);
    }
    let [first, second, ..] = address.segments();
    // Global unicast only, and of that neither documentation, nor what carries IPv4 inside.
    let global = first & 0xe000 == 0x2000;
    let carries = first == 0x2002 || first == 0x2001 && second < 0x0200;
    let documentation = first == 0x2001 && second == 0x0db8 || first == 0x3fff;
    global && !carries && !documentation
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_the_one_of_the_specification() {
        // The example of the Standard Webhooks specification.
        let signed = Signed {
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
            at: Instant::from_micros(1_614_265_330 * 1_000_000),
            body: "{\"test\": 2432232314}",
        };
        let signature = signed.by("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        assert_eq!(signed.by("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), None);
        assert_ne!(secret(), secret());
    }

    #[test]
    fn only_public_addresses_are_called() {
        let check = |text: &str, public: bool, with_private: bool| {
            assert_eq!(public_address(text, false).is_some(), public, "{text}");
            assert_eq!(public_address(text, true).is_some(), with_private, "{text} privately");
        };
        check("https://example.org/hook", true, true);
        check("https://93.184.216.34/hook", true, true);
        check("https://[2606:2800:220:1::1]/", true, true);
        check("http://example.org/hook", false, true);
        check("https://user:pass@example.org/", false, false);
        check("ftp://example.org/", false, false);
        check("no address", false, false);
        for host in [
            "127.0.0.1",
            "127.1",
            "0x7f.0.0.1",
            "2130706433",
            "0.0.0.0",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "192.0.0.8",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "localhost",
            "a.localhost",
            "[::1]",
            "[::]",
            "[fe80::1]",
            "[fd00::1]",
            "[::ffff:10.0.0.1]",
            "[64:ff9b::a00:1]",
            "[2002:a00:1::]",
            "[2001:db8::1]",
            "[ff02::1]",
        ] {
            check(&format!("https://{host}/"), false, true);
        }
    }

    #[tokio::test]
    async fn a_name_that_leads_home_is_not_called() {
        let resolve = |private| async move {
            let name: Name = "localhost".parse().unwrap();
            Careful { private }.resolve(name).await.map(|found| found.count())
        };
        assert!(resolve(false).await.is_err());
        assert!(resolve(true).await.is_ok_and(|count| count > 0));
    }
}
