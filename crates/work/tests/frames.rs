//! What comes over the wire is a frame or an error: never a wait without end, never memory for what was only announced.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]

use std::io::{self, BufReader, ErrorKind, Read};

use sigill_work::frame::{MAX_BYTES, receive, send};

/// Bytes at hand, then the same byte for ever.
struct Endless(Vec<u8>, u8);

impl Read for Endless {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        if self.0.is_empty() {
            to.fill(self.1);
            return Ok(to.len());
        }
        let count = self.0.len().min(to.len());
        to[..count].copy_from_slice(&self.0[..count]);
        self.0.drain(..count);
        Ok(count)
    }
}

fn endless(head: &str, then: u8) -> io::Error {
    receive::<String>(&mut BufReader::new(Endless(head.as_bytes().to_vec(), then))).expect_err("no frame")
}

#[test]
fn frames_come_out_as_they_went_in() {
    let blobs = [vec![], vec![7; 300_000], b"\n{}\n".to_vec()];
    let mut wire = Vec::new();
    send(&mut wire, &"första".to_owned(), &blobs).expect("sent");
    send::<_, &[u8]>(&mut wire, &"andra".to_owned(), &[]).expect("sent");
    // However the bytes are cut on their way.
    for capacity in [1, 7, 1 << 16] {
        let mut from = BufReader::with_capacity(capacity, wire.as_slice());
        let first = receive::<String>(&mut from).expect("read").expect("a frame");
        assert_eq!((first.message.as_str(), first.blobs.as_slice()), ("första", &blobs[..]));
        let second = receive::<String>(&mut from).expect("read").expect("a frame");
        assert_eq!((second.message.as_str(), second.blobs.len()), ("andra", 0));
        assert!(receive::<String>(&mut from).expect("read").is_none());
    }
}

#[test]
fn a_frame_that_is_cut_is_an_error_wherever_the_cut_is() {
    let mut wire = Vec::new();
    send(&mut wire, &"order".to_owned(), &[b"ett".as_slice(), b"andra"]).expect("sent");
    for end in 1..wire.len() {
        let error = receive::<String>(&mut &wire[..end]).expect_err("a cut frame");
        assert_eq!(error.kind(), ErrorKind::UnexpectedEof, "cut at {end}: {error}");
    }
}

#[test]
fn a_head_that_never_ends_is_an_error() {
    assert_eq!(endless("{\"message\":\"", b'x').kind(), ErrorKind::InvalidData);
}

#[test]
fn blobs_beyond_bounds_are_refused_before_they_come() {
    let head = |lengths: &str| format!("{{\"message\":\"x\",\"blobs\":[{lengths}]}}\n");
    for lengths in
        [(MAX_BYTES + 1).to_string(), u64::MAX.to_string(), format!("{MAX_BYTES},1"), format!("{},2", u64::MAX)]
    {
        assert_eq!(endless(&head(&lengths), 0).kind(), ErrorKind::InvalidData, "{lengths}");
    }
    for wrong in ["-1", "1.5", "\"1\"", "null"] {
        assert!(receive::<String>(&mut head(wrong).as_bytes()).is_err(), "{wrong}");
    }
    for wrong in ["x\n", "{}\n", "{\"message\":1,\"blobs\":[]}\n", "{\"message\":\"x\",\"blobs\":[],\"more\":1}\n"] {
        assert!(receive::<String>(&mut wrong.as_bytes()).is_err(), "{wrong}");
    }
}

/// Peak of this process' address space, in bytes.
#[cfg(target_os = "linux")]
fn peak() -> u64 {
    let mut status = String::new();
    let mut file = std::fs::OpenOptions::new().read(true).open("/proc/self/status").expect("Linux");
    file.read_to_string(&mut status).expect("text");
    let line = status.lines().find_map(|l| l.strip_prefix("VmPeak:")).expect("a peak");
    line.trim().trim_end_matches(" kB").parse::<u64>().expect("a number") * 1024
}

#[cfg(target_os = "linux")]
#[test]
fn an_announced_length_takes_no_memory() {
    let before = peak();
    let wire = format!("{{\"message\":\"x\",\"blobs\":[{MAX_BYTES}]}}\nfem b");
    let error = receive::<String>(&mut wire.as_bytes()).expect_err("a cut frame");
    assert_eq!(error.kind(), ErrorKind::UnexpectedEof);
    // Other tests run beside this one, and none of them takes so much.
    assert!(peak() - before < MAX_BYTES / 4, "{} bytes were set aside", peak() - before);
}
