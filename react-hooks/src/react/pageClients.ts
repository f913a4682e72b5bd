'use client';

import { RealtimeClient } from '../client/client.js';

/**
 * The clients of this page, one for each service. All hooks of a page share one connection, also
 * those of different roots and those without a provider, so this is the page's and no component's.
 * On a server nothing is ever followed, and a client holds nothing but its address.
 */
const clients = new Map<string, RealtimeClient>();

/** The page's client for a service. It has no token of its own. */
export function pageClient(baseURL: string): RealtimeClient {
  let client = clients.get(baseURL);
  if (client === undefined) {
    client = new RealtimeClient({ baseURL });
    clients.set(baseURL, client);
  }
  return client;
}
