import { Autocomplete, Button, Group, Kbd, Text } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { paramOf } from '../../api/http.ts';
import { seenTasks, type Triggered, triggerTask } from '../../api/tasks.ts';
import { useSubmission } from '../../lib/useSubmission.ts';
import { useService } from '../../live/Service.tsx';
import { Columns } from '../../ui/page/Columns.tsx';
import { PageHead } from '../../ui/page/PageHead.tsx';
import { Section } from '../../ui/page/Section.tsx';
import { Refusal } from '../../ui/Refusal.tsx';
import { JsonEditor } from '../../ui/text/JsonEditor.tsx';
import { PayloadTools } from './PayloadTools.tsx';
import { SchemaFaults } from './SchemaFaults.tsx';
import { TestOptions } from './TestOptions.tsx';
import classes from './TestPage.module.css';
import { bodyOf, type Draft, EMPTY, fieldOf, problemsOf } from './testOrder.ts';
import { useSchema } from './useSchema.ts';

/** Starts a run by hand, and goes to where it can be watched. */
export function TestPage() {
  const { api } = useService();
  useDocumentTitle('Test · Runcast');
  const { task } = useSearch({ from: '/test' });
  const navigate = useNavigate();
  const [draft, setDraft] = useState<Draft>({ ...EMPTY, task: task ?? '' });
  // What the editor begins with: it keeps what is typed to itself.
  const [written, setWritten] = useState(EMPTY.payload);
  const [known, setKnown] = useState<Triggered>();
  const [tried, setTried] = useState(false);
  const { busy, refused, forget, submit } = useSubmission(
    async () => {
      setTried(true);
      if (Object.keys(problemsOf(draft)).length > 0) {
        return;
      }
      const run = await triggerTask(api, draft.task.trim(), bodyOf(draft));
      if (run.isCached) {
        setKnown(run);
      } else {
        await navigate({ to: '/runs/$runId', params: { runId: run.id } });
      }
    },
    (error) => fieldOf(paramOf(error)),
  );
  const seen = useQuery({ queryKey: ['tasks'], queryFn: ({ signal }) => seenTasks(api, signal) });
  const problems = { ...refused, ...problemsOf(draft) };
  const set = (change: Partial<Draft>) => {
    setDraft((before) => ({ ...before, ...change }));
    forget();
    setKnown(undefined);
  };

  const write = (payload: string) => {
    setWritten(payload);
    set({ payload });
  };
  const schema = useSchema(draft, write);

  const keepTask = () => {
    const search = { task: draft.task.trim() };
    void navigate({ to: '/test', search, replace: true });
  };
  return (
    <form
      className={classes.page}
      noValidate
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) {
          submit(event);
        }
      }}
    >
      <PageHead title="Test a task" about="Starts a run as your code would, and takes you to it." />
      <Columns
        aside
        first={
          <>
            <Section title="Task">
              <Autocomplete
                aria-label="Task"
                placeholder="Choose one, or type its name"
                data={[...(seen.data ?? [])]}
                limit={50}
                maxDropdownHeight={280}
                value={draft.task}
                onChange={(name) => set({ task: name })}
                onBlur={keepTask}
                error={tried ? problems.task : refused.task}
              />
            </Section>
            <Section
              title="Payload"
              tools={<PayloadTools task={draft.task.trim()} schema={schema} onPayload={write} />}
            >
              <JsonEditor
                label="Payload"
                text={written}
                onChange={(payload) => set({ payload })}
                tall
              />
              <Refusal keepsPlace>{problems.payload}</Refusal>
              {schema !== undefined && problems.payload === undefined && (
                <SchemaFaults payload={draft.payload} schema={schema} />
              )}
            </Section>
          </>
        }
        second={
          <>
            <TestOptions draft={draft} problems={problems} set={set} />
            <div className={classes.go}>
              <Button type="submit" size="md" fullWidth loading={busy}>
                Run the test
              </Button>
              <Group gap={4} justify="center" className="quiet" fz="xs">
                <Kbd size="xs">Ctrl</Kbd>
                <Kbd size="xs">Enter</Kbd> from anywhere here
              </Group>
              <Refusal>{refused.all}</Refusal>
              {known !== undefined && (
                <Text size="sm" role="status">
                  This key has made a run already:{' '}
                  <Link to="/runs/$runId" params={{ runId: known.id }} className="mono">
                    {known.id}
                  </Link>
                </Text>
              )}
            </div>
          </>
        }
      />
    </form>
  );
}
