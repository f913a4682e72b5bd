import { RealtimeError } from '../errors.js';
import { parseFrame, parseJson } from '../protocol.js';
import type { ServerEvent } from '../sseParser.js';
import { ask, eventsOf, type HttpWorld, isEvents, Watchdog } from './http.js';
import { type Barred, endsToken, heardBy, type Link } from './link.js';
import { type Round, Rounds } from './rounds.js';

/** The service says something at once: what comes later has been kept back on the way. */
const FIRST_BYTE_MS = 6_000;
/** After so many requests in a row of which nothing was heard, the way may be barred. */
const DEAF_ROUNDS = 2;

/** Each feed as server-sent events, on a connection of its own. */
export function eventTransport(world: HttpWorld, barred: Barred): Rounds {
  let deaf = 0;

  function noteEnd(heard: boolean, signal: AbortSignal): void {
    deaf = heard ? 0 : deaf + 1;
    if (deaf > 0 && deaf % DEAF_ROUNDS === 0 && !signal.aborted) {
      barred();
    }
  }

  return new Rounds(world, async (link, signal) => {
    const attempt = new Attempt(world, link, signal);
    try {
      return await attempt.make();
    } finally {
      noteEnd(attempt.heard || signal.aborted, signal);
    }
  });
}

/** One request and what comes of it. */
class Attempt {
  readonly #world: HttpWorld;
  readonly #link: Link;
  readonly #watchdog: Watchdog;
  heard = false;

  constructor(world: HttpWorld, link: Link, signal: AbortSignal) {
    this.#world = world;
    this.#link = link;
    this.#watchdog = new Watchdog(world.clock, FIRST_BYTE_MS, signal);
  }

  async make(): Promise<Round> {
    try {
      const response = await ask(this.#world, this.#link.token, {
        path: this.#link.feed,
        headers: this.#headers(),
        signal: this.#watchdog.signal,
      });
      return isEvents(response) ? await this.#follow(response) : { heard: false, again: false };
    } catch (cause) {
      // A refusal is an answer, too; and what breaks in the middle was heard until then.
      const answered = cause instanceof RealtimeError && cause.status !== undefined;
      if (!this.heard || !(cause instanceof RealtimeError) || !cause.retryable) {
        this.heard ||= answered;
        throw cause;
      }
      return { heard: true, again: false };
    } finally {
      this.#watchdog.done();
    }
  }

  async #follow(response: Response): Promise<Round> {
    for await (const event of eventsOf(response, this.#watchdog)) {
      this.heard = true;
      if (await this.#take(event)) {
        return { heard: true, again: true };
      }
    }
    return { heard: this.heard, again: false };
  }

  /** Whether the connection has served its time. */
  async #take({ event, id, data }: ServerEvent): Promise<boolean> {
    const { token } = this.#link;
    const parsed = parseFrame(event, parseJson(data));
    if (parsed === undefined) {
      return false;
    }
    const frame = heardBy(this.#link, parsed);
    const expiring = frame.type === 'token-expiring' && token.renews;
    // An event without an id leaves the cursor where it is.
    this.#link.take(frame, id === '' ? this.#link.after() : id);
    if (expiring || (endsToken(frame) && token.renews)) {
      await token.get(true);
    }
    return expiring || frame.type === 'end';
  }

  #headers(): Record<string, string> {
    const after = this.#link.after();
    const resume = after === undefined ? undefined : { 'last-event-id': after };
    return { accept: 'text/event-stream', ...resume };
  }
}
