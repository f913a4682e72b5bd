import { describe, expect, it } from 'vitest';
import { traceOf } from './trace.ts';

const AT = '2026-01-01T00:00:0';

function span(id: string, parent: string, second: number, end?: number) {
  return {
    type: 'span',
    id,
    parent,
    name: `span ${id}`,
    at: `${AT}${second}Z`,
    ...(end === undefined ? { partial: true } : { end: `${AT}${end}Z` }),
  };
}

function log(parent: string, second: number, name: string, level = 'info') {
  return { type: 'log', parent, name, level, at: `${AT}${second}Z` };
}

function shown(chunks: readonly unknown[]) {
  return traceOf(chunks, Date.parse(`${AT}9Z`)).rows.map(
    ({ name, depth }) => `${'-'.repeat(depth)}${name}`,
  );
}

describe('a trace', () => {
  it('hangs spans and logs on their spans, in the order of their times', () => {
    const chunks = [
      log('a', 3, 'late'),
      span('b', 'a', 2, 4),
      log('b', 3, 'in b'),
      span('a', 'run', 1),
    ];

    expect(shown(chunks)).toEqual(['span a', '-span b', '--in b', '-late']);
  });

  it('takes a span that has ended for the one that began', () => {
    const { rows } = traceOf([span('a', '', 1), span('a', '', 1, 3), span('a', '', 1)], 0);

    expect(rows).toHaveLength(1);
    expect(rows[0]?.to).toBe(Date.parse(`${AT}3Z`));
  });

  it('lasts until now while something goes on', () => {
    const now = Date.parse(`${AT}8Z`);

    expect(traceOf([span('a', '', 1)], now)).toMatchObject({
      from: Date.parse(`${AT}1Z`),
      to: now,
    });
    expect(traceOf([span('a', '', 1, 2)], now).to).toBe(Date.parse(`${AT}2Z`));
  });

  it('shows what hangs in a circle, once', () => {
    expect(shown([span('a', 'b', 1), span('b', 'a', 2), span('c', 'c', 3)])).toEqual([
      'span a',
      '-span b',
      'span c',
    ]);
  });

  it('passes over what it can not read', () => {
    expect(
      shown([null, 7, {}, { type: 'span', at: `${AT}1Z` }, { type: 'log', at: 'soon' }]),
    ).toEqual([]);
  });

  it('keeps what else was sent with an entry', () => {
    const { rows } = traceOf(
      [
        { ...log('', 1, 'x', 'error'), attributes: { user: 1 } },
        { ...span('a', '', 1, 2), status: 'error', message: 'broke' },
      ],
      0,
    );

    expect(rows.map(({ failed, more }) => ({ failed, more }))).toEqual([
      { failed: true, more: { user: 1 } },
      { failed: true, more: { message: 'broke' } },
    ]);
  });

  it('bears a chain of ten thousand', () => {
    const chain = Array.from({ length: 10_000 }, (_, i) => span(`s${i}`, `s${i - 1}`, 1, 2));

    expect(shown(chain)).toHaveLength(10_000);
  });
});
