-- Once orders and results have been written in their new form.
ALTER TABLE sigill_jobs DROP COLUMN ticket;
ALTER TABLE sigill_jobs DROP COLUMN meeting;
ALTER TABLE sigill_jobs DROP COLUMN options;
ALTER TABLE sigill_jobs DROP COLUMN made;
DROP INDEX sigill_jobs_state;
CREATE INDEX sigill_jobs_queue ON sigill_jobs (kind, state, queued, id);
CREATE INDEX sigill_jobs_lease ON sigill_jobs (state, lease_expires);
CREATE TABLE sigill_health (id BIGINT NOT NULL PRIMARY KEY, heartbeat BIGINT NOT NULL);
