//! Combinations of released cells that single out a small group.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Finding;
use super::built::Built;
use super::elimination::{Isolation, Row, isolates};
use super::state::Window;

/// The sets of which one column is told: planned ones and those of the last releases, each list ascending.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Question {
    pub(super) planned: Vec<u32>,
    pub(super) stored: Vec<u32>,
}

/// The planned sets that must not be shown, each with why: sums and differences of shown sets would single out a group
/// of fewer than `threshold` customers.
///
/// Customers who are in the same sets are one atom. A figure is the sum of what its atoms contribute, so a group whose
/// indicator is a combination of those of shown sets is known to the last digit. The smallest set of a combination that
/// singles out a group is withheld, and the rest is looked at again.
pub(super) fn combinations(
    question: &Question,
    windows: &[&Window],
    built: &Built,
    threshold: u64,
) -> Vec<(u32, Finding)> {
    let mut withheld = Vec::new();
    let mut open: BTreeSet<u32> = question.planned.iter().copied().collect();
    let atoms = Atoms::of(question, windows, built);
    while !open.is_empty() {
        let rows = atoms.rows(&open);
        let (sources, finding) = match isolates(rows, &atoms.weights, threshold) {
            Isolation::None => break,
            Isolation::Group { sources } => (sources, Finding::Combination),
            Isolation::Undecided { sources } => (sources, Finding::Undecided),
        };
        let size = |set: &u32| built.sets.get(*set as usize).map_or(0, |set| set.members.n());
        let planned = || sources.iter().filter(|set| open.contains(set));
        let all: Vec<u32> = match finding {
            Finding::Combination => planned().min_by_key(|set| (size(set), **set)).copied().into_iter().collect(),
            _ => planned().copied().collect(),
        };
        if all.is_empty() {
            break;
        }
        for set in all {
            open.remove(&set);
            withheld.push((set, finding));
        }
    }
    withheld
}

/// The customers of one release with their patterns, and the sets of each pattern.
type Part<'a> = (&'a [(u64, u32)], Vec<Vec<u32>>);

/// The atoms of a set, and its place in the plan if it is planned.
type Sourced<'a> = (Option<u32>, &'a [u32]);

/// The customers of all sets of a question, grouped by the sets they are in.
#[derive(Default)]
struct Atoms {
    /// How many customers each has.
    weights: Vec<u64>,
    /// Atoms of the planned sets, ascending.
    planned: BTreeMap<u32, Vec<u32>>,
    /// Atoms of the stored sets, ascending.
    stored: BTreeMap<u32, Vec<u32>>,
    /// The first release of the window that shows a stored set.
    release_of: BTreeMap<u32, usize>,
}

