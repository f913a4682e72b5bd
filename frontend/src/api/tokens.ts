import { ApiError, isRecord } from './http.ts';
import type { Api } from './session.ts';

/** Issues a public token; it ends after `life`, such as `15m`. */
export async function issueToken(
  api: Api,
  scopes: readonly string[],
  life: string,
): Promise<string> {
  const { body } = await api.ask('/api/v1/auth/public-tokens', {
    method: 'POST',
    body: { scopes, expirationTime: life },
  });
  if (isRecord(body) && typeof body.token === 'string') {
    return body.token;
  }
  throw new ApiError('The service gave no token.', 0);
}
