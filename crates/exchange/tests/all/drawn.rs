//! A drawing as a reader of the standard sees it: nodes, flows, shapes and edges.

use std::collections::{BTreeMap, BTreeSet};

use base::Language;
use pack::model::{Pack, Procedure};

use crate::tree::Element;

/// A rectangle: left, top, right, bottom.
pub(crate) type Sides = [i32; 4];

/// What was drawn.
#[derive(Debug)]
pub(crate) struct Drawn {
    pub(crate) xml: String,
    pub(crate) root: Element,
    /// Every flow node by its id.
    pub(crate) nodes: BTreeMap<String, Element>,
    /// Every sequence flow by its id: from where to where.
    pub(crate) flows: BTreeMap<String, (String, String)>,
    pub(crate) shapes: BTreeMap<String, Sides>,
    pub(crate) edges: BTreeMap<String, Vec<(i32, i32)>>,
    /// Where the names stand that stand outside their shapes, and those of flows.
    pub(crate) labels: BTreeMap<String, Sides>,
}

const NODES: [&str; 10] = [
    "startEvent",
    "endEvent",
    "boundaryEvent",
    "task",
    "userTask",
    "serviceTask",
    "sendTask",
    "exclusiveGateway",
    "parallelGateway",
    "complexGateway",
];

impl Drawn {
    /// Draws a procedure and reads it back.
    pub(crate) fn of(pack: &Pack, procedure: &Procedure, language: Language) -> Self {
        let xml = exchange::bpmn::bpmn(pack, procedure, language).unwrap();
        let root = Element::read(&xml);
        let all = root.all();
        let of = |kinds: &[&str]| {
            let mine = all.iter().filter(|e| kinds.contains(&e.name.as_str()));
            let mine: Vec<Element> = mine.map(|e| (*e).clone()).collect();
            mine
        };
        let nodes = of(&NODES).into_iter().map(|e| (e.get("id").to_owned(), e)).collect();
        let ends = |e: &Element| (e.get("sourceRef").to_owned(), e.get("targetRef").to_owned());
        let flows =
            of(&["sequenceFlow"]).iter().map(|e| (e.get("id").to_owned(), ends(e))).collect();
        let shapes =
            of(&["BPMNShape"]).into_iter().map(|e| (e.get("bpmnElement").to_owned(), sides(&e)));
        let edges =
            of(&["BPMNEdge"]).into_iter().map(|e| (e.get("bpmnElement").to_owned(), points(&e)));
        let labelled = of(&["BPMNShape", "BPMNEdge"]).into_iter().filter_map(|e| {
            let label = e.children.iter().find(|child| child.name == "BPMNLabel")?;
            Some((e.get("bpmnElement").to_owned(), sides(label)))
        });
        let (shapes, edges, labels) = (shapes.collect(), edges.collect(), labelled.collect());
        Self { nodes, flows, shapes, edges, labels, xml, root }
    }

    /// The ids of every element of these kinds.
    pub(crate) fn ids(&self, kinds: &[&str]) -> BTreeSet<String> {
        let all = self.root.all().into_iter().filter(|e| kinds.contains(&e.name.as_str()));
        all.map(|e| e.get("id").to_owned()).collect()
    }

    /// The task that an event stands on.
    pub(crate) fn host(&self, node: &str) -> Option<&str> {
        self.nodes[node].attributes.get("attachedToRef").map(String::as_str)
    }

    /// What a node, a flow, or the process says of itself.
    pub(crate) fn documented(&self, id: &str) -> String {
        let all = self.root.all();
        let of = all.iter().find(|e| e.attributes.get("id").is_some_and(|found| found == id));
        of.unwrap_or_else(|| panic!("no {id}")).texts("documentation").concat()
    }

    /// The name of the lane in which a node stands.
    pub(crate) fn lane(&self, node: &str) -> String {
        let all = self.root.all();
        let mut lanes = all.iter().filter(|e| e.name == "lane");
        let lane = lanes.find(|lane| lane.texts("flowNodeRef").contains(&node));
        lane.unwrap_or_else(|| panic!("{node} is in no lane")).get("name").to_owned()
    }

    /// Every pair of nodes of which a token passes from the first to the second.
    pub(crate) fn passes(&self) -> Vec<(&str, &str)> {
        let flows = self.flows.values().map(|(from, to)| (from.as_str(), to.as_str()));
        let held = self.nodes.keys().filter_map(|node| Some((self.host(node)?, node.as_str())));
        flows.chain(held).collect()
    }
}

fn sides(shape: &Element) -> Sides {
    let bounds = shape.children.iter().find(|child| child.name == "Bounds").unwrap();
    let side = |name: &str| bounds.get(name).parse::<i32>().unwrap();
    let (x, y) = (side("x"), side("y"));
    [x, y, x + side("width"), y + side("height")]
}

fn points(edge: &Element) -> Vec<(i32, i32)> {
    let points = edge.children.iter().filter(|child| child.name == "waypoint");
    points.map(|p| (p.get("x").parse().unwrap(), p.get("y").parse().unwrap())).collect()
}
