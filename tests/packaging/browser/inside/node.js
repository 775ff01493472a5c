import tests from "../../inside/tests.js";

console.log(JSON.stringify(await tests()));
