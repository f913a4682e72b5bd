const PAGE = 10;

const STEPS: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: PAGE,
  PageUp: -PAGE,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
};

/**
 * The row that a key leads to; undefined if it leads nowhere.
 *
 * @param rows how many there are
 * @param current where the keys are; -1 before the first
 */
export function moved(key: string, rows: number, current: number): number | undefined {
  const step = Object.hasOwn(STEPS, key) ? STEPS[key] : undefined;
  if (step === undefined || rows === 0) {
    return undefined;
  }
  return Math.min(Math.max(current + step, 0), rows - 1);
}
