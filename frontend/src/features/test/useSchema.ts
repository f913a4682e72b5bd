import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { retrieveTask } from '../../api/taskList.ts';
import { useService } from '../../live/Service.tsx';
import { exampleOf } from './jsonExample.ts';
import { type Draft, EMPTY } from './testOrder.ts';

const TYPING_MS = 300;

/**
 * The JSON Schema of the payload that the task declares which is named; undefined for none. Where
 * nothing was written yet, an example of it is.
 */
export function useSchema(draft: Draft, write: (payload: string) => void): unknown {
  const { api } = useService();
  const [task] = useDebouncedValue(draft.task.trim(), TYPING_MS);
  const { data } = useQuery({
    queryKey: ['task', task],
    queryFn: ({ signal }) => retrieveTask(api, task, signal),
    enabled: task !== '',
  });
  const schema = task === draft.task.trim() ? data?.build?.payloadSchema : undefined;
  const now = useRef({ draft, write });
  now.current = { draft, write };
  useEffect(() => {
    if (schema !== undefined && now.current.draft.payload === EMPTY.payload) {
      now.current.write(JSON.stringify(exampleOf(schema), null, 2));
    }
  }, [schema]);
  return schema;
}
