declare module "*.wasm" {
  const module: WebAssembly.Module;
  export default module;
}

declare module "*.wasm?module" {
  const module: WebAssembly.Module;
  export default module;
}

/** The loader that package.json chooses by the environment. */
declare module "#wasm" {
  const compile: () => WebAssembly.Module;
  export default compile;
}
