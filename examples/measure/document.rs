//! The JSON object that the program writes; its keys are stable.

use consentric::anonymity::{AttributeMeasures, ColumnType, Disclosure, Likeness, Measure, Measures, Witness as Found};
use indexmap::IndexMap;
use serde::Serialize;

#[derive(Serialize)]
pub struct Document {
    n: u64,
    n_missing: IndexMap<String, u64>,
    n_suppressed: u64,
    n_classes: u64,
    k: u64,
    alpha: Option<f64>,
    l_distinct: Option<u64>,
    l_entropy: Option<f64>,
    recursive_c: Option<f64>,
    beta: Option<f64>,
    beta_enhanced: Option<NumberOrWord>,
    beta_capped: Option<f64>,
    delta: Option<f64>,
    delta_strict: Option<NumberOrWord>,
    t: Option<f64>,
    risk: Risk,
    c_avg: AverageClass,
    dm: u128,
    cm: Option<f64>,
    min_class: u64,
    max_class: u64,
    mean_class: f64,
    median_class: f64,
    per_sensitive: Vec<Sensitive>,
    witnesses: IndexMap<&'static str, Option<Witness>>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum NumberOrWord {
    Number(f64),
    Word(&'static str),
}

#[derive(Serialize)]
struct Risk {
    highest: f64,
    average_record: f64,
    average_class: f64,
    uniques: u64,
}

#[derive(Serialize)]
struct AverageClass {
    released: f64,
    raw: f64,
}

#[derive(Serialize)]
struct Sensitive {
    column: String,
    #[serde(rename = "type")]
    column_type: &'static str,
    assumed_type: bool,
    n_values: u64,
    n_classes: u64,
    alpha: f64,
    l_distinct: u64,
    l_entropy: f64,
    recursive_c: Option<f64>,
    beta: f64,
    beta_enhanced: NumberOrWord,
    beta_capped: f64,
    delta: f64,
    delta_strict: NumberOrWord,
    t: f64,
    t_equal: f64,
    t_ordered: Option<f64>,
}

#[derive(Serialize)]
struct Witness {
    first_row: u64,
    class: Vec<String>,
    column: Option<String>,
    value: Option<String>,
    rule: &'static str,
}

impl Document {
    pub fn of(measures: &Measures<'_>) -> Self {
        let disclosure = measures.disclosure();
        let number = |read: fn(&Disclosure) -> f64| disclosure.map(read);
        let (risk, sizes) = (measures.risk(), measures.class_sizes());
        Self {
            n: measures.n_rows(),
            n_missing: measures.n_missing().iter().cloned().collect(),
            n_suppressed: measures.n_suppressed(),
            n_classes: measures.n_classes(),
            k: measures.k(),
            alpha: number(Disclosure::alpha),
            l_distinct: disclosure.map(Disclosure::l_distinct),
            l_entropy: number(Disclosure::l_entropy),
            recursive_c: disclosure.and_then(Disclosure::recursive_c),
            beta: number(Disclosure::beta),
            beta_enhanced: disclosure.map(enhanced),
            beta_capped: number(Disclosure::beta_capped),
            delta: number(Disclosure::delta),
            delta_strict: disclosure.map(strict),
            t: number(Disclosure::t),
            risk: Risk {
                highest: risk.highest(),
                average_record: risk.average_record(),
                average_class: risk.average_class(),
                uniques: risk.n_uniques(),
            },
            c_avg: AverageClass { released: measures.c_avg_released(), raw: measures.c_avg_raw() },
            dm: measures.dm(),
            cm: measures.cm(),
            min_class: sizes.min(),
            max_class: sizes.max(),
            mean_class: sizes.mean(),
            median_class: sizes.median(),
            per_sensitive: measures.attributes().iter().map(Sensitive::of).collect(),
            witnesses: WITNESSES.map(|(key, measure)| (key, measures.witness(measure).map(Witness::of))).into(),
        }
    }
}

impl Sensitive {
    fn of(measures: &AttributeMeasures) -> Self {
        let disclosure = measures.disclosure();
        Self {
            column: measures.column().to_owned(),
            column_type: match measures.column_type() {
                ColumnType::Numeric => "numeric",
                ColumnType::Categorical => "categorical",
            },
            assumed_type: measures.is_type_assumed(),
            n_values: measures.n_values(),
            n_classes: measures.n_classes(),
            alpha: disclosure.alpha(),
            l_distinct: disclosure.l_distinct(),
            l_entropy: disclosure.l_entropy(),
            recursive_c: disclosure.recursive_c(),
            beta: disclosure.beta(),
            beta_enhanced: enhanced(disclosure),
            beta_capped: disclosure.beta_capped(),
            delta: disclosure.delta(),
            delta_strict: strict(disclosure),
            t: disclosure.t(),
            t_equal: disclosure.t_equal(),
            t_ordered: disclosure.t_ordered(),
        }
    }
}

impl Witness {
    fn of(found: Found) -> Self {
        Self {
            first_row: found.first_row(),
            class: found.class().to_vec(),
            column: found.column().map(str::to_owned),
            value: found.value().map(str::to_owned),
            rule: found.rule(),
        }
    }
}

fn enhanced(disclosure: &Disclosure) -> NumberOrWord {
    match disclosure.beta_enhanced() {
        Likeness::Feasible(beta) => NumberOrWord::Number(beta),
        Likeness::Infeasible => NumberOrWord::Word("infeasible"),
    }
}

fn strict(disclosure: &Disclosure) -> NumberOrWord {
    let delta = disclosure.delta_strict();
    if delta.is_finite() { NumberOrWord::Number(delta) } else { NumberOrWord::Word("infinite") }
}

const WITNESSES: [(&str, Measure); 11] = [
    ("k", Measure::K),
    ("alpha", Measure::Alpha),
    ("l_distinct", Measure::LDistinct),
    ("l_entropy", Measure::LEntropy),
    ("recursive_c", Measure::RecursiveC),
    ("beta", Measure::Beta),
    ("beta_enhanced", Measure::BetaEnhanced),
    ("beta_capped", Measure::BetaCapped),
    ("delta", Measure::Delta),
    ("delta_strict", Measure::DeltaStrict),
    ("t", Measure::T),
];
