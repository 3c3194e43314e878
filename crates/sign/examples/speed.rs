//! Times of a B-B signature and of its verification.
//!
//! usage: speed FILE.pdf FIELD KEY.pem CHAIN.pem
#![allow(clippy::disallowed_methods, clippy::expect_used, reason = "a measurement, run by hand")]

use std::env::args;
use std::fs::{read, read_to_string};
use std::time::Instant;

use chrono::DateTime;
use sigill_sign::{Certificate, Context, Entry, Identity, Level, Offline, Policy, sign, verify};

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let arguments: Vec<String> = args().skip(1).collect();
    let [pdf, field, key, chain] = arguments.as_slice() else {
        eprintln!("usage: speed FILE.pdf FIELD KEY.pem CHAIN.pem");
        return;
    };
    let pdf = read(pdf).expect("the PDF");
    let chain = read_to_string(chain).expect("certificates");
    let identity = Identity::from_pem(&read_to_string(key).expect("a key"), &chain, None).expect("an identity");
    let trusted = Certificate::from_pem(&chain).expect("certificates");
    let time = DateTime::from_timestamp(1_795_341_600, 0).expect("a time");
    let context = Context { time, tsa: None, trusted: &trusted, outside: &Offline };
    let entry = Entry { field, ..Entry::default() };
    let signed = || sign(&pdf, &entry, &identity, Level::B, true, &context).expect("signed");
    let file = signed();
    println!("sign   {}", median(|| drop(signed())));
    let policy = Policy { trusted: &trusted, time, outside: None };
    println!("verify {}", median(|| drop(verify(&file, &policy).expect("verified"))));
}

/// Median of many runs.
fn median(mut run: impl FnMut()) -> String {
    let mut times: Vec<f64> = (0..51)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed().as_secs_f64() * 1000.0
        })
        .collect();
    times.sort_by(f64::total_cmp);
    format!("{:.2} ms", times[25])
}
