import { isRecord } from '../../api/http.ts';

/** What a token says of itself. Nothing here shows that it is true: only the service knows. */
export interface Claims {
  readonly environment: string | undefined;
  readonly scopes: readonly string[];
  readonly id: string | undefined;
  readonly issuedAt: Date | undefined;
  readonly expiresAt: Date | undefined;
  readonly oneTimeUse: boolean;
  readonly skipColumns: readonly string[];
}

/** A text that was pasted: a token, or why it is none. */
export type Pasted =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'problem'; readonly problem: string }
  | { readonly kind: 'token'; readonly token: string; readonly claims: Claims };

/** Reads what was pasted, with or without the word that headers put before it. */
export function readToken(text: string): Pasted {
  const token = text.trim().replace(/^(authorization:\s*)?bearer\s+/i, '');
  if (token === '') {
    return { kind: 'nothing' };
  }
  if (token.startsWith('tr_')) {
    return problem('This is a secret key, and no token. Do not paste it anywhere but to sign in.');
  }
  const parts = token.split('.');
  if (parts.length !== 3) {
    return problem('A token has three parts with dots between them.');
  }
  const payload = decoded(parts[1] ?? '');
  if (!isRecord(payload)) {
    return problem('The middle of this is not what a token has there.');
  }
  if (payload.pub !== true) {
    return problem('This is a token of some other kind: it does not say that it is public.');
  }
  return { kind: 'token', token, claims: claimsOf(payload) };
}

/** How a token stands at a time, by its own word. */
export function standing({ expiresAt }: Claims, now: number): 'good' | 'over' | 'endless' {
  if (expiresAt === undefined) {
    return 'endless';
  }
  return expiresAt.getTime() <= now ? 'over' : 'good';
}

function problem(said: string): Pasted {
  return { kind: 'problem', problem: said };
}

function claimsOf(payload: Readonly<Record<string, unknown>>): Claims {
  const realtime = isRecord(payload.realtime) ? payload.realtime : {};
  return {
    environment: text(payload.sub),
    scopes: texts(payload.scopes),
    id: text(payload.jti),
    issuedAt: time(payload.iat),
    expiresAt: time(payload.exp),
    oneTimeUse: payload.otu === true,
    skipColumns: texts(realtime.skipColumns),
  };
}

function decoded(part: string): unknown {
  try {
    const binary = atob(part.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

function time(value: unknown): Date | undefined {
  return typeof value === 'number' ? new Date(value * 1_000) : undefined;
}
