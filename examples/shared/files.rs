//! Output files that appear whole or not at all.

use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// Writes all files or none: they are written to a folder of their own first, then renamed into place.
///
/// A file with no text is removed, so that nothing from an earlier run is taken for this one's.
pub fn write_all(folder: &Path, files: &[(&str, Option<String>)]) -> Result<Vec<PathBuf>, Failure> {
    fs::create_dir_all(folder).map_err(|error| refused(folder, &error))?;
    // A folder in the way would stop the renaming half way.
    if let Some((name, _)) = files.iter().find(|(name, _)| folder.join(name).is_dir()) {
        return Err(Failure::Refused(format!("{}: is a folder", folder.join(name).display())));
    }
    // The process number keeps two runs apart.
    let parts = folder.join(format!(".parts-{}", std::process::id()));
    let written = write_and_rename(folder, &parts, files);
    let _ = fs::remove_dir_all(&parts);
    written
}

fn write_and_rename(folder: &Path, parts: &Path, files: &[(&str, Option<String>)]) -> Result<Vec<PathBuf>, Failure> {
    fs::create_dir_all(parts).map_err(|error| refused(parts, &error))?;
    for (name, text) in files {
        if let Some(text) = text {
            fs::write(parts.join(name), text).map_err(|error| refused(&parts.join(name), &error))?;
        }
    }
    let mut written = Vec::new();
    for (name, text) in files {
        let path = folder.join(name);
        if text.is_some() {
            fs::rename(parts.join(name), &path).map_err(|error| refused(&path, &error))?;
            written.push(path);
        } else if path.exists() {
            fs::remove_file(&path).map_err(|error| refused(&path, &error))?;
        }
    }
    Ok(written)
}

fn refused(path: &Path, error: &std::io::Error) -> Failure {
    Failure::Refused(format!("{}: {error}", path.display()))
}
