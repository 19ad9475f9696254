//! Several bodies look at a case at once, each in its own time; and what stops a clock.
//!
//! 行政许可法 articles 26 and 42 (several bodies act together, under one clock), 45 (what is not
//! counted, and that the applicant is told in writing).

use base::{Citation, Name, Text};

use super::{procedure::Timed, step::Outcome};
use crate::read::{Named, Spanned};

record! {
    /// A step at which several bodies are asked at once and each answers for itself.
    pub struct Review {
        /// What is done here.
        title: Text,
        /// The body that leads: it may ask for a supplement or stop the clock for all.
        by: Spanned<Name>,
        /// The time for all together; none has longer.
        within: Timed,
        /// What a body may answer.
        answers: Named<Answer>,
        /// The bodies asked, by their names under `bodies`.
        reviews: Named<Part>,
        /// What follows from the answers.
        join: Join,
        /// What the leading body may do meanwhile: ask for a supplement or stop the clock.
        outcomes: Named<Outcome>,
    }
}

record! {
    /// One thing a body may answer.
    pub struct Answer {
        /// What it means.
        title: Text,
        /// What it counts as. *Answered* is not *approved*.
        counts: Counts,
        /// True when reasons must be given.
        reasons: Option<bool>,
        /// The sections that who answers fills in.
        asks: Vec<Spanned<Name>>,
    }
}

choice! {
    /// What an answer counts as.
    pub enum Counts {
        /// The body has nothing against it.
        Approves = "approves",
        /// The body is against it.
        Refuses = "refuses",
        /// Neither.
        Abstains = "abstains",
    }
}

record! {
    /// What is asked of one body.
    pub struct Part {
        /// What it looks at.
        title: Text,
        /// In what time.
        within: Timed,
        /// What its silence is deemed to be.
        silence: Silent,
    }
}

record! {
    /// The answer that the silence of a body is deemed to be.
    pub struct Silent {
        /// The answer.
        deemed: Spanned<Name>,
        /// Where that is written.
        basis: Citation,
    }
}

variant! {
    /// What follows from the answers.
    pub enum Join {
        /// The leading body weighs them.
        LeadDecides(LeadDecides) if "lead_decides",
        /// All must approve.
        AllApprove(AllApprove) if "all_approve",
        /// The first refusal ends the review.
        AnyRefusalEnds(AnyRefusalEnds) if "any_refusal_ends",
    }
}

record! {
    /// Once all have answered, whatever they said, one step follows.
    pub struct LeadDecides {
        /// The step that follows.
        lead_decides: Spanned<Name>,
    }
}

record! {
    /// Once all have answered, what follows depends on whether all approved.
    pub struct AllApprove {
        /// What follows when all approve, and otherwise.
        all_approve: Branches,
    }
}

record! {
    /// The first refusal ends the review at once; without one, all answer.
    pub struct AnyRefusalEnds {
        /// What follows when all approve, and otherwise.
        any_refusal_ends: Branches,
    }
}

record! {
    /// Where a review leads.
    pub struct Branches {
        /// The step or end when every body approved.
        approved: Spanned<Name>,
        /// The step or end when one did not.
        otherwise: Spanned<Name>,
    }
}

record! {
    /// The clock stands still for a reason the law knows; the applicant is told why.
    pub struct Stop {
        /// The reason.
        ground: Ground,
        /// The longest it may stand still: then it goes on by itself.
        within: Timed,
        /// How often.
        times: Spanned<u32>,
    }
}

record! {
    /// Why the time of a step is not counted.
    pub struct Uncounted {
        /// The reason.
        ground: Ground,
        /// Where that is written.
        basis: Citation,
    }
}

choice! {
    /// What is not counted into the time of a licence (行政许可法 article 45).
    pub enum Ground {
        /// 听证.
        Hearing = "hearing",
        /// 招标.
        Bidding = "bidding",
        /// 拍卖.
        Auction = "auction",
        /// 检验.
        Inspection = "inspection",
        /// 检测.
        Testing = "testing",
        /// 检疫.
        Quarantine = "quarantine",
        /// 鉴定.
        Appraisal = "appraisal",
        /// 专家评审.
        ExpertReview = "expert-review",
    }
}

recorded!(Ground);
