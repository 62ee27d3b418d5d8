//! The output folder: one run at a time, and what older runs have left.

use crate::learn::CHECKPOINT;
use anyhow::{Context, Result, bail, ensure};
use fs_err as fs;
use std::fs::{File, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};

/// The files of the samples that a run has drawn.
pub(crate) const SAMPLES: [&str; 4] =
    ["samples.safetensors", "samples.png", "denoising.png", "metrics.json"];

/// The other files that a run leaves in its folder.
const TRAINING: [&str; 3] = [CHECKPOINT, "loss.svg", "data.png"];

const LOCK: &str = ".lock";

/// Removes what [`lock`] made, before the program ends without unwinding.
pub(crate) fn release(folder: &Path) {
    let _ = fs::remove_file(folder.join(LOCK));
    let _ = fs::remove_dir(folder); // if it is empty
}

/// Holds the folder for this run. The system frees it when the program ends, however
/// it ends.
pub(crate) struct Lock {
    path: PathBuf,
    file: File,
}

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

/// Creates the folder and locks it, so that a folder that cannot be written is an
/// error now, and a second run in the same folder is refused.
pub(crate) fn lock(folder: &Path) -> Result<Lock> {
    if folder.is_file() {
        bail!("--out {} is a file; name a folder", folder.display());
    }
    fs::create_dir_all(folder)?;
    let path = folder.join(LOCK);
    loop {
        let mut options = std::fs::File::options();
        options.read(true).write(true).create(true).truncate(false);
        let cannot = || format!("cannot write {}", path.display());
        let file = options.open(&path).with_context(cannot)?;
        match file.try_lock() {
            // A run that ended just now has removed the file.
            Ok(()) if !path.exists() => continue,
            Ok(()) => {
                let mut lock = Lock { path, file };
                lock.file.set_len(0)?;
                writeln!(lock.file, "{}", std::process::id())?;
                return Ok(lock);
            }
            Err(TryLockError::WouldBlock) => {
                let id = fs::read_to_string(&path).unwrap_or_default();
                bail!(
                    "another run (process {}) writes to {}; wait for it, or name \
                     another folder with --out",
                    id.trim(),
                    folder.display()
                );
            }
            Err(TryLockError::Error(error)) => note!(
                "warning: {} cannot be locked ({error}); start no second run in it",
                folder.display()
            ),
        }
        return Ok(Lock { path, file });
    }
}

/// Removes temporary files of a run that was killed while it wrote one of its
/// files, and names them. Other files are left alone.
pub(crate) fn remove_partial_files(folder: &Path) -> Result<()> {
    for path in names(folder)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let is_ours = files().any(|file| {
            let stem = file.split('.').next().unwrap_or_default();
            name.starts_with(&format!(".{stem}."))
        });
        if is_ours && name.ends_with(".part") {
            fs::remove_file(&path)?;
            note!("removed {}, which a killed run left", path.display());
        }
    }
    Ok(())
}

/// Returns the names of all files that a run leaves in its folder.
fn files() -> impl Iterator<Item = &'static str> {
    TRAINING.into_iter().chain(SAMPLES)
}

/// Checks that a file for the weights can be written and is no other file of the
/// run.
pub(crate) fn check_weights(path: &Path, folder: &Path) -> Result<()> {
    let parent = match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    fs::create_dir_all(parent)?;
    tempfile::tempfile_in(parent).with_context(|| {
        format!("--weights: cannot write to {}", parent.display())
    })?;
    ensure!(!path.is_dir(), "--weights {} is a folder", path.display());
    let own = parent.canonicalize()? == folder.canonicalize()?;
    let name = path.file_name().unwrap_or_default();
    ensure!(
        !(own && files().any(|file| name == file)),
        "--weights {} is another file of the run; choose another name",
        path.display()
    );
    Ok(())
}

/// Keeps all files of an older run under other names, so that none is lost, and
/// none stays beside a checkpoint that it does not belong to.
pub(crate) fn keep_older_run(folder: &Path) -> Result<()> {
    if files().any(|name| folder.join(name).exists()) {
        note!("starting anew, with a new network");
        keep_older(folder, files())?;
    }
    Ok(())
}

/// Moves files to unused names. The checkpoint is copied: at every moment there is
/// one.
pub(crate) fn keep_older(
    folder: &Path,
    names_to_keep: impl Iterator<Item = &'static str>,
) -> Result<()> {
    let older = |name: &str, i: u32| {
        let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
        folder.join(format!("{stem}.previous.{i}.{extension}"))
    };
    let number = (1..10_000)
        .find(|&i| files().all(|name| !older(name, i).exists()))
        .context("no name is free for the older files")?;
    let mut kept = vec![];
    for name in names_to_keep {
        let (path, aside) = (folder.join(name), older(name, number));
        if !path.exists() {
            continue;
        }
        if name == CHECKPOINT {
            ddpm::write_atomic(&aside, &fs::read(&path)?)?;
        } else {
            fs::rename(&path, &aside)?;
        }
        kept.push(aside);
    }
    if let Some(first) = kept.first() {
        note!("older files are kept under names such as {}", first.display());
    }
    let is_older = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.contains(".previous.")
    };
    let all: Vec<_> = names(folder)?.into_iter().filter(is_older).collect();
    let sizes = all.iter().map(|p| fs::metadata(p).map_or(0, |m| m.len()));
    let megabytes = sizes.sum::<u64>() / 1_000_000;
    if number > 1 {
        note!(
            "the files with `previous` in their names take {megabytes} MB; delete \
             those that you do not need"
        );
    }
    Ok(())
}

fn names(folder: &Path) -> Result<Vec<PathBuf>> {
    let paths = fs::read_dir(folder)?.map(|entry| Ok(entry?.path()));
    paths.collect()
}
