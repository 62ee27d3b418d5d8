//! A tape: a faster backward pass than that of candle.
//!
//! For every input of every operation, candle's backward pass fills a tensor
//! with zeros and adds the gradient to it, on one thread. For a network of many
//! cheap operations that is a third of a training step. A tape keeps the first
//! gradient of a value as it came, adds later ones in place, and frees each as
//! soon as it was passed on.
//!
//! `y = f(a, b)` is recorded as the operation `f` with its inputs. The backward
//! pass visits the records from the last to the first. Before it comes to `y`, it
//! has visited all uses of `y`, so the gradient of `y` is complete. Then the chain
//! rule, `∂a += ∂y ∂f/∂a`, passes it to the inputs.
//!
//! To candle, `y` is a variable: candle knows nothing of its past. So where
//! candle's own operations take `y`, candle's backward pass ends at `y`, and the
//! tape adds the gradient found there. The other way round, a value of candle's own
//! operations is a leaf of the tape. Once its gradient is complete, candle's
//! backward pass continues from it.

use crate::gradient::Grad;
use crate::op::{self, Op};
use candle_core::backprop::GradStore;
use candle_core::{CpuStorage, Result, Tensor, TensorId, Var};
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

thread_local! {
    /// The tape that records on this thread.
    static TAPE: RefCell<Option<Tape>> = const { RefCell::new(None) };
}

/// Calls `f`, which computes a loss, and returns the loss with its gradients by
/// all variables. This replaces `loss.backward()`, and is faster.
///
/// `f` may use candle's own operations as well. A loss of many values counts as
/// their sum, as in candle. Within `f`, only operations on the calling thread gain
/// speed. A tensor that leaves `f` in another way than as the loss has no past: no
/// gradient passes through it. So if `f` calls `value_and_grad` itself, the inner
/// loss and gradients are constants for the outer call.
///
/// # Errors
/// If `f` fails.
///
/// ```
/// use candle_core::{Device, Var};
/// use candle_fused::{upsample_2x, value_and_grad};
///
/// let x = Var::new(&[[[[3_f32]]]], &Device::Cpu)?;
/// let loss = || upsample_2x(&upsample_2x(&x)?)?.sum_all();
/// let (loss, gradients) = value_and_grad(loss)?;
/// assert_eq!(loss.to_scalar::<f32>()?, 48.0);
/// // Sixteen pixels are x.
/// let gradient = gradients.get(&x).unwrap().flatten_all()?;
/// assert_eq!(gradient.to_vec1::<f32>()?, [16.0]);
/// # Ok::<(), candle_core::Error>(())
/// ```
pub fn value_and_grad<E: From<candle_core::Error>>(
    f: impl FnOnce() -> std::result::Result<Tensor, E>,
) -> std::result::Result<(Tensor, GradStore), E> {
    /// The tape that recorded before. It records again in the end, also if `f` fails
    /// or panics. A thread that waits for parts of an operation may take up another
    /// call of this function, so that tapes nest without being asked to.
    struct Outer(Option<Tape>);

    impl Drop for Outer {
        fn drop(&mut self) {
            TAPE.set(self.0.take());
        }
    }

    let _outer = Outer(TAPE.replace(Some(Tape::default())));
    let loss = f()?;
    let tape = TAPE.take().unwrap_or_default();
    let gradients = tape.backward(&loss)?;
    Ok((loss.detach(), gradients))
}

/// Returns whether a tape records on this thread.
pub(crate) fn is_recording() -> bool {
    TAPE.with_borrow(Option::is_some)
}

/// Computes `y = op(inputs)`, records it on the tape of this thread, and returns
/// `y` as a variable.
pub(crate) fn record<O: Op<N>, const N: usize>(
    op: Arc<O>,
    inputs: [&Tensor; N],
    has_kernels: bool,
) -> Result<Tensor> {
    // Without candle's graph: the tape takes its place.
    let values = inputs.map(Tensor::detach);
    let y = if has_kernels {
        op::forward_to_variable(&*op, values.each_ref())?
    } else {
        Var::from_tensor(&op.reference(values.each_ref())?)?.into_inner()
    };
    TAPE.with_borrow_mut(|tape| {
        let Some(tape) = tape else { return };
        let nodes = inputs.map(|input| tape.node(input));
        let needed = nodes.map(|node| node.is_some());
        let call = Box::new(Call { op, inputs: values, needed });
        tape.push(&y, Some((call, nodes.to_vec())));
    });
    Ok(y)
}

