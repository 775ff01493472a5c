//! What a part of the test run came to.

use crate::run::Ended;
use std::ops::AddAssign;

#[derive(Default)]
pub struct Tally {
    pub passed: usize,
    pub failed: usize,
    /// Shown when the part failed.
    pub output: String,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Tally) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.output += &other.output;
    }
}

impl Tally {
    /// A command that is one check, whatever it looks at.
    pub fn check(ended: Ended) -> Tally {
        Tally { passed: ended.ok.into(), failed: (!ended.ok).into(), output: ended.output }
    }

    /// The lines `test result: ok. 3 passed; 0 failed; 0 ignored; …`, one for each test program.
    pub fn of_cargo(ended: Ended) -> Tally {
        let results = ended.output.lines().filter(|line| line.starts_with("test result: "));
        let (mut passed, mut failed) = (0, 0);
        for line in results {
            passed += number_before(line, " passed");
            // A test that is left out is not one that passes.
            failed += number_before(line, " failed") + number_before(line, " ignored");
        }
        Tally::counted(passed, failed, ended)
    }

    /// The last line that says `3 passed, 0 failed`.
    pub fn of_suite(ended: Ended) -> Tally {
        let last = ended.output.lines().rfind(|line| line.contains(" passed, ") && line.ends_with(" failed"));
        let line = last.unwrap_or_default();
        Tally::counted(number_before(line, " passed"), number_before(line, " failed"), ended)
    }

    /// The exit code has the last word, and so has a run without tests.
    fn counted(passed: usize, mut failed: usize, ended: Ended) -> Tally {
        let mut output = ended.output;
        if failed == 0 && (!ended.ok || passed == 0) {
            failed = 1;
            output +=
                if ended.ok { "\nno test ran\n" } else { "\nended with an error, though no test failed\n" };
        }
        Tally { passed, failed, output }
    }
}

fn number_before(line: &str, word: &str) -> usize {
    let before = line.find(word).map(|at| &line[..at]).unwrap_or_default();
    let digits = before.rsplit(|character: char| !character.is_ascii_digit()).next();
    digits.and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::Tally;
    use crate::run::Ended;

    fn counts(tally: Tally) -> (usize, usize) {
        (tally.passed, tally.failed)
    }

    fn ended(ok: bool, output: &str) -> Ended {
        Ended { ok, output: output.to_owned() }
    }

    #[test]
    fn sums_the_test_programs_of_cargo() {
        let output = "test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured\nx\ntest result: FAILED. 3 passed; 2 failed; 1 ignored;\n";
        assert_eq!(counts(Tally::of_cargo(ended(false, output))), (15, 3));
    }

    #[test]
    fn takes_the_last_line_of_a_suite() {
        assert_eq!(
            counts(Tally::of_suite(ended(true, "1 passed, 0 failed\nok\n41 passed, 0 failed\n"))),
            (41, 0)
        );
    }

    #[test]
    fn believes_no_count_over_the_exit_code() {
        assert_eq!(counts(Tally::of_suite(ended(false, "41 passed, 0 failed\n"))), (41, 1));
        assert_eq!(counts(Tally::of_suite(ended(true, "fine\n"))), (0, 1));
        assert_eq!(counts(Tally::of_cargo(ended(false, "error: could not compile\n"))), (0, 1));
    }
}
