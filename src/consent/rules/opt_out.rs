//! Opt-outs of the states of the United States, by choice and by signal, and the opt-ins that end them.

use crate::consent::history::{Kinds, Visible};
use crate::consent::law::RuleSet;
use crate::consent::{EventKind, OptIn, Right, Signal, Transfer};
use crate::time::Timestamp;

/// The newest opt-out, and whether (also) a signal said it at that instant.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::consent) struct OptedOut {
    pub(in crate::consent) at: Timestamp,
    pub(in crate::consent) by_signal: bool,
}

/// Whether an opt-out of a right governs a kind of transfer.
pub(in crate::consent) fn right_hits(right: Right, kind: Transfer, rules: &RuleSet) -> bool {
    // In California sale and sharing are one right.
    let one = rules.one_right_of_sale;
    match right {
        Right::All | Right::SaleShare => true,
        Right::Sale => one || kind == Transfer::Sale,
        Right::TargetedAds => one || kind == Transfer::Share,
        Right::Profiling | Right::Adm | Right::LimitSensitive => false,
    }
}

/// Whether a signal opts out of a kind of transfer; `everywhere` if the controller honours it where no law binds him.
pub(in crate::consent) fn signal_hits(signal: &Signal, kind: Transfer, everywhere: bool, rules: &RuleSet) -> bool {
    let binds = rules.signal_binds || everywhere;
    let fields = signal.gpp_usnat.is_some_and(|fields| match kind {
        _ if rules.one_right_of_sale => fields.opts_out_of_sale() || fields.opts_out_of_ads(),
        Transfer::Sale => fields.opts_out_of_sale(),
        Transfer::Share => fields.opts_out_of_ads(),
    });
    fields || (binds && signal.sets_gpc())
}

pub(in crate::consent) fn newest_opt_out(
    visible: &Visible<'_>,
    right: impl Fn(Right) -> bool,
    signal: impl Fn(&Signal) -> bool,
) -> Option<OptedOut> {
    let said = |at: Timestamp, kind: &EventKind| match kind {
        EventKind::OptOut { right: named } if right(*named) => Some(OptedOut { at, by_signal: false }),
        EventKind::Signal(heard) if signal(heard) => Some(OptedOut { at, by_signal: true }),
        _ => None,
    };
    visible.events(Kinds::OPT_OUT | Kinds::SIGNAL).filter_map(|(at, kind)| said(at, kind)).max()
}

/// Whether an effective opt-in is there: two steps, later than the opt-out, and after a browser's signal with the
/// customer told of the conflict.
// SPEC: 11 CCR 7025(c), 7028(a).
pub(in crate::consent) fn has_opt_in(
    visible: &Visible<'_>,
    right: impl Fn(Right) -> bool,
    opted_out: Option<OptedOut>,
    suits: impl Fn(Timestamp, &OptIn) -> bool,
) -> bool {
    visible.events(Kinds::OPT_IN).any(|(at, kind)| {
        let EventKind::OptIn(opt_in) = kind else { return false };
        let undoes = opted_out.is_none_or(|out| at > out.at && (!out.by_signal || opt_in.after_conflict_notice));
        opt_in.two_step && right(opt_in.right) && undoes && suits(at, opt_in)
    })
}
