//! The cases that are timed.

use serde::{Deserialize, Serialize};

/// The quantities that both sides measure.
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
    /// The number of floating-point operations of a forward pass, by PyTorch.
    Flops,
    /// A training step, kernel by kernel; only ours says.
    Kernels,
    /// The kernels that a training step starts on a GPU, and their time; only
    /// PyTorch says.
    Launches,
}

/// The channels of the network that is timed where nothing else is said.
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
    /// Channels in and out; those of either argument.
    pub(crate) channels: [usize; 2],
    /// The width of a convolution's kernel.
    pub(crate) kernel: usize,
    /// True if gradients are computed, too.
    pub(crate) backward: bool,
    /// Runs in a turn, after one that is not counted.
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

/// The time of one operation in a step.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Row {
    pub(crate) what: String,
    pub(crate) count: usize,
    pub(crate) flops: f64,
    /// Seconds.
    pub(crate) forward: f64,
    pub(crate) backward: f64,
}

impl Case {
    /// The whole network.
    pub(crate) fn network(what: What, batch: usize, size: usize) -> Self {
        // So that a turn takes long enough to be timed.
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

    /// Returns an operation on a batch of 128.
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

    /// Multiplications and additions of a convolution; of the others none that
    /// would say anything.
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
