//! The running service, and a client of it that shows everything it is answered.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::workspace;

/// `sigill serve`, until dropped.
pub struct Service {
    child: Child,
    /// `http://127.0.0.1:PORT`.
    pub url: String,
    /// Its own folder, with its configuration, data and log.
    pub folder: PathBuf,
    /// Sent with every request, if there is one.
    pub key: Option<String>,
}

/// Starts a service in a fresh folder. Without a configuration it runs as `sigill serve` alone does.
pub fn serve(name: &str, config: &str) -> Service {
    let folder = workspace(&format!("service-{name}"));
    serve_in(&folder, config)
}

/// Starts a service in a folder that may have been used before.
pub fn serve_in(folder: &Path, config: &str) -> Service {
    let log = fs::OpenOptions::new().create(true).append(true).open(folder.join("log")).expect("a log");
    start(Command::new(env!("CARGO_BIN_EXE_sigill")), folder, config, log.into())
}

/// Starts a service by a command that ends with the program, with a standard error of the test's choice.
pub fn start(mut command: Command, folder: &Path, config: &str, errors: Stdio) -> Service {
    let mut args = vec!["serve", "--listen", "127.0.0.1:0"];
    if config.is_empty() {
        args.extend(["--data", "data"]);
    } else {
        fs::write(folder.join("sigill.toml"), config).expect("written");
        args.extend(["--config", "sigill.toml"]);
    }
    let mut child = command
        .args(args)
        .current_dir(folder)
        // For `workers_know_nothing_of_the_services_passwords`; nothing here needs one.
        .env("PGPASSWORD", "hemligt")
        .stdout(Stdio::piped())
        .stderr(errors)
        .spawn()
        .expect("the service starts");
    let mut lines = BufReader::new(child.stdout.take().expect("piped"));
    let mut line = String::new();
    lines.read_line(&mut line).expect("its address");
    let said = || fs::read_to_string(folder.join("log")).unwrap_or_default();
    let url = line.split_whitespace().last().unwrap_or_else(|| panic!("it did not start: {}", said())).to_owned();
    // Audit lines go to standard output too; somebody has to read them.
    let audit = folder.join("audit");
    std::thread::spawn(move || {
        let mut out = fs::OpenOptions::new().create(true).append(true).open(audit).expect("a file");
        std::io::copy(&mut lines, &mut out)
    });
    Service { child, url, folder: folder.to_path_buf(), key: None }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An answer, whatever its status.
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    /// A header's value, empty when it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v)
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        let text = || String::from_utf8_lossy(&self.body).into_owned();
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}: {}", text()))
    }

    /// The problem's name, after checking that it is written as RFC 9457 has it.
    #[track_caller]
    pub fn problem(&self) -> String {
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", String::from_utf8_lossy(&self.body));
        let problem = self.json();
        assert_eq!(problem["status"], self.status, "{problem}");
        for key in ["title", "detail", "instance", "request_id"] {
            assert!(problem[key].as_str().is_some_and(|t| !t.is_empty()), "{key}: {problem}");
        }
        let told = problem.to_string();
        for inner in ["panicked", ".rs:", "/tmp", "target/", "sqlite", "os error"] {
            assert!(!told.contains(inner), "something internal: {told}");
        }
        problem["type"].as_str().expect("a type").strip_prefix("/problems/").expect("a type of ours").to_owned()
    }
}

/// A part of a multipart body: name, file name, content.
pub type Part<'a> = (&'a str, Option<&'a str>, &'a [u8]);

/// A multipart body and its content type.
pub fn multipart(parts: &[Part<'_>]) -> (String, Vec<u8>) {
    let boundary = "gransen-mellan-delarna";
    let mut body = Vec::new();
    for (name, file, content) in parts {
        let file = file.map(|f| format!("; filename=\"{f}\"")).unwrap_or_default();
        body.extend(format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n").bytes());
        body.extend_from_slice(content);
        body.extend(b"\r\n");
    }
    body.extend(format!("--{boundary}--\r\n").bytes());
    (format!("multipart/form-data; boundary={boundary}"), body)
}

impl Service {
    /// Sends a request.
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(Duration::from_secs(120)));
        let agent: ureq::Agent = config.build().into();
        let mut request = ureq::http::Request::builder().method(method).uri(format!("{}{path}", self.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(key) = &self.key {
            request = request.header("authorization", format!("Bearer {key}"));
        }
        let answer = if matches!(method, "GET" | "DELETE" | "HEAD") {
            agent.run(request.body(()).expect("a request"))
        } else {
            agent.run(request.body(body.to_vec()).expect("a request"))
        };
        let mut answer = answer.unwrap_or_else(|e| panic!("{method} {path}: {e}"));
        let headers = answer.headers().iter();
        let headers = headers.map(|(n, v)| (n.to_string(), v.to_str().unwrap_or_default().to_owned())).collect();
        let status = answer.status().as_u16();
        let body = answer.body_mut().with_config().limit(1 << 30).read_to_vec().expect("a whole body");
        Answer { status, headers, body }
    }

    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], b"")
    }

    pub fn post_json(&self, path: &str, body: &[u8]) -> Answer {
        self.send("POST", path, &[("content-type", "application/json")], body)
    }

    pub fn post_parts(&self, path: &str, parts: &[Part<'_>], headers: &[(&str, &str)]) -> Answer {
        let (kind, body) = multipart(parts);
        self.send("POST", path, &[&[("content-type", kind.as_str())], headers].concat(), &body)
    }

    /// Host and port, for clients that speak badly.
    pub fn address(&self) -> &str {
        self.url.strip_prefix("http://").expect("an address")
    }

    /// Tells it to stop, as systemd does.
    pub fn terminate(&self) {
        let status = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().expect("kill");
        assert!(status.success());
    }

    /// Ends it and its workers at once, as a power cut does.
    pub fn cut(&mut self) {
        let workers = self.workers();
        self.child.kill().expect("killed");
        self.child.wait().expect("gone");
        kill(&workers);
    }

    /// Waits for it to end by itself; its exit code.
    pub fn ended(&mut self, within: Duration) -> Option<i32> {
        let end = Instant::now() + within;
        while Instant::now() < end {
            if let Some(status) = self.child.try_wait().expect("a status") {
                return status.code();
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        None
    }

    /// Its process number.
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// Process numbers of its workers.
    pub fn workers(&self) -> Vec<u32> {
        children(self.child.id())
    }

    /// Follows a job until it has ended.
    #[track_caller]
    pub fn finished(&self, job: &str) -> Value {
        let end = Instant::now() + Duration::from_secs(90);
        loop {
            let answer = self.get(&format!("/v1/jobs/{job}"));
            assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
            let view = answer.json();
            if !["queued", "running"].contains(&view["state"].as_str().expect("a state")) {
                return view;
            }
            assert!(Instant::now() < end, "it does not end: {view}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

/// Ends processes at once.
pub fn kill(processes: &[u32]) {
    for process in processes {
        let _ = Command::new("kill").args(["-KILL", &process.to_string()]).status();
    }
}

/// Processes started by one, from the table of processes that Linux keeps.
pub fn children(of: u32) -> Vec<u32> {
    let mut out = Vec::new();
    for entry in fs::read_dir("/proc").expect("Linux").flatten() {
        let Ok(process) = entry.file_name().to_string_lossy().parse::<u32>() else { continue };
        let Ok(status) = fs::read_to_string(entry.path().join("stat")) else { continue };
        let after_name = status.rsplit(')').next().unwrap_or_default();
        if after_name.split_whitespace().nth(1) == Some(&of.to_string()) {
            out.push(process);
        }
    }
    out
}
