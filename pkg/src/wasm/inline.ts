// The build puts the module's bytes here. Inlined, because no way to load a file beside this one works in Node,
// Deno, Bun, browsers and after bundling alike.
const base64 = "(store.wasm in base64)";

interface WithFromBase64 {
  /** Newer than the declarations of the platforms we support. */
  fromBase64?(text: string): Uint8Array<ArrayBuffer>;
}

export default (): WebAssembly.Module => new WebAssembly.Module(decode());

function decode(): Uint8Array<ArrayBuffer> {
  const native = (Uint8Array as WithFromBase64).fromBase64?.(base64);
  if (native) return native;
  // A plain loop: `Uint8Array.from` with a callback takes several times as long.
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}
