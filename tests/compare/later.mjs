/** Runs something while the date jumps forward when told to; timers and sockets do not notice. */
export async function later(minutes, run) {
  const Real = globalThis.Date;
  let ahead = 0;
  const now = () => Real.now() + ahead;
  globalThis.Date = class extends Real {
    constructor(...given) {
      super(...(given.length === 0 ? [now()] : given));
    }
    static now = now;
  };
  try {
    return await run(() => {
      ahead = minutes * 60_000;
    });
  } finally {
    globalThis.Date = Real;
  }
}
