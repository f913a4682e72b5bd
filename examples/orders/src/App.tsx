import {
  type InitialData,
  TriggerAuthContext,
  useRealtimeRun,
  useRealtimeStream,
} from '@runcast/react-hooks';

/** What the server hands to the page; the secret key is not in it. */
export interface Start {
  readonly runId: string;
  readonly baseURL: string;
  /** A first public token, so that the page need not ask before it begins. */
  readonly accessToken: string;
  /** The run as the server has read it, and the cursor from which the page goes on. */
  readonly initialData: InitialData;
}

/** The same on the server and in the page. */
export function App({ runId, baseURL, accessToken, initialData }: Start) {
  return (
    <TriggerAuthContext.Provider
      value={{ baseURL, accessToken, refreshAccessToken: () => nextToken(runId) }}
    >
      <Order runId={runId} initialData={initialData} />
      <Log runId={runId} />
    </TriggerAuthContext.Provider>
  );
}

function Order({ runId, initialData }: Pick<Start, 'runId' | 'initialData'>) {
  const { run, connection, asOf, error } = useRealtimeRun(runId, { initialData });
  const progress = run?.metadata?.progress;
  return (
    <main>
      <h1>Your order</h1>
      <p role="status">{run?.status ?? 'Not known yet'}</p>
      {typeof progress === 'number' && <progress value={progress} />}
      {run?.isSuccess && <pre>{JSON.stringify(run.output, null, 2)}</pre>}
      {run?.isFailed && <p>It failed: {run.error?.message}</p>}
      {/* What is shown stays when the connection breaks; say how old it is. */}
      <p>
        {connection}, as of <time>{asOf?.toISOString()}</time>
      </p>
      {error && <p role="alert">{error.message}</p>}
    </main>
  );
}

/** What the task writes to its stream `log`, over the connection that tells of the run. */
function Log({ runId }: Pick<Start, 'runId'>) {
  const { parts, error } = useRealtimeStream<string>(runId, 'log');
  return (
    <section>
      <h2>Log</h2>
      <pre>{parts.join('\n')}</pre>
      {error && <p role="alert">{error.message}</p>}
    </section>
  );
}

/** Called a minute before the token ends. */
async function nextToken(runId: string): Promise<string> {
  const response = await fetch(`/orders/${runId}/token`);
  if (!response.ok) {
    throw new Error(`No token: ${response.status}`);
  }
  return response.text();
}
