//! Properties of every network: each parameter gets a gradient, and the
//! gradients agree with finite differences.

#![allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]

use candle_core::{DType, Device, Tensor, Var};
use ddpm::math::{PredictionType, Schedule};
use ddpm::nn::{
    Denoiser, Mlp, MlpConfig, ModelConfig, Network, Parameters,
    TimestepEmbedding, UNet, UNetConfig,
};
use ddpm::random::{Purpose, stream};
use ddpm::sample::{SampleOptions, Sampler};
use ddpm::train::{Batches, LossWeight, loss};

/// Returns normal random numbers in `f64`.
fn random(shape: &[usize], seed: u64) -> Tensor {
    let mut random = stream(seed, Purpose::Data, 0, 0);
    let count = shape.iter().product();
    let values: Vec<f64> = (0..count).map(|_| random.normal()).collect();
    Tensor::from_vec(values, shape, &Device::Cpu).unwrap()
}

/// Sets every parameter to draws from `N(0, std²)`.
fn randomize(parameters: &Parameters, std: f64) {
    for (seed, (_, var)) in (4..).zip(parameters.named()) {
        let values = (random(var.dims(), seed) * std).unwrap();
        var.set(&values).unwrap();
    }
}

/// A network with random parameters, so that a layer that starts at zero does
/// not hide the layers behind it, and a loss that depends on all outputs.
struct Case {
    name: &'static str,
    parameters: Parameters,
    loss: Box<dyn Fn() -> Tensor>,
}

fn case<N: 'static>(
    name: &'static str,
    make: impl Fn(&Parameters) -> N,
    output: impl Fn(&N) -> Tensor + 'static,
) -> Case {
    let parameters = Parameters::new(3, DType::F64, &Device::Cpu);
    let network = make(&parameters);
    randomize(&parameters, 0.3);
    let loss = move || {
        let y = output(&network);
        let weights = random(y.dims(), 5);
        (y.sqr().unwrap() * weights).unwrap().sum_all().unwrap()
    };
    Case { name, parameters, loss: Box::new(loss) }
}

fn cases() -> Vec<Case> {
    let times = || Tensor::new(&[1.0, 77.0, 1000.0], &Device::Cpu).unwrap();
    let unet = |block_out_channels, layers_per_block| UNetConfig {
        image_channels: 2,
        patch_size: 1,
        block_out_channels,
        layers_per_block,
        norm_num_groups: 2,
        attention_head_dim: 2,
    };
    let image = random(&[3, 2, 8, 8], 6);
    let unet_case = |name, config: UNetConfig| {
        let image = image.clone();
        case(
            name,
            move |p| UNet::new(&config, &p.builder()).unwrap(),
            move |net| net.forward(&image, &times()).unwrap(),
        )
    };
    vec![
        case(
            "time embedding",
            |p| TimestepEmbedding::new(6, 5, &p.builder()).unwrap(),
            move |net| net.forward(&times()).unwrap(),
        ),
        case(
            "mlp",
            |p| {
                Mlp::new(
                    &MlpConfig { dim: 2, width: 6, layers: 3 },
                    &p.builder(),
                )
                .unwrap()
            },
            move |net| net.forward(&random(&[3, 2], 7), &times()).unwrap(),
        ),
        unet_case("unet of one level", unet(vec![4], 1)),
        unet_case("unet of three levels", unet(vec![4, 6, 8], 1)),
        unet_case("unet with two blocks", unet(vec![4, 4], 2)),
        unet_case(
            "unet of patches",
            UNetConfig { patch_size: 2, ..unet(vec![4, 6], 1) },
        ),
        unet_case(
            "unet of the digits",
            UNetConfig { image_channels: 2, ..UNetConfig::digits() },
        ),
    ]
}

fn numbers(tensor: &Tensor) -> Vec<f64> {
    tensor.flatten_all().unwrap().to_vec1().unwrap()
}

/// Every parameter gets a finite gradient. Only the gradient of a key bias in
/// attention is zero: the bias adds the same number to all scores of a query,
/// and the softmax ignores this number.
#[test]
fn every_parameter_gets_a_gradient() {
    for case in cases() {
        let gradients = (case.loss)().backward().unwrap();
        let scale: f64 = case
            .parameters
            .named()
            .iter()
            .flat_map(|(_, var)| numbers(gradients.get(var).unwrap()))
            .fold(0.0, |max, g| max.max(g.abs()));
        for (name, var) in case.parameters.named() {
            let gradient = numbers(gradients.get(&var).unwrap());
            let what = format!("{}: {name}", case.name);
            assert!(gradient.iter().all(|g| g.is_finite()), "{what}");
            let largest = gradient.iter().fold(0.0_f64, |m, g| m.max(g.abs()));
            if name.ends_with("to_k.bias") {
                assert!(largest < 1e-12 * scale, "{what}: {largest}");
            } else {
                assert!(largest > 1e-9 * scale, "{what}: {largest}");
            }
        }
    }
}

