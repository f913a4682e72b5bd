import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { RealtimeClient, RealtimeError } from '@runcast/react-hooks';
import { render } from './render.tsx';

const { RUNCAST_URL: baseURL = 'http://127.0.0.1:3030', RUNCAST_SECRET_KEY: secretKey } =
  process.env;
const port = Number(process.env.PORT ?? 4000);
if (!secretKey) {
  throw new Error('RUNCAST_SECRET_KEY is missing: `./runcast up` prints one.');
}

// One for all requests. It alone has the secret key.
const client = new RealtimeClient({ baseURL, accessToken: secretKey });

const built = join(import.meta.dirname, '../page');
const template = readFileSync(join(built, 'index.html'), 'utf8');
const assets = new Map(
  readdirSync(join(built, 'assets')).map((name) => [
    `/assets/${name}`,
    readFileSync(join(built, 'assets', name)),
  ]),
);

const server = createServer(async (request, response) => {
  try {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    await answer(`${request.method} ${pathname}`, response);
  } catch (error) {
    // Such as 404 for a run that is not there.
    const status = error instanceof RealtimeError ? (error.status ?? 502) : 500;
    console.error(error);
    send(response, status, 'text/plain', `Error ${status}`);
  }
});
server.listen(port, '127.0.0.1', () => {
  const address = server.address();
  console.log(`http://127.0.0.1:${typeof address === 'object' ? address?.port : port}`);
});

async function answer(asked: string, response: ServerResponse): Promise<void> {
  const [, runId, token] = /^GET \/orders\/(run_\w+)(\/token)?$/.exec(asked) ?? [];
  const asset = assets.get(asked.replace('GET ', ''));
  if (asked === 'GET /') {
    const form = '<form method="post" action="/orders"><button>Order</button></form>';
    send(response, 200, 'text/html', form);
  } else if (asked === 'POST /orders') {
    const { id } = await client.triggerTask('process-order', { item: 'tea', count: 2 });
    response.writeHead(303, { location: `/orders/${id}` }).end();
  } else if (runId && token) {
    send(response, 200, 'text/plain', await publicToken(runId));
  } else if (runId) {
    const [initialData, accessToken] = await Promise.all([
      client.snapshot({ run: runId }),
      publicToken(runId),
    ]);
    const page = render(template, { runId, baseURL, accessToken, initialData });
    send(response, 200, 'text/html', page);
  } else if (asset) {
    send(response, 200, 'text/javascript', asset, 'public, max-age=31536000, immutable');
  } else {
    send(response, 404, 'text/plain', 'Not found');
  }
}

/** Reads this one run, for a quarter of an hour. A real shop asks here whose order it is. */
async function publicToken(runId: string): Promise<string> {
  const response = await fetch(`${baseURL}/api/v1/auth/public-tokens`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secretKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ scopes: [`read:runs:${runId}`], expirationTime: '15m' }),
  });
  const body = await response.json();
  if (!response.ok) {
    throw RealtimeError.of(response.status, body);
  }
  return body.token;
}

function send(
  response: ServerResponse,
  status: number,
  type: string,
  body: string | Buffer,
  caching = 'no-store',
): void {
  const headers = { 'content-type': `${type}; charset=utf-8`, 'cache-control': caching };
  response.writeHead(status, headers).end(body);
}
