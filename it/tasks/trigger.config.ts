import { defineConfig } from '@trigger.dev/sdk';

export default defineConfig({
  project: 'proj_runcast',
  dirs: ['./src'],
  maxDuration: 120,
  processKeepAlive: true,
  retries: {
    enabledInDev: true,
    default: {
      maxAttempts: 1,
      minTimeoutInMs: 100,
      maxTimeoutInMs: 1_000,
      factor: 1,
      randomize: false,
    },
  },
});
