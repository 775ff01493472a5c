/** On standard error: a bar that fills, and what is under way. */
const WIDTH = 24;

/** `steps` is how often `tell` will be called. */
export function progress(title, steps) {
  const began = performance.now();
  let done = 0;
  const show = (share, doing, last) => {
    // A file gets one line for each part, a terminal the bar as it fills.
    if (!process.stderr.isTTY && !last) return;
    const full = Math.round(Math.min(1, share) * WIDTH);
    const bar = "█".repeat(full) + "░".repeat(WIDTH - full);
    const seconds = ((performance.now() - began) / 1000).toFixed(0).padStart(3);
    const start = process.stderr.isTTY ? "\r\x1b[K" : "";
    process.stderr.write(`${start}${bar} ${seconds} s  ${title}${doing}${last ? "\n" : ""}`);
  };
  return {
    tell: (doing) => show(done++ / steps, `: ${doing}`, false),
    end: () => show(1, "", true),
  };
}
