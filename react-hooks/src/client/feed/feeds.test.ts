import { describe, expect, it } from 'vitest';
import { batchFeed, environmentFeed, feedPath, runFeed, tagFeed } from './feeds.js';

describe('feeds', () => {
  it('takes a base address with or without a slash at its end', () => {
    expect(environmentFeed('http://host:3030')).toBe('http://host:3030/realtime/v1/runs');
    expect(environmentFeed('http://host/prefix/')).toBe('http://host/prefix/realtime/v1/runs');
  });

  it('names one run and one batch', () => {
    expect(runFeed('http://host', 'run_1')).toBe('http://host/realtime/v1/runs/run_1');
    expect(batchFeed('http://host', 'batch_1')).toBe('http://host/realtime/v1/batches/batch_1');
  });

  it('repeats the parameter for each tag, so that a tag may hold a comma', () => {
    expect(tagFeed('http://host', ['user:1', 'a,b & c'])).toBe(
      'http://host/realtime/v1/runs?tag=a%2Cb+%26+c&tag=user%3A1',
    );
  });

  it('is the same for filters that mean the same', () => {
    expect(feedPath({ tags: ['b', 'a', 'b'] })).toBe(feedPath({ tags: ['a', 'b'] }));
    expect(feedPath({ tags: 'a' })).toBe(feedPath({ tags: ['a'] }));
    expect(feedPath({ run: 'r', skipColumns: ['output', 'payload'] })).toBe(
      feedPath({ run: 'r', skipColumns: ['payload', 'output'] }),
    );
    expect(feedPath({ status: undefined, createdAt: undefined })).toBe(feedPath({}));
  });

  it('says what is to be told', () => {
    expect(feedPath({}, 'proof')).toBe('/realtime/v1/runs?include=digest');
    expect(feedPath({ run: 'r' }, 'proof')).toBe('/realtime/v1/runs/r');
    expect(feedPath({ tags: 'x' }, 'counts')).toBe(
      '/realtime/v1/runs?include=counts&rows=none&tag=x',
    );
  });

  it('says all that narrows', () => {
    expect(
      feedPath({
        parent: 'run_p',
        status: ['QUEUED', 'EXECUTING'],
        taskIdentifier: 'send',
        createdAt: '1h',
        skipColumns: ['payload'],
      }),
    ).toBe(
      '/realtime/v1/runs?parent=run_p&createdAt=1h&status=EXECUTING%2CQUEUED&taskIdentifier=send&skipColumns=payload',
    );
    expect(feedPath({ run: 'run_1', stopOnCompletion: true })).toBe(
      '/realtime/v1/runs/run_1?stopOnCompletion=true',
    );
  });
});
