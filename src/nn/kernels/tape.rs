//! A tape: what was computed, so that gradients can be found by going back.
//!
//! candle finds gradients by itself, operation by operation; but for each it
//! fills a tensor with zeros, on one thread, and adds the gradient to it. For
//! a network of many cheap operations that is a third of a training step. A
//! tape does the same with less: the first gradient of a value is kept as it
//! came, those after it are added in place, and each is dropped once it was
//! passed on. To candle a whole tape is one operation.
//!
//! `y = f(a, b)` is noted as the kernel `f` with its arguments. Going back over
//! the notes from the last to the first, every value's gradient is complete
//! when it is met, since what it was used for came after it; the chain rule,
//! `∂a += ∂y ∂f/∂a`, hands it on.

use super::Real;
use super::op::{Gradient, Kernel, check, numbers, with_slices};
use super::parts::update_each;
use super::timing::{Pass, note};
use super::value::{Value, has_kernels};
use candle_core::{
    CpuStorage, CustomOp1, DType, Device, Layout, Result, Shape, Tensor,
};
use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

/// A value that was computed on a tape; [`traced`] has an example.
#[derive(Clone, Debug)]
pub struct Traced {
    /// On the CPU, contiguous, and not part of candle's graph.
    tensor: Tensor,
    /// Its place on the tape; none if no gradient passes through it.
    node: Option<usize>,
    tape: Recorder,
}

/// What notes operations; [`traced`] has an example.
#[derive(Clone, Debug)]
pub struct Recorder(Option<Rc<RefCell<Tape>>>);

#[derive(Debug, Default)]
struct Tape {
    nodes: Vec<Node>,
    /// What gradients are for: tensors of candle, and their nodes.
    leaves: Vec<(Tensor, usize)>,
}

enum Node {
    Leaf,
    /// An operation, and the nodes of its arguments.
    Result(Box<dyn Backward>, Vec<Option<usize>>),
}

impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Leaf => "Leaf",
            Self::Result(..) => "Result",
        })
    }
}

/// Calls `f` with a tape; its result, a tensor, is one operation of candle,
/// whose arguments are all that became a leaf. If not `recorded`, no gradient
/// passes through it, and what `f` drops is freed at once.
///
/// # Errors
/// Those of `f`.
///
/// ```
/// use candle_core::{Device, Var};
/// use ddpm::nn::kernels::{traced, upsample_2x};
///
/// let x = Var::new(&[[[[3_f32]]]], &Device::Cpu)?;
/// let y = traced(true, |tape| {
///     let x = tape.leaf(x.as_tensor())?;
///     upsample_2x(&upsample_2x(&x)?)
/// })?;
/// let gradients = y.sum_all()?.backward()?;
/// // Sixteen pixels have its value.
/// let gradient = gradients.get(&x).unwrap().flatten_all()?;
/// assert_eq!(gradient.to_vec1::<f32>()?, [16.0]);
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn traced(
    recorded: bool,
    f: impl FnOnce(&Recorder) -> Result<Traced>,
) -> Result<Tensor> {
    let tape = recorded.then(Default::default);
    let recorder = Recorder(tape.clone());
    let result = f(&recorder)?;
    if !result.tape.is(&recorder) {
        candle_core::bail!("the result is a value of another tape")
    }
    let (Some(tape), Some(node)) = (tape, result.node) else {
        return Ok(result.tensor);
    };
    let tape = tape.take();
    // All leaves as one tensor: candle has no operation of many arguments.
    let leaves = tape.leaves.iter().map(|(leaf, _)| leaf.flatten_all());
    let leaves = Tensor::cat(&leaves.collect::<Result<Vec<_>>>()?, 0)?;
    leaves.apply_op1(Whole { tape, node, result: result.tensor })
}

