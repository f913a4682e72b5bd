import { describe, expect, it } from 'vitest';
import { draftFor, fieldOf, newKey, planOf, zoned } from './scheduleDraft.ts';

describe('a schedule that is typed', () => {
  const draft = draftFor('send-report', 'Europe/Paris');

  it('leaves out what nothing was typed for', () => {
    expect(planOf({ ...draft, cron: ' 0 9 * * 1 ', window: ' ' })).toEqual({
      task: 'send-report',
      cron: '0 9 * * 1',
      timezone: 'Europe/Paris',
      window: undefined,
      externalId: undefined,
    });
  });

  it('shows at its field what the service says of it', () => {
    expect(fieldOf('cron', draft)).toBe('cron');
    expect(fieldOf('deduplicationKey', draft)).toBe('deduplicationKey');
    expect(fieldOf('schedule', draft)).toBeUndefined();
    expect(fieldOf(undefined, draft)).toBeUndefined();
  });

  it('is given a key that no other one has', () => {
    expect(newKey()).toMatch(/^dashboard-[0-9a-f]{24}$/);
    expect(newKey()).not.toBe(newKey());
  });
});

describe('times in a zone', () => {
  it('are those of its clocks, on both sides of a change', () => {
    expect(zoned(new Date('2026-03-29T00:30:00Z'), 'Europe/Paris')).toContain('01:30');
    expect(zoned(new Date('2026-03-29T01:30:00Z'), 'Europe/Paris')).toContain('03:30');
    expect(zoned(new Date('2026-03-29T01:30:00Z'), 'America/New_York')).toContain('Sat');
  });
});
