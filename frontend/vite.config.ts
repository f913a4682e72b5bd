import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [react()],
  build: { outDir: 'dist', sourcemap: false },
  // `npm run dev` serves the page with its API from a service started by `./runcast up`.
  server: { proxy: { '/api': 'http://127.0.0.1:3030', '/realtime': 'http://127.0.0.1:3030' } },
  test: { environment: 'happy-dom' },
});
