//! The test PKI and its services, files to sign, and where signed files go to be judged.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::{env, fs};

use chrono::{DateTime, Utc};
use sigill_sign::{
    Certificate, Context, Error, ErrorKind, FieldSpec, Identity, Outside, Request, Result, reserve, unreachable,
};

pub const PASSWORD: &str = "hemligt åäö";
/// The clock of the tests.
pub const NOW: &str = "2026-11-22T10:00:00+00:00";
pub const FIELD: &str = "ordforande";

pub fn time(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).expect("a time").to_utc()
}

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the repository")
}

/// Where Python and its packages are, as `cargo xtask test` installs them.
pub fn python() -> Option<PathBuf> {
    let path = root().join("target/tools/python/bin/python");
    if path.exists() {
        return Some(path);
    }
    assert!(!env::var("CI").is_ok_and(|v| v == "true"), "{} is missing: run `cargo xtask test`", path.display());
    eprintln!("!!! SKIPPED: {} is missing: run `cargo xtask test`", path.display());
    None
}

/// The services of the test PKI, running.
pub struct Pki {
    pub folder: PathBuf,
    pub port: u16,
    _server: Child,
}

/// Makes the certificates and starts the services, once. `None` when Python is missing.
pub fn pki() -> Option<&'static Pki> {
    static PKI: OnceLock<Option<Pki>> = OnceLock::new();
    PKI.get_or_init(start).as_ref()
}

fn start() -> Option<Pki> {
    // The test of keys in hardware runs this program again, beside itself: each has certificates that name its own services.
    let part = if std::env::var_os("SOFTHSM2_CONF").is_some() { "-hardware" } else { "" };
    let folder = root().join(format!("target/test-work/pki-{}{part}", env!("CARGO_CRATE_NAME")));
    fs::create_dir_all(&folder).expect("made");
    let mut server = Command::new(python()?)
        .arg(root().join("tests/pki/serve.py"))
        .arg(&folder)
        .arg(NOW)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("started");
    let mut line = String::new();
    BufReader::new(server.stdout.take().expect("piped")).read_line(&mut line).expect("the port");
    Some(Pki { folder, port: line.trim().parse().expect("a port"), _server: server })
}

impl Pki {
    pub fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.folder.join(name)).expect("read")
    }

    pub fn text(&self, name: &str) -> String {
        String::from_utf8(self.read(name)).expect("text")
    }

    pub fn identity(&self, name: &str) -> Identity {
        Identity::from_pem(&self.text(&format!("{name}.key")), &self.text(&format!("{name}.chain.pem")), None)
            .expect("an identity")
    }

    pub fn trusted(&self) -> Vec<Certificate> {
        Certificate::from_pem(&self.text("trust/root.pem")).expect("certificates")
    }

    pub fn tsa(&self) -> String {
        format!("http://127.0.0.1:{}/sigill/tsa/tsa", self.port)
    }
}

/// Plain HTTP to loopback, answered as of a time.
pub struct Http(pub DateTime<Utc>);

impl Outside for Http {
    fn fetch(&self, request: &Request<'_>) -> Result<Vec<u8>> {
        http(request, self.0).map_err(|e| unreachable(request.address, &e))
    }

    fn random(&self) -> Result<[u8; 16]> {
        Ok([7; 16])
    }
}

fn http(request: &Request<'_>, time: DateTime<Utc>) -> std::result::Result<Vec<u8>, String> {
    let rest = request.address.strip_prefix("http://").ok_or("not http")?;
    let (host, path) = rest.split_once('/').ok_or("no path")?;
    let mut stream = TcpStream::connect(host).map_err(|e| e.to_string())?;
    let body = request.body.unwrap_or_default();
    let method = if request.body.is_some() { "POST" } else { "GET" };
    let head = format!(
        "{method} /{path} HTTP/1.0\r\nHost: {host}\r\nX-Time: {}\r\nContent-Length: {}\r\n\r\n",
        time.to_rfc3339(),
        body.len()
    );
    stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body)).map_err(|e| e.to_string())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).map_err(|e| e.to_string())?;
    let at = answer.windows(4).position(|w| w == b"\r\n\r\n").ok_or("no answer")?;
    if !answer.starts_with(b"HTTP/1.0 200") {
        return Err(String::from_utf8_lossy(&answer[..at.min(60)]).into_owned());
    }
    Ok(answer[at + 4..].to_vec())
}

/// A context at a time, with the services of the PKI.
pub fn context<'a>(outside: &'a Http, tsa: &'a str, trusted: &'a [Certificate]) -> Context<'a> {
    Context { time: outside.0, tsa: Some(tsa), trusted, outside }
}

/// A page of the program's own making: PDF/A-2a and PDF/UA-1.
pub fn document() -> Vec<u8> {
    fs::read(root().join("crates/sign/tests/data/forslag.pdf")).expect("read")
}

pub fn specs() -> Vec<FieldSpec> {
    let field = |name: &str, rect| FieldSpec {
        name: name.to_owned(),
        page: 1,
        rect,
        label: format!("Elektronisk underskrift: {name}"),
    };
    vec![field(FIELD, [90.71, 240.16, 289.13, 288.35]), field("justerare", [301.89, 240.16, 500.31, 288.35])]
}

/// The page with two fields.
pub fn reserved() -> Vec<u8> {
    reserve(&document(), &specs()).expect("reserved")
}

/// Keeps a file for veraPDF and the other judges, in the folder that `cargo xtask test` validates.
pub fn keep(name: &str, pdf: &[u8]) -> PathBuf {
    let folder = env::var_os("SIGILL_PDF_DIR").map_or_else(|| root().join("target/test-pdfs"), PathBuf::from);
    let folder = folder.join("sign");
    fs::create_dir_all(&folder).expect("made");
    let path = folder.join(format!("{name}.a-2a+ua-1.pdf"));
    fs::write(&path, pdf).expect("written");
    path
}

/// The kind of error, for comparing.
pub fn failure<T>(result: std::result::Result<T, Error>) -> Option<ErrorKind> {
    result.err().map(|error| error.kind)
}
