//! Trains a classifier of shapes: discs, squares and crosses, drawn at random
//! places and sizes in 16×16 pixels, with noise.
//!
//! ```text
//! cargo run --release --example shapes
//! ```
//!
//! It shows everything that training with this crate needs: operations, a tape
//! for the network, candle's own loss and backward pass, and `Adam`. It
//! must classify 97 % of unseen shapes, and asserts it.

use candle_core::{DType, Device, Result, Tensor, Var};
use candle_fused::{Adam, conv2d, group_norm_silu, linear, value_and_grad};
use candle_nn::loss::cross_entropy;
use fastrand::Rng;

const SIZE: usize = 16;
const CLASSES: usize = 3;
const BATCH: usize = 64;
const STEPS: u32 = 300;

/// A parameter with its two moments.
struct Parameter {
    theta: Var,
    m: Var,
    v: Var,
}

/// Two convolutions with group norm and SiLU, then a linear layer.
struct Classifier {
    parameters: Vec<Parameter>,
}

impl Classifier {
    fn new(random: &mut Rng) -> Result<Self> {
        let shapes: [&[usize]; 10] = [
            &[16, 1, 3, 3], // conv 1: weight, bias, then norm 1
            &[16],
            &[16],
            &[16],
            &[32, 16, 3, 3], // conv 2: weight, bias, then norm 2
            &[32],
            &[32],
            &[32],
            &[CLASSES, 32 * 4 * 4], // linear: weight, bias
            &[CLASSES],
        ];
        let mut parameters = vec![];
        for (i, &shape) in shapes.iter().enumerate() {
            let fan_in: usize = shape[1..].iter().product();
            let bound = (fan_in as f64).sqrt().recip();
            let is_norm_weight = i == 2 || i == 6;
            let value = |random: &mut Rng| match shape.len() {
                1 if is_norm_weight => 1.0,
                1 => 0.0,
                _ => bound * (2.0 * random.f64() - 1.0),
            };
            let count = shape.iter().product();
            let values: Vec<f64> = (0..count).map(|_| value(random)).collect();
            let tensor = Tensor::from_vec(values, shape, &Device::Cpu)?;
            let theta = Var::from_tensor(&tensor.to_dtype(DType::F32)?)?;
            let zero = || Var::from_tensor(&theta.zeros_like()?);
            let (m, v) = (zero()?, zero()?);
            parameters.push(Parameter { theta, m, v });
        }
        Ok(Self { parameters })
    }

    /// `(B, 1, 16, 16)` to the logits `(B, 3)`.
    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let p = |i: usize| self.parameters[i].theta.as_tensor();
        let h = conv2d(x, p(0), p(1), 2)?; // (B, 16, 8, 8)
        let h = group_norm_silu(&h, p(2), p(3), 4, 1e-5)?; // (B, 16, 8, 8)
        let h = conv2d(&h, p(4), p(5), 2)?; // (B, 32, 4, 4)
        let h = group_norm_silu(&h, p(6), p(7), 4, 1e-5)?; // (B, 32, 4, 4)
        linear(&h.flatten_from(1)?, p(8), p(9)) // (B, 3)
    }

    fn train_step(
        &self,
        step: u32,
        x: &Tensor,
        labels: &Tensor,
    ) -> Result<f32> {
        let (loss, gradients) =
            value_and_grad(|| cross_entropy(&self.forward(x)?, labels))?;
        let adam = Adam::default();
        for Parameter { theta, m, v } in &self.parameters {
            if let Some(gradient) = gradients.get(theta) {
                adam.step(theta, (m, v), gradient, step, 3e-3)?;
            }
        }
        loss.to_scalar()
    }
}

/// Draws `count` images `(count, 1, 16, 16)` with their labels.
fn draw(random: &mut Rng, count: usize) -> Result<(Tensor, Tensor)> {
    let (mut pixels, mut labels) = (vec![], vec![]);
    for _ in 0..count {
        let label = random.usize(0..CLASSES);
        let radius = 2.5 + 2.5 * random.f32();
        let centre = [(); 2].map(|()| 5.0 + 5.0 * random.f32());
        for i in 0..SIZE * SIZE {
            let dy = ((i / SIZE) as f32 - centre[0]).abs();
            let dx = ((i % SIZE) as f32 - centre[1]).abs();
            let inside = match label {
                0 => dx.hypot(dy) < radius,
                1 => dx.max(dy) < 0.9 * radius,
                _ => dx.max(dy) < radius && dx.min(dy) < 1.0,
            };
            pixels.push(f32::from(u8::from(inside)) + 0.3 * random.f32());
        }
        labels.push(u32::try_from(label)?);
    }
    let shape = (count, 1, SIZE, SIZE);
    let images = Tensor::from_vec(pixels, shape, &Device::Cpu)?;
    Ok((images, Tensor::new(labels, &Device::Cpu)?))
}

fn main() -> Result<()> {
    let mut random = Rng::with_seed(0);
    let classifier = Classifier::new(&mut random)?;
    for step in 1..=STEPS {
        let (x, labels) = draw(&mut random, BATCH)?;
        let loss = classifier.train_step(step, &x, &labels)?;
        if step % 50 == 0 {
            println!("step {step}: loss {loss:.3}");
        }
    }
    let (x, labels) = draw(&mut random, 1000)?;
    let found = classifier.forward(&x)?.argmax(1)?;
    let right = found.eq(&labels)?.to_dtype(DType::U32)?.sum_all()?;
    let right = right.to_scalar::<u32>()?;
    println!("{right} of 1000 unseen shapes are classified correctly");
    assert!(right >= 970, "it should be 970 at least");
    Ok(())
}
