import type { Clock } from '../backoff.js';
import type { Link, Transport } from '../transport/link.js';
import { Pulse } from '../transport/pulse.js';
import { Followers } from './followers.js';
import { errorOf, type FromLeader, type ToLeader } from './messages.js';

/** What tabs that share a connection need of their browser. */
export interface TabWorld {
  readonly locks: Pick<LockManager, 'request'>;
  readonly channel: (name: string) => BroadcastChannel;
  readonly clock: Clock;
  /** What tabs share that have the same: the service's address. */
  readonly name: string;
  /** Makes the way that this tab takes if it leads. */
  readonly own: () => Transport;
}

/** The way of the tab that leads, and those whom it serves. */
interface Lead {
  /** A tab that leads again is another one. */
  readonly name: string;
  readonly transport: Transport;
  readonly followers: Followers;
  readonly watching: AbortController;
}

/**
 * One of the tabs of a browser, of which one at a time holds the connection for all: the one with a
 * lock, which the browser gives to the next when that tab is gone, however it went. Each link keeps
 * its own cursor, and goes on from it by the next tab that leads. A tab that leads and says nothing
 * any more is deprived of the lock.
 */
export class TabTransport implements Transport {
  readonly #world: TabWorld;
  readonly #id = crypto.getRandomValues(new Uint32Array(4)).join('-');
  readonly #common: BroadcastChannel;
  readonly #inbox: BroadcastChannel;
  /** Each link and the name of its present opening by another tab. */
  readonly #links = new Map<Link, string>();
  readonly #names = new Map<string, Link>();
  #lead: Lead | undefined;
  #leader: string | undefined;
  #pulse: Pulse | undefined;
  #queued = new AbortController();
  #count = 0;
  #left = false;
  #release: () => void = () => {};

  constructor(world: TabWorld) {
    this.#world = world;
    this.#common = world.channel(world.name);
    this.#common.onmessage = ({ data }) => this.#overheard(data);
    this.#inbox = world.channel(this.#nameOf(this.#id));
    this.#inbox.onmessage = ({ data }) => this.#told(data);
    this.#join();
  }

  open(link: Link): void {
    this.#links.set(link, '');
    if (this.#lead !== undefined) {
      this.#lead.transport.open(link);
    } else if (this.#leader !== undefined) {
      this.#ask(link, this.#leader);
    }
  }

  close(link: Link): void {
    this.#lead?.transport.close(link);
    const name = this.#forget(link);
    this.#links.delete(link);
    if (name !== '') {
      this.#say({ type: 'close', ...this.#addressed(name) });
    }
  }

  /** As when the tab is closed. */
  leave(): void {
    this.#left = true;
    this.#stepDown();
    this.#pulse?.stop();
    this.#queued.abort();
    this.#release();
    this.#common.close();
    this.#inbox.close();
  }

