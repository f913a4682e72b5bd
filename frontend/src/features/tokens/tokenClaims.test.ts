import { expect, it } from 'vitest';
import { readToken, standing } from './tokenClaims.ts';

function token(payload: unknown): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'HS256' })}.${part(payload)}.c2lnbmF0dXJl`;
}

const CLAIMS = {
  sub: 'env_1',
  pub: true,
  scopes: ['read:tags:größe'],
  jti: 'j',
  iat: 1_767_323_045,
  exp: 1_767_326_645,
  otu: true,
  realtime: { skipColumns: ['payload'] },
};

it('tells what a token says of itself', () => {
  expect(readToken(` Bearer ${token(CLAIMS)}\n`)).toEqual({
    kind: 'token',
    token: token(CLAIMS),
    claims: {
      environment: 'env_1',
      scopes: ['read:tags:größe'],
      id: 'j',
      issuedAt: new Date('2026-01-02T03:04:05Z'),
      expiresAt: new Date('2026-01-02T04:04:05Z'),
      oneTimeUse: true,
      skipColumns: ['payload'],
    },
  });
});

it('says why something is no public token', () => {
  const problem = (text: string) => {
    const pasted = readToken(text);
    return pasted.kind === 'problem' ? pasted.problem : pasted.kind;
  };

  expect(problem('  ')).toBe('nothing');
  expect(problem('tr_dev_abc')).toMatch(/^This is a secret key/);
  expect(problem('a.b')).toMatch(/^A token has three parts/);
  expect(problem('a.b.c')).toMatch(/^The middle/);
  expect(problem(token({ sub: 'env_1' }))).toMatch(/does not say that it is public/);
});

it('knows when it is over', () => {
  const pasted = readToken(token(CLAIMS));
  if (pasted.kind !== 'token') {
    throw new Error(pasted.kind);
  }

  expect(standing(pasted.claims, Date.parse('2026-01-02T04:04:04Z'))).toBe('good');
  expect(standing(pasted.claims, Date.parse('2026-01-02T04:04:05Z'))).toBe('over');
  expect(standing({ ...pasted.claims, expiresAt: undefined }, 0)).toBe('endless');
});
