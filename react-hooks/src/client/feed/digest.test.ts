import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { digestText, hashOf } from './digest.js';

interface Member {
  readonly run: string;
  readonly version: string;
}

interface Golden {
  readonly hashes: readonly (Member & { hash: string })[];
  readonly feeds: readonly { members: readonly Member[]; digest: string }[];
}

const golden: Golden = JSON.parse(
  readFileSync(new URL('../../../../it/protocol/digest.json', import.meta.url), 'utf8'),
);

describe('the digest', () => {
  it.each(golden.hashes)('of $run in version $version is $hash', ({ run, version, hash }) => {
    expect(digestText(hashOf(run, version))).toBe(hash);
  });

  it.each(golden.feeds)('of a feed is $digest', ({ members, digest }) => {
    const sum = members.reduce((part, { run, version }) => part + hashOf(run, version), 0n);

    expect(digestText(sum)).toBe(digest);
  });

  it('takes away what it has added', () => {
    expect(digestText(hashOf('a', 1) - hashOf('b', 1) - hashOf('a', 1) + hashOf('b', 1))).toBe(
      '0000000000000000',
    );
  });
});
