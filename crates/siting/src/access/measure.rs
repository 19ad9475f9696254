//! The measures side by side, each by its word, with the limits and weights that they share.

use std::fmt;

use super::{
    Among, Decay, Raam, Reach, balanced, limit, mean_time, nearest, raam, three_stage, two_stage,
};
use crate::fault::Fault;

/// A measure of how well people reach what there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Measure {
    /// Two stages, all within reach alike.
    TwoStage,
    /// Two stages with weights that fall step by step.
    Enhanced,
    /// Three stages.
    ThreeStage,
    /// Two stages with Gaussian weights.
    Gaussian,
    /// Balanced.
    Balanced,
    /// What way and crowding cost those who choose freely.
    Raam,
    /// The time to the nearest.
    Nearest,
    /// The mean time, each place by what it supplies.
    MeanTime,
}

impl Measure {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::TwoStage,
        Self::Enhanced,
        Self::ThreeStage,
        Self::Gaussian,
        Self::Balanced,
        Self::Raam,
        Self::Nearest,
        Self::MeanTime,
    ];

    /// The word that stands for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::TwoStage => "2sfca",
            Self::Enhanced => "e2sfca",
            Self::ThreeStage => "3sfca",
            Self::Gaussian => "g2sfca",
            Self::Balanced => "bfca",
            Self::Raam => "raam",
            Self::Nearest => "nearest",
            Self::MeanTime => "mean",
        }
    }

    /// The measure of a word.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|own| own.word() == word)
    }

    /// The paper that it follows; none for a plain time.
    pub fn paper(self) -> Option<&'static str> {
        match self {
            Self::TwoStage => Some(
                "W. Luo and F. Wang, “Measures of Spatial Accessibility to Health Care in a GIS \
                 Environment: Synthesis and a Case Study in the Chicago Region”, 2003",
            ),
            Self::Enhanced => Some(
                "W. Luo and Y. Qi, “An enhanced two-step floating catchment area (E2SFCA) method \
                 for measuring spatial accessibility to primary care physicians”, 2009",
            ),
            Self::ThreeStage => Some(
                "N. Wan, B. Zou and T. Sternberg, “A three-step floating catchment area method \
                 for analyzing spatial access to health services”, 2012",
            ),
            Self::Gaussian => Some(
                "D. Dai, “Black residential segregation, disparities in spatial access to health \
                 care facilities, and late-stage breast cancer diagnosis in metropolitan \
                 Detroit”, 2010",
            ),
            Self::Balanced => Some(
                "A. Páez, C. D. Higgins and S. F. Vivona, “Demand and level of service inflation \
                 in Floating Catchment Area (FCA) methods”, 2019",
            ),
            Self::Raam => Some(
                "J. Saxon and D. Snow, “A rational agent model for the spatial accessibility of \
                 primary health care”, 2020",
            ),
            Self::Nearest | Self::MeanTime => None,
        }
    }

    /// Whether it is a cost, of which less is better, and not what is supplied for a person.
    pub fn costs(self) -> bool {
        matches!(self, Self::Raam | Self::Nearest | Self::MeanTime)
    }

    /// What it comes to for each place of people; none where no supply is reached and the measure
    /// is a cost.
    ///
    /// # Errors
    ///
    /// As the measure itself has them.
    pub fn of_each(self, reach: &Reach, how: &Settings) -> Result<Vec<Option<f64>>, Fault> {
        let each = |values: Vec<f64>| values.into_iter().map(Some).collect();
        let gaussian = Decay::Gaussian(how.width);
        Ok(match self {
            Self::TwoStage => each(two_stage(reach, how.until, &Decay::Even)?),
            Self::Enhanced => each(two_stage(reach, how.until, &how.steps.decay())?),
            Self::ThreeStage => each(three_stage(reach, how.farthest, &how.three_steps.decay())?),
            Self::Gaussian => each(two_stage(reach, how.farthest, &gaussian)?),
            Self::Balanced => each(balanced(reach, how.farthest, &gaussian)?),
            Self::Raam => raam(reach, &Raam { tau: how.tau, ..Raam::default() })?,
            Self::Nearest => nearest(reach),
            Self::MeanTime => mean_time(reach, how.farthest, Among::Supply)?,
        })
    }
}

/// Weights step by step: up to each time, inclusive, its weight.
#[derive(Debug, Clone, PartialEq)]
pub struct Steps(pub Vec<(f64, f64)>);

impl Steps {
    /// Steps as they are written: `10=1,20=0.68,30=0.22`.
    ///
    /// # Errors
    ///
    /// Where they are not written so.
    pub fn read(written: &str) -> Result<Self, Fault> {
        let step = |own: &str| {
            let (until, weight) = own.split_once('=')?;
            Some((until.trim().parse().ok()?, weight.trim().parse().ok()?))
        };
        let steps: Option<Vec<(f64, f64)>> = written.split(',').map(step).collect();
        steps.map(Self).ok_or(Fault::NotFalling)
    }

    fn decay(&self) -> Decay {
        Decay::Steps(self.0.clone())
    }

    /// The same weights for a catchment of so many minutes instead of so many others.
    fn scaled(&self, to: f64, from: f64) -> Self {
        Self(self.0.iter().map(|(until, weight)| (until * to / from, *weight)).collect())
    }
}

impl fmt::Display for Steps {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (until, weight)) in self.0.iter().enumerate() {
            let comma = if at == 0 { "" } else { "," };
            write!(to, "{comma}{until}={weight}")?;
        }
        Ok(())
    }
}

/// Limits and weights of the measures, in minutes.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// How far people go in two stages, inclusive.
    pub until: f64,
    /// How far a way counts in all other measures, inclusive.
    pub farthest: f64,
    /// Steps of the enhanced two stages.
    pub steps: Steps,
    /// Steps of the three stages.
    pub three_steps: Steps,
    /// The width of Gaussian weights.
    pub width: f64,
    /// The time that is as bad as a place as crowded as all are on average.
    pub tau: f64,
}

/// Those of the papers, for ways by car.
impl Default for Settings {
    fn default() -> Self {
        Self {
            until: 30.0,
            farthest: 60.0,
            steps: Steps(vec![(10.0, 1.0), (20.0, 0.68), (30.0, 0.22)]),
            three_steps: Steps(vec![(10.0, 0.962), (20.0, 0.704), (30.0, 0.377), (60.0, 0.042)]),
            width: 20.0,
            tau: 60.0,
        }
    }
}

impl Settings {
    /// One catchment of so many minutes for all measures: steps, width and tau keep their
    /// proportion to the limit that each has by default.
    ///
    /// # Errors
    ///
    /// Where it is not above zero.
    pub fn within(minutes: f64) -> Result<Self, Fault> {
        limit(minutes)?;
        let own = Self::default();
        Ok(Self {
            until: minutes,
            farthest: minutes,
            steps: own.steps.scaled(minutes, own.until),
            three_steps: own.three_steps.scaled(minutes, own.farthest),
            width: own.width * minutes / own.farthest,
            tau: own.tau * minutes / own.farthest,
        })
    }
}
