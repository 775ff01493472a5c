/** Mutants of the core that its tests do not catch, each with the reason, as cargo-mutants names them. */

const BITS = "The parts share no bit: or and exclusive or are the same.";
const COST =
  "Another way to the same end: more work, or memory of another size, and nothing else that can be seen. Benchmarks and the tests of memory hold these, within limits wider than this.";
const CHECK =
  "validate() recounts everything for the tests. What it is there to refuse can't be made from outside, so that nothing shows whether it would.";
const SAME = "The two sides are never equal there, or it does not matter which way equals go.";
const DUMP = "What it wipes or hides shows in a dump of memory alone, where no test of the core looks.";
const GAP = "A gap: no test of the core meets the rows that it takes to see it.";

export const SURVIVORS = [
  {
    file: "src/evict.rs",
    reason: COST,
    mutants: [
      "delete ! in Table::tidy",
      "replace > with < in Table::step",
      "replace < with > in Table::clear_expired",
      "replace match guard place.due <= second with true in Table::clear_this_second",
      "replace < with > in Table::clear_this_second",
      "replace Table::all_stay -> bool with false",
      "replace < with == in Table::all_stay",
      "replace < with <= in Table::all_stay",
    ],
  },
  {
    file: "src/evict.rs",
    reason: SAME,
    mutants: ["replace > with >= in Table::make_room"],
  },
  {
    file: "src/evict.rs",
    reason: CHECK,
    mutants: [
      "replace Table::validate -> bool with true",
      "replace && with || in Table::validate",
      "replace Table::is_linked -> bool with true",
      "replace && with || in Table::is_linked",
    ],
  },
  {
    file: "src/expiry.rs",
    reason: COST,
    mutants: [
      "replace < with > in Queue::reserve",
      "replace > with == in Queue::remove",
      "replace > with >= in Queue::remove",
      "replace >> with << in Queue::remove",
    ],
  },
  {
    file: "src/expiry.rs",
    reason: SAME,
    mutants: ["replace > with >= in Place::is_before", "replace > with >= in Queue::settle"],
  },
  {
    file: "src/row.rs",
    reason: COST,
    mutants: [
      "replace is_wide -> bool with false",
      "replace overwrite -> bool with false",
      "replace rewrite -> bool with false",
      "replace & with | in rewrite",
      "replace & with ^ in rewrite",
      "replace < with == in rewrite",
      "replace < with > in rewrite",
      "replace < with <= in rewrite",
      "replace > with == in rewrite",
      "replace > with >= in rewrite",
    ],
  },
  {
    file: "src/row.rs",
    reason: BITS,
    mutants: [
      "replace | with ^ in Parts<'_>::write",
      "replace | with ^ in set_links",
      "replace | with ^ in rewrite",
    ],
  },
];
