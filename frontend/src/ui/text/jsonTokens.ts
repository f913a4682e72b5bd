/** A piece of JSON text, and what it is where that is worth a colour. */
export interface JsonToken {
  readonly at: number;
  readonly text: string;
  readonly kind: 'name' | 'text' | 'number' | 'word' | undefined;
}

const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d[\d.eE+-]*)|\b(true|false|null)\b/g;

/** Cuts well-formed JSON into pieces. */
export function tokensOf(json: string): JsonToken[] {
  const tokens: JsonToken[] = [];
  let end = 0;
  for (const match of json.matchAll(TOKEN)) {
    const [whole, quoted, colon, number] = match;
    if (match.index > end) {
      tokens.push({ at: end, text: json.slice(end, match.index), kind: undefined });
    }
    const kind =
      quoted === undefined ? (number === undefined ? 'word' : 'number') : colon ? 'name' : 'text';
    tokens.push({ at: match.index, text: whole, kind });
    end = match.index + whole.length;
  }
  if (end < json.length) {
    tokens.push({ at: end, text: json.slice(end), kind: undefined });
  }
  return tokens;
}
