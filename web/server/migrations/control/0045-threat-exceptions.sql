-- Processes that look like a threat and are known, each until its end.
CREATE TABLE threat_exceptions (
  id TEXT PRIMARY KEY,
  exe TEXT NOT NULL,
  argv TEXT NOT NULL,
  parent TEXT NOT NULL,
  container TEXT,
  reason TEXT NOT NULL,
  person TEXT NOT NULL,
  created REAL NOT NULL,
  expires REAL NOT NULL
) STRICT, WITHOUT ROWID;
