import { type AccessToken, TokenSource } from './token.js';

/** How a page proves what it may read. */
export interface Credential {
  /** A public token, or a function that gets one and is asked again before that ends. */
  readonly accessToken?: AccessToken | undefined;
  /** Gets the next token after a first one in `accessToken`. */
  readonly refreshAccessToken?: (() => Promise<string>) | undefined;
}

/** A credential as the client goes about with it. */
export interface Reader {
  readonly token: TokenSource;
  /** The same for those who may share what they read. */
  readonly key: string;
}

type TokenFunction = () => string | Promise<string>;

/** The token sources of one client: a function is asked once for all who gave it. */
export class Credentials {
  readonly #functions = new WeakMap<TokenFunction, Reader>();
  #count = 0;

  /** @throws Error where there is no token at all */
  reader({ accessToken, refreshAccessToken }: Credential): Reader {
    if (accessToken === undefined || accessToken === '') {
      throw new Error('Missing accessToken: give the TriggerAuthContext or this call one.');
    }
    if (typeof accessToken === 'function') {
      return this.#shared(accessToken, undefined);
    }
    return refreshAccessToken === undefined
      ? { token: new TokenSource(accessToken), key: accessToken }
      : this.#shared(refreshAccessToken, accessToken);
  }

  #shared(from: TokenFunction, first: string | undefined): Reader {
    let reader = this.#functions.get(from);
    if (reader === undefined) {
      reader = { token: new TokenSource(from, first), key: `function ${++this.#count}` };
      this.#functions.set(from, reader);
    }
    return reader;
  }
}
