import type * as official from '@trigger.dev/react-hooks';
import { type streams, task } from '@trigger.dev/sdk';
import { expectTypeOf } from 'vitest';
import type { RealtimeRun } from '../client/run/run.js';
import { useRealtimeRun } from './useRealtimeRun.js';
import { useRealtimeBatch, useRealtimeRunsWithTag } from './useRealtimeRuns.js';
import { useRealtimeRunWithStreams } from './useRealtimeRunWithStreams.js';
import { type UseRealtimeStreamOptions, useRealtimeStream } from './useRealtimeStream.js';
import { useRun } from './useRun.js';
import { useRealtimeTaskTrigger, useTaskTrigger } from './useTaskTrigger.js';

/** Checked by the compiler alone: types are those of the official package, from the same task. */
const sendEmail = task({
  id: 'send-email',
  run: async (payload: { to: string }) => ({ sent: payload.to.length }),
});
type SendEmail = typeof sendEmail;
type Parts = ReturnType<typeof streams.define<{ delta: string }>>;
type OfficialRun = NonNullable<ReturnType<typeof official.useRealtimeRun<SendEmail>>['run']>;

// What is known of a run is what the official package knows, and more.
expectTypeOf<RealtimeRun<SendEmail>['payload']>().toEqualTypeOf<{ to: string }>();
expectTypeOf<RealtimeRun<SendEmail>['output']>().toEqualTypeOf<{ sent: number } | undefined>();
expectTypeOf<RealtimeRun<SendEmail>['taskIdentifier']>().toEqualTypeOf<'send-email'>();
expectTypeOf<RealtimeRun<SendEmail>>().toExtend<Omit<OfficialRun, 'status' | 'error'>>();
expectTypeOf<RealtimeRun<SendEmail>['status']>().toEqualTypeOf<OfficialRun['status']>();

// The hooks tell the same.
export function useAll() {
  expectTypeOf(useRealtimeRun<SendEmail>('r').run).toEqualTypeOf<
    RealtimeRun<SendEmail> | undefined
  >();
  expectTypeOf(useRealtimeRunsWithTag<SendEmail>('x').runs).toEqualTypeOf<
    RealtimeRun<SendEmail>[]
  >();
  expectTypeOf(useRealtimeBatch<SendEmail>('b').runs[0]?.payload.to).toEqualTypeOf<
    string | undefined
  >();
  expectTypeOf(useRun<SendEmail>('r').run?.output?.sent).toEqualTypeOf<number | undefined>();
  expectTypeOf(useRealtimeRun('r').run?.payload).toBeAny();

  const trigger = useTaskTrigger<SendEmail>('send-email');
  expectTypeOf(trigger.submit).parameter(0).toEqualTypeOf<{ to: string }>();
  expectTypeOf(trigger.handle?.taskIdentifier).toEqualTypeOf<'send-email' | undefined>();
  // @ts-expect-error: no such task
  useRealtimeTaskTrigger<SendEmail>('send-mail');
  // @ts-expect-error: no such payload
  trigger.submit({ subject: 'hello' });

  const { streams: told } = useRealtimeRunWithStreams<SendEmail, { text: string }>('r');
  expectTypeOf(told.text).toEqualTypeOf<string[]>();
  expectTypeOf(useRealtimeStream<Parts>({} as Parts, 'r').parts).toEqualTypeOf<
    { delta: string }[]
  >();
  expectTypeOf(useRealtimeStream<number>('r', 'n').parts).toEqualTypeOf<number[]>();
}

// Whoever changes the import changes nothing else: every option is taken.
type First<THook extends (...args: never[]) => unknown> = Parameters<THook>[0];
type Second<THook extends (...args: never[]) => unknown> = NonNullable<Parameters<THook>[1]>;
expectTypeOf<First<typeof official.useRealtimeRun>>().toEqualTypeOf<First<typeof useRealtimeRun>>();
expectTypeOf<keyof Second<typeof official.useRealtimeRun>>().toExtend<
  keyof Second<typeof useRealtimeRun>
>();
expectTypeOf<Second<typeof official.useRealtimeRunsWithTag>>().toExtend<
  Second<typeof useRealtimeRunsWithTag>
>();
expectTypeOf<Second<typeof official.useRealtimeBatch>>().toExtend<
  Second<typeof useRealtimeBatch>
>();
expectTypeOf<keyof official.UseRealtimeStreamOptions<string>>().toExtend<
  keyof UseRealtimeStreamOptions<string>
>();
expectTypeOf<Second<typeof official.useRun>>().toExtend<Second<typeof useRun>>();
expectTypeOf<Second<typeof official.useTaskTrigger>>().toExtend<Second<typeof useTaskTrigger>>();
expectTypeOf<Second<typeof official.useRealtimeTaskTrigger>>().toExtend<
  Second<typeof useRealtimeTaskTrigger>
>();

// Every name is there, but those of sessions, which this service does not have.
type Missing = Exclude<
  keyof typeof official,
  keyof typeof import('../index.js') | 'useSessionStream' | 'useSessionStreamChannel'
>;
expectTypeOf<Missing>().toBeNever();
