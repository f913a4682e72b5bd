import { TestSource } from '@runcast/react-hooks/testing';
import { expect, it } from 'vitest';
import { render } from './render.tsx';

const TEMPLATE = '<div><!--page--></div><script>"__START__"</script>';

it('shows what the server has read, and hands it to the page', async () => {
  const source = new TestSource();
  source.emit({ id: 'run_1', status: 'COMPLETED', output: "</script>$'" });
  const initialData = await source.client.snapshot({ run: 'run_1' });

  const html = render(TEMPLATE, {
    runId: 'run_1',
    baseURL: 'http://memory',
    accessToken: 'token',
    initialData,
  });

  expect(html).toContain('<p role="status">COMPLETED</p>');
  expect(html).toContain(`as of <time>${new Date(initialData.at).toISOString()}</time>`);
  expect(html.split('</script>')).toHaveLength(2);
  const start = /<script>(.*)<\/script>/.exec(html)?.[1] ?? '';
  expect(JSON.parse(start).initialData).toEqual(JSON.parse(JSON.stringify(initialData)));
});
