//! Bounds of the loss that need no grouping.

use super::LossModel;
use crate::anonymity::Metric;

/// Of every column and level, the least it adds: weighted, ready to combine.
#[derive(Debug)]
pub(in crate::anonymity) struct Bounds {
    pub(in crate::anonymity) columns: Vec<Vec<f64>>,
    /// Whether the bound is the loss.
    pub(in crate::anonymity) is_exact: bool,
    /// Whether columns add anything; if not, bounds come from classes of more special nodes.
    pub(in crate::anonymity) is_separable: bool,
}

impl Bounds {
    pub(in crate::anonymity) fn new(model: &LossModel) -> Self {
        let weighted = model.columns.iter().zip(&model.combine.weights);
        let columns = weighted.enumerate().map(|(place, (column, weight))| {
            let levels = 0..column.levels.len();
            levels.map(|level| weight * Self::least(model, place, level)).collect()
        });
        Self {
            columns: columns.collect(),
            is_exact: matches!(model.metric, Metric::Nue | Metric::Precision | Metric::Height),
            is_separable: model.is_per_column(),
        }
    }

    /// The key of the least loss of a node.
    pub(in crate::anonymity) fn key(&self, model: &LossModel, node: &[u8]) -> f64 {
        if !self.is_separable {
            return 0.0;
        }
        let levels = self.columns.iter().zip(node);
        model.combine.key(levels.map(|(column, level)| column.get(usize::from(*level)).copied().unwrap_or(0.0)))
    }

    fn least(model: &LossModel, place: usize, level: usize) -> f64 {
        let Some(column) = model.columns.get(place) else { return 0.0 };
        let generalisation = model.factors.generalisation;
        match model.metric {
            Metric::Loss => {
                let (n, h) = (model.n as f64, column.n_values as f64);
                let all = column.levels.get(level).map_or(0, |level| level.total) as f64;
                let low = generalisation * n / h;
                if n == low { 0.0 } else { ((generalisation * all / h - low) / (n - low)).max(0.0) }
            }
            Metric::NmPrecision => {
                let least = model.level_loss(column, level, 0);
                least.min(model.factors.suppression)
            }
            Metric::Nue | Metric::NmNue | Metric::Precision | Metric::Height => model.level_loss(column, level, 0),
            _ => 0.0,
        }
    }
}
