import { describe, expect, it } from 'vitest';
import { TokenSource } from './token.js';

function jwt(secondsLeft: number): string {
  const exp = Math.floor(Date.now() / 1000) + secondsLeft;
  const body = Buffer.from(JSON.stringify({ exp, sub: '¿?>' })).toString('base64url');
  return `head.${body}.signature`;
}

describe('TokenSource', () => {
  it('has the one token that it was given', async () => {
    const source = new TokenSource('t');

    expect(await source.get(true)).toBe('t');
    expect(source.renews).toBe(false);
  });

  it('keeps what a function gave until a fresh one is wanted', async () => {
    let count = 0;
    const source = new TokenSource(async () => `t${++count}`);

    expect(await source.get()).toBe('t1');
    expect(await source.get()).toBe('t1');
    expect(await source.get(true)).toBe('t2');
    expect(await source.get()).toBe('t2');
  });

  it('asks once for all who ask at the same time', async () => {
    let count = 0;
    const source = new TokenSource(async () => `t${++count}`);

    expect(await Promise.all([source.get(), source.get(true), source.get()])).toEqual([
      't1',
      't1',
      't1',
    ]);
  });

  it('asks again after it failed', async () => {
    let fails = true;
    const source = new TokenSource(() => {
      if (fails) {
        throw new Error('offline');
      }
      return 't';
    });

    await expect(source.get()).rejects.toThrow('offline');
    fails = false;
    expect(await source.get()).toBe('t');
  });

  it('does not send a token that says that it has ended', async () => {
    const source = new TokenSource(() => 'next', jwt(-5));

    expect(await source.get()).toBe('next');
  });

  it('sends one that has not, or does not say', async () => {
    const lasting = jwt(60);

    expect(await new TokenSource(() => 'next', lasting).get()).toBe(lasting);
    expect(await new TokenSource(() => 'next', 'opaque').get()).toBe('opaque');
  });
});
