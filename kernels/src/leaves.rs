//! A finished tape in candle's graph: one operation with any number of inputs.
//!
//! A custom operation of candle has at most three inputs, and a tape has any number
//! of leaves. So a chain of operations, each with two inputs, carries a token through
//! all leaves. A token is a tensor of one number. With two leaves `a` and `b`:
//!
//! - forward, `token_1 = join(a)`, `token_2 = join(b, token_1)`, and the result of
//!   the tape is an operation of `token_2`;
//! - backward, candle calls the result first. It runs the backward pass of the tape,
//!   stores the gradients of `a` and `b` under a new key, and returns the key as the
//!   "gradient" of `token_2`. The second join finds the gradient of `b` under this
//!   key, and returns the key as the gradient of `token_1`. The first join finds the
//!   gradient of `a`.
//!
//! Each backward pass has its own key, so several can run at once.

use crate::op::to_vec;
use candle_core::{
    CpuStorage, CustomOp1, CustomOp2, DType, Device, Layout, Result, Shape,
    Tensor,
};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Computes the gradients of all leaves from the gradient of the result.
type Backward = dyn Fn(&Tensor) -> Result<Vec<Tensor>> + Send + Sync;

/// Returns a copy of `result` that depends on `leaves` in candle's graph;
/// `backward` computes the gradients of the leaves, in order.
pub(crate) fn attach(
    leaves: Vec<Tensor>,
    result: Tensor,
    backward: Box<Backward>,
) -> Result<Tensor> {
    let deposits = Deposits::default();
    let mut token = Tensor::new(0_f64, &Device::Cpu)?;
    for (index, leaf) in leaves.into_iter().enumerate() {
        let deposits = deposits.clone();
        token = leaf.apply_op2(&token, Join { index, deposits })?;
    }
    token.apply_op1(Whole { result, backward, deposits })
}

/// The gradients of all leaves, for each backward pass that is under way.
#[derive(Clone, Default)]
struct Deposits(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    last_number: u32,
    gradients: HashMap<u32, Vec<Option<Tensor>>>,
}

impl Deposits {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Deposits gradients, and returns their number.
    fn deposit(&self, gradients: Vec<Tensor>) -> f64 {
        let mut state = self.lock();
        state.last_number = state.last_number.wrapping_add(1);
        let number = state.last_number;
        let gradients = gradients.into_iter().map(Some).collect();
        state.gradients.insert(number, gradients);
        f64::from(number)
    }

    /// Collects the gradient of leaf `index`; the first leaf is the last to
    /// come.
    fn collect(&self, number: &Tensor, index: usize) -> Result<Tensor> {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let number = number.to_scalar::<f64>()? as u32; // it came from a u32
        let mut state = self.lock();
        let gradients = state.gradients.get_mut(&number);
        let gradient = gradients.and_then(|all| all[index].take());
        if index == 0 {
            state.gradients.remove(&number);
        }
        gradient.ok_or_else(|| {
            candle_core::Error::Msg(
                "with_tape: the gradient of a tape was used by other \
                 operations than its own"
                    .to_owned(),
            )
        })
    }
}

/// The result of a tape.
struct Whole {
    result: Tensor,
    backward: Box<Backward>,
    deposits: Deposits,
}

impl CustomOp1 for Whole {
    fn name(&self) -> &'static str {
        "with_tape"
    }

    fn cpu_fwd(
        &self,
        _: &CpuStorage,
        _: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let result = &self.result;
        let copy = match result.dtype() {
            DType::F64 => CpuStorage::F64(to_vec(result)?),
            _ => CpuStorage::F32(to_vec(result)?),
        };
        Ok((copy, result.shape().clone()))
    }

    fn bwd(
        &self,
        _: &Tensor,
        _: &Tensor,
        grad: &Tensor,
    ) -> Result<Option<Tensor>> {
        let number = self.deposits.deposit((self.backward)(grad)?);
        Ok(Some(Tensor::new(number, &Device::Cpu)?))
    }
}

/// The token of leaf `index` and the leaves before it.
struct Join {
    index: usize,
    deposits: Deposits,
}

impl CustomOp2 for Join {
    fn name(&self) -> &'static str {
        "with_tape"
    }

    fn cpu_fwd(
        &self,
        _: &CpuStorage,
        _: &Layout,
        _: &CpuStorage,
        _: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        Ok((CpuStorage::F64(vec![0.0]), Shape::from(())))
    }

    fn bwd(
        &self,
        _: &Tensor,
        token: &Tensor,
        _: &Tensor,
        number: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>)> {
        let gradient = self.deposits.collect(number, self.index)?;
        // The token before the first leaf is a constant.
        let number = token.track_op().then(|| number.clone());
        Ok((Some(gradient), number))
    }
}
