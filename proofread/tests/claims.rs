//! Random claims, whose verdicts are compared with values at points. `fuzz/run`
//! does the same for longer.

#[path = "../fuzz/claims/mod.rs"]
mod claims;

use claims::Claim;

/// No point refutes a claim that passes, every counterexample is one, and the
/// claims contain many of both.
#[test]
fn verdicts_agree_with_values_at_points() {
    let (mut passes, mut refuted, mut missed) = (0, 0, 0);
    for seed in 0..150 {
        let (judged, fault) = Claim::seeded(seed).tried();
        if let Some(fault) = fault {
            panic!("{seed}: {fault}");
        }
        missed += u32::from(judged.missed);
        match judged.status.as_str() {
            "exact" | "certified" => passes += 1,
            "false" => refuted += 1,
            _ => {}
        }
    }
    // Nearly every claim that a simple point refutes is decided.
    assert!(missed < 10, "{missed}");
    assert!(passes > 20 && refuted > 50, "{passes}, {refuted}");
}
