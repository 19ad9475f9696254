//! What is drawn together: a task with its timers and its gateway, or an event with its name.
//!
//! A block's nodes have places relative to the left end of its centre line; a layout moves blocks,
//! never what is in them.

use super::area::{Area, LINE, Point, label, lines};

/// What a node is in BPMN.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// The filing.
    Start,
    /// Somebody's word that starts an event sub-process.
    Told,
    /// An end; one that is final ends everything still open.
    End {
        last: bool,
    },
    User,
    /// A task whose holder has nothing to choose: time or somebody else leads on.
    Held,
    Service,
    Send,
    Exclusive,
    Parallel,
    Complex,
    /// A timer on a task, with its term as a pack writes it.
    Timer {
        on: String,
        interrupting: bool,
        term: String,
    },
    /// What somebody may do while a task goes on.
    Raised {
        on: String,
    },
    /// What somebody else chooses, which ends a task.
    Heard {
        on: String,
    },
}

impl Kind {
    /// The task on whose edge an event stands.
    pub(super) fn on(&self) -> Option<&str> {
        match self {
            Self::Timer { on, .. } | Self::Raised { on } | Self::Heard { on } => Some(on),
            _ => None,
        }
    }
}

/// Something that a flow leads from or to.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) says: Vec<String>,
    pub(super) kind: Kind,
    pub(super) area: Area,
    pub(super) label: Option<Area>,
}

/// A note at a task.
#[derive(Debug, Clone)]
pub(super) struct Note {
    pub(super) id: String,
    pub(super) text: String,
    pub(super) says: Vec<String>,
    pub(super) on: String,
    pub(super) area: Area,
}

/// A sub-process around a block.
#[derive(Debug, Clone)]
pub(super) struct Frame {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) says: Vec<String>,
    pub(super) area: Area,
}

/// A sequence flow; its way is empty until it has been laid out.
#[derive(Debug, Clone)]
pub(super) struct Flow {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) says: Vec<String>,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) way: Vec<Point>,
    pub(super) label: Option<Area>,
}

/// Nodes that are drawn together in a lane.
#[derive(Debug, Clone)]
pub(super) struct Block {
    pub(super) lane: usize,
    pub(super) nodes: Vec<Node>,
    pub(super) inner: Vec<Flow>,
    pub(super) note: Option<Note>,
    pub(super) frame: Option<Frame>,
    pub(super) width: i32,
    /// How far it reaches above its centre line, and below.
    pub(super) up: i32,
    pub(super) down: i32,
}

const TASK: (i32, i32) = (150, 80);
const EVENT: i32 = 36;
const GATEWAY: i32 = 50;
const GAP: i32 = 28;
/// From the middle of one event on a task's lower edge to the next, with room for a name between.
const PITCH: i32 = 140;
const NAME: i32 = 100;

impl Node {
    pub(super) fn new(id: String, name: String, kind: Kind, says: Vec<String>) -> Self {
        Self { id, name, says, kind, area: Area::default(), label: None }
    }

    fn moved(self, by: Point) -> Self {
        let label = self.label.map(|label| label.moved(by));
        Self { area: self.area.moved(by), label, ..self }
    }
}

impl Flow {
    pub(super) fn new(id: String, name: String, from: &str, to: &str) -> Self {
        let (from, to) = (from.to_owned(), to.to_owned());
        Self { id, name, says: Vec::new(), from, to, way: Vec::new(), label: None }
    }

    pub(super) fn saying(self, says: Vec<String>) -> Self {
        Self { says, ..self }
    }

    fn moved(self, by: Point) -> Self {
        let way = self.way.iter().map(|p| Point { x: p.x + by.x, y: p.y + by.y }).collect();
        Self { way, label: self.label.map(|label| label.moved(by)), ..self }
    }
}

impl Block {
    fn of(lane: usize, width: i32, up: i32, down: i32) -> Self {
        let (nodes, inner) = (Vec::new(), Vec::new());
        Self { lane, nodes, inner, note: None, frame: None, width, up, down }
    }

    /// A task alone.
    pub(super) fn task(lane: usize, mut node: Node) -> Self {
        let (width, height) = TASK;
        node.area = Area { x: 0, y: -height / 2, width, height };
        let mut block = Self::of(lane, width, height / 2, height / 2);
        block.nodes.push(node);
        block
    }

    /// An event with its name below.
    pub(super) fn event(lane: usize, mut node: Node) -> Self {
        let width = 100;
        node.area = Area { x: (width - EVENT) / 2, y: -EVENT / 2, width: EVENT, height: EVENT };
        let mut name = label(&node.name, Point { x: 0, y: EVENT / 2 + 4 }, width);
        name.x = (width - name.width) / 2;
        node.label = Some(name);
        let mut block = Self::of(lane, width, EVENT / 2, name.bottom());
        block.nodes.push(node);
        block
    }

    /// A gateway with the question it asks below.
    pub(super) fn question(lane: usize, mut node: Node) -> Self {
        let width = 2 * GATEWAY;
        let (x, y) = ((width - GATEWAY) / 2, -GATEWAY / 2);
        node.area = Area { x, y, width: GATEWAY, height: GATEWAY };
        let mut name = label(&node.name, Point { x: 0, y: GATEWAY / 2 + 4 }, width);
        name.x = (width - name.width) / 2;
        node.label = Some(name);
        let mut block = Self::of(lane, width, GATEWAY / 2, name.bottom());
        block.nodes.push(node);
        block
    }

