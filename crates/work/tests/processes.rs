//! Workers as real processes: limits, deaths, and what is left when their owner is gone. This program is the worker too.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use sigill_work::{
    Environment, Errors, Failure, Frame, Handler, Limits, Pool, Program, Protocol, Spec, Worker, in_parallel,
};

struct Speech;

#[derive(Serialize, Deserialize)]
enum Order {
    /// Gives the blobs back, after so many messages of progress.
    Echo(usize),
    /// Tells its process number.
    Who,
    /// Uses its processor for ever.
    Spin,
    /// Takes memory for ever.
    Grow,
    /// Does nothing for ever.
    Sleep,
    /// Has a worker of its own sleep; tells the process numbers of both first.
    Nest,
}

impl Protocol for Speech {
    type Settings = String;
    type Order = Order;
    type Progress = Vec<u32>;
    type Answer = String;
}

struct Echo(String);

impl Handler<Speech> for Echo {
    fn carry_out(&mut self, order: Order, blobs: Vec<Vec<u8>>, progress: &(dyn Fn(Vec<u32>) + Sync)) -> Frame<String> {
        let own = std::process::id();
        match order {
            Order::Echo(count) => {
                for number in 0..count {
                    progress(vec![u32::try_from(number).expect("a number"); 200]);
                }
                return Frame { message: self.0.clone(), blobs };
            }
            Order::Who => {}
            Order::Spin => loop {
                std::hint::spin_loop();
            },
            Order::Grow => {
                let mut taken = Vec::new();
                loop {
                    taken.push(vec![1u8; 1 << 20]);
                }
            }
            Order::Sleep => loop {
                std::thread::sleep(Duration::from_secs(1000));
            },
            Order::Nest => {
                let mut inner = Worker::<Speech>::start(&spec()).expect("started");
                let who = inner.order::<&[u8]>(&Order::Who, &[], Limits::default(), &mut |_| ()).expect("an answer");
                progress(vec![own, who.message.parse().expect("a number")]);
                let _ = inner.order::<&[u8]>(&Order::Sleep, &[], Limits::default(), &mut |_| ());
            }
        }
        Frame::bare(own.to_string())
    }
}

fn spec() -> Spec<Speech> {
    let path = std::env::current_exe().expect("this program");
    let arguments = vec!["worker".into()];
    let program =
        Program { path, arguments, environment: Environment::Cleared, one_thread: true, errors: Errors::Dropped };
    Spec { program, memory: Some(4 << 30), settings: Arc::new("hej".to_owned()) }
}

/// A worker that says what a shell script says.
fn scripted(script: &str) -> Spec<Speech> {
    let arguments = vec!["-c".into(), script.into()];
    let mut spec = spec();
    spec.program = Program { path: "/bin/sh".into(), arguments, ..spec.program };
    spec
}

fn lives(process: u32) -> bool {
    // One that nobody has waited for is as dead as can be.
    let status =
        std::io::BufReader::new(match std::fs::OpenOptions::new().read(true).open(format!("/proc/{process}/stat")) {
            Ok(file) => file,
            Err(_) => return false,
        });
    let line = status.lines().next().and_then(Result::ok).unwrap_or_default();
    line.rsplit(')').next().is_some_and(|rest| !rest.trim_start().starts_with(['Z', 'X']))
}

