//! Parts of a table, cut until nothing can be cut.

use rayon::prelude::*;

/// Rows that stay together, ascending, and what they are under so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) rows: Vec<u32>,
    /// Of every column its node: level and least value under it. Empty for models that do not walk hierarchies.
    pub(super) nodes: Vec<(usize, u32)>,
}

/// How one part is cut.
pub(super) trait Cutter: Sync {
    /// What may be used again from part to part; its content decides nothing.
    type Scratch: Send;

    fn scratch(&self) -> Self::Scratch;

    /// Gives the parts a part falls into, none if it stays; may sharpen what it is under.
    fn cut(&self, part: &mut Part, scratch: &mut Self::Scratch) -> Vec<Part>;
}

/// Cuts until nothing can be cut; gives the parts in the order of their first rows.
///
/// Large parts are cut side by side, a small one down to its end by one thread. A part is cut by what it holds alone, so
/// that the result is the same on any number of threads.
pub(super) fn cut_all<C: Cutter>(cutter: &C, roots: Vec<Part>) -> Vec<Part> {
    let mut open = roots;
    let mut done = Vec::new();
    while !open.is_empty() {
        let (small, large): (Vec<_>, Vec<_>) = open.into_iter().partition(|part| part.rows.len() <= SMALL);
        let finished =
            small.into_par_iter().map_init(|| cutter.scratch(), |scratch, part| cut_down(cutter, part, scratch));
        let step = large.into_par_iter().map_init(
            || cutter.scratch(),
            |scratch, mut part| {
                let parts = cutter.cut(&mut part, scratch);
                if parts.is_empty() { (Some(part), parts) } else { (None, parts) }
            },
        );
        let (finished, stepped) = rayon::join(|| finished.collect::<Vec<_>>(), || step.collect::<Vec<_>>());
        done.extend(finished.into_iter().flatten());
        open = Vec::new();
        for (whole, parts) in stepped {
            done.extend(whole);
            open.extend(parts);
        }
    }
    done.par_sort_unstable_by_key(|part| part.rows.first().copied());
    done
}

fn cut_down<C: Cutter>(cutter: &C, part: Part, scratch: &mut C::Scratch) -> Vec<Part> {
    let mut open = vec![part];
    let mut done = Vec::new();
    while let Some(mut part) = open.pop() {
        let parts = cutter.cut(&mut part, scratch);
        if parts.is_empty() { done.push(part) } else { open.extend(parts) }
    }
    done
}

/// Rows from which on a part is shared out instead of being cut by one thread.
const SMALL: usize = 1024;