impl Atoms {
    fn of(question: &Question, windows: &[&Window], built: &Built) -> Self {
        // Each release groups the customers by a pattern; groups with equal patterns in all releases are the atoms.
        let mut planned: Vec<(u64, u32)> = Vec::new();
        for (pattern, rows) in (0u32..).zip(&built.atoms.rows) {
            planned.extend(rows.iter().filter_map(|row| built.elements.get(*row as usize)).map(|e| (*e, pattern)));
        }
        planned.sort_unstable();
        let mut parts: Vec<Part<'_>> = Vec::new();
        let keep = |sets: &[Vec<u32>], wanted: &[u32]| -> Vec<Vec<u32>> {
            let inside = |set: &&u32| wanted.binary_search(set).is_ok();
            sets.iter().map(|sets| sets.iter().filter(inside).copied().collect()).collect()
        };
        parts.push((&planned, keep(&built.atoms.sets, &question.planned)));
        parts.extend(
            windows.iter().map(|window| (window.elements.as_slice(), keep(&window.patterns, &question.stored))),
        );
        let mut all: Vec<u64> = parts.iter().flat_map(|(elements, _)| elements.iter().map(|(e, _)| *e)).collect();
        all.sort_unstable();
        all.dedup();
        let mut group = vec![0u32; all.len()];
        let mut signatures: Vec<Vec<(usize, u32)>> = vec![Vec::new()];
        for (part, (elements, patterns)) in parts.iter().enumerate() {
            let mut moved: HashMap<(u32, u32), u32> = HashMap::new();
            let mut own = elements.iter().peekable();
            for (element, group) in all.iter().zip(&mut group) {
                let Some((_, pattern)) = own.next_if(|(next, _)| next == element) else { continue };
                if patterns.get(*pattern as usize).is_none_or(Vec::is_empty) {
                    continue;
                }
                *group = *moved.entry((*group, *pattern)).or_insert_with(|| {
                    let mut signature = signatures.get(*group as usize).cloned().unwrap_or_default();
                    signature.push((part, *pattern));
                    signatures.push(signature);
                    signatures.len() as u32 - 1
                });
            }
        }
        let mut atoms = Self { weights: vec![0; signatures.len()], ..Self::default() };
        for group in &group {
            if let Some(weight) = atoms.weights.get_mut(*group as usize) {
                *weight += 1;
            }
        }
        for (atom, signature) in (0u32..).zip(&signatures) {
            if atoms.weights.get(atom as usize).is_none_or(|weight| *weight == 0) {
                continue;
            }
            for (part, pattern) in signature {
                let sets = parts.get(*part).and_then(|(_, patterns)| patterns.get(*pattern as usize));
                for set in sets.into_iter().flatten() {
                    if *part > 0 {
                        let first = atoms.release_of.entry(*set).or_insert(*part);
                        *first = (*first).min(*part);
                    }
                    let of = if *part == 0 { &mut atoms.planned } else { &mut atoms.stored };
                    let own = of.entry(*set).or_default();
                    // A set of an old release may be shown again in a later one: its atoms count once.
                    if own.last() != Some(&atom) {
                        own.push(atom);
                    }
                }
            }
        }
        atoms
    }

    fn rows(&self, open: &BTreeSet<u32>) -> Vec<Row> {
        let mut releases: BTreeMap<usize, Vec<Sourced<'_>>> = BTreeMap::new();
        for (set, atoms) in &self.stored {
            let release = self.release_of.get(set).copied().unwrap_or(0);
            releases.entry(release).or_default().push((None, atoms));
        }
        let planned = self.planned.iter().filter(|(set, _)| open.contains(set));
        // The plan comes after all releases.
        releases.entry(usize::MAX).or_default().extend(planned.map(|(set, atoms)| (Some(*set), atoms.as_slice())));
        releases.into_values().flat_map(|sets| without_parts(sets, self.weights.len())).collect()
    }
}

/// The rows of the sets of one release, each less the smaller ones that it holds: a margin becomes what its parts leave,
/// and goes if they leave nothing.
///
/// INVARIANT: only smaller sets are taken away, as they are, so the rows span the same combinations.
fn without_parts(mut sets: Vec<Sourced<'_>>, n_atoms: usize) -> Vec<Row> {
    sets.sort_by_key(|(_, atoms)| std::cmp::Reverse(atoms.len()));
    let mut rows = Vec::with_capacity(sets.len());
    let mut inside = vec![false; n_atoms];
    for (place, (source, atoms)) in sets.iter().enumerate() {
        mark(&mut inside, atoms, true);
        let mut sources: BTreeSet<u32> = source.iter().copied().collect();
        for (part, own) in sets.iter().skip(place + 1) {
            if own.iter().all(|atom| inside.get(*atom as usize) == Some(&true)) {
                mark(&mut inside, own, false);
                sources.extend(part);
            }
        }
        let rest: Vec<u32> = atoms.iter().filter(|atom| inside.get(**atom as usize) == Some(&true)).copied().collect();
        mark(&mut inside, &rest, false);
        if !rest.is_empty() {
            rows.push(Row::of(&rest, sources));
        }
    }
    rows
}

fn mark(inside: &mut [bool], atoms: &[u32], value: bool) {
    for atom in atoms {
        if let Some(own) = inside.get_mut(*atom as usize) {
            *own = value;
        }
    }
}
