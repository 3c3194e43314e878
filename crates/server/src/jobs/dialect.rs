//! Where SQLite and PostgreSQL differ. All other SQL is the same for both.

/// Which database it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// A SQLite file of this machine.
    Sqlite,
    /// A PostgreSQL server that several machines may share.
    Postgres,
}

/// What a commit promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Durability {
    /// It survives a power failure: a client has been told, or what it replaces is removed.
    Synced,
    /// It survives the death of the program. A power failure may undo it, and nothing comes of that: the job is claimed,
    /// or the upload begun, once more. A later synced commit makes it last, too.
    Relaxed,
}

/// The owner whose turn it is: who has fewest jobs under way, then who was served longest ago of those served lately, then who
/// has waited longest. $1 the kind, $2 now, $3 the end of the time that a job may be held back to, $4 when lately began.
pub(super) const NEXT_OWNER: &str = "SELECT owner FROM sigill_jobs WHERE kind = $1 GROUP BY owner \
     HAVING COUNT(CASE WHEN state = 'queued' AND (available IS NULL OR available <= $2 OR available > $3) THEN 1 END) > 0 \
     ORDER BY COUNT(CASE WHEN state = 'running' THEN 1 END), COALESCE(MAX(CASE WHEN started > $4 THEN started END), 0), \
     MIN(CASE WHEN state = 'queued' THEN queued END), owner LIMIT 1";

/// Claims the job that has waited longest: $1 the lease, $2 its expiry, $3 now, $4 the kind, $5 the end of the time that
/// a job may be held back to, $6 its owner, if it has to be that one's.
macro_rules! claim {
    ($lock:literal) => {
        concat!(
            "UPDATE sigill_jobs SET state = 'running', lease = $1, lease_expires = $2, heartbeat = $3, started = $3, \
             available = NULL, done = 0, total = 0, attempts = attempts + 1 WHERE id = (SELECT id FROM sigill_jobs \
             WHERE kind = $4 AND state = 'queued' AND (available IS NULL OR available <= $3 OR available > $5) \
             AND ($6 IS NULL OR owner = $6) ORDER BY queued, id LIMIT 1",
            $lock,
            ") RETURNING id, owner, request, job_order, attempts"
        )
    };
}

impl Dialect {
    /// Begins a transaction that writes. On SQLite it is the only one from its first statement: one that read first and
    /// wrote later could be refused in the middle.
    pub(super) fn begin(self, durability: Durability) -> &'static str {
        match (self, durability) {
            (Self::Sqlite, Durability::Synced) => "PRAGMA synchronous = FULL; BEGIN IMMEDIATE",
            (Self::Sqlite, Durability::Relaxed) => "PRAGMA synchronous = NORMAL; BEGIN IMMEDIATE",
            (Self::Postgres, Durability::Synced) => "BEGIN",
            (Self::Postgres, Durability::Relaxed) => "BEGIN; SET LOCAL synchronous_commit = off",
        }
    }

    /// Claims a job within a transaction. PostgreSQL passes over rows that others claim at this moment.
    pub(super) fn claim(self) -> &'static str {
        match self {
            Self::Sqlite => claim!(""),
            Self::Postgres => claim!(" FOR UPDATE SKIP LOCKED"),
        }
    }

    /// Asks the database for the time, in milliseconds since 1970.
    pub(super) fn now(self) -> &'static str {
        match self {
            Self::Sqlite => "SELECT CAST(ROUND((julianday('now') - 2440587.5) * 86400000) AS INTEGER)",
            Self::Postgres => "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)",
        }
    }

    /// Makes others that decide whether a job fits into the queue wait until the transaction ends; on SQLite every
    /// transaction that writes does.
    pub(super) fn lock_queue(self) -> Option<&'static str> {
        match self {
            Self::Sqlite => None,
            // The function answers void, which the generic driver has no type for.
            Self::Postgres => Some("SELECT 1 FROM (SELECT pg_advisory_xact_lock(6001406358586130434)) AS locked"),
        }
    }

    /// As [`Self::lock_queue`], for those that change the tables.
    pub(super) fn lock_schema(self) -> Option<&'static str> {
        match self {
            Self::Sqlite => None,
            Self::Postgres => Some("SELECT 1 FROM (SELECT pg_advisory_xact_lock(6001406358586130433)) AS locked"),
        }
    }

    /// The type of a column of bytes.
    pub(super) fn bytes(self) -> &'static str {
        match self {
            Self::Sqlite => "BLOB",
            Self::Postgres => "BYTEA",
        }
    }

    /// Gives the disk back what has been removed, a bounded piece at a time.
    pub(super) fn compact(self) -> &'static [&'static str] {
        match self {
            // Eight thousand pages, so that nobody waits long; and a log that has grown is cut.
            Self::Sqlite => &["PRAGMA incremental_vacuum(8000)", "PRAGMA wal_checkpoint(TRUNCATE)"],
            Self::Postgres => &[],
        }
    }
}
