/** How to watch one run of the service at an address from elsewhere, with a token for just that. */
export function watchSnippets(
  origin: string,
  runId: string,
  token: string,
): readonly { name: string; text: string }[] {
  return [
    {
      name: 'curl',
      text: [
        `curl -N -H 'Authorization: Bearer ${token}' \\`,
        `  -H 'Accept: text/event-stream' \\`,
        `  '${origin}/realtime/v1/runs/${runId}'`,
      ].join('\n'),
    },
    {
      name: 'SDK',
      text: [
        "import { auth, runs } from '@trigger.dev/sdk';",
        '',
        `await auth.withAuth({ baseURL: '${origin}', accessToken: '${token}' }, async () => {`,
        `  for await (const run of runs.subscribeToRun('${runId}')) {`,
        '    console.log(run.status);',
        '  }',
        '});',
      ].join('\n'),
    },
    {
      name: 'Hook',
      text: [
        "import { useRealtimeRun } from '@trigger.dev/react-hooks';",
        '',
        `const { run, error } = useRealtimeRun('${runId}', {`,
        `  baseURL: '${origin}',`,
        `  accessToken: '${token}',`,
        '});',
      ].join('\n'),
    },
  ];
}
