import { Link } from '@tanstack/react-router';
import type { RunSummary } from '../../api/run.ts';
import { Section } from '../../ui/page/Section.tsx';
import { StatusBadge } from '../../ui/StatusBadge.tsx';
import classes from './RelatedRuns.module.css';

interface Props {
  readonly parent: RunSummary | undefined;
  readonly root: RunSummary | undefined;
  /** Those that the run triggered. */
  readonly runs: readonly RunSummary[];
}

const SHOWN = 50;

/** Where a run comes from, and what it has triggered. */
export function RelatedRuns({ parent, root, runs }: Props) {
  const above = root !== undefined && root.id !== parent?.id ? root : undefined;
  if (parent === undefined && above === undefined && runs.length === 0) {
    return null;
  }
  return (
    <Section title="Related runs">
      <ul className={classes.list}>
        {above !== undefined && <Related what="Root" run={above} />}
        {parent !== undefined && <Related what="Parent" run={parent} />}
        {runs.slice(0, SHOWN).map((run) => (
          <Related key={run.id} what="Child" run={run} />
        ))}
      </ul>
      {runs.length > SHOWN && (
        <p className="quiet">and {(runs.length - SHOWN).toLocaleString('en')} more children</p>
      )}
    </Section>
  );
}

function Related({ what, run }: { readonly what: string; readonly run: RunSummary }) {
  return (
    <li className={classes.row}>
      <span className="quiet">{what}</span>
      <Link to="/runs/$runId" params={{ runId: run.id }} className="ellipsis" title={run.id}>
        {run.task}
      </Link>
      <StatusBadge status={run.status} />
    </li>
  );
}
