import { RealtimeError } from '../errors.js';
import type { Frame } from '../protocol.js';
import { isFinal } from '../run/run.js';
import { ask, type HttpWorld, Watchdog } from './http.js';
import type { Link } from './link.js';
import { pause, type Round, Rounds } from './rounds.js';
import { parseShape, type ShapeMessage } from './shape.js';

/** The service holds a request for 20 s. */
const ANSWER_MS = 45_000;
/** A browser has six connections to a host; held requests must leave some to others. */
export const MOST_HELD = 4;
const TURN_MS = 2_000;

/**
 * Each feed by turns: a request is held until there is news. The last resort, where what is on the
 * way keeps events back. Its offsets are no cursors of the other ways, and it tells no versions, so
 * it begins with all that there is and counts by itself.
 *
 * @param mostHeld with more feeds than that no request is held: they ask every two seconds
 */
export function pollTransport(world: HttpWorld, mostHeld = MOST_HELD): Rounds {
  const polls = new WeakMap<Link, Poll>();
  let version = 0;
  const next = () => ++version;
  const rounds: Rounds = new Rounds(world, async (link, signal) => {
    let poll = polls.get(link);
    if (poll?.feed !== link.feed) {
      poll = new Poll(world, link, next);
      polls.set(link, poll);
    }
    return poll.round(rounds.size <= mostHeld, signal);
  });
  return rounds;
}

class Poll {
  readonly feed: string;
  readonly #world: HttpWorld;
  readonly #link: Link;
  readonly #nextVersion: () => number;
  readonly #path: string;
  readonly #stops: boolean;
  readonly #tellsRows: boolean;
  #offset = '-1';
  #handle: string | null = null;
  /** Whether all that there was has been told, and nothing has failed since. */
  #live = false;
  #reading = false;

  constructor(world: HttpWorld, link: Link, nextVersion: () => number) {
    this.#world = world;
    this.#link = link;
    this.#nextVersion = nextVersion;
    this.feed = link.feed;
    const [path, query] = link.feed.split('?');
    const parameters = new URLSearchParams(query);
    this.#stops = parameters.has('stopOnCompletion');
    parameters.delete('stopOnCompletion');
    parameters.delete('include');
    this.#tellsRows = parameters.get('rows') !== 'none';
    this.#path = `${path}?${parameters}`;
  }

  async round(held: boolean, signal: AbortSignal): Promise<Round> {
    if (!this.#tellsRows) {
      const facts = { code: 'no-counts', retryable: false };
      throw new RealtimeError(
        'Counts do not come by the long poll, the only way that works.',
        facts,
      );
    }
    if (this.#live && !held) {
      await pause(this.#world, TURN_MS, signal);
    }
    const watchdog = new Watchdog(this.#world.clock, ANSWER_MS, signal);
    try {
      const response = await ask(this.#world, this.#link.token, {
        path: this.#url(held && this.#live),
        signal: watchdog.signal,
        allow: 409,
      });
      this.#take(response, await response.json());
      return { heard: true, again: true };
    } catch (cause) {
      this.#live = false;
      throw this.#broken(cause);
    } finally {
      watchdog.done();
    }
  }

  #url(live: boolean): string {
    const query = new URLSearchParams({ offset: this.#offset });
    if (this.#handle !== null) {
      query.set('handle', this.#handle);
    }
    if (live) {
      query.set('live', 'true');
    }
    return `${this.#path}&${query}`;
  }

  #take(response: Response, body: unknown): void {
    this.#handle = response.headers.get('electric-handle');
    if (response.status === 409) {
      this.#offset = '-1';
      this.#live = false;
      return;
    }
    const complete = response.headers.has('electric-up-to-date');
    const messages = parseShape(body);
    if (this.#offset === '-1' || this.#reading) {
      this.#snapshot(messages, this.#offset === '-1', complete);
    } else {
      for (const message of messages) {
        this.#tell(this.#frameOf(message));
      }
    }
    this.#offset = response.headers.get('electric-offset') ?? '-1';
    if (complete && !this.#live) {
      this.#live = true;
      this.#tell({ type: 'live' });
    }
    if (this.#stops && messages.some(isDone)) {
      this.#tell({ type: 'end', reason: 'run-finished', retryable: false });
    }
  }

  /** A full read: what the page held and is not given is gone. */
  #snapshot(messages: readonly ShapeMessage[], start: boolean, complete: boolean): void {
    this.#reading = !complete;
    const runs = messages.flatMap((message) =>
      message.operation === 'delete' ? [] : [{ version: this.#nextVersion(), run: message.run }],
    );
    this.#tell({ type: 'snapshot', full: true, start, complete, runs, left: [] });
  }

  #frameOf(message: ShapeMessage): Frame {
    return message.operation === 'delete'
      ? { type: 'leave', id: message.id, version: null }
      : {
          type: 'run',
          version: this.#nextVersion(),
          whole: message.operation === 'insert',
          committedAt: undefined,
          run: message.run,
        };
  }

  #tell(frame: Frame): void {
    this.#link.take(frame, undefined);
  }

  /** A body that broke off is told as a mistake of its text. */
  #broken(cause: unknown): unknown {
    return cause instanceof SyntaxError || cause instanceof DOMException
      ? RealtimeError.network(cause)
      : cause;
  }
}

function isDone(message: ShapeMessage): boolean {
  return message.operation !== 'delete' && isFinal(String(message.run.status));
}
