import { expect, it } from 'vitest';
import { watchSnippets } from './watchSnippets.ts';

it('names the service, the run and the token in each', () => {
  const snippets = watchSnippets('http://host:4000', 'run_1', 'a.b.c');

  expect(snippets.map(({ name }) => name)).toEqual(['curl', 'SDK', 'Hook']);
  for (const { text } of snippets) {
    expect(text).toContain('http://host:4000');
    expect(text).toContain('run_1');
    expect(text).toContain('a.b.c');
  }
});
