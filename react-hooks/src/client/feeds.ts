/**
 * Where each live feed of a service is. All are read with `Accept: text/event-stream` and a token in
 * the Authorization header; docs/PROTOCOL.md describes what they send.
 *
 * `baseUrl` is the service's own address, with or without a slash at its end.
 */

/** Every run of the token's environment. */
export function environmentFeed(baseUrl: string): string {
  return `${root(baseUrl)}/runs`;
}

/** One run. */
export function runFeed(baseUrl: string, runId: string): string {
  return `${root(baseUrl)}/runs/${encodeURIComponent(runId)}`;
}

/** The runs that carry all of these tags. */
export function tagFeed(baseUrl: string, tags: readonly string[]): string {
  const query = new URLSearchParams(tags.map((tag) => ['tag', tag]));
  return `${root(baseUrl)}/runs?${query}`;
}

/** The runs of one batch. */
export function batchFeed(baseUrl: string, batchId: string): string {
  return `${root(baseUrl)}/batches/${encodeURIComponent(batchId)}`;
}

function root(baseUrl: string): string {
  return `${baseUrl.replace(/\/$/, '')}/realtime/v1`;
}
