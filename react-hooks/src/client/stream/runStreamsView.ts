import { type OpenStream, StreamView } from './streamView.js';

/** The streams that a run names, read side by side, each by a view of its own. */
export class RunStreamsView {
  throttleMs = 16;
  readonly #views = new Map<string, StreamView<unknown>>();
  readonly #listeners = new Set<() => void>();
  #run: string | undefined;
  #isReleased = false;
  #isStopped = false;
  #state: Readonly<Record<string, unknown[]>> = NOTHING;

  /** Reads these streams of a run; those that it reads already go on. */
  follow(run: string, keys: readonly string[], open: (key: string) => OpenStream<unknown>): void {
    if (this.#run !== run) {
      this.release();
      this.#views.clear();
      this.#run = run;
      this.#isStopped = false;
      this.#gather();
    }
    if (this.#isStopped) {
      return;
    }
    for (const key of keys) {
      const known = this.#views.get(key);
      if (known === undefined || this.#isReleased) {
        (known ?? this.#add(key)).follow(key, open(key));
      }
    }
    this.#isReleased = false;
  }

  /** Looks away; what came until then is shown. A run that is followed again goes on from there. */
  release(): void {
    this.#isReleased = true;
    for (const view of this.#views.values()) {
      view.release();
    }
  }

  /** Looks away from this run for good. */
  readonly stop = (): void => {
    this.release();
    this.#isStopped = true;
  };

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** What the streams of a run have told, which may be one that is yet to be followed. */
  read(run: string | undefined): Readonly<Record<string, unknown[]>> {
    return this.#run === run ? this.#state : NOTHING;
  }

  #add(key: string): StreamView<unknown> {
    const view = new StreamView<unknown>();
    view.throttleMs = this.throttleMs;
    view.subscribe(() => this.#gather());
    this.#views.set(key, view);
    return view;
  }

  #gather(): void {
    const read = [...this.#views].map(([key, view]) => [key, view.read(key).parts] as const);
    this.#state = Object.fromEntries(read.filter(([, parts]) => parts.length > 0));
    for (const listener of [...this.#listeners]) {
      listener();
    }
  }
}

const NOTHING: Readonly<Record<string, unknown[]>> = {};
