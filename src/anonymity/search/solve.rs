//! The searches as methods of what is asked.

use super::class_list::ClassList;
use super::evaluate::{Effort, Evaluation, is_all_root};
use super::frontier::MAX_NODES;
use super::incumbent::Incumbent;
use super::problem::Problem;
use super::{SearchBudget, anytime, best_first, exhaustive};
use crate::anonymity::loss::Fate;
use crate::anonymity::prepared::Prepared;
use crate::anonymity::solution::{RecodedColumn, Recoding};
use crate::anonymity::{AnonymityError, Anonymization, Claims, Nearest, Outcome, Solution, Table};

impl Anonymization {
    /// Finds the levels that lose least while every criterion is kept.
    ///
    /// Of equally good nodes the one with the lowest levels, the first quasi-identifier first. The answer is the optimum
    /// unless the budget ends; then it is still admissible, and [`Claims::gap`] says how far the optimum may be. Without
    /// a clock the outcome is the same on every run and any number of threads.
    ///
    /// # Errors
    /// [`AnonymityError::NoQuasiIdentifier`], [`AnonymityError::NoHierarchy`], [`AnonymityError::NotInHierarchy`] with
    /// row and column, [`AnonymityError::Role`] and [`AnonymityError::UnknownColumn`] if the table does not fit what is
    /// asked; [`AnonymityError::Unsupported`] for a payout metric without stakes; [`AnonymityError::TooLarge`] beyond
    /// 2³² rows or 255 levels.
    ///
    /// # Complexity
    /// `O(n_rows · n_columns)` once, then one pass over classes of a more special node for every node that bounds and
    /// tags leave open. Memory: the different rows, and at most 64 MiB of classes.
    ///
    /// # Examples
    /// ```
    /// use consentric::anonymity::*;
    /// let csv = "city,disease\nBonn,flu\nKiel,flu\nLyon,cold\nNice,flu\nBonn,cold\n";
    /// let table = TableReader::new()
    ///     .with_column("city", Role::Quasi, ColumnType::Categorical)
    ///     .with_column("disease", Role::Sensitive, ColumnType::Categorical)
    ///     .read("patients.csv", csv.as_bytes())?;
    /// let city = Hierarchy::parse("city.csv", "Bonn;Germany;*\nKiel;Germany;*\nLyon;France;*\nNice;France;*\n")?;
    /// let asked = Anonymization::new().with_quasi("city", &city).with_criterion(Criterion::k_anonymity(2)?);
    /// let Outcome::Solved(solution) = asked.search(&table, &SearchBudget::unlimited())? else { panic!("no solution") };
    /// assert_eq!(solution.claims().transformation, Some(vec![1]));
    /// assert_eq!((solution.claims().classes, solution.claims().min_class), (2, 2));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # References
    /// Kohlmayer, Prasser, Eckert, Kemper, Kuhn: *Flash: Efficient, Stable and Optimal K-Anonymity*, PASSAT 2012.
    /// LeFevre, DeWitt, Ramakrishnan: *Incognito: Efficient Full-Domain K-Anonymity*, SIGMOD 2005.
    pub fn search<'a>(&self, table: &'a Table, budget: &SearchBudget<'_>) -> Result<Outcome<'a>, AnonymityError> {
        let (problem, tuples) = Problem::new(Prepared::new(table, self)?)?;
        let is_lazy = problem.lattice.n_nodes > MAX_NODES;
        let copy = tuples.compact();
        let found =
            if is_lazy { anytime::search(&problem, copy, budget) } else { best_first::search(&problem, copy, budget) };
        Ok(outcome(&problem, table, &found, &tuples))
    }

    /// Finds the same as [`search`](Anonymization::search) by evaluating every node: the slow reference.
    ///
    /// # Errors
    /// Those of [`search`](Anonymization::search).
    ///
    /// # Complexity
    /// One pass over the different rows for every node of the lattice.
    pub fn search_exhaustively<'a>(&self, table: &'a Table) -> Result<Outcome<'a>, AnonymityError> {
        let (problem, tuples) = Problem::new(Prepared::new(table, self)?)?;
        let found = exhaustive::search(&problem, &tuples);
        Ok(outcome(&problem, table, &found, &tuples))
    }

    /// Gives the table as generalised to one node, whether or not it is admissible; [`Claims::anonymous`] says which.
    ///
    /// Classes that fail are suppressed, however many they are.
    ///
    /// # Errors
    /// Those of [`search`](Anonymization::search), and [`AnonymityError::Node`] if the node has not one level per
    /// quasi-identifier, or a level that its hierarchy does not have.
    pub fn evaluate<'a>(&self, table: &'a Table, node: &[usize]) -> Result<Solution<'a>, AnonymityError> {
        let (problem, tuples) = Problem::new(Prepared::new(table, self)?)?;
        let columns = &problem.model.columns;
        if node.len() != columns.len() {
            let problem = format!("{} levels for {} quasi-identifiers", node.len(), columns.len());
            return Err(AnonymityError::Node { problem });
        }
        let mut levels = Vec::with_capacity(node.len());
        for (quasi, (level, column)) in self.quasi.iter().zip(node.iter().zip(columns)) {
            let fits = u8::try_from(*level).ok().filter(|_| *level <= column.height);
            levels.push(fits.ok_or_else(|| AnonymityError::Node {
                problem: format!("column `{}` has levels 0 to {}, not {level}", quasi.column, column.height),
            })?);
        }
        let found = Incumbent::of_one_node();
        Ok(solution(&problem, table, &levels, &found, &tuples))
    }
}

