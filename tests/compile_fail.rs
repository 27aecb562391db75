//! What must not compile: every forbidden order of stages and every leak.

#[test]
fn forbidden_orders_and_leaks_do_not_compile() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
