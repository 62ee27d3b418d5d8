//! The optimiser: parameters with their groups and state, and one step.

use super::{ParamGroups, Role, UpdateRule};
use crate::nn::Parameters;
use crate::{Error, Result};
use candle_core::{Tensor, Var};
use candle_fused::Flat;

/// Updates all parameters of a network, each by the rule of its group.
///
/// ```
/// use candle_core::{DType, Device};
/// use ddpm::nn::Parameters;
/// use ddpm::optim::{Optimizer, ParamGroups};
///
/// let parameters = Parameters::new(0, DType::F64, &Device::Cpu);
/// let x = parameters.builder().get(1, "x")?; // starts at 0
/// let mut optimizer = Optimizer::new(&parameters, &ParamGroups::default())?;
/// for _ in 0..200 {
///     let loss = (&x - 3.0)?.sqr()?.sum_all()?;
///     let gradient = loss.backward()?.get(&x).unwrap().clone();
///     optimizer.step(&[gradient], 0.1)?;
/// }
/// assert_eq!(optimizer.steps(), 200);
/// assert!((x.to_vec1::<f64>()?[0] - 3.0).abs() < 0.01);
/// # Ok::<(), ddpm::Error>(())
/// ```
#[derive(Debug)]
pub struct Optimizer {
    names: Vec<String>,
    groups: Vec<Group>,
    steps: u32,
}

/// The parameters that one rule updates, with their state.
#[derive(Debug)]
struct Group {
    rule: UpdateRule,
    /// The numbers of the parameters in [`Parameters::named`].
    indices: Vec<usize>,
    theta: Flat,
    /// The variables `(n)` that [`state_names`] lists.
    state: Vec<Var>,
}

/// Returns the names of an update rule's variables in a checkpoint.
fn state_names(rule: UpdateRule) -> &'static [&'static str] {
    match rule {
        UpdateRule::Adam(_) => &["adam_m", "adam_v"],
        UpdateRule::Muon(_) => &["muon_m"],
    }
}

impl Group {
    fn step(&self, grad: &Tensor, step: u32, rate: f64) -> Result<()> {
        let (theta, state) = (&self.theta, &self.state);
        match self.rule {
            UpdateRule::Adam(adam) => {
                let values = Var::from_tensor(&theta.values()?)?;
                let moments = (&state[0], &state[1]);
                adam.step(&values, moments, grad, step, rate)?;
                theta.set(&values)?;
            }
            UpdateRule::Muon(muon) => {
                muon.step(theta, &state[0], grad, rate)?;
            }
        }
        Ok(())
    }
}

impl Optimizer {
    /// Creates an optimiser of all parameters that `parameters` has now, with
    /// all state at 0.
    ///
    /// # Errors
    /// If an option is out of range, Muon is asked to update a parameter that is
    /// not a matrix, or the device fails.
    ///
    /// ```
    /// use candle_core::{DType, Device};
    /// use ddpm::nn::Parameters;
    /// use ddpm::optim::{Muon, Optimizer, ParamGroups, UpdateRule};
    ///
    /// let parameters = Parameters::new(0, DType::F32, &Device::Cpu);
    /// parameters.builder().get(3, "weight")?; // a vector
    /// let hidden = UpdateRule::Muon(Muon::default());
    /// let groups = ParamGroups { hidden, ..ParamGroups::default() };
    /// let error = Optimizer::new(&parameters, &groups).unwrap_err();
    /// assert!(error.to_string().contains("weight"));
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn new(parameters: &Parameters, groups: &ParamGroups) -> Result<Self> {
        groups.check()?;
        let (names, vars): (Vec<_>, Vec<_>) =
            parameters.named().into_iter().unzip();
        let mut rules: Vec<(UpdateRule, Vec<usize>)> = vec![];
        for (i, (name, var)) in names.iter().zip(&vars).enumerate() {
            let rule = groups.rule(Role::of(name));
            Error::require(
                matches!(rule, UpdateRule::Adam(_)) || var.rank() >= 2,
                "a parameter that Muon updates",
                "a matrix or the weight of a convolution",
                format_args!("{name} of shape {:?}", var.dims()),
            )?;
            match rules.iter_mut().find(|(known, _)| *known == rule) {
                Some((_, indices)) => indices.push(i),
                None => rules.push((rule, vec![i])),
            }
        }
        let group = |(rule, indices): (_, Vec<usize>)| {
            let vars = indices.iter().map(|&i| vars[i].clone());
            let theta = Flat::new(vars.collect())?;
            let zeros = theta.values()?.zeros_like()?;
            let state = state_names(rule).iter();
            let state = state.map(|_| Ok(Var::from_tensor(&zeros)?));
            let state = state.collect::<Result<_>>()?;
            Ok(Group { rule, indices, theta, state })
        };
        let groups = rules.into_iter().map(group).collect::<Result<_>>()?;
        Ok(Self { names, groups, steps: 0 })
    }

    /// Returns the number of steps taken so far.
    pub fn steps(&self) -> u32 {
        self.steps
    }

