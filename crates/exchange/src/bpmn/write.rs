//! The drawing as XML: what it says in the namespace of the model, how it looks in that of
//! diagrams.

use std::io;

use quick_xml::Writer;

use super::{
    area::{Area, Point},
    block::{Block, Flow, Frame, Kind, Node, Note},
    draw::{Drawing, Lane},
    layout::Sheet,
    xml::{Attributes, Xml},
};

const SPACES: [(&str, &str); 5] = [
    ("xmlns", "http://www.omg.org/spec/BPMN/20100524/MODEL"),
    ("xmlns:bpmndi", "http://www.omg.org/spec/BPMN/20100524/DI"),
    ("xmlns:dc", "http://www.omg.org/spec/DD/20100524/DC"),
    ("xmlns:di", "http://www.omg.org/spec/DD/20100524/DI"),
    ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
];

/// Writes a laid-out drawing.
pub(super) fn write(sheet: &Sheet) -> io::Result<String> {
    let mut page = Page { out: Xml(Writer::new_with_indent(Vec::new(), b' ', 2)) };
    page.sheet(sheet)?;
    page.out.written()
}

struct Page {
    out: Xml,
}

impl Page {
    fn documented(&mut self, says: &[String]) -> io::Result<()> {
        let says: Vec<&str> =
            says.iter().map(String::as_str).filter(|says| !says.is_empty()).collect();
        if says.is_empty() { Ok(()) } else { self.out.text("documentation", &[], &says.join("\n")) }
    }

    fn sheet(&mut self, sheet: &Sheet) -> io::Result<()> {
        let drawing = &sheet.drawing;
        let space = format!("urn:yiyang:{}:{}", drawing.pack, drawing.name);
        let own = [("id", "definitions"), ("targetNamespace", space.as_str())];
        self.out.declared()?;
        self.out.open("definitions", &[&SPACES[..], &own[..]].concat())?;
        self.out.open("collaboration", &[("id", "collaboration")])?;
        let pool = [("id", "pool"), ("name", &drawing.title), ("processRef", "process")];
        self.out.empty("participant", &pool)?;
        self.out.close("collaboration")?;
        self.process(drawing)?;
        self.out.open("bpmndi:BPMNDiagram", &[("id", "diagram")])?;
        self.out.open("bpmndi:BPMNPlane", &[("id", "plane"), ("bpmnElement", "collaboration")])?;
        self.plane(sheet)?;
        self.out.close("bpmndi:BPMNPlane")?;
        self.out.close("bpmndi:BPMNDiagram")?;
        self.out.close("definitions")
    }

    fn process(&mut self, drawing: &Drawing) -> io::Result<()> {
        let own = [("id", "process"), ("name", &drawing.title), ("isExecutable", "false")];
        self.out.open("process", &own)?;
        self.documented(&drawing.says)?;
        self.out.open("laneSet", &[("id", "lanes")])?;
        for (number, lane) in drawing.lanes.iter().enumerate() {
            let mine = drawing.blocks.iter().filter(|block| block.lane == number);
            self.lane(lane, mine)?;
        }
        self.out.close("laneSet")?;
        let inner = drawing.blocks.iter().filter(|block| block.frame.is_none());
        let flows: Vec<&Flow> =
            inner.flat_map(|block| &block.inner).chain(&drawing.flows).collect();
        for block in &drawing.blocks {
            match &block.frame {
                Some(frame) => self.framed(frame, block)?,
                None => self.nodes(block, &flows)?,
            }
        }
        self.flows(&flows)?;
        for note in drawing.blocks.iter().filter_map(|block| block.note.as_ref()) {
            self.note(note)?;
        }
        self.out.close("process")
    }