impl Recorder {
    fn is(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Some(a), Some(b)) => Rc::ptr_eq(a, b),
            (None, None) => true,
            _ => false,
        }
    }

    /// A tensor that is computed with.
    ///
    /// # Errors
    /// If it is not on the CPU, or not of `f32` or `f64` numbers.
    ///
    /// ```
    /// use candle_core::{DType, Device, Tensor};
    /// let x = Tensor::zeros(3, DType::F32, &Device::Cpu)?;
    /// let same = ddpm::nn::kernels::traced(true, |tape| tape.leaf(&x))?;
    /// assert_eq!(same.to_vec1::<f32>()?, [0.0; 3]);
    /// let whole = Tensor::zeros(3, DType::U32, &Device::Cpu)?;
    /// let refused = ddpm::nn::kernels::traced(true, |tape| tape.leaf(&whole));
    /// assert!(refused.is_err());
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn leaf(&self, tensor: &Tensor) -> Result<Traced> {
        if !has_kernels(tensor) {
            let place = (tensor.device().location(), tensor.dtype());
            candle_core::bail!("a tape takes f32 or f64 on the CPU: {place:?}")
        }
        let node = self.0.as_ref().filter(|_| tensor.track_op()).map(|tape| {
            let mut tape = tape.borrow_mut();
            let node = tape.note(Node::Leaf);
            tape.leaves.push((tensor.clone(), node));
            node
        });
        let tensor = tensor.contiguous()?.detach();
        Ok(Traced { tensor, node, tape: self.clone() })
    }
}

impl Value for Traced {
    fn compute<K: Kernel<N>, const N: usize>(
        kernel: K,
        arguments: [&Self; N],
    ) -> Result<Self> {
        check(&kernel, arguments.map(|a| a.tensor.shape()))?;
        if arguments.iter().any(|a| !a.tape.is(&arguments[0].tape)) {
            candle_core::bail!("{} got values of two tapes", K::NAME)
        }
        let tensors = arguments.map(|a| &a.tensor);
        let tensor = match tensors[0].dtype() {
            DType::F64 => forward::<f64, K, N>(&kernel, tensors)?,
            _ => forward::<f32, K, N>(&kernel, tensors)?,
        };
        let recorder = arguments[0].tape.clone();
        let nodes = arguments.map(|a| a.node);
        let needed = nodes.map(|node| node.is_some());
        let node = recorder.0.as_ref().filter(|_| needed.contains(&true));
        let node = node.map(|tape| {
            let arguments = tensors.map(Tensor::clone);
            let applied = Applied { kernel, arguments, needed };
            let node = Node::Result(Box::new(applied), nodes.to_vec());
            tape.borrow_mut().note(node)
        });
        Ok(Self { tensor, node, tape: recorder })
    }

    fn beside(&self, tensor: &Tensor) -> Result<Self> {
        self.tape.leaf(tensor)
    }

    fn shape(&self) -> &Shape {
        self.tensor.shape()
    }
}

fn forward<T: Real, K: Kernel<N>, const N: usize>(
    kernel: &K,
    arguments: [&Tensor; N],
) -> Result<Tensor> {
    let describe = || (kernel.describe(), kernel.flops());
    let y = note(describe, Pass::Forward, || {
        with_slices(arguments, |slices| kernel.forward::<T>(slices))
    })?;
    Tensor::from_vec(y, kernel.result(), &Device::Cpu)
}

/// A kernel and what it was applied to.
struct Applied<K, const N: usize> {
    kernel: K,
    arguments: [Tensor; N],
    needed: [bool; N],
}

/// Numbers that may be those of several values.
type Shared = Arc<CpuStorage>;

/// Passes the gradient of a result on to the arguments.
trait Backward: Send + Sync {
    fn backward(&self, grad: &Shared) -> Result<Vec<Option<Shared>>>;
}

impl<K: Kernel<N>, const N: usize> Backward for Applied<K, N> {
    fn backward(&self, grad: &Shared) -> Result<Vec<Option<Shared>>> {
        match **grad {
            CpuStorage::F64(_) => self.run::<f64>(grad),
            _ => self.run::<f32>(grad),
        }
    }
}