/// The change of the loss along a random direction of each parameter agrees
/// with the gradient, by central differences in `f64`.
#[test]
fn gradients_agree_with_finite_differences() {
    for case in cases() {
        let gradients = (case.loss)().backward().unwrap();
        for ((name, var), seed) in case.parameters.named().iter().zip(100..) {
            let direction = random(var.dims(), seed);
            let gradient = gradients.get(var).unwrap();
            let slope = (gradient * &direction).unwrap().sum_all().unwrap();
            let slope = slope.to_scalar::<f64>().unwrap();
            let start = var.as_tensor().copy().unwrap();
            let loss_at = |step: f64| {
                let moved = (&start + (&direction * step).unwrap()).unwrap();
                var.set(&moved).unwrap();
                (case.loss)().to_scalar::<f64>().unwrap()
            };
            // The error of this five-point stencil is of order h⁴, plus the
            // rounding error of the loss over h.
            let h = 2e-4;
            let central = |h| (loss_at(h) - loss_at(-h)) / (2.0 * h);
            let difference = (4.0 * central(h) - central(2.0 * h)) / 3.0;
            let rounding = 1e-15 * loss_at(0.0).abs() / h;
            let tolerance = 1e-7 * slope.abs() + 10.0 * rounding;
            // The tolerance is too small to hide a mistake.
            let shift_invariant = name.ends_with("to_k.bias");
            assert!(shift_invariant || slope.abs() > 1e3 * tolerance);
            assert!(
                (difference - slope).abs() < tolerance,
                "{}: {name}: {difference} against {slope}",
                case.name
            );
        }
    }
}

/// An untrained U-Net predicts zero, so its loss is the mean square of its
/// target.
#[test]
fn a_fresh_unet_predicts_zero() {
    let parameters = Parameters::new(1, DType::F32, &Device::Cpu);
    let net = UNet::new(&UNetConfig::digits(), &parameters.builder()).unwrap();
    let x = random(&[2, 1, 28, 28], 1).to_dtype(DType::F32).unwrap();
    let t = Tensor::new(&[1_f32, 1000.0], &Device::Cpu).unwrap();
    let y = net.forward(&x, &t).unwrap();
    assert_eq!(
        y.abs().unwrap().max_all().unwrap().to_scalar::<f32>().unwrap(),
        0.0
    );
    // The network is small enough to train on a laptop.
    assert_eq!(parameters.count(), 280_177);
}

/// The last layer of the network, of each residual block and of each attention
/// begins at zero, and a layer of zeros passes no gradient back. So some layers
/// learn from the first step on, some from the second, and all from the third.
#[test]
fn layers_of_zeros_delay_the_layers_before_them() {
    let parameters = Parameters::new(3, DType::F64, &Device::Cpu);
    let net = UNet::new(&UNetConfig::digits(), &parameters.builder()).unwrap();
    let x = random(&[2, 1, 28, 28], 1);
    let t = Tensor::new(&[1.0, 1000.0], &Device::Cpu).unwrap();
    let target = random(x.dims(), 2);
    // Takes a step, and returns the parameters that it changes.
    let step = || {
        let error = (net.forward(&x, &t).unwrap() - &target).unwrap();
        let gradients = error.sqr().unwrap().sum_all().unwrap().backward();
        let gradients = gradients.unwrap();
        let mut changed = vec![];
        for (name, var) in parameters.named() {
            let gradient = gradients.get(&var).unwrap();
            if numbers(gradient).iter().any(|g| *g != 0.0) {
                let next = var.as_tensor() - (gradient * 1e-4).unwrap();
                var.set(&next.unwrap().detach()).unwrap();
                changed.push(name);
            }
        }
        changed
    };
    assert_eq!(step(), ["conv_out.weight", "conv_out.bias"]);
    let within = |name: &str| {
        ["norm1", "conv1", "time_emb_proj", "norm2"]
            .iter()
            .chain(&["group_norm", "to_q", "to_k", "to_v"])
            .any(|layer| name.contains(&format!(".{layer}.")))
    };
    let waits = |name: &str| within(name) || name.starts_with("time_embedding");
    let named = parameters.named().into_iter().map(|(name, _)| name);
    let (waiting, ready): (Vec<_>, Vec<_>) = named.partition(|n| waits(n));
    assert!(waiting.len() > ready.len());
    assert_eq!(step(), ready);
    assert_eq!(step().len(), parameters.named().len());
}

