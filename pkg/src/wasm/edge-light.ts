import module from "./store.wasm?module";

/** As for Workers; this platform's bundler takes a `.wasm` for a module only with the suffix. */
export default (): WebAssembly.Module => module;
