//! What each state says from one of its dates to the next; a rule without a date holds at every time (section 5).

use serde_json::json;

use crate::case::*;

/// What a state says at an instant between two of its dates.
struct Version {
    state: &'static str,
    at: &'static str,
    /// Under which age sale and advertising need an opt-in.
    opt_in_age: i32,
    bans_minors: bool,
    signal_binds: bool,
    opt_out_of_decisions: bool,
}

const fn version(state: &'static str, at: &'static str, opt_in_age: i32) -> Version {
    Version { state, at, opt_in_age, bans_minors: false, signal_binds: false, opt_out_of_decisions: true }
}

impl Version {
    const fn with_signal(mut self) -> Self {
        self.signal_binds = true;
        self
    }

    const fn with_ban(mut self) -> Self {
        self.bans_minors = true;
        self
    }

    const fn without_opt_out_of_decisions(mut self) -> Self {
        self.opt_out_of_decisions = false;
        self
    }

    /// Somebody who becomes `age` at the instant.
    fn turning(&self, case: Case, age: i32) -> Case {
        let (year, rest) = self.at.split_at(4);
        case.born(&format!("{}{rest}", year.parse::<i32>().unwrap() - age)).at(self.at)
    }
}

const VERSIONS: [Version; 16] = [
    version("US-CA", "2019-06-01", 16).without_opt_out_of_decisions(),
    version("US-CA", "2023-06-01", 16).without_opt_out_of_decisions().with_signal(),
    version("US-CA", "2027-06-01", 16).with_signal(),
    version("US-VA", "2026-06-01", 16),
    version("US-CO", "2023-06-01", 16),
    version("US-CO", "2025-06-01", 16).with_signal(),
    version("US-CO", "2026-06-01", 18).with_signal(),
    version("US-CT", "2023-06-01", 16),
    version("US-CT", "2024-11-01", 18),
    version("US-CT", "2026-06-01", 18).with_signal(),
    version("US-CT", "2026-08-01", 18).with_signal().with_ban(),
    version("US-TX", "2024-06-01", 16),
    version("US-TX", "2026-06-01", 16).with_signal(),
    version("US-UT", "2026-06-01", 16),
    version("US-MD", "2024-06-01", 16).with_ban(),
    version("US-MD", "2026-06-01", 16).with_ban().with_signal(),
];

#[test]
fn the_age_of_consent_is_13_in_every_state_at_any_time() {
    for version in &VERSIONS {
        // Offline, so that no rule on children online answers first.
        let case = newsletter().living_in(version.state).activity(json!({"information_society_service": false}));
        let case = case.without_events().event(given(version.at));
        version.turning(case.clone(), 13).allows("CONSENT");
        version.turning(case, 12).denies("CHILD");
    }
}

#[test]
fn the_united_kingdoms_age_of_consent_is_13_before_and_after_the_act_of_2025() {
    for at in ["2025-06-01", "2026-06-01"] {
        let case = newsletter().living_in("GB").without_events().event(given(at)).at(at);
        let year: i32 = at[..4].parse().unwrap();
        case.clone().born(&format!("{}-06-01", year - 13)).allows("CONSENT");
        case.born(&format!("{}-06-02", year - 13)).denies("CHILD");
    }
}

#[test]
fn under_the_age_of_its_time_sale_and_ads_need_an_opt_in_or_are_banned() {
    for version in &VERSIONS {
        for case in [sale(version.state), ads(version.state)] {
            let banned = if version.bans_minors { Deny("BANNED") } else { Deny("MINOR_NO_OPT_IN") };
            let age = if version.bans_minors { 18 } else { version.opt_in_age };
            version.turning(case.clone(), age).turns(version.at, banned, Allow("NO_OPT_OUT"));
            let opted_in = version.turning(case.event(opt_in("2018-01-10", "sale_share")), 15);
            opted_in.clone().customer(json!({"birth_date": "2004-12-31"})).allows("OPTED_IN");
            let eve = version.turning(opted_in.event(opt_in_by_parent("2018-01-11", "sale_share")), 15);
            eve.expects(if version.bans_minors { Deny("BANNED") } else { Allow("OPTED_IN") });
        }
    }
}

#[test]
fn a_signal_binds_where_and_when_the_state_says() {
    for version in &VERSIONS {
        for case in [sale(version.state), ads(version.state)] {
            let case = case.event(gpc("2019-01-01")).at(version.at);
            case.expects(if version.signal_binds { Deny("OPTED_OUT") } else { Allow("NO_OPT_OUT") });
        }
    }
}

#[test]
fn sale_and_sharing_are_one_right_in_california_alone_at_any_time() {
    for version in &VERSIONS {
        let one = if version.state == "US-CA" { Deny("OPTED_OUT") } else { Allow("NO_OPT_OUT") };
        sale(version.state).event(opt_out("2019-01-01", "targeted_ads")).at(version.at).expects(one);
        ads(version.state).event(opt_out("2019-01-01", "sale")).at(version.at).expects(one);
    }
}

#[test]
fn an_opt_out_of_profiling_acts_everywhere_but_in_california_before_2027() {
    for version in &VERSIONS {
        let notice = json!({"lawful_basis": null, "regime": "opt_out", "notice_at_collection": ["credit_decision"]});
        let case =
            loan_decision(version.state).activity(notice).event(opt_out("2019-01-01", "profiling")).at(version.at);
        case.expects(if version.opt_out_of_decisions { Deny("OPTED_OUT") } else { Allow("NO_OPT_OUT") });
    }
}

#[test]
fn sensitive_data_have_the_rule_of_their_state_at_any_time() {
    for version in &VERSIONS {
        let case = religion(version.state).born("1980-01-31").at(version.at);
        let limited = case.clone().event(opt_out("2019-01-01", "limit_sensitive"));
        let told = notice("2016-01-01", ["segmentation_marketing"]).with(json!({"sensitive_opt_out_offered": true}));
        let granted = case.clone().event(given_for_religion("2016-01-10"));
        match version.state {
            "US-CA" => {
                case.allows("NO_OPT_OUT");
                limited.denies("LIMITED_SENSITIVE");
            }
            "US-UT" => {
                case.denies("NO_NOTICE");
                limited.event(told).denies("OPTED_OUT");
            }
            "US-MD" => {
                case.denies("BANNED");
                granted.denies("BANNED");
            }
            // Only Colorado lets a consent lapse for want of dealings.
            "US-CO" => {
                case.denies("NO_CONSENT");
                granted.denies("CONSENT_EXPIRED");
            }
            _ => {
                case.denies("NO_CONSENT");
                granted.allows("CONSENT");
            }
        }
    }
}