    /// A gateway alone, without a name.
    pub(super) fn gateway(lane: usize, mut node: Node) -> Self {
        let width = GATEWAY;
        node.area = Area { x: 0, y: -GATEWAY / 2, width, height: GATEWAY };
        let mut block = Self::of(lane, width, GATEWAY / 2, GATEWAY / 2);
        block.nodes.push(node);
        block
    }

    /// The same with a gateway after its first node, and the flow to it.
    pub(super) fn then(mut self, mut gateway: Node) -> Self {
        let Some(first) = self.nodes.first() else { return self };
        let (from, right) = (first.id.clone(), first.area.right());
        let x = right + GAP;
        gateway.area = Area { x, y: -GATEWAY / 2, width: GATEWAY, height: GATEWAY };
        let id = format!("flow.{from}.{}", gateway.id);
        let mut flow = Flow::new(id, String::new(), &from, &gateway.id);
        flow.way = vec![Point { x: right, y: 0 }, Point { x, y: 0 }];
        self.inner.push(flow);
        self.nodes.push(gateway);
        self.width = self.width.max(x + GATEWAY);
        self
    }

    /// The same with an event on the lower edge of its task, its name beside it.
    pub(super) fn with_boundary(mut self, mut node: Node) -> Self {
        let before = self.nodes.iter().filter_map(|node| node.kind.on()).map(|_| PITCH);
        let x = 8 + before.sum::<i32>();
        let Some(task) = self.nodes.first_mut() else { return self };
        let needed = x + EVENT + 8;
        task.area.width = task.area.width.max(needed);
        let bottom = task.area.bottom();
        node.area = Area { x, y: bottom - EVENT / 2, width: EVENT, height: EVENT };
        let beside = Point { x: node.area.right() + 2, y: bottom + 3 };
        node.label = (!node.name.is_empty()).then(|| label(&node.name, beside, NAME));
        self.width = self.width.max(task.area.width).max(beside.x + NAME);
        self.down = self.down.max(bottom + EVENT / 2).max(node.label.map_or(0, Area::bottom));
        self.nodes.push(node);
        self
    }

    /// The same with an end right below the event that was put on last.
    pub(super) fn with_end_below(mut self, mut end: Node) -> Self {
        let Some(event) = self.nodes.last() else { return self };
        let (from, place) = (event.id.clone(), event.area);
        let below = event.label.map_or(0, Area::bottom).max(place.bottom());
        let (size, middle) = (EVENT - 8, place.middle().x);
        end.area = Area { x: middle - size / 2, y: below + 18, width: size, height: size };
        let beside = Point { x: end.area.right() + 3, y: end.area.y + size / 2 - LINE / 2 };
        let name = label(&end.name, beside, NAME);
        end.label = Some(name);
        let mut flow = Flow::new(format!("flow.{from}.{}", end.id), String::new(), &from, &end.id);
        let (top, bottom) = (place.bottom(), end.area.y);
        flow.way = vec![Point { x: middle, y: top }, Point { x: middle, y: bottom }];
        self.down = self.down.max(end.area.bottom()).max(name.bottom());
        self.inner.push(flow);
        self.nodes.push(end);
        self
    }

    /// The same with a note below its task, in whose middle it then stands.
    pub(super) fn noted(mut self, id: String, text: String, says: Vec<String>) -> Self {
        let Some(task) = self.nodes.first_mut() else { return self };
        let width = 210;
        task.area.x = (width - task.area.width) / 2;
        let height = lines(&text, width - 24) * LINE + LINE;
        let area = Area { x: 0, y: task.area.bottom() + 16, width, height };
        let on = task.id.clone();
        self.width = self.width.max(width);
        self.down = self.down.max(area.bottom());
        self.note = Some(Note { id, text, says, on, area });
        self
    }

    /// Two events in a frame: what starts an event sub-process, and its end.
    pub(super) fn framed(lane: usize, frame: Frame, events: [Node; 2]) -> Self {
        let (width, head) = (250, 24 + lines(&frame.name, 230) * LINE);
        let mut block = Self::of(lane, width, head, 70);
        for (node, x) in events.into_iter().zip([24, 126]) {
            let event = Self::event(lane, node).moved(Point { x, y: 10 });
            block.nodes.extend(event.nodes);
        }
        let ends: Vec<(String, Area)> =
            block.nodes.iter().map(|node| (node.id.clone(), node.area)).collect();
        if let [(from, left), (to, right)] = ends.as_slice() {
            let mut flow = Flow::new(format!("flow.{from}"), String::new(), from, to);
            let y = left.middle().y;
            flow.way = vec![Point { x: left.right(), y }, Point { x: right.x, y }];
            block.inner.push(flow);
        }
        let area = Area { x: 0, y: -head, width, height: head + 70 };
        block.frame = Some(Frame { area, ..frame });
        block
    }

    /// The same with more room at its left.
    pub(super) fn wider(self, by: i32) -> Self {
        let width = self.width + by;
        Self { width, ..self.moved(Point { x: by, y: 0 }) }
    }

    /// The same at another place.
    pub(super) fn moved(self, by: Point) -> Self {
        let nodes = self.nodes.into_iter().map(|node| node.moved(by)).collect();
        let inner = self.inner.into_iter().map(|flow| flow.moved(by)).collect();
        let note = self.note.map(|note| Note { area: note.area.moved(by), ..note });
        let frame = self.frame.map(|frame| Frame { area: frame.area.moved(by), ..frame });
        Self { nodes, inner, note, frame, ..self }
    }
}
