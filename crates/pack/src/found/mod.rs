//! A pack for another place, made from one that there is: the same services on the day it begins,
//! with everything that was the old place's own replaced, dropped or marked.
//!
//! Texts are edited where they differ and stay as they are elsewhere, so that comments and layout
//! survive. Divisions are moved to the new place. Only the packs' own data say what a place is
//! called and which papers are its own. What was read in a paper of the old place is `assumed` in
//! the new one until somebody finds the paper there.

mod access;
mod edit;
mod place;
mod story;
mod table;
mod text;

use std::collections::{BTreeMap, BTreeSet};

use base::{Division, Name, Text};

use crate::{
    compile::{Rejected, compile},
    fault::Faults,
    model::Pack,
    node::{self, FileId, Node},
    source::{ACCESS, Files, Library},
};
use place::{Places, places};

/// What is wanted.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The new pack's name.
    pub name: Name,
    /// The pack it is made from.
    pub from: String,
    /// The place; one that no pack has when absent.
    pub jurisdiction: Option<Division>,
    /// The title; that of the old pack with the places' names exchanged when absent.
    pub title: Option<Text>,
}

/// A pack made for another place.
#[derive(Debug)]
pub struct Founded {
    /// Its files.
    pub files: Files,
    /// The place it is for.
    pub jurisdiction: Division,
    /// What was done that somebody must look at.
    pub notes: Vec<Text>,
}

/// Why no pack could be made.
#[derive(Debug)]
pub enum Unfounded {
    /// The pack it should be made from is not sound.
    Unsound(Box<Rejected>),
    /// The pack it should be made from is for no place.
    Placeless,
    /// The new place is not in the table of divisions.
    Unknown(Division),
    /// The new place is no province and no municipality under the central government: bodies act on
    /// the level of the province and of the county.
    NotProvincial(Division),
    /// The new place is the old one.
    Same(Division),
    /// The new place has fewer districts with townships than the stories need.
    TooFewDistricts(Division),
    /// Every place of the kind has a pack.
    NoPlaceLeft,
}

impl Unfounded {
    /// The reason's own word, stable for programs.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Unsound(_) => "unsound",
            Self::Placeless => "placeless",
            Self::Unknown(_) => "unknown-division",
            Self::NotProvincial(_) => "not-provincial",
            Self::Same(_) => "same-place",
            Self::TooFewDistricts(_) => "too-few-districts",
            Self::NoPlaceLeft => "no-place-left",
        }
    }

    /// What is wrong and what to do.
    pub fn says(&self) -> Text {
        match self {
            Self::Unsound(_) => Text::new(
                "来源包不可靠，请先改好",
                "the pack it is made from is not sound; mend it first",
            ),
            Self::Placeless => Text::new(
                "来源包没有适用地区，请选一个城市的包",
                "the pack it is made from is for no place; choose a city's",
            ),
            Self::Unknown(place) => Text::new(
                format!("区划表中没有 `{place}`"),
                format!("the table of divisions has no `{place}`"),
            ),
            Self::NotProvincial(place) => Text::new(
                format!("`{place}` 不是省级：机关只在省级和县级行使职权，请给省级地区的两位代码"),
                format!(
                    "`{place}` is not provincial: bodies act on the level of the province and of \
                     the county, so give the two digits of a province or municipality"
                ),
            ),
            Self::Same(place) => Text::new(
                format!("`{place}` 就是来源包的地区"),
                format!("`{place}` is the place of the pack it is made from"),
            ),
            Self::TooFewDistricts(place) => Text::new(
                format!("`{place}` 在区划表中没有足够的区县和街道"),
                format!("`{place}` has too few districts with townships in the table of divisions"),
            ),
            Self::NoPlaceLeft => Text::new(
                "没有尚无包的同类地区，请用 --jurisdiction 指定",
                "every place of the kind has a pack; name one with --jurisdiction",
            ),
        }
    }
}

/// What the edits of every file go by.
pub(crate) struct Move<'p> {
    pack: &'p Pack,
    places: Places,
    /// Acts that were the old place's own.
    papers: BTreeSet<String>,
}

/// Makes a pack for another place. `taken` are the places that have packs already.
///
/// # Errors
/// [`Unfounded`], when the new place or the old pack will not do.
pub fn found(
    library: &dyn Library,
    wanted: &Wanted,
    taken: &[Division],
) -> Result<Founded, Unfounded> {
    let compiled = compile(library, &wanted.from).map_err(Unfounded::Unsound)?;
    let pack = &compiled.pack;
    let old = pack.jurisdiction.clone().ok_or(Unfounded::Placeless)?;
    let new = match &wanted.jurisdiction {
        Some(place) => place.clone(),
        None => place::free(pack, &old, taken).ok_or(Unfounded::NoPlaceLeft)?,
    };
    let files = library.files(&wanted.from).unwrap_or_default();
    let nodes = read(&files);
    let places = places(pack, &old, &new, &nodes)?;
    let parents = compiled.archive.packs.iter().filter(|(name, _)| **name != wanted.from);
    let papers = text::papers(&nodes, parents.map(|(_, files)| files), &places);
    let moved = Move { pack, places, papers };
    let mut founded = Founded { files: Files::new(), jurisdiction: new, notes: Vec::new() };
    for (path, source) in &files {
        if let Some(text) = moved.file(path, source, nodes.get(path), wanted) {
            founded.files.insert(path.clone(), text);
        }
    }
    founded.notes = moved.notes(&files);
    Ok(founded)
}

