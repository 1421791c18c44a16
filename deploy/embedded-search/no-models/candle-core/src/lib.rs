//! Stand-in for `candle-core`: see `../README.md`.

use std::{fmt, ops::Div};

/// A type without values.
#[derive(Debug)]
enum Never {}

/// What went wrong with a tensor: never happens, there are no tensors.
#[derive(Debug)]
pub struct Error(Never);

impl fmt::Display for Error {
    fn fmt(&self, _f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {}
    }
}

impl std::error::Error for Error {}

/// Result of an operation on tensors.
pub type Result<T> = std::result::Result<T, Error>;

/// Element types.
#[derive(Debug, Clone, Copy)]
pub enum DType {
    /// 32-bit floats.
    F32,
}

/// Where a model would run.
#[derive(Debug, Clone)]
pub enum Device {
    /// The processor.
    Cpu,
}

impl Device {
    /// Always the processor.
    pub fn cuda_if_available(_ordinal: usize) -> Result<Self> {
        Ok(Self::Cpu)
    }
}

/// Numbers of a model: cannot exist.
#[derive(Debug)]
pub struct Tensor(Never);

impl Tensor {
    /// Only a loaded model calls this, and no model can be loaded.
    pub fn new(_values: &[u32], _device: &Device) -> Result<Self> {
        unreachable!("this build has no local models")
    }

    /// Needs a tensor to exist: none does.
    pub fn stack(_tensors: &[Self], _dim: usize) -> Result<Self> {
        unreachable!("this build has no local models")
    }

    /// Unreachable.
    pub fn zeros_like(&self) -> Result<Self> {
        match self.0 {}
    }

    /// Unreachable.
    pub fn get_on_dim(&self, _dim: usize, _index: usize) -> Result<Self> {
        match self.0 {}
    }

    /// Unreachable.
    pub fn dims3(&self) -> Result<(usize, usize, usize)> {
        match self.0 {}
    }

    /// Unreachable.
    pub fn sum(&self, _dim: usize) -> Result<Self> {
        match self.0 {}
    }

    /// Unreachable.
    pub fn max(&self, _dim: usize) -> Result<Self> {
        match self.0 {}
    }

    /// Unreachable.
    pub fn squeeze(&self, _dim: usize) -> Result<Self> {
        match self.0 {}
    }

    /// Unreachable.
    pub fn to_vec1(&self) -> Result<Vec<f32>> {
        match self.0 {}
    }
}

impl Div<f64> for Tensor {
    type Output = Result<Self>;

    fn div(self, _by: f64) -> Self::Output {
        match self.0 {}
    }
}
