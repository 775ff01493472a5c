/** The portable suite: the same tests in every runtime, on the built package. */
import "./environment.js";
import "./tables.js";
import "./options.js";
import "./table.js";
import "./table-refresh.js";
import "./table-counters.js";
import "./select.js";
import "./values.js";
import "./values-refused.js";
import "./row-size.js";
import "./values-hostile.js";
import "./keys.js";
import "./expiry.js";
import "./clock.js";
import "./budget.js";
import "./eviction.js";
import "./snapshot.js";
import "./store.js";
import "./ids.js";
import "./cookies-read.js";
import "./cookies-hostile.js";
import "./cookies-options.js";
import "./cookies-write.js";
import "./cookies-edges.js";
import "./sessions.js";
import "./sessions-ids.js";
import "./sessions-data.js";
import "./sessions-values.js";
import "./sessions-commit.js";
import "./sessions-modes.js";
import "./sessions-concurrent.js";
import "./sessions-expiry.js";
import "./sessions-events.js";
import "./sessions-options.js";
import "./sessions-rules-options.js";
import "./sessions-conflict.js";
import "./sessions-update.js";
import "./sessions-renew-grace.js";
import "./sessions-login.js";
import "./sessions-subjects.js";
import "./sessions-flash.js";
import "./sessions-hidden.js";
import "./sessions-csrf.js";
import "./sessions-secrets.js";
import "./sessions-sliding.js";
import "./sessions-edges.js";
import "./sessions-refusals.js";
import "./sessions-reads.js";
import "./stragglers.js";
import "./responses.js";
import "./responses-edges.js";
import "./stored.js";
import "./stored-opening.js";
import "./stored-near.js";
import "./stored-failures.js";
import "./stored-edges.js";
import "./stored-changes.js";
import "./inspector.js";
import "./errors.js";
import "./floods.js";
import "./leaks.js";
import "./instances.js";
import "./security-identifier.js";
import "./security-acceptance.js";
import "./security-time.js";
import "./security-end.js";
import "./security-cookie-written.js";
import "./security-cookie-read.js";
import "./security-storage.js";
import "./security-surroundings.js";
import "./security-advisories.js";
import { serveCookies } from "./env.js";
import { runAll } from "./harness.js";

/** lib: the exports of "ets-session", with `table`, `store` and `stores`, the namespaces of its subpaths. */
export default async function run(lib, report, names) {
  const restore = serveCookies();
  try {
    await runAll(lib, report, names);
  } finally {
    restore();
  }
}
