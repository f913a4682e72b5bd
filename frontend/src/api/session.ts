import { ApiError, type Ask, ask, isRecord } from './http.ts';

const PATH = '/api/v1/dashboard/session';

/** Who is signed in, as what. The secret key is nowhere on this side. */
export interface Session {
  /** The word that shows the service that a request is this page's own. */
  readonly csrf: string;
  readonly endsAt: Date;
  readonly project: { readonly ref: string; readonly name: string };
  readonly environment: { readonly id: string; readonly slug: string };
}

/** Opens a session with a secret key, which is forgotten at once. */
export async function signIn(secretKey: string): Promise<Session> {
  return parse((await ask(PATH, { method: 'POST', body: { secretKey } })).body);
}

/** The session that this browser is in; undefined for none. */
export async function currentSession(signal?: AbortSignal): Promise<Session | undefined> {
  try {
    return parse((await ask(PATH, { signal })).body);
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) {
      return undefined;
    }
    throw error;
  }
}

/** Ends a session, on the service and in this browser. */
export async function signOut(session: Session): Promise<void> {
  try {
    await ask(PATH, { method: 'DELETE', headers: { 'x-runcast-csrf': session.csrf } });
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 401)) {
      throw error;
    }
  }
}

/** Asks as who is signed in. */
export class Api {
  readonly #csrf: string;
  readonly #onOver: () => void;

  /** @param onOver told when the service says that the session is over */
  constructor(session: Session, onOver: () => void) {
    this.#csrf = session.csrf;
    this.#onOver = onOver;
  }

  async ask(path: string, how: Ask = {}) {
    try {
      return await ask(path, { ...how, headers: { ...how.headers, 'x-runcast-csrf': this.#csrf } });
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) {
        this.#onOver();
      }
      throw error;
    }
  }
}

function parse(body: unknown): Session {
  if (
    isRecord(body) &&
    typeof body.csrf === 'string' &&
    typeof body.endsAt === 'string' &&
    isRecord(body.project) &&
    isRecord(body.environment)
  ) {
    const { csrf, endsAt, project, environment } = body;
    return {
      csrf,
      endsAt: new Date(endsAt),
      project: { ref: String(project.ref), name: String(project.name) },
      environment: { id: String(environment.id), slug: String(environment.slug) },
    };
  }
  throw new ApiError('The service’s answer is not of a form that is known here.', 0);
}
