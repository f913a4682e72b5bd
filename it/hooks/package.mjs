// Looks at the built package as those who install it do: what is in it, whether its types are found,
// and how much it adds to a page. Ends with 1 and says why, if anything is wrong.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { rolldown } from 'rolldown';

const root = fileURLToPath(new URL('../..', import.meta.url));
const directory = fileURLToPath(new URL('../../react-hooks', import.meta.url));
const MOST_BYTES = 15_000;
const complaints = [];

if (!runs('npm', 'run', 'build', '--workspace=react-hooks')) {
  process.exit(1);
}

const { messages, pkg } = await publint({ pkgDir: directory, strict: true });
complaints.push(...messages.map((message) => `publint: ${formatMessage(message, pkg)}`));

const { size, later } = await sizesOf('dist/index.js');
console.log(`@runcast/react-hooks: ${size} bytes minified and gzipped, without React`);
console.log(`and ${later} bytes that a page fetches when it needs them`);
if (size > MOST_BYTES) {
  complaints.push(`size: ${size} bytes are more than ${MOST_BYTES}`);
}

if (!runs('npx', '--no-install', 'attw', '--pack', directory, '--profile', 'esm-only')) {
  complaints.push('attw: see above');
}

for (const complaint of complaints) {
  console.error(complaint);
}
process.exit(complaints.length === 0 ? 0 : 1);

/** What a bundler makes of an entry of the package, as it goes over the wire, at first and later. */
async function sizesOf(entry) {
  const bundle = await rolldown({
    input: `${directory}/${entry}`,
    external: [/^react/],
    // As in a page's bundle: what comes later may use what is there at first.
    preserveEntrySignatures: 'allow-extension',
    // The hooks say "use client" in each module, which is for those who render on a server.
    onLog: (level, log, handle) => log.code !== 'MODULE_LEVEL_DIRECTIVE' && handle(level, log),
  });
  const { output } = await bundle.generate({ minify: true });
  const chunks = new Map(output.map((chunk) => [chunk.fileName, chunk]));
  const first = new Set();
  const visit = (name) => {
    if (chunks.has(name) && !first.has(name)) {
      first.add(name);
      for (const imported of chunks.get(name).imports) {
        visit(imported);
      }
    }
  };
  visit(output.find(({ isEntry }) => isEntry).fileName);
  const sum = (names) =>
    [...names].reduce((bytes, name) => bytes + gzipSync(chunks.get(name).code ?? '').length, 0);
  return { size: sum(first), later: sum([...chunks.keys()].filter((name) => !first.has(name))) };
}

function runs(program, ...args) {
  return spawnSync(program, args, { cwd: root, stdio: 'inherit' }).status === 0;
}
