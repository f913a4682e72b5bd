import { ActionIcon, Button, Checkbox, Group, NativeSelect, Stack } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { issueToken } from '../../api/tokens.ts';
import { useDeed } from '../../lib/useDeed.ts';
import { useService } from '../../live/Service.tsx';
import { Section } from '../../ui/page/Section.tsx';
import { Refusal } from '../../ui/Refusal.tsx';
import { CodeBlock } from '../../ui/text/CodeBlock.tsx';
import { TextField } from '../../ui/text/TextField.tsx';
import { SCOPE_KINDS, scopeInWords, scopeOf } from './scopes.ts';
import classes from './TokensPage.module.css';

const LIVES = [
  { value: '15m', label: '15 minutes' },
  { value: '1h', label: '1 hour' },
  { value: '24h', label: '1 day' },
  { value: '7d', label: '7 days' },
  { value: '30d', label: '30 days' },
];

interface Row {
  readonly key: number;
  readonly kind: string;
  readonly id: string;
}

/** Puts a token together: what it may do, and for how long. */
export function IssueToken({ onLook }: { readonly onLook: (token: string) => void }) {
  const { api } = useService();
  const [rows, setRows] = useState<readonly Row[]>([{ key: 0, kind: 'read:runs', id: '' }]);
  const [life, setLife] = useState('1h');
  const [once, setOnce] = useState(false);
  const [token, setToken] = useState<string>();
  const scopes = [...new Set(rows.map(({ kind, id }) => scopeOf(kind, id)))];
  const { busy, error, go } = useDeed(async () =>
    setToken(await issueToken(api, scopes, life, once)),
  );
  const change = (next: readonly Row[]) => {
    setRows(next);
    setToken(undefined);
  };
  return (
    <Section title="Issue a token">
      <Stack gap="sm">
        {rows.map((row, index) => (
          <ScopeRow
            key={row.key}
            row={row}
            number={index + 1}
            onChange={(next) => change(rows.map((each) => (each === row ? next : each)))}
            onDrop={rows.length > 1 ? () => change(rows.filter((each) => each !== row)) : undefined}
          />
        ))}
        <Group justify="space-between">
          <Button
            variant="subtle"
            size="compact-sm"
            leftSection={<IconPlus size={14} />}
            onClick={() =>
              change([
                ...rows,
                { key: Math.max(...rows.map(({ key }) => key)) + 1, kind: 'read:tags', id: '' },
              ])
            }
          >
            One more scope
          </Button>
        </Group>
        <Group align="end" gap="sm">
          <NativeSelect
            label="It ends after"
            data={LIVES}
            value={life}
            onChange={(event) => {
              setLife(event.currentTarget.value);
              setToken(undefined);
            }}
          />
          <Checkbox
            mb={8}
            label="It may trigger only once"
            checked={once}
            onChange={(event) => {
              setOnce(event.currentTarget.checked);
              setToken(undefined);
            }}
          />
        </Group>
        <ul className={classes.words} aria-label="What it may do">
          {scopes.map((scope) => (
            <li key={scope}>
              {scopeInWords(scope)} <code className="quiet">{scope}</code>
            </li>
          ))}
        </ul>
        {token === undefined ? (
          <Button loading={busy} onClick={go}>
            Issue the token
          </Button>
        ) : (
          <>
            <CodeBlock text={token} label="The token" />
            <Group gap="xs">
              <Button variant="default" size="xs" onClick={() => onLook(token)}>
                Look into it
              </Button>
              <Button variant="subtle" size="xs" loading={busy} onClick={go}>
                Another one
              </Button>
            </Group>
          </>
        )}
        <Refusal>{error}</Refusal>
      </Stack>
    </Section>
  );
}

interface RowProps {
  readonly row: Row;
  readonly number: number;
  readonly onChange: (row: Row) => void;
  readonly onDrop: (() => void) | undefined;
}

const KINDS = SCOPE_KINDS.map(({ scope, one }) => ({ value: scope, label: one }));

function ScopeRow({ row, number, onChange, onDrop }: RowProps) {
  const kind = SCOPE_KINDS.find(({ scope }) => scope === row.kind);
  return (
    <div className={classes.scope}>
      <NativeSelect
        aria-label={`What scope ${number} is for`}
        data={KINDS}
        value={row.kind}
        onChange={(event) => onChange({ ...row, kind: event.currentTarget.value })}
      />
      <TextField
        aria-label={`Which one scope ${number} is for`}
        placeholder={`any, or ${kind?.example ?? 'an id'}`}
        value={row.id}
        onText={(id) => onChange({ ...row, id })}
      />
      {onDrop !== undefined && (
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={`Without scope ${number}`}
          onClick={onDrop}
        >
          <IconX size={16} />
        </ActionIcon>
      )}
    </div>
  );
}
