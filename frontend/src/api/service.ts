import { ApiError, isRecord } from './http.ts';
import type { Api } from './session.ts';

/** What a node did within an interval, and how it stood at its end. Null for what is not known. */
export interface ServiceSample {
  readonly at: Date;
  readonly changes: number | null;
  readonly deliveries: number | null;
  readonly lagP50Ms: number | null;
  readonly lagP99Ms: number | null;
  readonly connections: number | null;
  readonly subscriptions: number | null;
  readonly behind: number | null;
  readonly dropped: number | null;
  readonly missed: number | null;
  readonly retainedBytes: number | null;
  readonly horizonAgeMs: number | null;
}

/** A feed and how many follow it. */
export interface FollowedFeed {
  /** Path and query by which it is asked for. */
  readonly feed: string;
  readonly subscriptions: number;
}

/** The service from inside, at the node that answers. */
export interface ServiceLook {
  readonly everyMs: number;
  /** How far it has heard the log. */
  readonly position: string | undefined;
  /** The oldest first. */
  readonly samples: readonly ServiceSample[];
  readonly feeds: readonly FollowedFeed[];
}

/** Looks inside; with `since`, for the samples after that. */
export async function lookInside(
  api: Api,
  since: Date | undefined,
  signal?: AbortSignal,
): Promise<ServiceLook> {
  const query = since === undefined ? '' : `?since=${since.toISOString()}`;
  const { body } = await api.ask(`/api/v1/dashboard/service${query}`, { signal });
  if (!isRecord(body) || !Array.isArray(body.samples) || !Array.isArray(body.feeds)) {
    throw new ApiError('The service’s answer is not of a form that is known here.', 0);
  }
  return {
    everyMs: number(body.everyMs) ?? 5_000,
    position: typeof body.position === 'string' ? body.position : undefined,
    samples: body.samples.filter(isRecord).map(sample),
    feeds: body.feeds.filter(isRecord).map(({ feed, subscriptions }) => ({
      feed: String(feed),
      subscriptions: number(subscriptions) ?? 0,
    })),
  };
}

function sample(from: Readonly<Record<string, unknown>>): ServiceSample {
  return {
    at: new Date(String(from.at)),
    changes: number(from.changes),
    deliveries: number(from.deliveries),
    lagP50Ms: number(from.lagP50Ms),
    lagP99Ms: number(from.lagP99Ms),
    connections: number(from.connections),
    subscriptions: number(from.subscriptions),
    behind: number(from.behind),
    dropped: number(from.dropped),
    missed: number(from.missed),
    retainedBytes: number(from.retainedBytes),
    horizonAgeMs: number(from.horizonAgeMs),
  };
}

function number(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
