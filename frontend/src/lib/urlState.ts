/** What stands in an address after the question mark, each name once. */
export type UrlState = Readonly<Record<string, string>>;

/** Reads it; of a name that comes twice the values are joined by commas. */
export function parseSearch(search: string): UrlState {
  const state: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(search)) {
    state[name] = name in state ? `${state[name]},${value}` : value;
  }
  return state;
}

/** Writes it, with its question mark; members without a value are left out. */
export function stringifySearch(state: Readonly<Record<string, unknown>>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(state)) {
    if (typeof value === 'string' && value !== '') {
      search.set(name, value);
    }
  }
  // Commas and colons are harmless in a query, and people read these.
  const text = search.toString().replaceAll('%2C', ',').replaceAll('%3A', ':');
  return text === '' ? '' : `?${text}`;
}
