import { isRecord } from '../../../api/http.ts';

/** A stream as people read it: as one text where it is one, and otherwise a line for each part. */
export type StreamView =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'lines'; readonly lines: readonly string[] };

/**
 * Parts of an answer that a model is writing are text, in whichever of the common forms; so are
 * plain texts. One part that says something else, beside marks of beginning and end, makes lines of
 * all.
 */
export function viewOf(chunks: readonly unknown[]): StreamView {
  let text = '';
  let anyText = false;
  for (const chunk of chunks) {
    const said = textOf(chunk);
    if (said !== undefined) {
      text += said;
      anyText = true;
    } else if (!isMark(chunk)) {
      return { kind: 'lines', lines: chunks.map(lineOf) };
    }
  }
  return anyText ? { kind: 'text', text } : { kind: 'lines', lines: chunks.map(lineOf) };
}

/** What a part adds to the text; undefined for one that is no text. */
export function textOf(chunk: unknown): string | undefined {
  if (typeof chunk === 'string') {
    return chunk;
  }
  if (!isRecord(chunk)) {
    return undefined;
  }
  return typeof chunk.type === 'string' ? ofTyped(chunk) : ofCompletion(chunk);
}

function ofTyped(chunk: Readonly<Record<string, unknown>>): string | undefined {
  if (chunk.type === 'text-delta' || chunk.type === 'text') {
    return firstText(chunk.delta, chunk.textDelta, chunk.text);
  }
  if (chunk.type === 'response.output_text.delta') {
    return firstText(chunk.delta);
  }
  return chunk.type === 'content_block_delta' && isRecord(chunk.delta)
    ? firstText(chunk.delta.text)
    : undefined;
}

function ofCompletion(chunk: Readonly<Record<string, unknown>>): string | undefined {
  const choice: unknown = Array.isArray(chunk.choices) ? chunk.choices[0] : undefined;
  if (!isRecord(choice) || !isRecord(choice.delta)) {
    return undefined;
  }
  return firstText(choice.delta.content) ?? (isOver(choice) ? '' : undefined);
}

function isOver(choice: Readonly<Record<string, unknown>>): boolean {
  return typeof choice.finish_reason === 'string' || isRecord(choice.delta);
}

function firstText(...values: readonly unknown[]): string | undefined {
  return values.find((value): value is string => typeof value === 'string');
}

const MARK = /(^|[-_.])(start|stop|end|finish|done|completed|created|ping|in_progress|added)$/;

/** Whether a part only says that something begins or ends. */
function isMark(chunk: unknown): boolean {
  return isRecord(chunk) && typeof chunk.type === 'string' && MARK.test(chunk.type);
}

function lineOf(chunk: unknown): string {
  return JSON.stringify(chunk) ?? 'null';
}
