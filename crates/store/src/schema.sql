-- {int}, {bytes} and {word} stand for each database's own types, {end} for its table options.

-- Where the ledger of a jurisdiction ends; its row is the lock of the one writer.
CREATE TABLE IF NOT EXISTS head (
  jurisdiction {word} NOT NULL,
  edition      {int} NOT NULL,
  key_check    {bytes} NOT NULL,
  number       {int} NOT NULL,
  hash         {bytes} NOT NULL,
  PRIMARY KEY (jurisdiction)
){end};

-- The ledger: canonical bytes and the hash of everything up to and including them.
CREATE TABLE IF NOT EXISTS entry (
  jurisdiction {word} NOT NULL,
  number       {int} NOT NULL,
  case_id      {int},
  at           {int} NOT NULL,
  bytes        {bytes} NOT NULL,
  hash         {bytes} NOT NULL,
  PRIMARY KEY (jurisdiction, number)
){end};

CREATE INDEX IF NOT EXISTS entry_of_case ON entry (jurisdiction, case_id, number);

-- One idempotency key, one effect.
CREATE TABLE IF NOT EXISTS receipt (
  jurisdiction {word} NOT NULL,
  key          {word} NOT NULL,
  digest       {bytes} NOT NULL,
  case_id      {int} NOT NULL,
  first        {int} NOT NULL,
  last         {int} NOT NULL,
  PRIMARY KEY (jurisdiction, key)
){end};

-- Cases as they stand: a view of the ledger. Columns are what is sought by, `state` is the case.
CREATE TABLE IF NOT EXISTS case_view (
  jurisdiction   {word} NOT NULL,
  case_id        {int} NOT NULL,
  procedure      {word} NOT NULL,
  office         {word} NOT NULL,
  division       {word} NOT NULL,
  standing       {word} NOT NULL,
  step           {word},
  due_on         {int},
  alarm_at       {int},
  provisional    {int} NOT NULL,
  filed_at       {int} NOT NULL,
  applicant      {bytes} NOT NULL,
  speaker        {bytes},
  register       {word},
  key            {word},
  last           {int} NOT NULL,
  state          {bytes} NOT NULL,
  PRIMARY KEY (jurisdiction, case_id)
){end};

CREATE INDEX IF NOT EXISTS case_of_applicant ON case_view (jurisdiction, applicant, case_id);

CREATE INDEX IF NOT EXISTS case_of_speaker
  ON case_view (jurisdiction, speaker, case_id) WHERE speaker IS NOT NULL;

CREATE INDEX IF NOT EXISTS case_of_procedure ON case_view (jurisdiction, procedure, case_id);

CREATE INDEX IF NOT EXISTS case_alarm
  ON case_view (jurisdiction, alarm_at, case_id) WHERE alarm_at IS NOT NULL;

CREATE INDEX IF NOT EXISTS case_provisional
  ON case_view (jurisdiction, case_id) WHERE provisional = 1;

-- Work queues: which bodies must act in which case, and until when; a view of the ledger. A case
-- may wait for several bodies at once.
CREATE TABLE IF NOT EXISTS waiting (
  jurisdiction {word} NOT NULL,
  office       {word} NOT NULL,
  division     {word} NOT NULL,
  due_on       {int} NOT NULL,
  case_id      {int} NOT NULL,
  procedure    {word} NOT NULL,
  officer      {bytes},
  PRIMARY KEY (jurisdiction, office, division, due_on, case_id)
){end};

CREATE INDEX IF NOT EXISTS waiting_of_case ON waiting (jurisdiction, case_id);

-- Which cases take up which findings: a view of the ledger.
CREATE TABLE IF NOT EXISTS taken_up (
  jurisdiction {word} NOT NULL,
  finding      {bytes} NOT NULL,
  case_id      {int} NOT NULL,
  PRIMARY KEY (jurisdiction, finding, case_id)
){end};

CREATE INDEX IF NOT EXISTS taken_up_by_case ON taken_up (jurisdiction, case_id);

-- Who of a body is away, and who stands in: a view of the ledger.
CREATE TABLE IF NOT EXISTS absence (
  jurisdiction {word} NOT NULL,
  office       {word} NOT NULL,
  division     {word} NOT NULL,
  officer      {bytes} NOT NULL,
  from_day     {int} NOT NULL,
  until_day    {int} NOT NULL,
  cover        {bytes} NOT NULL,
  PRIMARY KEY (jurisdiction, office, division, officer)
){end};

