//! What publishing a class pays, when attackers act in their own interest.

use crate::anonymity::{Attack, criterion::Profit};

/// The stakes, and whether the attacker knows who is in the data or only the population.
#[derive(Clone, Copy, Debug)]
pub(in crate::anonymity) struct Stakes {
    pub(in crate::anonymity) profit: Profit,
    pub(in crate::anonymity) is_journalist: bool,
}

impl Stakes {
    /// The chance of an attacker to pick the right row.
    pub(in crate::anonymity) fn chance(&self, n: u64, n_population: u64) -> f64 {
        1.0 / if self.is_journalist { n_population } else { n } as f64
    }

    /// Whether an attack pays at that chance.
    pub(in crate::anonymity) fn is_attacked(&self, chance: f64) -> bool {
        self.profit.gain * chance - self.profit.cost > 0.0
    }

    /// What a row of a class pays, `lost` being its loss of information.
    pub(in crate::anonymity) fn payout(&self, n: u64, n_population: u64, lost: f64) -> f64 {
        let chance = self.chance(n, n_population);
        let attacked = if self.is_attacked(chance) { self.profit.loss * chance } else { 0.0 };
        self.profit.benefit * (1.0 - lost) - attacked
    }
}

/// The class size from which no attack pays; of the population for a journalist.
pub(super) fn no_attack_floor(attack: Attack, profit: Profit) -> Option<u64> {
    let is_form = matches!(attack, Attack::ProsecutorNoAttack | Attack::JournalistNoAttack);
    // A quotient beyond all counts saturates.
    is_form.then(|| ((profit.gain / profit.cost).floor() as u64).saturating_add(1))
}
