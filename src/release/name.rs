//! Names of segments in words.

use std::collections::BTreeMap;

use crate::feature::{Features, Scores, quantile};

/// Gives every segment a name that says what its median customer is like.
///
/// With recency and frequency among the features, median customers are scored from 1 to 5 on both and named by the
/// usual grid; segments that share a name are told apart by their spend. Other segments are called by their number.
///
/// `members` holds the rows of the segments that are shown, each with its number.
// PRIVACY: ranks among twins count shown segments only, so that no name tells anything of a hidden one.
pub(super) fn names(features: &Features, members: &[(usize, &[usize])]) -> Vec<String> {
    let column = |name: &str| features.columns().iter().position(|column| column.name == name);
    let all: Vec<usize> = (0..features.n_customers()).collect();
    let values = |rows: &[usize], column: usize| -> Vec<f64> {
        rows.iter().filter_map(|row| features.original.get((*row, column))).copied().collect()
    };
    let median = |rows: &[usize], column: usize| {
        let mut values = values(rows, column);
        values.sort_unstable_by(f64::total_cmp);
        quantile(&values, 1, 2).unwrap_or(0.0)
    };
    let numbered = || members.iter().map(|(number, _)| format!("segment {number}")).collect();
    if members.len() == 1 && members.iter().all(|(_, rows)| rows.len() == features.n_customers()) {
        return vec!["all customers".to_owned()];
    }
    let (Some(recency), Some(frequency)) = (column("recency_days"), column("frequency")) else { return numbered() };
    let scores = |column, low_is_good| Scores::by_quantiles(values(&all, column), 5, low_is_good);
    let (Some(by_recency), Some(by_frequency)) = (scores(recency, true), scores(frequency, false)) else {
        return numbered();
    };
    let grid: Vec<&str> = members
        .iter()
        .map(|(_, rows)| {
            grid_name(by_recency.score(median(rows, recency)), by_frequency.score(median(rows, frequency)))
        })
        .collect();
    let spend: Vec<f64> = match column("monetary_total") {
        Some(money) => members.iter().map(|(_, rows)| median(rows, money)).collect(),
        None => members.iter().map(|(_, rows)| rows.len() as f64).collect(),
    };
    let what = if column("monetary_total").is_some() { "spend" } else { "number" };
    let mut places: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (place, name) in grid.iter().enumerate() {
        places.entry(name).or_default().push(place);
    }
    for twins in places.values_mut() {
        // Highest spend first; of equal spend the lower number.
        let of = |place: &usize| spend.get(*place).copied().unwrap_or(0.0);
        twins.sort_by(|a, b| of(b).total_cmp(&of(a)).then(a.cmp(b)));
    }
    grid.iter()
        .enumerate()
        .map(|(place, name)| {
            let twins = places.get(name).map_or(&[][..], Vec::as_slice);
            let above = twins.iter().position(|other| *other == place).unwrap_or(0);
            match (twins.len(), above) {
                (1, _) => (*name).to_owned(),
                (2, 0) => format!("{name}, higher {what}"),
                (2, _) => format!("{name}, lower {what}"),
                (n, above) => format!("{name}, {what} rank {} of {n}", above + 1),
            }
        })
        .collect()
}

/// The grid of recency and frequency scores that most marketing tools share, in the names of R's `rfm` package.
const fn grid_name(recency: u8, frequency: u8) -> &'static str {
    match (recency, frequency) {
        (5, 1) => "new customers",
        (5, 2 | 3) | (4, 2 | 3) => "potential loyalists",
        (5, _) => "champions",
        (4, 1) => "promising",
        (4 | 3, 4..) => "loyal customers",
        (3, 3) => "need attention",
        (3, _) => "about to sleep",
        (_, 5) => "cannot lose them",
        (_, 3 | 4) => "at risk",
        (_, _) => "lost",
    }
}

#[cfg(test)]
mod tests {
    use super::grid_name;

    #[test]
    fn the_grid_names_every_cell() {
        let row = |recency| (1..=5).map(|frequency| grid_name(recency, frequency)).collect::<Vec<_>>();
        assert_eq!(row(5), ["new customers", "potential loyalists", "potential loyalists", "champions", "champions"]);
        assert_eq!(
            row(4),
            ["promising", "potential loyalists", "potential loyalists", "loyal customers", "loyal customers"]
        );
        assert_eq!(
            row(3),
            ["about to sleep", "about to sleep", "need attention", "loyal customers", "loyal customers"]
        );
        assert_eq!(row(2), ["lost", "lost", "at risk", "at risk", "cannot lose them"]);
        assert_eq!(row(1), row(2));
    }
}
