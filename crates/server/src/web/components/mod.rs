//! Parts of pages: each is a typed value with a template of its own, what makes it usable for
//! everybody, and samples. The look is that of GOV.UK Frontend and MOJ Frontend.
//!
//! A template shows one as `{{ value }}`; the value has then escaped what people wrote.

pub(crate) mod back_link;
pub(crate) mod choice_list;
pub(crate) mod citation;
pub(crate) mod error_summary;
pub(crate) mod load_table;
pub(crate) mod next_page;
pub(crate) mod notice;
pub(crate) mod site_map;
pub(crate) mod summary_list;
pub(crate) mod tag;
pub(crate) mod text_input;
pub(crate) mod timeline;

use askama::Template;

use super::{fault::Fault, words::Words};

/// A part of pages.
pub(crate) trait Component: Sized + Template {
    /// What its folder is called.
    const NAME: &'static str;
    /// The criteria of WCAG 2.2 that its template takes care of; its module says how.
    const CRITERIA: &'static [&'static str];

    /// Values that together show everything the template can say.
    fn samples(words: Words) -> Vec<Self>;
}

/// A component as the gallery shows it.
#[derive(Debug)]
pub(crate) struct Shown {
    /// Its name.
    pub(crate) name: &'static str,
    /// The criteria it takes care of.
    pub(crate) criteria: String,
    /// Its samples, as HTML of its own template.
    pub(crate) samples: Vec<String>,
}

/// Every component with its samples, in the order of their names.
pub(crate) fn gallery(words: Words) -> Result<Vec<Shown>, Fault> {
    Ok(vec![
        shown::<back_link::BackLink>(words)?,
        shown::<choice_list::ChoiceList>(words)?,
        shown::<citation::Cited>(words)?,
        shown::<error_summary::ErrorSummary>(words)?,
        shown::<load_table::LoadTable>(words)?,
        shown::<next_page::NextPage>(words)?,
        shown::<notice::Notice>(words)?,
        shown::<site_map::SiteMap>(words)?,
        shown::<summary_list::SummaryList>(words)?,
        shown::<tag::Tag>(words)?,
        shown::<text_input::TextInput>(words)?,
        shown::<timeline::Timeline>(words)?,
    ])
}

fn shown<C: Component>(words: Words) -> Result<Shown, Fault> {
    let samples: Result<Vec<String>, _> = C::samples(words).iter().map(Template::render).collect();
    Ok(Shown {
        name: C::NAME,
        criteria: C::CRITERIA.join(", "),
        samples: samples.map_err(|error| Fault::broken(&error))?,
    })
}
