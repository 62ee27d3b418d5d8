//! A tape: a backward pass that does not pay for candle's.
//!
//! For every input of every operation, candle's backward pass fills a tensor
//! with zeros and adds the gradient to it, on one thread. For a network of many
//! cheap operations that is a third of a training step. A tape keeps the first
//! gradient of a value as it came, adds later ones in place, and frees each as
//! soon as it was passed on. To candle, everything that a tape recorded is one
//! operation.
//!
//! `y = f(a, b)` is recorded as the operation `f` with its inputs. The backward
//! pass visits the records from the last to the first. Before it comes to `y`, it
//! has visited all uses of `y`, so the gradient of `y` is complete. Then the chain
//! rule, `∂a += ∂y ∂f/∂a`, passes it to the inputs.

use crate::leaves;
use crate::op::{self, Gradient, Op, to_vec};
use crate::parallel::update_2;
use crate::simd::Float;
use candle_core::{DType, Device, Result, Tensor, TensorId};
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

thread_local! {
    /// The tapes that record on this thread; the innermost is the last.
    static TAPES: RefCell<Vec<Tape>> = const { RefCell::new(vec![]) };
}

/// Calls `f`, and records its operations of this crate as one operation of candle.
/// The backward pass of this operation is faster than candle's.
///
/// Only speed changes. `f` may use candle's own operations as well: gradients
/// pass through them as they do outside, by candle's backward pass. A tape
/// records the calling thread alone.
///
/// # Errors
/// If `f` fails.
///
/// ```
/// use candle_core::{Device, Var};
/// use candle_fused::{upsample_2x, with_tape};
///
/// let x = Var::new(&[[[[3_f32]]]], &Device::Cpu)?;
/// let y = with_tape(|| upsample_2x(&upsample_2x(&x)?))?;
/// let gradients = y.sum_all()?.backward()?;
/// // Sixteen pixels of y are x.
/// let gradient = gradients.get(&x).unwrap().flatten_all()?;
/// assert_eq!(gradient.to_vec1::<f32>()?, [16.0]);
/// # Ok::<(), candle_core::Error>(())
/// ```
pub fn with_tape(f: impl FnOnce() -> Result<Tensor>) -> Result<Tensor> {
    /// Removes the tape, also if `f` panics.
    struct Guard;

    impl Guard {
        fn take() -> Option<Tape> {
            TAPES.with_borrow_mut(Vec::pop)
        }
    }

    impl Drop for Guard {
        fn drop(&mut self) {
            Self::take();
        }
    }

    TAPES.with_borrow_mut(|tapes| tapes.push(Tape::default()));
    let guard = Guard;
    let result = f()?;
    std::mem::forget(guard);
    match Guard::take() {
        Some(tape) => tape.finish(result),
        None => Ok(result),
    }
}

/// Records `y = op(inputs)` on the innermost tape of this thread, if there is
/// one and a gradient can pass through `y`.
pub(crate) fn record<O: Op<N>, const N: usize>(
    op: &Arc<O>,
    inputs: [&Tensor; N],
    y: &Tensor,
) {
    if !y.track_op() {
        return;
    }
    TAPES.with_borrow_mut(|tapes| {
        let Some(tape) = tapes.last_mut() else { return };
        let nodes = inputs.map(|input| tape.node(input));
        let needed = nodes.map(|node| node.is_some());
        let inputs = inputs.map(Tensor::clone);
        let call = Call { op: op.clone(), inputs, needed };
        let node = tape.push(Node::Call(Box::new(call), nodes.to_vec()));
        tape.index.insert(y.id(), node);
    });
}

#[derive(Default)]
struct Tape {
    nodes: Vec<Node>,
    /// The node of each tensor that was recorded.
    index: HashMap<TensorId, usize>,
}

enum Node {
    /// A tensor that was not computed on this tape, such as a parameter.
    Leaf(Tensor),
    /// A recorded call, and the nodes of its inputs; none for an input that
    /// needs no gradient.
    Call(Box<dyn Backward>, Vec<Option<usize>>),
}

impl Tape {
    fn push(&mut self, node: Node) -> usize {
        self.nodes.push(node);
        self.nodes.len() - 1
    }

