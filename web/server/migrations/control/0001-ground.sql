-- People, what they may do, how they are signed in, environments, and what the API remembers of its callers.
CREATE TABLE environments (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  colour TEXT NOT NULL,
  archived INTEGER NOT NULL DEFAULT 0,
  created REAL NOT NULL
) STRICT;

CREATE TABLE people (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  password TEXT NOT NULL,
  totp BLOB,
  totp_pending BLOB,
  totp_step INTEGER NOT NULL DEFAULT 0,
  disabled INTEGER NOT NULL DEFAULT 0,
  version INTEGER NOT NULL DEFAULT 1,
  created REAL NOT NULL
) STRICT;

CREATE TABLE grants (
  person TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
  environment TEXT NOT NULL,
  role TEXT NOT NULL,
  PRIMARY KEY (person, environment)
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
  id TEXT PRIMARY KEY,
  person TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
  version INTEGER NOT NULL,
  csrf TEXT NOT NULL,
  source TEXT NOT NULL,
  agent TEXT NOT NULL,
  created REAL NOT NULL,
  confirmed REAL NOT NULL,
  used REAL NOT NULL,
  ended INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX sessions_person ON sessions (person);

CREATE TABLE refresh_tokens (
  hash BLOB PRIMARY KEY,
  session TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  spent INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX refresh_tokens_session ON refresh_tokens (session);

CREATE TABLE signing_keys (
  id TEXT PRIMARY KEY,
  pem TEXT NOT NULL,
  created REAL NOT NULL,
  retired REAL
) STRICT;

CREATE TABLE api_tokens (
  id TEXT PRIMARY KEY,
  person TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  hash BLOB NOT NULL,
  permissions TEXT NOT NULL,
  environment TEXT NOT NULL,
  created REAL NOT NULL,
  expires REAL NOT NULL,
  used REAL
) STRICT;
CREATE INDEX api_tokens_person ON api_tokens (person);

CREATE TABLE invitations (
  id TEXT PRIMARY KEY,
  hash BLOB NOT NULL UNIQUE,
  grants TEXT NOT NULL,
  inviter TEXT NOT NULL,
  created REAL NOT NULL,
  expires REAL NOT NULL
) STRICT;

-- One row until the first admin is made.
CREATE TABLE setup (
  hash BLOB PRIMARY KEY,
  expires REAL NOT NULL
) STRICT;

CREATE TABLE policy (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;

CREATE TABLE idempotency (
  actor TEXT NOT NULL,
  key TEXT NOT NULL,
  request BLOB NOT NULL,
  created REAL NOT NULL,
  status INTEGER,
  answer TEXT,
  PRIMARY KEY (actor, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_created ON idempotency (created);
