/** What keeps a text from being JSON, with the place where a browser tells it; undefined if it is. */
export function jsonProblem(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    return `This is no JSON: ${placed(said, text)}`;
  }
}

const POSITION = / \(?(?:in JSON )?at position (\d+)(?: \(line \d+ column \d+\))?/;

/** People count lines and columns. */
function placed(said: string, text: string): string {
  const at = POSITION.exec(said);
  if (at === null) {
    return said;
  }
  const before = text.slice(0, Number(at[1])).split('\n');
  return `${said.replace(POSITION, '')} in line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
}
