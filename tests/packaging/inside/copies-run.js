import results from "./copies.js";

console.log(JSON.stringify(await results()));
