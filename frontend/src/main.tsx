import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App.tsx';
import { styleNonce } from './lib/styleNonce.ts';
import './mantine.css';
import './style.css';

const root = document.getElementById('root');
if (root === null) {
  throw new Error('index.html has no element with the id "root"');
}
// Where what keeps the page from scrolling behind a dialog looks for it.
Object.assign(globalThis, { __webpack_nonce__: styleNonce() });
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
