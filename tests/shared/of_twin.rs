//! The twin's problems as the library's.

use consentric::anonymity::{
    AbsentClasses, Aggregate, Anonymization, Attack, ColumnType, Criterion, EntropyEstimator, Hierarchy, Metric,
    PopulationEstimator, Profit, Quality, Role, Subset, SuppressionLimit, Table, TableColumn,
};

use crate::naive::problem::{self as asked, Problem};

pub fn table(problem: &Problem) -> Table {
    let names = problem.table.columns.iter().enumerate();
    let columns = names.map(|(place, name)| {
        let role = if problem.qi.contains(name) {
            Role::Quasi
        } else if problem.sensitive.contains(name) {
            Role::Sensitive
        } else {
            Role::Insensitive
        };
        let numeric = problem.numeric.contains(name);
        let column_type = if numeric { ColumnType::Numeric } else { ColumnType::Categorical };
        TableColumn::new(name, role, column_type, problem.table.rows.iter().map(|row| row[place].as_str())).unwrap()
    });
    Table::from_columns("random", columns.collect()).unwrap()
}

fn hierarchy(problem: &Problem, column: &str) -> Hierarchy {
    Hierarchy::from_rows(column, &problem.hierarchy(column).rows).unwrap()
}

fn profit(problem: &Problem) -> Profit {
    let asked::Profit { benefit, loss, gain, cost } = problem.profit;
    Profit::new(benefit, loss, gain, cost).unwrap()
}

fn criterion(problem: &Problem, rule: &asked::Criterion) -> Option<Criterion> {
    let criterion = match rule {
        asked::Criterion::K(k) => Criterion::k_anonymity(*k),
        asked::Criterion::DistinctL { column, l } => Criterion::l_distinct(column, *l),
        asked::Criterion::EntropyL { column, l, estimator } => {
            let estimator = match estimator {
                asked::Entropy::Shannon => EntropyEstimator::Shannon,
                asked::Entropy::Grassberger => EntropyEstimator::Grassberger,
            };
            Criterion::l_entropy(column, *l, estimator)
        }
        asked::Criterion::RecursiveL { column, c, l } => Criterion::l_recursive(column, *c, *l),
        asked::Criterion::TEqual { column, t } => Criterion::t_equal(column, *t),
        asked::Criterion::TOrdered { column, t } => match problem.orders.get(column) {
            Some(order) => Criterion::t_ordered_by(column, *t, order.clone()),
            None => Criterion::t_ordered(column, *t),
        },
        asked::Criterion::THierarchical { column, t } => {
            Criterion::t_hierarchical(column, *t, &hierarchy(problem, column))
        }
        asked::Criterion::Beta { column, beta, enhanced: false } => Criterion::beta_basic(column, *beta),
        asked::Criterion::Beta { column, beta, enhanced: true } => Criterion::beta_enhanced(column, *beta),
        asked::Criterion::DeltaDisclosure { column, delta } => Criterion::delta_disclosure(column, *delta),
        asked::Criterion::DeltaPresence { lo, hi } => Criterion::delta_presence(*lo, *hi),
        asked::Criterion::KMapTable(k) => Criterion::k_map(*k),
        asked::Criterion::KMapEstimated { k, population, significance, estimator } => {
            let estimator = match estimator {
                asked::KMapEstimator::Poisson => PopulationEstimator::Poisson,
                asked::KMapEstimator::ZeroTruncated => PopulationEstimator::ZeroTruncated,
            };
            Criterion::k_map_estimated(*k, *population as u64, *significance, estimator)
        }
        // The subset alone.
        asked::Criterion::Inclusion => return None,
        asked::Criterion::Profitability(attacker) => {
            let attack = match attacker {
                asked::Attacker::Prosecutor => Attack::Prosecutor,
                asked::Attacker::Journalist => Attack::Journalist,
                asked::Attacker::ProsecutorNoAttack => Attack::ProsecutorNoAttack,
                asked::Attacker::JournalistNoAttack => Attack::JournalistNoAttack,
            };
            Criterion::profitability(attack, profit(problem))
        }
        asked::Criterion::AverageRisk(limit) => Criterion::average_risk(*limit),
        asked::Criterion::SampleUniqueness(limit) => Criterion::sample_uniqueness(*limit),
    };
    Some(criterion.unwrap())
}

pub fn anonymization(problem: &Problem, table: &Table) -> Anonymization {
    let metric = match problem.metric {
        asked::Metric::Loss => Metric::Loss,
        asked::Metric::Nue => Metric::Nue,
        asked::Metric::Nmnue => Metric::NmNue,
        asked::Metric::Precision => Metric::Precision,
        asked::Metric::NmPrecision => Metric::NmPrecision,
        asked::Metric::Height => Metric::Height,
        asked::Metric::Aecs => Metric::Aecs,
        asked::Metric::DmStar => Metric::DmStar,
        asked::Metric::Dm => Metric::Dm,
        asked::Metric::Ebil => Metric::Ebil,
        asked::Metric::Payout => Metric::Payout,
        asked::Metric::PayoutJournalist => Metric::PayoutJournalist,
    };
    let mut quality = Quality::new(metric).with_gs_factor(problem.gs).unwrap().with_profit(profit(problem));
    if let Some(aggregate) = problem.aggregate {
        quality = quality.with_aggregate(match aggregate {
            asked::Aggregate::Geometric => Aggregate::Geometric,
            asked::Aggregate::Arithmetic => Aggregate::Arithmetic,
            asked::Aggregate::Sum => Aggregate::Sum,
            asked::Aggregate::Max => Aggregate::Max,
            asked::Aggregate::Rank => Aggregate::Rank,
        });
    }
    for (column, weight) in &problem.weights {
        quality = quality.with_weight(column, *weight).unwrap();
    }
    let absent = match problem.absent {
        asked::AbsentClasses::Check => AbsentClasses::Check,
        asked::AbsentClasses::Skip => AbsentClasses::Skip,
    };
    let mut plan = Anonymization::new()
        .with_suppression(SuppressionLimit::new(problem.suppression).unwrap())
        .with_quality(quality)
        .with_absent_classes(absent);
    for column in &problem.qi {
        plan = plan.with_quasi(column, &hierarchy(problem, column));
    }
    for (column, (min, max)) in &problem.levels {
        plan = plan.with_levels(column, *min, *max).unwrap();
    }
    for rule in &problem.criteria {
        if let Some(criterion) = criterion(problem, rule) {
            plan = plan.with_criterion(criterion);
        }
    }
    match &problem.subset {
        Some(rows) => plan.with_subset(Subset::of_rows(table, rows.iter().map(|row| *row as u64)).unwrap()),
        None => plan,
    }
}

/// Equal to nine digits.
pub fn near(ours: &[f64], twin: &[f64]) -> bool {
    ours.len() == twin.len() && ours.iter().zip(twin).all(|(a, b)| a == b || (a - b).abs() <= 1e-9 * b.abs().max(1.0))
}
