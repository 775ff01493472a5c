/**
 * The only file that names wasm: one instance, made synchronously on first use and replaced when it
 * fails, and the area of its memory through which keys, records and answers pass.
 */
import compile from "#wasm";
import { badOption, EtsError } from "./errors.js";
import type { Exports } from "./wasm/glue.js";
import * as glue from "./wasm/glue.js";

/** By which the module is known that goes with this code; the build puts it here. */
declare const MARK: string;

const AREA = 64 * 1024;
/** How many numbers go with an answer at the most. */
const NUMBERS = 10;

/** What instances are made of, once it is known. */
let module: WebAssembly.Module | undefined;
let exports: Exports | undefined;
/** Whether the last instance failed, and none took its place yet. */
let spoilt = false;
let length = 0;
let base = 0;
let numbersAt = 0;
let floats = new Float64Array(0);

/** Memory as it was last seen, and the area in it; both empty once it grew. */
let bytes = new Uint8Array(0);
let view = bytes;

/** Called after an instance was replaced: its tables are gone. */
const replaced: Array<() => void> = [];

export function onReplaced(listener: () => void): void {
  replaced.push(listener);
}

/** The exports. An operation's first step, since it makes the instance. */
export function core(): Exports {
  return exports ?? start();
}

function start(): Exports {
  try {
    if (spoilt) glue.__wbg_reset_state();
    module ??= compiled();
    const made = glue.initSync({ module });
    numbersAt = made.numbers();
    lay(made, AREA);
    exports = made;
    if (spoilt) for (const listener of replaced) listener();
    spoilt = false;
    return made;
  } catch (cause) {
    exports = undefined;
    // A package that can't begin says why; one that can't begin again has lost what it held.
    throw spoilt ? instanceLost("the instance failed, and there is none to replace it", cause) : cause;
  }
}

function compiled(): WebAssembly.Module {
  try {
    return compile();
  } catch (cause) {
    const help = "allow 'wasm-unsafe-eval', or hand a compiled one to instantiate()";
    throw instanceLost(`the module can't be compiled here: ${help}`, cause);
  }
}

/** Has the instances made of this module, or these bytes, from the first on. */
export function instantiate(source: object): void {
  if (module !== undefined) throw badOption("module", "another", "told before the package is first used");
  try {
    const given = isModule(source) ? source : new WebAssembly.Module(source as BufferSource);
    const [mark = new ArrayBuffer(0)] = WebAssembly.Module.customSections(given, "ets-session");
    if (new TextDecoder().decode(mark) !== MARK) throw new Error("it is another one");
    module = given;
  } catch (cause) {
    const wanted = "the store.wasm of this package, compiled or as bytes";
    throw badOption("module", Object.prototype.toString.call(source), wanted, cause);
  }
}

/** Modules may come from another realm. */
function isModule(source: object): source is WebAssembly.Module {
  return Object.prototype.toString.call(source) === "[object WebAssembly.Module]";
}

/** Has the area made that long. */
function lay(made: Exports, needed: number): void {
  const address = made.area(needed);
  if (address === 0) throw memoryRefused(needed, made.memory.buffer.byteLength);
  base = address;
  length = needed;
  refresh(made);
}

function refresh(made: Exports): void {
  bytes = new Uint8Array(made.memory.buffer);
  view = bytes.subarray(base, base + length);
  floats = new Float64Array(made.memory.buffer, numbersAt, NUMBERS);
}

/** Memory as it is now; growing it detaches every view made before. */
export function memory(): Uint8Array {
  if (bytes.length === 0) refresh(core());
  return bytes;
}

/** The numbers that go with the last answer. */
export function number(index: number): number {
  memory();
  return floats[index] as number;
}

/** The area, with room for so many bytes. */
export function window(needed: number): Uint8Array {
  return needed <= view.length ? view : enlarged(needed);
}

function enlarged(needed: number): Uint8Array {
  const made = core();
  if (needed > length) lay(made, needed);
  else refresh(made);
  return view;
}

/** Has memory grow until so many bytes more fit. */
export function reserve(needed: number): void {
  const made = core();
  if (made.reserve(needed) === 0) throw memoryRefused(needed, made.memory.buffer.byteLength);
}

