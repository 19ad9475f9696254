//! Applying, one topic a page: where it starts, what is still to do, each topic, the answers to
//! check, the signature, and what was filed.

pub(crate) mod check;
pub(crate) mod topic;

use askama::Template;

use super::{apply::PromiseInput, behalf::BehalfInput, behalf::ServiceInput};
use crate::web::{
    fault::Refused,
    frame::{Cited, Frame, Link, Row},
    question::{FaultLine, Offered, Question},
    shown::Timed,
};

/// Where an application starts.
#[derive(Debug, Template)]
#[template(path = "draft/start.html")]
pub(crate) struct StartPage {
    pub(crate) frame: Frame,
    /// The service, linked to its guide.
    pub(crate) service: Link,
    /// What it is for.
    pub(crate) summary: String,
    /// What is asked, by section.
    pub(crate) needs: Vec<String>,
    /// How many questions.
    pub(crate) questions: String,
    /// How many papers.
    pub(crate) count: String,
    /// The papers.
    pub(crate) papers: Vec<Needed>,
    /// The time promised.
    pub(crate) promised: Timed,
    /// After how many days a draft lapses.
    pub(crate) days: i64,
    /// Drafts of the reader for this service.
    pub(crate) drafts: Vec<Link>,
    /// Services that ask the same questions.
    pub(crate) together: Vec<Offered>,
    /// Where the form that begins a draft is sent; empty for somebody who has not signed in.
    pub(crate) action: String,
    /// The number of the new draft.
    pub(crate) key: String,
    /// Where one signs in.
    pub(crate) sign_in: String,
    /// The whole form on one page.
    pub(crate) whole: String,
}

/// A paper that is needed.
#[derive(Debug)]
pub(crate) struct Needed {
    /// What it is.
    pub(crate) title: String,
    /// True where it may be left out.
    pub(crate) optional: bool,
}

/// The topics of a draft, and how far each has got.
#[derive(Debug, Template)]
#[template(path = "draft/tasks.html")]
pub(crate) struct TasksPage {
    pub(crate) frame: Frame,
    /// What is applied for.
    pub(crate) title: String,
    /// The services, linked to their guides.
    pub(crate) services: Vec<Link>,
    /// How many topics are done.
    pub(crate) progress: String,
    /// True where the rules have changed since it was written.
    pub(crate) moved: bool,
    /// The conditions that are known not to hold.
    pub(crate) warnings: Vec<Warning>,
    /// The topics.
    pub(crate) groups: Vec<TaskGroup>,
    /// Where the answers are checked.
    pub(crate) check: String,
    /// When it lapses.
    pub(crate) lapse: String,
    /// Where it is deleted.
    pub(crate) delete: String,
}

/// Topics that belong together.
#[derive(Debug)]
pub(crate) struct TaskGroup {
    /// What they have in common.
    pub(crate) title: String,
    /// The topics.
    pub(crate) tasks: Vec<Task>,
}

/// A topic in the list.
#[derive(Debug)]
pub(crate) struct Task {
    /// What tells it from the others on the page.
    pub(crate) id: String,
    /// The topic, linked.
    pub(crate) link: Link,
    /// How far it has got.
    pub(crate) status: String,
    /// The colour of its tag; empty where it needs none.
    pub(crate) tag: &'static str,
}

/// A condition that is known not to hold.
#[derive(Debug, Clone)]
pub(crate) struct Warning {
    /// What must hold.
    pub(crate) says: String,
    /// Where that is written.
    pub(crate) cited: Cited,
    /// For which service, where a draft is for several.
    pub(crate) service: String,
    /// The topics on whose answers it rests.
    pub(crate) links: Vec<Link>,
}

/// One topic of a draft.
#[derive(Debug, Template)]
#[template(path = "draft/topic.html")]
pub(crate) struct TopicPage {
    pub(crate) frame: Frame,
    /// Back to the list.
    pub(crate) back: Link,
    /// What is applied for.
    pub(crate) service: String,
    /// The topic.
    pub(crate) title: String,
    /// What to know first; empty where nothing is said.
    pub(crate) hint: String,
    /// Where the form is sent.
    pub(crate) action: String,
    /// Where it is saved while it is typed.
    pub(crate) typed: String,
    /// The revision shown.
    pub(crate) revision: u32,
    /// The page to go to afterwards: `check`, or the next topic.
    pub(crate) then: String,
    /// What does not fit.
    pub(crate) faults: Vec<FaultLine>,
    /// What somebody should know who looks at it; empty where there is nothing.
    pub(crate) notice: String,
    /// What was saved elsewhere since.
    pub(crate) stale: Option<Stale>,
    /// The conditions that rest on its answers and are known not to hold.
    pub(crate) warnings: Vec<Warning>,
    /// Where the same was answered before.
    pub(crate) before: Vec<Link>,
    /// When it was saved; empty where it never was.
    pub(crate) saved: String,
    /// What it asks.
    pub(crate) body: TopicBody,
}

