//! Named parameters, drawn from a seed.
//!
//! candle's generator cannot be seeded on the CPU. So [`Parameters`] is the backend
//! of candle-nn's `VarBuilder`: parameter `i` of a network is drawn from stream `i`
//! on the CPU, and is the same on every device.

use crate::Error;
use crate::random::{Purpose, stream};
use candle_core::backprop::GradStore;
use candle_core::{DType, Device, Result, Shape, Tensor, Var};
use candle_nn::init::NormalOrUniform;
use candle_nn::var_builder::SimpleBackend;
use candle_nn::{Init, VarBuilder};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The trainable parameters of a network, in the order of their creation.
///
/// ```
/// use candle_core::{DType, Device};
/// use ddpm::nn::{Mlp, MlpConfig, Parameters};
///
/// let parameters = Parameters::new(42, DType::F32, &Device::Cpu);
/// let mlp = Mlp::new(&MlpConfig { dim: 2, width: 64, layers: 3 }, &parameters.builder())?;
/// assert!(parameters.count() > 64 * 64);
/// assert!(parameters.named().iter().any(|(name, _)| name == "linear_out.bias"));
/// assert_eq!(parameters.dtype(), DType::F32);
/// assert!(parameters.device().is_cpu());
/// # Ok::<(), ddpm::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Parameters {
    seed: u64,
    dtype: DType,
    device: Device,
    named: Arc<Mutex<Vec<(String, Var)>>>,
    /// The copy of the library that created the parameters.
    copy: usize,
}

impl Parameters {
    /// Creates an empty set of parameters. A network adds its parameters through
    /// [`builder`](Self::builder).
    ///
    /// ```
    /// use candle_core::{DType, Device};
    /// use ddpm::nn::{Mlp, MlpConfig, Parameters};
    ///
    /// let bias = |seed| -> ddpm::Result<Vec<f32>> {
    ///     let parameters = Parameters::new(seed, DType::F32, &Device::Cpu);
    ///     assert_eq!(parameters.count(), 0);
    ///     Mlp::new(&MlpConfig { dim: 2, width: 8, layers: 1 }, &parameters.builder())?;
    ///     Ok(parameters.named()[1].1.to_vec1()?)
    /// };
    /// assert_eq!(bias(1)?, bias(1)?); // the seed decides
    /// assert_ne!(bias(1)?, bias(2)?);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn new(seed: u64, dtype: DType, device: &Device) -> Self {
        let named = Arc::default();
        let device = device.clone();
        Self { seed, dtype, device, named, copy: this_copy() }
    }

    /// Returns the builder that creates the parameters of a network.
    ///
    /// ```
    /// use candle_core::{DType, Device};
    /// use ddpm::nn::Parameters;
    ///
    /// let parameters = Parameters::new(42, DType::F32, &Device::Cpu);
    /// let layer = parameters.builder().pp("layer");
    /// layer.get((2, 3), "weight")?;
    /// assert_eq!(parameters.named()[0].0, "layer.weight");
    /// assert!(layer.get((2, 3), "weight").is_err()); // a name is used once
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn builder(&self) -> VarBuilder<'static> {
        let backend = Box::new(self.clone());
        VarBuilder::from_backend(backend, self.dtype, self.device.clone())
    }

    /// Returns every parameter with its name.
    ///
    /// ```
    /// use candle_core::{DType, Device, Tensor};
    /// use ddpm::nn::Parameters;
    ///
    /// let parameters = Parameters::new(42, DType::F32, &Device::Cpu);
    /// let x = parameters.builder().get(2, "x")?;
    /// let named = parameters.named();
    /// assert_eq!(named[0].0, "x");
    /// // The network sees what a parameter is set to.
    /// named[0].1.set(&Tensor::new(&[3_f32, 4.0], &Device::Cpu)?)?;
    /// assert_eq!(x.to_vec1::<f32>()?, [3.0, 4.0]);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn named(&self) -> Vec<(String, Var)> {
        self.lock().clone()
    }

    /// Returns the gradient of each parameter, in the order of
    /// [`named`](Self::named).
    ///
    /// # Errors
    /// If a parameter has none, because the loss does not depend on it.
    pub(crate) fn gradients(
        &self,
        store: &GradStore,
    ) -> crate::Result<Vec<Tensor>> {
        let gradient = |(name, var): (String, Var)| {
            let gradient = store.get(&var).map(Tensor::detach);
            gradient.ok_or_else(|| {
                Error::argument("each parameter", "used in `forward`", name)
            })
        };
        self.named().into_iter().map(gradient).collect()
    }

    /// Returns the number of values in all parameters.
    ///
    /// ```
    /// use candle_core::{DType, Device};
    /// use ddpm::nn::Parameters;
    ///
    /// let parameters = Parameters::new(42, DType::F32, &Device::Cpu);
    /// parameters.builder().get((2, 3), "weight")?;
    /// parameters.builder().get(3, "bias")?;
    /// assert_eq!(parameters.count(), 2 * 3 + 3);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn count(&self) -> usize {
        self.lock().iter().map(|(_, var)| var.elem_count()).sum()
    }

    /// Returns the type of the parameters.
    pub fn dtype(&self) -> DType {
        self.dtype
    }

    /// Returns the device of the parameters.
    pub fn device(&self) -> &Device {
        &self.device
    }

    /// Checks that this copy of the library created the parameters.
    ///
    /// candle numbers all tensors, and finds a gradient by the number of its
    /// parameter. The kernel of a notebook links each cell with a new copy of both
    /// libraries, whose numbers start again at 1.
    ///
    /// # Errors
    /// If another copy of the library created the parameters.
    pub(crate) fn check_copy(&self) -> crate::Result<()> {
        if self.copy == this_copy() {
            return Ok(());
        }
        Err(crate::Error::argument(
            "the parameters",
            "made in the cell of the notebook that trains them: each cell has \
             its own copy of candle, which numbers tensors anew",
            "parameters of another cell",
        ))
    }

    /// Locks the list. A panic elsewhere leaves no entry incomplete.
    fn lock(&self) -> MutexGuard<'_, Vec<(String, Var)>> {
        self.named.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns the address of a static, which differs between copies of the library.
