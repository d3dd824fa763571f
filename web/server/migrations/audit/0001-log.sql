-- The audit log: records that nothing updates or deletes, the subtrees of their Merkle tree, and personal values apart.
CREATE TABLE records (
  seq INTEGER PRIMARY KEY,
  leaf BLOB NOT NULL,
  record TEXT NOT NULL,
  time TEXT NOT NULL,
  kind TEXT NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  environment TEXT,
  opened INTEGER
) STRICT;
CREATE INDEX records_actor ON records (actor, seq);
CREATE INDEX records_action ON records (action, seq);
CREATE INDEX records_subject ON records (subject, seq);
CREATE INDEX records_environment ON records (environment, seq) WHERE environment IS NOT NULL;
CREATE INDEX records_opened ON records (opened) WHERE opened IS NOT NULL;
CREATE TRIGGER records_keep BEFORE DELETE ON records BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END;
CREATE TRIGGER records_stand BEFORE UPDATE ON records BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END;

CREATE TABLE nodes (
  level INTEGER NOT NULL,
  place INTEGER NOT NULL,
  hash BLOB NOT NULL,
  PRIMARY KEY (level, place)
) STRICT, WITHOUT ROWID;

-- Acts that were announced and whose outcome is not written yet.
CREATE TABLE pending (seq INTEGER PRIMARY KEY) STRICT;

CREATE TABLE personal (
  seq INTEGER NOT NULL,
  field TEXT NOT NULL,
  person TEXT NOT NULL,
  value TEXT NOT NULL,
  salt BLOB NOT NULL,
  PRIMARY KEY (seq, field)
) STRICT, WITHOUT ROWID;
CREATE INDEX personal_person ON personal (person);

CREATE TABLE checkpoints (
  size INTEGER PRIMARY KEY,
  time TEXT NOT NULL,
  note TEXT NOT NULL
) STRICT;

-- How far each outside witness has been told.
CREATE TABLE anchors (
  target TEXT PRIMARY KEY,
  size INTEGER NOT NULL,
  time TEXT NOT NULL
) STRICT;
