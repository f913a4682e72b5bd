import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ServerEvent, SseParser } from './sseParser.js';

const feed = readFileSync(new URL('../../../it/protocol/feed.sse', import.meta.url), 'utf8');

function parse(...pieces: readonly string[]): readonly ServerEvent[] {
  const parser = new SseParser();
  return pieces.flatMap((piece) => parser.push(piece));
}

describe('SseParser', () => {
  it('reads a recorded feed, whatever the pieces it arrives in', () => {
    const whole = parse(feed);

    expect(whole.length).toBeGreaterThan(10);
    fc.assert(
      fc.property(fc.array(fc.nat(feed.length)), (cuts) => {
        const ends = [0, ...cuts.sort((a, b) => a - b), feed.length];
        const pieces = ends.slice(1).map((end, index) => feed.slice(ends[index], end));
        expect(parse(...pieces)).toEqual(whole);
      }),
      { numRuns: 50 },
    );
  });

  it('takes each kind of line end, also one that is cut in two', () => {
    const wanted = [{ event: 'run', id: '1', data: 'a' }];

    expect(parse('event: run\nid: 1\ndata: a\n\n')).toEqual(wanted);
    expect(parse('event: run\rid: 1\rdata: a\r\r\n')).toEqual(wanted);
    expect(parse('event: run\r', '\nid: 1\r\ndata: a\r\n\r', '\n')).toEqual(wanted);
  });

  it('passes over comments and unknown fields', () => {
    expect(parse(': ping\n\nretry: 5\ncolour: red\ndata: a\n\n')).toEqual([
      { event: 'message', id: '', data: 'a' },
    ]);
  });

  it('joins the lines of one event and takes one space from each', () => {
    expect(parse('data:a\ndata:  b\ndata\n\n')).toEqual([
      { event: 'message', id: '', data: 'a\n b\n' },
    ]);
  });

  it('keeps the last id for what comes without one, and never takes a broken one', () => {
    expect(parse('id: 1\ndata: a\n\ndata: b\n\nid: 2\0\ndata: c\n\n').map(({ id }) => id)).toEqual([
      '1',
      '1',
      '1',
    ]);
  });

  it('forgets the name of an event without data', () => {
    expect(parse('event: run\n\ndata: a\n\n')).toEqual([{ event: 'message', id: '', data: 'a' }]);
  });
});