/** Gives back what a large operation made the area take. */
export function release(): void {
  const made = core();
  made.release();
  length = 0;
  lay(made, AREA);
}

/**
 * An exception out of the core means that it stopped in the middle of something: the instance is
 * replaced, and the caller is told that what was in it is lost.
 */
export function lost(cause: unknown): EtsError {
  // There was no instance to fail.
  if (cause instanceof EtsError) return cause;
  exports = undefined;
  spoilt = true;
  bytes = new Uint8Array(0);
  view = bytes;
  length = 0;
  try {
    start();
  } catch (error) {
    // The next call tries again.
    return error as EtsError;
  }
  return instanceLost("the instance failed and was replaced; its rows are lost", cause);
}

function instanceLost(message: string, cause: unknown): EtsError {
  return new EtsError("ERR_INSTANCE_LOST", message, {}, { cause });
}

/** By the numbers of the core's errors, of which -1 is the first. */
const CODES = [
  ["ERR_NO_TABLE", "there is no table of that name"],
  ["ERR_TABLE_EXISTS", "there is a table of that name already"],
  ["ERR_BAD_KEY", "a key must be a well-formed string that is not empty"],
  ["ERR_BAD_OPTION", "an option is out of range"],
  ["ERR_ROW_TOO_LARGE", "the row is larger than maxRowBytes"],
  ["ERR_TABLE_FULL", "the table is full"],
  ["ERR_NOT_A_NUMBER", "the field is not a number"],
  ["ERR_UNSUPPORTED_VALUE", "the row can't be stored"],
  ["ERR_BAD_SNAPSHOT", "this is no snapshot of a version that can be read"],
  ["ERR_ID_EXHAUSTED", "no free id was found"],
] as const;

/** The error of a negative answer. */
export function failure(answer: number, path?: string): EtsError {
  const [needed, used, limit] = [number(0), number(1), number(2)];
  const known = CODES[-1 - answer];
  // Memory's refusal, the last of them: the same code, with numbers of its own.
  if (known === undefined) return memoryRefused(needed, memory().length);
  const [code, message] = known;
  if (code === "ERR_ROW_TOO_LARGE") return rowTooLarge(needed, limit);
  if (code === "ERR_NOT_A_NUMBER" && path !== undefined) return new EtsError(code, message, { path });
  if (code !== "ERR_TABLE_FULL") return new EtsError(code, message);
  const text = `${message}: ${needed} bytes needed, ${used} of ${limit} used`;
  return new EtsError(code, text, { needed, used, limit });
}

/** Memory does not grow any more, so that what there is is the limit. */
function memoryRefused(needed: number, used: number): EtsError {
  return new EtsError("ERR_TABLE_FULL", "memory is refused", { needed, used, limit: used });
}

export function rowTooLarge(needed: number, limit: number): EtsError {
  return new EtsError("ERR_ROW_TOO_LARGE", `the row takes ${needed} bytes, maxRowBytes is ${limit}`, {
    needed,
    limit,
  });
}

/** Gives an answer, or throws the error that it stands for. */
export function checked(answer: number): number {
  if (answer < 0) throw failure(answer);
  return answer;
}

/** Calls the core; its refusals are thrown, of a field by its path, and so is the loss of the instance. */
export function run(call: () => number, path?: () => string | undefined): number {
  let answer: number;
  try {
    answer = call();
  } catch (cause) {
    throw lost(cause);
  }
  if (answer < 0) throw failure(answer, path?.());
  return answer;
}

/** A table's options in the core's units: bytes, and milliseconds of which 0 is none. */
export interface Settings {
  maxBytes: number;
  maxRowBytes: number;
  idle: number;
  absolute: number;
  onFull: "evict" | "refuse";
  hashKeys: boolean;
  reserve: boolean;
}

/** Creates a table whose name, of so many bytes, begins the area. */
export function createTable(nameLength: number, s: Settings): number {
  const refuse = s.onFull === "refuse";
  return checked(
    core().table_create(nameLength, s.maxBytes, s.maxRowBytes, s.idle, s.absolute, +refuse, +s.hashKeys),
  );
}