    /// Returns the node of an input, which is the call that computed it or a
    /// leaf. Returns none if no gradient passes through the input.
    fn node(&mut self, input: &Tensor) -> Option<usize> {
        if !input.track_op() {
            return None;
        }
        if let Some(&node) = self.index.get(&input.id()) {
            return Some(node);
        }
        let node = self.push(Node::Leaf(input.clone()));
        self.index.insert(input.id(), node);
        Some(node)
    }

    /// Makes `result` the output of one operation of candle, whose input is all
    /// leaves that `result` depends on.
    fn finish(mut self, result: Tensor) -> Result<Tensor> {
        let Some(&last) = self.index.get(&result.id()) else {
            return Ok(result);
        };
        let mut reached = vec![false; last + 1];
        reached[last] = true;
        self.nodes.truncate(last + 1);
        for i in (0..=last).rev() {
            if let (true, Node::Call(_, inputs)) = (reached[i], &self.nodes[i])
            {
                inputs.iter().flatten().for_each(|&node| reached[node] = true);
            }
        }
        let leaves: Vec<_> = self
            .nodes
            .iter()
            .zip(&reached)
            .enumerate()
            .filter_map(|(i, (node, &reached))| match node {
                Node::Leaf(leaf) if reached => Some((i, leaf.clone())),
                _ => None,
            })
            .collect();
        let (leaf_nodes, leaves): (Vec<_>, Vec<_>) = leaves.into_iter().unzip();
        let recorded = Recorded { nodes: self.nodes };
        let backward =
            move |grad: &Tensor| recorded.backward(grad, &leaf_nodes);
        leaves::attach(leaves, result, Box::new(backward))
    }
}

/// A gradient that several values may share.
type Shared<T> = Arc<Vec<T>>;

/// The backward pass of a recorded call, for one type of number.
trait BackwardOf<T>: Send + Sync {
    /// Returns the gradient of each input that needs one.
    fn backward(&self, grad: &Shared<T>) -> Result<Vec<Option<Shared<T>>>>;
}

trait Backward: BackwardOf<f32> + BackwardOf<f64> {}

impl<C: BackwardOf<f32> + BackwardOf<f64>> Backward for C {}

/// An operation and its inputs.
struct Call<O, const N: usize> {
    op: Arc<O>,
    inputs: [Tensor; N],
    needed: [bool; N],
}

impl<T: Float, O: Op<N>, const N: usize> BackwardOf<T> for Call<O, N> {
    fn backward(&self, grad: &Shared<T>) -> Result<Vec<Option<Shared<T>>>> {
        let inputs = self.inputs.each_ref();
        let gradients = op::backward(&*self.op, inputs, grad, self.needed)?;
        let share = |gradient| match gradient {
            Gradient::None => None,
            Gradient::Same => Some(grad.clone()),
            Gradient::New(values) => Some(Arc::new(values)),
        };
        Ok(gradients.into_iter().map(share).collect())
    }
}

/// A finished tape; its last node is the result.
struct Recorded {
    nodes: Vec<Node>,
}

impl Recorded {
    /// Returns the gradient of each of the nodes `leaves`, given the gradient of
    /// the result.
    fn backward(&self, grad: &Tensor, leaves: &[usize]) -> Result<Vec<Tensor>> {
        match grad.dtype() {
            DType::F64 => self.backward_of::<f64>(grad, leaves),
            _ => self.backward_of::<f32>(grad, leaves),
        }
    }

