/** What a service, or the way to it, said no with. */
export class RealtimeError extends Error {
  override readonly name = 'RealtimeError';
  /** A word for programs: `unauthorized`, `not-found`, `network`, … */
  readonly code: string;
  /** The HTTP status; undefined where no answer came. */
  readonly status: number | undefined;
  /** Whether the same may work later. */
  readonly retryable: boolean;
  /** The parameter that was at fault, where one was. */
  readonly param: string | undefined;

  constructor(message: string, facts: ErrorFacts) {
    super(message);
    this.code = facts.code;
    this.status = facts.status;
    this.retryable = facts.retryable;
    this.param = facts.param;
  }

  /** From the status and the parsed body of an answer; a body that says nothing will do. */
  static of(status: number, body: unknown): RealtimeError {
    const outer = isRecord(body) ? body : {};
    const inner = isRecord(outer.error) ? outer.error : { message: outer.error };
    const said = text(inner.message) ?? `The service answered with status ${status}.`;
    return new RealtimeError(said, {
      code: text(inner.code) ?? text(outer.code) ?? `http-${status}`,
      status,
      retryable: outer.retryable === true || status === 429 || status >= 500,
      param: text(inner.param) ?? text(outer.param),
    });
  }

  /** The answer never came. */
  static network(cause: unknown): RealtimeError {
    const why = cause instanceof Error ? cause.message : String(cause);
    return new RealtimeError(`The service can't be reached: ${why}`, {
      code: 'network',
      retryable: true,
    });
  }

  /** What a page's own function threw when it was asked for a token. */
  static token(cause: unknown): RealtimeError {
    const why = cause instanceof Error ? cause.message : String(cause);
    return new RealtimeError(`No access token was got: ${why}`, {
      code: 'token-unavailable',
      retryable: true,
    });
  }

  /** The service sent what this client can't read. */
  static malformed(cause: unknown): RealtimeError {
    const why = cause instanceof Error ? cause.message : String(cause);
    return new RealtimeError(`The service sent what can't be read: ${why}`, {
      code: 'protocol',
      retryable: false,
    });
  }
}

/** What a `RealtimeError` knows beside its message. */
export interface ErrorFacts {
  readonly code: string;
  readonly retryable: boolean;
  readonly status?: number | undefined;
  readonly param?: string | undefined;
}

/** Whether a value is an object with string keys, and no array. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
