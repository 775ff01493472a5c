/** The engine that is a Map: the portable suite has it. */
export { Toy } from "../suite/toy.js";