-- Views of a queue that somebody keeps: settings of a person, in no ledger.
CREATE TABLE IF NOT EXISTS kept_view (
  jurisdiction {word} NOT NULL,
  party        {bytes} NOT NULL,
  name         {word} NOT NULL,
  query        {word} NOT NULL,
  kept_at      {int} NOT NULL,
  PRIMARY KEY (jurisdiction, party, name)
){end};

-- What registers say and said: a view of the ledger.
CREATE TABLE IF NOT EXISTS register_version (
  jurisdiction {word} NOT NULL,
  register     {word} NOT NULL,
  key          {word} NOT NULL,
  known_from   {int} NOT NULL,
  valid_from   {int} NOT NULL,
  valid_until  {int},
  known_until  {int},
  decided_by   {int} NOT NULL,
  heading_zh   {word} NOT NULL,
  heading_en   {word} NOT NULL,
  sought       {word} NOT NULL,
  fields       {bytes} NOT NULL,
  part         {int} NOT NULL,
  PRIMARY KEY (jurisdiction, register, key, known_from, valid_from)
){end};

-- By what procedures look entries up: every value that a version ever gave such a field, shortened.
-- Who looks reads the entries themselves, so a row too many costs a look and changes nothing.
CREATE TABLE IF NOT EXISTS register_value (
  jurisdiction {word} NOT NULL,
  register     {word} NOT NULL,
  field        {word} NOT NULL,
  value        {word} NOT NULL,
  key          {word} NOT NULL,
  PRIMARY KEY (jurisdiction, register, field, value, key)
){end};

-- The last day on which everybody may read an entry whose publication ends.
CREATE TABLE IF NOT EXISTS publication (
  jurisdiction {word} NOT NULL,
  register     {word} NOT NULL,
  key          {word} NOT NULL,
  last_day     {int} NOT NULL,
  PRIMARY KEY (jurisdiction, register, key)
){end};

-- The sources of every pack that was ever in force, so that running cases can be carried on.
CREATE TABLE IF NOT EXISTS pack (
  jurisdiction {word} NOT NULL,
  hash         {bytes} NOT NULL,
  name         {word} NOT NULL,
  adopted_by   {int} NOT NULL,
  sources      {bytes} NOT NULL,
  PRIMARY KEY (jurisdiction, hash)
){end};

-- Packs that are proposed. What is adopted of them is in the ledger; `pack` keeps it then.
CREATE TABLE IF NOT EXISTS proposal (
  jurisdiction {word} NOT NULL,
  number       {int} NOT NULL,
  name         {word} NOT NULL,
  hash         {bytes} NOT NULL,
  sound        {int} NOT NULL,
  stage        {word} NOT NULL,
  base         {bytes},
  trial        {word} NOT NULL,
  from_day     {int},
  from_at      {int},
  adopted_by   {int},
  sources      {bytes} NOT NULL,
  PRIMARY KEY (jurisdiction, number)
){end};

CREATE INDEX IF NOT EXISTS proposal_waits
  ON proposal (jurisdiction, from_at) WHERE stage = 'published';

-- Who took which step with a proposal, and when; rows are only added.
CREATE TABLE IF NOT EXISTS proposal_step (
  jurisdiction {word} NOT NULL,
  proposal     {int} NOT NULL,
  step         {int} NOT NULL,
  word         {word} NOT NULL,
  at           {int} NOT NULL,
  officer      {bytes} NOT NULL,
  office       {word} NOT NULL,
  division     {word} NOT NULL,
  day          {int},
  PRIMARY KEY (jurisdiction, proposal, step)
){end};

-- Which party an identity number belongs to, by its keyed digest.
CREATE TABLE IF NOT EXISTS identity (
  jurisdiction {word} NOT NULL,
  digest       {bytes} NOT NULL,
  party        {bytes} NOT NULL,
  PRIMARY KEY (jurisdiction, digest)
){end};

CREATE INDEX IF NOT EXISTS identity_of_party ON identity (jurisdiction, party);

-- Each person's own key, wrapped under the vault key.
CREATE TABLE IF NOT EXISTS vault_key (
  jurisdiction {word} NOT NULL,
  party        {bytes} NOT NULL,
  wrapped      {bytes} NOT NULL,
  PRIMARY KEY (jurisdiction, party)
){end};

-- Personal details, sealed.
CREATE TABLE IF NOT EXISTS vault (
  jurisdiction {word} NOT NULL,
  party        {bytes} NOT NULL,
  case_id      {int} NOT NULL,
  path         {word} NOT NULL,
  nonce        {bytes} NOT NULL,
  sealed       {bytes} NOT NULL,
  PRIMARY KEY (jurisdiction, party, case_id, path)
){end};

