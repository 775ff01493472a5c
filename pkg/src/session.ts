import { encode, isRow } from "./codec.js";
import { isWellFormed } from "./encode.js";
import { badOption, EtsError } from "./errors.js";
import type { Fields } from "./fields.js";
import { visible } from "./flash.js";
import type { Verdict } from "./held.js";
import { CSRF, FLASH, isHidden, META } from "./hidden.js";
import { boolean, known } from "./options.js";
import { decodeTerm, isObject } from "./term.js";
import type { Meta, Row, Session } from "./types.js";

const utf8 = new TextEncoder();

/** What a subject is called: a row has one byte for the length of it. */
export function checkedSubject(subject: unknown): string {
  const fits =
    typeof subject === "string" &&
    subject !== "" &&
    subject.length < 256 &&
    isWellFormed(subject) &&
    utf8.encode(subject).length < 256;
  if (!fits) throw badOption("subject", typeof subject, "a well-formed string of 1 to 255 bytes");
  return subject;
}

/** The key that was found right last: handlers ask for the same few, by the same literals. NaN is no key's equal. */
let right: string | number = Number.NaN;

function checked(key: unknown): string {
  if (key === right) return key as string;
  if (typeof key !== "string" || !isWellFormed(key) || isHidden(key)) {
    throw new EtsError(
      "ERR_BAD_KEY",
      "a key must be a well-formed string that is not empty and does not begin with NUL",
    );
  }
  right = key;
  return key;
}

