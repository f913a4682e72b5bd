'use client';

import { type InitialData, TriggerAuthContext, useRealtimeRun } from '@runcast/react-hooks';

interface Props {
  readonly id: string;
  readonly baseURL: string;
  readonly accessToken: string;
  /** The run as the server has read it, and the cursor from which the page goes on. */
  readonly initialData: InitialData;
}

/** The same on the server and in the page. */
export function Order({ id, baseURL, accessToken, initialData }: Props) {
  return (
    <TriggerAuthContext.Provider
      value={{ baseURL, accessToken, refreshAccessToken: () => nextToken(id) }}
    >
      <Status id={id} initialData={initialData} />
    </TriggerAuthContext.Provider>
  );
}

function Status({ id, initialData }: Pick<Props, 'id' | 'initialData'>) {
  const { run, connection, error } = useRealtimeRun(id, { initialData });
  const progress = run?.metadata?.progress;
  return (
    <main>
      <h1>Your order</h1>
      <p role="status">{run?.status ?? 'Not known yet'}</p>
      {typeof progress === 'number' && <progress value={progress} />}
      {run?.isSuccess && <pre>{JSON.stringify(run.output, null, 2)}</pre>}
      <p>{connection}</p>
      {error && <p role="alert">{error.message}</p>}
    </main>
  );
}

/** Called a minute before the token ends. */
async function nextToken(id: string): Promise<string> {
  const response = await fetch(`/orders/${id}/token`);
  if (!response.ok) {
    throw new Error(`No token: ${response.status}`);
  }
  return response.text();
}
