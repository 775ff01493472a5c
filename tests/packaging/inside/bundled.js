// For bundles that print: the suite's results in one line of JSON.
import results from "./tests.js";

console.log(JSON.stringify(await results()));
