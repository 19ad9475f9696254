//! What is asked about sites, and why a question has no answer.

/// What sites may be chosen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ask<'a> {
    /// How many sites are open, those that must be among them.
    pub p: usize,
    /// Sites that must be open.
    pub force: &'a [u32],
    /// Sites that must not be open.
    pub forbid: &'a [u32],
    /// What chance is drawn from: the same seed, the same answer, if it is not stopped.
    pub seed: u64,
}

/// Why a question about sites has no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// No site may be opened at all.
    NoSites,
    /// More sites are to be open than may be.
    TooMany {
        /// How many are to be open.
        wanted: usize,
        /// How many may be.
        sites: usize,
    },
    /// A site is named that does not exist, or is both forced and forbidden.
    Site(u32),
    /// No site serves this customer, or none that may be opened.
    Customer(u32),
    /// There is not one number for each customer or for each site, as there has to be.
    Count,
    /// A number is negative, not finite, or beyond what can be added up without error.
    Number,
    /// All sites that may be open have room for less than all demand.
    Room,
    /// No set of so many sites serves everybody.
    Unmet,
    /// No set that serves everybody was found before it was time to stop.
    Late,
}

/// What is known of a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Mark {
    Free,
    Open,
    Shut,
}

impl Ask<'_> {
    /// What is decided of each site.
    pub(crate) fn marks(&self, sites: usize) -> Result<Vec<Mark>, Unfit> {
        let mut marks = vec![Mark::Free; sites];
        let wished = [(self.force, Mark::Open), (self.forbid, Mark::Shut)];
        for (site, mark) in
            wished.iter().flat_map(|(of, mark)| of.iter().map(|site| (*site, *mark)))
        {
            let had = marks.get_mut(site as usize).ok_or(Unfit::Site(site))?;
            if *had != Mark::Free && *had != mark {
                return Err(Unfit::Site(site));
            }
            *had = mark;
        }
        let many = |of: Mark| marks.iter().filter(|mark| **mark == of).count();
        self.may_be(many(Mark::Open), sites - many(Mark::Shut))?;
        Ok(marks)
    }

    /// At least one site is to be open, all that must be, and no more than may be.
    fn may_be(&self, forced: usize, may: usize) -> Result<(), Unfit> {
        match self.p {
            0 => Err(Unfit::NoSites),
            p if forced > p => Err(Unfit::TooMany { wanted: forced, sites: p }),
            p if p > may => Err(Unfit::TooMany { wanted: p, sites: may }),
            _ => Ok(()),
        }
    }
}
