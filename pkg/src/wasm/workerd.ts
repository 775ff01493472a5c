import module from "./store.wasm";

/** Workers forbid compiling at run time: there the module comes compiled, by a static import. */
export default (): WebAssembly.Module => module;
