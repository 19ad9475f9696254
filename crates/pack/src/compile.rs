//! From files to a pack, or to everything that is wrong with them.

use std::collections::{BTreeMap, BTreeSet};

use base::Text;

use crate::{
    fault::{Fault, Faults, Sources},
    language::{
        Authorities, BoardFile, CreditFile, ExampleFile, FeedFile, FigureFile, FindingKindsFile,
        KnowledgeFile, LifeEventFile, Manifest, MigrationFile, PictureFile, ProcedureFile,
        RegisterFile, Remedies, RequirementFile, RiskFile, Section, ServiceFile, SupervisionFile,
        TableFile, scenario::Scenario,
    },
    link::{self, Linker},
    model::{AccessText, Example, Pack},
    node::{self, FileId, Node, Span},
    prove,
    read::Read,
    source::{ACCESS, Archive, Files, Library, rules_cases},
};

/// What went wrong, with the texts the faults point into.
#[derive(Debug)]
pub struct Rejected {
    /// Every fault.
    pub faults: Faults,
    /// The files.
    pub sources: Sources,
}

/// A pack that was compiled, with the archive that it came from.
#[derive(Debug)]
pub struct Compiled {
    /// The pack.
    pub pack: Pack,
    /// Its files and those of its parents.
    pub archive: Archive,
}

/// Everything that was read, before names are resolved: parents first.
#[derive(Debug, Default)]
pub(crate) struct Parsed {
    pub(crate) manifests: Vec<Manifest>,
    pub(crate) authorities: Vec<Authorities>,
    pub(crate) figures: Vec<FigureFile>,
    pub(crate) sections: Vec<Section>,
    pub(crate) registers: Vec<RegisterFile>,
    pub(crate) tables: Vec<TableFile>,
    pub(crate) remedies: Vec<Remedies>,
    pub(crate) service: Vec<ServiceFile>,
    pub(crate) life_events: Vec<LifeEventFile>,
    pub(crate) requirements: Vec<RequirementFile>,
    pub(crate) procedures: Vec<ProcedureFile>,
    pub(crate) migrations: Vec<MigrationFile>,
    pub(crate) feeds: Vec<FeedFile>,
    pub(crate) knowledge: Vec<KnowledgeFile>,
    pub(crate) finding_kinds: Vec<FindingKindsFile>,
    pub(crate) supervision: Vec<SupervisionFile>,
    pub(crate) risks: Vec<RiskFile>,
    pub(crate) credits: Vec<CreditFile>,
    pub(crate) boards: Vec<BoardFile>,
    pub(crate) pictures: Vec<PictureFile>,
    /// True when procedures are left out because their files did not read.
    pub(crate) in_part: bool,
    /// Who may do and see what, parents first.
    pub(crate) access: Vec<AccessText>,
    /// CSV texts by path; a later pack adds to an earlier one's.
    pub(crate) sheets: BTreeMap<String, Vec<(FileId, String)>>,
}

impl Parsed {
    /// Leaves out procedures whose files have faults; nothing rests on a procedure. False when a
    /// file has faults that others rest on.
    fn leave_out_unread(&mut self, faults: &Faults, sources: &Sources) -> bool {
        let unread: BTreeSet<FileId> = faults.iter().map(|fault| fault.at.file).collect();
        let procedure = |path: &str| path.split('/').nth(1) == Some("procedures");
        self.procedures.retain(|file| !unread.contains(&file.at.file));
        self.in_part = !unread.is_empty();
        unread.iter().all(|file| procedure(sources.path(*file)))
    }
}

