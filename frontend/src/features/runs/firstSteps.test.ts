import { expect, it } from 'vitest';
import { firstSteps } from './firstSteps.ts';

it('starts a run of the service that served the page, without any key', () => {
  const steps = firstSteps('http://host:4000');

  expect(steps.map(({ name }) => name)).toEqual(['curl', 'SDK']);
  for (const { text } of steps) {
    expect(text).toContain('http://host:4000');
    expect(text).toMatch(/Bearer \$KEY"|process\.env\.KEY/);
    expect(text).not.toContain('tr_dev_');
  }
});
