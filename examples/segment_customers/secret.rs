//! Keys of 32 bytes in files of their own.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::failure::Failure;

/// Reads a key; one that is not there is drawn from the system if that is allowed, for its owner alone.
pub fn read_or_make(path: &Path, may_make: bool) -> Result<Zeroizing<[u8; 32]>, Failure> {
    let refused = |text: String| Failure::Refused(format!("{}: {text}", path.display()));
    match fs::read(path).map(Zeroizing::new) {
        Ok(bytes) => {
            let key = bytes.as_slice().try_into().map(Zeroizing::new);
            key.map_err(|_| refused(format!("a key has 32 bytes, this file has {}", bytes.len())))
        }
        Err(error) if error.kind() != ErrorKind::NotFound => Err(refused(error.to_string())),
        Err(_) if !may_make => Err(refused("the ledger is there but this key of it is not; restore it".to_owned())),
        Err(_) => {
            let mut key = Zeroizing::new([0; 32]);
            getrandom::fill(key.as_mut_slice()).map_err(|error| refused(error.to_string()))?;
            make(path, key.as_slice()).map_err(|error| refused(error.to_string()))?;
            Ok(key)
        }
    }
}

/// Writes beside the place first, so that no half key is ever there.
fn make(path: &Path, key: &[u8]) -> std::io::Result<()> {
    let mut part = path.as_os_str().to_owned();
    part.push(format!(".part-{}", std::process::id()));
    let part = PathBuf::from(part);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&part)?;
    let written = file.write_all(key).and_then(|()| file.sync_all()).and_then(|()| fs::rename(&part, path));
    if written.is_err() {
        let _ = fs::remove_file(&part);
    }
    written
}
