//! Full-domain search: the optimum, the criteria, the metrics, and what a budget leaves.

use consentric::anonymity::{
    AbsentClasses, Aggregate, AnonymityError, Anonymization, Attack, Claims, ColumnType, Criterion, EntropyEstimator,
    Hierarchy, Metric, Outcome, PopulationEstimator, Profit, Quality, Role, SearchBudget, Subset, SuppressionLimit,
    Table, TableColumn, TableReader,
};
use proptest::prelude::*;

const ROWS: &str = "city,band,s\na,1,p\na,1,q\na,2,p\nb,1,r\nb,2,q\nc,3,p\nc,3,p\nd,4,q\nd,3,r\na,4,p\n";

fn read(csv: &str) -> Table {
    TableReader::new()
        .with_column("city", Role::Quasi, ColumnType::Categorical)
        .with_column("band", Role::Quasi, ColumnType::Categorical)
        .with_column("s", Role::Sensitive, ColumnType::Categorical)
        .read("rows.csv", csv.as_bytes())
        .unwrap()
}

fn table() -> Table {
    read(ROWS)
}

fn asked() -> Anonymization {
    let city = Hierarchy::parse("city", "a;X;*\nb;X;*\nc;Y;*\nd;Y;*\ne;Y;*\n").unwrap();
    let band = Hierarchy::parse("band", "1;1-2;*\n2;1-2;*\n3;3-4;*\n4;3-4;*\n").unwrap();
    Anonymization::new().with_quasi("city", &city).with_quasi("band", &band)
}

fn k3() -> Anonymization {
    asked().with_criterion(Criterion::k_anonymity(3).unwrap())
}

fn quality(metric: Metric, gs: f64) -> Quality {
    Quality::new(metric).with_gs_factor(gs).unwrap()
}

fn claims(asked: &Anonymization, node: &[usize]) -> Claims {
    asked.evaluate(&table(), node).unwrap().claims().clone()
}

fn loss(node: &[usize], metric: Metric, gs: f64) -> f64 {
    claims(&k3().with_quality(quality(metric, gs)), node).loss[0]
}

fn ranked(node: &[usize], gs: f64) -> Vec<f64> {
    claims(&k3().with_quality(quality(Metric::Loss, gs).with_aggregate(Aggregate::Rank)), node).loss
}

fn solved(outcome: Outcome<'_>) -> Claims {
    match outcome {
        Outcome::Solved(solution) => solution.claims().clone(),
        Outcome::NoSolution(nearest) => panic!("no solution: {nearest:?}"),
    }
}

fn searched(asked: &Anonymization, table: &Table) -> Claims {
    solved(asked.search(table, &SearchBudget::unlimited()).unwrap())
}

fn limit(share: f64) -> SuppressionLimit {
    SuppressionLimit::new(share).unwrap()
}

#[track_caller]
fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-10 * (1.0 + expected.abs()), "{found} is not {expected}");
}

#[test]
fn worked_example_node_1_1_has_the_published_losses() {
    let found = claims(&k3(), &[1, 1]);
    assert_eq!((found.suppressed, found.classes, found.min_class, found.anonymous), (1, 2, 4, false));
    near(found.loss[0], 0.412_444_689_2);
    let pairs = [(0.5, [0.425, 0.4]), (0.25, [0.3875, 0.366_666_666_6]), (0.75, [0.244_444_444_4, 0.228_571_428_5])];
    for (gs, expected) in pairs {
        for (found, expected) in ranked(&[1, 1], gs).iter().zip(expected) {
            near(*found, expected);
        }
    }
    let expected = [
        (Metric::Nue, 0.5, 19.219_280_948_8),
        (Metric::NmNue, 0.5, 19.219_280_948_8),
        (Metric::Aecs, 0.5, 10.0 / 3.0),
        (Metric::DmStar, 0.5, 42.0),
        (Metric::Dm, 0.5, 51.0),
        (Metric::Precision, 0.5, 0.5),
        (Metric::NmPrecision, 0.5, 0.55),
        (Metric::Aecs, 0.25, 5.0),
        (Metric::Nue, 0.75, 9.609_640_474_3),
        (Metric::Aecs, 0.75, 4.0),
        (Metric::NmPrecision, 0.75, 0.325),
        (Metric::Height, 0.5, 2.0),
    ];
    for (metric, gs, expected) in expected {
        near(loss(&[1, 1], metric, gs), expected);
    }
}

