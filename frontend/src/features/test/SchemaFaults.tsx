import { Text } from '@mantine/core';
import { useMemo } from 'react';
import { type Fault, faultsOf } from './jsonSchema.ts';
import classes from './TestPage.module.css';

interface Props {
  /** What is typed, which is JSON. */
  readonly payload: string;
  readonly schema: unknown;
}

/**
 * What the task's schema has to say against a payload. It does not keep one from starting the run:
 * the task itself has the last word, and how it fails is worth a test too.
 */
export function SchemaFaults({ payload, schema }: Props) {
  const faults = useMemo(() => faultsIn(payload, schema), [payload, schema]);
  return (
    <div className={classes.schema} role="status" aria-label="What the schema says">
      {faults.length === 0 ? (
        <Text size="sm" className="quiet">
          It is as the task’s schema asks.
        </Text>
      ) : (
        <>
          <Text size="sm">The task’s schema asks for something else:</Text>
          <ul>
            {faults.map(({ at, message }) => (
              <li key={`${at} ${message}`}>
                {at === '' ? 'It' : <code>{at}</code>} {message}
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

function faultsIn(payload: string, schema: unknown): readonly Fault[] {
  return payload.trim() === ''
    ? faultsOf(undefined, schema)
    : faultsOf(JSON.parse(payload), schema);
}
