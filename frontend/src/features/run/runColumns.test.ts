import { expect, it } from 'vitest';
import { errorOf, packetOf, streamsOf } from './runColumns.ts';

it('reads errors in every form that they are reported in', () => {
  expect(errorOf({})).toBeUndefined();
  expect(errorOf({ error: null })).toBeUndefined();
  expect(errorOf({ error: 'boom' })?.message).toBe('boom');
  expect(errorOf({ error: { type: 'STRING_ERROR', raw: 'boom' } })?.message).toBe('boom');
  expect(errorOf({ error: { type: 'INTERNAL_ERROR', code: 'OOM' } })?.message).toBe('OOM');
  expect(errorOf({ error: { odd: 1 } })?.message).toBe('{"odd":1}');
  expect(errorOf({ error: [1] })?.message).toBe('[1]');
  expect(
    errorOf({
      error: {
        type: 'BUILT_IN_ERROR',
        name: 'TypeError',
        message: 'm',
        stackTrace: 's',
        causes: [{ message: 'why' }, 3],
      },
    }),
  ).toEqual({
    name: 'TypeError',
    message: 'm',
    stack: 's',
    causes: [{ name: undefined, message: 'why', stack: undefined, causes: [] }],
  });
});

it('names each stream once', () => {
  expect(streamsOf({})).toEqual([]);
  expect(streamsOf({ realtimeStreams: ['a', 'b', 'a', 1] })).toEqual(['a', 'b']);
});

it('tells a packet from the way to it', () => {
  expect(packetOf({}, 'output')).toBeUndefined();
  expect(packetOf({ output: null }, 'output')).toBeUndefined();
  expect(packetOf({ output: 0 }, 'output')).toEqual({ value: 0 });
  expect(packetOf({ payloadPresignedUrl: 'http://x' }, 'payload')).toEqual({ link: 'http://x' });
});
