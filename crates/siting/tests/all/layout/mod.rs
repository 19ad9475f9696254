//! Drafts of layout plans: against a slow model that tries everything.

mod access;
mod curve;
mod drafts;
mod floors;
mod program;
mod slow;
mod town;
