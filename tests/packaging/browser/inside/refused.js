// What use of the package throws where compiling is forbidden, as plain data.
import { sessions } from "ets-session";
import { createTable } from "ets-session/table";

const manager = sessions({ table: "visits" });

const USES = {
  "a table's creation": () => createTable("rows"),
  "a session's first use": () => manager.open(new Request("https://h.test/")),
};

async function thrown(use) {
  try {
    await use();
  } catch ({ name, code, message, cause }) {
    return { name, code, message, cause: cause ? String(cause) : undefined };
  }
}

globalThis.results = Promise.all(Object.entries(USES).map(async ([use, run]) => [use, await thrown(run)]));
