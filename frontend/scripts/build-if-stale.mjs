// Builds the page that the backend's jar carries, if anything that it is made of is newer than the
// last build; installs packages first, if the lock file is newer than what is installed. The Maven
// build calls this, so a build with nothing changed must cost next to nothing.
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const sources = [
  'frontend',
  'react-hooks',
  'package.json',
  'package-lock.json',
  'tsconfig.base.json',
];

function newest(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) {
    return 0;
  }
  if (!stat.isDirectory()) {
    return stat.mtimeMs;
  }
  const inside = readdirSync(path).filter((name) => name !== 'node_modules' && name !== 'dist');
  return Math.max(0, ...inside.map((name) => newest(join(path, name))));
}

function npm(...args) {
  const { status, error } = spawnSync('npm', args, { cwd: root, stdio: 'inherit' });
  if (error !== undefined) {
    console.error(`npm can't be run: ${error.message}; install Node 20.19 or later with npm`);
  }
  if (status !== 0) {
    process.exit(status ?? 1);
  }
}

if (
  newest(join(root, 'package-lock.json')) > newest(join(root, 'node_modules/.package-lock.json'))
) {
  // Not the clients that only tests drive: they are hundreds of megabytes.
  const pages = ['--include-workspace-root', '-w', 'react-hooks', '-w', 'frontend'];
  npm('ci', '--no-audit', '--no-fund', ...pages);
}
const built = newest(join(root, 'frontend/dist/index.html'));
if (sources.some((source) => newest(join(root, source)) > built)) {
  npm('run', 'build');
}
