import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Waitpoint } from '../../api/waitpoints.ts';
import rows from '../../ui/page/Rows.module.css';
import { Opener, Row, RowTools } from '../../ui/page/Rows.tsx';
import { Timestamp } from '../../ui/Timestamp.tsx';
import { WaitpointDetails } from './WaitpointDetails.tsx';
import classes from './WaitpointsPage.module.css';
import { WORDS } from './waitpointFilters.ts';

interface Props {
  readonly token: Waitpoint;
  /** Whether all of it is shown. */
  readonly open: boolean;
  readonly onOpen: (open: boolean) => void;
  readonly onComplete: () => void;
}

/** A token in a row, and what more there is to it in another one. */
export function WaitpointRow({ token, open, onOpen, onComplete }: Props) {
  const { id, status, tags, waitingRuns } = token;
  return (
    <Row data-waitpoint={id} more={open ? <WaitpointDetails token={token} /> : undefined}>
      <td className={rows.wide}>
        <span className="mono" style={{ overflowWrap: 'anywhere' }}>
          {id}
        </span>
        {tags.length > 0 && (
          <span className={classes.tags}>
            {tags.map((tag) => (
              <Link
                key={tag}
                to="/waitpoints"
                search={{ tags: tag }}
                className={`${classes.tag} ellipsis`}
              >
                {tag}
              </Link>
            ))}
          </span>
        )}
      </td>
      <td data-label="Status">
        <span className={classes.state} data-status={status}>
          <span className={classes.mark} aria-hidden="true" />
          {WORDS[status]}
        </span>
      </td>
      <td data-label="Ends">
        <Ends token={token} />
      </td>
      <td data-label="Waited for by" className={rows.wide}>
        {waitingRuns.length === 0 ? (
          <span className="quiet">nobody</span>
        ) : (
          <span className={classes.runs}>
            {waitingRuns.map((run) => (
              <Link
                key={run}
                to="/runs/$runId"
                params={{ runId: run }}
                className="mono ellipsis"
                title={run}
              >
                {run}
              </Link>
            ))}
          </span>
        )}
      </td>
      <td data-label="Created">
        <Timestamp time={token.createdAt} />
      </td>
      <RowTools>
        <Opener open={open} onOpen={onOpen} label={`More of ${id}`}>
          More
        </Opener>
        <Button
          size="compact-sm"
          variant="default"
          disabled={status !== 'WAITING'}
          aria-label={`Complete ${id}`}
          onClick={onComplete}
        >
          Complete
        </Button>
      </RowTools>
    </Row>
  );
}

/** When it has ended, or will if nobody completes it. */
function Ends({ token }: { readonly token: Waitpoint }) {
  const { completedAt, timeoutAt } = token;
  if (completedAt !== undefined) {
    return <Timestamp time={completedAt} />;
  }
  return timeoutAt === undefined ? (
    <span className="quiet">no timeout</span>
  ) : (
    <Timestamp time={timeoutAt} />
  );
}
