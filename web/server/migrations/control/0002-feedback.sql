-- What people said about alerts; the detectors read it in order.
CREATE TABLE feedback (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  labels TEXT NOT NULL,
  start REAL NOT NULL,
  stop REAL NOT NULL,
  expected INTEGER NOT NULL,
  person TEXT NOT NULL,
  created REAL NOT NULL
) STRICT;
CREATE INDEX feedback_created ON feedback (created);