-- Who read which detail or paper, when, and which policies permitted it.
CREATE TABLE IF NOT EXISTS reading (
  jurisdiction {word} NOT NULL,
  party        {bytes} NOT NULL,
  at           {int} NOT NULL,
  id           {bytes} NOT NULL,
  case_id      {int} NOT NULL,
  path         {word} NOT NULL,
  reader       {bytes} NOT NULL,
  account      {bytes},
  session      {bytes},
  policy       {word} NOT NULL,
  PRIMARY KEY (jurisdiction, party, at, id)
){end};

-- What the citizen's search knows of versions of public registers: a view of the ledger. `doc` holds
-- jurisdiction, ledger number and part, in this order; `search_index` has the words under it.
CREATE TABLE IF NOT EXISTS search_entry (
  doc            {int} NOT NULL PRIMARY KEY,
  jurisdiction   {word} NOT NULL,
  register       {word} NOT NULL,
  key            {word} NOT NULL,
  known_from     {int} NOT NULL,
  valid_from     {int} NOT NULL,
  valid_until    {int},
  known_until    {int},
  in_force       {int} NOT NULL,
  district       {word} NOT NULL,
  headings       {word} NOT NULL,
  others         {word} NOT NULL,
  named_register {word},
  named_key      {word},
  longitude      {int},
  latitude       {int},
  cell           {int}
){end};

CREATE INDEX IF NOT EXISTS search_cell ON search_entry (jurisdiction, cell) WHERE cell IS NOT NULL;

CREATE INDEX IF NOT EXISTS search_named ON search_entry (jurisdiction, named_register, named_key)
  WHERE named_register IS NOT NULL;

CREATE INDEX IF NOT EXISTS search_of_register ON search_entry (jurisdiction, register);
-- Applications that are still being written; they are in no ledger. What is written in them is
-- sealed under the owner's key, so that erasing the person erases them.
CREATE TABLE IF NOT EXISTS draft (
  jurisdiction {word} NOT NULL,
  owner        {bytes} NOT NULL,
  draft        {bytes} NOT NULL,
  services     {word} NOT NULL,
  pack         {bytes} NOT NULL,
  language     {word} NOT NULL,
  begun_at     {int} NOT NULL,
  changed_at   {int} NOT NULL,
  lapses_at    {int} NOT NULL,
  filed        {word} NOT NULL,
  PRIMARY KEY (jurisdiction, owner, draft)
){end};

CREATE INDEX IF NOT EXISTS draft_lapse ON draft (jurisdiction, lapses_at);

-- The answers of one page of a draft.
CREATE TABLE IF NOT EXISTS draft_topic (
  jurisdiction {word} NOT NULL,
  owner        {bytes} NOT NULL,
  draft        {bytes} NOT NULL,
  topic        {word} NOT NULL,
  revision     {int} NOT NULL,
  saved_at     {int} NOT NULL,
  nonce        {bytes} NOT NULL,
  sealed       {bytes} NOT NULL,
  PRIMARY KEY (jurisdiction, owner, draft, topic)
){end};

-- The papers of a draft, each under the name by which the form asks for it.
CREATE TABLE IF NOT EXISTS draft_paper (
  jurisdiction {word} NOT NULL,
  owner        {bytes} NOT NULL,
  draft        {bytes} NOT NULL,
  material     {word} NOT NULL,
  digest       {bytes} NOT NULL,
  size         {int} NOT NULL,
  media        {word} NOT NULL,
  added_at     {int} NOT NULL,
  nonce        {bytes} NOT NULL,
  sealed_name  {bytes} NOT NULL,
  PRIMARY KEY (jurisdiction, owner, draft, material)
){end};
-- Accounts. A login name is found by its keyed digest; what names the holder is in the vault, under
-- the holder's own key.
CREATE TABLE IF NOT EXISTS account (
  jurisdiction {word} NOT NULL,
  id           {bytes} NOT NULL,
  party        {bytes} NOT NULL,
  login        {bytes},
  password     {word},
  proof        {word} NOT NULL,
  proven_by    {word},
  proven_at    {int},
  made_at      {int} NOT NULL,
  PRIMARY KEY (jurisdiction, id)
){end};

CREATE UNIQUE INDEX IF NOT EXISTS account_of_login
  ON account (jurisdiction, login) WHERE login IS NOT NULL;

