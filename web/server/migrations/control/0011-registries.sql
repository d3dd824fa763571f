-- Credentials of registries. The password is sealed with a key that lies in a file of its own, and is never given back.
CREATE TABLE registries (
  registry TEXT PRIMARY KEY,
  username TEXT NOT NULL,
  sealed BLOB NOT NULL,
  changed REAL NOT NULL
) STRICT, WITHOUT ROWID;
