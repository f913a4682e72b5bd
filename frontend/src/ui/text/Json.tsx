import { Fragment, useMemo } from 'react';
import { CodeBlock } from './CodeBlock.tsx';
import classes from './Json.module.css';
import { tokensOf } from './jsonTokens.ts';

/** Beyond so many letters, colours cost more than they tell. */
const MOST_COLOURED = 60_000;

interface Props {
  readonly value: unknown;
  /** What it is, for those who do not see it. */
  readonly label: string;
}

/** A JSON value, laid out to be read. */
export function Json({ value, label }: Props) {
  const text = useMemo(() => JSON.stringify(value, null, 2) ?? 'undefined', [value]);
  return (
    <CodeBlock text={text} label={label}>
      {text.length <= MOST_COLOURED && <Coloured text={text} />}
    </CodeBlock>
  );
}

function Coloured({ text }: { readonly text: string }) {
  return tokensOf(text).map(({ kind, text: part, at }) =>
    kind === undefined ? (
      <Fragment key={at}>{part}</Fragment>
    ) : (
      <span key={at} className={classes[kind]}>
        {part}
      </span>
    ),
  );
}
