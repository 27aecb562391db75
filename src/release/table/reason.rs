//! Why a cell is hidden.

use std::fmt;

/// Why a cell is hidden; for the controller, never for the reader of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Reason {
    /// Fewer distinct customers than the threshold.
    BelowThreshold,
    /// Fewer distinct households than the threshold.
    FewHouseholds,
    /// A zero that is not declared structural.
    Zero,
    /// Nobody or everybody has the sensitive value, or all but a few.
    GroupDisclosure,
    /// One customer, or a few, make up most of the figure.
    Dominance,
    /// Neither a protection width nor a range is declared for the column.
    NoWidth,
    /// The sensitive values of the segment are too uniform.
    Diversity,
    /// The sensitive values of the segment are too far from those of the population.
    Closeness,
    /// The number of customers of a figure that is hidden.
    CountOfHidden,
    /// A figure over customers whose number is hidden.
    FigureOfHidden,
    /// Together with an earlier release it would tell of too few.
    Withheld,
    /// Hidden so that another cell cannot be worked out.
    Complement,
    /// What could be worked out here cannot be computed, so nothing of it is published.
    TooLargeToAudit,
}

impl Reason {
    /// Gives the code under which the rule is counted.
    pub const fn code(self) -> &'static str {
        match self {
            Self::BelowThreshold => "below_threshold",
            Self::FewHouseholds => "few_households",
            Self::Zero => "zero",
            Self::GroupDisclosure => "group_disclosure",
            Self::Dominance => "dominance",
            Self::NoWidth => "no_width",
            Self::Diversity => "diversity",
            Self::Closeness => "closeness",
            Self::CountOfHidden => "count_of_hidden",
            Self::FigureOfHidden => "figure_of_hidden",
            Self::Withheld => "withheld",
            Self::Complement => "complement",
            Self::TooLargeToAudit => "too_large_to_audit",
        }
    }

    /// Says whether the cell is hidden for its own sake and must not be narrowed down.
    pub const fn is_primary(self) -> bool {
        !matches!(self, Self::Complement | Self::TooLargeToAudit)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code())
    }
}
