//! IDX files of images and labels, in memory and on the disk.
#![no_main]

mod file;

use ddpm::data::{IdxImages, ImageSource, read_images, read_labels};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let memory = read_images(bytes, "a file");
    let _ = read_labels(bytes, "a file");
    file::with_file("train-images-idx3-ubyte", bytes, |path| {
        let Ok(disk) = IdxImages::open(path, |_, _| ()) else { return };
        // What the one reader takes, the other takes, too.
        let memory = memory.expect("the reader in memory takes it");
        assert_eq!((disk.len(), disk.shape()), (memory.len(), memory.shape()));
        let last = u32::try_from(disk.len() - 1).expect("few images");
        let image = disk.images(&[last]).expect("the last image");
        assert!(memory.pixels().ends_with(image.pixels()));
    });
});
