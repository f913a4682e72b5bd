import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // Nothing is waited for that long, unless the machine is busy with other things.
    testTimeout: 30_000,
    projects: [
      {
        extends: true,
        test: { name: 'client', include: ['src/client/**/*.test.ts'], environment: 'node' },
      },
      {
        extends: true,
        test: { name: 'react', include: ['src/react/**/*.test.tsx'], environment: 'happy-dom' },
      },
    ],
  },
});
