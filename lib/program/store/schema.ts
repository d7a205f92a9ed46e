/** `user_version` of the database. */
export const SCHEMA_VERSION = 1;

/**
 * Small columns that change often are kept apart from requests and reports, which may be large: SQLite rewrites whole rows.
 * `totals` is maintained by triggers; it limits what is accepted, and shows at the start whether jobs are missing.
 */
export const SCHEMA = `
CREATE TABLE identity (id TEXT NOT NULL) STRICT;

-- Unfinished jobs.
CREATE TABLE jobs (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  -- The program that has claimed the job, see owner-lock.ts.
  owner TEXT,
  -- Milliseconds since 1970; the job is not claimed before.
  due INTEGER NOT NULL DEFAULT 0,
  run_attempts INTEGER NOT NULL DEFAULT 0,
  report_attempts INTEGER NOT NULL DEFAULT 0,
  has_report INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX jobs_to_run ON jobs (seq) WHERE owner IS NULL AND has_report = 0;
CREATE INDEX jobs_to_report ON jobs (due, seq) WHERE owner IS NULL AND has_report = 1;
CREATE INDEX jobs_claimed ON jobs (owner) WHERE owner IS NOT NULL;
CREATE TABLE requests (
  seq INTEGER PRIMARY KEY REFERENCES jobs (seq) ON DELETE CASCADE,
  content TEXT NOT NULL,
  size INTEGER NOT NULL,
  checksum TEXT NOT NULL
) STRICT;
CREATE TABLE reports (
  seq INTEGER PRIMARY KEY REFERENCES jobs (seq) ON DELETE CASCADE,
  content TEXT NOT NULL,
  size INTEGER NOT NULL,
  checksum TEXT NOT NULL
) STRICT;

CREATE TABLE totals (jobs INTEGER NOT NULL, bytes INTEGER NOT NULL) STRICT;
INSERT INTO totals VALUES (0, 0);
CREATE TRIGGER job_added AFTER INSERT ON jobs BEGIN
  UPDATE totals SET jobs = jobs + 1;
END;
CREATE TRIGGER job_removed AFTER DELETE ON jobs BEGIN
  UPDATE totals SET jobs = jobs - 1;
END;
CREATE TRIGGER request_added AFTER INSERT ON requests BEGIN UPDATE totals SET bytes = bytes + NEW.size; END;
CREATE TRIGGER request_removed AFTER DELETE ON requests BEGIN UPDATE totals SET bytes = bytes - OLD.size; END;
CREATE TRIGGER report_added AFTER INSERT ON reports BEGIN UPDATE totals SET bytes = bytes + NEW.size; END;
CREATE TRIGGER report_removed AFTER DELETE ON reports BEGIN UPDATE totals SET bytes = bytes - OLD.size; END;

-- Finished jobs, to recognise a repeated delivery.
CREATE TABLE finished (id TEXT PRIMARY KEY, finished_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX finished_by_time ON finished (finished_at);

-- Jobs that are not attempted any more: not reported, or not readable.
CREATE TABLE dead (
  id TEXT PRIMARY KEY,
  died_at INTEGER NOT NULL,
  reason TEXT NOT NULL,
  request TEXT,
  report TEXT
) STRICT;
CREATE INDEX dead_by_time ON dead (died_at);

CREATE TABLE events (
  id TEXT PRIMARY KEY,
  expires_at INTEGER,
  content TEXT NOT NULL,
  checksum TEXT NOT NULL
) STRICT;
CREATE INDEX events_by_expiry ON events (expires_at) WHERE expires_at IS NOT NULL;

PRAGMA user_version = ${SCHEMA_VERSION};
`;
