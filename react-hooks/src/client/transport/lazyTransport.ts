import { delayMs } from '../backoff.js';
import type { HttpWorld } from './http.js';
import type { Link, Transport } from './link.js';

/**
 * A transport whose code is fetched when it is first needed, which for most pages is never. While
 * it can't be had, links wait as for a connection that does not come.
 */
export class LazyTransport implements Transport {
  readonly #world: Pick<HttpWorld, 'clock' | 'random'>;
  readonly #load: () => Promise<Transport>;
  readonly #links = new Set<Link>();
  #transport: Transport | undefined;
  #loading = false;

  constructor(world: Pick<HttpWorld, 'clock' | 'random'>, load: () => Promise<Transport>) {
    this.#world = world;
    this.#load = load;
  }

  open(link: Link): void {
    if (this.#transport !== undefined) {
      this.#transport.open(link);
      return;
    }
    this.#links.add(link);
    if (!this.#loading) {
      this.#loading = true;
      this.#fetch(0);
    }
  }

  close(link: Link): void {
    this.#links.delete(link);
    this.#transport?.close(link);
  }

  async #fetch(attempt: number): Promise<void> {
    try {
      this.#transport = await this.#load();
    } catch {
      for (const link of this.#links) {
        link.down();
      }
      const { clock, random } = this.#world;
      clock.after(delayMs(attempt, random()), () => this.#fetch(attempt + 1));
      return;
    }
    const links = [...this.#links];
    this.#links.clear();
    for (const link of links) {
      this.#transport.open(link);
    }
  }
}
