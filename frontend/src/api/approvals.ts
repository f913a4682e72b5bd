import { ApiError, isRecord } from './http.ts';
import type { Api } from './session.ts';

/** A command line tool that asks to be let in. */
export interface LoginRequest {
  readonly code: string;
  /** From where it asks; undefined when that is not known. */
  readonly address: string | undefined;
  readonly askedAt: Date;
  /** Undefined when nobody has answered yet. */
  readonly approved: boolean | undefined;
}

/** Who asks by this code. */
export async function lookAtLogin(
  api: Api,
  code: string,
  signal?: AbortSignal,
): Promise<LoginRequest> {
  return parse((await api.ask(path(code), { signal })).body);
}

/** Lets in who asks by this code, or does not. */
export async function answerLogin(api: Api, code: string, approve: boolean): Promise<LoginRequest> {
  return parse((await api.ask(path(code), { method: 'POST', body: { approve } })).body);
}

function path(code: string): string {
  return `/api/v1/dashboard/approvals/${encodeURIComponent(code)}`;
}

function parse(body: unknown): LoginRequest {
  if (!isRecord(body) || typeof body.code !== 'string' || typeof body.askedAt !== 'string') {
    throw new ApiError('The service’s answer is not of a form that is known here.', 0);
  }
  return {
    code: body.code,
    address: typeof body.address === 'string' ? body.address : undefined,
    askedAt: new Date(body.askedAt),
    approved: typeof body.approved === 'boolean' ? body.approved : undefined,
  };
}
