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

const size = await sizeOf('dist/index.js');
console.log(`@runcast/react-hooks: ${size} bytes minified and gzipped, without React`);
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

/** What a bundler makes of an entry of the package, as it goes over the wire. */
async function sizeOf(entry) {
  const bundle = await rolldown({
    input: `${directory}/${entry}`,
    external: [/^react/],
    // The hooks say "use client" in each module, which is for those who render on a server.
    onLog: (level, log, handle) => log.code !== 'MODULE_LEVEL_DIRECTIVE' && handle(level, log),
  });
  const { output } = await bundle.generate({ minify: true });
  return output.reduce((sum, { code = '' }) => sum + gzipSync(code).length, 0);
}

function runs(program, ...args) {
  return spawnSync(program, args, { cwd: root, stdio: 'inherit' }).status === 0;
}
