import { eventTransport } from './eventTransport.js';
import type { HttpWorld } from './http.js';
import type { Barred, Transport } from './link.js';
import { MOST_HELD, pollTransport } from './pollTransport.js';

/**
 * The ways that are taken where there can be no socket. A module of its own, which most pages never
 * fetch.
 */

/** Events for as many feeds as a browser has connections for, turns for the others. */
export function someEvents(http: HttpWorld, barred: Barred): Transport {
  const events = eventTransport(http, barred);
  const poll = pollTransport(http, 0);
  return {
    open: (link) => (events.size < MOST_HELD ? events : poll).open(link),
    close: (link) => {
      events.close(link);
      poll.close(link);
    },
  };
}

/** All feeds by turns. */
export function turns(http: HttpWorld): Transport {
  return pollTransport(http);
}
