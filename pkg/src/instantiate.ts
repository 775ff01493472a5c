import * as wasm from "./wasm.js";

/**
 * Has the instance made of this module instead of the one that the package brings: for hosts that forbid
 * compiling where the package would, or that hand over what is compiled. To be called before anything else is.
 *
 * @param module the package's store.wasm, compiled or as bytes
 * @throws {EtsError} ERR_BAD_OPTION where it is another module, or there is an instance already
 * @example
 * import module from "ets-session/store.wasm";
 * instantiate(module);
 */
export function instantiate(module: object): void {
  wasm.instantiate(module);
}
