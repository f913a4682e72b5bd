/** What came of doing something to many runs. */
export interface BulkResult {
  readonly done: number;
  /** What the service said of those that it was not done to, each once. */
  readonly refusals: readonly string[];
  readonly failed: number;
}

/** So many at a time: the rest of the page goes on asking the service meanwhile. */
const AT_ONCE = 6;

/**
 * Does something to each of many runs.
 *
 * @param onProgress told how many are over, after each
 */
export async function toEach(
  ids: readonly string[],
  act: (id: string) => Promise<unknown>,
  onProgress: (over: number) => void = () => {},
): Promise<BulkResult> {
  const queue = [...ids];
  const refusals = new Set<string>();
  let done = 0;
  let failed = 0;
  const work = async () => {
    for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
      try {
        await act(id);
        done++;
      } catch (error) {
        failed++;
        refusals.add(error instanceof Error ? error.message : String(error));
      }
      onProgress(done + failed);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { done, failed, refusals: [...refusals] };
}
