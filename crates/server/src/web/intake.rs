//! Taking a file in: what it is by its own bytes, whatever its name says; whether it hides or runs
//! something; and what the operator's scanner says of it. What does not pass is refused with the
//! reason, and never kept.

use std::{
    fs::File,
    io::{Cursor, Read, Seek, SeekFrom},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use base::{Reason, Text};
use zip::ZipArchive;

/// The most bytes of one file.
pub(crate) const FILE_MAX: u64 = 50 * MEGABYTE;
/// The most bytes of all files of one application.
pub(crate) const FILES_MAX: u64 = 200 * MEGABYTE;
/// A million bytes, as people count them who read a file's size.
pub(crate) const MEGABYTE: u64 = 1024 * 1024;
/// So much of a file tells what it is.
const HEAD: u64 = 64 * 1024;
/// The most that a compressed document may come to, and how much more than the file itself.
const UNPACKED_MAX: u64 = 500 * MEGABYTE;
const UNPACKED_TIMES_MAX: u64 = 200;
/// The most files in a compressed document.
const PARTS_MAX: usize = 10_000;
/// The most characters of a file's name; of a longer one the end is kept, with its ending.
const NAME_MAX: usize = 100;
/// How long a scanner may take.
const SCAN_WITHIN: Duration = Duration::from_secs(60);

/// A kind of file that is taken: its media type, and how the name of such a file ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kind {
    /// As a media type.
    pub(crate) media: &'static str,
    /// Without the dot.
    pub(crate) ending: &'static str,
}

const fn kind(media: &'static str, ending: &'static str) -> Kind {
    Kind { media, ending }
}

