import { expect, it } from 'vitest';
import { aRun } from '../testing/runs.ts';
import { filtersOf, isNarrowed, matches, NO_FILTERS, queryOf, urlOf } from './runFilters.ts';

const NOW = Date.parse('2026-01-02T03:04:05Z');

it('reads back from the address what it wrote there', () => {
  const filters = {
    status: ['EXECUTING', 'FAILED'],
    task: ['a', 'b'],
    tags: ['user:1'],
    batch: 'batch_1',
    version: ['2026.1'],
    period: '24h',
    id: 'run_x',
  } as const;

  expect(filtersOf(urlOf(filters))).toEqual(filters);
  expect(urlOf(NO_FILTERS)).toEqual({});
  expect(filtersOf({})).toEqual(NO_FILTERS);
});

it('passes over what makes no sense in an address', () => {
  expect(filtersOf({ status: 'NONE,FAILED,,FAILED', period: 'toString', batch: '' })).toEqual({
    ...NO_FILTERS,
    status: ['FAILED'],
  });
});

it('asks the service in its own words', () => {
  const query = queryOf(
    filtersOf({ status: 'FAILED', task: 'a', tags: 'x,y', batch: 'b', version: '1', period: '1h' }),
  );

  expect(Object.fromEntries(query)).toEqual({
    'filter[status]': 'FAILED',
    'filter[taskIdentifier]': 'a',
    'filter[tag]': 'x,y',
    'filter[batch]': 'b',
    'filter[version]': '1',
    'filter[createdAt][period]': '1h',
  });
});

it('tells a run that the list would show from one that it would not', () => {
  const run = aRun('run_1', { status: 'FAILED', tags: ['x'], version: '1', batchId: 'b' });
  const fits = (url: Record<string, string>) => matches(filtersOf(url), run, NOW);

  expect(fits({})).toBe(true);
  expect(fits({ status: 'FAILED,CRASHED' })).toBe(true);
  expect(fits({ status: 'CRASHED' })).toBe(false);
  expect(fits({ task: 'hello' })).toBe(true);
  expect(fits({ task: 'other' })).toBe(false);
  expect(fits({ tags: 'y,x' })).toBe(true);
  expect(fits({ tags: 'y' })).toBe(false);
  expect(fits({ batch: 'b' })).toBe(true);
  expect(fits({ batch: 'c' })).toBe(false);
  expect(fits({ version: '1,2' })).toBe(true);
  expect(fits({ version: '2' })).toBe(false);
});

it('lets runs grow too old for the list', () => {
  const filters = filtersOf({ period: '1h' });
  const run = aRun('run_1', { createdAt: new Date(NOW) });

  expect(matches(filters, run, NOW + 3_600_000)).toBe(true);
  expect(matches(filters, run, NOW + 3_600_001)).toBe(false);
});

it('finds a run of no version in no version', () => {
  expect(matches(filtersOf({ version: '1' }), aRun('run_1'), NOW)).toBe(false);
});

it('looks for the beginning of the id, with or without what all ids begin with', () => {
  const asked = (id: string) => queryOf(filtersOf({ id })).get('filter[id]');
  const fits = (id: string) => matches(filtersOf({ id }), aRun('run_xaB'), NOW);

  expect([asked(' xa '), asked('run_xa'), asked('ru'), asked('  ')]).toEqual([
    'xa,run_xa',
    'run_xa',
    'ru',
    null,
  ]);
  expect([fits('xa'), fits('run_xaB'), fits('ru'), fits('')]).toEqual([true, true, true, true]);
  expect([fits('aB'), fits('xab')]).toEqual([false, false]);
});

it('knows whether anything narrows the list', () => {
  expect(isNarrowed(NO_FILTERS)).toBe(false);
  expect(isNarrowed({ ...NO_FILTERS, id: 'x' })).toBe(true);
});
