//! The cases of the benchmark.

use serde::{Deserialize, Serialize};

/// The quantity to measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum What {
    /// A training step.
    Step,
    /// A forward pass, as in sampling.
    Forward,
    /// Sampling: fifty steps of DDIM.
    Sample,
    /// An operation.
    Operation,
    /// The number of floating-point operations of a forward pass, which only
    /// PyTorch's side counts.
    Flops,
    /// A training step, kernel by kernel, which only our side measures.
    Kernels,
    /// The number of kernels that a training step starts on a GPU, and their
    /// time, which only PyTorch's side measures.
    Launches,
}

/// The default channels of the network.
pub(crate) const LARGE: [usize; 3] = [32, 64, 64];

/// The way PyTorch runs its network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Mode {
    /// Operation by operation.
    Eager,
    /// By `torch.compile`.
    Compile,
    /// By `torch.compile` in the mode `reduce-overhead`: a CUDA graph.
    ReduceOverhead,
}

/// A case to time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Case {
    pub(crate) what: What,
    pub(crate) mode: Mode,
    /// The channels of the network's three levels.
    pub(crate) widths: [usize; 3],
    pub(crate) batch: usize,
    /// Height and width.
    pub(crate) size: usize,
    /// The operation: `conv`, `halve`, `norm`, `silu`, `attention`, `concat`,
    /// `upsample`, `noise` or `adam`.
    pub(crate) op: String,
    /// The input and output channels, or the channels of the two arguments.
    pub(crate) channels: [usize; 2],
    /// The width of a convolution's kernel.
    pub(crate) kernel: usize,
    /// True if gradients are computed, too.
    pub(crate) backward: bool,
    /// The number of timed runs in a turn, after one run to warm up.
    pub(crate) runs: usize,
}

/// The answer of a side.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Answer {
    /// The time of one run, as the mean of a turn.
    pub(crate) seconds: Option<f64>,
    pub(crate) peak_kb: Option<u64>,
    pub(crate) count: Option<f64>,
    pub(crate) kernels: Vec<Row>,
}

/// The times of one operation in a training step.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Row {
    pub(crate) what: String,
    pub(crate) count: usize,
    pub(crate) flops: f64,
    /// The time in seconds.
    pub(crate) forward: f64,
    pub(crate) backward: f64,
}

impl Case {
    /// Returns a case of the whole network.
    pub(crate) fn network(what: What, batch: usize, size: usize) -> Self {
        // Small batches need more runs, so that a turn is long enough to time.
        let runs = 64_usize.div_ceil(batch);
        Self {
            what,
            mode: Mode::Eager,
            widths: LARGE,
            batch,
            size,
            op: String::new(),
            channels: [1, 1],
            kernel: 1,
            backward: false,
            runs,
        }
    }

    pub(crate) fn by(self, mode: Mode) -> Self {
        Self { mode, ..self }
    }

    /// Returns a case of one operation, on a batch of 128.
    pub(crate) fn operation(
        op: &str,
        channels: [usize; 2],
        size: usize,
        kernel: usize,
    ) -> Self {
        let op = op.to_owned();
        let whole = Self::network(What::Operation, 128, size);
        Self { op, channels, kernel, runs: 10, ..whole }
    }

    pub(crate) fn with_backward(self) -> Self {
        Self { backward: true, ..self }
    }

    /// Returns the number of multiplications and additions of a convolution,
    /// and `None` for another operation, where the number says little.
    pub(crate) fn flops(&self) -> Option<f64> {
        let taps = self.kernel * self.kernel * self.channels[0];
        let pixels = self.batch * self.channels[1] * self.size * self.size;
        let passes = if self.backward { 3 } else { 1 };
        let flops = (2 * passes * taps * pixels) as f64;
        match self.op.as_str() {
            "conv" => Some(flops),
            "halve" => Some(flops / 4.0),
            _ => None,
        }
    }

    /// Returns a label for tables.
    pub(crate) fn name(&self) -> String {
        let Self { batch, size, channels: [c_in, c_out], kernel, .. } = self;
        let passes = if self.backward { ", forward and backward" } else { "" };
        let place = format!("{size}×{size}");
        let name = match (self.what, self.op.as_str()) {
            (What::Step, _) => format!("training step, {batch} of {place}"),
            (What::Forward, _) => format!("forward pass, {batch} of {place}"),
            (What::Sample, _) => {
                format!("{batch} samples of {place} in 50 steps")
            }
            (_, "conv") => format!(
                "convolution {kernel}×{kernel}, {c_in} → {c_out} at {place}{passes}"
            ),
            (_, "norm") => {
                format!("group norm and SiLU, {c_in} at {place}{passes}")
            }
            (_, "halve") => format!(
                "convolution {kernel}×{kernel}, stride 2, {c_in} → \
                 {c_out} at {place}{passes}"
            ),
            (_, "concat") => {
                format!("concatenation, {c_in} and {c_out} at {place}{passes}")
            }
            (_, "noise") => format!("noise for {batch} of {place}, and x_t"),
            (_, "adam") => "Adam and EMA, 1,112,801 parameters".to_owned(),
            (_, op) => {
                let op = match op {
                    "upsample" => "upsampling",
                    "silu" => "SiLU",
                    other => other,
                };
                format!("{op}, {c_in} at {place}{passes}")
            }
        };
        let widths = if self.widths == LARGE {
            String::new()
        } else {
            format!(", {:?} channels", self.widths)
        };
        let mode = match self.mode {
            Mode::Eager => "",
            Mode::Compile => ", PyTorch compiled",
            Mode::ReduceOverhead => ", PyTorch as a CUDA graph",
        };
        name + &widths + mode
    }
}
