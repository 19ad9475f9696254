//! The drawing as a picture (SVG 1.1): the same places as in the exported BPMN, with the marks of
//! the standard, so that a page can show it without a viewer.
//!
//! Colours are attributes, never a style sheet, so that a strict content security policy lets them
//! pass.

use std::io;

use quick_xml::{
    Writer,
    events::{BytesEnd, BytesStart, BytesText, Event},
};

use super::{
    area::{Area, LINE, Point, width},
    block::{Block, Flow, Kind, Node, Note},
    layout::Sheet,
};

const INK: &str = "#16201f";
const ACCENT: &str = "#0b5c62";
const WASH: &str = "#eef5f5";
const PAPER: &str = "#ffffff";
/// The strip at the left of a pool or a lane in which its name stands.
const STRIP: i32 = 30;
/// The size of letters, and how far below the top of its line a letter stands.
const LETTER: i32 = 12;
/// Room around the pool.
const EDGE: i32 = 8;

/// Writes a laid-out drawing.
pub(super) fn picture(sheet: &Sheet) -> io::Result<String> {
    let mut page = Page { out: Writer::new(Vec::new()) };
    page.sheet(sheet)?;
    let mut bytes = page.out.into_inner();
    bytes.push(b'\n');
    String::from_utf8(bytes).map_err(io::Error::other)
}

/// Attributes of an element, in order.
type Attributes<'a> = &'a [(&'a str, &'a str)];

struct Page {
    out: Writer<Vec<u8>>,
}

impl Page {
    fn open(&mut self, name: &str, attributes: Attributes<'_>) -> io::Result<()> {
        let start = BytesStart::new(name).with_attributes(attributes.iter().copied());
        self.out.write_event(Event::Start(start))
    }

    fn close(&mut self, name: &str) -> io::Result<()> {
        self.out.write_event(Event::End(BytesEnd::new(name)))
    }

    fn empty(&mut self, name: &str, attributes: Attributes<'_>) -> io::Result<()> {
        let start = BytesStart::new(name).with_attributes(attributes.iter().copied());
        self.out.write_event(Event::Empty(start))
    }

    fn text(&mut self, name: &str, attributes: Attributes<'_>, text: &str) -> io::Result<()> {
        self.open(name, attributes)?;
        self.out.write_event(Event::Text(BytesText::new(text)))?;
        self.close(name)
    }

    fn sheet(&mut self, sheet: &Sheet) -> io::Result<()> {
        let (right, bottom) = (sheet.pool.right() + EDGE, sheet.pool.bottom() + EDGE);
        let (width, height) = (right.to_string(), bottom.to_string());
        let view = format!("0 0 {right} {bottom}");
        let own = [
            ("xmlns", "http://www.w3.org/2000/svg"),
            ("width", width.as_str()),
            ("height", &height),
            ("viewBox", &view),
            ("font-family", "-apple-system, 'PingFang SC', 'Noto Sans CJK SC', sans-serif"),
            ("font-size", "12"),
            ("fill", INK),
        ];
        self.open("svg", &own)?;
        self.text("title", &[], &sheet.drawing.title)?;
        self.arrow()?;
        self.strip(sheet.pool, &sheet.drawing.title, PAPER)?;
        for (lane, area) in &sheet.lanes {
            self.strip(*area, &lane.name, PAPER)?;
        }
        for flow in &sheet.drawing.flows {
            self.flow(flow)?;
        }
        sheet.drawing.blocks.iter().try_for_each(|block| self.block(block))?;
        self.close("svg")
    }

    /// The head of every flow.
    fn arrow(&mut self) -> io::Result<()> {
        let own = [
            ("id", "head"),
            ("viewBox", "0 0 10 10"),
            ("refX", "9"),
            ("refY", "5"),
            ("markerWidth", "7"),
            ("markerHeight", "7"),
            ("orient", "auto"),
        ];
        self.open("defs", &[])?;
        self.open("marker", &own)?;
        self.empty("path", &[("d", "M0 0 10 5 0 10z"), ("fill", INK)])?;
        self.close("marker")?;
        self.close("defs")
    }