fn outcome<'a>(problem: &Problem<'_>, table: &'a Table, found: &Incumbent, tuples: &ClassList) -> Outcome<'a> {
    if let Some(best) = &found.best {
        return Outcome::Solved(solution(problem, table, &best.node, found, tuples));
    }
    let node = found.nearest().unwrap_or_else(|| problem.lattice.top());
    let full = problem.with_worker(|worker| worker.evaluate(problem, node, tuples, Effort::Full));
    Outcome::NoSolution(Nearest {
        node: Some(node.iter().map(|level| usize::from(*level)).collect()),
        suppressed: full.suppressed,
        allowed: problem.allowed,
        forbidden_by: full.forbidden_by,
        checked: found.n_checked,
        n_nodes: problem.lattice.n_nodes,
    })
}

fn solution<'a>(
    problem: &Problem<'_>,
    table: &'a Table,
    node: &[u8],
    found: &Incumbent,
    tuples: &ClassList,
) -> Solution<'a> {
    problem.with_worker(|worker| {
        let full = worker.evaluate(problem, node, tuples, Effort::Full);
        let mut kept: Vec<u64> = Vec::new();
        for (n, fate) in worker.classes().n.iter().zip(&worker.fates) {
            if *fate == Fate::Kept && *n > 0 {
                kept.push(u64::from(*n));
            }
        }
        let claims = Claims {
            transformation: Some(node.iter().map(|level| usize::from(*level)).collect()),
            loss: full.loss.as_ref().map(|loss| loss.values.clone()).unwrap_or_default(),
            suppressed: full.suppressed,
            classes: kept.len() as u64,
            min_class: kept.iter().copied().min().unwrap_or(0),
            checked: found.n_checked,
            n_nodes: problem.lattice.n_nodes,
            gap: found.gap,
            anonymous: full.is_admissible,
            outside_subset: table.n_rows() as u64 - problem.prepared.n,
            fully_generalised: if is_all_root(problem, node) { kept.iter().sum() } else { 0 },
            absent_violations: full.absent_violations,
        };
        Solution { table, recoding: recoding(problem, node, &full, worker.suppressed_sources()), claims }
    })
}

/// What becomes of every row.
fn recoding(problem: &Problem<'_>, node: &[u8], full: &Evaluation, is_suppressed: Vec<bool>) -> Recoding {
    let prepared = &problem.prepared;
    let n_rows = prepared.table.n_rows();
    let is_in = prepared.plan.subset.as_ref().map(|_| (0..n_rows).map(|row| prepared.is_in(row)).collect::<Vec<_>>());
    let is_suppressed = if full.suppressed == 0 {
        vec![false; n_rows]
    } else {
        let of_tuple = problem.tuple_of_row.iter().map(|tuple| is_suppressed.get(*tuple as usize) == Some(&true));
        match &is_in {
            None => of_tuple.collect(),
            Some(is_in) => of_tuple.zip(is_in).map(|(suppressed, is_in)| suppressed && *is_in).collect(),
        }
    };
    let columns = prepared.quasi.iter().zip(node).map(|(quasi, level)| {
        let mut labels: Vec<String> = Vec::new();
        let mut number_of = vec![u32::MAX; quasi.hierarchy.map_or(0, |hierarchy| hierarchy.n_values())];
        let level = usize::from(*level);
        let mut label_of = vec![0_u32; number_of.len()];
        for value in 0..label_of.len() as u32 {
            let Some(hierarchy) = quasi.hierarchy else { break };
            let group = hierarchy.group(level, value).unwrap_or(value);
            let (Some(number), Some(of_value)) = (number_of.get_mut(group as usize), label_of.get_mut(value as usize))
            else {
                continue;
            };
            if *number == u32::MAX {
                *number = labels.len() as u32;
                labels.push(hierarchy.label(level, value).unwrap_or_default().to_owned());
            }
            *of_value = *number;
        }
        let mut codes = Vec::with_capacity(n_rows);
        quasi.codes.for_each(|value| codes.push(label_of.get(value as usize).copied().unwrap_or(0)));
        RecodedColumn { place: quasi.place, labels, codes }
    });
    Recoding { columns: columns.collect(), is_suppressed, is_in }
}
