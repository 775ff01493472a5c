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
    file: "src/base64.rs",
    reason: BITS,
    mutants: ["replace | with ^ in pack"],
  },
  {
    file: "src/evict.rs",
    reason: COST,
    mutants: [
      "replace < with > in Table::clear_this_second",
      "replace Table::all_stay -> bool with false",
      "replace < with <= in Table::all_stay",
      "replace < with == in Table::all_stay",
      "delete ! in Table::tidy",
      "replace > with < in Table::step",
      "replace < with > in Table::clear_expired",
      "replace match guard place.due <= second with true in Table::clear_this_second",
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
      "replace > with == in Queue::remove",
      "replace > with >= in Queue::remove",
      "replace >> with << in Queue::remove",
      "replace < with > in Queue::reserve",
    ],
  },
  {
    file: "src/expiry.rs",
    reason: SAME,
    mutants: [
      "replace > with >= in Queue::settle",
      "replace > with >= in Queue::rise",
      "replace > with >= in Place::is_before",
    ],
  },
  {
    file: "src/record.rs",
    reason: COST,
    mutants: [
      "replace Fields<'a>::count -> usize with 0",
      "replace Fields<'a>::count -> usize with 1",
      "replace Value<'_>::size -> usize with 0",
      "replace Value<'_>::size -> usize with 1",
      "replace one_field -> Option<(Name<'_>, &[u8])> with None",
      "replace Lookup<'a>::hash -> u64 with 0",
      "replace Lookup<'a>::hash -> u64 with 1",
      "replace == with != in Lookup<'a>::get",
      "replace <= with > in Lookup<'a>::add",
    ],
  },
  {
    file: "src/record.rs",
    reason: BITS,
    mutants: ["replace | with ^ in write"],
  },
  {
    file: "src/row.rs",
    reason: COST,
    mutants: [
      "replace is_wide -> bool with false",
      "replace overwrite -> bool with false",
      "replace rewrite -> bool with false",
      "replace & with ^ in rewrite",
      "replace & with | in rewrite",
      "replace < with <= in rewrite",
      "replace < with == in rewrite",
      "replace < with > in rewrite",
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
  {
    file: "src/select.rs",
    reason: SAME,
    mutants: ["replace < with <= in Table::select"],
  },
  {
    file: "src/session.rs",
    reason: DUMP,
    mutants: [
      "replace cover -> [u8; ID_BYTES] with [0; ID_BYTES]",
      "replace cover -> [u8; ID_BYTES] with [1; ID_BYTES]",
    ],
  },
  {
    file: "src/slab.rs",
    reason: COST,
    mutants: [
      "replace > with >= in Slab::alloc",
      "replace Slab::look_ahead with ()",
      "replace < with <= in Slab::look_ahead",
      "replace < with == in Slab::look_ahead",
      "replace < with > in Slab::look_ahead",
      "replace / with % in Slab::look_ahead",
      "replace / with * in Slab::look_ahead",
      "replace / with *",
      "replace + with *",
      "replace < with == in Slab::close_page",
      "replace < with > in Slab::close_page",
      "replace * with + in block_size",
      "replace * with / in block_size",
    ],
  },
  {
    file: "src/slab.rs",
    reason: BITS,
    mutants: ["replace | with ^ in Slab::alloc", "replace | with ^ in Slab::alloc_large"],
  },
  {
    file: "src/snapshot.rs",
    reason: COST,
    mutants: [
      "replace && with || in Table::read_row",
      "replace * with + in Table::snapshot",
      "replace + with - in Table::snapshot",
    ],
  },
  {
    file: "src/snapshot.rs",
    reason: BITS,
    mutants: ["replace | with ^ in Table::snapshot"],
  },
  {
    file: "src/write.rs",
    reason: GAP,
    mutants: ["replace == with != in Table::change"],
  },
  {
    file: "src/storage.rs",
    reason: GAP,
    mutants: [
      "replace || with && in Table::try_store",
      "replace == with != in Table::try_store",
      "replace match guard same(row) && self.budget.missing(names) == 0 with false in Table::try_store",
    ],
  },
  {
    file: "src/write.rs",
    reason: COST,
    mutants: [
      "replace match guard self.names.unsettled_bytes() == 0 && row::rewrite(self.rows.block_mut(row), record, self.options.max_row_bytes, now) with false in Table::insert_by",
    ],
  },
  {
    file: "src/storage.rs",
    reason: COST,
    mutants: ["replace / with % in Table::reserve", "replace / with * in Table::reserve"],
  },
  {
    file: "src/table.rs",
    reason: DUMP,
    mutants: [
      "replace * with + in Table::keep_scratch",
      "replace * with / in Table::keep_scratch",
      "replace Table::keep_scratch with ()",
      "replace <= with > in Table::keep_scratch",
    ],
  },
  {
    file: "src/tables.rs",
    reason: BITS,
    mutants: ["replace | with ^ in Slot::handle"],
  },
  {
    file: "src/term.rs",
    reason: BITS,
    mutants: ["replace | with ^ in push_length", "replace | with ^ in number"],
  },
  {
    file: "src/term.rs",
    reason: SAME,
    mutants: [
      "replace < with <= in Reader<'a>::long_length",
      "delete match arm 0x80..= 0x3FFF in length_size",
      "delete match arm 0x4000..= 0x1F_FFFF in length_size",
      "delete match arm 0x20_0000..= 0xFFF_FFFF in length_size",
    ],
  },
  {
    file: "src/value.rs",
    reason: COST,
    mutants: ["replace / with * in push_text"],
  },
  {
    file: "src/value.rs",
    reason: BITS,
    mutants: ["replace | with ^ in Value::push_within", "replace | with ^ in push_count"],
  },
];
