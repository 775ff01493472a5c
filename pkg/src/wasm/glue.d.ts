// The generated glue, as far as this package uses it. Hand-written, so that no generated type leaks out.

/** The module's exports that take and give numbers alone, called without the glue between. */
export interface Exports {
  readonly memory: WebAssembly.Memory;
  area(length: number): number;
  numbers(): number;
  reserve(bytes: number): number;
  table_create(
    name: number,
    maxBytes: number,
    maxRowBytes: number,
    idle: number,
    absolute: number,
    refuse: number,
    hashKeys: number,
  ): number;
  table_drop(table: number): number;
  table_info(table: number): number;
  table_field_name(table: number, number: number): number;
  table_size(table: number): number;
  table_clear(table: number): number;
  table_sweep(table: number, limit: number, now: number): number;
  table_lifetime(table: number, idle: number, absolute: number): number;
  table_intern(table: number, length: number): number;
  table_select(
    table: number,
    filter: number,
    begin: number,
    high: number,
    low: number,
    limit: number,
    now: number,
  ): number;
  table_snapshot(table: number, now: number): number;
  table_restore(table: number, length: number, now: number): number;
  release(): void;
  table_count(table: number, filter: number, now: number): number;
  table_delete_where(table: number, filter: number, now: number): number;
  row_get(table: number, key: number, now: number): number;
  row_at(table: number, row: number, low: number, high: number, name: number, now: number): number;
  row_peek(table: number, key: number, now: number): number;
  row_field(table: number, key: number, name: number, inline: number, now: number): number;
  row_touch(table: number, key: number, now: number): number;
  row_meta(table: number, key: number, now: number): number;
  row_insert(
    table: number,
    key: number,
    record: number,
    lifetime: number,
    newOnly: number,
    now: number,
  ): number;
  row_insert_fresh(table: number, subject: number, record: number, lifetime: number, now: number): number;
  row_visit(table: number, key: number, watched: number, now: number): number;
  row_follow(table: number, key: number, underWay: number, now: number): number;
  row_commit(
    table: number,
    key: number,
    subject: number,
    hasSubject: number,
    change: number,
    grace: number,
    now: number,
  ): number;
  row_end(table: number, key: number, now: number): number;
  row_end_hashed(table: number, hash: number, now: number): number;
  table_end_where(table: number, filter: number, except: number, now: number): number;
  tag_key(secret: number, name: number): number;
  tag_of(id: number, tag: number): number;
  key_hash(key: number): number;
  row_update(table: number, key: number, change: number, now: number): number;
  row_count(
    table: number,
    key: number,
    name: number,
    inline: number,
    by: number,
    least: number,
    most: number,
    now: number,
  ): number;
  row_delete(table: number, key: number, now: number): number;
  row_take(table: number, key: number, now: number): number;
}

export function initSync(options: { module: WebAssembly.Module }): Exports;
export function __wbg_reset_state(): void;
