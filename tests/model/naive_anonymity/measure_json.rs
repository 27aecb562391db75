//! The measures under the names that the program `measure` prints.

use super::measure::{NaiveMeasures, NaiveSensitive};
use serde_json::{Map, Value, json};

impl NaiveMeasures {
    /// The object of the program but for `rule` and `witnesses` of columns it does not name.
    pub fn to_json(&self) -> Value {
        let mut object = match &self.worst {
            Some(worst) => figures(worst),
            None => Map::new(),
        };
        let per_sensitive: Vec<Value> = self.per_sensitive.iter().map(column).collect();
        let witnesses: Map<String, Value> = self
            .witnesses
            .iter()
            .map(|(name, seen)| {
                let seen = json!({
                    "first_row": seen.first_row, "class": seen.class, "column": seen.column, "value": seen.value,
                });
                (name.clone(), seen)
            })
            .collect();
        let rest = json!({
            "n": self.n,
            "n_missing": self.n_missing,
            "n_suppressed": self.n_suppressed,
            "n_classes": self.classes.len(),
            "k": self.k,
            "risk": {
                "highest": self.risk.highest,
                "average_record": self.risk.average_record,
                "average_class": self.risk.average_class,
                "uniques": self.risk.uniques,
            },
            "c_avg": {"released": self.c_avg_released, "raw": self.c_avg_raw},
            "dm": self.dm,
            "cm": self.cm,
            "min_class": self.k,
            "max_class": self.max_class,
            "mean_class": self.mean_class,
            "median_class": self.median_class,
            "per_sensitive": per_sensitive,
            "witnesses": witnesses,
        });
        object.extend(rest.as_object().cloned().unwrap());
        Value::Object(object)
    }
}

fn figures(of: &NaiveSensitive) -> Map<String, Value> {
    let or = |number: Option<f64>, word: &str| number.map_or_else(|| json!(word), |number| json!(number));
    let object = json!({
        "alpha": of.alpha,
        "l_distinct": of.l_distinct,
        "l_entropy": of.l_entropy,
        "recursive_c": of.recursive_c,
        "beta": of.beta,
        "beta_enhanced": or(of.beta_enhanced, "infeasible"),
        "beta_capped": of.beta_capped,
        "delta": of.delta,
        "delta_strict": or(of.delta_strict, "infinite"),
        "t": of.t,
    });
    object.as_object().cloned().unwrap()
}

fn column(of: &NaiveSensitive) -> Value {
    let mut object = figures(of);
    let rest = json!({
        "column": of.column,
        "type": if of.numeric { "numeric" } else { "categorical" },
        "assumed_type": of.assumed_type,
        "n_values": of.n_values,
        "n_classes": of.n_classes,
        "t_equal": of.t_equal,
        "t_ordered": of.t_ordered,
    });
    object.extend(rest.as_object().cloned().unwrap());
    Value::Object(object)
}
