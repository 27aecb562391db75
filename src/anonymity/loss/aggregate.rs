//! The losses of columns as one.

use std::cmp::Ordering;

use crate::anonymity::{Aggregate, Quality};

/// How the losses of columns become one, each weighted.
#[derive(Debug)]
pub(in crate::anonymity) struct Combine {
    pub(in crate::anonymity) aggregate: Aggregate,
    pub(in crate::anonymity) weights: Vec<f64>,
}

/// The loss of a node.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::anonymity) struct Loss {
    /// Grows with the loss and costs no root: what bounds are compared with.
    pub(in crate::anonymity) key: f64,
    /// One number, or several in descending order.
    pub(in crate::anonymity) values: Vec<f64>,
}

impl Combine {
    pub(in crate::anonymity) fn new(quality: &Quality, weights: Vec<f64>) -> Self {
        Self { aggregate: quality.aggregate().unwrap_or(Aggregate::Sum), weights }
    }

    /// The key of losses that are weighted already.
    pub(in crate::anonymity) fn key(&self, weighted: impl Iterator<Item = f64>) -> f64 {
        match self.aggregate {
            Aggregate::Geometric => weighted.fold(1.0, |product, y| product * (1.0 + y)),
            Aggregate::Arithmetic | Aggregate::Sum => weighted.fold(0.0, |sum, y| sum + y),
            Aggregate::Max | Aggregate::Rank => weighted.fold(0.0, f64::max),
        }
    }

    /// The loss that a key stands for; of ranks, the largest.
    pub(in crate::anonymity) fn value(&self, key: f64) -> f64 {
        let n_columns = self.weights.len() as f64;
        match self.aggregate {
            Aggregate::Geometric => key.powf(1.0 / n_columns) - 1.0,
            Aggregate::Arithmetic => key / n_columns,
            Aggregate::Sum | Aggregate::Max | Aggregate::Rank => key,
        }
    }

    /// The loss of a node from that of its columns.
    pub(in crate::anonymity) fn loss(&self, columns: &[f64]) -> Loss {
        let weighted = || columns.iter().zip(&self.weights).map(|(x, weight)| weight * x);
        let key = self.key(weighted());
        let values = if self.aggregate == Aggregate::Rank {
            let mut values: Vec<f64> = weighted().collect();
            values.sort_by(|a, b| b.total_cmp(a));
            values
        } else {
            vec![self.value(key)]
        };
        Loss { key, values }
    }
}

impl Loss {
    pub(in crate::anonymity) fn single(value: f64) -> Self {
        Self { key: value, values: vec![value] }
    }

    /// Compares one number after the other.
    pub(in crate::anonymity) fn order(&self, other: &Self) -> Ordering {
        let pairs = self.values.iter().zip(&other.values);
        pairs.map(|(a, b)| a.total_cmp(b)).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    }
}
