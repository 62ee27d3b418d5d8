//! The sizes of a convolution.

use candle_core::Result;

/// The sizes of a convolution with an odd, square kernel and "same" padding.
#[derive(Clone, Copy, Debug)]
pub(super) struct ConvShape {
    pub(super) batch: usize,
    pub(super) c_in: usize,
    pub(super) height: usize,
    pub(super) width: usize,
    pub(super) c_out: usize,
    /// Height and width of the kernel.
    pub(super) kernel: usize,
    pub(super) stride: usize,
}

impl ConvShape {
    /// Checks what the shapes of the inputs alone do not.
    pub(super) fn new(
        (batch, c_in, height, width): (usize, usize, usize, usize),
        (c_out, _, kernel, _): (usize, usize, usize, usize),
        stride: usize,
    ) -> Result<Self> {
        if kernel % 2 == 0 {
            candle_core::bail!(
                "conv2d: the kernel must have an odd size, got {kernel}"
            )
        }
        if stride == 0 {
            candle_core::bail!("conv2d: the stride must be at least 1, got 0")
        }
        Ok(Self { batch, c_in, height, width, c_out, kernel, stride })
    }

    pub(super) fn out_height(&self) -> usize {
        self.height.div_ceil(self.stride)
    }

    pub(super) fn out_width(&self) -> usize {
        self.width.div_ceil(self.stride)
    }

    /// Returns the pixels of a channel of the output.
    pub(super) fn out_pixels(&self) -> usize {
        self.out_height() * self.out_width()
    }

    /// Returns the values of one image of the input.
    pub(super) fn x_len(&self) -> usize {
        self.c_in * self.height * self.width
    }

    /// Returns the values of one image of the output.
    pub(super) fn y_len(&self) -> usize {
        self.c_out * self.out_pixels()
    }

    /// Returns the values of the weight that one output channel has.
    pub(super) fn taps(&self) -> usize {
        self.c_in * self.kernel * self.kernel
    }
}