    /// Takes one step with `learning_rate`, on the gradient of each parameter in
    /// the order of [`Parameters::named`].
    ///
    /// # Errors
    /// If a gradient is missing or has the wrong shape, or the device fails.
    ///
    /// ```
    /// use candle_core::{DType, Device, Tensor};
    /// use ddpm::nn::Parameters;
    /// use ddpm::optim::{Optimizer, ParamGroups};
    ///
    /// let parameters = Parameters::new(0, DType::F64, &Device::Cpu);
    /// let x = parameters.builder().get(1, "x")?; // starts at 0
    /// let mut optimizer = Optimizer::new(&parameters, &ParamGroups::default())?;
    /// // The first step of Adam has the size of the learning rate.
    /// optimizer.step(&[Tensor::new(&[1000.0], &Device::Cpu)?], 0.1)?;
    /// assert!((x.to_vec1::<f64>()?[0] + 0.1).abs() < 1e-6);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn step(
        &mut self,
        gradients: &[Tensor],
        learning_rate: f64,
    ) -> Result<()> {
        let gradients = self.join(gradients)?;
        self.step_joined(&gradients, learning_rate)
    }

    /// Returns the gradients, one for each parameter, as one tensor for each group.
    pub(crate) fn join(&self, gradients: &[Tensor]) -> Result<Vec<Tensor>> {
        let (count, got) = (self.names.len(), gradients.len());
        let expected = format_args!("one for each of {count} parameters");
        Error::require(got == count, "gradients", expected, got)?;
        let join = |group: &Group| {
            // Without the graph that a gradient may carry: the moments would hold
            // the activations of every step in memory.
            let ours = group.indices.iter().map(|&i| gradients[i].detach());
            Ok(group.theta.join(&ours.collect::<Vec<_>>())?)
        };
        self.groups.iter().map(join).collect()
    }

    /// Takes one step, on gradients from [`join`](Self::join).
    pub(crate) fn step_joined(
        &mut self,
        gradients: &[Tensor],
        learning_rate: f64,
    ) -> Result<()> {
        self.steps += 1;
        for (group, gradient) in self.groups.iter().zip(gradients) {
            group.step(gradient, self.steps, learning_rate)?;
        }
        Ok(())
    }

    /// Returns the state by name: `adam_m.<parameter>`, and so on. The tensors share
    /// their memory with the optimiser's.
    pub(crate) fn state(&self) -> Result<Vec<(String, Tensor)>> {
        let mut named = vec![];
        for group in &self.groups {
            let kinds = state_names(group.rule).iter();
            for (kind, var) in kinds.zip(&group.state) {
                let parts = group.theta.split(&var.as_detached_tensor())?;
                for (&i, part) in group.indices.iter().zip(parts) {
                    named.push((format!("{kind}.{}", self.names[i]), part));
                }
            }
        }
        Ok(named)
    }

    /// Sets the number of steps taken, after [`state`](Self::state) was loaded.
    pub(crate) fn set_steps(&mut self, steps: u32) {
        self.steps = steps;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optim::{Adam, Muon};
    use approx::assert_relative_eq;
    use candle_core::{DType, Device};

    fn adam_w(weight_decay: f64) -> ParamGroups {
        let adam = Adam { weight_decay, ..Adam::default() };
        ParamGroups::all(UpdateRule::Adam(adam))
    }

    fn run(weight_decay: f64, gradients: &[f64]) -> Vec<f64> {
        let parameters = Parameters::new(0, DType::F64, &Device::Cpu);
        let hint = candle_nn::Init::Const(1.0);
        parameters.builder().get_with_hints(1, "x", hint).unwrap();
        let mut optimizer =
            Optimizer::new(&parameters, &adam_w(weight_decay)).unwrap();
        let var = parameters.named()[0].1.clone();
        let step = |g: &f64| {
            let g = Tensor::from_slice(&[*g], 1, &Device::Cpu).unwrap();
            optimizer.step(&[g], 0.1).unwrap();
            var.to_vec1::<f64>().unwrap()[0]
        };
        gradients.iter().map(step).collect()
    }

    #[test]
    fn the_first_step_of_adam_has_the_size_of_the_learning_rate() {
        for g in [1e-3, 1.0, 1e3] {
            assert_relative_eq!(run(0.0, &[g])[0], 0.9, epsilon = 1e-5);
            assert_relative_eq!(run(0.0, &[-g])[0], 1.1, epsilon = 1e-5);
        }
    }

    #[test]
    fn adam_moves_a_constant_gradient_by_the_learning_rate_every_step() {
        let path = run(0.0, &[0.5; 5]);
        for (k, x) in (1..).zip(path) {
            assert_relative_eq!(x, 1.0 - 0.1 * f64::from(k), epsilon = 1e-6);
        }
    }

    /// ```python
    /// x = torch.tensor([1.0], dtype=torch.float64, requires_grad=True)
    /// adam = torch.optim.AdamW([x], lr=0.1, weight_decay=0.01)
    /// for g in [1.0, -2.0, 0.5]: x.grad = torch.tensor([g]); adam.step()
    /// ```
    /// The same by hand: the moments and the decay of each step.
    #[test]
    fn three_steps_of_adam_w_by_hand() {
        let (mut x, mut m, mut v) = (1.0, 0.0, 0.0);
        let mut by_hand = vec![];
        for (k, g) in [(1, 1.0), (2, -2.0), (3, 0.5_f64)] {
            m = 0.9 * m + 0.1 * g;
            v = 0.999 * v + 0.001 * g * g;
            let m_hat = m / (1.0 - 0.9_f64.powi(k));
            let v_hat = v / (1.0 - 0.999_f64.powi(k));
            x -= 0.1 * 0.01 * x;
            x -= 0.1 * m_hat / (v_hat.sqrt() + 1e-8);
            by_hand.push(x);
        }
        for (a, b) in run(0.01, &[1.0, -2.0, 0.5]).iter().zip(by_hand) {
            assert_relative_eq!(*a, b, epsilon = 1e-12);
        }
    }

    /// Parameters of two groups in turns: each moves against its own gradient.
    #[test]
    fn every_parameter_gets_its_own_gradient() {
        let parameters = Parameters::new(0, DType::F64, &Device::Cpu);
        let builder = parameters.builder();
        let shapes: [(&str, &[usize]); 4] = [
            ("a.bias", &[3]),
            ("a.weight", &[3, 2]),
            ("b.bias", &[1]),
            ("b.weight", &[1, 3]),
        ];
        let mut gradients = vec![];
        for (sign, (name, shape)) in
            [1.0, -1.0, -1.0, 1.0].into_iter().zip(shapes)
        {
            builder.get(shape, name).unwrap(); // starts at 0
            gradients.push(Tensor::full(sign, shape, &Device::Cpu).unwrap());
        }
        let adam_w =
            UpdateRule::Adam(Adam { weight_decay: 0.01, ..Adam::default() });
        let groups = ParamGroups { hidden: adam_w, ..ParamGroups::default() };
        let mut optimizer = Optimizer::new(&parameters, &groups).unwrap();
        optimizer.step(&gradients, 0.1).unwrap();
        for ((name, var), gradient) in parameters.named().iter().zip(&gradients)
        {
            let sum = (gradient * 0.1).unwrap() + var.as_detached_tensor();
            let largest = sum.unwrap().abs().unwrap().max_all().unwrap();
            assert!(largest.to_scalar::<f64>().unwrap() < 1e-6, "{name}");
        }

        gradients.swap(0, 2);
        let error = optimizer.step(&gradients, 0.1).unwrap_err().to_string();
        assert!(error.contains("has shape [1]"), "{error}");
        assert!(optimizer.step(&gradients[1..], 0.1).is_err());
    }

    /// Muon moves each of eight directions by about factor times learning rate.
    #[test]
    fn muon_moves_every_direction_by_the_same_length() {
        let parameters = Parameters::new(0, DType::F64, &Device::Cpu);
        let weight =
            parameters.builder().get((8, 8, 1, 1), "a.weight").unwrap();
        let hidden = UpdateRule::Muon(Muon::default());
        let groups = ParamGroups { hidden, ..ParamGroups::default() };
        let mut optimizer = Optimizer::new(&parameters, &groups).unwrap();
        let gradient = crate::nn::testing::Draws::new(1).tensor(&[8, 8, 1, 1]);
        optimizer.step(&[gradient], 0.01).unwrap();
        let square = weight.sqr().unwrap().sum_all().unwrap();
        let length = square.to_scalar::<f64>().unwrap().sqrt();
        assert!((length / 8_f64.sqrt() - 0.1).abs() < 0.04, "{length}");
    }

    /// candle detaches gradients on their way through the graph, but not those
    /// that arrive at a parameter.
    #[test]
    fn the_state_holds_no_graph() {
        let parameters = Parameters::new(0, DType::F64, &Device::Cpu);
        let builder = parameters.builder();
        let a = builder.get(3, "a").unwrap();
        let b = builder.get(3, "b").unwrap();
        let mut optimizer = Optimizer::new(&parameters, &adam_w(0.0)).unwrap();
        let c = ((&a + 1.0).unwrap() * (&b + 1.0).unwrap()).unwrap();
        let kernel = c.reshape((1, 1, 3)).unwrap();
        let loss = kernel.conv1d(&kernel, 0, 1, 1, 1).unwrap();
        let loss =
            (loss.sum_all().unwrap() + (&a * &b).unwrap().sum_all()).unwrap();
        let store = loss.backward().unwrap();
        let named = parameters.named();
        let gradients: Vec<_> =
            named.iter().map(|(_, v)| store.get(v).unwrap().clone()).collect();
        assert!(gradients.iter().any(Tensor::track_op), "else no test");
        optimizer.step(&gradients, 0.1).unwrap();
        for (name, var) in optimizer.state().unwrap() {
            assert!(!var.track_op(), "{name}");
        }
    }
}
