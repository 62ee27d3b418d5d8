//! Every operation, forward and backward, against the same composed of candle's
//! operations.
//!
//! ```text
//! cargo bench --package candle-fused
//! ```
//!
//! Both sides take turns. The floor is the time that a custom operation of candle
//! cannot fall below: the forward and the backward kernel, the gradient of the
//! output, and for each input a tensor of zeros that candle adds the gradient to.

use candle_core::{Device, Result, Tensor, Var};
use candle_fused::{
    add, attention, concat, conv2d, group_norm_silu, linear, profile, silu,
    upsample_2x,
};
use candle_nn::ops::softmax;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// Tensors of megabytes come and go. With glibc's allocator the operating system
/// takes their memory back each time, which is noise here.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The images in a batch.
const BATCH: usize = 32;

/// The turns of each side.
const ROUNDS: usize = 15;

type Op = Box<dyn Fn(&[Tensor]) -> Result<Tensor>>;

/// An operation, its inputs, and the same operation composed of candle's.
struct Case {
    name: &'static str,
    shapes: Vec<Vec<usize>>,
    ours: Op,
    candle: Op,
}

/// Returns a convolution of `x` `(B, C, H, W)` with as many outputs as inputs.
fn conv(name: &'static str, x: &[usize], kernel: usize, stride: usize) -> Case {
    let c = x[1];
    Case {
        name,
        shapes: vec![x.to_vec(), vec![c, c, kernel, kernel], vec![c]],
        ours: Box::new(move |i| conv2d(&i[0], &i[1], &i[2], stride)),
        candle: Box::new(move |i| {
            let y = i[0].conv2d(&i[1], kernel / 2, stride, 1, 1)?;
            y.broadcast_add(&i[2].reshape((1, c, 1, 1))?)
        }),
    }
}

fn cases() -> Vec<Case> {
    let (image, small) = (vec![BATCH, 32, 28, 28], vec![BATCH, 64, 14, 14]);
    vec![
        conv("conv2d 3×3, 32 → 32 at 28×28", &image, 3, 1),
        conv("conv2d 3×3, stride 2, 32 → 32 at 28×28", &image, 3, 2),
        conv("conv2d 1×1, 64 → 64 at 14×14", &small, 1, 1),
        Case {
            name: "group norm and SiLU, 32 at 28×28",
            shapes: vec![image.clone(), vec![32], vec![32]],
            ours: Box::new(|i| group_norm_silu(&i[0], &i[1], &i[2], 8, 1e-5)),
            candle: Box::new(|i| {
                let (b, c, h, w) = i[0].dims4()?;
                let x = i[0].reshape((b, 8, c / 8 * h * w))?;
                let x = x.broadcast_sub(&x.mean_keepdim(2)?)?;
                let variance = x.sqr()?.mean_keepdim(2)?;
                let x = x.broadcast_div(&(variance + 1e-5)?.sqrt()?)?;
                let x = x.reshape((b, c, h, w))?;
                let (weight, bias) =
                    (i[1].reshape((1, c, 1, 1))?, i[2].reshape((1, c, 1, 1))?);
                x.broadcast_mul(&weight)?.broadcast_add(&bias)?.silu()
            }),
        },
        Case {
            name: "SiLU, 32 at 28×28",
            shapes: vec![image.clone()],
            ours: Box::new(|i| silu(&i[0])),
            candle: Box::new(|i| i[0].silu()),
        },
        Case {
            name: "attention, 8 heads, 64 at 14×14",
            shapes: vec![small.clone(), small.clone(), small.clone()],
            ours: Box::new(|i| attention(&i[0], &i[1], &i[2], 8)),
            candle: Box::new(|i| {
                let (b, c, h, w) = i[0].dims4()?;
                let heads = |x: &Tensor| {
                    x.reshape((b * 8, c / 8, h * w))?.t()?.contiguous()
                };
                let (q, k, v) = (heads(&i[0])?, heads(&i[1])?, heads(&i[2])?);
                let scores = (q.matmul(&k.t()?)? / (c as f64 / 8.0).sqrt())?;
                let y = softmax(&scores, 2)?.matmul(&v)?;
                y.t()?.reshape((b, c, h, w))
            }),
        },
        Case {
            name: "linear, 128 → 128",
            shapes: vec![vec![BATCH, 128], vec![128, 128], vec![128]],
            ours: Box::new(|i| linear(&i[0], &i[1], &i[2])),
            candle: Box::new(|i| i[0].matmul(&i[1].t()?)?.broadcast_add(&i[2])),
        },
        Case {
            name: "add, 32 at 28×28",
            shapes: vec![image.clone(), image.clone()],
            ours: Box::new(|i| add(&i[0], &i[1])),
            candle: Box::new(|i| &i[0] + &i[1]),
        },
        Case {
            name: "concat, 32 and 32 at 28×28",
            shapes: vec![image.clone(), image],
            ours: Box::new(|i| concat(&i[0], &i[1])),
            candle: Box::new(|i| Tensor::cat(&[&i[0], &i[1]], 1)),
        },
        Case {
            name: "upsample_2x, 64 at 14×14",
            shapes: vec![small],
            ours: Box::new(|i| upsample_2x(&i[0])),
            candle: Box::new(|i| i[0].upsample_nearest2d(28, 28)),
        },
    ]
}

