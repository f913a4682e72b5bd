import { expect, it } from 'vitest';
import { bodyOf, EMPTY, fieldOf, problemsOf } from './testOrder.ts';

const PLAIN = { ...EMPTY, task: 'send-email' };

it('needs no more than a task', () => {
  expect(problemsOf(EMPTY)).toEqual({ task: 'Choose a task, or type its name.' });
  expect(problemsOf(PLAIN)).toEqual({});
  expect(bodyOf(PLAIN)).toEqual({ payload: {}, options: { test: true } });
});

it('says what of it is wrong', () => {
  const draft = { ...PLAIN, payload: '{"a":', delay: 'soon', ttl: '1 hour', metadata: '[1]' };

  expect(Object.keys(problemsOf(draft))).toEqual(['payload', 'delay', 'ttl', 'metadata']);
  expect(problemsOf({ ...PLAIN, metadata: '{' }).metadata).toMatch(/^This is no JSON/);
});

it('takes spans and times', () => {
  for (const delay of ['90s', '2h30m', '7d', '2026-12-24', '2026-12-24T18:00:00Z', '']) {
    expect(problemsOf({ ...PLAIN, delay })).toEqual({});
  }
});

it('hands on what is given, and nothing that is not', () => {
  const draft = {
    ...PLAIN,
    payload: '[1]',
    tags: ['user:1'],
    delay: ' 1h ',
    ttl: '2h',
    idempotencyKey: 'k',
    metadata: '{"n":1}',
    isTest: false,
  };

  expect(bodyOf(draft)).toEqual({
    payload: [1],
    options: {
      tags: ['user:1'],
      delay: '1h',
      ttl: '2h',
      idempotencyKey: 'k',
      metadata: { n: 1 },
    },
  });
  expect(bodyOf({ ...PLAIN, payload: ' ' })).toEqual({ options: { test: true } });
});

it('finds the field that the service means', () => {
  expect(
    ['options.delay', 'options.tags[3]', 'payload', 'options.queue.name', undefined].map(fieldOf),
  ).toEqual(['delay', 'tags', 'payload', undefined, undefined]);
});
