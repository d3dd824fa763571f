-- Whose each volume is, on which node it lies, and what size is expected of it; networks that deployments are attached to beside the main one.
CREATE TABLE volumes (
  name TEXT PRIMARY KEY,
  environment TEXT NOT NULL REFERENCES environments (id),
  node TEXT NOT NULL,
  budget_bytes INTEGER,
  created REAL NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE network_attachments (
  environment TEXT NOT NULL,
  network TEXT NOT NULL,
  deployment TEXT NOT NULL,
  PRIMARY KEY (environment, network, deployment)
) STRICT, WITHOUT ROWID;

-- Tokens that were shown and are still to be rotated; the tokens themselves are in no table.
CREATE TABLE join_offers (
  role TEXT PRIMARY KEY,
  expires REAL NOT NULL,
  nodes TEXT NOT NULL
) STRICT, WITHOUT ROWID;