/// A recorded call, and the nodes of its inputs; none for an input that needs no
/// gradient.
type Record = (Box<dyn Backward>, Vec<Option<usize>>);

#[derive(Default)]
struct Tape {
    /// All values in the order of their creation, each with its call. A leaf, such
    /// as a parameter, has no call.
    nodes: Vec<(Tensor, Option<Record>)>,
    /// The node of each value.
    index: HashMap<TensorId, usize>,
}

impl Tape {
    fn push(&mut self, value: &Tensor, record: Option<Record>) -> usize {
        self.nodes.push((value.clone(), record));
        *self.index.entry(value.id()).or_insert(self.nodes.len() - 1)
    }

    /// Returns the node of an input, which is the call that computed it or a
    /// leaf. Returns none if no gradient passes through the input.
    fn node(&mut self, input: &Tensor) -> Option<usize> {
        if !input.track_op() {
            return None;
        }
        match self.index.get(&input.id()) {
            Some(&node) => Some(node),
            None => Some(self.push(input, None)),
        }
    }

    /// Returns the gradients of `loss` by all variables that are no values of
    /// this tape.
    fn backward(mut self, loss: &Tensor) -> Result<GradStore> {
        // The last operations may be candle's: their inputs have gradients now.
        let mut store = loss.backward()?;
        let mut gradients: Vec<Option<Grad>> = vec![None; self.nodes.len()];
        // A node is dropped once it was visited, and with it its activations.
        while let Some((value, record)) = self.nodes.pop() {
            let mut gradient = gradients.pop().flatten();
            if let Some(found) = store.remove(&value) {
                add(&mut gradient, Grad::from_tensor(&found)?)?;
            }
            let Some(gradient) = gradient else { continue };
            let Some((call, inputs)) = record else {
                let gradient = gradient.into_tensor(value.shape());
                if value.is_variable() {
                    store.insert(&value, gradient);
                } else {
                    let inner = (value * gradient)?.sum_all()?;
                    store.extend(inner.backward()?)?;
                }
                continue;
            };
            for (input, new) in inputs.iter().zip(call.backward(&gradient)?) {
                if let (Some(input), Some(new)) = (input, new) {
                    add(&mut gradients[*input], new)?;
                }
            }
        }
        Ok(store)
    }
}

fn add(sum: &mut Option<Grad>, new: Grad) -> Result<()> {
    match sum {
        Some(sum) => sum.add(&new),
        none => {
            *none = Some(new);
            Ok(())
        }
    }
}

trait Backward {
    /// Returns the gradient of each input that needs one.
    fn backward(&self, grad: &Grad) -> Result<Vec<Option<Grad>>>;
}

/// An operation and its inputs.
struct Call<O, const N: usize> {
    op: Arc<O>,
    inputs: [Tensor; N],
    needed: [bool; N],
}