CREATE UNIQUE INDEX IF NOT EXISTS account_of_party ON account (jurisdiction, party);

-- Parties in whose name the holder filed before a number was proven: their cases stay readable.
CREATE TABLE IF NOT EXISTS account_party (
  jurisdiction {word} NOT NULL,
  account      {bytes} NOT NULL,
  party        {bytes} NOT NULL,
  PRIMARY KEY (jurisdiction, account, party)
){end};

-- Which account another site's user has.
CREATE TABLE IF NOT EXISTS account_provider (
  jurisdiction {word} NOT NULL,
  issuer       {word} NOT NULL,
  subject      {word} NOT NULL,
  account      {bytes} NOT NULL,
  made_at      {int} NOT NULL,
  PRIMARY KEY (jurisdiction, issuer, subject)
){end};

-- The app that makes codes for an account: its secret is in the vault, here the last step taken.
CREATE TABLE IF NOT EXISTS totp (
  jurisdiction {word} NOT NULL,
  account      {bytes} NOT NULL,
  last_step    {int},
  made_at      {int} NOT NULL,
  PRIMARY KEY (jurisdiction, account)
){end};

CREATE TABLE IF NOT EXISTS passkey (
  jurisdiction {word} NOT NULL,
  credential   {bytes} NOT NULL,
  account      {bytes} NOT NULL,
  cose         {bytes} NOT NULL,
  counter      {int} NOT NULL,
  title        {word} NOT NULL,
  made_at      {int} NOT NULL,
  used_at      {int},
  PRIMARY KEY (jurisdiction, credential)
){end};

CREATE INDEX IF NOT EXISTS passkey_of_account ON passkey (jurisdiction, account);

-- Codes that are used once, as digests: to recover an account, to take up an invitation, to be told
-- at a counter.
CREATE TABLE IF NOT EXISTS one_time_code (
  jurisdiction {word} NOT NULL,
  digest       {bytes} NOT NULL,
  purpose      {word} NOT NULL,
  account      {bytes} NOT NULL,
  until        {int} NOT NULL,
  used_at      {int},
  PRIMARY KEY (jurisdiction, digest)
){end};

CREATE INDEX IF NOT EXISTS code_of_account ON one_time_code (jurisdiction, account, purpose);

-- Who is signed in, by the digest of what the cookie says. An invented person of a demonstration has
-- Tokens by which programs act as an account's holder, by the digest of what they say.
CREATE TABLE IF NOT EXISTS program_token (
  jurisdiction {word} NOT NULL,
  digest       {bytes} NOT NULL,
  account      {bytes} NOT NULL,
  title        {word} NOT NULL,
  office       {word},
  division     {word},
  reads_only   {int} NOT NULL,
  until_day    {int} NOT NULL,
  made_at      {int} NOT NULL,
  used_at      {int},
  PRIMARY KEY (jurisdiction, digest)
){end};

CREATE INDEX IF NOT EXISTS token_of_account ON program_token (jurisdiction, account);

-- no account.
CREATE TABLE IF NOT EXISTS session (
  jurisdiction {word} NOT NULL,
  digest       {bytes} NOT NULL,
  account      {bytes},
  person       {word},
  evidence     {word} NOT NULL,
  browser      {word} NOT NULL,
  office       {word},
  division     {word},
  began_at     {int} NOT NULL,
  seen_at      {int} NOT NULL,
  ended_at     {int},
  PRIMARY KEY (jurisdiction, digest)
){end};

CREATE INDEX IF NOT EXISTS session_of_account ON session (jurisdiction, account, began_at);

-- What is kept for a browser between two of its requests, sealed: once, and not for long.
CREATE TABLE IF NOT EXISTS ceremony (
  jurisdiction {word} NOT NULL,
  digest       {bytes} NOT NULL,
  kind         {word} NOT NULL,
  until        {int} NOT NULL,
  nonce        {bytes} NOT NULL,
  sealed       {bytes} NOT NULL,
  PRIMARY KEY (jurisdiction, digest, kind)
){end};

-- What may be used once and was.
CREATE TABLE IF NOT EXISTS spent (
  jurisdiction {word} NOT NULL,
  digest       {bytes} NOT NULL,
  until        {int} NOT NULL,
  PRIMARY KEY (jurisdiction, digest)
){end};

