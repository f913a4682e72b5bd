import type { RealtimeError } from '../errors.js';
import type { Frame } from '../protocol.js';
import { TokenSource } from '../token.js';
import type { Link, Transport } from '../transport/link.js';
import { type FromLeader, type ToLeader, told } from './messages.js';

type Opening = Extract<ToLeader, { type: 'open' }>;

/** How the tab that leads reaches another one. */
export interface Reach {
  /** @returns what tells it something */
  channel(tab: string): BroadcastChannel;
  /** Calls back when the tab is gone, however that came. */
  onGone(tab: string, gone: () => void): void;
}

/** A link of another tab, served here. */
class RemoteLink implements Link {
  readonly feed: string;
  readonly token: TokenSource;
  readonly #id: string;
  readonly #tell: (message: FromLeader) => void;
  #cursor: string | undefined;

  constructor(opening: Opening, token: TokenSource, tell: (message: FromLeader) => void) {
    this.feed = opening.feed;
    this.token = token;
    this.#id = opening.link;
    this.#cursor = opening.after;
    this.#tell = tell;
  }

  after(): string | undefined {
    return this.#cursor;
  }

  take(frame: Frame, cursor: string | undefined): void {
    this.#cursor = cursor;
    this.#tell({ type: 'frame', link: this.#id, frame, cursor });
  }

  down(error?: RealtimeError): void {
    this.#tell({ type: 'down', link: this.#id, error: error && told(error) });
  }

  refuse(error: RealtimeError): void {
    this.#tell({ type: 'refuse', link: this.#id, error: told(error) });
  }
}

/** A tab that is served. */
interface Follower {
  readonly channel: BroadcastChannel;
  readonly links: Map<string, RemoteLink>;
}

/** The links of other tabs, for as long as this one leads. Each is served with its own token. */
export class Followers {
  readonly #transport: Transport;
  readonly #reach: Reach;
  readonly #tabs = new Map<string, Follower>();
  readonly #asked = new Map<number, PromiseWithAnswer>();
  #asks = 0;

  constructor(transport: Transport, reach: Reach) {
    this.#transport = transport;
    this.#reach = reach;
  }

  take(message: ToLeader): void {
    if (message.type === 'open') {
      this.#open(message);
    } else if (message.type === 'close') {
      this.#close(message.from, message.link);
    } else if (message.type === 'ping') {
      this.tell(message.from, { type: 'pong' });
    } else if (message.type === 'token') {
      this.#answered(message.ask)?.resolve(message.token);
    } else if (message.type === 'no-token') {
      this.#answered(message.ask)?.reject(new Error(message.why));
    }
  }

  tell(tab: string, message: FromLeader): void {
    this.#follower(tab).channel.postMessage(message);
  }

  /** Another tab leads now: it will be asked for all of this. */
  end(): void {
    for (const tab of [...this.#tabs.keys()]) {
      this.#drop(tab);
    }
  }

  #open(opening: Opening): void {
    const { from, link, token } = opening;
    const tell = (message: FromLeader) => {
      if (isLast(message)) {
        this.#tabs.get(from)?.links.delete(link);
      }
      this.tell(from, message);
    };
    const source = new TokenSource(token ?? this.#asking(from, link));
    const remote = new RemoteLink(opening, source, tell);
    this.#follower(from).links.set(link, remote);
    this.#transport.open(remote);
  }

  #close(tab: string, link: string): void {
    const links = this.#tabs.get(tab)?.links;
    const remote = links?.get(link);
    if (remote !== undefined) {
      links?.delete(link);
      this.#transport.close(remote);
    }
  }

  /** A token is only asked for again when a fresh one is needed. */
  #asking(tab: string, link: string): () => Promise<string> {
    let fresh = false;
    return () => {
      const ask = ++this.#asks;
      this.tell(tab, { type: 'ask', link, ask, fresh });
      fresh = true;
      return new Promise((resolve, reject) => {
        this.#asked.set(ask, { resolve, reject });
      });
    };
  }

  #answered(ask: number): PromiseWithAnswer | undefined {
    const asked = this.#asked.get(ask);
    this.#asked.delete(ask);
    return asked;
  }

  #follower(tab: string): Follower {
    let follower = this.#tabs.get(tab);
    if (follower === undefined) {
      follower = { channel: this.#reach.channel(tab), links: new Map() };
      this.#tabs.set(tab, follower);
      this.#reach.onGone(tab, () => this.#drop(tab));
    }
    return follower;
  }

  #drop(tab: string): void {
    const follower = this.#tabs.get(tab);
    this.#tabs.delete(tab);
    for (const remote of follower?.links.values() ?? []) {
      this.#transport.close(remote);
    }
    follower?.channel.close();
  }
}

/** Whether nothing will come of a link any more. */
function isLast(message: FromLeader): boolean {
  return (
    message.type === 'refuse' ||
    (message.type === 'frame' && message.frame.type === 'end' && !message.frame.retryable)
  );
}

interface PromiseWithAnswer {
  readonly resolve: (token: string) => void;
  readonly reject: (why: Error) => void;
}