#[track_caller]
fn gone(processes: &[u32]) {
    let end = Instant::now() + Duration::from_secs(10);
    while processes.iter().any(|p| lives(*p)) {
        assert!(Instant::now() < end, "{processes:?} live on");
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn kill(process: u32) {
    assert!(Command::new("kill").args(["-KILL", &process.to_string()]).status().expect("kill").success());
}

fn ask(worker: &mut Worker<Speech>, order: &Order, limits: Limits) -> Result<Frame<String>, Failure> {
    worker.order::<&[u8]>(order, &[], limits, &mut |_| ())
}

/// Full pipes both ways: an order, progress and an answer, each far larger than a pipe.
fn large_orders_and_answers_do_not_wait_for_each_other() {
    let mut worker = Worker::start(&spec()).expect("started");
    let blobs = [vec![1u8; 30 << 20], vec![2; 5]];
    for _ in 0..3 {
        let mut heard = 0;
        let answer =
            worker.order(&Order::Echo(2000), &blobs, Limits::default(), &mut |_| heard += 1).expect("an answer");
        assert_eq!((answer.message.as_str(), heard), ("hej", 2000));
        assert!(answer.blobs == blobs);
    }
    assert_eq!(worker.orders(), 3);
}

fn limits_end_a_worker() {
    let spec = spec();
    let began = Instant::now();
    let mut worker = Worker::start(&spec).expect("started");
    let spun = ask(&mut worker, &Order::Spin, Limits { processor: Some(1), time: None });
    assert!(matches!(spun, Err(Failure::Died(_))), "{spun:?}");
    let mut worker = Worker::start(&Spec { memory: Some(1 << 30), ..spec.clone() }).expect("started");
    let grown = ask(&mut worker, &Order::Grow, Limits::default());
    assert!(matches!(grown, Err(Failure::Died(_))), "{grown:?}");
    let mut worker = Worker::start(&spec).expect("started");
    let slept = ask(&mut worker, &Order::Sleep, Limits { time: Some(Duration::from_millis(300)), processor: None });
    assert!(matches!(slept, Err(Failure::Late)), "{slept:?}");
    assert!(began.elapsed() < Duration::from_secs(30), "{:?}", began.elapsed());
}

/// The limit is each order's, not the process'.
fn processor_time_is_counted_anew_for_each_order() {
    let mut worker = Worker::start(&spec()).expect("started");
    for _ in 0..4 {
        let limits = Limits { processor: Some(2), time: None };
        ask(&mut worker, &Order::Echo(20_000), limits).expect("an answer");
    }
}

fn what_is_no_answer_is_an_error_and_the_worker_ends() {
    let late = Limits { time: Some(Duration::from_secs(20)), processor: None };
    for (script, frame) in [
        ("echo hej; exec cat", true),
        ("exec yes | tr -d '\\n'", true),
        ("printf '{\"message\":{\"answer\":\"x\"},\"blobs\":[99999999999999]}\\n'; exec cat /dev/zero", true),
        ("printf '{\"message\":{\"answer\":\"x\"},\"blobs\":[100]}\\nhalva'; exit", false),
        ("printf '{\"message\":'; exit", false),
        ("exit 3", false),
    ] {
        let mut worker = Worker::start(&scripted(script)).expect("started");
        let answer = ask(&mut worker, &Order::Who, late);
        let as_wanted =
            if frame { matches!(answer, Err(Failure::Frame(_))) } else { matches!(answer, Err(Failure::Died(_))) };
        assert!(as_wanted, "{script}: {answer:?}");
    }
    // One that says half and then nothing, and one that does not even take its order.
    let blob = vec![0u8; 10 << 20];
    for script in
        ["printf '{\"message\":{\"answer\":\"x\"},\"blobs\":[100]}\\nhalva'; exec sleep 1000", "exec sleep 1000"]
    {
        let mut worker = Worker::start(&scripted(script)).expect("started");
        let limits = Limits { time: Some(Duration::from_millis(500)), processor: None };
        let answer = worker.order(&Order::Who, std::slice::from_ref(&blob), limits, &mut |_| ());
        assert!(matches!(answer, Err(Failure::Late)), "{script}: {answer:?}");
    }
}

fn a_pool_uses_workers_again_and_replaces_them() {
    let pool = Pool::new(spec(), 3);
    let who = || {
        let answer = pool.run::<&[u8]>(&Order::Who, &[], Limits::default(), &mut |_| ()).expect("an answer");
        answer.message.parse::<u32>().expect("a number")
    };
    let first = [who(), who(), who()];
    assert!(first[0] == first[1] && first[1] == first[2], "{first:?}");
    let second = who();
    assert_ne!(second, first[0], "it was to end after three orders");
    gone(&first[..1]);
    // Dead while it rests: nobody is told.
    kill(second);
    let third = who();
    assert_ne!(third, second);
    drop(pool);
    gone(&[third]);
    let jobs: Vec<usize> = (0..20).collect();
    let mut told = Vec::new();
    let slow = |job: &usize| {
        std::thread::sleep(Duration::from_millis(if job.is_multiple_of(3) { 20 } else { 1 }));
        *job
    };
    in_parallel(&jobs, 4, slow, |job| told.push(job));
    assert_eq!(told, jobs, "in the order of the jobs");
}

fn a_worker_that_is_ended_takes_its_own_workers_with_it() {
    let mut worker = Worker::start(&spec()).expect("started");
    let mut both = Vec::new();
    let limits = Limits { time: Some(Duration::from_secs(2)), processor: None };
    let nested = worker.order::<&[u8]>(&Order::Nest, &[], limits, &mut |processes| both = processes);
    assert!(matches!(nested, Err(Failure::Late)), "{nested:?}");
    assert_eq!(both.len(), 2);
    gone(&both);
}

fn a_killed_owner_leaves_no_worker_and_none_of_theirs() {
    let mut owner = Command::new(std::env::current_exe().expect("this program"))
        .arg("owner")
        .stdout(Stdio::piped())
        .spawn()
        .expect("started");
    let mut line = String::new();
    BufReader::new(owner.stdout.take().expect("piped")).read_line(&mut line).expect("a line");
    let processes: Vec<u32> = line.split_whitespace().map(|n| n.parse().expect("a number")).collect();
    assert!(processes.len() == 2 && processes.iter().all(|p| lives(*p)), "{line}");
    kill(owner.id());
    owner.wait().expect("gone");
    gone(&processes);
}

/// Orders something that never ends, and tells which processes do it.
fn owner() {
    let mut worker = Worker::start(&spec()).expect("started");
    let mut tell = |processes: Vec<u32>| {
        let mut out = std::io::stdout().lock();
        writeln!(out, "{} {}", processes[0], processes[1]).and_then(|()| out.flush()).expect("told");
    };
    let _ = worker.order::<&[u8]>(&Order::Nest, &[], Limits::default(), &mut tell);
}

fn main() {
    match std::env::args().nth(1).as_deref() {
        Some("worker") => return sigill_work::serve::<Speech, _>(Echo).expect("served"),
        Some("owner") => return owner(),
        _ => {}
    }
    if !Path::new("/proc/self").exists() {
        return;
    }
    let tests: [(&str, fn()); 7] = [
        ("large_orders_and_answers_do_not_wait_for_each_other", large_orders_and_answers_do_not_wait_for_each_other),
        ("limits_end_a_worker", limits_end_a_worker),
        ("processor_time_is_counted_anew_for_each_order", processor_time_is_counted_anew_for_each_order),
        ("what_is_no_answer_is_an_error_and_the_worker_ends", what_is_no_answer_is_an_error_and_the_worker_ends),
        ("a_pool_uses_workers_again_and_replaces_them", a_pool_uses_workers_again_and_replaces_them),
        ("a_worker_that_is_ended_takes_its_own_workers_with_it", a_worker_that_is_ended_takes_its_own_workers_with_it),
        ("a_killed_owner_leaves_no_worker_and_none_of_theirs", a_killed_owner_leaves_no_worker_and_none_of_theirs),
    ];
    for (name, test) in tests {
        test();
        writeln!(std::io::stdout(), "test {name} ... ok").expect("told");
    }
}
