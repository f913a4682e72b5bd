import type { Waitpoint } from '../../api/waitpoints.ts';
import rows from '../../ui/Rows.module.css';
import { WaitpointRow } from './WaitpointRow.tsx';

interface Props {
  readonly tokens: readonly Waitpoint[];
  readonly open: string | undefined;
  readonly onOpen: (id: string) => void;
  readonly onComplete: (id: string) => void;
}

/** Tokens in a table. */
export function TokenTable({ tokens, open, onOpen, onComplete }: Props) {
  return (
    <div className={`${rows.frame} panel`}>
      <table className={rows.rows}>
        <thead>
          <tr>
            <th scope="col">Token</th>
            <th scope="col">Status</th>
            <th scope="col">Ends</th>
            <th scope="col">Waited for by</th>
            <th scope="col">Created</th>
            <th scope="col">
              <span className={rows.sub}>Change</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {tokens.map((token) => (
            <WaitpointRow
              key={token.id}
              token={token}
              open={open === token.id}
              onOpen={(opened) => onOpen(opened ? token.id : '')}
              onComplete={() => onComplete(token.id)}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}