    fn lane<'b>(&mut self, lane: &Lane, mine: impl Iterator<Item = &'b Block>) -> io::Result<()> {
        self.out.open("lane", &[("id", &lane.id), ("name", &lane.name)])?;
        self.documented(&lane.says)?;
        for block in mine {
            match &block.frame {
                Some(frame) => self.out.text("flowNodeRef", &[], &frame.id)?,
                None => {
                    for node in &block.nodes {
                        self.out.text("flowNodeRef", &[], &node.id)?;
                    }
                }
            }
        }
        self.out.close("lane")
    }

    fn framed(&mut self, frame: &Frame, block: &Block) -> io::Result<()> {
        let own = [("id", frame.id.as_str()), ("name", &frame.name), ("triggeredByEvent", "true")];
        self.out.open("subProcess", &own)?;
        self.documented(&frame.says)?;
        let flows: Vec<&Flow> = block.inner.iter().collect();
        self.nodes(block, &flows)?;
        self.flows(&flows)?;
        self.out.close("subProcess")
    }

    fn nodes(&mut self, block: &Block, flows: &[&Flow]) -> io::Result<()> {
        block.nodes.iter().try_for_each(|node| self.node(node, flows))
    }

    fn node(&mut self, node: &Node, flows: &[&Flow]) -> io::Result<()> {
        let (element, more) = element(&node.kind);
        let own = [("id", node.id.as_str()), ("name", &node.name)];
        let named = own.iter().filter(|(_, value)| !value.is_empty());
        let attributes: Vec<(&str, &str)> = named.copied().chain(more).collect();
        self.out.open(element, &attributes)?;
        self.documented(&node.says)?;
        for flow in flows.iter().filter(|flow| flow.to == node.id) {
            self.out.text("incoming", &[], &flow.id)?;
        }
        for flow in flows.iter().filter(|flow| flow.from == node.id) {
            self.out.text("outgoing", &[], &flow.id)?;
        }
        self.defined(node)?;
        self.out.close(element)
    }

    /// What an event waits for or does.
    fn defined(&mut self, node: &Node) -> io::Result<()> {
        let id = format!("event.{}", node.id);
        let own = [("id", id.as_str())];
        match &node.kind {
            Kind::Timer { term, .. } => {
                self.out.open("timerEventDefinition", &own)?;
                let typed = [("xsi:type", "tFormalExpression")];
                self.out.text("timeDuration", &typed, term)?;
                self.out.close("timerEventDefinition")
            }
            Kind::Raised { .. } => self.out.empty("escalationEventDefinition", &own),
            Kind::Heard { .. } => self.out.empty("signalEventDefinition", &own),
            Kind::Told => self.out.empty("messageEventDefinition", &own),
            Kind::End { last: true } => self.out.empty("terminateEventDefinition", &own),
            _ => Ok(()),
        }
    }

    fn flows(&mut self, flows: &[&Flow]) -> io::Result<()> {
        for flow in flows {
            let own = [
                ("id", flow.id.as_str()),
                ("name", &flow.name),
                ("sourceRef", &flow.from),
                ("targetRef", &flow.to),
            ];
            let own: Vec<(&str, &str)> =
                own.into_iter().filter(|(_, value)| !value.is_empty()).collect();
            if flow.says.is_empty() {
                self.out.empty("sequenceFlow", &own)?;
            } else {
                self.out.open("sequenceFlow", &own)?;
                self.documented(&flow.says)?;
                self.out.close("sequenceFlow")?;
            }
        }
        Ok(())
    }

    fn note(&mut self, note: &Note) -> io::Result<()> {
        self.out.open("textAnnotation", &[("id", &note.id)])?;
        self.documented(&note.says)?;
        self.out.text("text", &[], &note.text)?;
        self.out.close("textAnnotation")?;
        let id = format!("at.{}", note.id);
        let ends = [("id", id.as_str()), ("sourceRef", &note.on), ("targetRef", &note.id)];
        self.out.empty("association", &ends)
    }

    fn plane(&mut self, sheet: &Sheet) -> io::Result<()> {
        let across = [("isHorizontal", "true")];
        self.shape("pool", sheet.pool, None, &across)?;
        for (lane, area) in &sheet.lanes {
            self.shape(&lane.id, *area, None, &across)?;
        }
        for block in &sheet.drawing.blocks {
            if let Some(frame) = &block.frame {
                self.shape(&frame.id, frame.area, None, &[("isExpanded", "true")])?;
            }
            for node in &block.nodes {
                let marked = [("isMarkerVisible", "true")];
                let more = if node.kind == Kind::Exclusive { &marked[..] } else { &[] };
                self.shape(&node.id, node.area, node.label, more)?;
            }
            if let Some(note) = &block.note {
                self.shape(&note.id, note.area, None, &[])?;
                self.edge(&format!("at.{}", note.id), &association(note, block), None)?;
            }
            for flow in &block.inner {
                self.edge(&flow.id, &flow.way, flow.label)?;
            }
        }
        let mut flows = sheet.drawing.flows.iter();
        flows.try_for_each(|flow| self.edge(&flow.id, &flow.way, flow.label))
    }

    fn shape(
        &mut self,
        of: &str,
        area: Area,
        label: Option<Area>,
        more: Attributes<'_>,
    ) -> io::Result<()> {
        let id = format!("shape.{of}");
        let own = [("id", id.as_str()), ("bpmnElement", of)];
        self.out.open("bpmndi:BPMNShape", &[&own[..], more].concat())?;
        self.bounds(area)?;
        self.label(label)?;
        self.out.close("bpmndi:BPMNShape")
    }

    fn edge(&mut self, of: &str, way: &[Point], label: Option<Area>) -> io::Result<()> {
        let id = format!("edge.{of}");
        self.out.open("bpmndi:BPMNEdge", &[("id", &id), ("bpmnElement", of)])?;
        for point in way {
            let (x, y) = (point.x.to_string(), point.y.to_string());
            self.out.empty("di:waypoint", &[("x", &x), ("y", &y)])?;
        }
        self.label(label)?;
        self.out.close("bpmndi:BPMNEdge")
    }

    fn label(&mut self, label: Option<Area>) -> io::Result<()> {
        let Some(area) = label else { return Ok(()) };
        self.out.open("bpmndi:BPMNLabel", &[])?;
        self.bounds(area)?;
        self.out.close("bpmndi:BPMNLabel")
    }

    fn bounds(&mut self, area: Area) -> io::Result<()> {
        let [x, y, width, height] =
            [area.x, area.y, area.width, area.height].map(|side| side.to_string());
        let own = [("x", x.as_str()), ("y", &y), ("width", &width), ("height", &height)];
        self.out.empty("dc:Bounds", &own)
    }
}