#[test]
fn worked_example_node_1_0_has_the_published_losses() {
    assert_eq!(claims(&k3(), &[1, 0]).suppressed, 4);
    let found = ranked(&[1, 0], 0.5);
    near(found[0], 0.625);
    near(found[1], 0.4);
    near(loss(&[1, 0], Metric::Nue, 0.5), 9.509_775_004_3);
    near(loss(&[1, 0], Metric::NmNue, 0.5), 16.754_887_502_1);
    near(loss(&[1, 0], Metric::Dm, 0.5), 58.0);
    near(loss(&[1, 0], Metric::NmNue, 0.25), 13.132_331_253_2);
}

#[test]
fn worked_example_has_the_published_optima() {
    for (share, node, expected) in
        [(0.0, vec![2, 1], 0.632_993_161_8), (0.1, vec![1, 1], 0.412_444_689_2), (0.099, vec![2, 1], 0.632_993_161_8)]
    {
        let asked = k3().with_suppression(limit(share));
        let found = searched(&asked, &table());
        assert_eq!(found.transformation, Some(node));
        near(found.loss[0], expected);
        assert_eq!((found.gap, found.n_nodes, found.anonymous), (0.0, 9, true));
        let slow = solved(asked.search_exhaustively(&table()).unwrap());
        assert_eq!((slow.transformation, slow.loss), (found.transformation, found.loss));
    }
}

/// Whether class (X, 1-2) of node (1, 1) passes: n = 5, f = 2, 2, 1 of p, q, r.
fn passes(criterion: Criterion) -> bool {
    // The class of five is the only one of its size: with k = 5 it alone can be kept.
    let asked = asked().with_criterion(criterion).with_criterion(Criterion::k_anonymity(5).unwrap());
    claims(&asked, &[1, 1]).classes == 1
}

#[test]
fn worked_example_class_stands_where_it_was_computed() {
    let shannon = |l| Criterion::l_entropy("s", l, EntropyEstimator::Shannon).unwrap();
    assert!(passes(shannon(2.871_745_887)) && !passes(shannon(2.871_745_888)));
    assert!(passes(Criterion::t_equal("s", 0.1).unwrap()) && !passes(Criterion::t_equal("s", 0.0999).unwrap()));
    assert!(passes(Criterion::t_ordered("s", 0.05).unwrap()) && !passes(Criterion::t_ordered("s", 0.0499).unwrap()));
    let beta = |beta| Criterion::beta_basic("s", beta).unwrap();
    assert!(passes(beta(1.0 / 3.0)) && !passes(beta(0.3333)));
    // |ln(q/p)| = 0.2876820725 is log2 of 0.4150374993; strict.
    let delta = |delta| Criterion::delta_disclosure("s", delta).unwrap();
    assert!(passes(delta(0.415_037_6)) && !passes(delta(0.415_037_4)));
    assert!(passes(Criterion::l_distinct("s", 3).unwrap()) && !passes(Criterion::l_distinct("s", 4).unwrap()));
    let recursive = |c, l| Criterion::l_recursive("s", c, l).unwrap();
    assert!(passes(recursive(0.7, 2)) && !passes(recursive(2.0 / 3.0, 2)) && !passes(recursive(2.0, 3)));
}

// Random tables: the fast search against every node.

/// A hierarchy over the values 0.. whose groups join two or three neighbours a level.
fn hierarchy(name: &str, n_values: usize, fans: &[usize], has_root: bool) -> Hierarchy {
    let mut rows: Vec<Vec<String>> = (0..n_values).map(|value| vec![value.to_string()]).collect();
    let mut width = 1;
    for (level, fan) in fans.iter().enumerate() {
        width *= fan;
        for (value, row) in rows.iter_mut().enumerate() {
            row.push(format!("{level}:{}", value / width));
        }
    }
    if has_root {
        rows.iter_mut().for_each(|row| row.push("*".to_owned()));
    }
    Hierarchy::from_rows(name, &rows).unwrap()
}

#[derive(Clone, Debug)]
struct Case {
    rows: Vec<Vec<usize>>,
    hierarchies: Vec<(usize, Vec<usize>, bool)>,
    sensitive: Vec<usize>,
    subset: Option<Vec<bool>>,
}

impl Case {
    fn table(&self) -> Table {
        let column = |name: &str, role, values: Vec<String>| {
            TableColumn::new(name, role, ColumnType::Categorical, values.iter().map(String::as_str)).unwrap()
        };
        let mut columns: Vec<TableColumn> = (0..self.hierarchies.len())
            .map(|place| {
                let values = self.rows.iter().map(|row| row[place].to_string()).collect();
                column(&format!("q{place}"), Role::Quasi, values)
            })
            .collect();
        columns.push(column("s", Role::Sensitive, self.sensitive.iter().map(|value| format!("v{value}")).collect()));
        Table::from_columns("random", columns).unwrap()
    }

