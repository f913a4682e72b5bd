import { renderToString } from 'react-dom/server';
import { App, type Start } from './App.tsx';

/** @param template the built index.html */
export function render(template: string, start: Start): string {
  // A run may say `</script>`: no text of it may end the element that carries it.
  const data = JSON.stringify(start).replaceAll('<', '\\u003c');
  return template
    .replace('"__START__"', () => data)
    .replace('<!--page-->', () => renderToString(<App {...start} />));
}
