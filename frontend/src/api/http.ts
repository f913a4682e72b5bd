/** The service said no, or could not be reached. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  /**
   * @param status of HTTP; 0 when there was no answer at all
   * @param param the field at fault, if it is one
   */
  constructor(
    message: string,
    readonly status: number,
    readonly param?: string | undefined,
  ) {
    super(message);
  }
}

/** The field that an error finds fault with, if it is one. */
export function paramOf(error: unknown): string | undefined {
  return error instanceof ApiError ? error.param : undefined;
}

/** An answer: its JSON, and where a feed goes on from it without a gap. */
export interface Answer {
  readonly body: unknown;
  readonly cursor: string | undefined;
}

/** How to ask. */
export interface Ask {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/** Asks the service that the page came from; the browser adds the session's cookie. */
export async function ask(path: string, { method = 'GET', body, headers, signal }: Ask = {}) {
  const init: RequestInit = {
    method,
    headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
    credentials: 'same-origin',
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(signal && { signal }),
  };
  const response = await reached(path, init);
  const text = await response.text();
  if (!response.ok) {
    throw refusal(response.status, text);
  }
  const cursor = response.headers.get('x-runcast-cursor') ?? undefined;
  return { body: text === '' ? undefined : JSON.parse(text), cursor } satisfies Answer;
}

async function reached(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, init);
  } catch (cause) {
    if (init.signal?.aborted) {
      throw cause;
    }
    throw new ApiError('The service can’t be reached.', 0);
  }
}

function refusal(status: number, text: string): ApiError {
  try {
    const body: unknown = JSON.parse(text);
    if (isRecord(body) && typeof body.error === 'string') {
      return new ApiError(
        body.error,
        status,
        typeof body.param === 'string' ? body.param : undefined,
      );
    }
  } catch {
    // A proxy in between answers in its own words.
  }
  return new ApiError(`The service answered with ${status}.`, status);
}

/** Whether a value is an object with members. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
