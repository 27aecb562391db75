//! Where the bytes of a ledger are: a file with a lock and a head beside it, or memory.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::{Digest, LedgerError};

/// The bytes of a ledger.
#[derive(Debug)]
pub(super) enum Store {
    /// Bytes that end with the program.
    Memory(Vec<u8>),
    /// A file of which this is the only writer.
    File(LockedFile),
}

/// A file with its lock.
#[derive(Debug)]
pub(super) struct LockedFile {
    file: Mutex<File>,
    path: PathBuf,
    length: u64,
}

/// The last record that was handed out for certain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) n_records: u64,
    pub(super) length: u64,
    pub(super) link: Digest,
}

impl Store {
    /// A new file; its directory must exist and the file must not.
    pub(super) fn create(path: &Path) -> Result<Self, LedgerError> {
        lock(path)?;
        let opened = OpenOptions::new().read(true).write(true).create_new(true).open(path);
        let file = opened.map_err(|error| {
            unlock(path);
            LedgerError::io("created")(error)
        })?;
        Ok(Self::File(LockedFile { file: Mutex::new(file), path: path.to_owned(), length: 0 }))
    }

    /// A file that is there.
    pub(super) fn open(path: &Path) -> Result<Self, LedgerError> {
        lock(path)?;
        let opened = OpenOptions::new().read(true).write(true).open(path);
        let opened = opened.and_then(|file| file.metadata().map(|data| (file, data.len())));
        let (file, length) = opened.map_err(|error| {
            unlock(path);
            LedgerError::io("opened")(error)
        })?;
        Ok(Self::File(LockedFile { file: Mutex::new(file), path: path.to_owned(), length }))
    }

    /// Whether the bytes outlive the program.
    pub(super) const fn is_kept(&self) -> bool {
        matches!(self, Self::File(_))
    }

    pub(super) const fn length(&self) -> u64 {
        match self {
            Self::Memory(bytes) => bytes.len() as u64,
            Self::File(file) => file.length,
        }
    }

    /// Some bytes, fewer at the end.
    pub(super) fn read(&self, at: u64, n: usize) -> Result<Vec<u8>, LedgerError> {
        match self {
            Self::Memory(bytes) => {
                let start = usize::try_from(at).unwrap_or(usize::MAX).min(bytes.len());
                let end = start.saturating_add(n).min(bytes.len());
                Ok(bytes.get(start..end).unwrap_or_default().to_vec())
            }
            Self::File(locked) => {
                let mut file = locked.file.lock().unwrap_or_else(PoisonError::into_inner);
                let mut bytes = Vec::new();
                file.seek(SeekFrom::Start(at)).map_err(LedgerError::io("read"))?;
                Read::by_ref(&mut *file).take(n as u64).read_to_end(&mut bytes).map_err(LedgerError::io("read"))?;
                Ok(bytes)
            }
        }
    }

    /// Adds bytes at the end; they are on the medium when this returns.
    pub(super) fn append(&mut self, parts: &[&[u8]]) -> Result<(), LedgerError> {
        match self {
            Self::Memory(bytes) => parts.iter().for_each(|part| bytes.extend_from_slice(part)),
            Self::File(locked) => {
                let file = locked.file.get_mut().unwrap_or_else(PoisonError::into_inner);
                file.seek(SeekFrom::Start(locked.length)).map_err(LedgerError::io("written"))?;
                for part in parts {
                    file.write_all(part).map_err(LedgerError::io("written"))?;
                    locked.length += part.len() as u64;
                }
                file.sync_all().map_err(LedgerError::io("flushed"))?;
            }
        }
        Ok(())
    }

    /// Cuts off what was never handed out.
    pub(super) fn cut(&mut self, length: u64) -> Result<(), LedgerError> {
        match self {
            Self::Memory(bytes) => bytes.truncate(usize::try_from(length).unwrap_or(usize::MAX)),
            Self::File(locked) => {
                let file = locked.file.get_mut().unwrap_or_else(PoisonError::into_inner);
                file.set_len(length).and_then(|()| file.sync_all()).map_err(LedgerError::io("cut"))?;
                locked.length = length;
            }
        }
        Ok(())
    }

    /// The head that was written last; `None` in memory.
    pub(super) fn head(&self) -> Result<Option<Head>, LedgerError> {
        let Self::File(locked) = self else { return Ok(None) };
        // PRIVACY: without a head nobody knows how far the ledger should reach, so it cannot be trusted.
        let text = fs::read_to_string(beside(&locked.path, "head")).map_err(|_| LedgerError::Rewound)?;
        Head::parse(&text).map(Some).ok_or(LedgerError::Rewound)
    }

    /// Puts a new head in place of the old one, whole or not at all.
    pub(super) fn set_head(&self, head: Head) -> Result<(), LedgerError> {
        let Self::File(locked) = self else { return Ok(()) };
        let (path, fresh) = (beside(&locked.path, "head"), beside(&locked.path, "head.new"));
        let written = File::create(&fresh)
            .and_then(|mut file| file.write_all(head.text().as_bytes()).and_then(|()| file.sync_all()))
            .and_then(|()| fs::rename(&fresh, &path));
        written.map_err(LedgerError::io("written"))?;
        // A directory cannot be opened everywhere; where it can, its entry is flushed, too.
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(folder).and_then(|folder| folder.sync_all()).or(Ok(()))
    }
}

impl Drop for LockedFile {
    fn drop(&mut self) {
        unlock(&self.path);
    }
}

impl Head {
    fn text(&self) -> String {
        format!("{HEAD}\n{} {} {}\n", self.n_records, self.length, self.link)
    }

    fn parse(text: &str) -> Option<Self> {
        let mut words = text.strip_prefix(HEAD)?.strip_prefix('\n')?.strip_suffix('\n')?.split(' ');
        let head = Self {
            n_records: words.next()?.parse().ok()?,
            length: words.next()?.parse().ok()?,
            link: Digest::parse(words.next()?)?,
        };
        words.next().is_none().then_some(head)
    }
}

/// Takes the lock: a file that only one writer can create.
fn lock(path: &Path) -> Result<(), LedgerError> {
    match OpenOptions::new().write(true).create_new(true).open(beside(path, "lock")) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Err(LedgerError::Locked),
        Err(error) => Err(LedgerError::io("locked")(error)),
    }
}

fn unlock(path: &Path) {
    // A lock that cannot be removed keeps the next writer out, which is the safe side.
    let _ = fs::remove_file(beside(path, "lock"));
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    PathBuf::from(name)
}

const HEAD: &str = "consentric-release-ledger head 1";
