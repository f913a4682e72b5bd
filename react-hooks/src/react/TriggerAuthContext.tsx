'use client';

import { createContext, type ReactElement, type ReactNode, useContext, useMemo } from 'react';
import type { RealtimeClient } from '../client/client.js';
import type { AccessToken } from '../client/token.js';
import { useStableFunction } from './useStableFunction.js';

/** Where the service is and what proves that a page may read; what a hook is told itself wins. */
export interface TriggerAuth {
  /** A public token, or a function that gets one and is called again before it ends. */
  accessToken?: AccessToken | undefined;
  /** Gets the next token, where `accessToken` is a first one. */
  refreshAccessToken?: (() => Promise<string>) | undefined;
  /** The service's address; by default where the page came from. */
  baseURL?: string | undefined;
  /** A client of one's own, such as that of a `TestSource`, in place of the page's. */
  client?: RealtimeClient | undefined;
  /** Taken for the sake of the official package; there are no branches here. */
  previewBranch?: string | undefined;
  /** Taken likewise: the client comes back by itself. */
  requestOptions?: object | undefined;
}

const Context = createContext<TriggerAuth | undefined>(undefined);
Context.displayName = 'TriggerAuthContext';

interface ProviderProps {
  readonly value: TriggerAuth | undefined;
  readonly children?: ReactNode;
}

/**
 * Functions in `value` may be written in place: they stand for the same token source for as long as
 * the provider is there, so components below it share what they follow.
 */
function Provider({ value, children }: ProviderProps): ReactElement {
  const given = value?.accessToken;
  const token = useStableFunction(typeof given === 'function' ? given : undefined);
  const refresh = useStableFunction(value?.refreshAccessToken);
  const accessToken = typeof given === 'function' ? token : given;
  const { baseURL, client, previewBranch } = value ?? {};
  const isThere = value !== undefined;
  const auth = useMemo(
    () =>
      isThere
        ? { accessToken, refreshAccessToken: refresh, baseURL, client, previewBranch }
        : undefined,
    [isThere, accessToken, refresh, baseURL, client, previewBranch],
  );
  return <Context.Provider value={auth}>{children}</Context.Provider>;
}

/** As in the official package: `<TriggerAuthContext.Provider value={{ accessToken, baseURL }}>`. */
export const TriggerAuthContext = Object.assign(Provider, {
  Provider,
  Consumer: Context.Consumer,
  displayName: 'TriggerAuthContext',
});

/** What the provider above says. @throws Error without one */
export function useTriggerAuthContext(): TriggerAuth {
  const auth = useContext(Context);
  if (auth === undefined) {
    throw new Error('TriggerAuthContext not found');
  }
  return auth;
}

/** What the provider above says; nothing without one. */
export function useTriggerAuthContextOptional(): TriggerAuth {
  return useContext(Context) ?? NONE;
}

const NONE: TriggerAuth = {};