/// Answers saved since a page was read.
#[derive(Debug)]
pub(crate) struct Stale {
    /// When.
    pub(crate) at: String,
    /// The answers.
    pub(crate) rows: Vec<Row>,
}

/// What a topic asks.
#[derive(Debug)]
pub(crate) enum TopicBody {
    /// Who applies.
    Who {
        /// As what; empty where there is one way.
        kinds: Vec<Offered>,
        /// What is wrong with that.
        kinds_error: String,
        /// For whom.
        behalf: Box<BehalfInput>,
        /// The paper that shows it.
        file: FileInput,
    },
    /// Questions.
    Form(Vec<Question>),
    /// A paper.
    Paper(FileInput),
    /// Promises.
    Promises(Vec<PromiseInput>),
    /// How decisions are served.
    Service(ServiceInput),
}

/// A file to send.
#[derive(Debug)]
pub(crate) struct FileInput {
    /// Its anchor.
    pub(crate) anchor: String,
    /// The id of its input.
    pub(crate) id: String,
    /// The name under which it is sent.
    pub(crate) name: String,
    /// What it is.
    pub(crate) title: String,
    /// What makes it acceptable.
    pub(crate) hint: String,
    /// Which kinds are taken, and how large.
    pub(crate) limits: String,
    /// The endings a browser offers.
    pub(crate) accept: &'static str,
    /// True where a file may be sent.
    pub(crate) upload: bool,
    /// True where the office may get it itself.
    pub(crate) shared: bool,
    /// True where that was chosen.
    pub(crate) shared_chosen: bool,
    /// The draft it belongs to.
    pub(crate) draft: String,
    /// The file sent before.
    pub(crate) kept: Option<Kept>,
    /// What is wrong; empty where nothing is.
    pub(crate) error: String,
}

/// A file that was sent.
#[derive(Debug, Clone)]
pub(crate) struct Kept {
    /// What whoever sent it calls it.
    pub(crate) name: String,
    /// What it is and how large.
    pub(crate) says: String,
    /// Where it is looked at.
    pub(crate) href: String,
}

/// The answers, to be checked.
#[derive(Debug, Template)]
#[template(path = "draft/check.html")]
pub(crate) struct CheckPage {
    pub(crate) frame: Frame,
    /// What is applied for.
    pub(crate) title: String,
    /// Back to the list.
    pub(crate) back: Link,
    /// What is missing or does not fit.
    pub(crate) faults: Vec<FaultLine>,
    /// The conditions that are known not to hold.
    pub(crate) warnings: Vec<Warning>,
    /// The answers by topic.
    pub(crate) groups: Vec<Checked>,
    /// Where it is signed.
    pub(crate) sign: String,
}

/// The answers of a topic.
#[derive(Debug)]
pub(crate) struct Checked {
    /// The topic.
    pub(crate) title: String,
    /// Where they are changed.
    pub(crate) change: String,
    /// The answers.
    pub(crate) rows: Vec<Row>,
}

/// The signature.
#[derive(Debug, Template)]
#[template(path = "draft/sign.html")]
pub(crate) struct SignPage {
    pub(crate) frame: Frame,
    /// What is applied for.
    pub(crate) title: String,
    /// Back to the answers.
    pub(crate) back: Link,
    /// Where the form is sent.
    pub(crate) action: String,
    /// The services.
    pub(crate) services: Vec<String>,
    /// What is signed.
    pub(crate) statement: String,
    /// The digest of the answers that were shown.
    pub(crate) over: String,
    /// What is missing.
    pub(crate) faults: Vec<FaultLine>,
    /// The name as written.
    pub(crate) name: String,
    /// What is wrong with it.
    pub(crate) name_error: String,
    /// True where it was agreed.
    pub(crate) agreed: bool,
    /// What is wrong with that.
    pub(crate) agree_error: String,
}

/// What was filed.
#[derive(Debug, Template)]
#[template(path = "draft/filed.html")]
pub(crate) struct FiledPage {
    pub(crate) frame: Frame,
    /// What is to be said of all.
    pub(crate) title: String,
    /// True where every service has its case.
    pub(crate) whole: bool,
    /// The cases.
    pub(crate) filed: Vec<FiledView>,
    /// The services that have none, with why.
    pub(crate) refused: Vec<RefusedView>,
    /// Back to the draft.
    pub(crate) back: String,
}

/// A case that was filed.
#[derive(Debug)]
pub(crate) struct FiledView {
    /// The service.
    pub(crate) service: String,
    /// The case's number.
    pub(crate) number: String,
    /// The case.
    pub(crate) case: Link,
    /// What happens next, and until when.
    pub(crate) next: String,
}