#[test]
fn parameters_do_not_depend_on_the_size_of_the_picture() {
    let parameters = Parameters::new(1, DType::F32, &Device::Cpu);
    let net = UNet::new(&UNetConfig::digits(), &parameters.builder()).unwrap();
    let conv1 = "down_blocks.1.resnets.0.conv1.";
    let named = parameters.named().into_iter();
    let named = named.filter(|(name, _)| name.starts_with(conv1));
    let count: usize = named.map(|(_, var)| var.elem_count()).sum();
    assert_eq!(count, 32 * (9 * 16 + 1));
    let t = Tensor::new(&[500_f32], &Device::Cpu).unwrap();
    for size in [28, 64] {
        let x = random(&[1, 1, size, size], 1).to_dtype(DType::F32).unwrap();
        let y = net.forward(&x, &t).unwrap();
        assert_eq!(y.dims(), [1, 1, size, size]);
    }
}

/// The network subtracts 1 from the paper's `t`, so it embeds `t = 1` as 0.
#[test]
fn the_first_timestep_is_embedded_as_zero() {
    let t = Tensor::new(&[1.0, 1000.0], &Device::Cpu).unwrap();
    let seen = ddpm::nn::network_timestep(&t).unwrap();
    assert_eq!(seen.to_vec1::<f64>().unwrap(), [0.0, 999.0]);
}

/// An example does not depend on the other examples of its batch.
#[test]
fn examples_of_a_batch_are_independent() {
    let parameters = Parameters::new(3, DType::F64, &Device::Cpu);
    let net = UNet::new(&UNetConfig::digits(), &parameters.builder()).unwrap();
    randomize(&parameters, 0.1);
    let x = random(&[3, 1, 28, 28], 2);
    let t = Tensor::new(&[5.0, 300.0, 900.0], &Device::Cpu).unwrap();
    let together = net.forward(&x, &t).unwrap();
    for i in 0..3 {
        let one = |tensor: &Tensor| tensor.narrow(0, i, 1).unwrap();
        let alone = net.forward(&one(&x), &one(&t)).unwrap();
        let difference = (alone - one(&together)).unwrap().abs().unwrap();
        let largest = difference.max_all().unwrap().to_scalar::<f64>();
        assert!(largest.unwrap() < 1e-10);
    }
}

#[test]
fn sizes_that_do_not_fit_are_refused_with_a_reason() {
    let parameters = || Parameters::new(0, DType::F32, &Device::Cpu);
    let refused = |config: UNetConfig, why: &str| {
        let error = UNet::new(&config, &parameters().builder()).unwrap_err();
        assert!(error.to_string().contains(why), "{error}");
    };
    let digits = UNetConfig::digits;
    refused(UNetConfig { norm_num_groups: 5, ..digits() }, "norm_num_groups");
    refused(UNetConfig { norm_num_groups: 0, ..digits() }, "norm_num_groups");
    refused(
        UNetConfig { attention_head_dim: 7, ..digits() },
        "attention_head_dim",
    );
    refused(
        UNetConfig { block_out_channels: vec![], ..digits() },
        "block_out_channels",
    );
    refused(
        UNetConfig { block_out_channels: vec![16; 70], ..digits() },
        "16 levels",
    );
    refused(UNetConfig { layers_per_block: 0, ..digits() }, "layers_per_block");
    refused(UNetConfig { patch_size: 0, ..digits() }, "patch_size");
    refused(UNetConfig { image_channels: 0, ..digits() }, "image_channels");
    assert!(
        Mlp::new(
            &MlpConfig { dim: 2, width: 7, layers: 1 },
            &parameters().builder()
        )
        .is_err()
    );
    assert!(
        Mlp::new(
            &MlpConfig { dim: 0, width: 8, layers: 1 },
            &parameters().builder()
        )
        .is_err()
    );
    assert!(TimestepEmbedding::new(8, 0, &parameters().builder()).is_err());

    let net = UNet::new(&digits(), &parameters().builder()).unwrap();
    let zeros = |shape: &[usize]| {
        Tensor::zeros(shape, DType::F32, &Device::Cpu).unwrap()
    };
    let odd = net.forward(&zeros(&[1, 1, 30, 28]), &zeros(&[1])).unwrap_err();
    assert!(odd.to_string().contains("divisible by 4"), "{odd}");
}

