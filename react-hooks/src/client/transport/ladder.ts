import type { HttpWorld } from './http.js';
import { LazyTransport } from './lazyTransport.js';
import type { Link, Transport } from './link.js';
import type { SocketWorld } from './socketSession.js';
import { SocketTransport } from './socketTransport.js';

/** The ways from the service, the best first. */
export type Way = 'socket' | 'events' | 'poll';
const WAYS: readonly Way[] = ['socket', 'events', 'poll'];

/** Where it is remembered which way works, for as long as the tab lives. */
export interface WayMemory {
  read(): Way | undefined;
  write(way: Way): void;
}

const PROBE_MS = 10_000;

/**
 * One WebSocket for all; where that is barred, server-sent events; where something on the way keeps
 * those back, the long poll. A way is given up only while the service is seen to answer plain
 * requests: when it is down, all ways fail alike.
 */
export class Ladder implements Transport {
  readonly #http: HttpWorld;
  readonly #socket: SocketWorld | undefined;
  readonly #memory: WayMemory;
  readonly #links = new Set<Link>();
  #way: Way;
  #transport: Transport;
  #probing = false;

  /** @param socket undefined where there are no WebSockets */
  constructor(http: HttpWorld, socket: SocketWorld | undefined, memory: WayMemory) {
    this.#http = http;
    this.#socket = socket;
    this.#memory = memory;
    const known = memory.read() ?? 'socket';
    this.#way = known === 'socket' && socket === undefined ? 'events' : known;
    this.#transport = this.#make();
  }

  /** The way that is taken at present. */
  get way(): Way {
    return this.#way;
  }

  open(link: Link): void {
    this.#links.add(link);
    this.#transport.open(link);
  }

  close(link: Link): void {
    this.#links.delete(link);
    this.#transport.close(link);
  }

  #make(): Transport {
    const way = this.#way;
    const barred = () => void this.#stepDown(way);
    if (way === 'socket' && this.#socket !== undefined) {
      return new SocketTransport(this.#socket, barred);
    }
    return new LazyTransport(this.#http, async () => {
      const { someEvents, turns } = await import('./fallbacks.js');
      return way === 'poll' ? turns(this.#http) : someEvents(this.#http, barred);
    });
  }

  async #stepDown(from: Way): Promise<void> {
    const next = WAYS[WAYS.indexOf(from) + 1];
    if (this.#probing || next === undefined) {
      return;
    }
    this.#probing = true;
    const answers = await this.#answers();
    this.#probing = false;
    if (answers && this.#way === from) {
      this.#take(next);
    }
  }

  #take(way: Way): void {
    const before = this.#transport;
    const links = [...this.#links];
    for (const link of links) {
      before.close(link);
    }
    this.#way = way;
    this.#memory.write(way);
    this.#transport = this.#make();
    for (const link of links) {
      this.#transport.open(link);
    }
  }

  /** Whether the service answers a plain request; what a proxy says in its place does not count. */
  async #answers(): Promise<boolean> {
    const controller = new AbortController();
    const cancel = this.#http.clock.after(PROBE_MS, () => controller.abort());
    try {
      const { status } = await this.#http.fetch(`${this.#http.base}/realtime/v1/socket`, {
        signal: controller.signal,
        cache: 'no-store',
      });
      return status < 500;
    } catch {
      return false;
    } finally {
      cancel();
    }
  }
}
