import type { Clock } from '../backoff.js';
import { delayMs } from '../backoff.js';
import { isRecord, RealtimeError } from '../errors.js';
import { type Frame, parseFrame, parseJson } from '../protocol.js';
import { NEXT_SECOND_MS } from '../token.js';
import { endsToken, heardBy, type Link } from './link.js';
import { Pulse } from './pulse.js';

/** What a session needs of the world. */
export interface SocketWorld {
  readonly clock: Clock;
  readonly random: () => number;
  /** Opens a WebSocket. */
  readonly connect: () => WebSocket;
}

/** A link on this socket, under the name that its current subscription has. */
class Carried {
  readonly link: Link;
  name = '';
  /** Whether the subscription has told anything, so that a refusal is of something later. */
  opened = false;
  attempts = 0;
  /** How often another token was asked for in vain. */
  refused = 0;
  cancel: () => void = () => {};

  constructor(link: Link) {
    this.link = link;
  }
}

/** Asking for the end of what was never begun is the one thing that is answered and changes nothing. */
const PING = { type: 'unsubscribe', subscription: 'ping' };

/**
 * One WebSocket and the subscriptions on it, until it breaks. A socket does not show its pings to a
 * page, so one that is silent is asked something, and given up without an answer.
 */
export class SocketSession {
  readonly #world: SocketWorld;
  readonly #socket: WebSocket;
  readonly #gone: (heard: boolean) => void;
  readonly #links = new Map<Link, Carried>();
  readonly #pulse: Pulse;
  readonly #names = new Map<string, Carried>();
  #count = 0;
  #heard = false;
  #over = false;

  /** @param gone is called once, unless it is closed from here: whether anything was ever heard */
  constructor(world: SocketWorld, links: Iterable<Link>, gone: (heard: boolean) => void) {
    this.#world = world;
    this.#gone = gone;
    this.#socket = world.connect();
    this.#socket.onopen = () => this.#opened();
    this.#socket.onmessage = (message: MessageEvent) => this.#take(message.data);
    this.#socket.onclose = () => this.#broke();
    // Every failure ends in a close; some implementations throw what nobody listens to.
    this.#socket.onerror = () => {};
    this.#pulse = new Pulse(
      world.clock,
      () => this.#send(PING),
      () => this.#broke(),
    );
    for (const link of links) {
      this.open(link);
    }
  }

  open(link: Link): void {
    const carried = new Carried(link);
    this.#links.set(link, carried);
    this.#subscribe(carried, false);
  }

  close(link: Link): void {
    const carried = this.#links.get(link);
    if (carried !== undefined) {
      this.#forget(carried);
      if (carried.name !== '') {
        this.#send({ type: 'unsubscribe', subscription: carried.name });
      }
    }
  }

  /** Hangs up; nothing is told to anybody. */
  end(): void {
    this.#over = true;
    this.#pulse.stop();
    for (const carried of this.#links.values()) {
      carried.cancel();
    }
    this.#socket.close();
  }

  /** What swallows messages is found out by asking something at once. */
  #opened(): void {
    this.#pulse.ask();
    for (const carried of this.#links.values()) {
      this.#subscribe(carried, false);
    }
  }

  #broke(): void {
    if (!this.#over) {
      this.end();
      this.#gone(this.#heard);
    }
  }

  async #subscribe(carried: Carried, fresh: boolean): Promise<void> {
    const { link } = carried;
    if (!this.#isOpen() || carried.name !== '') {
      return;
    }
    carried.name = String(++this.#count);
    carried.opened = false;
    this.#names.set(carried.name, carried);
    try {
      const token = await link.token.get(fresh);
      if (this.#links.get(link) === carried) {
        const { name: subscription } = carried;
        const after = link.after();
        this.#send({ type: 'subscribe', subscription, feed: link.feed, after, token });
      }
    } catch (cause) {
      this.#release(carried);
      link.down(RealtimeError.token(cause));
      this.#later(carried, fresh);
    }
  }

  #take(text: unknown): void {
    if (this.#over) {
      return;
    }
    this.#heard = true;
    this.#pulse.heard();
    const message = typeof text === 'string' ? messageOf(text) : undefined;
    if (!isRecord(message) || typeof message.event !== 'string') {
      return;
    }
    const carried = this.#names.get(String(message.subscription));
    if (carried === undefined) {
      return;
    }
    if (message.event === 'error') {
      this.#error(carried, message.data);
      return;
    }
    // An event without an id leaves the cursor where it is.
    const cursor = typeof message.id === 'string' ? message.id : carried.link.after();
    try {
      const frame = parseFrame(message.event, message.data);
      if (frame !== undefined) {
        this.#frame(carried, heardBy(carried.link, frame), cursor);
      }
    } catch (cause) {
      this.#refuse(carried, RealtimeError.malformed(cause));
    }
  }

  #frame(carried: Carried, frame: Frame, cursor: string | undefined): void {
    carried.opened = true;
    if (frame.type === 'live') {
      carried.attempts = 0;
      carried.refused = 0;
    } else if (frame.type === 'token-expiring') {
      this.#renew(carried);
    } else if (frame.type === 'end') {
      this.#release(carried);
      if (frame.retryable) {
        this.#later(carried, endsToken(frame));
      } else {
        this.#forget(carried);
      }
    }
    carried.link.take(frame, cursor);
  }

  #error(carried: Carried, data: unknown): void {
    if (carried.opened) {
      // A renewal was refused: the feed goes on until its old token ends, and then asks anew.
      return;
    }
    const status = isRecord(data) && typeof data.status === 'number' ? data.status : 500;
    const error = RealtimeError.of(status, data);
    this.#release(carried);
    if (status === 401 && carried.link.token.renews && carried.refused < 2) {
      this.#again(carried, carried.refused++ > 0);
    } else if (error.retryable) {
      carried.link.down();
      this.#later(carried, false);
    } else {
      this.#refuse(carried, error);
    }
  }

  /** Asks for another token, and is content with none of this second if that was tried. */
  #again(carried: Carried, later: boolean): void {
    const subscribe = () => this.#subscribe(carried, true);
    carried.cancel = later ? this.#world.clock.after(NEXT_SECOND_MS, subscribe) : () => {};
    if (!later) {
      subscribe();
    }
  }

  async #renew(carried: Carried): Promise<void> {
    const { link, name } = carried;
    if (!link.token.renews) {
      return;
    }
    try {
      const token = await link.token.get(true);
      if (carried.name === name && this.#links.get(link) === carried) {
        this.#send({ type: 'renew', subscription: name, token });
      }
    } catch {
      // The feed ends with its token, and asks for one again then.
    }
  }

  #later(carried: Carried, fresh: boolean): void {
    const wait = delayMs(carried.attempts++, this.#world.random());
    carried.cancel();
    carried.cancel = this.#world.clock.after(wait, () => this.#subscribe(carried, fresh));
  }

  #refuse(carried: Carried, error: RealtimeError): void {
    this.#forget(carried);
    carried.link.refuse(error);
  }

  /** The subscription is over, the link is not. */
  #release(carried: Carried): void {
    this.#names.delete(carried.name);
    carried.name = '';
  }

  #forget(carried: Carried): void {
    carried.cancel();
    this.#names.delete(carried.name);
    this.#links.delete(carried.link);
  }

  #isOpen(): boolean {
    // By number: the constants are the class's, of which a test may have another.
    return !this.#over && this.#socket.readyState === 1;
  }

  #send(command: object): void {
    if (this.#isOpen()) {
      this.#socket.send(JSON.stringify(command));
    }
  }
}

/** A message that can't be read is of no subscription, so nobody can be told. */
function messageOf(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
