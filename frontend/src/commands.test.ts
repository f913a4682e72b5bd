import { expect, it } from 'vitest';
import { watchCommands } from './commands';

it('follows feeds as an unbuffered event stream of the service that served the page', () => {
  const feeds = watchCommands('http://host:4000').filter(({ line }) => line.includes('/realtime/'));

  expect(feeds).toHaveLength(3);
  for (const { line } of feeds) {
    expect(line).toMatch(/^curl -N /);
    expect(line).toContain("-H 'Accept: text/event-stream'");
    expect(line).toContain("'http://host:4000/realtime/v1/runs");
  }
});

it('triggers a run that the tag command shows', () => {
  const lines = watchCommands('http://host').map(({ line }) => line);

  expect(lines[1]).toContain('"tags":["hello"]');
  expect(lines[3]).toContain('/runs?tag=hello');
});

it('never holds a key', () => {
  for (const { line } of watchCommands('http://host')) {
    expect(line).toContain('Bearer $KEY"');
  }
});
