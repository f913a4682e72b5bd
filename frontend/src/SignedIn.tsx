import { RouterProvider } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { Api, type Session } from './api/session.ts';
import { liveClient } from './live/client.ts';
import { ServiceProvider } from './live/Service.tsx';
import { newRouter } from './routes.tsx';

interface Props {
  readonly session: Session;
  /** Told when the session is over, by whatever. */
  readonly onOver: () => void;
}

/** The pages, for who is signed in. */
export function SignedIn({ session, onOver }: Props) {
  const [router] = useState(newRouter);
  const [service] = useState(() => {
    const api = new Api(session, onOver);
    return { session, api, ...liveClient(api) };
  });
  useEffect(() => service.close, [service]);
  return (
    <ServiceProvider service={service}>
      <RouterProvider router={router} context={{ onSignedOut: onOver }} />
    </ServiceProvider>
  );
}
