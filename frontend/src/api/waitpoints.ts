import { ApiError, isRecord } from './http.ts';
import { textOf, timeOf } from './lists.ts';
import type { Api } from './session.ts';

export const WAITPOINT_STATUSES = ['WAITING', 'COMPLETED', 'TIMED_OUT'] as const;

export type WaitpointStatus = (typeof WAITPOINT_STATUSES)[number];

/** A wait token: something to be completed from outside, once, or to time out. */
export interface Waitpoint {
  readonly id: string;
  readonly status: WaitpointStatus;
  /** Whoever knows it may complete the token. */
  readonly url: string | undefined;
  readonly tags: readonly string[];
  readonly createdAt: Date;
  readonly timeoutAt: Date | undefined;
  readonly completedAt: Date | undefined;
  readonly idempotencyKey: string | undefined;
  /** The runs that wait for it. */
  readonly waitingRuns: readonly string[];
  /** What it was completed with; only of one that was read by itself. */
  readonly output: string | undefined;
}

/** A page of tokens, the newest first. */
export interface WaitpointPage {
  readonly items: readonly Waitpoint[];
  readonly next: string | undefined;
  readonly previous: string | undefined;
}

/** Which tokens of all. */
export interface WaitpointQuery {
  readonly status: WaitpointStatus | undefined;
  /** A token needs one of them. */
  readonly tags: readonly string[];
  readonly after: string | undefined;
  readonly before: string | undefined;
}

const ROOT = '/api/v1/waitpoints/tokens';
const PAGE = 50;

/** Reads a page of tokens. */
export async function listWaitpoints(
  api: Api,
  { status, tags, after, before }: WaitpointQuery,
  signal?: AbortSignal,
): Promise<WaitpointPage> {
  const query = new URLSearchParams({ 'page[size]': String(PAGE) });
  const put = (name: string, value: string | undefined) => value && query.set(name, value);
  put('filter[status]', status);
  put('filter[tags]', tags.join());
  put('page[after]', after);
  put('page[before]', before);
  const { body } = await api.ask(`${ROOT}?${query}`, { signal });
  const data = isRecord(body) && Array.isArray(body.data) ? body.data : [];
  const pagination = isRecord(body) && isRecord(body.pagination) ? body.pagination : {};
  return {
    items: data.flatMap((item) => parse(item) ?? []),
    next: textOf(pagination.next),
    previous: textOf(pagination.previous),
  };
}

/** One token, with what it was completed with. */
export async function retrieveWaitpoint(
  api: Api,
  id: string,
  signal?: AbortSignal,
): Promise<Waitpoint> {
  const { body } = await api.ask(path(id), { signal });
  const found = parse(body);
  if (found === undefined) {
    throw new ApiError('The service’s answer is no token.', 0);
  }
  return found;
}

function parse(body: unknown): Waitpoint | undefined {
  if (!isRecord(body) || typeof body.id !== 'string') {
    return undefined;
  }
  const texts = (value: unknown) =>
    Array.isArray(value) ? value.filter((text) => typeof text === 'string') : [];
  return {
    id: body.id,
    status: WAITPOINT_STATUSES.find((status) => status === body.status) ?? 'WAITING',
    url: textOf(body.url),
    tags: texts(body.tags),
    createdAt: timeOf(body.createdAt) ?? new Date(0),
    timeoutAt: timeOf(body.timeoutAt),
    completedAt: timeOf(body.completedAt),
    idempotencyKey: textOf(body.idempotencyKey),
    waitingRuns: texts(body.waitingRuns),
    output: textOf(body.output),
  };
}

/** What a token is to be made with, as it is typed. */
export interface NewWaitpoint {
  readonly timeout: string | undefined;
  readonly tags: readonly string[];
  readonly idempotencyKey: string | undefined;
}

/** Makes a token and gives its id. */
export async function createWaitpoint(api: Api, asked: NewWaitpoint): Promise<string> {
  const { body } = await api.ask(ROOT, { method: 'POST', body: asked });
  if (isRecord(body) && typeof body.id === 'string') {
    return body.id;
  }
  throw new ApiError('The service gave no token.', 0);
}

/** Completes a token; whoever is first says with what. */
export async function completeWaitpoint(api: Api, id: string, data: unknown): Promise<void> {
  await api.ask(`${path(id)}/complete`, { method: 'POST', body: { data } });
}

function path(id: string): string {
  return `${ROOT}/${encodeURIComponent(id)}`;
}
