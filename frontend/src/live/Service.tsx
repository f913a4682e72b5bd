import { createContext, type ReactNode, useContext } from 'react';
import type { Api, Session } from '../api/session.ts';
import type { Live } from './feed.ts';

/** The service, for who is signed in. */
export interface SignedInService extends Live {
  readonly session: Session;
  readonly api: Api;
}

const ServiceContext = createContext<SignedInService | undefined>(undefined);

interface Props {
  readonly service: SignedInService;
  readonly children: ReactNode;
}

/** Gives it to the pages. */
export function ServiceProvider({ service, children }: Props) {
  return <ServiceContext value={service}>{children}</ServiceContext>;
}

/** The service; only for pages of who is signed in. */
export function useService(): SignedInService {
  const service = useContext(ServiceContext);
  if (service === undefined) {
    throw new Error('there is no ServiceProvider around this');
  }
  return service;
}