    /// A pool or a lane with its name upright at the left.
    fn strip(&mut self, area: Area, name: &str, fill: &str) -> io::Result<()> {
        self.rect(area, fill, INK, &[])?;
        self.rect(Area { width: STRIP, ..area }, WASH, INK, &[])?;
        let middle = Point { x: area.x + STRIP / 2, y: area.middle().y };
        let turn = format!("rotate(-90 {} {})", middle.x, middle.y);
        self.open("g", &[("transform", &turn)])?;
        let long = Area { x: middle.x - area.height / 2, y: middle.y - LINE, ..area };
        self.lines(name, Area { width: area.height, height: 2 * LINE, ..long })?;
        self.close("g")
    }

    fn block(&mut self, block: &Block) -> io::Result<()> {
        if let Some(frame) = &block.frame {
            self.rect(frame.area, PAPER, INK, &[("rx", "10"), ("stroke-dasharray", "2 4")])?;
            let head = Area { height: frame.area.height - 74, ..frame.area };
            self.lines(&frame.name, head)?;
        }
        for flow in &block.inner {
            self.flow(flow)?;
        }
        block.nodes.iter().try_for_each(|node| self.node(node))?;
        block.note.as_ref().map_or(Ok(()), |note| self.note(note, block))
    }

    fn node(&mut self, node: &Node) -> io::Result<()> {
        match &node.kind {
            Kind::User | Kind::Held => self.rect(node.area, PAPER, ACCENT, &ROUND)?,
            Kind::Service | Kind::Send => self.rect(node.area, WASH, ACCENT, &ROUND)?,
            Kind::Exclusive => self.gateway(node.area, "M-7 -7 7 7M-7 7 7 -7")?,
            Kind::Parallel => self.gateway(node.area, "M-10 0H10M0 -10V10")?,
            Kind::Complex => self.gateway(node.area, "M-10 0H10M0 -10V10M-7 -7 7 7M-7 7 7 -7")?,
            Kind::Start | Kind::Told => self.circle(node.area, 0, "1.5")?,
            Kind::End { .. } => self.circle(node.area, 0, "4")?,
            Kind::Timer { .. } | Kind::Raised { .. } | Kind::Heard { .. } => {
                self.circle(node.area, 0, "1.5")?;
                self.circle(node.area, 4, "1.5")?;
            }
        }
        self.mark(node)?;
        match (node.label, node.kind.on()) {
            (Some(label), _) => self.lines(&node.name, label),
            (None, None) => self.lines(&node.name, node.area),
            (None, Some(_)) => Ok(()),
        }
    }

    /// What stands inside an event, by the standard's marks.
    fn mark(&mut self, node: &Node) -> io::Result<()> {
        let way = match &node.kind {
            Kind::Timer { .. } => "M0 -6V0L5 3",
            Kind::Raised { .. } => "M0 -7 5 6 0 1 -5 6z",
            Kind::Heard { .. } => "M0 -7 7 5H-7z",
            Kind::Told => "M-8 -5H8V5H-8zM-8 -5 0 1 8 -5",
            Kind::End { last: true } => "M-5 -5H5V5H-5z",
            _ => return Ok(()),
        };
        let fill = if node.kind == (Kind::End { last: true }) { INK } else { "none" };
        self.path(node.area.middle(), way, fill)
    }

    fn path(&mut self, at: Point, way: &str, fill: &str) -> io::Result<()> {
        let place = format!("translate({} {})", at.x, at.y);
        let own = [("d", way), ("transform", &place), ("fill", fill), ("stroke", INK)];
        self.empty("path", &[&own[..], &[("stroke-width", "1.5")]].concat())
    }

    fn gateway(&mut self, area: Area, mark: &str) -> io::Result<()> {
        let half = area.width / 2;
        let rhomb = format!("M0 -{half} {half} 0 0 {half} -{half} 0z");
        self.path(area.middle(), &rhomb, PAPER)?;
        self.path(area.middle(), mark, "none")
    }

    fn circle(&mut self, area: Area, inside: i32, stroke: &str) -> io::Result<()> {
        let middle = area.middle();
        let [x, y, radius] = [middle.x, middle.y, area.width / 2 - inside].map(|n| n.to_string());
        let own = [("cx", x.as_str()), ("cy", &y), ("r", &radius), ("fill", PAPER)];
        self.empty("circle", &[&own[..], &[("stroke", INK), ("stroke-width", stroke)]].concat())
    }

