'use client';

import { useMemo } from 'react';
import type { RealtimeClient } from '../client/client.js';
import type { Credential } from '../client/credentials.js';
import type { AccessToken } from '../client/token.js';
import { pageClient } from './pageClients.js';
import { useTriggerAuthContextOptional } from './TriggerAuthContext.js';
import { useStableFunction } from './useStableFunction.js';

/** What every hook can be told; without it, what the TriggerAuthContext says holds. */
export interface UseApiClientOptions {
  accessToken?: AccessToken | undefined;
  baseURL?: string | undefined;
  refreshAccessToken?: (() => Promise<string>) | undefined;
  /** False to do nothing yet; then there need be no token either. */
  enabled?: boolean | undefined;
  previewBranch?: string | undefined;
  requestOptions?: object | undefined;
}

/** A service, and what proves that this component may read. */
export interface Access {
  readonly client: RealtimeClient;
  readonly credential: Credential;
}

/**
 * What a hook works with; undefined while there is no token and it is not enabled.
 *
 * @throws Error without a token otherwise
 */
export function useAccess(options: UseApiClientOptions = {}): Access | undefined {
  const auth = useTriggerAuthContextOptional();
  const { accessToken: given } = options;
  const ownToken = useStableFunction(typeof given === 'function' ? given : undefined);
  const ownRefresh = useStableFunction(options.refreshAccessToken);
  const accessToken = (typeof given === 'function' ? ownToken : given) ?? auth.accessToken;
  const refreshAccessToken =
    ownRefresh ?? (given === undefined ? auth.refreshAccessToken : undefined);
  const ownClient = options.baseURL === undefined ? auth.client : undefined;
  const baseURL = options.baseURL ?? auth.baseURL ?? '';
  const isMissing = !accessToken && ownClient === undefined;
  if (isMissing && options.enabled !== false) {
    throw new Error('Missing accessToken in TriggerAuthContext or in the options of this hook');
  }
  return useMemo(
    () =>
      isMissing
        ? undefined
        : {
            client: ownClient ?? pageClient(baseURL),
            credential: { accessToken, refreshAccessToken },
          },
    [isMissing, ownClient, baseURL, accessToken, refreshAccessToken],
  );
}

/** The client that hooks with these options use; undefined while they are not enabled. */
export function useApiClient(options?: UseApiClientOptions): RealtimeClient | undefined {
  const access = useAccess(options);
  return useMemo(() => access?.client.with(access.credential), [access]);
}
