//! Rows of the account's tables as values.

use base::Instant;
use identity::{AccountId, PasswordHash, Proof};

use super::Account;
use crate::{column, error::StoreError};

/// Number, party, whether it has a login name, password, proof, by what and when, when made.
pub(super) type AccountRow =
    (Vec<u8>, Vec<u8>, bool, Option<String>, String, Option<String>, Option<i64>, i64);

/// The account of a row, without what the vault keeps.
pub(super) fn account(row: AccountRow) -> Result<Account, StoreError> {
    let (id, party, _, password, word, by, at, made_at) = row;
    Ok(Account {
        id: account_id(&id)?,
        party: column::party_of(&party)?,
        name: String::new(),
        login: None,
        password: password.map(PasswordHash::kept),
        proof: proof(&word, by, at.map(column::instant_of))?,
        made_at: column::instant_of(made_at),
    })
}

fn proof(word: &str, by: Option<String>, at: Option<Instant>) -> Result<Proof, StoreError> {
    let broken = || column::corrupt("a proof does not read");
    match (word, by, at) {
        ("unproven", None, None) => Ok(Proof::Unproven),
        ("asserted", Some(issuer), Some(at)) => Ok(Proof::Asserted { issuer, at }),
        ("seen", Some(by), Some(at)) => {
            // An account's number is written like a party's.
            let by = kernel::PartyId::parse(&by).ok_or_else(broken)?;
            Ok(Proof::Seen { by: AccountId(by.0), at })
        }
        _ => Err(broken()),
    }
}

/// The account in a column.
pub(crate) fn account_id(column: &[u8]) -> Result<AccountId, StoreError> {
    let id = column.try_into().map(AccountId);
    id.map_err(|_| column::corrupt("an account is not 16 bytes"))
}
