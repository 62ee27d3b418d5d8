use super::*;
use crate::expr::Function;
use crate::value::Trouble;
use quickcheck::quickcheck;
use std::cmp::Ordering;

quickcheck! {
    fn an_f64_comes_back(x: f64) -> bool {
        !x.is_finite() || x.abs() < 1e-290
            || Real::from_f64(x).to_f64() == x
    }

    fn exp_undoes_log(digits: u32) -> bool {
        let x = Real::decimal(i64::from(digits) + 1, 3);
        let back =
            x.apply(Function::Log).unwrap().apply(Function::Exp).unwrap();
        let error = back.sub(&x).abs();
        error.sub(&x.shifted(-240)).sign() == Some(Ordering::Less)
    }

    /// Checks that a rational number lies in its ball, even with few bits.
    fn a_fraction_lies_in_its_ball(over: i64, under: i64) -> bool {
        under == 0 || {
            let x = Q::new(over.into(), under.into());
            let coarse = with_bits(64, || Real::rational(&x));
            let fine = with_bits(512, || Real::rational(&x));
            with_bits(512, || coarse.sub(&fine).may_be_zero())
        }
    }
}

/// Checks that the true value lies within the error bound, and that the bound
/// is not too large.
#[test]
fn errors_are_bounded() {
    let big = Real::whole(10).powi(70).unwrap();
    let lost = big.add(&Real::decimal(1, 1)).sub(&big);
    assert!(!lost.may_be_zero() && lost.error() < -20.0);
    let gone = big.mul(&big).add(&Real::decimal(1, 1)).sub(&big.mul(&big));
    assert!(gone.may_be_zero(), "no digit of 0.1 is left");
    let third = Real::whole(1).div(&Real::whole(3)).unwrap();
    let one = third.mul(&Real::whole(3)).sub(&Real::whole(1));
    assert!(one.may_be_zero() && one.error() < -250.0);
    let tiny = Real::whole(10).powi(-60).unwrap();
    assert_eq!(tiny.sign(), Some(Ordering::Greater));
    assert!(Real::whole(1).div(&one).is_err(), "it may be zero");
    // Ten thousand steps cost some digits, not all.
    let mut x = Real::decimal(15, 1);
    for _ in 0..10_000 {
        x = x.mul(&Real::decimal(11, 1)).div(&Real::decimal(11, 1)).unwrap();
    }
    let off = x.sub(&Real::decimal(15, 1));
    assert!(off.may_be_zero() && off.error() < -220.0, "{}", off.error());
}

#[test]
fn what_is_exact_stays_so() {
    let [one, three] = [1, 3].map(Real::whole);
    let zero = three.mul(&three).sub(&Real::whole(9));
    assert!(zero.is_zero() && three.sub(&one).error() == NONE);
    assert!(Real::whole(9).sqrt().unwrap().error() == NONE);
    assert!(one.div(&three).unwrap().error() > -260.0);
    assert!(Real::whole(2).sqrt().unwrap().error() > -260.0);
    assert!(Real::whole(0).mul(&one.div(&three).unwrap()).is_zero());
}

/// Checks that a number too small or too large for the exponents of values is
/// not taken for zero, nor for an undefined value.
#[test]
fn out_of_range_is_unclear() {
    let tiny = |share: f64| {
        let power = -share * RANGE * std::f64::consts::LN_2;
        Real::from_f64(power).apply(Function::Exp)
    };
    assert_eq!(tiny(3.8).unwrap_err(), Trouble::Unclear);
    let tiny = tiny(0.8).unwrap();
    assert_eq!(tiny.sign(), Some(Ordering::Greater));
    for power in [2, 3, 5, 9, 1 << 20] {
        let gone = tiny.powi(power).unwrap();
        assert_eq!(gone.sign(), None, "{power}");
        assert_eq!(gone.mul(&tiny).sign(), None);
        let one = Real::whole(1);
        assert_eq!(one.div(&gone).unwrap_err(), Trouble::Unclear);
        assert_eq!(one.sub(&gone).sign(), None);
        assert!(gone.mul(&Real::whole(0)).is_zero());
        let huge = one.div(&tiny).unwrap().powi(power).unwrap();
        assert_eq!(huge.sign(), None, "{power}");
        assert!(huge.mul(&Real::whole(0)).is_zero());
    }
    assert_eq!(Real::from_f64(f64::INFINITY).sign(), None);
}

/// Checks that a function is unclear on a ball that contains a point where the
/// function has no value, with any number of bits.
#[test]
fn a_ball_that_touches_zero_has_no_value() {
    let third = Real::whole(1).div(&Real::whole(3)).unwrap();
    for power in [-300, -3, 0, 80, 300] {
        let tiny = Real::whole(3).powi(-500).unwrap();
        let some = third.shifted(power);
        for zero in [some.sub(&some), some.add(&tiny).sub(&some)] {
            let unclear = |found: Result<Real, Trouble>| {
                assert_eq!(found.unwrap_err(), Trouble::Unclear);
            };
            assert!(!zero.is_zero() && zero.may_be_zero());
            unclear(zero.sqrt());
            unclear(zero.apply(Function::Log));
            unclear(zero.power(&third));
            unclear(zero.powi(-2));
            unclear(third.div(&zero));
            assert_eq!(zero.abs().sign(), None);
        }
    }
}

/// Checks that an operation without a value is undefined, and that one that may
/// have a value is unclear.
#[test]
fn undefined_and_unclear_are_two() {
    let minus = Real::whole(-1);
    assert!(matches!(minus.sqrt(), Err(Trouble::Undefined(_))));
    let log = minus.apply(Function::Log);
    assert!(matches!(log, Err(Trouble::Undefined(_))));
    let by_zero = Real::whole(1).div(&Real::whole(0));
    assert_eq!(by_zero.unwrap_err(), Trouble::Division);
    let third = Real::whole(1).div(&Real::whole(3)).unwrap();
    let maybe = third.sub(&third);
    assert_eq!(maybe.sqrt().unwrap_err(), Trouble::Unclear);
    assert_eq!(maybe.apply(Function::Log).unwrap_err(), Trouble::Unclear);
    let huge = Real::whole(1 << 60).apply(Function::Exp);
    assert_eq!(huge.unwrap_err(), Trouble::Unclear);
}
