//! What the rows of a part are called.

use std::collections::HashMap;

use super::super::Hierarchy;
use super::super::prepared::PreparedQuasi;
use super::ordered::{Ordered, Runs};
use super::parts::Part;

/// The labels of one column.
#[derive(Debug, Default)]
pub(super) struct ColumnLabels {
    pub(super) labels: Vec<String>,
    /// Of every part, the number of its label.
    pub(super) codes: Vec<u32>,
    /// Of every label, how many values of the domain it covers.
    pub(super) covers: Vec<u64>,
    /// Values of the domain: of the hierarchy, else the different released values.
    pub(super) domain: u64,
}

/// What stands behind a label; equal exactly if the labels mean the same.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Meaning {
    /// A node of the hierarchy: level and least value.
    Node(usize, u32),
    /// Several nodes of one level.
    Nodes(usize, Vec<u32>),
    /// Values from one place to another.
    Interval(u32, u32),
    /// Single values.
    Values(Vec<u32>),
}

/// Labels of a column without hierarchy: the value where there is one only, else `[lo, hi]` or `{a, b}`.
pub(super) fn of_values(column: &Ordered<'_>, parts: &[Part]) -> ColumnLabels {
    let (mut counts, mut runs) = (Vec::new(), Runs::new());
    let meaning = |part: &Part| {
        column.runs(&part.rows, &mut counts, &mut runs);
        match (runs.first(), runs.last()) {
            (Some((first, _)), Some((last, _))) if column.is_numeric() => Meaning::Interval(*first, *last),
            _ => Meaning::Values(runs.iter().map(|(rank, _)| *rank).collect()),
        }
    };
    let describe = |meaning: &Meaning| match meaning {
        Meaning::Interval(first, last) => (interval(column, *first, *last), column.n_between(*first, *last)),
        Meaning::Values(ranks) => (set(ranks.iter().map(|rank| column.text(*rank))), ranks.len() as u64),
        Meaning::Node(..) | Meaning::Nodes(..) => (String::new(), 0),
    };
    ColumnLabels::new(parts.iter().map(meaning), describe, column.n_values)
}

/// Labels of a column along its hierarchy: the lowest label that all rows of the part share.
///
/// Where they share none up to the highest level allowed, their labels there, `{a, b}`. A hierarchy of one level is an
/// order and no more: its labels are `{a, b}` as well.
pub(super) fn of_hierarchy(hierarchy: &Hierarchy, quasi: &PreparedQuasi<'_>, parts: &[Part]) -> ColumnLabels {
    let codes = quasi.codes.to_vec();
    let group =
        |level: usize, row: u32| codes.get(row as usize).and_then(|code| hierarchy.group(level, *code)).unwrap_or(0);
    let (least, top) = quasi.levels;
    let meaning = |part: &Part| {
        let first = part.rows.first().copied().unwrap_or(0);
        let mut level = least;
        let mut shared = group(level, first);
        for row in &part.rows {
            while group(level, *row) != shared {
                if level == top {
                    let mut groups: Vec<u32> = part.rows.iter().map(|row| group(top, *row)).collect();
                    groups.sort_unstable();
                    groups.dedup();
                    return Meaning::Nodes(top, groups);
                }
                level += 1;
                shared = group(level, first);
            }
        }
        Meaning::Node(level, shared)
    };
    ColumnLabels::new(parts.iter().map(meaning), |meaning| node(hierarchy, meaning), hierarchy.n_values() as u64)
}

/// Labels of a column as the parts carry them.
pub(super) fn of_nodes(hierarchy: &Hierarchy, place: usize, parts: &[Part]) -> ColumnLabels {
    let meaning = |part: &Part| {
        let (level, group) = part.nodes.get(place).copied().unwrap_or_default();
        Meaning::Node(level, group)
    };
    ColumnLabels::new(parts.iter().map(meaning), |meaning| node(hierarchy, meaning), hierarchy.n_values() as u64)
}

/// The mean of every class, written so that reading it back gives the same double.
pub(super) fn of_means(numbers: &[f64], classes: &[Vec<u32>]) -> ColumnLabels {
    let label = |class: &Vec<u32>| {
        let members = || class.iter().filter_map(|point| numbers.get(*point as usize)).copied();
        let ends = |(least, most): (f64, f64), number: f64| (least.min(number), most.max(number));
        let (least, most) = members().fold((f64::INFINITY, f64::NEG_INFINITY), ends);
        let n = class.len() as f64;
        let sum: f64 = members().sum();
        let mean = if sum.is_finite() { sum / n } else { members().map(|number| number / n).sum() };
        // Rounding must not lead out of the class.
        mean.max(least).min(most).to_string()
    };
    let labels: Vec<String> = classes.iter().map(label).collect();
    // A mean says nothing of the domain, so no label covers it.
    let covers = vec![0; labels.len()];
    ColumnLabels { codes: (0..labels.len() as u32).collect(), labels, covers, domain: 1 }
}

impl ColumnLabels {
    /// Numbers the labels in the order of their first parts.
    fn new(meanings: impl Iterator<Item = Meaning>, describe: impl Fn(&Meaning) -> (String, u64), domain: u64) -> Self {
        let mut known: HashMap<Meaning, u32> = HashMap::new();
        let mut made = Self { domain, ..Self::default() };
        for meaning in meanings {
            if let Some(code) = known.get(&meaning) {
                made.codes.push(*code);
                continue;
            }
            let (label, covers) = describe(&meaning);
            made.codes.push(made.labels.len() as u32);
            known.insert(meaning, made.labels.len() as u32);
            made.labels.push(label);
            made.covers.push(covers);
        }
        made
    }

    /// How many values of the domain the label of a part covers.
    pub(super) fn covers(&self, part: usize) -> u64 {
        self.codes.get(part).and_then(|code| self.covers.get(*code as usize)).copied().unwrap_or(self.domain)
    }
}

fn node(hierarchy: &Hierarchy, meaning: &Meaning) -> (String, u64) {
    let size = |level: usize, group: u32| u64::from(hierarchy.group_size(level, group).unwrap_or(0));
    let label = |level: usize, group: u32| hierarchy.label(level, group).unwrap_or_default();
    match meaning {
        Meaning::Node(level, group) => (label(*level, *group).to_owned(), size(*level, *group)),
        Meaning::Nodes(level, groups) => (
            set(groups.iter().map(|group| label(*level, *group))),
            groups.iter().map(|group| size(*level, *group)).sum(),
        ),
        Meaning::Interval(..) | Meaning::Values(_) => (String::new(), 0),
    }
}

fn interval(column: &Ordered<'_>, first: u32, last: u32) -> String {
    let text = |rank| column.text(rank).trim();
    if first == last {
        column.text(first).to_owned()
    } else if !column.is_missing(first) {
        format!("[{}, {}]", text(first), text(last))
    } else if first + 1 == last {
        // A missing value is no end of an interval.
        set([column.text(first), text(last)].into_iter())
    } else {
        format!("{{{}, [{}, {}]}}", column.text(first), text(first + 1), text(last))
    }
}

fn set<'t>(mut texts: impl ExactSizeIterator<Item = &'t str>) -> String {
    if texts.len() == 1 {
        return texts.next().unwrap_or_default().to_owned();
    }
    format!("{{{}}}", texts.collect::<Vec<_>>().join(", "))
}
