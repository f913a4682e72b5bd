// Somebody's application: components that use the official hooks, unmodified. A test mounts them
// and reads from `probes` what each hook has returned, and was told, so far.
//
//   ?generation=3.3.17 for the hooks of the generation before
import { StrictMode, useEffect } from 'react';
import { createRoot } from 'react-dom/client';

/**
 * @typedef {object} Mount
 * @property {string} hook its name
 * @property {any[]} args what it is called with; `onComplete: true` notes what it is told
 * @property {Record<string, unknown>} auth what its TriggerAuthContext holds
 * @property {boolean} [strict] whether React's StrictMode mounts it twice
 *
 * @typedef {object} Probe
 * @property {any} now what the hook returned last
 * @property {unknown[]} told each new run, list of runs or part, once
 * @property {{ run: unknown, error?: string }[]} completed
 * @property {() => void} unmount
 */

const legacy = new URLSearchParams(location.search).get('generation') === '3.3.17';

/** @type {Record<string, any>} */
const hooks = await (legacy ? import('react-hooks-3.3') : import('@trigger.dev/react-hooks'));

/** @type {Record<string, Probe>} */
const probes = {};

/** @param {string} name @param {Mount} what */
function mount(name, what) {
  const element = document.createElement('section');
  document.getElementById('root')?.append(element);
  // Hooks keep what they share under React's ids, which begin anew in each root.
  const root = createRoot(element, { identifierPrefix: name });
  const probe = { now: undefined, told: [], completed: [], unmount: () => root.unmount() };
  probes[name] = probe;
  const args = what.args.map((arg) => (arg?.onComplete ? { ...arg, onComplete } : arg));
  /** @param {unknown} run @param {Error} [error] */
  function onComplete(run, error) {
    note(probe.completed, { run, error: error?.message });
  }
  const shown = (
    <hooks.TriggerAuthContext.Provider value={what.auth}>
      <Watched name={name} hook={hooks[what.hook]} args={args} />
    </hooks.TriggerAuthContext.Provider>
  );
  root.render(what.strict ? <StrictMode>{shown}</StrictMode> : shown);
}

/** @param {{ name: string, hook: (...args: any[]) => any, args: any[] }} props */
function Watched({ name, hook, args }) {
  const returned = hook(...args);
  const { run, runs, parts, streams, error } = returned;
  useEffect(() => {
    const probe = probes[name];
    if (probe !== undefined) {
      probe.now = returned;
      note(probe.told, run ?? runs ?? parts);
    }
  });
  return (
    <pre id={name}>
      {text({ run, runs, parts, streams, error: error?.message ?? String(error) })}
    </pre>
  );
}

/**
 * Adds a copy of something that has just been told, if it is news.
 *
 * @param {unknown[]} list
 * @param {unknown} told
 */
function note(list, told) {
  if (told !== undefined && text(told) !== text(list.at(-1))) {
    list.push(JSON.parse(text(told)));
  }
}

/** @param {unknown} value */
function text(value) {
  return JSON.stringify(value, (_, held) => (typeof held === 'bigint' ? String(held) : held)) ?? '';
}

/** As when another tab is brought to the front, or this one again. */
function hide(/** @type {boolean} */ hidden) {
  Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
  Object.defineProperty(document, 'visibilityState', {
    configurable: true,
    get: () => (hidden ? 'hidden' : 'visible'),
  });
  document.dispatchEvent(new Event('visibilitychange'));
}

Object.assign(window, { probes, mount, hide, loaded: true });
