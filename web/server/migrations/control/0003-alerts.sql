-- What Alertmanager told of: each alert once, however often it was told. And when a refresh token was made, so that old ones can go.
CREATE TABLE alerts (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  fingerprint TEXT NOT NULL,
  started REAL NOT NULL,
  status TEXT NOT NULL,
  ended REAL,
  labels TEXT NOT NULL,
  annotations TEXT NOT NULL,
  received REAL NOT NULL,
  UNIQUE (fingerprint, started)
) STRICT;
CREATE INDEX alerts_status ON alerts (status, seq);
CREATE INDEX alerts_received ON alerts (received);

ALTER TABLE refresh_tokens ADD COLUMN made REAL NOT NULL DEFAULT 0;
