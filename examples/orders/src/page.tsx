import { hydrateRoot } from 'react-dom/client';
import { App } from './App.tsx';

const root = document.getElementById('root');
const start = document.getElementById('start')?.textContent;
if (root && start) {
  hydrateRoot(root, <App {...JSON.parse(start)} />);
}
