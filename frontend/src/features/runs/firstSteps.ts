/** How to start a first run of the service at an address. They read the key from the variable KEY. */
export function firstSteps(origin: string): readonly { name: string; text: string }[] {
  const body = JSON.stringify({ payload: { hello: 'world' }, options: { tags: ['hello'] } });
  return [
    {
      name: 'curl',
      text: [
        `curl -H "Authorization: Bearer $KEY" -H 'Content-Type: application/json' \\`,
        `  -d '${body}' \\`,
        `  ${origin}/api/v1/tasks/hello/trigger`,
      ].join('\n'),
    },
    {
      name: 'SDK',
      text: [
        '// npm install @trigger.dev/sdk',
        "import { configure, tasks } from '@trigger.dev/sdk';",
        '',
        `configure({ baseURL: '${origin}', secretKey: process.env.KEY });`,
        "const { id } = await tasks.trigger('hello', { hello: 'world' }, { tags: ['hello'] });",
      ].join('\n'),
    },
  ];
}
