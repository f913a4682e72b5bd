import type { Way, WayMemory } from './ladder.js';

const WAYS: readonly string[] = ['socket', 'events', 'poll'] satisfies Way[];

/**
 * Remembers which way leads to a service for as long as the tab lives. Without storage, as on a
 * server or where a browser refuses it, the next client finds out anew.
 */
export function tabMemory(base: string): WayMemory {
  const key = `runcast.way ${base}`;
  return {
    read: () => {
      const way = stored()?.getItem(key);
      return isWay(way) ? way : undefined;
    },
    write: (way) => stored()?.setItem(key, way),
  };
}

function isWay(text: string | null | undefined): text is Way {
  return typeof text === 'string' && WAYS.includes(text);
}

/** Only asking for the storage throws, where it is refused. */
function stored(): Storage | undefined {
  try {
    return globalThis.sessionStorage;
  } catch {
    return undefined;
  }
}
