/** What a scope is put together of. */
export interface ScopeKind {
  /** As the token says it. */
  readonly scope: string;
  /** What it lets one do, to everything of the kind. */
  readonly all: string;
  /** The same to one thing, before its id. */
  readonly one: string;
  /** What an id of the kind looks like. */
  readonly example: string;
}

/** Those that the service knows, in the order in which they are asked for. */
export const SCOPE_KINDS: readonly ScopeKind[] = [
  { scope: 'read:runs', all: 'Read all runs', one: 'Read the run', example: 'run_…' },
  {
    scope: 'read:tags',
    all: 'Read runs by any tag',
    one: 'Read runs with the tag',
    example: 'user:1',
  },
  { scope: 'read:batch', all: 'Read all batches', one: 'Read the batch', example: 'batch_…' },
  {
    scope: 'read:tasks',
    all: 'Read runs of any task',
    one: 'Read runs of the task',
    example: 'send-email',
  },
  { scope: 'trigger:tasks', all: 'Start any task', one: 'Start the task', example: 'send-email' },
  {
    scope: 'batchTrigger:tasks',
    all: 'Start batches of any task',
    one: 'Start batches of the task',
    example: 'send-email',
  },
  { scope: 'write:runs', all: 'Change all runs', one: 'Change the run', example: 'run_…' },
  { scope: 'write:batch', all: 'Add to all batches', one: 'Add to the batch', example: 'batch_…' },
  {
    scope: 'write:waitpoints',
    all: 'Complete all wait tokens',
    one: 'Complete the wait token',
    example: 'waitpoint_…',
  },
  {
    scope: 'write:inputStreams',
    all: 'Send in to all runs',
    one: 'Send in to the run',
    example: 'run_…',
  },
];

/** The scope of a kind for one thing; for all of them where the id is empty. */
export function scopeOf(kind: string, id: string): string {
  return id.trim() === '' ? kind : `${kind}:${id.trim()}`;
}

/** What a scope lets its bearer do. Only the first two colons part it. */
export function scopeInWords(scope: string): string {
  const [action = '', type, ...rest] = scope.split(':');
  const id = rest.join(':');
  if (scope === 'admin') {
    return 'Do everything in the environment';
  }
  const kind = SCOPE_KINDS.find((each) => each.scope === `${action}:${type}`);
  if (kind !== undefined) {
    return id === '' ? kind.all : `${kind.one} ${id}`;
  }
  if (type === undefined) {
    return 'Nothing: it says no kind of thing';
  }
  const what = action === '*' ? 'Do anything' : action;
  return type === 'all'
    ? `${what}, of every kind`
    : `${what}: ${[type, id].filter(Boolean).join(' ')}`;
}