    fn asked(&self, table: &Table) -> Anonymization {
        let mut asked = Anonymization::new();
        for (place, (n_values, fans, has_root)) in self.hierarchies.iter().enumerate() {
            let name = format!("q{place}");
            asked = asked.with_quasi(&name, &hierarchy(&name, *n_values, fans, *has_root));
        }
        if let Some(subset) = &self.subset {
            let rows = (0_u64..).zip(subset).filter(|(_, is_in)| **is_in).map(|(row, _)| row);
            if let Ok(subset) = Subset::of_rows(table, rows) {
                asked = asked.with_subset(subset);
            }
        }
        asked
    }
}

fn cases() -> impl Strategy<Value = Case> {
    let column = (1_usize..=6, prop::collection::vec(2_usize..=3, 0..=2), any::<bool>());
    (prop::collection::vec(column, 1..=4), 1_usize..=40).prop_flat_map(|(hierarchies, n_rows)| {
        let row: Vec<_> = hierarchies.iter().map(|(n_values, ..)| 0..*n_values).collect();
        let rows = prop::collection::vec(row, n_rows);
        let sensitive = prop::collection::vec(0_usize..4, n_rows);
        let subset = prop::option::of(prop::collection::vec(any::<bool>(), n_rows));
        (rows, sensitive, subset).prop_map(move |(rows, sensitive, subset)| Case {
            rows,
            hierarchies: hierarchies.clone(),
            sensitive,
            subset,
        })
    })
}

fn criteria(which: usize) -> Vec<Criterion> {
    let tree = Hierarchy::parse("s", "v0;a;*\nv1;a;*\nv2;b;*\nv3;b;*\n").unwrap();
    let profit = Profit::new(10.0, 30.0, 12.0, 3.0).unwrap();
    let one = match which {
        0 => Criterion::k_anonymity(2),
        1 => Criterion::l_distinct("s", 2),
        2 => Criterion::l_entropy("s", 1.7, EntropyEstimator::Shannon),
        3 => Criterion::l_entropy("s", 1.7, EntropyEstimator::Grassberger),
        4 => Criterion::l_recursive("s", 2.0, 2),
        5 => Criterion::t_equal("s", 0.3),
        6 => Criterion::t_ordered("s", 0.2),
        7 => Criterion::t_hierarchical("s", 0.25, &tree),
        8 => Criterion::beta_basic("s", 1.0),
        9 => Criterion::beta_enhanced("s", 1.0),
        10 => Criterion::delta_disclosure("s", 1.1),
        11 => Criterion::delta_presence(0.2, 0.8),
        12 => Criterion::k_map(3),
        13 => Criterion::k_map_estimated(3, 100, 0.1, PopulationEstimator::Poisson),
        14 => Criterion::average_risk(0.4),
        15 => Criterion::sample_uniqueness(0.1),
        16 => Criterion::profitability(Attack::Prosecutor, profit),
        17 => Criterion::profitability(Attack::Journalist, profit),
        18 => Criterion::profitability(Attack::ProsecutorNoAttack, profit),
        _ => Criterion::profitability(Attack::JournalistNoAttack, profit),
    };
    vec![one.unwrap(), Criterion::k_anonymity(2).unwrap()]
}

const METRICS: [Metric; 12] = [
    Metric::Loss,
    Metric::Nue,
    Metric::NmNue,
    Metric::Aecs,
    Metric::Dm,
    Metric::DmStar,
    Metric::Precision,
    Metric::NmPrecision,
    Metric::Height,
    Metric::Ebil,
    Metric::Payout,
    Metric::PayoutJournalist,
];
const AGGREGATES: [Aggregate; 5] =
    [Aggregate::Arithmetic, Aggregate::Geometric, Aggregate::Sum, Aggregate::Max, Aggregate::Rank];

/// Node, loss, suppressed rows and classes.
type Essence = (Option<Vec<usize>>, Vec<f64>, u64, u64);

/// What two searches must agree on.
fn essence(outcome: &Outcome<'_>) -> Option<Essence> {
    match outcome {
        Outcome::Solved(solution) => {
            let claims = solution.claims();
            assert!(claims.anonymous);
            Some((claims.transformation.clone(), claims.loss.clone(), claims.suppressed, claims.classes))
        }
        Outcome::NoSolution(_) => None,
    }
}

