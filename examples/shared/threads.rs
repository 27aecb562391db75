//! Running a program's work on as many threads as its flag says.

use crate::failure::Failure;

/// Runs on a pool of its own if a number is given; the result does not depend on it.
pub fn on<T: Send>(threads: Option<u16>, run: impl FnOnce() -> Result<T, Failure> + Send) -> Result<T, Failure> {
    match threads {
        None => run(),
        Some(threads) => rayon::ThreadPoolBuilder::new().num_threads(usize::from(threads)).build()?.install(run),
    }
}
