/** The ids of the runs that are selected. */
export type Selection = ReadonlySet<string>;

export const NOTHING_SELECTED: Selection = new Set();

/** The selection with a run in it, or without if it was. */
export function toggled(selection: Selection, id: string): Selection {
  const next = new Set(selection);
  if (!next.delete(id)) {
    next.add(id);
  }
  return next;
}

/** All of the list, or none if it was all. */
export function allOrNone(selection: Selection, ids: readonly string[]): Selection {
  return ids.every((id) => selection.has(id)) ? NOTHING_SELECTED : new Set(ids);
}
