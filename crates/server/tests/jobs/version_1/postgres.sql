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
    bytes BYTEA NOT NULL,
    PRIMARY KEY (job, name, seq)
);
ALTER TABLE sigill_chunks ALTER COLUMN bytes SET STORAGE EXTERNAL;
CREATE TABLE sigill_schema (version BIGINT NOT NULL);
INSERT INTO sigill_schema (version) VALUES (1);
CREATE SCHEMA apalis;
CREATE FUNCTION apalis.generate_ulid() RETURNS text LANGUAGE sql AS $$ SELECT gen_random_uuid()::text $$;
CREATE TABLE apalis.jobs (
    job bytea NOT NULL,
    id text NOT NULL,
    job_type text NOT NULL,
    status text DEFAULT 'Pending'::text NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    max_attempts integer DEFAULT 25 NOT NULL,
    run_at timestamp with time zone DEFAULT now() NOT NULL,
    last_result jsonb,
    lock_at timestamp with time zone,
    lock_by text,
    done_at timestamp with time zone,
    priority integer DEFAULT 0,
    idempotency_key text,
    metadata text
);
CREATE FUNCTION apalis.get_jobs(worker_id text, v_job_type text, v_job_count integer DEFAULT 5) RETURNS SETOF apalis.jobs
    LANGUAGE sql
    AS $$
    WITH jobs AS (
        SELECT id
        FROM apalis.jobs
        WHERE
            (
                status = 'Pending'
                OR (
                    status = 'Failed'
                    AND attempts < max_attempts
                )
            )
            AND run_at < now()
            AND job_type = v_job_type
        ORDER BY priority DESC, run_at ASC
        LIMIT v_job_count
        FOR UPDATE SKIP LOCKED
    )
    UPDATE apalis.jobs j
    SET
        status = 'Queued',
        lock_by = worker_id,
        lock_at = now()
    FROM jobs
    WHERE j.id = jobs.id
    RETURNING j.*;
$$;
CREATE FUNCTION apalis.notify_new_jobs() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF NEW.run_at <= now() THEN
        PERFORM pg_notify(
            'apalis::job::insert',
            json_build_object(
                'job_type', NEW.job_type,
                'id', NEW.id,
                'run_at', NEW.run_at
            )::text
        );
    END IF;
    RETURN NEW;
END;
$$;
CREATE FUNCTION apalis.push_job(job_type text, job json DEFAULT NULL::json, status text DEFAULT 'Pending'::text, run_at timestamp with time zone DEFAULT now(), max_attempts integer DEFAULT 25, priority integer DEFAULT 0) RETURNS apalis.jobs
    LANGUAGE plpgsql
    AS $$
        DECLARE
            v_job_row apalis.jobs;
            v_job_id text;
        BEGIN
        IF job_type is not NULL and length(job_type) > 512 THEN raise exception 'Job_type is too long (max length: 512).' USING errcode = 'APAJT';
        END IF;
        IF max_attempts < 1 THEN raise exception 'Job maximum attempts must be at least 1.' USING errcode = 'APAMA';
        end IF;
        SELECT
            apalis.generate_ulid() INTO v_job_id;
        INSERT INTO
            apalis.jobs
        VALUES
            (
                job,
                v_job_id,
                job_type,
                status,
                0,
                max_attempts,
                run_at,
                NULL,
                NULL,
                NULL,
                NULL,
                priority
            )
            returning * INTO v_job_row;
            RETURN v_job_row;
END;
$$;
CREATE TABLE apalis._sqlx_migrations (
    version bigint NOT NULL,
    description text NOT NULL,
    installed_on timestamp with time zone DEFAULT now() NOT NULL,
    success boolean NOT NULL,
    checksum bytea NOT NULL,
    execution_time bigint NOT NULL
);
CREATE TABLE apalis.workers (
    id text NOT NULL,
    worker_type text NOT NULL,
    storage_name text NOT NULL,
    layers text DEFAULT ''::text NOT NULL,
    last_seen timestamp with time zone DEFAULT now() NOT NULL,
    started_at timestamp with time zone
);
ALTER TABLE ONLY apalis._sqlx_migrations
    ADD CONSTRAINT _sqlx_migrations_pkey PRIMARY KEY (version);
ALTER TABLE ONLY apalis.jobs
    ADD CONSTRAINT jobs_pkey PRIMARY KEY (id);
ALTER TABLE ONLY apalis.workers
    ADD CONSTRAINT workers_pkey PRIMARY KEY (id);
CREATE INDEX idx_apalis_jobs_fetch_partial ON apalis.jobs USING btree (job_type, priority DESC, run_at) WHERE ((status = 'Pending'::text) OR ((status = 'Failed'::text) AND (attempts < max_attempts)));
CREATE INDEX idx_apalis_jobs_lock_by ON apalis.jobs USING btree (lock_by);
CREATE INDEX idx_apalis_workers_last_seen ON apalis.workers USING btree (last_seen);
CREATE INDEX idx_apalis_workers_worker_type ON apalis.workers USING btree (worker_type);
CREATE UNIQUE INDEX idx_jobs_idempotency_key ON apalis.jobs USING btree (job_type, idempotency_key);
CREATE INDEX lidx ON apalis.jobs USING btree (lock_by);
CREATE INDEX lsidx ON apalis.workers USING btree (last_seen);
CREATE UNIQUE INDEX unique_job_id ON apalis.jobs USING btree (id);
CREATE UNIQUE INDEX unique_worker_id ON apalis.workers USING btree (id);
CREATE INDEX wtidx ON apalis.workers USING btree (worker_type);
CREATE TRIGGER notify_workers AFTER INSERT ON apalis.jobs FOR EACH ROW EXECUTE FUNCTION apalis.notify_new_jobs();
ALTER TABLE ONLY apalis.jobs
    ADD CONSTRAINT fk_worker_lock_by FOREIGN KEY (lock_by) REFERENCES apalis.workers(id);

INSERT INTO apalis.workers (id, worker_type, storage_name) VALUES ('sigill-w', 'sigill-packs', 'PostgresStorage');
INSERT INTO apalis.jobs (job, id, job_type, status, lock_by, idempotency_key) VALUES
    ('\x7b7d', '01', 'sigill-packs', 'Pending', NULL, 'ticket-1'),
    ('\x7b7d', '02', 'sigill-packs', 'Running', 'sigill-w', 'ticket-2');
