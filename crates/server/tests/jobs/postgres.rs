//! A PostgreSQL of the tests' own, from Debian's package: on a port of its own, gone with the process.
//!
//! Include it by path; it needs nothing but the standard library.

use std::io::Write as _;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// A server that runs.
pub struct Postgres {
    programs: PathBuf,
    port: u16,
}

/// The server of this process; `None`, after a loud notice, when PostgreSQL is missing. With `CI=true` that fails.
pub fn postgres() -> Option<&'static Postgres> {
    static RUNNING: OnceLock<Option<Postgres>> = OnceLock::new();
    RUNNING.get_or_init(start).as_ref()
}

impl Postgres {
    /// The address of a new, empty database.
    pub fn database(&self) -> String {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let name = format!("d{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        let port = self.port.to_string();
        let args = ["-h", "127.0.0.1", "-p", &port, "-U", "sigill", &name];
        let made = Command::new(self.programs.join("createdb")).args(args).output().expect("createdb runs");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        format!("postgres://sigill@127.0.0.1:{port}/{name}")
    }

    /// Ends all connections to a database, and lets nobody in for a time: as a restart does.
    #[allow(dead_code, reason = "the tests of the whole program do it")]
    pub fn away(&self, database: &str, time: Duration) {
        let name = database.rsplit('/').next().expect("a name");
        let tell = |sql: &str| {
            let port = self.port.to_string();
            let args = ["-q", "-h", "127.0.0.1", "-p", &port, "-U", "sigill", "-d", "postgres", "-c", sql];
            let told = Command::new(self.programs.join("psql")).args(args).output().expect("psql runs");
            assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
        };
        tell(&format!("ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false"));
        tell(&format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"));
        std::thread::sleep(time);
        tell(&format!("ALTER DATABASE {name} WITH ALLOW_CONNECTIONS true"));
    }

    /// Tells a database something.
    #[allow(dead_code, reason = "the tests of the whole program do it")]
    pub fn tell(&self, database: &str, sql: &str) {
        let told = Command::new(self.programs.join("psql")).args(["-q", "-d", database, "-c", sql]).output();
        let told = told.expect("psql runs");
        assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    }
}

fn start() -> Option<Postgres> {
    let Some(programs) = programs() else {
        let notice = "\n*** SKIPPED: postgresql is not installed, so jobs in PostgreSQL go untested\n";
        assert!(std::env::var_os("CI").is_none_or(|v| v != "true"), "{notice}");
        // Past the capture of test output: nobody reads what passing tests print.
        std::io::stderr().write_all(notice.as_bytes()).expect("stderr");
        return None;
    };
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/test-work");
    // The user that PostgreSQL wants may not be let into the folder of the one who tests.
    let folder = [target, std::env::temp_dir()].into_iter().find_map(|at| init(&programs, &at));
    let folder = folder.expect("initdb makes a cluster");
    let port = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a port").port();
    let mut command = unprivileged(&programs.join("postgres"));
    command.arg("-D").arg(&folder).args(["-h", "127.0.0.1", "-p", &port.to_string(), "-k", ""]);
    command.args(["-c", "fsync=off", "-c", "max_connections=300"]);
    let log = std::fs::File::create(folder.with_extension("log")).expect("log");
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
    // The server dies with the thread that starts it: this one lives as long as the process.
    std::thread::spawn(move || {
        let mut child = command.spawn().expect("postgres starts");
        let _ = child.wait();
        let _ = std::fs::remove_dir_all(&folder);
    });
    let since = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).is_err() || !ready(&programs, port) {
        assert!(since.elapsed() < Duration::from_secs(60), "postgres does not answer");
        std::thread::sleep(Duration::from_millis(50));
    }
    Some(Postgres { programs, port })
}

fn ready(programs: &Path, port: u16) -> bool {
    let args = ["-q", "-h", "127.0.0.1", "-p", &port.to_string()];
    Command::new(programs.join("pg_isready")).args(args).status().is_ok_and(|s| s.success())
}

/// Where Debian's package has its programs, the newest first.
fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    let folders = versions.filter_map(|v| Some(v.ok()?.path().join("bin")));
    folders.filter(|f| f.join("initdb").exists()).max()
}

/// A cluster in a folder below `at`.
fn init(programs: &Path, at: &Path) -> Option<PathBuf> {
    std::fs::create_dir_all(at).ok()?;
    // Those of processes that are gone.
    for entry in std::fs::read_dir(at).ok()?.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let of = name.strip_prefix("postgres-").and_then(|n| n.trim_end_matches(".log").parse::<u32>().ok());
        if of.is_some_and(|process| !Path::new("/proc").join(process.to_string()).exists()) {
            let _ = std::fs::remove_dir_all(entry.path());
            let _ = std::fs::remove_file(entry.path());
        }
    }
    let folder = at.join(format!("postgres-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir(&folder).ok()?;
    if let Some((user, group)) = other_user() {
        std::os::unix::fs::chown(&folder, Some(user), Some(group)).ok()?;
    }
    let args = ["-U", "sigill", "--auth=trust", "-E", "UTF8", "--locale=C", "-N", "-D"];
    let made = unprivileged(&programs.join("initdb")).args(args).arg(&folder).output().ok()?;
    if !made.status.success() {
        let _ = std::fs::remove_dir_all(&folder);
    }
    made.status.success().then_some(folder)
}

/// A program as somebody else than root, whom PostgreSQL refuses; it ends with the thread that starts it.
fn unprivileged(program: &Path) -> Command {
    let mut command = Command::new("setpriv");
    if let Some((user, group)) = other_user() {
        command.args(["--reuid", &user.to_string(), "--regid", &group.to_string(), "--clear-groups"]);
    }
    command.args(["--pdeathsig", "QUIT", "--"]).arg(program).current_dir("/");
    command
}

/// Whom root becomes: nobody.
fn other_user() -> Option<(u32, u32)> {
    let root = std::os::unix::fs::MetadataExt::uid(&std::fs::metadata("/proc/self").ok()?) == 0;
    root.then_some((65534, 65534))
}
