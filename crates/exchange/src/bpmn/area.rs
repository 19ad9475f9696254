//! Places on the drawing, in whole pixels, and how much room a text takes.

/// A point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Point {
    pub(super) x: i32,
    pub(super) y: i32,
}

/// A rectangle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Area {
    pub(super) x: i32,
    pub(super) y: i32,
    pub(super) width: i32,
    pub(super) height: i32,
}

/// The height of a line of a label.
pub(super) const LINE: i32 = 14;

impl Area {
    pub(super) fn moved(self, by: Point) -> Self {
        Self { x: self.x + by.x, y: self.y + by.y, ..self }
    }

    pub(super) fn right(self) -> i32 {
        self.x + self.width
    }

    pub(super) fn bottom(self) -> i32 {
        self.y + self.height
    }

    pub(super) fn middle(self) -> Point {
        Point { x: self.x + self.width / 2, y: self.y + self.height / 2 }
    }
}

/// How wide a text is on one line of a label, with a little to spare.
pub(super) fn width(text: &str) -> i32 {
    text.chars().map(|letter| if letter.is_ascii() { 7 } else { 12 }).sum::<i32>() + 6
}

/// How many lines a text takes where a line may be that wide.
pub(super) fn lines(text: &str, within: i32) -> i32 {
    text.lines().map(|line| folded(line, within)).sum()
}

/// Words of Latin script are not torn, so a line that is folded takes one part in four more.
fn folded(text: &str, within: i32) -> i32 {
    let whole = width(text);
    let torn = text.chars().filter(|letter| !letter.is_ascii()).count() * 2 > text.chars().count();
    let needed = if torn || whole <= within { whole } else { whole + whole / 4 };
    (needed + within - 1) / within
}

/// The room for a label whose upper left corner is at a point.
pub(super) fn label(text: &str, at: Point, within: i32) -> Area {
    Area { x: at.x, y: at.y, width: width(text).min(within), height: lines(text, within) * LINE }
}
