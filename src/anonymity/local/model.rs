//! The local models, as they are asked for.

use rayon::prelude::*;

use super::super::prepared::Prepared;
use super::super::{AnonymityError, Anonymization, Outcome, Table};
use super::along_hierarchies::AlongHierarchies;
use super::between_values::BetweenValues;
use super::finish::{Classes, none, outcome};
use super::labels::{self, ColumnLabels};
use super::ordered::Ordered;
use super::parts::{Part, cut_all};
use super::passes::Judge;
use super::points::Points;
use super::{aligned, loss, mdav, micro_loss};

/// Where Mondrian may cut. Closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Mondrian {
    /// Between values: rows with equal values stay together.
    #[default]
    Strict,
    /// Between values, and where no cut between values is left, between rows of one value, by the order of rows.
    Relaxed,
    /// Between the children of a label of a hierarchy.
    AlongHierarchies,
}

/// How rows are grouped around means. Closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Microaggregation {
    /// Maximum distance to average vector over all rows: the least loss, for up to 50,000 rows.
    #[default]
    Mdav,
    /// The same within blocks of at most 4,096 rows: nearly its loss, for any number of rows.
    Hybrid,
    /// Halving at multiples of k: the fastest, and the most loss.
    KAligned,
}

impl Anonymization {
    /// Cuts the rows into classes, each as small as every criterion allows, with labels of its own.
    ///
    /// The part of all rows is cut in two, and so on, as long as **both** halves keep every criterion against the whole
    /// table's distribution. [`Mondrian::Strict`] and [`Mondrian::Relaxed`] try columns from the widest (range over whole
    /// range; different categories less one over all less one) to the narrowest, and cut nearest the middle; in a part
    /// of few classes they prefer a cut after which as many classes are possible as before. Numbers stand by size,
    /// categories as their hierarchy lists them, else by bytes; a hierarchy of one level is an order and no more.
    /// [`Mondrian::AlongHierarchies`] starts under the top labels and takes those below where that lowers the loss most;
    /// children that fail keep the parent's label together, with the smallest of the others if they fail together too.
    ///
    /// A class is called by the value it holds, by `[lo, hi]` or `{a, b}`, or by the lowest label of the hierarchy that
    /// covers it. Classes with equal labels are one to every reader, and are counted as one.
    ///
    /// No row is suppressed; if all rows together break a criterion there is no solution. With a research subset only
    /// its rows are cut, counted and released. The loss is that of the plan's metric with the label of every row; a
    /// column without hierarchy takes its different released values as domain, and a label covers those it spans.
    ///
    /// # Privacy
    /// Classes keep the criteria; who knows the algorithm and is in a class alone with others of equal values still
    /// learns what l-diversity or t-closeness would have hidden, so ask for these where a column is sensitive.
    ///
    /// # Errors
    /// [`AnonymityError::NotLocal`] for a criterion that is not about single classes, [`AnonymityError::Unsupported`]
    /// for a metric of levels, [`AnonymityError::NoHierarchy`] if a model along hierarchies misses one; errors of columns
    /// and values that do not fit the plan.
    ///
    /// # Complexity
    /// `O(rows · columns · depth)`, depth near log₂(rows / k), or the sum of hierarchy heights.
    ///
    /// # Examples
    /// ```
    /// use consentric::anonymity::{Anonymization, ColumnType, Criterion, Mondrian, Outcome, Role, Table, TableColumn};
    /// let ages = ["20", "23", "31", "34"];
    /// let column = TableColumn::new("age", Role::Quasi, ColumnType::Numeric, ages)?;
    /// let table = Table::from_columns("visits", vec![column])?;
    /// let plan = Anonymization::new().with_quasi_as_is("age").with_criterion(Criterion::k_anonymity(2)?);
    /// let Outcome::Solved(solution) = plan.mondrian(&table, Mondrian::Strict)? else { panic!("four rows are enough") };
    /// assert_eq!((solution.claims().classes, solution.claims().min_class), (2, 2));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # References
    /// LeFevre, DeWitt, Ramakrishnan: *Mondrian Multidimensional K-Anonymity*, ICDE 2006. Goldberger, Tassa: *Efficient
    /// Anonymizations with Enhanced Utility*, TDP 2010.
    pub fn mondrian<'a>(&'a self, table: &'a Table, cuts: Mondrian) -> Result<Outcome<'a>, AnonymityError> {
        let prepared = Prepared::new(table, self)?;
        loss::check(self.quality.metric)?;
        let judge = Judge::new(&prepared)?;
        let rows = released(&prepared);
        let (parts, mut columns) = if cuts == Mondrian::AlongHierarchies {
            let cutter = AlongHierarchies::new(&prepared, &judge)?;
            let roots = cutter.roots(&rows);
            if let Some(refused) = refused(&judge, &roots) {
                return Ok(refused);
            }
            let parts = cut_all(&cutter, roots);
            let labels = prepared.quasi.par_iter().enumerate();
            let labels = labels.filter_map(|(place, quasi)| Some(labels::of_nodes(quasi.hierarchy?, place, &parts)));
            let labels: Vec<ColumnLabels> = labels.collect();
            (parts, labels)
        } else {
            let root = vec![Part { rows, nodes: Vec::new() }];
            if let Some(refused) = refused(&judge, &root) {
                return Ok(refused);
            }
            let columns: Vec<Ordered<'_>> =
                prepared.quasi.par_iter().map(|quasi| Ordered::new(&prepared, quasi)).collect();
            let is_relaxed = cuts == Mondrian::Relaxed;
            let parts = cut_all(&BetweenValues { columns: &columns, judge: &judge, is_relaxed }, root);
            let labels = prepared.quasi.par_iter().zip(&columns).map(|(quasi, column)| match quasi.hierarchy {
                Some(hierarchy) => labels::of_hierarchy(hierarchy, quasi, &parts),
                None => labels::of_values(column, &parts),
            });
            let labels = labels.collect();
            (parts, labels)
        };
        let classes = Classes::new(&parts, &mut columns);
        let loss = loss::loss(&prepared, &parts, &columns, &classes.sizes);
        Ok(outcome(&prepared, &judge, &parts, columns, &classes, loss))
    }

