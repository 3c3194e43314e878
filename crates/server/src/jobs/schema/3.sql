-- What a job takes up of its owner's space, and the request that ordered it.
ALTER TABLE sigill_jobs ADD COLUMN stored BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sigill_jobs ADD COLUMN request TEXT;
UPDATE sigill_jobs SET stored = COALESCE(
    (SELECT SUM(LENGTH(bytes)) FROM sigill_chunks WHERE sigill_chunks.job = sigill_jobs.id), 0);
-- Whose turn it is, and where a job stands in the queue, are read off these.
CREATE INDEX sigill_jobs_turn ON sigill_jobs (kind, owner, state, started, queued, available, id);
CREATE INDEX sigill_jobs_owner ON sigill_jobs (owner, stored);
