import { expect, it } from 'vitest';
import { jsonProblem } from './jsonProblem.ts';

it('has nothing to say of JSON', () => {
  expect(['{}', '[1]', '"a"', 'null'].map(jsonProblem)).toEqual(Array(4).fill(undefined));
});

it('says where it goes wrong, by line and column', () => {
  expect(jsonProblem('{\n  "a": 1,\n}')).toMatch(/^This is no JSON: .* in line 3, column 1$/);
  expect(jsonProblem('{"a" 1}')).toMatch(/in line 1, column 6$/);
});

it('says so where the text breaks off', () => {
  expect(jsonProblem('{"a":')).toMatch(/^This is no JSON: /);
  expect(jsonProblem('')).toMatch(/^This is no JSON: /);
});
