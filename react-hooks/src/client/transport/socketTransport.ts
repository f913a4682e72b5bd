import { delayMs } from '../backoff.js';
import type { Barred, Link, Transport } from './link.js';
import { SocketSession, type SocketWorld } from './socketSession.js';

/** After so many attempts in a row of which nothing was heard, the way may be barred. */
const DEAF_ATTEMPTS = 2;

/**
 * All feeds on one WebSocket, which is open for as long as there are any. When it breaks, another
 * one goes on from the cursors.
 */
export class SocketTransport implements Transport {
  readonly #world: SocketWorld;
  readonly #barred: Barred;
  readonly #links = new Set<Link>();
  #session: SocketSession | undefined;
  #attempts = 0;
  #deaf = 0;
  #cancel: () => void = () => {};
  #waiting = false;

  constructor(world: SocketWorld, barred: Barred) {
    this.#world = world;
    this.#barred = barred;
  }

  open(link: Link): void {
    this.#links.add(link);
    if (this.#session !== undefined) {
      this.#session.open(link);
    } else if (!this.#waiting) {
      this.#connect();
    }
  }

  close(link: Link): void {
    this.#links.delete(link);
    this.#session?.close(link);
    // One that begins anew is back in the same turn.
    queueMicrotask(() => this.#endIfIdle());
  }

  #endIfIdle(): void {
    if (this.#links.size === 0) {
      this.#session?.end();
      this.#session = undefined;
      this.#cancel();
      this.#waiting = false;
    }
  }

  #connect(): void {
    this.#waiting = false;
    try {
      this.#session = new SocketSession(this.#world, this.#links, (heard) => this.#gone(heard));
    } catch {
      // A page's own policy can forbid it to open one at all.
      this.#gone(false);
    }
  }

  #gone(heard: boolean): void {
    this.#session = undefined;
    this.#attempts = heard ? 0 : this.#attempts + 1;
    this.#deaf = heard ? 0 : this.#deaf + 1;
    for (const link of [...this.#links]) {
      link.down();
    }
    if (this.#deaf > 0 && this.#deaf % DEAF_ATTEMPTS === 0) {
      this.#barred();
    }
    if (this.#links.size > 0) {
      this.#waiting = true;
      const wait = delayMs(this.#attempts, this.#world.random());
      this.#cancel = this.#world.clock.after(wait, () => this.#connect());
    }
  }
}
