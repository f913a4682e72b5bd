import { ActionIcon, CopyButton } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './CodeBlock.module.css';

interface Props {
  readonly text: string;
  /** What it is, for those who do not see it. */
  readonly label: string;
  /** The text with something to it, to be shown in its place. */
  readonly children?: ReactNode;
}

/**
 * A text to paste elsewhere, with a button that copies it. Where the browser offers no clipboard (a
 * page that is neither on localhost nor on https) there is no button.
 */
export function CodeBlock({ text, label, children }: Props) {
  return (
    <div className={classes.block}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <section className={classes.text} tabIndex={0} aria-label={label}>
        <pre>{children || text}</pre>
      </section>
      {navigator.clipboard !== undefined && <Copy text={text} label={label} />}
    </div>
  );
}

function Copy({ text, label }: Omit<Props, 'children'>) {
  return (
    <CopyButton value={text} timeout={2_000}>
      {({ copied, copy }) => (
        <ActionIcon
          className={classes.copy}
          variant="subtle"
          color="gray"
          onClick={copy}
          aria-label={copied ? 'Copied' : `Copy: ${label}`}
        >
          {copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
        </ActionIcon>
      )}
    </CopyButton>
  );
}