-- Who failed to sign in and when: an account or an address, by its keyed digest.
CREATE TABLE IF NOT EXISTS failed_attempt (
  jurisdiction {word} NOT NULL,
  subject      {bytes} NOT NULL,
  at           {int} NOT NULL,
  id           {bytes} NOT NULL,
  PRIMARY KEY (jurisdiction, subject, at, id)
){end};

-- What happened to an account.
CREATE TABLE IF NOT EXISTS account_event (
  jurisdiction {word} NOT NULL,
  account      {bytes} NOT NULL,
  at           {int} NOT NULL,
  id           {bytes} NOT NULL,
  what         {word} NOT NULL,
  detail       {word} NOT NULL,
  PRIMARY KEY (jurisdiction, account, at, id)
){end};

-- For which bodies an account acts, from a day and until before another.
CREATE TABLE IF NOT EXISTS officer (
  jurisdiction {word} NOT NULL,
  account      {bytes} NOT NULL,
  office       {word} NOT NULL,
  division     {word} NOT NULL,
  from_on      {int} NOT NULL,
  until_on     {int},
  PRIMARY KEY (jurisdiction, account, office, division, from_on)
){end};
CREATE INDEX IF NOT EXISTS officer_of_body ON officer (jurisdiction, office, division);

-- Who lets whom act for them: in which services (all where none is named), from a day and until
-- before another, unless it was ended.
CREATE TABLE IF NOT EXISTS delegation (
  jurisdiction {word} NOT NULL,
  id           {bytes} NOT NULL,
  giver        {bytes} NOT NULL,
  agent        {bytes} NOT NULL,
  services     {word} NOT NULL,
  from_on      {int} NOT NULL,
  until_on     {int} NOT NULL,
  made_at      {int} NOT NULL,
  ended_at     {int},
  PRIMARY KEY (jurisdiction, id)
){end};

CREATE INDEX IF NOT EXISTS delegation_of_giver ON delegation (jurisdiction, giver);

CREATE INDEX IF NOT EXISTS delegation_of_agent ON delegation (jurisdiction, agent);
-- What persons are told, each derived from one entry and written with it; only `read_at` is theirs.
CREATE TABLE IF NOT EXISTS message (
  jurisdiction {word} NOT NULL,
  party        {bytes} NOT NULL,
  number       {int} NOT NULL,
  kind         {word} NOT NULL,
  case_id      {int} NOT NULL,
  show_at      {int} NOT NULL,
  read_at      {int},
  PRIMARY KEY (jurisdiction, party, number, kind)
){end};

CREATE INDEX IF NOT EXISTS message_unread
  ON message (jurisdiction, party, show_at) WHERE read_at IS NULL;

CREATE INDEX IF NOT EXISTS message_shown ON message (jurisdiction, party, show_at, number);

CREATE INDEX IF NOT EXISTS message_of_number ON message (jurisdiction, number);

CREATE INDEX IF NOT EXISTS message_of_case ON message (jurisdiction, case_id);

-- Where else somebody wants to be told. The address itself lies in the vault, sealed.
CREATE TABLE IF NOT EXISTS outlet (
  jurisdiction {word} NOT NULL,
  party        {bytes} NOT NULL,
  id           {bytes} NOT NULL,
  kind         {word} NOT NULL,
  language     {word} NOT NULL,
  added_at     {int} NOT NULL,
  confirmed_at {int},
  PRIMARY KEY (jurisdiction, party, id)
){end};

-- The outbox: one row for each message and outlet, written with the message. Whoever sends takes a
-- row by a lease; a row is done once, or given up and told of.
CREATE TABLE IF NOT EXISTS dispatch (
  jurisdiction {word} NOT NULL,
  outlet       {bytes} NOT NULL,
  number       {int} NOT NULL,
  kind         {word} NOT NULL,
  party        {bytes} NOT NULL,
  case_id      {int} NOT NULL,
  show_at      {int} NOT NULL,
  due_at       {int} NOT NULL,
  attempts     {int} NOT NULL,
  lease        {bytes},
  leased_until {int},
  done_at      {int},
  dead_at      {int},
  fault        {word} NOT NULL,
  PRIMARY KEY (jurisdiction, outlet, number, kind)
){end};

CREATE INDEX IF NOT EXISTS dispatch_due
  ON dispatch (jurisdiction, due_at) WHERE done_at IS NULL AND dead_at IS NULL;

CREATE INDEX IF NOT EXISTS dispatch_in_order ON dispatch (jurisdiction, outlet, case_id, number);

CREATE INDEX IF NOT EXISTS dispatch_of_person ON dispatch (jurisdiction, party, show_at);

