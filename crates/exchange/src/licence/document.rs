//! The files of an OFD document (GB/T 33190-2016) but for those of its signature.

use std::io;

use sm3::{Digest, Sm3};

use super::{
    Licence, Metadata,
    container::File,
    page::{self, Ink, Line, PAGE, Page, Tenths, lay_out},
    stamp::SIDE_MM,
    xml::Sheet,
};

/// What a reader opens first.
pub(super) const ENTRY: &str = "OFD.xml";
const DOCUMENT: &str = "Doc_0/Document.xml";
const RESOURCES: &str = "Doc_0/PublicRes.xml";
/// What signatures there are.
pub(super) const SIGNATURES: &str = "Doc_0/Signs/Signatures.xml";
/// What the signature covers.
pub(super) const SIGNATURE: &str = "Doc_0/Signs/Sign_0/Signature.xml";
/// The signature itself.
pub(super) const SEALED: &str = "Doc_0/Signs/Sign_0/SignedValue.dat";

/// Whether a path is one that a licence has.
pub(super) fn is_ours(path: &str) -> bool {
    let page = path.strip_prefix("Doc_0/Pages/Page_").and_then(|p| p.strip_suffix("/Content.xml"));
    let numbered = |page: &str| page.len() <= 2 && page.bytes().all(|byte| byte.is_ascii_digit());
    [ENTRY, DOCUMENT, RESOURCES, SIGNATURES, SIGNATURE, SEALED].contains(&path)
        || page.is_some_and(numbered)
}

/// The files, and where the seal is to be set.
pub(super) struct Drawn {
    pub(super) files: Vec<File>,
    /// The page's number in the document.
    pub(super) page: String,
    /// Left, top, width and height, in millimetres.
    pub(super) place: String,
}

/// The number of the font; pages and what is on them are numbered after it.
const FONT: &str = "1";

/// The files of a licence.
pub(super) fn draw(licence: &Licence) -> io::Result<Drawn> {
    let pages = lay_out(licence);
    let mut numbers = 1..;
    let mut number = || numbers.next().unwrap_or_default().to_string();
    let _font = number();
    let mut written = Vec::new();
    let mut listed = Vec::new();
    let mut set = (String::new(), String::new());
    for (place, page) in pages.iter().enumerate() {
        let id = number();
        let path = format!("Pages/Page_{place}/Content.xml");
        written.push((format!("Doc_0/{path}"), content(page, &mut number)?));
        if let Some((x, y)) = page.seal {
            let side = Tenths(i32::from(SIDE_MM) * 10);
            set = (id.clone(), format!("{} {} {side} {side}", Tenths(x), Tenths(y)));
        }
        listed.push((id, path));
    }
    let mut files = vec![
        (ENTRY.to_owned(), entry(&licence.metadata)?),
        (DOCUMENT.to_owned(), document(&listed, &number())?),
        (RESOURCES.to_owned(), resources()?),
    ];
    files.append(&mut written);
    files.push((SIGNATURES.to_owned(), signatures()?));
    Ok(Drawn { files, page: set.0, place: set.1 })
}

fn entry(metadata: &Metadata) -> io::Result<Vec<u8>> {
    let elements = metadata.elements();
    let mut sheet = Sheet::new("OFD", &[("Version", "1.0"), ("DocType", "OFD")])?;
    sheet.open("DocBody", &[])?;
    sheet.open("DocInfo", &[])?;
    sheet.text("DocID", &[], &document_id(&elements))?;
    sheet.text("Title", &[], &metadata.title.zh)?;
    sheet.text("Author", &[], &metadata.body.zh)?;
    sheet.text("CreationDate", &[], &metadata.issued_on.to_string())?;
    sheet.text("Creator", &[], "yiyang")?;
    sheet.open("CustomDatas", &[])?;
    for (name, value) in &elements {
        sheet.text("CustomData", &[("Name", name)], value)?;
    }
    sheet.close("CustomDatas")?;
    sheet.close("DocInfo")?;
    sheet.text("DocRoot", &[], DOCUMENT)?;
    sheet.text("Signatures", &[], SIGNATURES)?;
    sheet.close("DocBody")?;
    sheet.finish()
}

