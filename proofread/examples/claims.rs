//! Decides random claims and compares the verdicts with values at points, for a
//! given number of minutes: `cargo run --release -p proofread --example claims
//! -- MINUTES SEED`.
//!
//! Prints each fault with the smallest claim that was found to have it, and
//! exits with 1 if there was a fault.

#[path = "../fuzz/claims/mod.rs"]
mod claims;

use claims::{Claim, Judged};
use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

/// The time after which a claim is reported as slow.
const SLOW: Duration = Duration::from_secs(10);

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let mut number = |or| match arguments.next().map(|text| text.parse()) {
        None => Some(or),
        Some(found) => found.ok(),
    };
    let (Some(minutes), Some(seed)) = (number(1), number(0)) else {
        eprintln!("claims [MINUTES [SEED]], two whole numbers");
        return ExitCode::from(2);
    };
    let end = Instant::now() + Duration::from_secs(60 * minutes);
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    let (mut faults, mut missed, mut seed) = (0, 0, seed);
    while Instant::now() < end {
        let claim = Claim::seeded(seed);
        let words = format!("{}{}", claim.notation(), claim.text());
        let (send, receive) = mpsc::channel();
        // The thread may outlive its time limit, and a panic ends only the
        // thread.
        std::thread::spawn(move || send.send(claim.tried()));
        let mut found = receive.recv_timeout(SLOW);
        if found == Err(RecvTimeoutError::Timeout) {
            println!("== seed {seed}: slow\n{words}");
            let left = end.saturating_duration_since(Instant::now());
            found = receive.recv_timeout(left.min(5 * SLOW));
        }
        let (judged, fault) = match found {
            Ok(found) => found,
            Err(RecvTimeoutError::Timeout) => {
                println!("is left undecided");
                (Judged::new("slow, and left"), None)
            }
            Err(RecvTimeoutError::Disconnected) => {
                let judged = Judged::new("a panic");
                (judged, Some(format!("a panic\n{words}")))
            }
        };
        *counts.entry(judged.status).or_default() += 1;
        missed += u32::from(judged.missed);
        if let Some(fault) = fault {
            faults += 1;
            println!("== seed {seed}: {fault}");
        }
        seed += 1;
    }
    for (status, count) in counts {
        println!("{count:6} {status}");
    }
    println!("{faults} faults; {missed} left open that a point refutes");
    println!("the next seed is {seed}");
    ExitCode::from(u8::from(faults > 0))
}
