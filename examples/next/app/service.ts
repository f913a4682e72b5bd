import { RealtimeClient } from '@runcast/react-hooks';

/** Where the service is, for this server and for its pages. */
export const baseURL = process.env.RUNCAST_URL ?? 'http://127.0.0.1:3030';

/** `./runcast up` prints one. No page is given it. */
const secretKey = process.env.RUNCAST_SECRET_KEY ?? '';

let made: RealtimeClient | undefined;

/** One for all requests, made with the first of them: there need be no key while this is built. */
export function client(): RealtimeClient {
  made ??= new RealtimeClient({ baseURL, accessToken: secretKey });
  return made;
}

/** Reads this one run, for a quarter of an hour. A real shop asks first whose order it is. */
export async function publicToken(id: string): Promise<string> {
  const response = await fetch(`${baseURL}/api/v1/auth/public-tokens`, {
    method: 'POST',
    cache: 'no-store',
    headers: { authorization: `Bearer ${secretKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ scopes: [`read:runs:${id}`], expirationTime: '15m' }),
  });
  if (!response.ok) {
    throw new Error(`No token: ${response.status}`);
  }
  return (await response.json()).token;
}
