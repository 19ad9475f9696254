//! Somebody at a browser who files herb rooms and sends a form again when no answer came.

use reqwest::{Client, Response, StatusCode, multipart, redirect::Policy};

/// A form as it was sent.
#[derive(Debug, Clone)]
pub(crate) struct Form {
    token: String,
    key: String,
    called: String,
    /// The case it led to, as soon as anybody was told.
    pub(crate) case: Option<u64>,
}

/// A visitor with everything they have sent.
pub(crate) struct Visitor {
    number: usize,
    client: Client,
    /// Every form sent, in order.
    pub(crate) forms: Vec<Form>,
}

const APPLY: &str = "/en/apply/herb-room-licence/whole";

impl Visitor {
    /// A visitor who has signed in at an address.
    pub(crate) async fn signed_in(number: usize, base: &str) -> Self {
        Self::signed_in_as("lin", number, base).await
    }

    /// Somebody of the demonstration who has signed in at an address.
    pub(crate) async fn signed_in_as(person: &str, number: usize, base: &str) -> Self {
        let client = Client::builder().cookie_store(true).redirect(Policy::none()).build().unwrap();
        let address = format!("{base}/en/sign-in");
        let page = client.get(&address).send().await.unwrap().text().await.unwrap();
        let form = [("token", hidden(&page, "token")), ("person", person.to_owned())];
        let sent = client.post(&address).form(&form).send().await.unwrap();
        assert_eq!(sent.status(), StatusCode::SEE_OTHER);
        Self { number, client, forms: Vec::new() }
    }

    /// What a page says.
    pub(crate) async fn sees(&self, address: &str) -> String {
        self.client.get(address).send().await.unwrap().text().await.unwrap()
    }

    /// Fills in the form of a page, which must be taken.
    pub(crate) async fn fills(&self, address: &str, fields: &[(&str, &str)]) {
        let page = self.sees(address).await;
        let (token, key) = (hidden(&page, "token"), hidden(&page, "key"));
        let mut all = vec![("token", token.as_str()), ("key", key.as_str())];
        all.extend(fields);
        let sent = self.client.post(address).form(&all).send().await.unwrap();
        assert_eq!(sent.status(), StatusCode::SEE_OTHER, "{}", sent.text().await.unwrap());
    }

    /// Files one herb room after another, telling of each, until the server is gone.
    pub(crate) async fn files(mut self, base: String, tell: impl Fn()) -> Self {
        while let Ok(form) = self.fresh(&base).await {
            self.forms.push(form);
            if self.send(&base, self.forms.len() - 1).await.is_err() {
                break;
            }
            tell();
        }
        self
    }

    /// A form that was asked for and not sent yet.
    pub(crate) async fn fresh(&self, base: &str) -> Result<Form, reqwest::Error> {
        let page = self.client.get(format!("{base}{APPLY}")).send().await?.text().await?;
        let called = format!("柳记草药房 {}-{}", self.number, self.forms.len());
        let (token, key) = (hidden(&page, "token"), hidden(&page, "key"));
        Ok(Form { token, key, called, case: None })
    }

    /// Sends a form, again or for the first time; it must lead to the case it led to before.
    pub(crate) async fn send(&mut self, base: &str, form: usize) -> Result<(), reqwest::Error> {
        let form = &mut self.forms[form];
        let request = self.client.post(format!("{base}{APPLY}")).multipart(parts(form));
        let case = case_of(request.send().await?);
        let before = *form.case.get_or_insert(case);
        assert_eq!(before, case, "{form:?}");
        Ok(())
    }

    /// Gives the application up that a form made.
    pub(crate) async fn withdraws(&self, base: &str, form: &Form) {
        let case = form.case.unwrap();
        let address = format!("{base}/en/cases/{case}");
        let page = self.client.get(&address).send().await.unwrap().text().await.unwrap();
        let fields = [("token", hidden(&page, "token")), ("key", hidden(&page, "key"))];
        let sent = self.client.post(format!("{address}/withdraw")).form(&fields).send().await;
        assert_eq!(sent.unwrap().status(), StatusCode::SEE_OTHER, "{form:?}");
    }

    /// Fails unless the case of a form is shown and is about what the form said.
    pub(crate) async fn must_see(&self, base: &str, form: &Form) {
        let case = form.case.unwrap();
        let page = self.client.get(format!("{base}/en/cases/{case}")).send().await.unwrap();
        assert_eq!(page.status(), StatusCode::OK, "{form:?}");
        assert!(page.text().await.unwrap().contains(&form.called), "{form:?}");
    }
}

fn parts(form: &Form) -> multipart::Form {
    let fields = [
        ("token", form.token.as_str()),
        ("key", &form.key),
        ("applicant:kind", "person"),
        ("herb-room.name", &form.called),
        ("herb-room.division", "900101001"),
        ("herb-room.herbs", "H1"),
        ("herb-room.main-herb", "H1"),
        ("herb-room.floor-area", "30"),
        ("herb-room.night", "no"),
        ("herb-room.purpose", "trade"),
        ("keeper.name", "蓝溪（虚构）"),
        ("keeper.resident-id", "110101190305170009"),
        ("keeper.worked-since", "2008-01-01"),
        ("shared:lease", "yes"),
    ];
    let fill = |filled: multipart::Form, (name, value): (&'static str, &str)| {
        filled.text(name, value.to_owned())
    };
    let plan = multipart::Part::bytes(format!("%PDF-1.7 {}", form.called).into_bytes())
        .file_name("plan.pdf");
    fields.into_iter().fold(multipart::Form::new(), fill).part("plan", plan)
}

/// The value of a hidden field.
fn hidden(page: &str, name: &str) -> String {
    let marked = format!("name=\"{name}\" value=\"");
    let (_, after) = page.split_once(&marked).unwrap_or_else(|| panic!("no `{name}` in {page}"));
    after.split('"').next().unwrap().to_owned()
}

/// The case that an answer leads to. Whoever answers at all has filed it.
fn case_of(sent: Response) -> u64 {
    assert_eq!(sent.status(), StatusCode::SEE_OTHER, "{sent:?}");
    let to = sent.headers()["location"].to_str().unwrap();
    let number = to.split_once("/cases/").unwrap().1.split('?').next().unwrap();
    number.parse().unwrap()
}
