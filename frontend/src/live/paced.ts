/**
 * Does something again whenever it is asked to, but never twice at once, and with a pause after each
 * time: who asks meanwhile is served by one more time after that.
 */
export class Paced {
  readonly #act: () => Promise<unknown>;
  readonly #pauseMs: (tookMs: number) => number;
  #free = true;
  #asked = false;
  #stopped = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param act must not fail
   * @param pauseMs how long to pause after it took so long
   */
  constructor(act: () => Promise<unknown>, pauseMs: (tookMs: number) => number) {
    this.#act = act;
    this.#pauseMs = pauseMs;
  }

  ask() {
    if (this.#free) {
      void this.#go();
    } else {
      this.#asked = true;
    }
  }

  stop() {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  async #go() {
    this.#free = false;
    this.#asked = false;
    const begun = Date.now();
    await this.#act();
    if (!this.#stopped) {
      this.#timer = setTimeout(this.#rested, this.#pauseMs(Date.now() - begun));
    }
  }

  readonly #rested = () => {
    this.#free = true;
    if (this.#asked) {
      void this.#go();
    }
  };
}