    fn rect(&mut self, area: Area, fill: &str, ink: &str, more: Attributes<'_>) -> io::Result<()> {
        let [x, y, width, height] =
            [area.x, area.y, area.width, area.height].map(|side| side.to_string());
        let own = [("x", x.as_str()), ("y", &y), ("width", &width), ("height", &height)];
        self.empty("rect", &[&own[..], &[("fill", fill), ("stroke", ink)], more].concat())
    }

    fn flow(&mut self, flow: &Flow) -> io::Result<()> {
        let points: Vec<String> =
            flow.way.iter().map(|point| format!("{},{}", point.x, point.y)).collect();
        let own = [("points", points.join(" "))];
        let own: Vec<(&str, &str)> =
            own.iter().map(|(name, text)| (*name, text.as_str())).collect();
        let line = [("fill", "none"), ("stroke", INK), ("marker-end", "url(#head)")];
        self.empty("polyline", &[&own[..], &line[..]].concat())?;
        flow.label.map_or(Ok(()), |label| self.lines(&flow.name, label))
    }

    fn note(&mut self, note: &Note, block: &Block) -> io::Result<()> {
        let task = block.nodes.first().map(|node| node.area).unwrap_or_default();
        let x = task.middle().x;
        let dashed = format!("M{x} {}V{}", task.bottom(), note.area.y);
        let own = [("d", dashed.as_str()), ("stroke", INK), ("stroke-dasharray", "2 3")];
        self.empty("path", &own)?;
        let Area { x, y, height, .. } = note.area;
        let bracket = format!("M{} {y}H{x}V{}H{}", x + 12, y + height, x + 12);
        self.empty("path", &[("d", &bracket), ("fill", "none"), ("stroke", INK)])?;
        self.lines(&note.text, note.area)
    }

    /// A text in the middle of its place, on as many lines as it takes.
    fn lines(&mut self, text: &str, area: Area) -> io::Result<()> {
        let lines: Vec<String> =
            text.lines().flat_map(|line| folded(line, area.width - 4)).collect();
        let count = i32::try_from(lines.len()).unwrap_or(i32::MAX);
        let middle = area.middle();
        let top = middle.y - count.saturating_mul(LINE) / 2 + LETTER;
        let x = middle.x.to_string();
        for (line, number) in lines.iter().zip(0..) {
            let y = (top + LINE * number).to_string();
            self.text("text", &[("x", &x), ("y", &y), ("text-anchor", "middle")], line)?;
        }
        Ok(())
    }
}

/// The look of a task.
const ROUND: [(&str, &str); 2] = [("rx", "8"), ("stroke-width", "1.5")];

/// A text as lines of at most that width: Latin words stay whole, Chinese breaks anywhere.
fn folded(text: &str, within: i32) -> Vec<String> {
    let (mut lines, mut line) = (Vec::new(), String::new());
    for piece in pieces(text) {
        let longer = format!("{line}{piece}");
        if width(&longer) <= within || line.is_empty() {
            line = longer;
        } else {
            lines.push(std::mem::replace(&mut line, piece.trim_start().to_owned()));
        }
    }
    lines.push(line);
    lines.retain(|line| !line.trim().is_empty());
    lines
}

/// What is not torn: a run of Latin letters with the space before it, or one letter of Chinese.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    for letter in text.chars() {
        let joins = letter.is_ascii() && letter != ' ';
        let goes_on = |piece: &String| piece.chars().next_back().is_some_and(|own| own.is_ascii());
        match pieces.last_mut().filter(|piece| joins && goes_on(piece)) {
            Some(piece) => piece.push(letter),
            None => pieces.push(letter.to_string()),
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::folded;

    #[test]
    fn lines_hold_what_is_not_torn() {
        let rows: [(&str, i32, &[&str]); 5] = [
            ("", 50, &[]),
            ("受理", 50, &["受理"]),
            ("材料齐全予以备案", 60, &["材料齐全", "予以备案"]),
            ("The filing takes effect", 90, &["The filing", "takes effect"]),
            ("unbreakable", 10, &["unbreakable"]),
        ];
        for (text, within, expected) in rows {
            assert_eq!(folded(text, within), expected, "`{text}` within {within}");
        }
    }
}
