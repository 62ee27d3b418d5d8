//! Some random claims, decided and held against values at points; the
//! same for hours: `fuzz/run`.

#[path = "../fuzz/claims/mod.rs"]
mod claims;

use claims::Claim;

/// No pass is refuted by a point, and no counterexample is none; and the
/// claims are such that there are many of both.
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
    // What a plain point refutes is hardly ever left open.
    assert!(missed < 10, "{missed}");
    assert!(passes > 20 && refuted > 50, "{passes}, {refuted}");
}