impl<O: Op<N>, const N: usize> Backward for Call<O, N> {
    fn backward(&self, grad: &Grad) -> Result<Vec<Option<Grad>>> {
        let (op, inputs) = (&*self.op, self.inputs.each_ref());
        match grad {
            Grad::Tensor(grad) => {
                let gradients =
                    op.reference_backward(inputs, grad, self.needed)?;
                Ok(gradients.map(|g| g.map(Grad::Tensor)).into())
            }
            Grad::Values(values) => {
                let gradients = match &**values {
                    CpuStorage::F64(grad) => {
                        op::backward(op, inputs, grad, self.needed)?
                            .map(|g| Grad::from_kernel(g, values))
                    }
                    CpuStorage::F32(grad) => {
                        op::backward(op, inputs, grad, self.needed)?
                            .map(|g| Grad::from_kernel(g, values))
                    }
                    _ => candle_core::bail!("expected f32 or f64"),
                };
                Ok(gradients.into())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::add;
    use candle_core::{DType, Device};
    use std::sync::atomic::{AtomicU32, Ordering::SeqCst};

    fn var() -> Var {
        Var::new(&[1_f32, 2.0], &Device::Cpu).unwrap()
    }

    fn gradients(loss: impl FnOnce() -> Result<Tensor>) -> GradStore {
        value_and_grad(loss).unwrap().1
    }

    fn gradient(of: &Var, gradients: &GradStore) -> Vec<f32> {
        let gradient = gradients.get(of).unwrap();
        gradient.to_dtype(DType::F32).unwrap().to_vec1().unwrap()
    }

    /// Both inputs of a sum share one gradient, until one is added to.
    #[test]
    fn value_and_grad_adds_the_gradients_of_all_uses() {
        let (x, z) = (var(), var());
        let gradients = gradients(|| {
            let y = add(&x, &z)?;
            add(&add(&y, &y)?, &x) // 3 x + 2 z
        });
        assert_eq!(gradient(&x, &gradients), [3.0; 2]);
        assert_eq!(gradient(&z, &gradients), [2.0; 2]);
        // The values of the tape have none.
        assert_eq!(gradients.get_ids().count(), 2);
    }

    /// Gradients pass through candle's own operations, before the tape, within
    /// it and after it.
    #[test]
    fn value_and_grad_and_operations_of_candle_mix() {
        let x = var();
        let f = || {
            let y = add(&x, &x)?;
            let square = y.sqr()?; // candle's
            add(&add(&square, &y)?, &x) // 4 x² + 3 x
        };
        let after = || (f()? + x.sqr()?)?.sum_all(); // 5 x² + 3 x
        assert_eq!(gradient(&x, &gradients(f)), [11.0, 19.0]);
        assert_eq!(gradient(&x, &gradients(after)), [13.0, 23.0]);
        let before = x.sqr().unwrap();
        let before = || add(&before, &before)?.affine(2.0, 0.0); // 4 x²
        assert_eq!(gradient(&x, &gradients(before)), [8.0, 16.0]);
        let candle = || x.sqr(); // no tape at all
        assert_eq!(gradient(&x, &gradients(candle)), [2.0, 4.0]);
    }

    /// A tape may hold several types, one of which has no kernels.
    #[test]
    fn value_and_grad_passes_types() {
        let x = var();
        for dtype in [DType::F64, DType::BF16] {
            let gradients = gradients(|| {
                let y = add(&x, &x)?.to_dtype(dtype)?;
                add(&add(&y, &y)?, &y)?.to_dtype(DType::F32) // 6 x
            });
            assert_eq!(gradient(&x, &gradients), [6.0; 2]);
        }
    }

    /// The tape returns none, too: a zero would hide that the loss does not
    /// depend on the variable.
    #[test]
    fn an_unused_input_has_no_gradient() {
        let (x, z) = (var(), var());
        let gradients = gradients(|| {
            add(&z, &z)?;
            add(&x, &x)
        });
        assert_eq!(gradient(&x, &gradients), [2.0; 2]);
        assert!(gradients.get(&z).is_none());
    }

    #[test]
    fn what_is_detached_gets_no_gradient() {
        let x = var();
        let gradients = gradients(|| {
            let y = add(&x, &x)?;
            add(&y, &y.detach())
        });
        assert_eq!(gradient(&x, &gradients), [2.0; 2]);
    }

    #[test]
    fn without_variables_nothing_is_recorded() {
        let x = var().detach();
        let (y, _) = value_and_grad(|| add(&x, &x)).unwrap();
        assert!(!y.track_op());
    }

    #[test]
    fn a_tape_ends_with_an_error() {
        let x = var();
        let other = Var::new(&[1_f32], &Device::Cpu).unwrap();
        assert!(value_and_grad(|| add(&x, &other)).is_err());
        assert!(!is_recording());
    }

    #[test]
    fn an_inner_call_is_a_constant_for_the_outer_one() {
        let x = var();
        let outer = gradients(|| {
            let y = add(&x, &x)?;
            let (loss, inner) = value_and_grad(|| add(&x, &add(&x, &x)?))?;
            assert_eq!(gradient(&x, &inner), [3.0; 2]);
            add(&y, &loss)
        });
        assert_eq!(gradient(&x, &outer), [2.0; 2]);
        assert!(!is_recording());
    }

    /// A thread that waits for parts of an operation takes up other work: here, a
    /// second call, within the first one.
    #[test]
    fn a_call_may_run_while_another_one_waits_on_its_thread() {
        let x = var();
        let running = AtomicU32::new(0);
        let call = || {
            let before = running.fetch_add(1, SeqCst);
            let gradients = gradients(|| {
                let y = add(&x, &x)?;
                rayon::yield_now();
                add(&y, &x)
            });
            running.fetch_sub(1, SeqCst);
            (before, gradient(&x, &gradients))
        };
        let pool = rayon::ThreadPoolBuilder::new().num_threads(1);
        let (first, second) = pool.build().unwrap().join(call, call);
        assert_eq!(first, (0, vec![3.0; 2]));
        assert_eq!(second, (1, vec![3.0; 2])); // the first one was waiting
    }
}