fn without_any_comment(text: &str) -> String {
    let lines = text.split_inclusive('\n');
    lines.filter(|line| !line.trim_start().starts_with('#')).collect()
}

/// The YAML files of a pack as trees.
fn read(files: &Files) -> BTreeMap<String, Node> {
    let yaml = files.iter().filter(|(path, _)| path.ends_with(".yaml"));
    let parsed = yaml.filter_map(|(path, text)| {
        Some((path.clone(), node::parse(FileId(0), text, &mut Faults::default())?))
    });
    parsed.collect()
}

/// The place that a manifest names.
pub fn jurisdiction(manifest: &str) -> Option<Division> {
    let node = node::parse(FileId(0), manifest, &mut Faults::default())?;
    Division::parse(node.get("jurisdiction")?.text()?).ok()
}

impl Move<'_> {
    /// A file as the new pack has it; `None` where it has none.
    fn file(
        &self,
        path: &str,
        source: &str,
        node: Option<&Node>,
        wanted: &Wanted,
    ) -> Option<String> {
        // Cases of the old place never run in the new one.
        if path.starts_with("demo/") || path.starts_with("migrations/") {
            return None;
        }
        // How the old place lies says nothing of the new one.
        if path == "outlines.csv" {
            return None;
        }
        if path == "divisions.csv" {
            return Some(self.places.sheet(self.pack));
        }
        if path == ACCESS {
            return Some(self.access(source));
        }
        let Some(node) = node else { return Some(source.to_owned()) };
        let mut edits = edit::Edits::new(source);
        let kind = path.split('/').next().unwrap_or_default();
        if matches!(kind, "scenarios" | "examples") {
            self.story(node, &mut edits);
        }
        if kind == "tables" {
            self.table(node, &mut edits);
        }
        if matches!(kind, "procedures" | "pictures") {
            edits.cut_entry(node, "carries_out");
        }
        // A table of another place stays that place's.
        let ruled = node.get("place").map(|place| edits.slice(place.at).trim_matches('"'));
        let own = self.pack.jurisdiction.as_ref().map(Division::as_str);
        if kind == "credit" && ruled == own {
            edits.put(node.get("place"), &format!("\"{}\"", self.places.new));
        }
        if path == "pack.yaml" {
            self.manifest(node, wanted, &mut edits);
        }
        self.texts(node, path == "authorities.yaml", &mut edits);
        let assumed = self.assumed(node, &mut edits);
        let text = edits.done();
        let text = match kind {
            // A comment on a row that is gone says nothing any more.
            "tables" => without_any_comment(&text),
            "scenarios" | "examples" => text,
            _ => self.places.without_comments(&text),
        };
        Some(format!("{}{text}", self.head(kind, path, &assumed)))
    }

    /// What the first lines of a file say to whoever takes it over.
    fn head(&self, kind: &str, path: &str, assumed: &BTreeSet<String>) -> String {
        let mut lines = Vec::new();
        if path == "pack.yaml" {
            let from = self.pack.name.as_str();
            lines.push(format!(
                "# Made from the pack `{from}`; README.md says what is to be replaced."
            ));
        }
        if kind == "tables" {
            let says = "# To be replaced: one row to be filled in stands for this place's own.";
            lines.push(says.to_owned());
        }
        let papers = assumed.iter().map(|act| {
            format!("# Assumed here, for it is another place's paper; find this place's own: {act}")
        });
        lines.extend(papers);
        lines.into_iter().map(|line| line + "\n").collect()
    }

    fn manifest(&self, node: &Node, wanted: &Wanted, edits: &mut edit::Edits<'_>) {
        edits.put(node.get("pack"), wanted.name.as_str());
        edits.cut_entry(node, "outlines");
        edits.put(node.get("jurisdiction"), &format!("\"{}\"", self.places.new));
        if let (Some(title), Some(node)) = (&wanted.title, node.get("title")) {
            edits.put(node.get("zh"), &edit::quoted(&title.zh));
            edits.put(node.get("en"), &edit::quoted(&title.en));
        }
    }

    /// What somebody must look at in the new pack.
    fn notes(&self, files: &Files) -> Vec<Text> {
        let mut notes: Vec<Text> = Vec::new();
        if !self.papers.is_empty() {
            let papers: Vec<&str> = self.papers.iter().map(String::as_str).collect();
            notes.push(Text::new(
                format!("下列文件属于原地区，凡引用处一律改为 assumed：{}", papers.join("；")),
                format!(
                    "papers of the old place, of which every citation is now assumed: {}",
                    papers.join("; ")
                ),
            ));
        }
        let has = |folder: &str| files.keys().any(|path| path.starts_with(folder));
        if has("tables/") {
            notes.push(Text::new(
                "数据表各只留一行待填，各事项不再注明落实哪项措施",
                "each table keeps one row to be filled in; no procedure says any more which \
                 measure it carries out",
            ));
        }
        if has("demo/") {
            notes.push(Text::new("演示数据没有带来", "the demonstration's data were left behind"));
        }
        if has("divisions.csv") {
            notes.push(Text::new(
                "区划取自国家区划表，到乡级为止",
                "divisions are those of the national table, down to townships",
            ));
        }
        if has(ACCESS) {
            notes.push(Text::new(
                "谁可以看什么、办什么，沿用原地区的规则，须逐条核实",
                "who may see and do what is as in the old place; check each policy",
            ));
        }
        notes.push(Text::new(
            "机关的名称、起始日和依据须逐一核实",
            "titles, first days and sources of the bodies are to be checked one by one",
        ));
        notes
    }
}
