//! What a law says from one date to the next.

/// The laws that judge alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::consent) enum Family {
    /// The Union and the European Economic Area.
    Union,
    /// Nobody knows where: the rules of the Union, and stricter.
    Unstated,
    UnitedKingdom,
    Brazil,
    Quebec,
    Canada,
    UnitedStates,
}

impl Family {
    /// Of several laws that allow, the reason of the lowest rank is given.
    pub(in crate::consent) const fn rank(self) -> u8 {
        match self {
            Self::Union | Self::Unstated => 0,
            Self::UnitedKingdom => 1,
            Self::Brazil => 2,
            Self::Quebec => 3,
            Self::Canada => 4,
            Self::UnitedStates => 5,
        }
    }

    pub(in crate::consent) const fn is_canadian(self) -> bool {
        matches!(self, Self::Quebec | Self::Canada)
    }
}

/// How a state treats sensitive data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::consent) enum SensitiveRule {
    /// Consent is needed.
    OptIn,
    /// Consent is needed, and must be fresh.
    FreshOptIn,
    /// A notice with a way out is needed.
    OptOutWithNotice,
    /// The customer may limit the use.
    Limit,
    /// Neither sold nor used but where strictly necessary.
    StrictlyNecessary,
}

/// What a law says from one date to the next; a closed list of the points in which laws differ.
///
/// Taken from a shipped law by [`Jurisdiction::in_force`](super::Jurisdiction::in_force), or made by
/// [`european`](RuleSet::european) for a law of one's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RuleSet {
    pub(in crate::consent) family: Family,
    /// Whole years from which one consents alone.
    pub(in crate::consent) consent_age: u8,
    /// Whether a browser's opt-out signal binds.
    pub(in crate::consent) signal_binds: bool,
    /// Whole years under which sale and targeted advertising need an opt-in.
    pub(in crate::consent) opt_in_age: u8,
    /// Whether sale and targeted advertising of minors are banned.
    pub(in crate::consent) bans_minors: bool,
    /// Whether one may opt out of automated decisions.
    pub(in crate::consent) opt_out_of_decisions: bool,
    /// Whether sale and sharing for advertising are one right.
    pub(in crate::consent) one_right_of_sale: bool,
    pub(in crate::consent) sensitive: SensitiveRule,
    /// UK GDPR Art. 6(1)(ea).
    pub(in crate::consent) recognises_interests: bool,
    /// UK GDPR Art. 22A-22D.
    pub(in crate::consent) safeguarded_decisions: bool,
}

impl RuleSet {
    /// Gives the rules of the GDPR with an age of consent.
    pub const fn european(consent_age: u8) -> Self {
        Self {
            family: Family::Union,
            consent_age,
            signal_binds: false,
            opt_in_age: 16,
            bans_minors: false,
            opt_out_of_decisions: false,
            one_right_of_sale: false,
            sensitive: SensitiveRule::OptIn,
            recognises_interests: false,
            safeguarded_decisions: false,
        }
    }

    pub(super) const fn of(family: Family, consent_age: u8) -> Self {
        let mut rules = Self::european(consent_age);
        rules.family = family;
        rules
    }

    pub(super) const fn state(sensitive: SensitiveRule) -> Self {
        let mut rules = Self::of(Family::UnitedStates, 13);
        rules.sensitive = sensitive;
        rules.opt_out_of_decisions = true;
        rules
    }

    pub(super) const fn with_signal(mut self) -> Self {
        self.signal_binds = true;
        self
    }

    pub(super) const fn with_opt_in_age(mut self, age: u8) -> Self {
        self.opt_in_age = age;
        self
    }

    pub(super) const fn with_ban_of_minors(mut self) -> Self {
        self.bans_minors = true;
        self
    }

    pub(super) const fn with_opt_out_of_decisions(mut self, may: bool) -> Self {
        self.opt_out_of_decisions = may;
        self
    }

    pub(super) const fn with_one_right_of_sale(mut self) -> Self {
        self.one_right_of_sale = true;
        self
    }

    pub(super) const fn with_data_use_act(mut self) -> Self {
        self.recognises_interests = true;
        self.safeguarded_decisions = true;
        self
    }

    /// Gives the age in whole years from which one consents alone.
    pub const fn consent_age(&self) -> u8 {
        self.consent_age
    }
}
