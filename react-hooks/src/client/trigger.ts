import type { Json } from './run/run.js';

/** How a run is to be started; what a hook of the official package sends, too. */
export interface TriggerOptions {
  idempotencyKey?: string | string[] | undefined;
  queue?: string | undefined;
  /** Names of one or two limits. */
  concurrency?: string | string[] | undefined;
  concurrencyKey?: string | undefined;
  delay?: string | Date | undefined;
  /** A duration, or seconds. */
  ttl?: string | number | undefined;
  tags?: string | string[] | undefined;
  maxAttempts?: number | undefined;
  metadata?: Record<string, Json> | undefined;
  /** In seconds. */
  maxDuration?: number | undefined;
  version?: string | undefined;
  debounce?: { key: string; delay: string; mode?: 'leading' | 'trailing' } | undefined;
}

/** The options as the service takes them. */
export async function wireOptions(options: TriggerOptions): Promise<object> {
  const { queue, concurrency, idempotencyKey, version, ...same } = options;
  const limits = typeof concurrency === 'string' ? [concurrency] : concurrency;
  if (limits !== undefined && limits.length > 2) {
    throw new Error('concurrency takes at most two named limits');
  }
  return {
    ...same,
    queue: queue === undefined ? undefined : { name: queue },
    concurrency: limits,
    idempotencyKey: idempotencyKey && (await hashed(idempotencyKey)),
    lockToVersion: version,
  };
}

/** The SDK's way to make a key of what people call one: a key in its form stays as it is. */
async function hashed(key: string | string[]): Promise<string> {
  if (typeof key === 'string' && key.length === 64) {
    return key;
  }
  const text = typeof key === 'string' ? key : key.join('-');
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
