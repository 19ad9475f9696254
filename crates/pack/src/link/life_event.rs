//! Life events: each leads to services that people may start, and every such service is led to, so
//! that nobody must know its name to find it.
//!
//! 国务院关于在线政务服务的若干规定 wants services offered by what people have to do; what belongs
//! together is called *one thing* (一件事).

use std::collections::BTreeSet;

use base::{Name, Text};

use super::{Kind, Linker};
use crate::{
    fault::Fault,
    language,
    model::{LifeEvent, Pack},
};

impl Linker<'_> {
    /// The life events of a pack, in the order of its files.
    pub(super) fn life_events(&mut self, pack: &Pack) -> Vec<LifeEvent> {
        let parsed = self.parsed;
        let written = parsed.life_events.iter().flat_map(|file| file.life_events.iter());
        let events: Vec<LifeEvent> = written
            .map(|(name, event)| LifeEvent {
                name: name.value.clone(),
                title: event.title.clone(),
                summary: event.summary.clone(),
                services: self.services(pack, event),
            })
            .collect();
        if !parsed.in_part && !events.is_empty() {
            self.must_lead_everywhere(pack, &events);
        }
        events
    }

    fn services(&mut self, pack: &Pack, event: &language::LifeEvent) -> Vec<Name> {
        let mut services = Vec::new();
        for named in &event.services {
            if !self.must_know(Kind::Procedure, named, pack.procedures.keys().map(Name::as_str)) {
                continue;
            }
            let open = pack.procedures.get(&named.value).is_some_and(|own| own.open_to_people());
            if !open {
                let zh = "只有机关能启动的事项，不是群众和企业的办事情景";
                let en = "what only a body may start is no service for a life event";
                self.fault("not-open-to-people", named.at, zh, en);
            }
            services.push(named.value.clone());
        }
        services
    }

    /// A fault for each service open to people that no life event leads to.
    fn must_lead_everywhere(&mut self, pack: &Pack, events: &[LifeEvent]) {
        let led: BTreeSet<&Name> = events.iter().flat_map(|event| &event.services).collect();
        for file in &self.parsed.procedures {
            let own = pack.procedures.get(&file.procedure);
            if own.is_some_and(|own| own.open_to_people()) && !led.contains(&file.procedure) {
                let at = self.first_line(file.at);
                self.faults.push(Fault::new("no-life-event", at, not_led_to(&file.procedure)));
            }
        }
    }
}

fn not_led_to(service: &Name) -> Text {
    Text::new(
        format!("没有办事情景通向 `{service}`，请写入 life-events.yaml"),
        format!("no life event leads to `{service}`: name it in life-events.yaml"),
    )
}
