import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// The tests of the hooks, on React 18: the packages beside this file in the place of React 19.
const here = createRequire(import.meta.url);
const library = dirname(here.resolve('@testing-library/react/package.json'));

function eighteen(name) {
  return dirname(here.resolve(`${name}/package.json`));
}

export default defineConfig({
  root: fileURLToPath(new URL('../../react-hooks', import.meta.url)),
  resolve: {
    alias: [
      {
        find: /^@testing-library\/react$/,
        replacement: `${library}/dist/@testing-library/react.esm.js`,
      },
      { find: /^react-dom(?=$|\/)/, replacement: eighteen('react-dom') },
      { find: /^react(?=$|\/)/, replacement: eighteen('react') },
    ],
  },
  test: {
    name: 'React 18',
    include: ['src/react/**/*.test.tsx'],
    environment: 'happy-dom',
    testTimeout: 30_000,
    server: { deps: { inline: [/testing-library/] } },
    env: { REACT: '18' },
  },
});
