import type { Waitpoint } from '../../api/waitpoints.ts';
import { type Column, Rows } from '../../ui/page/Rows.tsx';
import { WaitpointRow } from './WaitpointRow.tsx';

interface Props {
  readonly tokens: readonly Waitpoint[];
  readonly open: string | undefined;
  readonly onOpen: (id: string) => void;
  readonly onComplete: (id: string) => void;
}

const COLUMNS: readonly Column[] = [
  { name: 'Token' },
  { name: 'Status' },
  { name: 'Ends' },
  { name: 'Waited for by' },
  { name: 'Created' },
  { name: 'Change', holds: 'tools' },
];

/** Tokens in a table. */
export function TokenTable({ tokens, open, onOpen, onComplete }: Props) {
  return (
    <Rows columns={COLUMNS}>
      {tokens.map((token) => (
        <WaitpointRow
          key={token.id}
          token={token}
          open={open === token.id}
          onOpen={(opened) => onOpen(opened ? token.id : '')}
          onComplete={() => onComplete(token.id)}
        />
      ))}
    </Rows>
  );
}