/// Reads, links and proves the pack called `name`.
///
/// # Errors
/// Every fault that was found, but for those that would only echo others: a procedure that did not
/// read is not linked, nothing is linked when a file did not read that others rest on, and proving
/// begins when all names were resolved.
pub fn compile(library: &dyn Library, name: &str) -> Result<Compiled, Box<Rejected>> {
    let mut faults = Faults::default();
    let mut sources = Sources::default();
    let mut archive = Archive { name: name.to_owned(), packs: BTreeMap::new() };
    let mut parsed = Parsed::default();
    gather(library, name, None, &mut archive, &mut parsed, &mut sources, &mut faults);
    let pack = parsed
        .leave_out_unread(&faults, &sources)
        .then(|| link::link(&parsed, archive.hash(), &sources, &mut faults))
        .flatten();
    if let Some(pack) = pack.filter(|_| faults.is_empty()) {
        prove::prove(&pack, &parsed, &mut faults);
        if faults.is_empty() {
            return Ok(Compiled { pack, archive });
        }
    }
    Err(Box::new(Rejected { faults, sources }))
}

/// Reads the stories of one pack, not of those it extends; each with the path of its file.
///
/// # Errors
/// Every fault in them.
pub fn scenarios(
    library: &dyn Library,
    name: &str,
) -> Result<Vec<(String, Scenario)>, Box<Rejected>> {
    let mut faults = Faults::default();
    let mut sources = Sources::default();
    let files = library.files(name).unwrap_or_default();
    let mut stories = Vec::new();
    for (path, text) in files.iter().filter(|(path, _)| path.starts_with("scenarios/")) {
        let path = format!("{name}/{path}");
        let file = sources.add(path.clone(), text.clone());
        let node = node::parse(file, text, &mut faults);
        let story = node.and_then(|node| Scenario::read(&node, &mut faults));
        stories.extend(story.map(|story| (path, story)));
    }
    if faults.is_empty() { Ok(stories) } else { Err(Box::new(Rejected { faults, sources })) }
}

/// Reads the examples of one pack, not of those it extends, and links them to it; each with the
/// path of its file.
///
/// # Errors
/// Every fault in them.
pub fn examples(
    library: &dyn Library,
    name: &str,
    pack: &Pack,
) -> Result<Vec<(String, Example)>, Box<Rejected>> {
    let mut faults = Faults::default();
    let mut sources = Sources::default();
    let files = library.files(name).unwrap_or_default();
    let mut read = Vec::new();
    for (path, text) in files.iter().filter(|(path, _)| path.starts_with("examples/")) {
        let path = format!("{name}/{path}");
        let file = sources.add(path.clone(), text.clone());
        let node = node::parse(file, text, &mut faults);
        let example = node.and_then(|node| ExampleFile::read(&node, &mut faults));
        read.extend(example.map(|example| (path, example)));
    }
    let parsed = Parsed::default();
    let mut linker = Linker { parsed: &parsed, sources: &sources, faults: &mut faults };
    let linked = read.into_iter().filter_map(|(path, file)| {
        let example = linker.example(pack, &file);
        example.map(|example| (path, example))
    });
    let linked: Vec<(String, Example)> = linked.collect();
    if faults.is_empty() { Ok(linked) } else { Err(Box::new(Rejected { faults, sources })) }
}

/// Reads a pack after the one it extends.
fn gather(
    library: &dyn Library,
    name: &str,
    asked_at: Option<Span>,
    archive: &mut Archive,
    parsed: &mut Parsed,
    sources: &mut Sources,
    faults: &mut Faults,
) {
    let files = library.files(name).filter(|_| !archive.packs.contains_key(name));
    let Some(files) = files else {
        let at = asked_at.unwrap_or_else(|| nowhere(sources, &format!("{name}/pack.yaml")));
        faults.push(Fault::new("no-such-pack", at, no_such_pack(name)));
        return;
    };
    archive.packs.insert(name.to_owned(), files.clone());
    let Some(manifest) = manifest(name, &files, sources, faults) else { return };
    if let Some(parent) = &manifest.extends {
        let parent_name = parent.value.as_str();
        gather(library, parent_name, Some(parent.at), archive, parsed, sources, faults);
    }
    parsed.manifests.push(manifest);
    for (path, text) in files.iter().filter(|(path, _)| rules_cases(path)) {
        read_file(name, path, text, parsed, sources, faults);
    }
}

