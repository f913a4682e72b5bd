// Tells what an application can call: the functions that the packages export, by the names under
// which it reaches them. Classes are left out: their methods are reached through functions.
import * as hooks from '@trigger.dev/react-hooks';
import * as sdk from '@trigger.dev/sdk';
import * as legacyHooks from 'react-hooks-3.3';
import * as legacySdk from 'trigger-sdk-3.3/v3';
import { tell } from './facts.js';

/**
 * @param {string} prefix
 * @param {object} exported
 * @param {number} depth how far to look into what is no function
 * @returns {string[]}
 */
function functions(prefix, exported, depth) {
  return members(exported).flatMap(([name, value]) => {
    if (typeof value === 'function') {
      return isClass(value) ? [] : [prefix + name];
    }
    const further = depth > 0 && typeof value === 'object' && value !== null && !value.$$typeof;
    return further ? functions(`${prefix}${name}.`, value, depth - 1) : [];
  });
}

/** @param {any} exported */
function members(exported) {
  const names = new Set(Object.keys(exported));
  let kind = Object.getPrototypeOf(exported);
  while (kind !== null && kind !== Object.prototype) {
    for (const name of Object.getOwnPropertyNames(kind)) {
      names.add(name);
    }
    kind = Object.getPrototypeOf(kind);
  }
  names.delete('constructor');
  // Two underscores: the package's own tests.
  return [...names].filter((name) => !name.startsWith('__')).map((name) => [name, exported[name]]);
}

/** @param {Function} value */
function isClass(value) {
  return Function.prototype.toString.call(value).startsWith('class');
}

tell('surface', {
  client: '4.8.3',
  functions: [...functions('', sdk, 2), ...functions('', hooks, 0)],
});
tell('surface', {
  client: '3.3.17',
  functions: [...functions('', legacySdk, 2), ...functions('', legacyHooks, 0)],
});