/** One request's session: reads and writes are synchronous, and nothing is stored before the commit. */
export class SessionHandle<Data extends object = Row, Flash extends object = Row>
  implements Session<Data, Flash>
{
  readonly #fields: Fields;
  /** Asked for once, so that a request has one answer. */
  #owner: [subject: string | undefined] | undefined;

  static {
    // Printing calls getters, if it is told to. Vite takes a variable in here for an import of the same name.
    Object.defineProperty(SessionHandle.prototype, Symbol.for("nodejs.util.inspect.custom"), {
      value: () => "Session {}",
    });
  }

  constructor(fields: Fields) {
    this.#fields = fields;
  }

  /** For the rest of the package: what is behind a session. */
  static fields(session: object): Fields {
    if (!isObject(session) || !(#fields in session))
      throw badOption("session", session, "a session of this package");
    return session.#fields;
  }

  static writable(session: object): Fields {
    SessionHandle.fields(session);
    return (session as SessionHandle).#write();
  }

  /** What is looked at shows in the response, since that may depend on it. */
  #look(): Fields {
    this.#fields.looked = true;
    return this.#fields;
  }

  #write(verdict?: Verdict): Fields {
    if (this.#fields.committed) {
      throw new EtsError("ERR_COMMITTED", "the session was committed with its response");
    }
    if (verdict !== undefined && this.#fields.verdict !== "skip") {
      // What a login that is taken back would have said of itself.
      if (this.#fields.verdict === "login")
        for (const name of [META, CSRF]) this.#fields.change?.forget(name);
      this.#fields.verdict = verdict;
    }
    return verdict === "ignore" ? this.#fields : this.#look();
  }

  get<K extends keyof Data>(key: K): Data[K] | undefined;
  get<K extends keyof Data>(key: K, fallback: Data[K]): Data[K];
  get(key: PropertyKey, fallback?: unknown): unknown {
    return this.#fields.get(checked(key), fallback);
  }

  has(key: keyof Data): boolean {
    return this.#fields.current(checked(key)) !== undefined;
  }

  set<K extends keyof Data>(key: K, value: Data[K]): this {
    this.#write().set(checked(key), value);
    return this;
  }

  delete(key: keyof Data): boolean {
    const fields = this.#write();
    const name = checked(key);
    const had = fields.current(name) !== undefined;
    fields.remove(name);
    return had;
  }

  clear(): void {
    this.#write().clear();
  }

  increment(key: keyof Data, by = 1): number {
    const fields = this.#write();
    const name = checked(key);
    if (typeof by !== "number" || !Number.isFinite(by)) throw badOption("by", by, "a finite number");
    return fields.increment(name, by);
  }

  update(fn: (data: Data) => Partial<Data>): this {
    this.#write().update(fn as (data: Row) => Row, checked);
    return this;
  }

  get data(): Readonly<Partial<Data>> {
    return Object.freeze(this.#fields.all()) as Readonly<Partial<Data>>;
  }

  keys(): IterableIterator<keyof Data> {
    return this.#fields.names().values() as IterableIterator<string> as IterableIterator<keyof Data>;
  }

  flash<K extends keyof Flash>(key: K, value: Flash[K]): void {
    const fields = this.#write();
    const name = checked(key);
    const term = encode(value, name);
    fields.said ??= new Map();
    fields.said.set(name, term);
  }

  flashed<K extends keyof Flash>(key: K): Flash[K] | undefined {
    const name = checked(key);
    const said = visible(this.#fields.row()[FLASH], this.#fields.met?.version ?? 0).get(name);
    return (said && decodeTerm(said[1])) as Flash[K] | undefined;
  }

  /** The hash that stands for the session wherever it is shown; undefined until it is first stored. */
  get id(): string | undefined {
    const { sid, table } = this.#look();
    return sid === undefined ? undefined : table.hash(sid);
  }

  get isNew(): boolean {
    return this.#look().sid === undefined;
  }

  #met(): Meta | undefined {
    const fields = this.#look();
    if (fields.sid === undefined) return undefined;
    fields.met ??= fields.now();
    return fields.met;
  }

  get createdAt(): number | undefined {
    return this.#met()?.createdAt;
  }

  get expiresAt(): number | undefined {
    return this.#met()?.expiresAt;
  }

  /** The user whose session it is. */
  get subject(): string | undefined {
    const fields = this.#look();
    const whose = this.#whose();
    return fields.verdict === "login" ? fields.login?.subject : whose;
  }

  #whose(): string | undefined {
    this.#owner ??= [(this.#fields.now() ?? this.#fields.met)?.subject];
    return this.#owner[0];
  }

  renew(): void {
    // A login renews anyway, and more strictly.
    if (this.#write().verdict !== "login") this.#write("renew");
  }

  destroy(): void {
    this.#write("destroy");
  }

  ignore(): void {
    this.#write("ignore");
  }

  login(subject: string, meta?: Row, options: { keep?: ReadonlyArray<keyof Data> } = {}): void {
    const fields = this.#write();
    const whose = checkedSubject(subject);
    if (fields.refusesLogin) {
      throw badOption("acceptEventual", "false", "true for login() over an eventual store");
    }
    known("options", options, ["keep"]);
    if (meta !== undefined && !isRow(meta)) {
      throw badOption("meta", meta, "a plain object");
    }
    const about = meta === undefined ? undefined : encode(meta, "meta");
    // Whoever logs out and then in, in one request, takes nothing along.
    const { keep: told } = options;
    if (told !== undefined && !Array.isArray(told)) throw badOption("keep", told, "an array of field names");
    const given = fields.verdict === "destroy" ? [] : told;
    const keep = given === undefined ? undefined : new Set<PropertyKey>(given);
    if (keep !== undefined) fields.keepOnly(keep);
    fields.hide(META, about);
    // A token that was known before the login must not be one after it.
    fields.hide(CSRF, undefined);
    if (fields.verdict === "skip") return;
    const leaves = fields.verdict === "destroy" || fields.login?.leaves === true;
    fields.login = { subject: whose, keep, leaves };
    fields.verdict = "login";
  }

  logout(options: { everywhere?: boolean } = {}): void {
    known("options", options, ["everywhere"]);
    const { everywhere = false } = options;
    const all = boolean("everywhere", everywhere);
    const fields = this.#write("destroy");
    // Also where the session itself was ended since the request was told whose it is.
    if (all) fields.everywhere = this.#whose();
  }
}
