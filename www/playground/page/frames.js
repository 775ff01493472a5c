/** The longest wait between two frames: what somebody who uses the page would feel. */

export class Frames {
  #last;
  #longest = 0;
  #running = false;

  begin() {
    this.#running = true;
    this.#longest = 0;
    this.#last = undefined;
    requestAnimationFrame((now) => this.#frame(now));
  }

  #frame(now) {
    // A page that nobody sees has no frames.
    if (document.hidden) this.#last = undefined;
    else {
      if (this.#last !== undefined) this.#longest = Math.max(this.#longest, now - this.#last);
      this.#last = now;
    }
    if (this.#running) requestAnimationFrame((next) => this.#frame(next));
  }

  /** Gives the milliseconds; 0 where there was no second frame. */
  end() {
    this.#running = false;
    return this.#longest;
  }
}
