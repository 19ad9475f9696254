//! One idempotency key, one effect: the first submission under a key leaves a receipt, the same
//! submission again gets it back, and another one under that key is refused.
//!
//! The digest leaves personal texts out, so that nothing of them outlives the person's key.

use std::collections::{BTreeMap, BTreeSet};

use base::Division;
use kernel::{Command, PartyId, ledger::bytes_of};
use sha2::{Digest, Sha256};

use crate::{
    column,
    db::{Tx, on},
    error::{StoreError, SubmitError},
    submission::{Receipt, Submission},
};

/// The most characters an idempotency key or a path has.
const KEY_MAX: usize = 100;

/// The receipts of a group: those of earlier groups that its keys name, and its own.
#[derive(Debug, Default)]
pub(crate) struct Receipts {
    kept: BTreeMap<String, ([u8; 32], Receipt)>,
    fresh: BTreeSet<String>,
}

type Row = (String, Vec<u8>, i64, i64, i64);

impl Receipts {
    /// Loads the receipts that the keys name.
    pub(crate) async fn load(
        tx: &mut Tx,
        place: &Division,
        keys: &[&str],
    ) -> Result<Self, StoreError> {
        let mut receipts = Self::default();
        if keys.is_empty() {
            return Ok(receipts);
        }
        let rows: Vec<Row> = on!(tx, c => {
            let mut query = sqlx::QueryBuilder::new(
                "SELECT key, digest, case_id, first, last FROM receipt WHERE jurisdiction = ",
            );
            query.push_bind(place.as_str()).push(" AND key IN (");
            let mut list = query.separated(", ");
            for key in keys {
                list.push_bind(*key);
            }
            query.push(")").build_query_as().persistent(false).fetch_all(c).await
        })?;
        for (key, digest, case, first, last) in rows {
            let (first, last) = (column::number_of(first)?, column::number_of(last)?);
            let receipt = Receipt { case: column::case_of(case)?, first, last, repeated: true };
            receipts.kept.insert(key, (column::hash_of(&digest)?, receipt));
        }
        Ok(receipts)
    }

    /// The receipt of the same submission, if it was made before.
    pub(crate) fn earlier(
        &self,
        submission: &Submission,
        then: Option<&Command>,
    ) -> Result<Option<Receipt>, SubmitError> {
        match self.kept.get(&submission.key) {
            None => Ok(None),
            Some((made, receipt)) if *made == digest(submission, then) => Ok(Some(*receipt)),
            Some(_) => Err(SubmitError::KeyReused),
        }
    }

    /// Whether something was submitted under the key before.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.kept.contains_key(key)
    }

    /// Notes the receipt of a submission made now.
    pub(crate) fn note(
        &mut self,
        submission: &Submission,
        then: Option<&Command>,
        receipt: Receipt,
    ) {
        let receipt = Receipt { repeated: true, ..receipt };
        self.kept.insert(submission.key.clone(), (digest(submission, then), receipt));
        self.fresh.insert(submission.key.clone());
    }

    /// Writes the receipts made now.
    pub(crate) async fn store(&self, tx: &mut Tx, place: &Division) -> Result<(), StoreError> {
        let fresh = self.fresh.iter().filter_map(|key| self.kept.get_key_value(key));
        let fresh: Vec<_> = fresh.collect();
        if fresh.is_empty() {
            return Ok(());
        }
        on!(tx, c => {
            let mut query = sqlx::QueryBuilder::new(
                "INSERT INTO receipt (jurisdiction, key, digest, case_id, first, last) ",
            );
            query.push_values(fresh, |mut values, (key, (digest, receipt))| {
                values
                    .push_bind(place.as_str())
                    .push_bind(key)
                    .push_bind(digest.to_vec())
                    .push_bind(column::case(receipt.case))
                    .push_bind(column::number(receipt.first))
                    .push_bind(column::number(receipt.last));
            });
            query.build().persistent(false).execute(c).await.map(drop)
        })?;
        Ok(())
    }
}

/// Refuses a key, or a path of a personal detail, that no database column should hold.
pub(crate) fn must_fit(submission: &Submission) -> Result<(), SubmitError> {
    let paths = submission.personal.iter().map(|personal| &personal.path);
    let fits = |text: &String| {
        let length = text.chars().count();
        (1..=KEY_MAX).contains(&length) && !text.chars().any(char::is_control)
    };
    let all = std::iter::once(&submission.key).chain(paths).all(fits);
    if all { Ok(()) } else { Err(SubmitError::KeyUnfit) }
}

/// What tells one submission from another: who, on which case, what, and what follows at once; not
/// when.
fn digest(submission: &Submission, then: Option<&Command>) -> [u8; 32] {
    let Submission { actor, case, command, personal, .. } = submission;
    let places: Vec<(PartyId, &str)> =
        personal.iter().map(|personal| (personal.party, personal.path.as_str())).collect();
    Sha256::new()
        .chain_update(bytes_of(&(actor, case, places)))
        .chain_update(command_bytes(command))
        .chain_update(then.map(command_bytes).unwrap_or_default())
        .finalize()
        .into()
}

/// The signature is left out: one application signed twice is one application.
fn command_bytes(command: &Command) -> Vec<u8> {
    match command {
        Command::File(file) => bytes_of(&(
            "file",
            &file.procedure,
            file.applicant,
            file.kind.word(),
            &file.subjects,
            &file.facts,
            &file.materials,
            &file.commitments,
            (&file.through, file.on_paper),
        )),
        Command::Choose(choose) => bytes_of(&(
            "choose",
            &choose.step,
            &choose.outcome,
            &choose.reasons,
            &choose.items,
            &choose.facts,
        )),
        Command::Answer(answer) => bytes_of(&(
            "answer",
            &answer.step,
            &answer.part,
            &answer.answer,
            &answer.reasons,
            &answer.facts,
        )),
        Command::Draft { step, text } => bytes_of(&("draft", step, text)),
        Command::Resume { reasons } => bytes_of(&("resume", reasons)),
        Command::Supply(supply) => bytes_of(&("supply", &supply.facts, &supply.materials)),
        Command::Withdraw { reasons } => bytes_of(&("withdraw", reasons)),
        Command::Appeal { decision, remedy, grounds } => {
            bytes_of(&("appeal", decision, remedy, grounds))
        }
        Command::Rule { upheld, reasons } => bytes_of(&("rule", upheld, reasons)),
        Command::Correct { fields, reasons } => bytes_of(&("correct", fields, reasons)),
        Command::Serve(serve) => {
            bytes_of(&("serve", serve.decision, &serve.way, serve.on, &serve.proof))
        }
        Command::Assign { to } => bytes_of(&("assign", to)),
        Command::AskRecusal { officer, grounds } => bytes_of(&("ask-recusal", officer, grounds)),
        Command::Recuse { officer, aside, reasons } => {
            bytes_of(&("recuse", officer, aside, reasons))
        }
        Command::RunOut => bytes_of(&("run-out",)),
    }
}
