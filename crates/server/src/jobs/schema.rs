//! Versions of the tables, and the way from each to the next.
//!
//! Every version that a database has been brought to is a row of `sigill_schema`. A database without any is brought
//! through all of them, so that there is one way to the tables of today.

use serde_json::{Value, json};
use sigill_messages::{Lang, Localize};
use sqlx::{AnyConnection, AssertSqlSafe, Executor as _, Row as _};

use super::database::Database;
use super::dialect::{Dialect, Durability};
use crate::messages::config;

/// The version that this program works with.
const VERSION: i64 = 3;

/// PDFs are compressed already: PostgreSQL need not try.
const NOT_COMPRESSED: &str = "ALTER TABLE sigill_chunks ALTER COLUMN bytes SET STORAGE EXTERNAL";
/// What apalis, which queued the jobs of version 1, called that queue.
const APALIS_QUEUE: &str = "sigill-packs";

/// Why the tables cannot be used.
pub(super) enum SchemaError {
    /// A later program has changed them; its version.
    Newer(i64),
    /// The database failed.
    Database(sqlx::Error),
}

impl From<sqlx::Error> for SchemaError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error)
    }
}

impl Localize for SchemaError {
    fn write(&self, lang: Lang, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Newer(have) => config::Newer { have, known: &VERSION }.write(lang, f),
            Self::Database(error) => error.write(lang, f),
        }
    }
}

/// Brings the tables to the version of this program, in one transaction. Servers that start at once wait for each other.
pub(super) async fn migrate(database: &Database) -> Result<(), SchemaError> {
    let mut write = database.write(Durability::Synced).await?;
    let tx = write.connection();
    if let Some(lock) = database.dialect.lock_schema() {
        sqlx::query(lock).execute(&mut *tx).await?;
    }
    tx.execute("CREATE TABLE IF NOT EXISTS sigill_schema (version BIGINT NOT NULL)").await?;
    let have: i64 =
        sqlx::query_scalar("SELECT COALESCE(MAX(version), 0) FROM sigill_schema").fetch_one(&mut *tx).await?;
    if have > VERSION {
        write.rollback().await?;
        return Err(SchemaError::Newer(have));
    }
    for version in have + 1..=VERSION {
        match version {
            1 => first(tx, database.dialect).await?,
            2 => second(tx, database.dialect).await?,
            _ => tx.execute(include_str!("schema/3.sql")).await.map(drop)?,
        }
        sqlx::query("INSERT INTO sigill_schema (version) VALUES ($1)").bind(version).execute(&mut *tx).await?;
    }
    Ok(write.commit().await?)
}

async fn first(tx: &mut AnyConnection, dialect: Dialect) -> sqlx::Result<()> {
    let sql = include_str!("schema/1.sql").replace("#BYTES", dialect.bytes());
    tx.execute(AssertSqlSafe(sql)).await?;
    match dialect {
        Dialect::Sqlite => Ok(()),
        Dialect::Postgres => tx.execute(NOT_COMPRESSED).await.map(drop),
    }
}

async fn second(tx: &mut AnyConnection, dialect: Dialect) -> sqlx::Result<()> {
    tx.execute(include_str!("schema/2-before.sql")).await?;
    let sql = "SELECT id, meeting, options, made, \
               (SELECT COUNT(*) FROM sigill_chunks WHERE job = sigill_jobs.id AND name = 'i/sent.pdf') AS sent \
               FROM sigill_jobs";
    for row in sqlx::query(sql).fetch_all(&mut *tx).await? {
        let order = json!({
            "meeting": row.try_get::<String, _>("meeting")?,
            "sent": row.try_get::<i64, _>("sent")? > 0,
            "options": parsed(&row.try_get::<String, _>("options")?)?,
        });
        let made = row.try_get::<Option<String>, _>("made")?.as_deref().map(parsed).transpose()?;
        let (result, outputs) = made.map(|made| second_result(&made)).unzip();
        let sql = "UPDATE sigill_jobs SET job_order = $1, result = $2, outputs = $3 WHERE id = $4";
        let update = sqlx::query(sql).bind(order.to_string()).bind(result).bind(outputs);
        update.bind(row.try_get::<String, _>("id")?).execute(&mut *tx).await?;
    }
    tx.execute(include_str!("schema/2-after.sql")).await?;
    drop_apalis(tx, dialect).await
}

/// What was made, as result and outputs.
fn second_result(made: &Value) -> (String, String) {
    let files = [("pack.pdf", "pack"), ("report.pdf", "report_pdf"), ("report.json", "report_json")];
    let outputs = files.iter().filter(|(_, key)| made[*key].is_object());
    let outputs =
        outputs.map(|(name, key)| json!({"name": name, "bytes": made[*key]["bytes"], "sha256": made[*key]["sha256"]}));
    let outputs = Value::Array(outputs.collect());
    (json!({"pages": made["pages"], "file_name": made["file_name"]}).to_string(), outputs.to_string())
}

fn parsed(text: &str) -> sqlx::Result<Value> {
    serde_json::from_str(text).map_err(|e| sqlx::Error::Decode(Box::new(e)))
}

/// Removes the queue of version 1. A PostgreSQL database may hold queues of other programs in the same tables; those stay.
async fn drop_apalis(tx: &mut AnyConnection, dialect: Dialect) -> sqlx::Result<()> {
    if dialect == Dialect::Sqlite {
        let drop_all = "DROP TABLE IF EXISTS Jobs; DROP TABLE IF EXISTS Workers; DROP TABLE IF EXISTS _sqlx_migrations";
        return tx.execute(drop_all).await.map(drop);
    }
    let sql = "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = 'apalis' AND table_name IN ('jobs', 'workers')";
    if sqlx::query_scalar::<_, i64>(sql).fetch_one(&mut *tx).await? < 2 {
        return Ok(());
    }
    for sql in ["DELETE FROM apalis.jobs WHERE job_type = $1", "DELETE FROM apalis.workers WHERE worker_type = $1"] {
        sqlx::query(sql).bind(APALIS_QUEUE).execute(&mut *tx).await?;
    }
    let sql = "SELECT (SELECT COUNT(*) FROM apalis.jobs) + (SELECT COUNT(*) FROM apalis.workers)";
    if sqlx::query_scalar::<_, i64>(sql).fetch_one(&mut *tx).await? > 0 {
        return Ok(());
    }
    tx.execute("DROP SCHEMA apalis CASCADE").await.map(drop)
}
