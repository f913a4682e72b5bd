import { expect, it } from 'vitest';
import { scopeInWords, scopeOf } from './scopes.ts';

it('names one thing, or all of a kind', () => {
  expect(scopeOf('read:tags', ' user:1 ')).toBe('read:tags:user:1');
  expect(scopeOf('read:runs', '')).toBe('read:runs');
});

it('says in words what a scope is for', () => {
  expect(
    [
      'read:runs',
      'read:tags:user:1',
      'trigger:tasks:send-email',
      'admin',
      'read:all',
      '*:runs',
      'read:queues:q',
      'read',
    ].map(scopeInWords),
  ).toEqual([
    'Read all runs',
    'Read runs with the tag user:1',
    'Start the task send-email',
    'Do everything in the environment',
    'read, of every kind',
    'Do anything: runs',
    'read: queues q',
    'Nothing: it says no kind of thing',
  ]);
});
