//! Files of tensors, such as samples.
#![no_main]

mod file;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    file::with_file("samples.safetensors", bytes, |path| {
        let _ = ddpm::nn::read_tensors(path);
    });
});
