import tests from "../../inside/tests.js";

globalThis.results = tests();
