import { describe, expect, it } from 'vitest';
import { type Holdup, REASONS } from '../../../api/course.ts';
import { holdupWords, queueName } from './holdup.ts';

const PAUSED: Holdup = {
  reason: 'QUEUE_PAUSED',
  until: undefined,
  queue: 'task/mail',
  concurrencyKey: undefined,
  version: undefined,
  limit: undefined,
  running: 0,
  ahead: 0,
};

describe('what holds a run up', () => {
  it('is said in a sentence of its own', () => {
    const sentences = REASONS.map((reason) => holdupWords({ ...PAUSED, reason }));
    expect(new Set(sentences).size).toBe(REASONS.length);
  });

  it('names limits, and how many come before', () => {
    expect(holdupWords({ ...PAUSED, reason: 'QUEUE_LIMIT', limit: 2, running: 2, ahead: 1 })).toBe(
      'Its queue lets 2 run at once, and 2 do. 1 run comes before it.',
    );
    expect(
      holdupWords({
        ...PAUSED,
        reason: 'KEY_LIMIT',
        concurrencyKey: 'user-1',
        limit: 1,
        running: 1,
        ahead: 1_000,
      }),
    ).toBe(
      'Its queue lets 1 run at once of each concurrency key, and 1 of user-1 do. At least 1,000 runs come before it.',
    );
    expect(holdupWords({ ...PAUSED, reason: 'TURN' })).toBe('It is the next.');
  });

  it('names the version that is missing', () => {
    expect(holdupWords({ ...PAUSED, reason: 'NO_BUILD', version: '20260101.1' })).toContain(
      '20260101.1',
    );
  });

  it('calls a queue as people do', () => {
    expect(queueName('task/mail')).toBe('mail');
    expect(queueName('mails')).toBe('mails');
  });
});
