import { type Clock, systemClock } from '../backoff.js';
import { isFinal, type RealtimeRun } from './run.js';

export interface RunQueryState {
  readonly run: RealtimeRun | undefined;
  readonly error: Error | undefined;
  readonly isValidating: boolean;
}

const UNKNOWN: RunQueryState = { run: undefined, error: undefined, isValidating: false };

/** A run that is asked for, once or again and again until it is over. */
export class RunQuery {
  /** How long after an answer to ask again; 0 for never. */
  refreshMs = 0;
  readonly #clock: Clock;
  readonly #listeners = new Set<() => void>();
  #state = UNKNOWN;
  #runId: string | undefined;
  #request: (() => Promise<RealtimeRun>) | undefined;
  #asking = false;
  #cancelNext: () => void = () => {};

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  start(runId: string, request: () => Promise<RealtimeRun>): void {
    this.stop();
    if (this.#runId !== runId) {
      this.#runId = runId;
      this.#set(UNKNOWN);
    }
    this.#request = request;
    this.ask();
  }

  /** What is still on its way is not told any more. */
  readonly stop = (): void => {
    this.#cancelNext();
    this.#request = undefined;
    this.#asking = false;
  };

  /** Asks now, unless it is being asked already or not to be asked at all. */
  readonly ask = (): void => {
    if (this.#request !== undefined && !this.#asking) {
      this.#ask(this.#request);
    }
  };

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** What is known of a run, which may be one that is yet to be asked for. */
  read(runId: string): RunQueryState {
    return this.#runId === runId ? this.#state : UNKNOWN;
  }

  async #ask(request: () => Promise<RealtimeRun>): Promise<void> {
    this.#asking = true;
    this.#cancelNext();
    this.#set({ ...this.#state, isValidating: true });
    const answer = await request().then(
      (run) => ({ run, error: undefined }),
      (cause: Error) => ({ run: this.#state.run, error: cause }),
    );
    if (this.#request !== request) {
      return;
    }
    this.#asking = false;
    this.#set({ ...answer, isValidating: false });
    if (this.refreshMs > 0 && !(answer.run && isFinal(answer.run.status))) {
      this.#cancelNext = this.#clock.after(this.refreshMs, this.ask);
    }
  }

  #set(state: RunQueryState): void {
    this.#state = state;
    for (const listener of [...this.#listeners]) {
      listener();
    }
  }
}
