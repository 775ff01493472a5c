// The package is imported, and nothing of it is used.
import "ets-session";
import "ets-session/store";
import "ets-session/table";
import { greeting } from "./two-things.js";

console.log(greeting);
