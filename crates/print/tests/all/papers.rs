//! The samples, as an official reads them.

use std::{fs, path::Path};

use base::Language;
use print::{Block, Document, Fonts, Unprinted};

use crate::desk::{Pdf, printed};

const LANGUAGES: [(Language, &str); 2] = [(Language::Zh, "zh"), (Language::En, "en")];

#[test]
fn the_letters_of_each_sample_are_those_an_official_has_read() {
    for (language, code) in LANGUAGES {
        for (paper, name) in Document::samples(language).iter().zip(["certificate", "notice"]) {
            let said = Pdf::of(&printed(paper)).text();
            let place = format!("{}/tests/all/{name}.{code}.txt", env!("CARGO_MANIFEST_DIR"));
            let file = Path::new(&place);
            if let Some(folder) = std::env::var_os("YIYANG_PAPERS") {
                let named = format!("{name}.{code}.pdf");
                fs::write(Path::new(&folder).join(named), printed(paper)).unwrap();
            }
            if std::env::var_os("GOLDEN").is_some() {
                fs::write(file, &said).unwrap();
            }
            assert_eq!(said, fs::read_to_string(file).unwrap_or_default(), "{place}");
        }
    }
}

#[test]
fn the_code_on_the_paper_leads_where_the_letters_lead() {
    for (language, _) in LANGUAGES {
        for paper in Document::samples(language) {
            let check = paper.blocks.iter().find_map(|block| match block {
                Block::Check(check) => Some(check.address.clone()),
                _ => None,
            });
            let pdf = Pdf::of(&printed(&paper));
            assert_eq!(pdf.codes(1), [check.clone().unwrap()]);
            assert!(pdf.letters().contains(&check.unwrap()));
        }
    }
}

#[test]
fn the_same_paper_gives_the_same_bytes_and_another_gives_others() {
    let [paper, _] = Document::samples(Language::Zh);
    let bytes = printed(&paper);
    assert_eq!(printed(&paper), bytes);
    let later = Document { at: base::Instant::from_micros(paper.at.micros() + 1_000_000), ..paper };
    assert_ne!(printed(&later), bytes);
}

#[test]
fn a_screen_reader_finds_title_language_rows_and_what_the_picture_says() {
    let [paper, notice] = Document::samples(Language::Zh);
    let bytes = printed(&paper);
    let pdf = Pdf::of(&bytes);
    let info = pdf.info();
    for said in ["草药房许可证 Herb room licence 900101-2024-7", "Tagged:          yes", "A4"]
    {
        assert!(info.contains(said), "{said} in {info}");
    }
    let structure = pdf.structure();
    for said in ["Table", "TH", "\"薄荷小店\"", "Figure"] {
        assert!(structure.contains(said), "{said} in {structure}");
    }
    let bytes = String::from_utf8_lossy(&bytes).into_owned();
    for said in ["<pdfaid:part>2</pdfaid:part>", "<pdfaid:conformance>A<", "<pdfuaid:part>1<"] {
        assert!(bytes.contains(said), "{said}: the file says what it is");
    }
    assert!(bytes.contains("/Lang(zh"), "the file says its language");
    let structure = Pdf::of(&printed(&notice)).structure();
    assert!(structure.contains("H1") && structure.contains("\"理由\""), "{structure}");
}

#[test]
fn without_a_chinese_font_it_is_refused_with_a_number_and_a_next_step() {
    let nowhere = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    let why = Fonts::of_folder(&nowhere).unwrap_err();
    assert_eq!(why, Unprinted::NoChineseFont);
    assert_eq!((why.number(), why.word()), (1441, "no-chinese-font"));
    assert!(why.next().zh.contains("fonts-noto-cjk") && why.next().en.contains("fonts-noto-cjk"));
}
