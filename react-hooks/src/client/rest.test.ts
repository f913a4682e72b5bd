import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { json, TestService } from '../fakes/testService.js';
import { RealtimeClient } from './client.js';

let service: TestService;
let client: RealtimeClient;
let bodies: Record<string, unknown>[];

beforeEach(async () => {
  service = await TestService.start();
  client = new RealtimeClient({ baseURL: `${service.url}/`, accessToken: 'secret' });
  bodies = [];
});

afterEach(() => service.stop());

/** Answers everything with one body, and keeps what was sent. */
function answer(status: number, body: unknown, headers: Record<string, string> = {}): void {
  service.answer = (request, response) => {
    let text = '';
    request.on('data', (piece) => {
      text += piece;
    });
    request.on('end', () => {
      bodies.push(text === '' ? {} : JSON.parse(text));
      json(response, status, body, headers);
    });
  };
}

function asked(): string {
  const { method, url } = service.requests[0] ?? {};
  return `${method} ${url}`;
}

it('reads a run as REST tells it', async () => {
  answer(200, {
    id: 'run_1',
    status: 'FAILED',
    createdAt: '2026-01-02T03:04:05.678Z',
    isTest: true,
  });

  expect(await client.retrieveRun('run_1')).toMatchObject({
    id: 'run_1',
    isFailed: true,
    isCompleted: true,
    isTest: true,
    createdAt: new Date('2026-01-02T03:04:05.678Z'),
  });
  expect(asked()).toBe('GET /api/v3/runs/run_1');
  expect(service.requests[0]?.headers.authorization).toBe('Bearer secret');
});

describe('triggering', () => {
  it('gives the run and the token that reads it', async () => {
    answer(200, { id: 'run_1', isCached: false }, { 'x-trigger-jwt': 'its own' });

    expect(await client.triggerTask('my task', { to: 'ada' })).toEqual({
      id: 'run_1',
      taskIdentifier: 'my task',
      publicAccessToken: 'its own',
      isCached: false,
    });
    expect(asked()).toBe('POST /api/v1/tasks/my%20task/trigger');
    expect(bodies[0]).toEqual({
      payload: '{"to":"ada"}',
      options: { payloadType: 'application/json' },
    });
    expect(service.requests[0]?.headers['x-trigger-request-idempotency-key']).toMatch(/^\w{32}$/);
  });

  it('says the options as the service takes them', async () => {
    answer(200, { id: 'run_1' });
    await client.triggerTask('t', undefined, {
      tags: ['a'],
      queue: 'q',
      concurrency: 'one',
      version: '20260102.1',
      idempotencyKey: ['user', '1'],
      delay: new Date(0),
    });

    expect(bodies[0]).toEqual({
      options: {
        payloadType: 'application/json',
        tags: ['a'],
        queue: { name: 'q' },
        concurrency: ['one'],
        lockToVersion: '20260102.1',
        idempotencyKey: createHash('sha256').update('user-1').digest('hex'),
        delay: '1970-01-01T00:00:00.000Z',
      },
    });
  });

  it('takes a key of the SDK as it is, and no more than two limits', async () => {
    answer(200, { id: 'run_1' });
    const idempotencyKey = 'f'.repeat(64);
    await client.triggerTask('t', undefined, { idempotencyKey });

    expect(bodies[0]?.options).toMatchObject({ idempotencyKey });
    await expect(
      client.triggerTask('t', undefined, { concurrency: ['a', 'b', 'c'] }),
    ).rejects.toThrow('two');
  });
});

it('completes a wait token and sends in to a run', async () => {
  answer(200, { success: true });
  await client.completeWaitToken('waitpoint_1', { approved: true });
  await client.sendInputStream('run_1', 'chat', 'hello');

  expect(service.requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
    'POST /api/v1/waitpoints/tokens/waitpoint_1/complete',
    'POST /realtime/v1/streams/run_1/input/chat',
  ]);
  expect(bodies).toEqual([{ data: { approved: true } }, { data: 'hello' }]);
});

it('says what the service said no with, in each of the forms that it has', async () => {
  answer(403, { error: 'Not yours.', code: 'forbidden', param: 'access_token' });
  await expect(client.retrieveRun('r')).rejects.toMatchObject({
    message: 'Not yours.',
    code: 'forbidden',
    param: 'access_token',
    status: 403,
    retryable: false,
  });

  answer(422, { error: { message: 'Too long.', code: 'too-long', param: 'ttl' } });
  await expect(client.retrieveRun('r')).rejects.toMatchObject({
    message: 'Too long.',
    code: 'too-long',
    param: 'ttl',
  });

  answer(500, 'what?');
  await expect(client.retrieveRun('r')).rejects.toMatchObject({ status: 500, retryable: true });
});

it('says that nobody answered', async () => {
  await service.stop();

  await expect(client.retrieveRun('r')).rejects.toMatchObject({ code: 'network', retryable: true });
  service = await TestService.start();
});

it('does nothing without a token', () => {
  const bare = new RealtimeClient({ baseURL: service.url });

  expect(() => bare.retrieveRun('r')).toThrow('accessToken');
});
