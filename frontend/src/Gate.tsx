import { Center, Loader } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { currentSession, type Session } from './api/session.ts';
import { SignInPage } from './features/sign-in/SignInPage.tsx';
import { ErrorNotice } from './ui/page/ErrorNotice.tsx';

const SignedIn = lazy(async () => ({ default: (await import('./SignedIn.tsx')).SignedIn }));

const SESSION = ['session'] as const;

/** Shows the page to who is signed in, and to all others the way in. The address stays as it is. */
export function Gate() {
  const queries = useQueryClient();
  const { data, error, isPending, refetch } = useQuery({
    queryKey: SESSION,
    queryFn: async ({ signal }) => (await currentSession(signal)) ?? null,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const settle = (session: Session | null) => {
    if (session === null) {
      queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== SESSION[0] });
    }
    queries.setQueryData(SESSION, session);
  };
  if (isPending) {
    return <Waiting />;
  }
  if (error !== null) {
    return <ErrorNotice error={error} onAgain={() => void refetch()} />;
  }
  return data === null ? (
    <SignInPage onSignedIn={settle} />
  ) : (
    <Suspense fallback={<Waiting />}>
      <SignedIn key={data.csrf} session={data} onOver={() => settle(null)} />
    </Suspense>
  );
}

function Waiting() {
  return (
    <Center h="100%" mih={240}>
      <Loader aria-label="Loading" />
    </Center>
  );
}
