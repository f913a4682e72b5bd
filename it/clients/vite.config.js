import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

// The page on which a browser runs the official hooks, as an application's own bundler makes it.
export default defineConfig({
  root: fileURLToPath(new URL('page', import.meta.url)),
  build: {
    outDir: fileURLToPath(new URL('dist', import.meta.url)),
    emptyOutDir: true,
    sourcemap: false,
    target: 'es2022',
    chunkSizeWarningLimit: 2000,
    rolldownOptions: {
      // The packages say "use client" in each module: nothing that this page has to heed.
      onLog: (level, log, handle) => {
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') {
          handle(level, log);
        }
      },
    },
  },
});
