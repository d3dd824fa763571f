-- What should be true: deployments, their revisions, and the operations that lead from one to the next.
CREATE TABLE deployments (
  name TEXT PRIMARY KEY,
  environment TEXT NOT NULL REFERENCES environments (id),
  settings TEXT NOT NULL,
  -- The revision that answers requests; null until one has.
  stable INTEGER,
  -- The revision that answered before it, where a rollback without a name goes.
  previous INTEGER,
  stopped INTEGER NOT NULL DEFAULT 0,
  removing INTEGER NOT NULL DEFAULT 0,
  -- Counts orders to replace every task.
  restarts INTEGER NOT NULL DEFAULT 0,
  created REAL NOT NULL
) STRICT;
CREATE INDEX deployments_environment ON deployments (environment);

CREATE TABLE revisions (
  deployment TEXT NOT NULL REFERENCES deployments (name) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  spec TEXT NOT NULL,
  -- The swarm service that runs it: its own, or with a volume that of the revision before.
  service TEXT NOT NULL,
  -- Empty until the image is resolved; written once.
  pinned TEXT NOT NULL DEFAULT '',
  spec_hash TEXT NOT NULL DEFAULT '',
  author TEXT NOT NULL,
  created REAL NOT NULL,
  result TEXT NOT NULL DEFAULT 'pending',
  reason TEXT NOT NULL DEFAULT '',
  seconds REAL,
  -- Seconds since the epoch until which it is kept warm beside the stable one.
  warm_until REAL NOT NULL DEFAULT 0,
  pruned INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (deployment, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE operations (
  id TEXT PRIMARY KEY,
  environment TEXT NOT NULL,
  deployment TEXT NOT NULL,
  kind TEXT NOT NULL,
  revision INTEGER,
  actor TEXT NOT NULL,
  person TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'running',
  outcome TEXT NOT NULL DEFAULT '',
  started REAL NOT NULL,
  ended REAL
) STRICT;
CREATE INDEX operations_deployment ON operations (deployment, started);
CREATE INDEX operations_running ON operations (state) WHERE state = 'running';
-- One at a time: two cannot even be recorded.
CREATE UNIQUE INDEX operations_one ON operations (deployment) WHERE state = 'running';

CREATE TABLE operation_steps (
  operation TEXT NOT NULL REFERENCES operations (id) ON DELETE CASCADE,
  seq INTEGER NOT NULL,
  time REAL NOT NULL,
  kind TEXT NOT NULL,
  step TEXT NOT NULL,
  text TEXT NOT NULL,
  current REAL,
  total REAL,
  PRIMARY KEY (operation, seq)
) STRICT, WITHOUT ROWID;
