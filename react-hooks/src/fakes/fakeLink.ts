import type { RealtimeError } from '../client/errors.js';
import type { Frame } from '../client/protocol.js';
import { TokenSource } from '../client/token.js';
import type { Link } from '../client/transport/link.js';

/** A link that notes what it is told. */
export class FakeLink implements Link {
  feed: string;
  readonly token: TokenSource;
  readonly frames: Frame[] = [];
  downs = 0;
  trouble: RealtimeError | undefined;
  refused: RealtimeError | undefined;
  cursor: string | undefined;

  constructor(feed: string, token = new TokenSource('secret')) {
    this.feed = feed;
    this.token = token;
  }

  after(): string | undefined {
    return this.cursor;
  }

  take(frame: Frame, cursor: string | undefined): void {
    this.frames.push(frame);
    this.cursor = cursor;
  }

  down(error?: RealtimeError): void {
    this.downs++;
    this.trouble = error;
  }

  refuse(error: RealtimeError): void {
    this.refused = error;
  }
}
