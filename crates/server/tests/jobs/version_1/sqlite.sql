-- What the program of version 1 of the tables left behind: its own tables, and those of apalis, which queued for it.
CREATE TABLE sigill_jobs (
    id TEXT NOT NULL PRIMARY KEY,
    owner TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    done BIGINT NOT NULL,
    total BIGINT NOT NULL,
    created BIGINT NOT NULL,
    queued BIGINT NOT NULL,
    started BIGINT,
    finished BIGINT,
    expires BIGINT,
    beat BIGINT NOT NULL,
    ticket TEXT,
    runner TEXT,
    attempts BIGINT NOT NULL,
    meeting TEXT NOT NULL,
    options TEXT NOT NULL,
    idempotency_key TEXT,
    digest TEXT,
    problem TEXT,
    findings TEXT,
    made TEXT
);
CREATE UNIQUE INDEX sigill_jobs_key ON sigill_jobs (owner, idempotency_key);
CREATE INDEX sigill_jobs_state ON sigill_jobs (state, queued);
CREATE INDEX sigill_jobs_expires ON sigill_jobs (expires);
CREATE TABLE sigill_chunks (
    job TEXT NOT NULL,
    name TEXT NOT NULL,
    seq BIGINT NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (job, name, seq)
);
CREATE TABLE sigill_schema (version BIGINT NOT NULL);
INSERT INTO sigill_schema (version) VALUES (1);
CREATE TABLE Workers (
    id TEXT NOT NULL UNIQUE,
    worker_type TEXT NOT NULL,
    storage_name TEXT NOT NULL,
    layers TEXT,
    last_seen INTEGER NOT NULL DEFAULT (strftime('%s', 'now'))
, started_at INTEGER);
CREATE INDEX Idx ON Workers(id);
CREATE INDEX WTIdx ON Workers(worker_type);
CREATE INDEX LSIdx ON Workers(last_seen);
CREATE TABLE Jobs (
    job BLOB NOT NULL,
    id TEXT NOT NULL UNIQUE,
    job_type TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'Pending',
    attempts INTEGER NOT NULL DEFAULT 0,
    max_attempts INTEGER NOT NULL DEFAULT 25,
    run_at INTEGER NOT NULL DEFAULT (strftime('%s', 'now')),
    last_result TEXT,
    lock_at INTEGER,
    lock_by TEXT,
    done_at INTEGER,
    priority INTEGER NOT NULL DEFAULT 0,
    metadata TEXT, idempotency_key TEXT,
    PRIMARY KEY(id),
    FOREIGN KEY(lock_by) REFERENCES Workers(id)
);
CREATE INDEX LIdx ON Jobs(lock_by);
CREATE INDEX idx_jobs_job_type_status_run_at ON Jobs(job_type, status, run_at);
CREATE INDEX idx_jobs_status_run_at ON Jobs(status, run_at);
CREATE INDEX idx_jobs_completed_done_at ON Jobs(status, done_at, run_at)
WHERE
    status IN ('Done', 'Failed', 'Killed')
    AND done_at IS NOT NULL;
CREATE INDEX idx_jobs_running ON Jobs(run_at)
WHERE
    status = 'Running';
CREATE UNIQUE INDEX idx_jobs_idempotency_key ON Jobs(job_type, idempotency_key);
CREATE INDEX idx_jobs_pending ON Jobs (job_type, priority DESC, run_at ASC, id ASC)
WHERE
    status = 'Pending'
    AND lock_by IS NULL;
CREATE INDEX idx_jobs_failed ON Jobs (job_type, priority DESC, run_at ASC, id ASC)
WHERE
    status = 'Failed'
    AND attempts < max_attempts;
CREATE INDEX idx_jobs_claimable ON Jobs(status, attempts)
WHERE
    status IN ('Queued', 'Pending', 'Failed');
CREATE TABLE _sqlx_migrations (version BIGINT PRIMARY KEY, description TEXT NOT NULL, installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, success BOOLEAN NOT NULL, checksum BLOB NOT NULL, execution_time BIGINT NOT NULL);
INSERT INTO Workers (id, worker_type, storage_name) VALUES ('sigill-w', 'sigill-packs', 'SqliteStorage');
INSERT INTO Jobs (job, id, job_type, status, lock_by, idempotency_key) VALUES
    (x'7b7d', '01', 'sigill-packs', 'Pending', NULL, 'ticket-1'),
    (x'7b7d', '02', 'sigill-packs', 'Running', 'sigill-w', 'ticket-2');
