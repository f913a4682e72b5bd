import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

// The page on which a browser runs the official hooks, as an application's own bundler makes it; in
// the mode `runcast` the same page with our hooks, of which it knows nothing but the import.
export default defineConfig(({ mode }) => ({
  root: fileURLToPath(new URL('page', import.meta.url)),
  resolve: {
    alias: mode === 'runcast' ? { '@trigger.dev/react-hooks': '@runcast/react-hooks' } : {},
  },
  build: {
    outDir: fileURLToPath(new URL(mode === 'runcast' ? 'dist-runcast' : 'dist', import.meta.url)),
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
}));