/// Returns the time of the second of two calls of `f`: the first one finds the
/// caches and the memory as the other side left them.
fn second_call(mut f: impl FnMut() -> Result<()>) -> Result<f64> {
    f()?;
    seconds(f)
}

/// Returns the time of one call of `f`, in seconds.
fn seconds(mut f: impl FnMut() -> Result<()>) -> Result<f64> {
    let start = Instant::now();
    f()?;
    Ok(start.elapsed().as_secs_f64())
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// The medians of a case in milliseconds.
struct Times {
    candle: f64,
    ours: f64,
    floor: f64,
}

fn time(case: &Case) -> Result<Times> {
    let draw = |shape: &Vec<usize>| {
        let values = Tensor::randn(0_f32, 1.0, shape.as_slice(), &Device::Cpu)?;
        Ok(Var::from_tensor(&values)?.into_inner())
    };
    let inputs: Vec<Tensor> =
        case.shapes.iter().map(draw).collect::<Result<_>>()?;
    let output = (case.ours)(&inputs)?.detach();
    let pass = |op: &Op| {
        black_box(op(&inputs)?.backward()?);
        Ok(())
    };
    let (mut candle, mut ours, mut floor) = (vec![], vec![], vec![]);
    for round in 0..=ROUNDS {
        let theirs = second_call(|| pass(&case.candle))?;
        let mine = second_call(|| pass(&case.ours))?;
        let (done, ops) = profile(|| pass(&case.ours))?;
        done?;
        let kernels: Duration =
            ops.iter().map(|op| op.forward + op.backward).sum();
        let gradients = seconds(|| {
            black_box(output.ones_like()?);
            for input in &inputs {
                let zeros = input.zeros_like()?;
                black_box((&zeros + input)?);
            }
            Ok(())
        })?;
        if round > 0 {
            candle.push(theirs);
            ours.push(mine);
            floor.push(kernels.as_secs_f64() + gradients);
        }
    }
    let [candle, ours, floor] =
        [candle, ours, floor].map(|times| 1e3 * median(times));
    Ok(Times { candle, ours, floor })
}

fn main() -> Result<()> {
    // `cargo test --all-targets` runs this file without `--bench`.
    if !std::env::args().any(|argument| argument == "--bench") {
        return Ok(());
    }
    println!("Forward and backward, batch of {BATCH}, f32; milliseconds.\n");
    println!("| operation | candle | ours | ratio | ours / floor |");
    println!("| --- | --- | --- | --- | --- |");
    for case in cases() {
        let Times { candle, ours, floor } = time(&case)?;
        println!(
            "| {} | {candle:.2} | {ours:.2} | **{:.1}** | {:.2} |",
            case.name,
            candle / ours,
            ours / floor
        );
    }
    Ok(())
}
