//! E-mail over SMTP: plain text in UTF-8, in the language that its reader chose.

use std::time::Duration;

use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{
        Mailbox,
        header::{ContentType, HeaderName, HeaderValue},
    },
};

use super::{Failed, Letter};

/// A mail server may keep us waiting for so long.
const PATIENCE: Duration = Duration::from_secs(30);

/// The way to a mail server.
pub(crate) struct Mail {
    server: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl Mail {
    /// The mail server at `smtp://…` or `smtps://…`, with who sends.
    ///
    /// # Errors
    /// What is wrong with the address or the sender, for the operator.
    pub(crate) fn new(server: &str, from: &str) -> Result<Self, String> {
        let from: Mailbox = from.parse().map_err(|_| format!("`{from}` is no mail address"))?;
        let server = AsyncSmtpTransport::<Tokio1Executor>::from_url(server)
            .map_err(|error| format!("the mail server's address does not read: {error}"))?;
        Ok(Self { server: server.timeout(Some(PATIENCE)).build(), from })
    }

    pub(super) async fn send(&self, to: &str, letter: &Letter) -> Result<(), Failed> {
        let message = self.message(to, letter)?;
        match self.server.send(message).await {
            Ok(_) => Ok(()),
            Err(error) if error.is_permanent() => Err(Failed::for_good(said(&error, to))),
            Err(error) => Err(Failed::again(said(&error, to))),
        }
    }

    fn message(&self, to: &str, letter: &Letter) -> Result<Message, Failed> {
        let unfit = |_| Failed::for_good("the address is no mail address");
        let to: Address = to.parse().map_err(unfit)?;
        let id = format!("<{}@{}>", letter.id, self.from.email.domain());
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(letter.subject.clone())
            .message_id(Some(id))
            .header(ContentType::TEXT_PLAIN)
            .body(letter.text.clone());
        let mut message = message.map_err(|error| Failed::for_good(error.to_string()))?;
        // RFC 3834: no machine should answer what a machine has sent.
        let name = HeaderName::new_from_ascii_str("Auto-Submitted");
        message.headers_mut().insert_raw(HeaderValue::new(name, "auto-generated".to_owned()));
        Ok(message)
    }
}

/// What the mail server said, without the address that it may repeat.
fn said(error: &lettre::transport::smtp::Error, to: &str) -> String {
    let causes =
        std::iter::successors(Some(error as &dyn std::error::Error), |error| error.source());
    let said = causes.map(ToString::to_string).collect::<Vec<_>>().join(": ");
    said.replace(to, "…").chars().take(300).collect()
}

/// Whether a text is a mail address.
pub(crate) fn fits(text: &str) -> bool {
    text.len() <= 254 && text.parse::<Address>().is_ok() && !text.contains(['"', '['])
}