/// Thirty-two hexadecimal digits that follow from what the licence says, for nothing is random.
fn document_id(elements: &[(&str, String)]) -> String {
    let mut digest = Sm3::new();
    for (name, value) in elements {
        digest.update(format!("{name}\0{value}\0"));
    }
    digest.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

fn document(pages: &[(String, String)], last: &str) -> io::Result<Vec<u8>> {
    let mut sheet = Sheet::new("Document", &[])?;
    sheet.open("CommonData", &[])?;
    sheet.text("MaxUnitID", &[], last)?;
    area("PageArea", &mut sheet)?;
    sheet.text("PublicRes", &[], "PublicRes.xml")?;
    sheet.close("CommonData")?;
    sheet.open("Pages", &[])?;
    for (id, path) in pages {
        sheet.empty("Page", &[("ID", id), ("BaseLoc", path)])?;
    }
    sheet.close("Pages")?;
    sheet.finish()
}

fn area(name: &str, sheet: &mut Sheet) -> io::Result<()> {
    sheet.open(name, &[])?;
    sheet.text("PhysicalBox", &[], &format!("0 0 {} {}", PAGE.0, PAGE.1))?;
    sheet.close(name)
}

fn resources() -> io::Result<Vec<u8>> {
    let mut sheet = Sheet::new("Res", &[("BaseLoc", "Res")])?;
    sheet.open("Fonts", &[])?;
    let font = [("ID", FONT), ("FontName", "宋体"), ("FamilyName", "SimSun")];
    sheet.empty("Font", &font)?;
    sheet.close("Fonts")?;
    sheet.finish()
}

fn signatures() -> io::Result<Vec<u8>> {
    let mut sheet = Sheet::new("Signatures", &[])?;
    sheet.text("MaxSignId", &[], "1")?;
    let place = format!("/{SIGNATURE}");
    sheet.empty("Signature", &[("ID", "1"), ("Type", "Seal"), ("BaseLoc", &place)])?;
    sheet.finish()
}

fn content(page: &Page, number: &mut impl FnMut() -> String) -> io::Result<Vec<u8>> {
    let mut sheet = Sheet::new("Page", &[])?;
    area("Area", &mut sheet)?;
    sheet.open("Content", &[])?;
    sheet.open("Layer", &[("ID", &number()), ("Type", "Body")])?;
    frame(&mut sheet, &number())?;
    for line in &page.lines {
        text(&mut sheet, &number(), line)?;
    }
    sheet.close("Layer")?;
    sheet.close("Content")?;
    sheet.finish()
}

/// A frame, fifteen millimetres inside the page's edges.
fn frame(sheet: &mut Sheet, id: &str) -> io::Result<()> {
    let own = [("ID", id), ("Boundary", "15 15 180 267"), ("LineWidth", "0.5")];
    sheet.open("PathObject", &own)?;
    sheet.empty("StrokeColor", &[("Value", "120 120 120")])?;
    sheet.text("AbbreviatedData", &[], "M 0 0 L 180 0 L 180 267 L 0 267 C")?;
    sheet.close("PathObject")
}

fn text(sheet: &mut Sheet, id: &str, line: &Line) -> io::Result<()> {
    let widths: Vec<i32> = line.words.chars().map(|c| page::width(c, line.size)).collect();
    let (wide, high) = (widths.iter().sum::<i32>(), line.size * 5 / 4);
    let place = [line.x, line.y, wide, high].map(|side| Tenths(side).to_string()).join(" ");
    let size = Tenths(line.size).to_string();
    let own = [("ID", id), ("Boundary", &place), ("Font", FONT), ("Size", &size)];
    sheet.open("TextObject", &own)?;
    let colour = match line.ink {
        Ink::Black => "0 0 0",
        Ink::Grey => "90 90 90",
        Ink::Red => "200 16 16",
    };
    sheet.empty("FillColor", &[("Value", colour)])?;
    // From each letter to the next, so one fewer than there are letters.
    let steps = widths.split_last().map_or(&[][..], |(_, steps)| steps);
    let steps: Vec<String> = steps.iter().map(|step| Tenths(*step).to_string()).collect();
    let (steps, base) = (steps.join(" "), Tenths(line.size).to_string());
    let mut code = vec![("X", "0"), ("Y", base.as_str())];
    if !steps.is_empty() {
        code.push(("DeltaX", &steps));
    }
    sheet.text("TextCode", &code, &line.words)?;
    sheet.close("TextObject")
}