/// A network that returns one value for each example, of the wrong shape.
struct Mean;

impl Network for Mean {
    fn forward(&self, x_t: &Tensor, _t: &Tensor) -> ddpm::Result<Tensor> {
        Ok(x_t.flatten_from(1)?.mean(1)?)
    }
}

/// Whatever the input lacks, the message has the shape that is needed, and comes
/// from this library.
#[test]
fn an_input_that_does_not_fit_is_explained() {
    let parameters = Parameters::new(0, DType::F32, &Device::Cpu);
    let config = ModelConfig {
        network: UNetConfig::digits(),
        schedule: Schedule::cosine(10).unwrap(),
        prediction_type: PredictionType::V,
    };
    let model = config.build(&parameters.builder(), &[1, 28, 28]).unwrap();
    let at = model.schedule.last();
    let zeros = |shape: &[usize], dtype| {
        Tensor::zeros(shape, dtype, &Device::Cpu).unwrap()
    };
    let refused = |error: ddpm::Error, why: &str| {
        assert!(matches!(error, ddpm::Error::Argument { .. }), "{error}");
        assert!(error.to_string().contains(why), "{error}");
    };
    for shape in [
        &[2, 28, 28][..],   // no channels
        &[2, 3, 28, 28],    // too many
        &[1, 1, 0, 0],      // no pixels
        &[2, 28 * 28],      // flat
        &[2, 1, 1, 28, 28], // too many dimensions
    ] {
        let x_t = zeros(shape, DType::F32);
        let error = model.predict(&x_t, at, true).unwrap_err();
        refused(error, "x_t of shape (B, 1, n, n)");
        let t = zeros(&shape[..1], DType::F32);
        let error = model.network.forward(&x_t, &t).unwrap_err();
        refused(error, "x_t of shape (B, 1, n, n)");
    }
    for shape in [&[][..], &[0, 1, 28, 28]] {
        let error = model.predict(&zeros(shape, DType::F32), at, true);
        refused(error.unwrap_err(), "a batch (B, …) with B ≥ 1");
    }
    let images = zeros(&[2, 1, 28, 28], DType::F64);
    let error = model.predict(&images, at, true).unwrap_err();
    refused(error, "of type f32, as its parameters are, got f64");
    let (two, one) = (&[2, 1, 28, 28], &[1]);
    let (x_t, t) = (zeros(two, DType::F32), zeros(one, DType::F32));
    refused(model.network.forward(&x_t, &t).unwrap_err(), "t of shape (B)");

    let mean = Denoiser {
        network: Mean,
        schedule: model.schedule.clone(),
        prediction_type: PredictionType::V,
        sample_shape: vec![3],
    };
    let error = mean.predict(&zeros(&[2, 3], DType::F32), at, true);
    let why = "the shape and type of x_t, [2, 3] of type f32, got [2]";
    refused(error.unwrap_err(), why);
    let data = zeros(&[5, 3], DType::F32);
    let batch = Batches::new(data, 2, 0).unwrap().batch(0, &mean.schedule);
    let error = loss(&mean, &batch.unwrap(), LossWeight::Simple);
    refused(error.unwrap_err(), why);

    let none = Sampler::new(&model, 0, &SampleOptions::default());
    refused(none.unwrap_err(), "the number of samples must be at least 1");
}

/// The optimiser changes the `Var`s, which are the tensors in the layers.
#[test]
fn changing_a_parameter_changes_the_network() {
    let parameters = Parameters::new(3, DType::F64, &Device::Cpu);
    let net = Mlp::new(
        &MlpConfig { dim: 2, width: 6, layers: 1 },
        &parameters.builder(),
    )
    .unwrap();
    let (x, t) = (random(&[1, 2], 1), random(&[1], 2));
    let before = numbers(&net.forward(&x, &t).unwrap());
    for (_, var) in parameters.named() {
        let var: Var = var;
        var.set(&var.zeros_like().unwrap()).unwrap();
    }
    assert_ne!(before, [0.0, 0.0]);
    assert_eq!(numbers(&net.forward(&x, &t).unwrap()), [0.0, 0.0]);
}
