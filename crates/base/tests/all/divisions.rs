//! The nation's own table of divisions, read whole.

use base::{Division, DivisionLevel, Divisions};

use crate::vectors::{rows, text};

#[test]
fn every_published_division_has_a_path_from_its_province() {
    let divisions = Divisions::from_csv(&[&text("packs/cn/divisions.csv")]).unwrap();
    let mut known = 0;
    for province in divisions.provinces() {
        for division in divisions.all_within(province) {
            let path = divisions.path(division).unwrap();
            assert_eq!((&path[0].0, &path[path.len() - 1].0), (province, division));
            assert!(division.level() <= DivisionLevel::Township, "{division}");
            known += 1;
        }
    }
    let table = rows("packs/cn/divisions.csv");
    let listed = table.iter().map(|row| Division::parse(&row["code"]).unwrap());
    assert_eq!(known, listed.collect::<std::collections::BTreeSet<_>>().len());
}