  /** Holds a lock for as long as this tab lives, by which others see that it does; then queues. */
  #join(): void {
    const living = new Promise<void>((resolve) => {
      this.#release = resolve;
    });
    this.#world.locks
      .request(this.#nameOf(this.#id), () => {
        this.#queue({});
        this.#listen();
        return living;
      })
      // A page may be forbidden to have locks; then it goes alone.
      .catch(() => this.#takeLead());
  }

  /** Leads as soon as no other tab does. */
  #queue(how: { steal?: boolean }): void {
    this.#queued.abort();
    const queued = new AbortController();
    this.#queued = queued;
    const options = how.steal ? how : { signal: queued.signal };
    this.#world.locks
      .request(`${this.#world.name}!`, options, () => {
        if (this.#left) {
          return undefined;
        }
        this.#takeLead();
        return new Promise<void>((resolve) => {
          queued.signal.addEventListener('abort', () => resolve());
        });
      })
      .catch(() => {
        // Another tab has taken the lock, for this one did not answer.
        if (this.#queued === queued && !this.#left) {
          this.#stepDown();
          this.#queue({});
          this.#listen();
        }
      });
  }

  #takeLead(): void {
    this.#pulse?.stop();
    this.#leader = undefined;
    const transport = this.#world.own();
    const watching = new AbortController();
    const name = `${this.#id}.${++this.#count}`;
    const followers = new Followers(transport, {
      channel: (tab) => this.#world.channel(this.#nameOf(tab)),
      onGone: (tab, gone) => this.#onGone(tab, watching.signal, gone),
    });
    this.#lead = { name, transport, followers, watching };
    this.#common.postMessage({ type: 'led', by: name } satisfies FromLeader);
    this.#move((link) => transport.open(link));
  }

  #stepDown(): void {
    const lead = this.#lead;
    this.#lead = undefined;
    lead?.watching.abort();
    lead?.followers.end();
    for (const link of lead === undefined ? [] : [...this.#links.keys()]) {
      lead?.transport.close(link);
      link.down();
    }
  }

  #onGone(tab: string, signal: AbortSignal, gone: () => void): void {
    this.#world.locks.request(this.#nameOf(tab), { signal }, gone).catch(() => {});
  }

  /** Expects to hear of a tab that leads, again and again. */
  #listen(): void {
    if (this.#lead === undefined) {
      this.#common.postMessage({ type: 'hello', from: this.#id } satisfies ToLeader);
      this.#pulse?.stop();
      this.#pulse = new Pulse(
        this.#world.clock,
        () => this.#say({ type: 'ping', ...this.#addressed('') }),
        () => this.#queue({ steal: true }),
      );
    }
  }

  #overheard(message: ToLeader | FromLeader): void {
    if (message.type === 'led') {
      this.#told(message);
    } else if (message.type === 'hello') {
      const lead = this.#lead;
      lead?.followers.tell(message.from, { type: 'led', by: lead.name });
    } else if ('to' in message && message.to === this.#lead?.name) {
      this.#lead.followers.take(message);
    }
  }

  #told(message: FromLeader): void {
    if (this.#lead !== undefined) {
      return;
    }
    this.#pulse?.heard();
    if (message.type === 'led') {
      this.#follow(message.by);
    } else if (message.type !== 'pong') {
      const link = this.#names.get(message.link);
      if (link !== undefined) {
        this.#pass(link, message);
      }
    }
  }

  #follow(leader: string): void {
    if (this.#leader === leader) {
      return;
    }
    this.#leader = leader;
    this.#move((link) => this.#ask(link, leader));
  }

  /** Each link goes on by another tab; where one led before, it is down until it does. */
  #move(open: (link: Link) => void): void {
    for (const link of [...this.#links.keys()]) {
      if (this.#forget(link) !== '') {
        link.down();
      }
      open(link);
    }
  }

  #pass(link: Link, message: Exclude<FromLeader, { type: 'led' } | { type: 'pong' }>): void {
    if (message.type === 'frame') {
      const { frame, cursor } = message;
      if (frame.type === 'end' && !frame.retryable) {
        this.#forget(link);
      }
      link.take(frame, cursor);
    } else if (message.type === 'down') {
      link.down(message.error && errorOf(message.error));
    } else if (message.type === 'refuse') {
      this.#forget(link);
      link.refuse(errorOf(message.error));
    } else {
      this.#answer(link, message);
    }
  }

  /** What a follower may read is proven by its own token, on whatever connection. */
  async #answer(link: Link, asked: Extract<FromLeader, { type: 'ask' }>): Promise<void> {
    const { ask, fresh } = asked;
    const addressed = this.#addressed(asked.link);
    try {
      this.#say({ type: 'token', ask, token: await link.token.get(fresh), ...addressed });
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      this.#say({ type: 'no-token', ask, why, ...addressed });
    }
  }

  async #ask(link: Link, leader: string): Promise<void> {
    const name = `${leader} ${++this.#count}`;
    this.#links.set(link, name);
    this.#names.set(name, link);
    const token = link.token.renews ? undefined : await link.token.get();
    if (this.#names.get(name) === link) {
      const { feed } = link;
      const after = link.after();
      this.#say({ type: 'open', feed, after, token, to: leader, from: this.#id, link: name });
    }
  }

  /** @returns the name that it had */
  #forget(link: Link): string {
    const name = this.#links.get(link) ?? '';
    this.#names.delete(name);
    if (this.#links.has(link)) {
      this.#links.set(link, '');
    }
    return name;
  }

  #addressed(link: string) {
    return { to: this.#leader ?? '', from: this.#id, link };
  }

  #say(message: ToLeader): void {
    if (this.#lead === undefined && this.#leader !== undefined && !this.#left) {
      this.#common.postMessage(message);
    }
  }

  #nameOf(tab: string): string {
    return `${this.#world.name}#${tab}`;
  }
}
