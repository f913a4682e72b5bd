import { ApiError, ask, isRecord } from './http.ts';
import type { Api } from './session.ts';

/** Issues a public token; it ends after `life`, such as `15m`. */
export async function issueToken(
  api: Api,
  scopes: readonly string[],
  life: string,
  oneTimeUse = false,
): Promise<string> {
  const { body } = await api.ask('/api/v1/auth/public-tokens', {
    method: 'POST',
    body: { scopes, expirationTime: life, ...(oneTimeUse && { oneTimeUse }) },
  });
  if (isRecord(body) && typeof body.token === 'string') {
    return body.token;
  }
  throw new ApiError('The service gave no token.', 0);
}

/** What is to be taken back: one token, those with a scope, or all that were issued until now. */
export type Revocation =
  | { readonly jti: string }
  | { readonly scope: string }
  | { readonly issuedBefore: string };

/** Takes tokens back, at once and on all connections. */
export async function revokeTokens(api: Api, what: Revocation): Promise<void> {
  await api.ask('/api/v1/auth/revoke', { method: 'POST', body: what });
}

/** Why a run does or does not reach a feed. */
export interface Explanation {
  readonly reaches: boolean;
  /** A sentence for each rule that stops it. */
  readonly reasons: readonly string[];
  /** Columns that are left out of what is shown. */
  readonly skipColumns: readonly string[];
}

/** Asks, as the bearer of a token, whether a run reaches a feed. */
export async function explain(token: string, run: string, feed: string): Promise<Explanation> {
  const query = new URLSearchParams({ run, feed });
  const headers = { authorization: `Bearer ${token}` };
  const { body } = await ask(`/realtime/v1/explain?${query}`, { headers });
  if (!isRecord(body) || !Array.isArray(body.reasons)) {
    throw new ApiError('The service’s answer is no explanation.', 0);
  }
  return {
    reaches: body.reaches === true,
    reasons: body.reasons.flatMap((reason) =>
      isRecord(reason) && typeof reason.explanation === 'string' ? [reason.explanation] : [],
    ),
    skipColumns: Array.isArray(body.skipColumns) ? body.skipColumns.map(String) : [],
  };
}

/** A new secret key; what it is stays with who asked. */
export interface NewKey {
  readonly secretKey: string;
  readonly previousUntil: Date;
}

/** Gives the environment a new secret key. The session goes on under it. */
export async function rotateKey(api: Api): Promise<NewKey> {
  const { body } = await api.ask('/api/v1/dashboard/key', { method: 'POST' });
  if (
    isRecord(body) &&
    typeof body.secretKey === 'string' &&
    typeof body.previousUntil === 'string'
  ) {
    return { secretKey: body.secretKey, previousUntil: new Date(body.previousUntil) };
  }
  throw new ApiError('The service gave no key.', 0);
}