CREATE INDEX IF NOT EXISTS dispatch_of_case ON dispatch (jurisdiction, case_id);

-- Programs to which changes are pushed, and how far each has got. The address and the secret that
-- signs lie in the vault.
CREATE TABLE IF NOT EXISTS subscription (
  jurisdiction {word} NOT NULL,
  account      {bytes} NOT NULL,
  id           {bytes} NOT NULL,
  party        {bytes} NOT NULL,
  office       {word},
  division     {word},
  title        {word} NOT NULL,
  made_at      {int} NOT NULL,
  looked       {int} NOT NULL,
  sent         {int} NOT NULL,
  sent_at      {int},
  due_at       {int} NOT NULL,
  attempts     {int} NOT NULL,
  fault        {word} NOT NULL,
  lease        {bytes},
  leased_until {int},
  PRIMARY KEY (jurisdiction, account, id)
){end};

-- Systems that send rows in bulk: each step says the whole, nothing is overwritten.
CREATE TABLE IF NOT EXISTS source_step (
  jurisdiction {word} NOT NULL,
  source       {word} NOT NULL,
  number       {int} NOT NULL,
  title        {word} NOT NULL,
  feeds        {word} NOT NULL,
  key          {bytes} NOT NULL,
  ended        {int} NOT NULL,
  officer      {bytes} NOT NULL,
  office       {word} NOT NULL,
  division     {word} NOT NULL,
  at           {int} NOT NULL,
  PRIMARY KEY (jurisdiction, source, number)
){end};

-- Batches that came as messages and could never be taken: told for a while, then forgotten.
CREATE TABLE IF NOT EXISTS batch_refused (
  jurisdiction {word} NOT NULL,
  stream       {word} NOT NULL,
  sequence     {int} NOT NULL,
  place        {word} NOT NULL,
  sent_at      {int} NOT NULL,
  fault        {int} NOT NULL,
  PRIMARY KEY (jurisdiction, stream, sequence)
){end};

-- What certifies signatures: certificates of those who certify and of those who sign, and lists of
-- which were revoked. Nothing is overwritten, so that a judgement can be held against its time.
CREATE TABLE IF NOT EXISTS certifying (
  jurisdiction {word} NOT NULL,
  digest       {bytes} NOT NULL,
  kind         {word} NOT NULL,
  name         {bytes} NOT NULL,
  issuer       {bytes} NOT NULL,
  at           {int} NOT NULL,
  document     {bytes} NOT NULL,
  source       {word} NOT NULL,
  taken_at     {int} NOT NULL,
  PRIMARY KEY (jurisdiction, digest)
){end};

CREATE INDEX IF NOT EXISTS certifying_name ON certifying (jurisdiction, kind, name, at);

CREATE INDEX IF NOT EXISTS certifying_issuer ON certifying (jurisdiction, kind, issuer, digest);

-- What rules of supervision found, once for each time that it was found: what is not found any more
-- is marked, nothing is overwritten.
CREATE TABLE IF NOT EXISTS finding (
  jurisdiction {word} NOT NULL,
  id           {bytes} NOT NULL,
  turn         {int} NOT NULL,
  rule         {word} NOT NULL,
  subject      {word} NOT NULL,
  division     {word} NOT NULL,
  at           {int} NOT NULL,
  in_row       {int} NOT NULL,
  says         {bytes} NOT NULL,
  found_at     {int} NOT NULL,
  gone_at      {int},
  about        {bytes} NOT NULL,
  PRIMARY KEY (jurisdiction, id, turn)
){end};

CREATE INDEX IF NOT EXISTS finding_standing
  ON finding (jurisdiction, at, id) WHERE gone_at IS NULL;

CREATE INDEX IF NOT EXISTS finding_of_rule
  ON finding (jurisdiction, rule, at, id) WHERE gone_at IS NULL;

CREATE INDEX IF NOT EXISTS finding_of_subject ON finding (jurisdiction, subject, at, id);

-- Up to where each rule of supervision was asked, and what became of it.
CREATE TABLE IF NOT EXISTS rule_asked (
  jurisdiction {word} NOT NULL,
  rule         {word} NOT NULL,
  pack         {bytes} NOT NULL,
  to_row       {int} NOT NULL,
  snapshot     {int} NOT NULL,
  asked_at     {int} NOT NULL,
  asked        {int} NOT NULL,
  undetermined {int} NOT NULL,
  took         {int} NOT NULL,
  trouble      {word} NOT NULL,
  PRIMARY KEY (jurisdiction, rule)
){end};
