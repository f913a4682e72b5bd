import { ApiError, isRecord } from './http.ts';
import type { Api } from './session.ts';

/** What is told of a batch beside its runs. */
export interface Batch {
  readonly id: string;
  /** `PENDING` until all of its items have come, `PROCESSING` until all of its runs are over. */
  readonly status: 'PENDING' | 'PROCESSING' | 'COMPLETED';
  readonly runCount: number;
  readonly createdAt: Date;
  readonly completedAt: Date | undefined;
  readonly idempotencyKey: string | undefined;
}

/** A batch; null if there is none of this id. */
export async function retrieveBatch(
  api: Api,
  id: string,
  signal?: AbortSignal,
): Promise<Batch | null> {
  try {
    const { body } = await api.ask(`/api/v2/batches/${encodeURIComponent(id)}`, { signal });
    return parse(body);
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) {
      return null;
    }
    throw error;
  }
}

function parse(body: unknown): Batch {
  if (
    isRecord(body) &&
    typeof body.id === 'string' &&
    typeof body.runCount === 'number' &&
    typeof body.createdAt === 'string'
  ) {
    const { completedAt } = isRecord(body.processing) ? body.processing : {};
    return {
      id: body.id,
      status: body.status === 'PENDING' || body.status === 'COMPLETED' ? body.status : 'PROCESSING',
      runCount: body.runCount,
      createdAt: new Date(body.createdAt),
      completedAt: typeof completedAt === 'string' ? new Date(completedAt) : undefined,
      idempotencyKey: typeof body.idempotencyKey === 'string' ? body.idempotencyKey : undefined,
    };
  }
  throw new ApiError('The service’s answer is no batch.', 0);
}