fn manifest(
    name: &str,
    files: &Files,
    sources: &mut Sources,
    faults: &mut Faults,
) -> Option<Manifest> {
    let path = format!("{name}/pack.yaml");
    let Some(text) = files.get("pack.yaml") else {
        let at = nowhere(sources, &path);
        faults.push(Fault::new("no-manifest", at, no_manifest()));
        return None;
    };
    let file = sources.add(path, text.clone());
    Manifest::read(&node::parse(file, text, faults)?, faults)
}

/// Reads one file by the folder it lies in.
fn read_file(
    pack: &str,
    path: &str,
    text: &str,
    parsed: &mut Parsed,
    sources: &mut Sources,
    faults: &mut Faults,
) {
    if path == "pack.yaml" {
        return;
    }
    let file = sources.add(format!("{pack}/{path}"), text);
    if path == ACCESS {
        parsed.access.push(AccessText { path: format!("{pack}/{path}"), text: text.to_owned() });
        return;
    }
    if path.ends_with(".csv") {
        parsed.sheets.entry(path.to_owned()).or_default().push((file, text.to_owned()));
        return;
    }
    let Some(node) = node::parse(file, text, faults) else { return };
    let kind = path.split_once('/').map_or(path, |(folder, _)| folder);
    match kind {
        "authorities.yaml" => keep(&mut parsed.authorities, &node, faults),
        "remedies.yaml" => keep(&mut parsed.remedies, &node, faults),
        "service.yaml" => keep(&mut parsed.service, &node, faults),
        "finding-kinds.yaml" => keep(&mut parsed.finding_kinds, &node, faults),
        "life-events.yaml" => keep(&mut parsed.life_events, &node, faults),
        "figures" => keep(&mut parsed.figures, &node, faults),
        "sections" => keep(&mut parsed.sections, &node, faults),
        "registers" => keep(&mut parsed.registers, &node, faults),
        "tables" => keep(&mut parsed.tables, &node, faults),
        "requirements" => keep(&mut parsed.requirements, &node, faults),
        "procedures" => keep(&mut parsed.procedures, &node, faults),
        "migrations" => keep(&mut parsed.migrations, &node, faults),
        "feeds" => keep(&mut parsed.feeds, &node, faults),
        "knowledge" => keep(&mut parsed.knowledge, &node, faults),
        "supervision" => keep(&mut parsed.supervision, &node, faults),
        "risk" => keep(&mut parsed.risks, &node, faults),
        "credit" => keep(&mut parsed.credits, &node, faults),
        "boards" => keep(&mut parsed.boards, &node, faults),
        "pictures" => keep(&mut parsed.pictures, &node, faults),
        other => faults.push(misplaced(&node, other)),
    }
}

fn keep<T: Read>(list: &mut Vec<T>, node: &Node, faults: &mut Faults) {
    list.extend(T::read(node, faults));
}

/// The folders and files of a pack, for the near miss.
const PLACES: [&str; 20] = [
    ACCESS,
    "authorities.yaml",
    "remedies.yaml",
    "service.yaml",
    "life-events.yaml",
    "finding-kinds.yaml",
    "figures",
    "sections",
    "registers",
    "tables",
    "requirements",
    "procedures",
    "migrations",
    "feeds",
    "knowledge",
    "supervision",
    "risk",
    "credit",
    "boards",
    "pictures",
];

fn misplaced(node: &Node, kind: &str) -> Fault {
    let says = Text::new(
        format!("包中没有 `{kind}` 这类文件"),
        format!("a pack has no files of the kind `{kind}`"),
    );
    Fault::new("misplaced-file", node.head(), says).near(base::near::near_miss(kind, PLACES))
}

fn nowhere(sources: &mut Sources, path: &str) -> Span {
    Span { file: sources.add(path, ""), start: 0, end: 0 }
}

fn no_such_pack(name: &str) -> Text {
    Text::new(
        format!("找不到名为 `{name}` 的包，或该包间接继承自身"),
        format!("there is no pack `{name}`, or it extends itself in a circle"),
    )
}

fn no_manifest() -> Text {
    Text::new(
        "包须有 pack.yaml，写明名称、标题和版本",
        "a pack needs a pack.yaml that gives its name, title and edition",
    )
}
