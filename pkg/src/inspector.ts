/**
 * "ets-session/inspector": a page that shows an isolate's tables, live, and ends sessions. What observer is
 * for ETS in Erlang.
 *
 * @module
 */
import { badOption, EtsError } from "./errors.js";
import { isCrossSite, type Sessions } from "./index.js";
import { textOf } from "./inspector/kind.js";
import { type Asked, fieldOf, look, lookInto } from "./inspector/look.js";
import { page } from "./inspector/page.js";
import type { SubjectView } from "./inspector/wire.js";
import { callable, known } from "./options.js";

export { EtsError, type EtsErrorCode } from "./errors.js";

/** What an inspector has to be told. */
export interface InspectorOptions<Env = unknown, Ctx = unknown> {
  /**
   * Who may look, and end sessions: called for every request, before anything else. Nothing but `true` lets in;
   * what it throws is thrown on.
   */
  guard: (request: Request, env: Env, ctx: Ctx) => boolean | Promise<boolean>;
}

const headers = {
  "Cache-Control": "no-store",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
};

const json = (value: unknown, status = 200) => Response.json(value, { status, headers });
const plain = (status: number, text: string) => new Response(`${text}\n`, { status, headers });

/**
 * A fetch handler to mount under any path of its own. Ids are shown as hashes, and of fields their names
 * and kinds; what is in one only when it is asked for.
 *
 * @throws {EtsError} ERR_MISSING_OPTION without a guard, ERR_BAD_OPTION
 * @example
 * const inspect = inspector(visitors, { guard: (request, env) => isAdmin(request, env) });
 * if (url.pathname === "/admin/sessions") return inspect(request, env);
 */
export function inspector<
  Env = unknown,
  Ctx = unknown,
  Data extends object = object,
  Flash extends object = object,
>(
  sessions: Sessions<Data, Flash>,
  options: InspectorOptions<Env, Ctx>,
): (request: Request, env?: Env, ctx?: Ctx) => Promise<Response> {
  if (typeof sessions?.list !== "function") throw badOption("sessions", sessions, "what sessions() gives");
  if (options === undefined || (typeof options === "object" && options?.guard === undefined)) {
    throw new EtsError("ERR_MISSING_OPTION", "an inspector needs a guard", { option: "guard" });
  }
  known("options", options, ["guard"]);
  const guard = callable("guard", options.guard);
  return async (request, env, ctx) => {
    if ((await guard(request, env as Env, ctx as Ctx)) !== true) return plain(403, "forbidden");
    if (request.method === "POST") return revoke(sessions, request, env);
    if (request.method !== "GET" && request.method !== "HEAD") return plain(405, "GET or POST");
    const { searchParams } = new URL(request.url);
    switch (searchParams.get("show")) {
      case null:
        return page(headers);
      case "tables":
        return json(look(sessions.table.name, Date.now()));
      case "rows":
        return answered(() => lookInto(askedIn(searchParams), Date.now()));
      case "field":
        return answered(() => field(searchParams));
      case "subject":
        return subject(sessions, searchParams.get("subject") ?? "", env);
      default:
        return plain(404, "there is no such thing to show");
    }
  };
}

function askedIn(params: URLSearchParams): Asked {
  const who = params.get("who");
  return {
    table: params.get("table") ?? "",
    who: who === "in" || who === "out" ? who : "all",
    after: params.get("after") ?? undefined,
  };
}

function field(params: URLSearchParams): { text: string } | undefined {
  const found = fieldOf(askedIn(params), params.get("id") ?? "", params.get("field") ?? "");
  return found && { text: textOf(found.value) };
}

async function subject(sessions: Pick<Sessions, "list">, whose: string, env: unknown): Promise<Response> {
  return answered(async () => {
    const listed = await sessions.list(whose, env);
    const view: SubjectView = {
      sessions: listed.map(({ meta, ...times }) => ({ ...times, fields: Object.keys(meta) })),
    };
    return view;
  });
}

/** Ends a subject's sessions, or the one that is named. */
async function revoke(
  sessions: { revoke(subject: string, which: { id?: string }, env: unknown): Promise<number> },
  request: Request,
  env: unknown,
): Promise<Response> {
  const type = request.headers.get("Content-Type") ?? "";
  if (isCrossSite(request) || !type.startsWith("application/json")) return plain(403, "forbidden");
  const asked: unknown = await request.json().catch(() => undefined);
  if (typeof asked !== "object" || asked === null) return plain(400, "not JSON");
  const { subject, id } = asked as { subject?: unknown; id?: unknown };
  return answered(async () => {
    const ended = await sessions.revoke(subject as string, id === undefined ? {} : { id: id as string }, env);
    return { ended };
  });
}

/** The package's own refusals are told by their codes: their texts may repeat what was given. */
async function answered(work: () => unknown): Promise<Response> {
  try {
    const answer = await work();
    return answer === undefined ? json({ error: "gone" }, 404) : json(answer);
  } catch (error) {
    if (!(error instanceof EtsError)) throw error;
    return json({ error: error.code }, error.code === "ERR_STORE" ? 502 : 400);
  }
}
