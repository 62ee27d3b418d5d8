//! Checkpoints: their description, and the models in them. A fuzzed build does not
//! compare the checksum, which would hide all else.
#![no_main]

mod file;

use candle_core::Device;
use ddpm::nn::{MlpConfig, UNetConfig, Weights, load_model};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    file::with_file("checkpoint.safetensors", bytes, |path| {
        let _ = ddpm::train::read_info(path);
        let cpu = Device::Cpu;
        let _ = load_model::<UNetConfig>(path, Weights::Ema, &cpu);
        let _ = load_model::<MlpConfig>(path, Weights::Last, &cpu);
    });
});