/// A service that was refused.
#[derive(Debug)]
pub(crate) struct RefusedView {
    /// The service.
    pub(crate) service: String,
    /// Why.
    pub(crate) refused: Refused,
    /// What does not fit, linked to its topic.
    pub(crate) faults: Vec<FaultLine>,
}

/// Somebody's drafts.
#[derive(Debug, Template)]
#[template(path = "draft/list.html")]
pub(crate) struct DraftsPage {
    pub(crate) frame: Frame,
    /// After how many days a draft lapses.
    pub(crate) days: i64,
    /// The drafts.
    pub(crate) drafts: Vec<DraftView>,
}

/// A draft in the list.
#[derive(Debug)]
pub(crate) struct DraftView {
    /// What it is for.
    pub(crate) link: Link,
    /// When it was saved and when it lapses.
    pub(crate) rows: Vec<Row>,
    /// Where it is deleted; empty where it is filed.
    pub(crate) delete: String,
}

/// Whether a draft is to be deleted.
#[derive(Debug, Template)]
#[template(path = "draft/delete.html")]
pub(crate) struct DeletePage {
    pub(crate) frame: Frame,
    /// What it is for.
    pub(crate) title: String,
    /// Where the form is sent.
    pub(crate) action: String,
    /// Back to the draft.
    pub(crate) back: String,
}

/// What was typed when a session had run out.
#[derive(Debug, Template)]
#[template(path = "draft/expired.html")]
pub(crate) struct ExpiredPage {
    pub(crate) frame: Frame,
    /// Where the form is sent.
    pub(crate) action: String,
    /// Where one signs in.
    pub(crate) sign_in: String,
    /// What was typed.
    pub(crate) fields: Vec<(String, String)>,
    /// True where a file was sent, which is not kept.
    pub(crate) file: bool,
}

#[cfg(test)]
mod samples {
    use super::{
        super::{Sample, apply, behalf, cited, commitment, link, refused, row, timed},
        *,
    };

    fn fault() -> FaultLine {
        FaultLine { href: "#field-shop-name".into(), text: "Name: missing".into() }
    }

    fn warning(service: &str) -> Warning {
        let links = vec![link()];
        Warning { says: "Large enough".into(), cited: cited(), service: service.into(), links }
    }

    fn file(kept: bool) -> FileInput {
        let file = Kept {
            name: "<lease>.pdf".into(),
            says: "PDF, 12 kB".into(),
            href: "/zh/drafts/1/files/lease".into(),
        };
        FileInput {
            anchor: "field-lease".into(),
            id: "file-lease".into(),
            name: "lease".into(),
            title: "Lease".into(),
            hint: if kept { "Signed".into() } else { String::new() },
            limits: "PDF, 50 MB".into(),
            accept: ".pdf",
            upload: true,
            shared: kept,
            shared_chosen: kept,
            draft: "1".into(),
            error: if kept { String::new() } else { "must be handed in".into() },
            kept: kept.then_some(file),
        }
    }

    fn bodies() -> Vec<TopicBody> {
        let promise = PromiseInput {
            name: "commitment:all".into(),
            id: "field-commitment-all".into(),
            commitment: commitment::sample_commitment(),
            signed: true,
            error: "not open".into(),
        };
        let kinds = vec![Offered { value: "person".into(), title: "Me".into(), chosen: true }];
        let behalf = Box::new(behalf::sample_behalf(false));
        vec![
            TopicBody::Who { kinds, kinds_error: "choose".into(), behalf, file: file(true) },
            TopicBody::Form(apply::sample_questions()),
            TopicBody::Paper(file(true)),
            TopicBody::Paper(file(false)),
            TopicBody::Promises(vec![promise]),
            TopicBody::Service(behalf::sample_service()),
        ]
    }

    impl Sample for StartPage {
        fn samples(frame: Frame) -> Vec<Self> {
            let page = |signed_in: bool| Self {
                frame: frame.clone(),
                service: link(),
                summary: "To open a room".into(),
                needs: vec!["The room".into()],
                questions: "9 questions".into(),
                count: "3 papers".into(),
                papers: vec![Needed { title: "Lease".into(), optional: signed_in }],
                promised: timed(),
                days: 60,
                drafts: if signed_in { vec![link()] } else { Vec::new() },
                together: vec![Offered { value: "b".into(), title: "B".into(), chosen: false }],
                action: if signed_in { "/zh/apply/a".into() } else { String::new() },
                key: "k".into(),
                sign_in: "/zh/sign-in".into(),
                whole: "/zh/apply/a/whole".into(),
            };
            vec![page(true), page(false)]
        }
    }

