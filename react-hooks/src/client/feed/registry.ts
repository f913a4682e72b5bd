import type { Clock } from '../backoff.js';
import type { TokenSource } from '../token.js';
import type { Transport } from '../transport/link.js';
import { type Seed, Subscription } from './subscription.js';

/** A feed and who wants it. */
export interface Wanted {
  readonly feed: string;
  readonly token: TokenSource;
  /** What tells apart who may not share a subscription: the token, mostly. */
  readonly reader: string;
  readonly seed?: Seed | undefined;
  /** A stream of the one run to tell beside it; `*` for all of them. */
  readonly streams?: string | undefined;
  /** How many rows to hold at most; who holds fewer shares with nobody who holds more. */
  readonly limit?: number | undefined;
}

interface Entry {
  /** The feed, and how much of it. */
  readonly held: string;
  readonly subscription: Subscription;
  users: number;
  cancelClose: (() => void) | undefined;
}

/** A page that changes, or is mounted twice by StrictMode, is back sooner than this. */
const LINGER_MS = 100;

/** One user's hold on a subscription. */
export interface Hold {
  readonly subscription: Subscription;
  /** Gives it back; the last one to do so ends it, in a moment. Once is enough. */
  release(): void;
}

/** The subscriptions of one client: those who want the same feed with the same token share one. */
export class Registry {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly #entries = new Map<string, Entry>();

  constructor(transport: Transport, clock: Clock) {
    this.transport = transport;
    this.clock = clock;
  }

  /** What is held of a feed already, by anybody on this page. */
  peek(wanted: Pick<Wanted, 'feed' | 'reader' | 'limit'>): Subscription | undefined {
    const entry = this.#entries.get(keyOf(wanted)) ?? this.#sibling(heldOf(wanted));
    return entry?.subscription;
  }

  /**
   * A subscription for one more user. One with another token begins with what there is of the same
   * feed: a page whose token was renewed shows no gap. One that was refused is not shared.
   */
  acquire(wanted: Wanted): Hold {
    const key = keyOf(wanted);
    const known = this.#entries.get(key);
    if (known !== undefined && known.subscription.getSnapshot().error?.retryable !== false) {
      known.users++;
      known.cancelClose?.();
      known.cancelClose = undefined;
      return this.#hold(key, known, wanted.streams);
    }
    const { token, streams } = wanted;
    const held = heldOf(wanted);
    const seed = this.#sibling(held)?.subscription.seed() ?? wanted.seed;
    const subscription = new Subscription(wanted, token, this.transport, this.clock, seed);
    const entry: Entry = { held, subscription, users: 1, cancelClose: undefined };
    this.#entries.set(key, entry);
    const hold = this.#hold(key, entry, streams);
    subscription.open();
    return hold;
  }

  /** Ends all of them. */
  close(): void {
    for (const entry of this.#entries.values()) {
      entry.cancelClose?.();
      entry.subscription.close();
    }
    this.#entries.clear();
  }

  #hold(key: string, entry: Entry, streams: string | undefined): Hold {
    let held = true;
    const unwant = streams === undefined ? undefined : entry.subscription.want(streams);
    return {
      subscription: entry.subscription,
      release: () => {
        if (held) {
          unwant?.();
          if (--entry.users === 0) {
            entry.cancelClose = this.clock.after(LINGER_MS, () => this.#end(key, entry));
          }
        }
        held = false;
      },
    };
  }

  #end(key: string, entry: Entry): void {
    if (this.#entries.get(key) === entry) {
      this.#entries.delete(key);
    }
    entry.subscription.close();
  }

  #sibling(held: string): Entry | undefined {
    for (const entry of this.#entries.values()) {
      if (entry.held === held && entry.subscription.getSnapshot().connection !== 'ended') {
        return entry;
      }
    }
    return undefined;
  }
}

function heldOf({ feed, limit }: Pick<Wanted, 'feed' | 'limit'>): string {
  return limit === undefined ? feed : `${feed}#${limit}`;
}

function keyOf(wanted: Pick<Wanted, 'feed' | 'reader' | 'limit'>): string {
  return `${wanted.reader}\n${heldOf(wanted)}`;
}
