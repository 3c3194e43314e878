-- Jobs and their files. What has been released is never edited: changes are a file of their own.
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
    bytes #BYTES NOT NULL,
    PRIMARY KEY (job, name, seq)
);
