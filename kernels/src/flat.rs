//! Many variables as one tensor, for updates.
//!
//! An optimiser's step takes a dozen operations for each variable, and on a GPU
//! every operation is a launch. As one tensor all variables take a dozen in all.

use candle_core::{Result, Tensor, Var};

/// Variables whose values, one after the other, are one tensor `(n)`.
///
/// ```
/// use candle_core::{DType, Device, Var};
/// use candle_fused::{Adam, Flat};
///
/// let weight = Var::zeros((2, 3), DType::F32, &Device::Cpu)?;
/// let bias = Var::zeros(2, DType::F32, &Device::Cpu)?;
/// let flat = Flat::new(vec![weight.clone(), bias.clone()])?;
///
/// let theta = Var::from_tensor(&flat.values()?)?; // (8)
/// let (m, v) = (theta.zeros_like()?, theta.zeros_like()?);
/// let (m, v) = (Var::from_tensor(&m)?, Var::from_tensor(&v)?);
/// // One update for both variables.
/// let gradients = flat.join(&[weight.ones_like()?, bias.ones_like()?])?;
/// Adam::default().step(&theta, (&m, &v), &gradients, 1, 0.5)?;
/// flat.set(&theta)?;
/// assert_eq!(bias.to_vec1::<f32>()?, [-0.5, -0.5]);
/// # Ok::<(), candle_core::Error>(())
/// ```
#[derive(Debug)]
pub struct Flat {
    vars: Vec<Var>,
    /// The values of each variable as `(n_i)`, in the variable's memory.
    values: Vec<Tensor>,
}

impl Flat {
    /// Creates the view of variables of one type, on one device.
    ///
    /// # Errors
    /// If there are none.
    pub fn new(vars: Vec<Var>) -> Result<Self> {
        if vars.is_empty() {
            candle_core::bail!("Flat: there is no variable")
        }
        let values = |var: &Var| var.as_detached_tensor().flatten_all();
        let values = vars.iter().map(values).collect::<Result<_>>()?;
        Ok(Self { vars, values })
    }

    /// Returns the variables.
    pub fn vars(&self) -> &[Var] {
        &self.vars
    }

    /// Returns a copy of all values, `(n)`.
    ///
    /// # Errors
    /// If the device fails.
    pub fn values(&self) -> Result<Tensor> {
        match &self.values[..] {
            [one] => one.copy(), // `cat` would share its memory
            many => Tensor::cat(many, 0),
        }
    }

    /// Sets all variables to `values` `(n)`.
    ///
    /// # Errors
    /// If the length or type differs.
    pub fn set(&self, values: &Tensor) -> Result<()> {
        let pieces = self.pieces(&values.detach())?;
        let pairs = self.values.iter().zip(&pieces);
        pairs.into_iter().try_for_each(|(to, from)| to.slice_set(from, 0, 0))
    }

    /// Returns a tensor for each variable, such as its gradient, as one tensor `(n)`.
    ///
    /// # Errors
    /// If there is not one tensor for each variable, of its shape.
    pub fn join(&self, tensors: &[Tensor]) -> Result<Tensor> {
        let (count, got) = (self.vars.len(), tensors.len());
        if got != count {
            candle_core::bail!("Flat: {got} tensors for {count} variables")
        }
        let mut flat = Vec::with_capacity(count);
        for (i, (tensor, var)) in tensors.iter().zip(&self.vars).enumerate() {
            let (got, shape) = (tensor.dims(), var.dims());
            if got != shape {
                candle_core::bail!(
                    "Flat: tensor {i} has shape {got:?}, and its variable {shape:?}"
                )
            }
            flat.push(tensor.flatten_all()?);
        }
        Tensor::cat(&flat, 0)
    }

    /// Returns the parts of `values` `(n)` in the shapes of the variables: the inverse
    /// of [`join`](Self::join). The parts share the memory of `values`.
    ///
    /// # Errors
    /// If the length differs.
    pub fn split(&self, values: &Tensor) -> Result<Vec<Tensor>> {
        let parts = self.vars.iter().zip(self.pieces(values)?);
        parts.map(|(var, piece)| piece.reshape(var.shape())).collect()
    }

    /// Returns the values of each variable, `(n_i)`, in the memory of `values`.
    fn pieces(&self, values: &Tensor) -> Result<Vec<Tensor>> {
        let counts = self.values.iter().map(Tensor::elem_count);
        let count: usize = counts.clone().sum();
        if values.dims() != [count] {
            let got = values.dims();
            candle_core::bail!("Flat: {got:?} values for {count}")
        }
        let mut first = 0;
        let piece = |count| {
            let piece = values.narrow(0, first, count);
            first += count;
            piece
        };
        counts.map(piece).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Random, assert_close};

    #[test]
    fn flat_joins_splits_and_sets() {
        let mut random = Random::new(1);
        let shapes: [&[usize]; 3] = [&[2, 3], &[4], &[1, 2, 2]];
        let tensors = shapes.map(|shape| random.tensor(shape));
        let vars = tensors.each_ref().map(|tensor| {
            Var::zeros(tensor.shape(), tensor.dtype(), tensor.device()).unwrap()
        });
        let flat = Flat::new(vars.to_vec()).unwrap();
        let joined = flat.join(&tensors).unwrap();
        assert_eq!(joined.dims(), [14]);
        for (part, tensor) in flat.split(&joined).unwrap().iter().zip(&tensors)
        {
            assert_close(part, tensor, 0.0);
        }
        let before = flat.values().unwrap();
        flat.set(&joined).unwrap();
        for (var, tensor) in vars.iter().zip(&tensors) {
            assert_close(var, tensor, 0.0);
        }
        assert_close(&flat.values().unwrap(), &joined, 0.0);
        assert_close(&before, &joined.zeros_like().unwrap(), 0.0); // a copy
    }

    #[test]
    fn flat_refuses_what_does_not_fit() {
        let mut random = Random::new(2);
        let var =
            |shape| Var::from_tensor(&Random::new(1).tensor(shape)).unwrap();
        let flat = Flat::new(vec![var((2, 3)), var((3, 2))]).unwrap();
        let [a, b] = [(2, 3), (3, 2)].map(|shape| random.tensor(shape));
        assert!(flat.join(std::slice::from_ref(&a)).is_err());
        let error = flat.join(&[b, a]).unwrap_err().to_string();
        assert!(error.contains("tensor 0 has shape [3, 2]"), "{error}");
        assert!(flat.set(&random.tensor(11)).is_err());
        assert!(flat.set(&random.tensor(13)).is_err());
        assert!(flat.split(&random.tensor(13)).is_err());
        assert!(Flat::new(vec![]).is_err());
    }
}
