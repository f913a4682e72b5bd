import { watchCommands } from './commands';
import { CopyableCode } from './ui/CopyableCode';

/** The one page there is so far: the service is up, and how to watch a run. */
export function App({ baseUrl }: { readonly baseUrl: string }) {
  return (
    <main>
      <h1>Runcast is up</h1>
      <p>
        This page came from the service at <code>{baseUrl}</code>. It streams every change of a run
        to whoever watches it. A dashboard will stand here; until then, a terminal shows what
        happens.
      </p>
      <p>
        First put the secret key that <code>./runcast up</code> printed into a variable:
      </p>
      <CopyableCode text="KEY=tr_dev_…" />
      {watchCommands(baseUrl).map(({ does, line }) => (
        <section key={does}>
          <h2>{does}</h2>
          <CopyableCode text={line} />
        </section>
      ))}
    </main>
  );
}
