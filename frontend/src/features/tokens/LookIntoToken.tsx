import { Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { revokeTokens } from '../../api/tokens.ts';
import { useDeed } from '../../lib/useDeed.ts';
import { useNow } from '../../lib/useNow.ts';
import { useService } from '../../live/Service.tsx';
import { Fact, Facts } from '../../ui/page/Facts.tsx';
import { Section } from '../../ui/page/Section.tsx';
import { Refusal } from '../../ui/Refusal.tsx';
import { Timestamp } from '../../ui/Timestamp.tsx';
import { ExplainRun } from './ExplainRun.tsx';
import { scopeInWords } from './scopes.ts';
import classes from './TokensPage.module.css';
import { type Claims, readToken, standing } from './tokenClaims.ts';

interface Props {
  readonly text: string;
  readonly onText: (text: string) => void;
}

/** What a token says, what it may do, and why it does not see a run. */
export function LookIntoToken({ text, onText }: Props) {
  const pasted = readToken(text);
  return (
    <Section title="Look into a token">
      <Stack gap="sm">
        <Textarea
          aria-label="Token"
          placeholder="Paste a public token. It stays in this page."
          autosize
          minRows={2}
          maxRows={6}
          spellCheck={false}
          autoComplete="off"
          styles={{
            input: {
              fontFamily: 'var(--mantine-font-family-monospace)',
              fontSize: '0.8125rem',
              overflowWrap: 'anywhere',
            },
          }}
          value={text}
          onChange={(event) => onText(event.currentTarget.value)}
          error={pasted.kind === 'problem' ? pasted.problem : undefined}
        />
        {pasted.kind === 'token' && (
          <div key={pasted.token} className={classes.look}>
            <TokenFacts claims={pasted.claims} />
            <ExplainRun token={pasted.token} />
            <RevokeThis claims={pasted.claims} />
          </div>
        )}
      </Stack>
    </Section>
  );
}

function TokenFacts({ claims }: { readonly claims: Claims }) {
  const { session } = useService();
  const { id, issuedAt, expiresAt, oneTimeUse, scopes, skipColumns, environment } = claims;
  const foreign = environment !== session.environment.id;
  const stands = standing(claims, useNow());
  return (
    <Facts>
      <Fact name="It may">
        {scopes.length === 0 ? (
          'do nothing: it has no scopes'
        ) : (
          <ul className={classes.words}>
            {scopes.map((scope) => (
              <li key={scope}>
                {scopeInWords(scope)} <code className="quiet">{scope}</code>
              </li>
            ))}
          </ul>
        )}
        {oneTimeUse && <div>and trigger no more than once</div>}
        {skipColumns.length > 0 && <div>without being shown {skipColumns.join(', ')}</div>}
      </Fact>
      <Fact name={stands === 'over' ? 'It ended' : 'It ends'}>
        <span data-stands={stands} className={classes.stands}>
          {expiresAt === undefined ? 'never' : <Timestamp time={expiresAt} />}
        </span>
      </Fact>
      {issuedAt !== undefined && (
        <Fact name="Issued">
          <Timestamp time={issuedAt} />
        </Fact>
      )}
      <Fact name="Environment">
        {foreign ? (
          <strong>another one than yours: {environment ?? 'it names none'}</strong>
        ) : (
          `${session.project.name} / ${session.environment.slug}`
        )}
      </Fact>
      <Fact name="Id">
        <code>{id ?? 'none'}</code>
      </Fact>
    </Facts>
  );
}

function RevokeThis({ claims: { id } }: { readonly claims: Claims }) {
  const { api } = useService();
  const [done, setDone] = useState(false);
  const [sure, setSure] = useState(false);
  const { busy, error, go } = useDeed(async () => {
    if (id !== undefined) {
      await revokeTokens(api, { jti: id });
      setDone(true);
    }
  });
  if (id === undefined) {
    return (
      <Text size="sm" className="quiet">
        It has no id, so that it can be taken back only by a scope, or with all others.
      </Text>
    );
  }
  if (done) {
    return (
      <Text size="sm" role="status">
        It is taken back. Whoever was connected with it has been hung up on.
      </Text>
    );
  }
  return (
    <Group gap="xs">
      {sure ? (
        <>
          <Button size="xs" color="red.8" loading={busy} onClick={go}>
            Take it back for good
          </Button>
          <Button size="xs" variant="subtle" onClick={() => setSure(false)}>
            Leave it
          </Button>
        </>
      ) : (
        <Button size="xs" variant="default" onClick={() => setSure(true)}>
          Revoke this token
        </Button>
      )}
      <Refusal>{error}</Refusal>
    </Group>
  );
}