fn on_threads<T: Send>(n: usize, work: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(n).build().unwrap().install(work)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn search_finds_what_every_node_gives(
        case in cases(),
        (rule, second, metric, aggregate) in (0_usize..20, 0_usize..20, 0_usize..12, prop::option::of(0_usize..5)),
        share in prop::sample::select(vec![0.0, 0.1, 0.3, 1.0]),
        gs in prop::sample::select(vec![0.0, 0.33, 0.5, 0.66, 1.0]),
        (skip, weight) in (any::<bool>(), prop::sample::select(vec![0.5_f64, 1.0, 3.0])),
    ) {
        let table = case.table();
        let profit = Profit::new(7.0, 20.0, 9.0, 2.0).unwrap();
        let mut quality = quality(METRICS[metric], gs).with_profit(profit).with_weight("q0", weight).unwrap();
        if let Some(aggregate) = aggregate {
            quality = quality.with_aggregate(AGGREGATES[aggregate]);
        }
        let mut asked = case.asked(&table).with_suppression(limit(share)).with_quality(quality);
        for criterion in criteria(rule).into_iter().chain(criteria(second).into_iter().take(1)) {
            asked = asked.with_criterion(criterion);
        }
        if skip {
            asked = asked.with_absent_classes(AbsentClasses::Skip);
        }
        let fast = asked.search(&table, &SearchBudget::unlimited()).unwrap();
        let slow = asked.search_exhaustively(&table).unwrap();
        prop_assert_eq!(essence(&fast), essence(&slow));
        // Whatever a budget leaves is admissible, and the gap holds the optimum.
        if let (Outcome::Solved(few), Some((_, best, ..))) =
            (asked.search(&table, &SearchBudget::unlimited().with_checks(3)).unwrap(), essence(&slow))
        {
            let claims = few.claims();
            prop_assert!(claims.anonymous);
            let least = if claims.gap == 1.0 { 0.0 } else { claims.loss[0] * (1.0 - claims.gap) };
            prop_assert!(least <= best[0] + 1e-9 * (1.0 + best[0]));
        }
    }

    #[test]
    fn more_suppression_never_loses_more(case in cases(), rule in 0_usize..20) {
        let table = case.table();
        let mut asked = case.asked(&table);
        for criterion in criteria(rule) {
            asked = asked.with_criterion(criterion);
        }
        let mut before = f64::INFINITY;
        for share in [0.0, 0.05, 0.2, 0.5, 1.0] {
            let outcome = asked.clone().with_suppression(limit(share)).search(&table, &SearchBudget::unlimited()).unwrap();
            if let Some((_, loss, ..)) = essence(&outcome) {
                prop_assert!(loss[0] <= before);
                before = loss[0];
            } else {
                prop_assert!(before == f64::INFINITY);
            }
        }
    }

    #[test]
    fn the_order_of_rows_changes_nothing(case in cases(), rule in 0_usize..14) {
        let mut turned = case.clone();
        turned.rows.reverse();
        turned.sensitive.reverse();
        if let Some(subset) = &mut turned.subset {
            subset.reverse();
        }
        let found: Vec<_> = [case, turned]
            .iter()
            .map(|case| {
                let table = case.table();
                let mut asked = case.asked(&table).with_suppression(limit(0.2));
                for criterion in criteria(rule) {
                    asked = asked.with_criterion(criterion);
                }
                essence(&asked.search(&table, &SearchBudget::unlimited()).unwrap())
            })
            .collect();
        prop_assert_eq!(&found[0], &found[1]);
    }
}

// Adult.

const ADULT: &str = "../shared/data/adult/";

/// The table and what is asked of some of its columns; `None`, with a line, if the data are not there.
fn adult(quasi: &[&str], sensitive: Option<&str>) -> Option<(Table, Anonymization)> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(ADULT);
    let Ok(csv) = std::fs::read(folder.join("adult.csv")) else {
        println!("skipped: no Adult data in {ADULT}");
        return None;
    };
    let mut reader = TableReader::new().with_separator(b';').with_others(Role::Insensitive);
    let mut asked = Anonymization::new();
    for column in quasi {
        reader = reader.with_column(column, Role::Quasi, ColumnType::Categorical);
        let name = format!("adult_hierarchy_{column}.csv");
        let text = std::fs::read_to_string(folder.join(&name)).unwrap();
        asked = asked.with_quasi(column, &Hierarchy::parse(&name, &text).unwrap());
    }
    if let Some(column) = sensitive {
        reader = reader.with_column(column, Role::Sensitive, ColumnType::Categorical);
    }
    Some((reader.read("adult.csv", csv.as_slice()).unwrap(), asked))
}