fn this_copy() -> usize {
    static ONE: u8 = 0;
    (&raw const ONE).addr()
}

/// Draws parameter `index`, as `f64` on the CPU.
fn draw(seed: u64, index: usize, shape: &Shape, init: Init) -> Result<Tensor> {
    let index = u32::try_from(index)?;
    let mut random = stream(seed, Purpose::Parameter, 0, index);
    let mut value = || match init {
        Init::Const(value) => value,
        Init::Randn { mean, stdev } => mean + stdev * random.normal(),
        Init::Uniform { lo, up } => lo + (up - lo) * random.uniform(),
        Init::Kaiming { dist, fan, non_linearity } => {
            let fan_in = fan.for_shape(shape) as f64;
            let std = non_linearity.gain() / fan_in.sqrt();
            match dist {
                NormalOrUniform::Normal => std * random.normal(),
                NormalOrUniform::Uniform => {
                    3_f64.sqrt() * std * (2.0 * random.uniform() - 1.0)
                }
            }
        }
    };
    let values: Vec<f64> = (0..shape.elem_count()).map(|_| value()).collect();
    Tensor::from_vec(values, shape, &Device::Cpu)
}

impl SimpleBackend for Parameters {
    fn get(
        &self,
        shape: Shape,
        name: &str,
        init: Init,
        dtype: DType,
        device: &Device,
    ) -> Result<Tensor> {
        self.check_copy().map_err(candle_core::Error::wrap)?;
        let mut named = self.lock();
        if named.iter().any(|(known, _)| known == name) {
            candle_core::bail!("two parameters are called {name}")
        }
        let values = draw(self.seed, named.len(), &shape, init)?;
        let var =
            Var::from_tensor(&values.to_dtype(dtype)?.to_device(device)?)?;
        let tensor = var.as_tensor().clone();
        named.push((name.to_owned(), var));
        Ok(tensor)
    }

    fn get_unchecked(
        &self,
        name: &str,
        _: DType,
        _: &Device,
    ) -> Result<Tensor> {
        candle_core::bail!("{name} needs a shape")
    }

    fn contains_tensor(&self, name: &str) -> bool {
        self.lock().iter().any(|(known, _)| known == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(seed: u64, init: Init) -> Vec<f32> {
        let parameters = Parameters::new(seed, DType::F32, &Device::Cpu);
        let builder = parameters.builder();
        builder.get_with_hints(3, "first", Init::Const(7.0)).unwrap();
        let tensor = builder.get_with_hints((100, 50), "second", init).unwrap();
        tensor.flatten_all().unwrap().to_vec1().unwrap()
    }

    #[test]
    fn parameters_of_another_copy_are_refused() {
        let mut parameters = Parameters::new(0, DType::F32, &Device::Cpu);
        parameters.builder().get(2, "ours").unwrap();
        parameters.check_copy().unwrap();
        parameters.copy += 1;
        assert!(parameters.check_copy().is_err());
        let error = parameters.builder().get(2, "theirs").unwrap_err();
        assert!(error.to_string().contains("of another cell"), "{error}");
    }

    #[test]
    fn the_seed_decides() {
        let init = Init::Randn { mean: 0.0, stdev: 1.0 };
        assert_eq!(values(1, init), values(1, init));
        assert_ne!(values(1, init), values(2, init));
    }

    #[test]
    fn every_init_has_its_spread() {
        let variance = |init| {
            let values = values(1, init);
            values.iter().map(|x| x * x).sum::<f32>() / values.len() as f32
        };
        // 5,000 draws: the sample variance of a normal is good to 2 %.
        for (init, expected) in [
            (Init::Const(3.0), 9.0),
            (Init::Randn { mean: 0.0, stdev: 2.0 }, 4.0),
            (Init::Uniform { lo: -1.0, up: 1.0 }, 1.0 / 3.0),
            (candle_nn::init::DEFAULT_KAIMING_NORMAL, 2.0 / 50.0),
            (candle_nn::init::DEFAULT_KAIMING_UNIFORM, 2.0 / 50.0),
        ] {
            let ratio = variance(init) / expected;
            assert!((ratio - 1.0).abs() < 0.1, "{init:?}: {ratio}");
        }
    }

    #[test]
    fn a_name_is_given_once() {
        let parameters = Parameters::new(1, DType::F32, &Device::Cpu);
        let builder = parameters.builder();
        builder.get(3, "bias").unwrap();
        assert!(builder.get(3, "bias").is_err());
        assert_eq!(parameters.count(), 3);
    }
}
