/** React Router's Session over ours, committed by hand. */
import type { Sessions } from "../manager.js";
import type { Row, Session } from "../types.js";

type Name<Of> = keyof Of & string;
type FlashData<Flash> = { [Key in Name<Flash> as `__flash_${Key}__`]: Flash[Key] };
type Value<Of, Key> = Key extends keyof Of ? Of[Key] : undefined;

/** React Router's Session. */
export interface RouterSession<Data extends object = Row, Flash extends object = Data> {
  /** The hash that stands for the session, never the cookie's value; "" until it is first stored. */
  readonly id: string;
  readonly data: Partial<Data & FlashData<Flash>>;
  has(name: Name<Data> | Name<Flash>): boolean;
  /** A flash is taken away by being read. */
  get<Key extends Name<Data> | Name<Flash>>(name: Key): Value<Data, Key> | Value<Flash, Key> | undefined;
  set<Key extends Name<Data>>(name: Key, value: Data[Key]): void;
  flash<Key extends Name<Flash>>(name: Key, value: Flash[Key]): void;
  unset(name: Name<Data>): void;
}

/** What ours can besides; it is done at the next commitSession(). */
export type Ours<Data extends object = Row> = Pick<Session<Data>, "subject" | "renew" | "login">;

export type Opener = (cookie: string | null) => Promise<Session>;
export type Step = (session: Session) => void;

const flashName = (name: string) => `__flash_${name}__`;

/** React Router's rules over ours. What is written is kept apart, so that it can be committed more than once. */
export class StoredSession {
  /** What the browser sends once it has `#line`. */
  #cookie: string | null;
  #line = "";
  #committed = false;
  #ending: Step | undefined;
  readonly #session: Session;
  /** Each field that was written: its value in a list, or undefined where it was removed. */
  readonly #written = new Map<string, [value: unknown] | undefined>();
  readonly #due = new Set<string>();

  constructor(session: Session, cookie: string | null) {
    this.#session = session;
    this.#cookie = cookie;
  }

  get id(): string {
    return this.#session.id ?? "";
  }

  get subject(): string | undefined {
    return this.#session.subject;
  }

  get data(): Row {
    const data: Row = { ...this.#session.data };
    for (const [name, value] of this.#written) {
      if (value === undefined) delete data[name];
      else data[name] = value[0];
    }
    return data;
  }

  #has(name: string): boolean {
    return this.#written.has(name) ? this.#written.get(name) !== undefined : this.#session.has(name);
  }

  #get(name: string): unknown {
    return this.#written.has(name) ? this.#written.get(name)?.[0] : this.#session.get(name);
  }

  #write(name: string, value: [value: unknown] | undefined): void {
    this.#written.set(name, value);
    this.#due.add(name);
  }

  has(name: string): boolean {
    return this.#has(name) || this.#has(flashName(name));
  }

  get(name: string): unknown {
    const flash = flashName(name);
    if (this.#has(name) || !this.#has(flash)) return this.#get(name);
    const value = this.#get(flash);
    this.#write(flash, undefined);
    return value;
  }

  set(name: string, value: unknown): void {
    this.#write(name, [value]);
  }

  flash(name: string, value: unknown): void {
    this.#write(flashName(name), [value]);
  }

  unset(name: string): void {
    this.#write(name, undefined);
  }

  renew(): void {
    this.#ending ??= (session) => session.renew();
  }

  login(...how: Parameters<Session["login"]>): void {
    this.#ending = (session) => session.login(...how);
  }

  async commit(sessions: Sessions, open: Opener, last?: Step): Promise<string> {
    const session = this.#committed ? await open(this.#cookie) : this.#session;
    const due = [...this.#due].map((name) => [name, this.#written.get(name)] as const);
    const ending = this.#ending;
    for (const [name, value] of due) {
      if (value === undefined) session.delete(name);
      else session.set(name, value[0]);
    }
    (last ?? ending)?.(session);
    const response = await sessions.commit(session, new Response());
    // Only now: a commit that failed is tried again with all of it, and what was written meanwhile is the next one's.
    for (const [name, value] of due) if (this.#written.get(name) === value) this.#due.delete(name);
    if (this.#ending === ending) this.#ending = undefined;
    this.#committed = true;
    const [line] = response.headers.getSetCookie();
    if (line === undefined) return this.#line;
    this.#cookie = line.slice(0, line.indexOf(";"));
    this.#line = line;
    return line;
  }
}
