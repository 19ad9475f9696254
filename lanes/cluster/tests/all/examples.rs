//! Every example of every rule of the national pack, with a cluster that answers: the cluster finds
//! what the example says, and so what one machine finds.

use std::{collections::BTreeSet, fs, path::Path};

use base::Language;
use pack::{
    Rejected, compile,
    model::{Example, Pack},
    source::Folder,
};
use supervise::example::Examples;

use crate::processes::Processes;

pub(crate) fn national() -> (Pack, Vec<Example>) {
    let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
    let packs = Folder(&packs);
    let pack = sound(compile(&packs, "cn")).pack;
    let examples = sound(pack::examples(&packs, "cn", &pack));
    (pack, examples.into_iter().map(|(_, example)| example).collect())
}

fn sound<T>(checked: Result<T, Box<Rejected>>) -> T {
    let says = |no: Box<Rejected>| no.faults.render(&no.sources, Language::En, false);
    checked.map_err(says).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_finds_what_every_example_says() {
    let (pack, all) = national();
    let processes = Processes::start(2);
    let folder = tempfile::TempDir::with_prefix("examples-").unwrap();
    let mut examples = Examples::asked_of(folder.path(), processes.engine());
    let (mut asked, mut found) = (BTreeSet::new(), 0);
    for example in &all {
        let came = examples.run(&pack, example).await.unwrap();
        assert_eq!(came.differs, [], "{}", example.title.en);
        asked.insert(&example.rule);
        found += came.found;
    }
    assert_eq!(asked.len(), pack.rules.len(), "each rule has an example");
    assert!(found >= pack.rules.len(), "{found} findings");
    // Both did some of the work.
    for number in 0..2 {
        assert!(fs::read_dir(processes.work(number)).unwrap().count() > 0, "executor {number}");
    }
}
