//! Mondrian along hierarchies: a part starts under the top labels and takes, step by step, the labels below.

use std::collections::BTreeMap;

use super::super::prepared::{Prepared, PreparedQuasi};
use super::super::{AnonymityError, Hierarchy};
use super::parts::{Cutter, Part};
use super::passes::Judge;

/// Cuts a part by the children of the label it has in one column.
#[derive(Debug)]
pub(super) struct AlongHierarchies<'a> {
    columns: Vec<Tree<'a>>,
    judge: &'a Judge<'a>,
}

#[derive(Debug)]
struct Tree<'a> {
    hierarchy: &'a Hierarchy,
    codes: Vec<u32>,
    least_level: usize,
    top_level: usize,
    /// What one value less under the label of one row takes from the loss, but for a factor all columns share.
    fall: f64,
}

/// The rows of a part under one child.
#[derive(Clone, Debug)]
struct Child {
    group: u32,
    n: u64,
    counts: Vec<u64>,
}

/// One way to cut a part.
#[derive(Debug)]
struct Step {
    column: usize,
    fall: f64,
    specialised: Vec<Child>,
}

impl<'a> AlongHierarchies<'a> {
    /// # Errors
    /// [`AnonymityError::NoHierarchy`] for a column without one.
    pub(super) fn new(prepared: &Prepared<'a>, judge: &'a Judge<'a>) -> Result<Self, AnonymityError> {
        let columns = prepared.quasi.iter().map(Tree::new).collect::<Result<_, _>>()?;
        Ok(Self { columns, judge })
    }

    /// The parts to start from: rows with equal top labels, one part where every hierarchy has a root.
    pub(super) fn roots(&self, rows: &[u32]) -> Vec<Part> {
        let mut roots: BTreeMap<Vec<(usize, u32)>, Vec<u32>> = BTreeMap::new();
        if self
            .columns
            .iter()
            .all(|column| column.hierarchy.has_root() && column.top_level == column.hierarchy.height())
        {
            let nodes = self.columns.iter().map(|column| (column.top_level, 0)).collect();
            roots.insert(nodes, rows.to_vec());
        } else {
            for row in rows {
                let node = |column: &Tree<'_>| (column.top_level, column.group(column.top_level, *row));
                roots.entry(self.columns.iter().map(node).collect()).or_default().push(*row);
            }
        }
        roots.into_iter().map(|(nodes, rows)| Part { rows, nodes }).collect()
    }

    /// The rows of a part under each child of its label in a column, ascending; the part takes the label of an only child.
    fn children(&self, part: &mut Part, place: usize, counts: &mut Vec<u32>) -> Option<Vec<Child>> {
        let column = self.columns.get(place)?;
        let node = part.nodes.get_mut(place)?;
        while node.0 > column.least_level {
            let groups = column.hierarchy.groups(node.0 - 1)?;
            if counts.len() < groups.len() {
                counts.resize(groups.len(), 0);
            }
            let mut found = Vec::new();
            for row in &part.rows {
                let group = column.codes.get(*row as usize).and_then(|code| groups.get(*code as usize))?;
                let count = counts.get_mut(*group as usize)?;
                if *count == 0 {
                    found.push(*group);
                }
                *count += 1;
            }
            found.sort_unstable();
            let n = |group: u32| counts.get(group as usize).map_or(0, |n| u64::from(*n));
            let children: Vec<Child> =
                found.iter().map(|group| Child { group: *group, n: n(*group), counts: Vec::new() }).collect();
            for group in found {
                *counts.get_mut(group as usize)? = 0;
            }
            match children.as_slice() {
                [only] => *node = (node.0 - 1, only.group),
                _ => return Some(children),
            }
        }
        None
    }

