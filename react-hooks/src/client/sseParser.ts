/** One server-sent event. */
export interface ServerEvent {
  readonly event: string;
  /** The last id told so far, as the standard has it; empty for none. */
  readonly id: string;
  readonly data: string;
}

/**
 * Text as it arrives → events, by the rules of
 * https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation.
 * Keeps the line and the event that are not at their end yet.
 */
export class SseParser {
  #rest = '';
  #event = '';
  #id = '';
  #data: string[] = [];

  /** Takes the next piece and gives the events that it brought to their end. */
  push(piece: string): readonly ServerEvent[] {
    const text = this.#rest + piece;
    const events: ServerEvent[] = [];
    let from = 0;
    for (;;) {
      const end = lineEnd(text, from);
      if (end === undefined) {
        break;
      }
      this.#line(text.slice(from, end.at), events);
      from = end.next;
    }
    this.#rest = text.slice(from);
    return events;
  }

  #line(line: string, events: ServerEvent[]): void {
    if (line === '') {
      if (this.#data.length > 0) {
        events.push({
          event: this.#event || 'message',
          id: this.#id,
          data: this.#data.join('\n'),
        });
      }
      this.#event = '';
      this.#data = [];
      return;
    }
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    this.#field(field, value);
  }

  #field(field: string, value: string): void {
    if (field === 'data') {
      this.#data.push(value);
    } else if (field === 'event') {
      this.#event = value;
    } else if (field === 'id' && !value.includes('\0')) {
      this.#id = value;
    }
  }
}

/** A line ends at LF, CR or CR LF; a CR at the very end may be half of the last. */
function lineEnd(text: string, from: number): { at: number; next: number } | undefined {
  for (let at = from; at < text.length; at++) {
    const character = text[at];
    if (character === '\n') {
      return { at, next: at + 1 };
    }
    if (character === '\r') {
      if (at + 1 === text.length) {
        return undefined;
      }
      return { at, next: text[at + 1] === '\n' ? at + 2 : at + 1 };
    }
  }
  return undefined;
}
