import { useState } from 'react';
import { isFinal, type RunSummary } from '../../api/run.ts';
import { Columns } from '../../ui/page/Columns.tsx';
import { Section } from '../../ui/page/Section.tsx';
import { Json } from '../../ui/text/Json.tsx';
import { RunCourse } from './course/RunCourse.tsx';
import type { StreamSpan } from './course/timeline.ts';
import { RelatedRuns } from './RelatedRuns.tsx';
import { RunError } from './RunError.tsx';
import { RunFacts } from './RunFacts.tsx';
import { RunMetadata } from './RunMetadata.tsx';
import { errorOf, packetOf, streamsOf } from './runColumns.ts';
import type { RunState } from './runSource.ts';
import { RunStream } from './streams/RunStream.tsx';
import { RunTrace } from './streams/RunTrace.tsx';
import { WatchThis } from './WatchThis.tsx';

interface Props {
  readonly state: RunState;
  readonly run: RunSummary;
}

/** Everything there is to see of a run. */
export function RunBody({ state, run }: Props) {
  const { columns, children } = state;
  const [spans, setSpans] = useState<Readonly<Record<string, StreamSpan>>>({});
  const error = errorOf(columns);
  const streams = streamsOf(columns);
  const onSpan = (span: StreamSpan) => setSpans((known) => ({ ...known, [span.key]: span }));
  return (
    <Columns
      aside
      first={
        <>
          <RunCourse run={run} runs={children} streams={Object.values(spans)} />
          {error !== undefined && (
            <Section title="Error">
              <RunError error={error} />
            </Section>
          )}
          <RunTrace runId={run.id} over={isFinal(run.status)} />
          {streams.map((key) => (
            <Section key={key} title={`Stream ${key}`}>
              <RunStream runId={run.id} stream={key} onSpan={onSpan} />
            </Section>
          ))}
          <Packet title="Output" name="output" state={state} />
          <RunMetadata metadata={columns.metadata} />
          <Packet title="Payload" name="payload" state={state} />
        </>
      }
      second={
        <>
          <Section title="Facts">
            <RunFacts run={run} columns={columns} />
          </Section>
          <RelatedRuns parent={state.parent} root={state.root} runs={children} />
          <Section title="Watch this run">
            <WatchThis runId={run.id} />
          </Section>
        </>
      }
    />
  );
}

interface PacketProps {
  readonly title: string;
  readonly name: 'payload' | 'output';
  readonly state: RunState;
}

/** A payload or an output; large ones are kept apart, and read from where they are. */
function Packet({ title, name, state }: PacketProps) {
  const packet = packetOf(state.columns, name);
  if (packet === undefined) {
    return null;
  }
  return (
    <Section title={title}>
      {'link' in packet ? (
        <a href={packet.link}>It is large and kept apart: read it</a>
      ) : (
        <Json value={packet.value} label={`${title} as JSON`} />
      )}
    </Section>
  );
}
