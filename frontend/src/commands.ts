import { environmentFeed, runFeed, tagFeed } from '@runcast/react-hooks';

/** A shell command, and what it does. */
export interface ShellCommand {
  readonly does: string;
  readonly line: string;
}

/**
 * What to paste into a terminal to watch runs of the service at `baseUrl`. They read the secret key
 * from the variable KEY: this page does not know it.
 */
export function watchCommands(baseUrl: string): readonly ShellCommand[] {
  return [
    { does: 'Watch every run of the environment', line: follow(environmentFeed(baseUrl)) },
    { does: 'Start a run to see something move', line: trigger(baseUrl) },
    { does: 'Watch one run', line: follow(runFeed(baseUrl, 'run_…')) },
    { does: 'Watch the runs that carry a tag', line: follow(tagFeed(baseUrl, ['hello'])) },
  ];
}

const AUTHORIZATION = `-H "Authorization: Bearer $KEY"`;

function follow(url: string): string {
  return `curl -N ${AUTHORIZATION} -H 'Accept: text/event-stream' '${decodeURI(url)}'`;
}

function trigger(baseUrl: string): string {
  const body = JSON.stringify({ payload: { hello: 'world' }, options: { tags: ['hello'] } });
  return `curl ${AUTHORIZATION} -H 'Content-Type: application/json' -d '${body}' '${baseUrl}/api/v1/tasks/hello/trigger'`;
}
