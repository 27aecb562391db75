//! Asks a consent ledger who may be used, without the pipeline; learn here how events become a decision.

use consentric::consent::{ConsentPolicy, Event, Ledger, Purpose, Question};
use consentric::time::Timestamp;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let newsletter = Purpose::parse("newsletter")?;
    let on = |day: &str| Timestamp::parse(&format!("{day}T09:00:00Z"));

    let mut ledger = Ledger::new();
    ledger.append("ada", Event::given(on("2026-01-10")?, &newsletter, "v3", "web_form"))?;
    ledger.append("ada", Event::withdrawn(on("2026-03-01")?, &newsletter))?;
    ledger.append("ben", Event::given(on("2026-02-02")?, &newsletter, "v3", "app_toggle"))?;

    let question = Question::from(newsletter);
    for customer in ["ada", "ben", "cleo"] {
        for day in ["2026-02-15", "2026-04-15"] {
            let decision = ledger.decide(&question.about(customer, on(day)?));
            println!("{customer:5} on {day}: {decision}");
        }
    }
    assert!(!ledger.decide(&question.about("cleo", on("2026-04-15")?)).is_allow(), "who is unknown is not allowed");
    Ok(())
}