const FIVE: [&str; 5] = ["age", "race", "marital-status", "education", "native-country"];

#[test]
fn both_searchers_agree_on_adult_with_5_columns() {
    let Some((table, asked)) = adult(&FIVE, Some("occupation")) else { return };
    let rules = [
        vec![],
        vec![Criterion::l_distinct("occupation", 4).unwrap()],
        vec![Criterion::t_equal("occupation", 0.3).unwrap()],
    ];
    for rules in rules {
        for share in [0.0, 0.02, 1.0] {
            let mut asked =
                asked.clone().with_criterion(Criterion::k_anonymity(5).unwrap()).with_suppression(limit(share));
            for rule in rules.clone() {
                asked = asked.with_criterion(rule);
            }
            let fast = asked.search(&table, &SearchBudget::unlimited()).unwrap();
            let slow = asked.search_exhaustively(&table).unwrap();
            assert_eq!(essence(&fast), essence(&slow));
        }
    }
}

#[test]
fn outcome_checked_and_gap_are_the_same_on_1_2_and_8_threads() {
    let Some((table, asked)) = adult(&FIVE, Some("occupation")) else { return };
    let asked = asked
        .with_criterion(Criterion::k_anonymity(5).unwrap())
        .with_criterion(Criterion::l_entropy("occupation", 3.0, EntropyEstimator::Shannon).unwrap())
        .with_suppression(limit(0.02));
    for checks in [7, 40, u64::MAX] {
        let run = |threads| {
            let budget = SearchBudget::unlimited().with_checks(checks);
            on_threads(threads, || match asked.search(&table, &budget).unwrap() {
                Outcome::Solved(solution) => Ok(solution.claims().clone()),
                Outcome::NoSolution(nearest) => Err(nearest),
            })
        };
        let one = run(1);
        assert_eq!(one, run(2));
        assert_eq!(one, run(8));
    }
}

// Traps.

/// Two classes of `half` rows each, 90/10 and 10/90 of x and y.
fn skewed(half: usize) -> (Table, Anonymization) {
    let values = |at: fn(usize, usize) -> &'static str| (0..2 * half).map(move |row| at(row, half));
    let class = |row: usize, half: usize| if row < half { "a" } else { "b" };
    let disease = |row: usize, half: usize| {
        let is_first = row.is_multiple_of(10);
        if (row < half) != is_first { "x" } else { "y" }
    };
    let column = |name, role, at| TableColumn::new(name, role, ColumnType::Categorical, values(at)).unwrap();
    let columns = vec![column("class", Role::Quasi, class), column("s", Role::Sensitive, disease)];
    let table = Table::from_columns("skewed", columns).unwrap();
    (table, Anonymization::new().with_quasi("class", &Hierarchy::parse("class", "a\nb\n").unwrap()))
}

#[test]
fn hierarchical_closeness_refuses_a_distance_of_two_fifths_at_any_size() {
    let tree = Hierarchy::parse("s", "x;*\ny;*\n").unwrap();
    for half in [10_000, 100_000, 1_000_000] {
        let (table, asked) = skewed(half);
        for (t, is_anonymous) in [(0.2, false), (0.399, false), (0.4, true)] {
            let asked = asked.clone().with_criterion(Criterion::t_hierarchical("s", t, &tree).unwrap());
            assert_eq!(asked.evaluate(&table, &[0]).unwrap().claims().anonymous, is_anonymous, "{half} {t}");
        }
    }
}

#[test]
fn a_class_of_exactly_k_is_kept_and_one_of_k_less_one_is_not() {
    let (table, asked) = skewed(7);
    let with = |k| asked.clone().with_criterion(Criterion::k_anonymity(k).unwrap());
    assert_eq!(with(7).evaluate(&table, &[0]).unwrap().claims().suppressed, 0);
    assert_eq!(with(8).evaluate(&table, &[0]).unwrap().claims().suppressed, 14);
}