    /// Groups rows of numbers into classes of k or slightly more, and gives each the mean of its class.
    ///
    /// Columns are compared on z-scores with the sample deviation; means are in the original unit. k is the least class
    /// size that the criteria allow; any other rule is checked on the result, which is refused if a class breaks it.
    /// [`Microaggregation::Mdav`] is exact; [`Microaggregation::Hybrid`] divides the rows into blocks first and is meant
    /// for more than 50,000 rows; [`Microaggregation::KAligned`] divides down to the classes, of k to 2k - 1 rows.
    ///
    /// The loss of the claims is [`Solution::information_loss`](super::super::Solution::information_loss), in percent,
    /// whatever the metric of the plan. Hierarchies of the columns are not used. With a research subset only its rows are
    /// grouped.
    ///
    /// # Privacy
    /// A class of equal sensitive values tells them; means of few rows with one extreme value point at it.
    ///
    /// # Errors
    /// [`AnonymityError::Unsupported`] for a categorical quasi-identifier, [`AnonymityError::Cell`] for a released row
    /// without a number; [`AnonymityError::NotLocal`] for a criterion that is not about single classes; errors of columns
    /// and values that do not fit the plan.
    ///
    /// # Complexity
    /// MDAV `O(rows² / k)` distances at worst; in few columns boxes around the points spare nearly all of them. The others
    /// `O(rows · columns · log rows)`.
    ///
    /// # References
    /// Domingo-Ferrer, Torra: *Ordinal, Continuous and Heterogeneous k-Anonymity through Microaggregation*, DMKD 2005.
    pub fn microaggregate<'a>(
        &'a self,
        table: &'a Table,
        method: Microaggregation,
    ) -> Result<Outcome<'a>, AnonymityError> {
        let prepared = Prepared::new(table, self)?;
        let judge = Judge::new(&prepared)?;
        let points = Points::new(&prepared)?;
        let n = points.rows.len() as u64;
        if n < judge.floor() {
            return Ok(none(n, judge.broken(n, &judge.count(points.rows.iter().copied()))));
        }
        let k = judge.floor() as usize;
        let mut classes = match method {
            Microaggregation::Mdav => mdav::mdav(&points.scores, k),
            Microaggregation::KAligned => aligned::blocks(&points.scores, k, 0),
            Microaggregation::Hybrid => {
                let blocks = aligned::blocks(&points.scores, k, MAX_BLOCK);
                let within = blocks.par_iter().flat_map_iter(|block| {
                    let classes = mdav::mdav(&points.scores.of(block), k);
                    let point = |local: u32| block.get(local as usize).copied().unwrap_or(0);
                    classes.into_iter().map(move |class| class.into_iter().map(point).collect::<Vec<u32>>())
                });
                within.collect()
            }
        };
        classes.par_sort_unstable_by_key(|class| class.first().copied());
        let mut columns: Vec<ColumnLabels> =
            points.numbers.par_iter().map(|numbers| labels::of_means(numbers, &classes)).collect();
        let row = |point: &u32| points.rows.get(*point as usize).copied().unwrap_or(0);
        let parts: Vec<Part> =
            classes.par_iter().map(|class| Part { rows: class.iter().map(row).collect(), nodes: Vec::new() }).collect();
        let classes = Classes::new(&parts, &mut columns);
        let mut found = outcome(&prepared, &judge, &parts, columns, &classes, Vec::new());
        if let Outcome::Solved(solution) = &mut found {
            let loss = micro_loss::of_recoding(table, &solution.recoding).unwrap_or(f64::INFINITY);
            solution.claims.loss = vec![loss];
            solution.claims.gap = if loss > 0.0 { 1.0 } else { 0.0 };
        }
        Ok(found)
    }
}

/// The rows that are released, ascending.
fn released(prepared: &Prepared<'_>) -> Vec<u32> {
    (0..prepared.table.n_rows() as u32).filter(|row| prepared.is_in(*row as usize)).collect()
}

/// No solution, if a part to start from breaks a criterion.
fn refused<'a>(judge: &Judge<'_>, roots: &[Part]) -> Option<Outcome<'a>> {
    let mut failing = 0;
    let mut broken = None;
    for root in roots {
        let n = root.rows.len() as u64;
        let found = judge.broken(n, &judge.count(root.rows.iter().copied()));
        failing += if found.is_some() { n } else { 0 };
        broken = broken.or(found);
    }
    (failing > 0).then(|| none(failing, broken))
}

/// Rows of a block within which the hybrid looks at all distances.
const MAX_BLOCK: usize = 4096;
