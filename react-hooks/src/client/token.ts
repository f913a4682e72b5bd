import { isRecord } from './errors.js';

/** A public token, or a function that gets a new one whenever it is asked. */
export type AccessToken = string | (() => string | Promise<string>);

/**
 * Where a token comes from. One that a function gave is kept until a fresh one is asked for;
 * whoever asks while the function is still at it waits for the same answer.
 */
export class TokenSource {
  readonly #from: AccessToken;
  #last: string | undefined;
  #asked: Promise<string> | undefined;

  /** @param first a token to begin with, beside a function that gets the next ones */
  constructor(from: AccessToken, first?: string) {
    this.#from = from;
    this.#last = first;
  }

  /** Whether there is more than the one token. */
  get renews(): boolean {
    return typeof this.#from === 'function';
  }

  /** The token; `fresh` if the one before is about to end, or was refused. */
  async get(fresh = false): Promise<string> {
    const from = this.#from;
    if (typeof from === 'string') {
      return from;
    }
    if (!fresh && this.#last !== undefined && !isOver(this.#last)) {
      return this.#last;
    }
    this.#asked ??= this.#ask(from);
    return this.#asked;
  }

  async #ask(from: () => string | Promise<string>): Promise<string> {
    try {
      // In a turn of its own: one that throws must not be over before it is known to be asked.
      const token = await Promise.resolve().then(from);
      this.#last = token;
      return token;
    } finally {
      this.#asked = undefined;
    }
  }
}

/**
 * Tokens say to the second when they were issued: one that is got in the second in which all were
 * taken back counts among those. After this, another one does not.
 */
export const NEXT_SECOND_MS = 1_100;

/** Whether a token says of itself that it has ended, by this machine's clock. */
function isOver(token: string): boolean {
  try {
    const body = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
    const claims: unknown = JSON.parse(atob(body));
    return isRecord(claims) && typeof claims.exp === 'number' && claims.exp * 1000 <= Date.now();
  } catch {
    return false;
  }
}