impl<K: Kernel<N>, const N: usize> Applied<K, N> {
    fn run<T: Real>(&self, grad: &Shared) -> Result<Vec<Option<Shared>>> {
        let numbers = T::cpu_storage_as_slice(grad)?;
        let describe = || (self.kernel.describe(), self.kernel.flops());
        let gradients = note(describe, Pass::Backward, || {
            with_slices(self.arguments.each_ref(), |slices| {
                self.kernel.backward(slices, numbers, self.needed)
            })
        })?;
        let pairs = gradients.into_iter().zip(&self.arguments);
        let shared = |(gradient, argument): (Gradient<T>, &Tensor)| {
            let (shared, count) = match gradient {
                Gradient::None => return Ok(None),
                Gradient::Same => (grad.clone(), numbers.len()),
                Gradient::New(new) => {
                    let count = new.len();
                    (Arc::new(T::to_cpu_storage_owned(new)), count)
                }
            };
            let expected = argument.elem_count();
            if count != expected {
                candle_core::bail!(
                    "{} has {count} numbers as the gradient of {expected}",
                    K::NAME
                )
            }
            Ok(Some(shared))
        };
        pairs.map(shared).collect()
    }
}

impl Tape {
    fn note(&mut self, node: Node) -> usize {
        self.nodes.push(node);
        self.nodes.len() - 1
    }

    /// The gradient of each leaf, given that of node `last`.
    fn backward(
        &self,
        last: usize,
        grad: CpuStorage,
    ) -> Result<Vec<Option<Shared>>> {
        let mut gradients = vec![None; self.nodes.len()];
        gradients[last] = Some(Arc::new(grad));
        for (index, node) in self.nodes.iter().enumerate().rev() {
            let Node::Result(operation, arguments) = node else { continue };
            // It is complete, and nobody asks for it again.
            let Some(grad) = gradients[index].take() else { continue };
            let passed_on = operation.backward(&grad)?;
            drop(grad);
            for (argument, new) in arguments.iter().zip(passed_on) {
                if let (Some(argument), Some(new)) = (argument, new) {
                    add(&mut gradients[*argument], new)?;
                }
            }
        }
        let leaves = self.leaves.iter().map(|(_, node)| *node);
        Ok(leaves.map(|node| gradients[node].take()).collect())
    }
}

/// Adds to a gradient, in place unless others share it.
fn add(sum: &mut Option<Shared>, new: Shared) -> Result<()> {
    fn each<T: Real>(sum: &mut [T], new: &[T]) {
        update_each(sum, new, new, |sum, new, _| sum + new);
    }
    let Some(sum) = sum else {
        *sum = Some(new);
        return Ok(());
    };
    match (Arc::make_mut(sum), &*new) {
        (CpuStorage::F32(sum), CpuStorage::F32(new)) => each(sum, new),
        (CpuStorage::F64(sum), CpuStorage::F64(new)) => each(sum, new),
        _ => candle_core::bail!("gradients of two types"),
    }
    Ok(())
}

/// All that a tape holds, as one operation on its leaves.
struct Whole {
    tape: Tape,
    /// The node of the result.
    node: usize,
    result: Tensor,
}

impl CustomOp1 for Whole {
    fn name(&self) -> &'static str {
        "traced"
    }

    fn cpu_fwd(
        &self,
        leaves: &CpuStorage,
        _: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let result = match leaves {
            CpuStorage::F64(_) => storage::<f64>(&self.result)?,
            _ => storage::<f32>(&self.result)?,
        };
        Ok((result, self.result.shape().clone()))
    }

    fn bwd(
        &self,
        leaves: &Tensor,
        _: &Tensor,
        grad: &Tensor,
    ) -> Result<Option<Tensor>> {
        let gradient = match leaves.dtype() {
            DType::F64 => self.run_back::<f64>(grad),
            _ => self.run_back::<f32>(grad),
        };
        gradient.map(Some)
    }
}

