import type { RunSummary } from '../api/run.ts';

/** A run that differs from a plain one as said. */
export function aRun(id: string, more: Partial<RunSummary> = {}): RunSummary {
  const createdAt = more.createdAt ?? new Date('2026-01-02T03:04:05Z');
  return {
    id,
    task: 'hello',
    status: 'QUEUED',
    tags: [],
    version: undefined,
    batchId: undefined,
    parentRunId: undefined,
    rootRunId: undefined,
    isTest: false,
    createdAt,
    updatedAt: createdAt,
    delayedUntil: undefined,
    startedAt: undefined,
    finishedAt: undefined,
    ...more,
  };
}
