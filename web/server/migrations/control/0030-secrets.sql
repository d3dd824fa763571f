-- Secrets by name, who may mount them and how far a rotation is. Values are in no table: they go to the store and nowhere else.
CREATE TABLE secrets (
  environment TEXT NOT NULL REFERENCES environments (id),
  name TEXT NOT NULL,
  current INTEGER NOT NULL,
  created REAL NOT NULL,
  PRIMARY KEY (environment, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE secret_deployments (
  environment TEXT NOT NULL,
  name TEXT NOT NULL,
  deployment TEXT NOT NULL,
  PRIMARY KEY (environment, name, deployment),
  FOREIGN KEY (environment, name) REFERENCES secrets (environment, name) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- The last one of each secret.
CREATE TABLE secret_rotations (
  environment TEXT NOT NULL,
  name TEXT NOT NULL,
  from_version INTEGER NOT NULL,
  to_version INTEGER NOT NULL,
  phase TEXT NOT NULL,
  started REAL NOT NULL,
  ended REAL,
  moved TEXT NOT NULL,
  reason TEXT,
  actor TEXT NOT NULL,
  PRIMARY KEY (environment, name),
  FOREIGN KEY (environment, name) REFERENCES secrets (environment, name) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
