// That require() gives what import does, in CommonJS; what that is worth, the suite says.
const names = ["ets-session", "ets-session/store", "ets-session/table"];

async function compare(name) {
  const required = require(name);
  const imported = await import(name);
  const keys = Object.keys(imported);
  const other = keys.filter((key) => required[key] !== imported[key]);
  if (keys.length === 0) return "it exports nothing";
  return other.length === 0 ? null : `another one: ${other.join(", ")}`;
}

async function all() {
  const results = [];
  for (const name of names) {
    const error = await compare(name).catch((thrown) => thrown.stack);
    results.push({ name: `require("${name}") gives what import does`, error });
  }
  console.log(JSON.stringify(results));
}

all();