/// Every kind that is taken.
pub(crate) const KINDS: [Kind; 8] = [
    kind("application/pdf", "pdf"),
    kind("image/jpeg", "jpg"),
    kind("image/png", "png"),
    kind("image/heic", "heic"),
    kind("application/ofd", "ofd"),
    kind("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
    kind("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    kind("text/csv", "csv"),
];

/// What a file input offers to choose from.
pub(crate) const ENDINGS: &str = ".pdf,.jpg,.jpeg,.png,.heic,.ofd,.docx,.xlsx,.csv";

fn ending(ending: &str) -> Result<Kind, Unfit> {
    KINDS.into_iter().find(|kind| kind.ending == ending).ok_or(Unfit::OtherKind)
}

/// The scanner that every file goes through, where the operator names one.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scanner(pub(crate) Option<PathBuf>);

/// Why a file is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unfit {
    /// There is nothing in it.
    Empty,
    /// It is larger than one file may be.
    TooLarge,
    /// All files together are larger than they may be.
    TooMuch,
    /// It is a program, or carries one.
    Program,
    /// It is a page of markup, which may carry a script.
    Markup,
    /// It is locked with a password, so that nobody can look into it.
    Locked,
    /// It unpacks to far more than it seems.
    Bomb,
    /// It is of a kind that is not taken, or damaged.
    OtherKind,
    /// The scanner found something in it.
    Infected,
    /// The scanner could not say.
    NotScanned,
}

impl Unfit {
    /// The reason, with what to do.
    pub(crate) fn reason(self) -> Reason {
        let (word, zh, en) = match self {
            Self::Empty => (
                "file-empty",
                "文件是空的；请检查后重新选择".to_owned(),
                "is an empty file; check it and choose it again".to_owned(),
            ),
            Self::TooLarge => (
                "file-too-large",
                format!("文件超过 {} MB；请压缩图片或分册后再传", FILE_MAX / MEGABYTE),
                format!(
                    "is larger than {} MB; make its pictures smaller, or split it",
                    FILE_MAX / MEGABYTE
                ),
            ),
            Self::TooMuch => (
                "files-too-large",
                format!("本次申请的文件合计超过 {} MB；请压缩后再传", FILES_MAX / MEGABYTE),
                format!(
                    "makes the files of this application larger than {} MB together; make them \
                     smaller",
                    FILES_MAX / MEGABYTE
                ),
            ),
            Self::Program => (
                "file-program",
                "是可执行的程序，或带有宏；请另存为 PDF 后上传".to_owned(),
                "is a program, or carries one; save the document as PDF and send that".to_owned(),
            ),
            Self::Markup => (
                "file-markup",
                "是网页或矢量图，其中可能带有脚本；请另存为 PDF 后上传".to_owned(),
                "is a web page or a drawing that may carry a script; save it as PDF and send that"
                    .to_owned(),
            ),
            Self::Locked => (
                "file-locked",
                "已用密码加密，无法查看；请去掉密码后上传".to_owned(),
                "is locked with a password; take the password off and send it again".to_owned(),
            ),
            Self::Bomb => (
                "file-bomb",
                "解压后过大；请另存为 PDF 后上传".to_owned(),
                "unpacks to far more than it seems; save it as PDF and send that".to_owned(),
            ),
            Self::OtherKind => (
                "file-kind",
                "不是可以接受的文件类型，或文件已损坏；请上传 PDF、JPG、PNG、HEIC、OFD、DOCX、\
                 XLSX 或 CSV"
                    .to_owned(),
                "is not a kind of file that is taken, or is damaged; send PDF, JPG, PNG, HEIC, \
                 OFD, DOCX, XLSX or CSV"
                    .to_owned(),
            ),
            Self::Infected => (
                "file-infected",
                "安全扫描发现问题，未予保存；请用杀毒软件检查您的设备，再上传另一份".to_owned(),
                "did not pass the security scan and was not kept; check your device, and send \
                 another copy"
                    .to_owned(),
            ),
            Self::NotScanned => (
                "file-not-scanned",
                "暂时无法完成安全扫描，未予保存；请几分钟后再传".to_owned(),
                "could not be scanned now and was not kept; send it again in a few minutes"
                    .to_owned(),
            ),
        };
        Reason { word, says: Text::new(zh, en) }
    }
}

/// What a file of that name is, unless it is not taken.
///
/// # Errors
/// [`Unfit`], why it is not.
pub(crate) fn sniffed(file: &mut (impl Read + Seek), name: &str) -> Result<Kind, Unfit> {
    let size = file.seek(SeekFrom::End(0)).map_err(|_| Unfit::OtherKind)?;
    file.rewind().map_err(|_| Unfit::OtherKind)?;
    let mut head = Vec::new();
    file.take(HEAD).read_to_end(&mut head).map_err(|_| Unfit::OtherKind)?;
    file.rewind().map_err(|_| Unfit::OtherKind)?;
    match (size, head.as_slice()) {
        (0, _) => Err(Unfit::Empty),
        (FILE_MAX.., _) if size > FILE_MAX => Err(Unfit::TooLarge),
        (_, [b'P', b'K', 3, 4, ..]) => packed(file, size),
        (_, [b'#', b'!', ..] | [b'M', b'Z', ..] | [0x7f, b'E', b'L', b'F', ..]) => {
            Err(Unfit::Program)
        }
        (_, head) => plain(head, name),
    }
}

/// A file that is no archive.
fn plain(head: &[u8], name: &str) -> Result<Kind, Unfit> {
    if let Some(found) = infer::get(head) {
        return match (found.extension(), found.matcher_type()) {
            ("pdf", _) => ending("pdf"),
            ("jpg", _) => ending("jpg"),
            ("png", _) => ending("png"),
            ("heif", _) => ending("heic"),
            ("html" | "xml", _) => Err(Unfit::Markup),
            (_, infer::MatcherType::App) => Err(Unfit::Program),
            _ => Err(Unfit::OtherKind),
        };
    }
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    let lines = |byte: &u8| matches!(byte, b'\t' | b'\r' | b'\n');
    match text {
        [b'<', ..] => Err(Unfit::Markup),
        // Only its name tells that a text is a table.
        _ if head.iter().any(|byte| *byte < b' ' && !lines(byte)) => Err(Unfit::OtherKind),
        _ if name.to_ascii_lowercase().ends_with(".csv") => ending("csv"),
        _ => Err(Unfit::OtherKind),
    }
}

/// A document that is an archive, told by the parts it must have. Nothing is unpacked.
fn packed(file: &mut (impl Read + Seek), size: u64) -> Result<Kind, Unfit> {
    let mut archive = ZipArchive::new(file).map_err(|_| Unfit::OtherKind)?;
    if archive.len() > PARTS_MAX {
        return Err(Unfit::Bomb);
    }
    let (mut found, mut unpacked) = (None, 0_u64);
    for number in 0..archive.len() {
        let part = archive.by_index_raw(number).map_err(|_| Unfit::OtherKind)?;
        let name = part.name().map_err(|_| Unfit::OtherKind)?.to_ascii_lowercase();
        unpacked = unpacked.saturating_add(part.size());
        match name.as_str() {
            _ if part.encrypted() => return Err(Unfit::Locked),
            _ if runs(&name) => return Err(Unfit::Program),
            "ofd.xml" => found = Some("ofd"),
            "word/document.xml" => found = Some("docx"),
            "xl/workbook.xml" => found = Some("xlsx"),
            _ => {}
        }
    }
    if unpacked > UNPACKED_MAX.min(size.saturating_mul(UNPACKED_TIMES_MAX)) {
        return Err(Unfit::Bomb);
    }
    ending(found.ok_or(Unfit::OtherKind)?)
}

/// Whether a part of a document is a program by its name.
fn runs(name: &str) -> bool {
    const ENDINGS: [&str; 8] = [".exe", ".dll", ".js", ".vbs", ".bat", ".cmd", ".ps1", ".jar"];
    name.ends_with("vbaproject.bin") || ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// A number of bytes as people read it.
pub(crate) fn size(bytes: u64) -> String {
    match bytes {
        MEGABYTE.. => format!("{}.{} MB", bytes / MEGABYTE, bytes % MEGABYTE * 10 / MEGABYTE),
        _ => format!("{} kB", bytes.div_ceil(1024)),
    }
}

/// What a file is called, without the folders it lay in, without signs that nobody sees or that
/// turn the order of what is read, and not too long.
pub(crate) fn called(name: &str) -> String {
    let own = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let seen = |sign: &char| {
        let turns = matches!(
            sign,
            '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        );
        !sign.is_control() && !turns
    };
    let signs: Vec<char> = own.chars().filter(seen).collect();
    let from = signs.len().saturating_sub(NAME_MAX);
    let called: String = signs.into_iter().skip(from).collect();
    if called.trim().is_empty() { "file".to_owned() } else { called.trim().to_owned() }
}

/// What the bytes of a kept paper are.
pub(crate) fn of_bytes(bytes: &[u8]) -> Option<Kind> {
    sniffed(&mut Cursor::new(bytes), ".csv").ok()
}

/// What a file is, once it has passed everything.
///
/// # Errors
/// [`Unfit`], why it is not taken.
pub(crate) async fn examined(
    scanner: &Scanner,
    path: PathBuf,
    name: String,
) -> Result<Kind, Unfit> {
    let scanner = scanner.clone();
    let looked = tokio::task::spawn_blocking(move || {
        let mut file = File::open(&path).map_err(|_| Unfit::NotScanned)?;
        let kind = sniffed(&mut file, &name)?;
        scanner.passes(&path)?;
        Ok(kind)
    });
    looked.await.unwrap_or(Err(Unfit::NotScanned))
}

impl Scanner {
    /// Runs the scanner on a file: 0 says that it is clean, 1 that it is not, and whatever else
    /// that nobody knows.
    fn passes(&self, path: &Path) -> Result<(), Unfit> {
        let Some(program) = &self.0 else { return Ok(()) };
        let path = path.canonicalize().map_err(|_| Unfit::NotScanned)?;
        let mut command = Command::new(program);
        command.arg(path).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let child = command.spawn().map_err(|error| {
            eprintln!("yiyang: the scanner does not start: {error}");
            Unfit::NotScanned
        })?;
        match ended(child) {
            Some(0) => Ok(()),
            Some(1) => Err(Unfit::Infected),
            other => {
                eprintln!("yiyang: the scanner ended with {other:?}");
                Err(Unfit::NotScanned)
            }
        }
    }
}

/// How a scanner ended; none where it was stopped or took too long.
fn ended(mut child: Child) -> Option<i32> {
    let until = Instant::now() + SCAN_WITHIN;
    while Instant::now() < until {
        match child.try_wait() {
            Ok(Some(status)) => return status.code(),
            Ok(None) => std::thread::sleep(Duration::from_millis(10)),
            Err(_) => break,
        }
    }
    // Whatever it does, it is not waited for any longer.
    let _ = child.kill();
    let _ = child.wait();
    None
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

    use super::*;

    fn archive(parts: &[(&str, usize)]) -> Vec<u8> {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        let mut out = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, size) in parts {
            out.start_file(*name, options).unwrap();
            out.write_all(&vec![b'x'; *size]).unwrap();
        }
        out.finish().unwrap().into_inner()
    }

    /// The archive with each place of `from` written otherwise.
    fn edited(mut bytes: Vec<u8>, from: &[u8], at: usize, to: &[u8]) -> Vec<u8> {
        let starts: Vec<usize> =
            (0..bytes.len()).filter(|start| bytes[*start..].starts_with(from)).collect();
        assert!(!starts.is_empty());
        for start in starts {
            bytes[start + at..start + at + to.len()].copy_from_slice(to);
        }
        bytes
    }

    #[test]
    fn a_name_is_shown_safely() {
        let rows = [
            ("C:\\Users\\li\\lease.pdf", "lease.pdf"),
            ("../../etc/passwd", "passwd"),
            ("exe\u{202e}fdp.pdf\u{0}", "exefdp.pdf"),
            ("", "file"),
            ("平面图.pdf", "平面图.pdf"),
        ];
        for (name, expected) in rows {
            assert_eq!(called(name), expected, "{name:?}");
        }
        assert_eq!(called(&"长".repeat(300)).chars().count(), NAME_MAX);
        let sizes = [(0, "0 kB"), (1, "1 kB"), (1536, "2 kB"), (12 * MEGABYTE, "12.0 MB")];
        for (bytes, expected) in sizes {
            assert_eq!(size(bytes), expected);
        }
    }

    #[test]
    fn a_file_is_what_its_bytes_say() {
        let docx = archive(&[("[Content_Types].xml", 9), ("word/document.xml", 9)]);
        // In the list of an archive's parts the flags stand at 8, and the size unpacked at 24.
        let locked = edited(docx.clone(), b"PK\x01\x02", 8, &[1, 0]);
        let bomb = edited(docx.clone(), b"PK\x01\x02", 24, &[0, 0, 0, 0x7f]);
        let good = |ending| Ok(ending);
        let rows: Vec<(&str, Vec<u8>, Result<&str, Unfit>)> = vec![
            ("a.pdf", b"%PDF-1.7 a plan".to_vec(), good("pdf")),
            ("a.exe", b"%PDF-1.7 a plan".to_vec(), good("pdf")),
            ("a.jpg", b"\xff\xd8\xff\xe0 a picture".to_vec(), good("jpg")),
            ("a.png", b"\x89PNG\r\n\x1a\n".to_vec(), good("png")),
            ("a.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec(), good("heic")),
            ("a.docx", docx, good("docx")),
            ("a.xlsx", archive(&[("xl/workbook.xml", 9)]), good("xlsx")),
            ("a.ofd", archive(&[("OFD.xml", 9)]), good("ofd")),
            ("a.csv", "名称,面积\n薄荷小店,30\n".as_bytes().to_vec(), good("csv")),
            ("a.txt", b"a,b\n".to_vec(), Err(Unfit::OtherKind)),
            ("a.csv", b"<html><script>1</script>".to_vec(), Err(Unfit::Markup)),
            ("a.csv", b"  <svg onload=\"x\"/>".to_vec(), Err(Unfit::Markup)),
            ("a.pdf", b"<!DOCTYPE html><p>".to_vec(), Err(Unfit::Markup)),
            ("a.pdf", b"MZ\x90\0\x03 a program".to_vec(), Err(Unfit::Program)),
            ("a.pdf", b"\x7fELF\x02\x01\x01\0 a program".to_vec(), Err(Unfit::Program)),
            ("a.csv", b"#!/bin/sh\nrm".to_vec(), Err(Unfit::Program)),
            ("a.docx", locked, Err(Unfit::Locked)),
            ("a.docx", bomb, Err(Unfit::Bomb)),
            (
                "a.docx",
                archive(&[("word/document.xml", 9), ("word/vbaProject.bin", 9)]),
                Err(Unfit::Program),
            ),
            ("a.zip", archive(&[("a.pdf", 9)]), Err(Unfit::OtherKind)),
            ("a.docx", b"PK\x03\x04 cut off".to_vec(), Err(Unfit::OtherKind)),
            ("a.pdf", Vec::new(), Err(Unfit::Empty)),
            ("a.gif", b"GIF89a".to_vec(), Err(Unfit::OtherKind)),
        ];
        for (name, bytes, expected) in rows {
            let found = sniffed(&mut Cursor::new(&bytes), name).map(|kind| kind.ending);
            assert_eq!(found, expected, "{name} {:?}", String::from_utf8_lossy(&bytes));
        }
    }
}