    impl Sample for TasksPage {
        fn samples(frame: Frame) -> Vec<Self> {
            let task =
                |tag| Task { id: "who".into(), link: link(), status: "Not started".into(), tag };
            vec![Self {
                frame,
                title: "A room".into(),
                services: vec![link(), link()],
                progress: "1 of 2".into(),
                moved: true,
                warnings: vec![warning("A room")],
                groups: vec![TaskGroup {
                    title: "The form".into(),
                    tasks: vec![task("govuk-tag--blue"), task("")],
                }],
                check: "/zh/drafts/1/check".into(),
                lapse: "Lapses on 2030-01-31".into(),
                delete: "/zh/drafts/1/delete".into(),
            }]
        }
    }

    impl Sample for TopicPage {
        fn samples(frame: Frame) -> Vec<Self> {
            let page = |(at, body): (usize, TopicBody)| Self {
                frame: frame.clone(),
                back: link(),
                service: "A room".into(),
                title: "The room".into(),
                hint: if at == 1 { "As it is".into() } else { String::new() },
                action: "/zh/drafts/1/form-room".into(),
                typed: "/zh/drafts/1/form-room/typed".into(),
                revision: 3,
                then: if at == 1 { "check".into() } else { String::new() },
                faults: if at % 2 == 1 { vec![fault()] } else { Vec::new() },
                notice: if at == 2 { "Filled in".into() } else { String::new() },
                stale: (at == 1).then(|| Stale { at: "10:15".into(), rows: vec![row()] }),
                warnings: if at == 1 { vec![warning("")] } else { Vec::new() },
                before: if at == 1 { vec![link()] } else { Vec::new() },
                saved: "Saved at 10:15".into(),
                body,
            };
            bodies().into_iter().enumerate().map(page).collect()
        }
    }

    impl Sample for CheckPage {
        fn samples(frame: Frame) -> Vec<Self> {
            let page = |faults: Vec<FaultLine>| Self {
                frame: frame.clone(),
                title: "A room".into(),
                back: link(),
                faults,
                warnings: vec![warning("A room")],
                groups: vec![Checked {
                    title: "The room".into(),
                    change: "/zh/drafts/1/form-room?then=check".into(),
                    rows: vec![row(), super::super::row()],
                }],
                sign: "/zh/drafts/1/sign".into(),
            };
            vec![page(Vec::new()), page(vec![fault()])]
        }
    }

    impl Sample for SignPage {
        fn samples(frame: Frame) -> Vec<Self> {
            let page = |error: &str| Self {
                frame: frame.clone(),
                title: "A room".into(),
                back: link(),
                action: "/zh/drafts/1/sign".into(),
                services: vec!["A room".into()],
                statement: "It is true".into(),
                over: "ab".into(),
                faults: if error.is_empty() { Vec::new() } else { vec![fault()] },
                name: "<Somebody else>".into(),
                name_error: error.into(),
                agreed: error.is_empty(),
                agree_error: error.into(),
            };
            vec![page(""), page("is needed")]
        }
    }

    impl Sample for FiledPage {
        fn samples(frame: Frame) -> Vec<Self> {
            let filed = || FiledView {
                service: "A room".into(),
                number: "7".into(),
                case: link(),
                next: "Acceptance until 2030-01-31".into(),
            };
            let refused = || RefusedView {
                service: "Another room".into(),
                refused: refused(),
                faults: vec![fault()],
            };
            let page = |whole: bool| Self {
                frame: frame.clone(),
                title: "Filed".into(),
                whole,
                filed: vec![filed(), filed()],
                refused: if whole { Vec::new() } else { vec![refused()] },
                back: "/zh/drafts/1".into(),
            };
            vec![page(true), page(false)]
        }
    }

    impl Sample for DraftsPage {
        fn samples(frame: Frame) -> Vec<Self> {
            let draft =
                |delete: &str| DraftView { link: link(), rows: vec![row()], delete: delete.into() };
            let page = |drafts: Vec<DraftView>| Self { frame: frame.clone(), days: 60, drafts };
            vec![page(Vec::new()), page(vec![draft("/zh/drafts/1/delete"), draft("")])]
        }
    }

    impl Sample for DeletePage {
        fn samples(frame: Frame) -> Vec<Self> {
            vec![Self {
                frame,
                title: "A room".into(),
                action: "/zh/drafts/1/delete".into(),
                back: "/zh/drafts/1".into(),
            }]
        }
    }

    impl Sample for ExpiredPage {
        fn samples(frame: Frame) -> Vec<Self> {
            vec![Self {
                frame,
                action: "/zh/drafts/1/who".into(),
                sign_in: "/zh/sign-in".into(),
                fields: vec![("room.name".into(), "<Mint>".into())],
                file: true,
            }]
        }
    }
}
