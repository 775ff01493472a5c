import tests from "../../inside/tests.js";

postMessage(await tests());
