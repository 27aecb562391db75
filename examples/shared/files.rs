//! Output files that appear whole or not at all.

use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// Writes all files or none: each goes to a temporary name first, then all are renamed.
///
/// A file with no text is removed, so that nothing from an earlier run is taken for this one's.
pub fn write_all(folder: &Path, files: &[(&str, Option<String>)]) -> Result<Vec<PathBuf>, Failure> {
    let refused = |path: &Path, error: std::io::Error| Failure::Refused(format!("{}: {error}", path.display()));
    fs::create_dir_all(folder).map_err(|error| refused(folder, error))?;
    let temporary = |name: &str| folder.join(format!(".{name}.part"));
    for (name, text) in files {
        if let Some(text) = text {
            let part = temporary(name);
            if let Err(error) = fs::write(&part, text) {
                for (name, _) in files {
                    let _ = fs::remove_file(temporary(name));
                }
                return Err(refused(&part, error));
            }
        }
    }
    let mut written = Vec::new();
    for (name, text) in files {
        let path = folder.join(name);
        if text.is_some() {
            fs::rename(temporary(name), &path).map_err(|error| refused(&path, error))?;
            written.push(path);
        } else if path.exists() {
            fs::remove_file(&path).map_err(|error| refused(&path, error))?;
        }
    }
    Ok(written)
}
