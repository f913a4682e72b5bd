import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { constants, gzipSync } from 'node:zlib';
import type { Plugin, Rolldown } from 'vite';

type Bundle = Rolldown.OutputBundle;

/** What the first load may weigh, and which lazy parts belong to it beside the entry. */
export interface Limit {
  readonly mostBytes: number;
  /** Names of modules that the first page can't do without. */
  readonly withLazy: readonly string[];
}

/**
 * Puts a gzipped twin beside each file that is worth it, for the server to send as it is, and fails
 * the build when what a browser loads before it shows the first page weighs more than the limit.
 */
export function firstLoad({ mostBytes, withLazy }: Limit): Plugin {
  return {
    name: 'first-load',
    apply: 'build',
    // Not before: the code is whole only when it is written.
    async writeBundle({ dir = '.' }, bundle) {
      const weights = new Map<string, number>();
      for (const { fileName } of Object.values(bundle)) {
        const source = await readFile(join(dir, fileName));
        const packed = gzipSync(source, { level: constants.Z_BEST_COMPRESSION });
        weights.set(fileName, packed.length);
        if (/\.(js|css)$/.test(fileName) && packed.length < source.length) {
          await writeFile(join(dir, `${fileName}.gz`), packed);
        }
      }
      const loaded = [...filesOf(bundle, withLazy)];
      const bytes = loaded.reduce((sum, file) => sum + (weights.get(file) ?? 0), 0);
      const told = `first load: ${bytes} bytes gzipped in ${loaded.length} files, of ${mostBytes}`;
      if (bytes > mostBytes) {
        this.error(
          `${told}. Too many:\n${loaded.map((file) => `${weights.get(file)} ${file}`).join('\n')}`,
        );
      }
      this.info(told);
    },
  };
}

/** The entry and the lazy parts with all that they import, styles included. */
function filesOf(bundle: Bundle, withLazy: readonly string[]): Set<string> {
  const files = new Set<string>();
  const visit = (fileName: string) => {
    const chunk = bundle[fileName];
    if (chunk?.type !== 'chunk' || files.has(fileName)) {
      return;
    }
    files.add(fileName);
    for (const style of chunk.viteMetadata?.importedCss ?? []) {
      files.add(style);
    }
    chunk.imports.forEach(visit);
  };
  const missing = new Set(withLazy);
  for (const file of Object.values(bundle)) {
    if (file.type === 'chunk' && (file.isEntry || missing.delete(file.name))) {
      visit(file.fileName);
    }
  }
  if (missing.size > 0) {
    throw new Error(`no chunk is called ${[...missing].join(', ')}`);
  }
  return files;
}