    fn backward_of<T: Float>(
        &self,
        grad: &Tensor,
        leaves: &[usize],
    ) -> Result<Vec<Tensor>>
    where
        dyn Backward: BackwardOf<T>,
    {
        let mut gradients: Vec<Option<Shared<T>>> =
            vec![None; self.nodes.len()];
        gradients[self.nodes.len() - 1] = Some(Arc::new(to_vec(grad)?));
        for (i, node) in self.nodes.iter().enumerate().rev() {
            let Node::Call(call, inputs) = node else { continue };
            // This gradient is final: take it.
            let Some(grad) = gradients[i].take() else { continue };
            let passed_on = call.backward(&grad)?;
            drop(grad);
            for (input, new) in inputs.iter().zip(passed_on) {
                let (Some(input), Some(new)) = (input, new) else { continue };
                match &mut gradients[*input] {
                    // In place, unless other values share it.
                    Some(sum) => {
                        let sum = Arc::<Vec<T>>::make_mut(sum);
                        update_2(sum, &new, |sum, x| sum + x);
                    }
                    none => *none = Some(new),
                }
            }
        }
        let gradient = |&node: &usize| {
            let (Some(gradient), Node::Leaf(leaf)) =
                (gradients[node].take(), &self.nodes[node])
            else {
                candle_core::bail!("with_tape: an input got no gradient")
            };
            let gradient = Arc::unwrap_or_clone(gradient);
            Tensor::from_vec(gradient, leaf.shape(), &Device::Cpu)
        };
        leaves.iter().map(gradient).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::add;
    use candle_core::Var;
    use candle_core::backprop::GradStore;

    fn var() -> Var {
        Var::new(&[1_f32, 2.0], &Device::Cpu).unwrap()
    }

    fn backward(y: Result<Tensor>) -> GradStore {
        y.unwrap().sum_all().unwrap().backward().unwrap()
    }

    fn gradient(of: &Var, gradients: &GradStore) -> Vec<f32> {
        gradients.get(of).unwrap().to_vec1().unwrap()
    }

    /// Both inputs of a sum share one gradient, until one is added to.
    #[test]
    fn with_tape_adds_the_gradients_of_all_uses() {
        let (x, z) = (var(), var());
        let gradients = backward(with_tape(|| {
            let y = add(&x, &z)?;
            add(&add(&y, &y)?, &x) // 3 x + 2 z
        }));
        assert_eq!(gradient(&x, &gradients), [3.0; 2]);
        assert_eq!(gradient(&z, &gradients), [2.0; 2]);
    }

    /// Gradients pass through candle's own operations, on the tape and off it.
    #[test]
    fn with_tape_and_operations_of_candle_mix() {
        let x = var();
        let f = || {
            let y = add(&x, &x)?;
            let square = y.sqr()?; // candle's
            add(&add(&square, &y)?, &x) // 4 x² + 3 x
        };
        for y in [with_tape(f), f(), with_tape(|| f()?.affine(1.0, 0.0))] {
            assert_eq!(gradient(&x, &backward(y)), [11.0, 19.0]);
        }
    }

    #[test]
    fn a_tape_within_a_tape_is_one_operation_of_it() {
        let x = var();
        let y = with_tape(|| {
            let y = with_tape(|| add(&x, &x))?;
            add(&y, &x)
        });
        assert_eq!(gradient(&x, &backward(y)), [3.0; 2]);
    }

    #[test]
    fn backward_twice_gives_the_same_gradient() {
        let x = var();
        let y = with_tape(|| add(&x, &add(&x, &x)?));
        let loss = y.unwrap().sum_all().unwrap();
        for _ in 0..2 {
            let gradients = loss.backward().unwrap();
            assert_eq!(gradient(&x, &gradients), [3.0; 2]);
        }
    }

    /// The tape returns none, too: a zero would hide that the output does not
    /// depend on the leaf.
    #[test]
    fn an_unused_input_has_no_gradient() {
        let (x, z) = (var(), var());
        let gradients = backward(with_tape(|| {
            add(&z, &z)?;
            add(&x, &x)
        }));
        assert_eq!(gradient(&x, &gradients), [2.0; 2]);
        assert!(gradients.get(&z).is_none());
    }

    #[test]
    fn without_variables_nothing_is_recorded() {
        let x = var().detach();
        let y = with_tape(|| add(&x, &x)).unwrap();
        assert!(!y.track_op());
    }

    #[test]
    fn a_tape_ends_with_an_error() {
        let x = var();
        let other = Var::new(&[1_f32], &Device::Cpu).unwrap();
        assert!(with_tape(|| add(&x, &other)).is_err());
        assert!(TAPES.with_borrow(Vec::is_empty));
    }
}
