const PAGE = 10;

const STEPS: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: PAGE,
  PageUp: -PAGE,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
};

/** The run that a key leads to; undefined if it leads nowhere. */
export function moved(
  key: string,
  ids: readonly string[],
  current: string | undefined,
): string | undefined {
  const step = Object.hasOwn(STEPS, key) ? STEPS[key] : undefined;
  if (step === undefined) {
    return undefined;
  }
  const at = current === undefined ? -1 : ids.indexOf(current);
  const to = Math.min(Math.max(at + step, 0), ids.length - 1);
  return ids[to];
}
