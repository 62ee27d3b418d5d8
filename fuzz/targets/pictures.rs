//! A folder with one picture of any format.
#![no_main]

mod file;

use ddpm::data::{ImageSource, PictureFolder};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let name = "picture.png";
    file::with_file(name, bytes, |path| {
        let folder = path.parent().expect("a folder");
        if let Ok(folder) = PictureFolder::open(folder, Some(8), |_, _| ()) {
            let _ = folder.images(&[0]);
        }
    });
});