    /// The cut by some children: those that pass alone take their labels, the others keep the parent's together.
    ///
    /// Where the others do not pass together, the smallest that would pass alone joins them, then the next.
    fn step(&self, part: &Part, place: usize, mut children: Vec<Child>) -> Option<Step> {
        let column = self.columns.get(place)?;
        let (level, group) = *part.nodes.get(place)?;
        if self.judge.needs_counts() {
            for child in &mut children {
                child.counts = vec![0; self.judge.width()];
            }
            for row in &part.rows {
                let group = column.group(level - 1, *row);
                let found = children.binary_search_by_key(&group, |child| child.group).ok()?;
                self.judge.add(*row, &mut children.get_mut(found)?.counts);
            }
        }
        let passes = |child: &Child| self.judge.passes(child.n, &child.counts);
        let (mut specialised, failing): (Vec<_>, Vec<_>) = children.into_iter().partition(passes);
        let mut joined = failing.into_iter().reduce(Child::join);
        while let Some(rest) = joined.take_if(|rest| !passes(rest)) {
            let smallest = specialised.iter().enumerate().min_by_key(|(_, child)| (child.n, child.group))?.0;
            joined = Some(rest.join(specialised.remove(smallest)));
        }
        if specialised.is_empty() {
            return None;
        }
        let size = |level, group| u128::from(column.hierarchy.group_size(level, group).unwrap_or(0));
        let own = size(level, group);
        let narrower = |child: &Child| u128::from(child.n) * own.saturating_sub(size(level - 1, child.group));
        let fall = specialised.iter().map(narrower).sum::<u128>() as f64 * column.fall;
        Some(Step { column: place, fall, specialised })
    }

    fn take(&self, part: &Part, step: &Step) -> Option<Vec<Part>> {
        let column = self.columns.get(step.column)?;
        let level = part.nodes.get(step.column)?.0 - 1;
        let mut rows = vec![Vec::new(); step.specialised.len()];
        let mut rest = Vec::new();
        for row in &part.rows {
            let group = column.group(level, *row);
            let found = step.specialised.binary_search_by_key(&group, |child| child.group);
            found.ok().and_then(|found| rows.get_mut(found)).unwrap_or(&mut rest).push(*row);
        }
        let mut parts = Vec::with_capacity(rows.len() + 1);
        for (rows, child) in rows.into_iter().zip(&step.specialised) {
            let mut nodes = part.nodes.clone();
            *nodes.get_mut(step.column)? = (level, child.group);
            parts.push(Part { rows, nodes });
        }
        if !rest.is_empty() {
            parts.push(Part { rows: rest, nodes: part.nodes.clone() });
        }
        Some(parts)
    }
}

impl Cutter for AlongHierarchies<'_> {
    type Scratch = Vec<u32>;

    fn scratch(&self) -> Vec<u32> {
        Vec::new()
    }

    fn cut(&self, part: &mut Part, counts: &mut Vec<u32>) -> Vec<Part> {
        let is_final = (part.rows.len() as u64) < self.judge.floor().saturating_mul(2);
        let mut best: Option<Step> = None;
        for place in 0..self.columns.len() {
            let Some(children) = self.children(part, place, counts) else { continue };
            if is_final {
                continue;
            }
            let Some(step) = self.step(part, place, children) else { continue };
            // Of equal falls the first column's.
            if best.as_ref().is_none_or(|best| step.fall > best.fall) {
                best = Some(step);
            }
        }
        best.and_then(|step| self.take(part, &step)).unwrap_or_default()
    }
}

impl<'a> Tree<'a> {
    fn new(quasi: &PreparedQuasi<'a>) -> Result<Self, AnonymityError> {
        let missing = || AnonymityError::NoHierarchy { column: quasi.column.name().to_owned() };
        let hierarchy = quasi.hierarchy.ok_or_else(missing)?;
        let (least_level, top_level) = quasi.levels;
        // SPEC: the loss of a column is (S - low) / (N - low), so one value of H weighs 1 / (H - 1).
        let fall = if hierarchy.n_values() > 1 { quasi.weight / (hierarchy.n_values() - 1) as f64 } else { 0.0 };
        Ok(Self { hierarchy, codes: quasi.codes.to_vec(), least_level, top_level, fall })
    }

    fn group(&self, level: usize, row: u32) -> u32 {
        self.codes.get(row as usize).and_then(|code| self.hierarchy.group(level, *code)).unwrap_or(0)
    }
}

impl Child {
    fn join(mut self, other: Self) -> Self {
        self.n += other.n;
        for (count, more) in self.counts.iter_mut().zip(other.counts) {
            *count += more;
        }
        self
    }
}
