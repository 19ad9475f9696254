//! Words for people, bodies' titles, and how sure we are of a paper.

use std::collections::{BTreeMap, BTreeSet};

use base::Language;

use super::{
    Move,
    edit::{Edits, maps, quoted, scalars},
    place::Places,
};
use crate::{
    fault::Faults,
    node::{self, FileId, Node},
    source::Files,
};

/// Where a pack names the papers that are its own: in its manifest and over its tables.
fn names_own(path: &str) -> bool {
    path == "pack.yaml" || path.starts_with("tables/")
}

/// The acts that a tree cites.
fn acts(node: &Node) -> BTreeSet<String> {
    let mut acts = BTreeSet::new();
    maps(node, &mut |map| {
        let act = map.get("act").filter(|_| map.get("confidence").is_some());
        acts.extend(act.and_then(Node::text).map(str::to_owned));
    });
    acts
}

/// The papers that are the old place's own: those on which its manifest and tables rest and that no
/// pack above cites, and those that name the place.
pub(super) fn papers<'f>(
    nodes: &BTreeMap<String, Node>,
    parents: impl Iterator<Item = &'f Files>,
    places: &Places,
) -> BTreeSet<String> {
    let yaml = parents.flatten().filter(|(path, _)| path.ends_with(".yaml"));
    let above: BTreeSet<String> = yaml
        .filter_map(|(_, text)| node::parse(FileId(0), text, &mut Faults::default()))
        .flat_map(|node| acts(&node))
        .collect();
    let own = nodes.iter().flat_map(|(path, node)| {
        let named = names_own(path);
        acts(node).into_iter().filter(move |act| named || places.names_old(act))
    });
    own.filter(|act| !above.contains(act)).collect()
}

impl Move<'_> {
    /// Exchanges the names of the places in every text for people. The title of a body that acts
    /// for the whole place says `{division}` instead, and the codes of bodies stay behind, for no
    /// other body has them.
    pub(super) fn texts(&self, node: &Node, bodies: bool, edits: &mut Edits<'_>) {
        if bodies {
            maps(node, &mut |map| {
                if map.get("level").and_then(Node::text) == Some("province") {
                    self.body(map, edits);
                }
                edits.cut_entry(map, "codes");
            });
        }
        scalars(node, &mut Vec::new(), &mut |keys, scalar| {
            let language = match keys.last() {
                Some(&"zh") => Language::Zh,
                Some(&"en") => Language::En,
                _ => return,
            };
            let written = edits.slice(scalar.at);
            let renamed = self.places.renamed(written, language);
            edits.replace(scalar.at, &renamed);
        });
    }

    fn body(&self, body: &Node, edits: &mut Edits<'_>) {
        let titles = ["title", "short"].into_iter().filter_map(|key| body.get(key));
        for scalar in titles.flat_map(|title| ["zh", "en"].map(|key| title.get(key))).flatten() {
            let text = scalar.text().unwrap_or_default();
            let general = self.places.general(text);
            if general != text {
                edits.replace(scalar.at, &quoted(&general));
            }
        }
    }

    /// Makes every citation of the old place's own papers an assumed one: those that were more.
    pub(super) fn assumed(&self, node: &Node, edits: &mut Edits<'_>) -> BTreeSet<String> {
        let mut assumed = BTreeSet::new();
        maps(node, &mut |map| {
            let (Some(act), Some(confidence)) = (map.get("act"), map.get("confidence")) else {
                return;
            };
            let text = act.text().unwrap_or_default();
            let own = self.papers.iter().any(|paper| text.contains(paper.as_str()));
            if own && confidence.text() != Some("assumed") {
                edits.replace(confidence.at, "assumed");
                assumed.insert(text.to_owned());
            }
        });
        assumed
    }
}
