import { describe, expect, it } from 'vitest';
import { batchFeed, environmentFeed, runFeed, tagFeed } from './feeds.js';

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
      'http://host/realtime/v1/runs?tag=user%3A1&tag=a%2Cb+%26+c',
    );
  });
});
