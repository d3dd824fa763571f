-- Whom alerts are told, their secrets, and what the control plane hands on to them.
CREATE TABLE notification_settings (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  revision INTEGER NOT NULL,
  settings TEXT NOT NULL
) STRICT;

CREATE TABLE notification_secrets (
  receiver TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE notification_deliveries (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  receiver TEXT NOT NULL,
  kind TEXT NOT NULL,
  same TEXT NOT NULL,
  nonce TEXT,
  message TEXT NOT NULL,
  state TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  created REAL NOT NULL,
  next REAL,
  ended REAL,
  said TEXT NOT NULL
) STRICT;
CREATE INDEX notification_deliveries_due ON notification_deliveries (state, next);
CREATE INDEX notification_deliveries_same ON notification_deliveries (same, created);
CREATE INDEX notification_deliveries_nonce ON notification_deliveries (nonce);
