//! Fuzzes random claims: no point refutes a claim that passes, and every
//! counterexample is one.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[allow(dead_code, reason = "no claim is of a number here, or shrunk")]
#[path = "../claims/mod.rs"]
mod claims;

fuzz_target!(|bytes: &[u8]| {
    let claim = claims::Claim::random(bytes);
    let fault = claim.judged().fault;
    let (notation, text) = (claim.notation(), claim.text());
    assert!(fault.is_none(), "{fault:?}\n{notation}{text}");
});
