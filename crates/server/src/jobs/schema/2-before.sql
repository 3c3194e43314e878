-- The rows of jobs become the queue. Uploads that were under way have no server any more; what ran waits again, and the
-- attempt that the change of programs ended is not counted.
DELETE FROM sigill_jobs WHERE state = 'draft';
ALTER TABLE sigill_jobs RENAME COLUMN beat TO heartbeat;
ALTER TABLE sigill_jobs RENAME COLUMN runner TO lease;
ALTER TABLE sigill_jobs ADD COLUMN lease_expires BIGINT;
ALTER TABLE sigill_jobs ADD COLUMN available BIGINT;
ALTER TABLE sigill_jobs ADD COLUMN job_order TEXT;
ALTER TABLE sigill_jobs ADD COLUMN result TEXT;
ALTER TABLE sigill_jobs ADD COLUMN outputs TEXT;
UPDATE sigill_jobs SET state = 'queued', lease = NULL, started = NULL, done = 0, total = 0, attempts = attempts - 1
    WHERE state = 'running';
UPDATE sigill_chunks SET name = 'i/files/' || substr(name, 3) WHERE name LIKE 'i/%';
UPDATE sigill_chunks SET name = 'i/sent.pdf' WHERE name = 's';
