import { isRecord, RealtimeError } from './errors.js';
import type { RunColumns } from './protocol.js';
import type { RealtimeRun } from './run/run.js';
import { viewOf } from './run/runView.js';
import type { TokenSource } from './token.js';
import { type Ask, ask, type HttpWorld } from './transport/http.js';
import { type TriggerOptions, wireOptions } from './trigger.js';

/** A run that was just started, and the token that reads it. */
export interface RunHandle<TIdentifier extends string = string> {
  id: string;
  taskIdentifier: TIdentifier;
  publicAccessToken: string;
  isCached?: boolean;
}

/** The requests that hooks make; each throws a `RealtimeError` where the service says no. */
export class Rest {
  readonly #world: HttpWorld;

  constructor(world: HttpWorld) {
    this.#world = world;
  }

  /** A run as it stands. */
  async retrieveRun(token: TokenSource, runId: string): Promise<RealtimeRun> {
    const { body } = await this.#json(token, { path: `/api/v3/runs/${encodeURIComponent(runId)}` });
    if (typeof body.id !== 'string') {
      throw RealtimeError.malformed('a run has no id');
    }
    return viewOf(body as RunColumns);
  }

  /** Starts a run. */
  async triggerTask<TIdentifier extends string>(
    token: TokenSource,
    task: TIdentifier,
    payload: unknown,
    options: TriggerOptions = {},
  ): Promise<RunHandle<TIdentifier>> {
    // Few pages need it, so few fetch it.
    const { encodePacket } = await import('./run/packet.js');
    const packet = encodePacket(payload);
    const { response, body } = await this.#json(token, {
      path: `/api/v1/tasks/${encodeURIComponent(task)}/trigger`,
      ...post({
        payload: packet.data,
        options: { payloadType: packet.dataType, ...(await wireOptions(options)) },
      }),
    });
    return {
      id: String(body.id),
      taskIdentifier: task,
      publicAccessToken: response.headers.get('x-trigger-jwt') ?? (await token.get()),
      ...(typeof body.isCached === 'boolean' && { isCached: body.isCached }),
    };
  }

  /** Completes a wait token. */
  async completeWaitToken(token: TokenSource, id: string, output: unknown): Promise<void> {
    const path = `/api/v1/waitpoints/tokens/${encodeURIComponent(id)}/complete`;
    await this.#json(token, { path, ...post({ data: output }) });
  }

  /** Sends something in to a run. */
  async sendInput(token: TokenSource, runId: string, name: string, data: unknown): Promise<void> {
    const run = encodeURIComponent(runId);
    const path = `/realtime/v1/streams/${run}/input/${encodeURIComponent(name)}`;
    await this.#json(token, { path, ...post({ data }) });
  }

  async #json(token: TokenSource, what: Ask) {
    const response = await ask(this.#world, token, {
      ...what,
      headers: { 'x-trigger-api-version': '2025-07-16', ...what.headers },
    });
    const body: unknown = await response.json().catch(() => undefined);
    return { response, body: isRecord(body) ? body : {} };
  }
}

function post(body: object): Omit<Ask, 'path'> {
  return {
    method: 'POST',
    // The same when the request is repeated: the service does it once.
    headers: {
      'content-type': 'application/json',
      'x-trigger-request-idempotency-key': key(),
    },
    body: JSON.stringify(body),
  };
}

/** `crypto.randomUUID` is there on https and localhost only. */
function key(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
