import { ActionIcon, CopyButton, Group, Text } from '@mantine/core';
import { IconCheck, IconCopy, IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { count } from '../../../lib/format.ts';
import { useService } from '../../../live/Service.tsx';
import type { StreamSpan } from '../course/timeline.ts';
import classes from './RunStream.module.css';
import { NO_PARTS, readAll, type StreamState } from './streamReader.ts';
import { type StreamView, viewOf } from './streamText.ts';

interface Props {
  readonly runId: string;
  /** Its key. */
  readonly stream: string;
  readonly onSpan: (span: StreamSpan) => void;
}

/** Beyond so many lines, the older ones are left to whoever copies. */
const SHOWN_LINES = 500;

/** What a run says while it runs. */
export function RunStream({ runId, stream, onSpan }: Props) {
  const { readStream } = useService();
  const [state, setState] = useState<StreamState>(NO_PARTS);
  const [held, setHeld] = useState<StreamState>();
  useEffect(() => {
    const leaving = new AbortController();
    void readAll(readStream(runId, stream, leaving.signal), leaving.signal, setState);
    return () => leaving.abort();
  }, [readStream, runId, stream]);
  const tellSpan = useRef(onSpan);
  tellSpan.current = onSpan;
  const { first, last } = state;
  useEffect(() => {
    if (first !== undefined && last !== undefined) {
      tellSpan.current({ key: stream, first, last });
    }
  }, [stream, first, last]);
  const shown = held ?? state;
  const view = useMemo(() => viewOf(shown.chunks), [shown.chunks]);
  return (
    <>
      <Group gap="xs" justify="space-between" mb={4}>
        <Text size="xs" className="quiet numbers">
          {count(state.chunks.length, 'part')}
          {state.over ? ', over' : held === undefined ? ', coming as written' : ', paused here'}
        </Text>
        <Group gap={4}>
          {!state.over && (
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={held === undefined ? 'Pause' : 'Go on'}
              onClick={() => setHeld(held === undefined ? state : undefined)}
            >
              {held === undefined ? <IconPlayerPause size={16} /> : <IconPlayerPlay size={16} />}
            </ActionIcon>
          )}
          <CopyAll view={view} />
        </Group>
      </Group>
      <Flow view={view} />
      {state.error !== undefined && (
        <Text size="sm" c="var(--failed)" role="alert">
          {state.error instanceof Error ? state.error.message : String(state.error)}
        </Text>
      )}
    </>
  );
}

function CopyAll({ view }: { readonly view: StreamView }) {
  if (navigator.clipboard === undefined) {
    return null;
  }
  return (
    <CopyButton value={textIn(view)} timeout={2_000}>
      {({ copied, copy }) => (
        <ActionIcon
          variant="subtle"
          color="gray"
          onClick={copy}
          aria-label={copied ? 'Copied' : 'Copy the stream'}
        >
          {copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
        </ActionIcon>
      )}
    </CopyButton>
  );
}

/** Keeps to the end while one is there, as a terminal does. */
function Flow({ view }: { readonly view: StreamView }) {
  const place = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  useEffect(() => {
    const box = place.current;
    if (box !== null && atEnd.current && view !== undefined) {
      box.scrollTop = box.scrollHeight;
    }
  }, [view]);
  return (
    <div
      ref={place}
      className={classes.flow}
      data-kind={view.kind}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
      tabIndex={0}
      role="log"
      aria-live="off"
      aria-label="Stream"
      onScroll={({ currentTarget: box }) => {
        atEnd.current = box.scrollHeight - box.scrollTop - box.clientHeight < 24;
      }}
    >
      {view.kind === 'text' ? view.text : view.lines.slice(-SHOWN_LINES).join('\n')}
    </div>
  );
}

function textIn(view: StreamView): string {
  return view.kind === 'text' ? view.text : view.lines.join('\n');
}