/// The element of a kind of node, and the attributes only it has.
fn element(kind: &Kind) -> (&'static str, Vec<(&str, &str)>) {
    match kind {
        Kind::Start => ("startEvent", vec![]),
        Kind::Told => ("startEvent", vec![("isInterrupting", "true")]),
        Kind::End { .. } => ("endEvent", vec![]),
        Kind::User => ("userTask", vec![]),
        Kind::Held => ("task", vec![]),
        Kind::Service => ("serviceTask", vec![]),
        Kind::Send => ("sendTask", vec![]),
        Kind::Exclusive => ("exclusiveGateway", vec![]),
        Kind::Parallel => ("parallelGateway", vec![]),
        Kind::Complex => ("complexGateway", vec![]),
        Kind::Timer { on, interrupting, .. } => {
            let cancels = if *interrupting { "true" } else { "false" };
            ("boundaryEvent", vec![("cancelActivity", cancels), ("attachedToRef", on)])
        }
        Kind::Raised { on } => {
            ("boundaryEvent", vec![("cancelActivity", "false"), ("attachedToRef", on)])
        }
        Kind::Heard { on } => {
            ("boundaryEvent", vec![("cancelActivity", "true"), ("attachedToRef", on)])
        }
    }
}

/// The short line from a task to its note.
fn association(note: &Note, block: &Block) -> [Point; 2] {
    let task = block.nodes.first().map(|node| node.area).unwrap_or_default();
    let x = task.middle().x;
    [Point { x, y: task.bottom() }, Point { x, y: note.area.y }]
}
