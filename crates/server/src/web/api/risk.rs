//! Points of institutions, for programs: those with most first, each with what it was counted from.

use axum::{Json, extract::Query as Asked};
use pack::model::RiskCounts;
use serde::Serialize;
use supervise::risk::RatedLine;
use utoipa::ToSchema;

use crate::web::{
    fault::Fault,
    handle::{
        findings::Which,
        risk::{Entry, Ranking, Whose, ranking},
    },
    visit::AsOfficer,
};

/// How many entries a program gets at once.
const PAGE: usize = 100;

/// A page of those with points.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RiskWire {
    /// The register whose entries are rated.
    register: String,
    /// The first day whose events count.
    since: String,
    /// Those with points, those with most first.
    entries: Vec<RatedWire>,
    /// What `after` says for the next page, if there is one.
    next: Option<String>,
}

/// An entry with its points.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RatedWire {
    /// Its key.
    key: String,
    /// Its division, where one is known.
    division: Option<String>,
    /// The sum.
    points: u64,
    /// What the sum means.
    level: Option<String>,
    /// What gives it points.
    lines: Vec<PointsWire>,
}

/// Something that gives points.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PointsWire {
    /// The line of the rating.
    line: String,
    /// How many were counted.
    count: u64,
    /// What they come to.
    points: u64,
    /// Where what was counted is listed; absent where entries of another register are counted.
    findings: Option<String>,
}

impl RatedWire {
    fn of(entry: &Entry<'_>, ranking: &Ranking<'_>) -> Self {
        let rated = &entry.rated;
        let level = rated.level.and_then(|(height, _)| ranking.risk.levels.get(height));
        let lines = rated.lines.iter().filter(|line| line.count > 0);
        let address = |line: &RatedLine<'_>| match &line.line.counts {
            RiskCounts::Findings(findings) => {
                let of = Which::of_line(ranking.risk, findings, (&entry.key, ranking.first()));
                Some(format!("/api{}", of.address()))
            }
            RiskCounts::Entries(_) => None,
        };
        let line = |line: &RatedLine<'_>| PointsWire {
            line: line.name.to_string(),
            count: line.count,
            points: line.points,
            findings: address(line),
        };
        Self {
            key: entry.key.clone(),
            division: Some(entry.division.clone()).filter(|own| !own.is_empty()),
            points: rated.points,
            level: level.map(|(name, _)| name.to_string()),
            lines: lines.map(line).collect(),
        }
    }
}

/// Those with points.
pub(crate) async fn list(
    who: AsOfficer,
    Asked(whose): Asked<Whose>,
) -> Result<Json<RiskWire>, Fault> {
    let found = ranking(&who, &whose, PAGE).await?;
    Ok(Json(RiskWire {
        register: found.risk.register.to_string(),
        since: found.first().to_string(),
        entries: found.entries.iter().map(|own| RatedWire::of(own, &found)).collect(),
        next: found.next.clone(),
    }))
}
