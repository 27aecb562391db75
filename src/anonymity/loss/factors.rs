//! How generalisation and suppression weigh.

/// The weights of generalisation and suppression.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::anonymity) struct Factors {
    pub(in crate::anonymity) generalisation: f64,
    pub(in crate::anonymity) suppression: f64,
}

impl Factors {
    // SPEC: sF = 2·gs under 0.5, else 1; gF = 1 up to 0.5, else 2 - 2·gs.
    pub(in crate::anonymity) fn new(gs_factor: f64) -> Self {
        Self {
            generalisation: if gs_factor <= 0.5 { 1.0 } else { 2.0 - 2.0 * gs_factor },
            suppression: if gs_factor < 0.5 { 2.0 * gs_factor } else { 1.0 },
        }
    }
}

/// Cuts after ten decimals.
pub(in crate::anonymity) fn floor10(x: f64) -> f64 {
    (x * 1e10).floor() / 1e10
}
