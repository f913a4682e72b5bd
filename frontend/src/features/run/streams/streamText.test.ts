import { expect, it } from 'vitest';
import { textOf, viewOf } from './streamText.ts';

it('flows plain texts together', () => {
  expect(viewOf(['Hello', ', ', 'world'])).toEqual({ kind: 'text', text: 'Hello, world' });
});

it.each([
  [{ type: 'text-delta', delta: 'a' }],
  [{ type: 'text-delta', textDelta: 'a' }],
  [{ type: 'text-delta', id: '0', text: 'a' }],
  [{ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'a' } }],
  [{ type: 'response.output_text.delta', delta: 'a' }],
  [{ object: 'chat.completion.chunk', choices: [{ index: 0, delta: { content: 'a' } }] }],
])('finds the text in %j', (chunk) => {
  expect(textOf(chunk)).toBe('a');
});

it('passes over marks of beginning and end', () => {
  const chunks = [
    { type: 'start' },
    { type: 'text-start', id: '0' },
    { type: 'text-delta', delta: 'Hi' },
    { type: 'text-end', id: '0' },
    { type: 'finish' },
  ];

  expect(viewOf(chunks)).toEqual({ kind: 'text', text: 'Hi' });
});

it('takes the last part of a completion for its end', () => {
  const chunks = [
    { choices: [{ delta: { role: 'assistant', content: 'Hi' } }] },
    { choices: [{ delta: {}, finish_reason: 'stop' }] },
  ];

  expect(viewOf(chunks)).toEqual({ kind: 'text', text: 'Hi' });
});

it('shows anything else line by line', () => {
  expect(viewOf([{ step: 1 }, null, 3])).toEqual({
    kind: 'lines',
    lines: ['{"step":1}', 'null', '3'],
  });
  expect(viewOf(['a', { step: 1 }])).toEqual({ kind: 'lines', lines: ['"a"', '{"step":1}'] });
  expect(viewOf([{ type: 'start' }])).toEqual({ kind: 'lines', lines: ['{"type":"start"}'] });
  expect(viewOf([])).toEqual({ kind: 'lines', lines: [] });
});
