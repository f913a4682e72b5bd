import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Frame, MalformedFrameError, parseFrame } from './protocol.js';
import { SseParser } from './sseParser.js';

interface Golden {
  readonly name: string;
  readonly event: string;
  readonly data: Record<string, unknown>;
}

interface Step {
  readonly service?: Golden;
}

const transcripts = readdirSync(new URL('../../../it/protocol/socket', import.meta.url));
const golden: readonly Golden[] = JSON.parse(read('frames.json'));
const known = golden.filter(({ event }) => parseFrame(event, sample(event)) !== undefined);

function read(name: string): string {
  return readFileSync(new URL(`../../../it/protocol/${name}`, import.meta.url), 'utf8');
}

/** Data that any event of the name has, only to ask whether the name is known. */
function sample(event: string): unknown {
  return golden.find((frame) => frame.event === event)?.data;
}

describe('parseFrame', () => {
  it.each(known)('tells all that the service says: $name', ({ event, data }) => {
    const { type, ...told } = parseFrame(event, data) as Frame & Record<string, unknown>;

    expect(type).toBe(event);
    for (const [name, value] of Object.entries(told)) {
      if (name === 'left') {
        expect(data.left).toMatchObject(value as object[]);
      } else {
        expect(value).toEqual(data[name]);
      }
    }
  });

  it('knows the events of runs that the service has', () => {
    const names = new Set(known.map(({ event }) => event));

    expect(names).toContain('snapshot');
    expect([...names].sort()).toEqual(
      expect.arrayContaining(['end', 'leave', 'live', 'run', 'stale', 'token-expiring']),
    );
  });

  it('passes over an event that it does not know, also by a name that every object has', () => {
    expect(parseFrame('weather', { rain: true })).toBeUndefined();
    expect(parseFrame('constructor', {})).toBeUndefined();
  });

  it.each(known)('refuses what lacks a part: $name', ({ event, data }) => {
    const wanted = {
      lsn: true,
      committedAt: true,
      buckets: true,
      position: true,
      reason: event !== 'end',
    };
    for (const name of Object.keys(data)) {
      const { [name]: _, ...rest } = data;
      const parse = () => parseFrame(event, rest);
      if (wanted[name as keyof typeof wanted]) {
        expect(parse).not.toThrow();
      } else {
        expect(parse).toThrow(MalformedFrameError);
      }
    }
  });

  it.each([undefined, null, 7, 'text', []])('refuses %j for data', (data) => {
    expect(() => parseFrame('live', data)).toThrow(MalformedFrameError);
  });

  it.each(transcripts)('reads all that a service said on a socket: %s', (name) => {
    const { steps }: { steps: Step[] } = JSON.parse(read(`socket/${name}`));
    const told = steps.flatMap(({ service }) => service ?? []);
    const frames = told.filter(({ event }) => event !== 'error' && event !== 'renewed');

    expect(frames.length).toBeGreaterThan(0);
    for (const { event, data } of frames) {
      expect(parseFrame(event, data)?.type).toBe(event);
    }
  });

  it('reads the same frames off the recorded feed', () => {
    const parser = new SseParser();

    const frames = parser
      .push(read('feed.sse'))
      .map(({ event, data }) => parseFrame(event, JSON.parse(data)));

    expect(frames).toEqual(golden.map(({ event, data }) => parseFrame(event, data)));
    expect(frames.length).toBeGreaterThan(10);
  });
});
