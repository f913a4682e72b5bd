import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { firstLoad } from './scripts/firstLoad.ts';

export default defineConfig({
  plugins: [react(), firstLoad({ mostBytes: 250_000, withLazy: ['SignedIn', 'RunsPage'] })],
  // The server writes a new nonce in its place for each response.
  html: { cspNonce: '__CSP_NONCE__' },
  build: {
    outDir: 'dist',
    sourcemap: false,
    assetsInlineLimit: 0,
    // All of them know `light-dark()`, which what stands in for it elsewhere can't switch by hand.
    cssTarget: ['chrome123', 'edge123', 'firefox120', 'safari17.5'],
  },
  // `npm run dev` serves the page with its API from a service started by `./runcast up`.
  server: {
    proxy: {
      '/api': 'http://127.0.0.1:3030',
      '/realtime': { target: 'http://127.0.0.1:3030', ws: true },
    },
  },
  test: { environment: 'happy-dom', setupFiles: ['./src/testing/setup.ts'] },
});