#[test]
fn all_rows_suppressed_is_a_solution_only_at_limit_1() {
    let (table, asked) = skewed(3);
    let asked = asked.with_criterion(Criterion::k_anonymity(4).unwrap());
    let Outcome::NoSolution(nearest) = asked.search(&table, &SearchBudget::unlimited()).unwrap() else {
        panic!("no class has four rows")
    };
    assert_eq!((nearest.node, nearest.suppressed, nearest.allowed), (Some(vec![0]), 6, 0));
    let found = searched(&asked.with_suppression(limit(1.0)), &table);
    assert_eq!((found.suppressed, found.classes, found.min_class), (6, 0, 0));
}

#[test]
fn missing_values_are_one_value_with_one_and_two_columns() {
    let csv = "city,band,s\n,1,p\n,1,q\n,1,p\na,1,p\na,1,q\n";
    let city = Hierarchy::parse("city", ";*\na;*\n").unwrap();
    let band = Hierarchy::parse("band", "1;*\n").unwrap();
    let table = read(csv);
    let both = Anonymization::new().with_quasi("city", &city).with_quasi("band", &band);
    let found = both.evaluate(&table, &[0, 0]).unwrap();
    assert_eq!((found.claims().classes, found.claims().min_class), (2, 2));
}

#[test]
fn a_node_that_does_not_fit_is_an_error() {
    for node in [&[0][..], &[0, 3], &[0, 0, 0]] {
        assert!(matches!(asked().evaluate(&table(), node), Err(AnonymityError::Node { .. })));
    }
}

#[test]
fn a_lattice_of_more_than_a_million_nodes_is_searched_within_a_budget() {
    let table = {
        let column = |place: usize| {
            let values: Vec<String> = (0..60_usize).map(|row| ((row * (place + 3) / 2) % 4).to_string()).collect();
            TableColumn::new(
                &format!("q{place}"),
                Role::Quasi,
                ColumnType::Categorical,
                values.iter().map(String::as_str),
            )
            .unwrap()
        };
        Table::from_columns("wide", (0..14).map(column).collect()).unwrap()
    };
    let mut asked = Anonymization::new().with_criterion(Criterion::k_anonymity(5).unwrap());
    for place in 0..14 {
        let name = format!("q{place}");
        asked = asked.with_quasi(&name, &hierarchy(&name, 4, &[2], true));
    }
    let run = |checks, threads| {
        let budget = SearchBudget::unlimited().with_checks(checks);
        on_threads(threads, || solved(asked.search(&table, &budget).unwrap()))
    };
    let few = run(20, 1);
    assert!(few.anonymous && few.n_nodes == 3_u128.pow(14));
    assert_eq!(few, run(20, 8));
    let more = run(400, 1);
    assert!(more.loss[0] <= few.loss[0] && more.gap <= few.gap);
    assert!(more.loss[0] * (1.0 - more.gap) <= more.loss[0]);
}

#[test]
fn a_clock_that_is_over_at_once_still_leaves_an_answer() {
    let asked = k3();
    let found = solved(asked.search(&table(), &SearchBudget::unlimited().with_clock(|| true)).unwrap());
    assert!(found.anonymous && found.gap > 0.0 && found.checked == 1);
}

#[test]
fn keys_wider_than_64_bits_are_grouped_like_narrow_ones() {
    // Eight columns of 300 values take nine bits each.
    let column = |place: usize| {
        let values: Vec<String> = (0..300_usize).map(|row| ((row * (place + 7) + place) % 300).to_string()).collect();
        let texts = values.iter().map(String::as_str);
        TableColumn::new(&format!("q{place}"), Role::Quasi, ColumnType::Categorical, texts).unwrap()
    };
    let table = Table::from_columns("wide", (0..8).map(column).collect()).unwrap();
    let mut asked = Anonymization::new().with_criterion(Criterion::k_anonymity(2).unwrap());
    for place in 0..8 {
        let name = format!("q{place}");
        asked = asked.with_quasi(&name, &hierarchy(&name, 300, &[2, 3], true));
    }
    // The first column is a permutation of 0..300: it takes every value once.
    let kept = |node: &[usize]| {
        let found = asked.evaluate(&table, node).unwrap();
        (found.claims().classes, found.claims().suppressed)
    };
    assert_eq!(kept(&[0, 3, 3, 3, 3, 3, 3, 3]), (0, 300));
    assert_eq!(kept(&[1, 3, 3, 3, 3, 3, 3, 3]), (150, 0));
    assert_eq!(kept(&[2, 3, 3, 3, 3, 3, 3, 3]), (50, 0));
    assert_eq!(kept(&[3; 8]), (1, 0));
    let found = searched(&asked.with_suppression(limit(0.5)), &table);
    assert!(found.anonymous && found.gap == 0.0 && found.min_class >= 2);
}
