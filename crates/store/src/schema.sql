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
  PRIMARY KEY (jurisdiction, office, division, due_on, case_id)
){end};

CREATE INDEX IF NOT EXISTS waiting_of_case ON waiting (jurisdiction, case_id);

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

-- The sources of every pack that was ever in force, so that running cases can be carried on.
CREATE TABLE IF NOT EXISTS pack (
  jurisdiction {word} NOT NULL,
  hash         {bytes} NOT NULL,
  name         {word} NOT NULL,
  adopted_by   {int} NOT NULL,
  sources      {bytes} NOT NULL,
  PRIMARY KEY (jurisdiction, hash)
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
  policy       {word} NOT NULL,
  PRIMARY KEY (jurisdiction, party, at, id)
){end};
