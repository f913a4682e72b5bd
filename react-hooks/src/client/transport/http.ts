import type { Clock } from '../backoff.js';
import { RealtimeError } from '../errors.js';
import { type ServerEvent, SseParser } from '../sseParser.js';
import { NEXT_SECOND_MS, type TokenSource } from '../token.js';

/** What requests need of the world. */
export interface HttpWorld {
  readonly clock: Clock;
  readonly random: () => number;
  readonly fetch: typeof fetch;
  /** The service's address, without a slash at its end. */
  readonly base: string;
}

/** A request to the service. */
export interface Ask {
  readonly path: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
  /** A status that is an answer, too. */
  readonly allow?: number;
}

/**
 * Asks, with a fresh token where the first was refused and there are others, and a second later with
 * one more.
 *
 * @throws RealtimeError for what is no success, and where no answer came
 */
export async function ask(world: HttpWorld, token: TokenSource, what: Ask): Promise<Response> {
  let response = await send(world, await got(token, false), what);
  for (let tried = 0; tried < 2 && response.status === 401 && token.renews; tried++) {
    if (tried > 0) {
      await new Promise<void>((resolve) => world.clock.after(NEXT_SECOND_MS, resolve));
    }
    response = await send(world, await got(token, true), what);
  }
  if (!response.ok && response.status !== what.allow) {
    throw RealtimeError.of(response.status, await response.json().catch(() => undefined));
  }
  return response;
}

async function got(token: TokenSource, fresh: boolean): Promise<string> {
  try {
    return await token.get(fresh);
  } catch (cause) {
    throw RealtimeError.token(cause);
  }
}

async function send(world: HttpWorld, token: string, what: Ask): Promise<Response> {
  const { method = 'GET', headers, body, signal } = what;
  try {
    return await world.fetch(world.base + what.path, {
      method,
      headers: { ...headers, authorization: `Bearer ${token}` },
      cache: 'no-store',
      ...(body === undefined ? {} : { body }),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (cause) {
    throw RealtimeError.network(cause);
  }
}

/** After so long without a byte a connection counts as broken; the service pings every 15 s. */
const SILENCE_MS = 45_000;

/**
 * Aborts what stays silent. `heard` is to be called at every sign of life; `done` at the end.
 */
export class Watchdog {
  readonly #clock: Clock;
  readonly #controller = new AbortController();
  readonly #outer: AbortSignal | undefined;
  readonly #abort = () => this.#controller.abort();
  #cancel: () => void;

  constructor(clock: Clock, firstMs: number, outer?: AbortSignal) {
    this.#clock = clock;
    this.#outer = outer;
    this.#cancel = clock.after(firstMs, this.#abort);
    outer?.addEventListener('abort', this.#abort);
    if (outer?.aborted) {
      this.#abort();
    }
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  heard(): void {
    this.#cancel();
    this.#cancel = this.#clock.after(SILENCE_MS, this.#abort);
  }

  /** Lets go of the connection, whatever of it is left. */
  done(): void {
    this.#cancel();
    this.#outer?.removeEventListener('abort', this.#abort);
    this.#abort();
  }
}

/** The events of a response, as they come. Ends where the response does. */
export async function* eventsOf(
  response: Response,
  watchdog: Watchdog,
): AsyncGenerator<ServerEvent, void, void> {
  if (response.body === null) {
    return;
  }
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  const parser = new SseParser();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        return;
      }
      watchdog.heard();
      yield* parser.push(decoder.decode(value, { stream: true }));
    }
  } catch (cause) {
    throw RealtimeError.network(cause);
  } finally {
    reader.cancel().catch(() => {});
  }
}

/** Whether a response is of events, and not what something on the way made of them. */
export function isEvents(response: Response): boolean {
  return response.headers.get('content-type')?.startsWith('text/event-stream') === true;
}