impl Whole {
    /// The gradients of all leaves, one after the other.
    fn run_back<T: Real>(&self, grad: &Tensor) -> Result<Tensor> {
        let gradients = self.tape.backward(self.node, storage::<T>(grad)?)?;
        let mut all = vec![];
        for ((leaf, _), gradient) in self.tape.leaves.iter().zip(gradients) {
            let end = all.len() + leaf.elem_count();
            if let Some(gradient) = gradient {
                let range = Some((0, leaf.elem_count()));
                all.extend_from_slice(numbers::<T>(&gradient, range)?);
            }
            all.resize(end, T::zero()); // no gradient is one of zeros
        }
        Tensor::from_vec(all, self.tape.count(), &Device::Cpu)
    }
}

impl Tape {
    /// Numbers in all leaves.
    fn count(&self) -> usize {
        self.leaves.iter().map(|(leaf, _)| leaf.elem_count()).sum()
    }
}

/// A copy of the numbers of a tensor.
fn storage<T: Real>(tensor: &Tensor) -> Result<CpuStorage> {
    let tensor = tensor.contiguous()?;
    with_slices([&tensor], |[numbers]: [&[T]; 1]| T::to_cpu_storage(numbers))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::kernels::add;
    use candle_core::Var;

    fn one() -> Var {
        Var::new(&[1_f32, 2.0], &Device::Cpu).unwrap()
    }

    /// The gradient of a sum is that of both terms: one memory, until one of
    /// them is added to.
    #[test]
    fn every_use_of_a_value_adds_to_its_gradient() {
        let (x, z) = (one(), one());
        let y = traced(true, |tape| {
            let (x, z) = (tape.leaf(&x)?, tape.leaf(&z)?);
            let y = add(&x, &z)?;
            add(&add(&y, &y)?, &x) // 3 x + 2 z
        });
        let gradients = y.unwrap().sum_all().unwrap().backward().unwrap();
        let of = |var| gradients.get(var).unwrap().to_vec1::<f32>().unwrap();
        assert_eq!(of(&x), [3.0; 2]);
        assert_eq!(of(&z), [2.0; 2]);
    }

    #[test]
    fn going_back_twice_is_going_back() {
        let x = one();
        let y = traced(true, |tape| {
            let x = tape.leaf(&x)?;
            add(&x, &add(&x, &x)?)
        });
        let loss = y.unwrap().sum_all().unwrap();
        for _ in 0..2 {
            let gradients = loss.backward().unwrap();
            let gradient = gradients.get(&x).unwrap().to_vec1::<f32>().unwrap();
            assert_eq!(gradient, [3.0; 2]);
        }
    }

    #[test]
    fn what_was_not_used_has_a_gradient_of_zero() {
        let (x, z) = (one(), one());
        let y = traced(true, |tape| {
            let _unused = tape.leaf(&z)?;
            tape.leaf(&x)
        });
        let gradients = y.unwrap().sum_all().unwrap().backward().unwrap();
        let of = |var| gradients.get(var).unwrap().to_vec1::<f32>().unwrap();
        assert_eq!(of(&x), [1.0; 2]);
        assert_eq!(of(&z), [0.0; 2]);
    }

    #[test]
    fn values_of_two_tapes_do_not_mix() {
        let x = one();
        let error = traced(true, |outer| {
            let outside = outer.leaf(&x)?;
            traced(true, |inner| add(&inner.leaf(&x)?, &outside))?;
            Ok(outside)
        });
        let error = error.unwrap_err().to_string();
        assert!(error.contains("add got values of two tapes"), "{error}");
        let error = traced(true, |outer| {
            let outside = outer.leaf(&x)?;
            traced(true, |_| Ok(outside.clone()))?;
            Ok(outside)
        });
        assert!(error.unwrap_err().to_string().contains("another tape"));
    }

    #[test]
    fn what_is_not_recorded_has_no_gradient() {
        let x = one();
        let y = traced(false, |tape| tape.leaf(&x)).unwrap();
        assert!(!y.track_op());
    }
}
