import { version } from 'react';
import { version as domVersion } from 'react-dom';
import { expect, it } from 'vitest';

it('is tested with the React that it says, the newest unless told otherwise', () => {
  const major = process.env.REACT ?? '19';

  expect(version.split('.')[0]).toBe(major);
  expect(domVersion.split('.')[0]).toBe(major);
});
