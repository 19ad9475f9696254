//! A browser without a window: it keeps its cookie and fills in the hidden fields of forms.

use std::convert::Infallible;

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use futures_util::stream;
use tower::ServiceExt;

/// Somebody at a browser.
pub(super) struct Client {
    router: Router,
    cookie: String,
}

/// An answer.
pub(super) struct Answer {
    /// Its status.
    pub(super) status: StatusCode,
    /// Its headers.
    pub(super) headers: HeaderMap,
    /// Its body as text.
    pub(super) body: String,
    /// Its body as it came.
    pub(super) bytes: Vec<u8>,
}

impl Answer {
    /// Where it leads.
    pub(super) fn location(&self) -> &str {
        self.headers.get(header::LOCATION).map_or("", |value| value.to_str().unwrap())
    }

    /// The value of the first hidden field of that name.
    pub(super) fn hidden(&self, name: &str) -> String {
        let field = format!("name=\"{name}\" value=\"");
        self.body.split_once(&field).map_or_else(String::new, |(_, rest)| {
            rest.split('"').next().unwrap_or_default().to_owned()
        })
    }

    /// Every address on the page that begins so.
    pub(super) fn links(&self, begin: &str) -> Vec<String> {
        let own = self.body.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
        own.filter(|href| href.starts_with(begin)).map(str::to_owned).collect()
    }

    /// Asserts a status and parts of the body.
    pub(super) fn says(&self, status: u16, parts: &[&str]) -> &Self {
        assert_eq!(self.status, status, "{}", self.body);
        for part in parts {
            assert!(self.body.contains(part), "`{part}` not in {}", self.body);
        }
        self
    }
}

impl Client {
    /// A browser that nobody has used.
    pub(super) fn new(router: Router) -> Self {
        Self { router, cookie: String::new() }
    }

    /// A browser that has been given a cookie.
    pub(super) fn with_cookie(router: Router, line: &str) -> Self {
        let cookie = line.split(';').next().unwrap_or_default().to_owned();
        Self { router, cookie }
    }

    /// The cookie it sends.
    pub(super) fn cookie(&self) -> &str {
        &self.cookie
    }

    /// A browser in which a person is signed in.
    pub(super) async fn signed_in(router: Router, person: &str) -> Self {
        let mut client = Self::new(router);
        let page = client.get("/en/sign-in").await;
        let fields = [("token", page.hidden("token")), ("person", person.to_owned())];
        let answer = client.post("/en/sign-in", &fields).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        client
    }

    /// Asks for a page.
    pub(super) async fn get(&mut self, address: &str) -> Answer {
        self.send(Method::GET, address, "", Vec::new()).await
    }

    /// Sends a form.
    pub(super) async fn post(&mut self, address: &str, fields: &[(&str, String)]) -> Answer {
        let pairs = fields.iter().map(|(name, value)| {
            let escaped = crate::web::handle::escaped;
            format!("{}={}", escaped(name), escaped(value))
        });
        let body = pairs.collect::<Vec<_>>().join("&");
        let kind = "application/x-www-form-urlencoded";
        self.send(Method::POST, address, kind, body.into_bytes()).await
    }

    /// Sends bytes as a program does.
    pub(super) async fn post_bytes(&mut self, address: &str, bytes: &[u8]) -> Answer {
        self.send(Method::POST, address, "application/ofd", bytes.to_vec()).await
    }

    /// Opens a page and sends one of its forms, with its token and its number.
    pub(super) async fn fill(
        &mut self,
        page: &str,
        address: &str,
        fields: &[(&str, &str)],
    ) -> Answer {
        let asked = self.get(page).await;
        let mut sent = vec![("token", asked.hidden("token")), ("key", asked.hidden("key"))];
        sent.extend(fields.iter().map(|(name, value)| (*name, (*value).to_owned())));
        self.post(address, &sent).await
    }

    /// Sends a form with files.
    pub(super) async fn post_files(
        &mut self,
        address: &str,
        fields: &[(&str, &str)],
        files: &[(&str, &[u8])],
    ) -> Answer {
        const EDGE: &str = "edge-of-a-part";
        let mut body = Vec::new();
        for (name, value) in fields {
            let head =
                format!("--{EDGE}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n");
            body.extend(format!("{head}{value}\r\n").into_bytes());
        }
        for (name, bytes) in files {
            let head = format!(
                "--{EDGE}\r\nContent-Disposition: form-data; name=\"{name}\"; \
                 filename=\"a.pdf\"\r\nContent-Type: application/pdf\r\n\r\n"
            );
            body.extend(head.into_bytes());
            body.extend_from_slice(bytes);
            body.extend(b"\r\n");
        }
        body.extend(format!("--{EDGE}--\r\n").into_bytes());
        let kind = format!("multipart/form-data; boundary={EDGE}");
        // A connection brings a form in pieces, and one that is too large is cut off on the way.
        let pieces: Vec<Result<Vec<u8>, Infallible>> =
            body.chunks(64 * 1024).map(|piece| Ok(piece.to_vec())).collect();
        let body = Body::from_stream(stream::iter(pieces));
        self.ask(Method::POST, address, &[("content-type", &kind)], body).await
    }

    /// Forgets the cookie, as if the session had run out.
    pub(super) fn forget(&mut self) {
        self.cookie.clear();
    }

    async fn send(&mut self, method: Method, address: &str, kind: &str, body: Vec<u8>) -> Answer {
        self.ask(method, address, &[("content-type", kind)], body).await
    }

    /// Sends any request.
    pub(super) async fn ask(
        &mut self,
        method: Method,
        address: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(address)
            .header(header::HOST, "localhost")
            .header(header::COOKIE, &self.cookie);
        let request =
            headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        let request = request.body(body.into()).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        if let Some(cookie) = headers.get(header::SET_COOKIE) {
            self.cookie = cookie.to_str().unwrap().split(';').next().unwrap().to_owned();
        }
        let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        let body = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status, headers, body, bytes: bytes.to_vec() }
    }
}
