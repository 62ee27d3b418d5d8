//! Matrix products of slices, on the calling thread.

use crate::simd::Float;

/// A matrix in a slice, by rows or, after [`t`](Self::t), by columns.
#[derive(Clone, Copy)]
pub(crate) struct Matrix<'a, T> {
    data: &'a [T],
    rows: usize,
    columns: usize,
    row_stride: usize,
    column_stride: usize,
}

impl<'a, T> Matrix<'a, T> {
    /// A matrix stored row by row.
    pub(crate) fn new(data: &'a [T], rows: usize, columns: usize) -> Self {
        assert_eq!(data.len(), rows * columns);
        Self { data, rows, columns, row_stride: columns, column_stride: 1 }
    }

    /// The transpose; nothing moves.
    pub(crate) fn t(self) -> Self {
        Self {
            data: self.data,
            rows: self.columns,
            columns: self.rows,
            row_stride: self.column_stride,
            column_stride: self.row_stride,
        }
    }
}

/// `out += a b`, with `out` stored row by row.
#[allow(unsafe_code)]
pub(crate) fn add_product<T: Float>(out: &mut [T], a: Matrix<T>, b: Matrix<T>) {
    assert_eq!(a.columns, b.rows);
    assert_eq!(out.len(), a.rows * b.columns);
    // Strides count elements of a slice, so they fit an isize.
    let stride = usize::cast_signed;
    // SAFETY: the three matrices lie within their slices, by the assertions
    // here and in `Matrix::new`; `out` is borrowed mutably, so it overlaps
    // neither; and `Float` is f32 or f64, which gemm knows.
    unsafe {
        gemm::gemm(
            a.rows,
            b.columns,
            a.columns,
            out.as_mut_ptr(),
            1,
            stride(b.columns),
            true, // keep what is in `out`
            a.data.as_ptr(),
            stride(a.column_stride),
            stride(a.row_stride),
            b.data.as_ptr(),
            stride(b.column_stride),
            stride(b.row_stride),
            T::one(), // the factor of `out`
            T::one(), // the factor of the product
            false,
            false,
            false,
            gemm::Parallelism::None,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_and_transposes() {
        let (a, b) = ([1.0, 2.0, 3.0, 4.0, 5.0, 6.0], [1.0, 0.0, -1.0]);
        let mut out = [10.0, 10.0];
        add_product(&mut out, Matrix::new(&a, 2, 3), Matrix::new(&b, 3, 1));
        assert_eq!(out, [8.0, 8.0]);
        let mut out = [0.0; 9];
        let b = Matrix::new(&b, 1, 3);
        add_product(&mut out, Matrix::new(&a[..3], 1, 3).t(), b);
        assert_eq!(out, [1.0, 0.0, -1.0, 2.0, 0.0, -2.0, 3.0, 0.0, -3.0]);
    }
}
