import { fileURLToPath } from 'node:url'

/*
 * The files of the package that the demo needs at run time beside its code. `src/demo/` and a bundle in `dist/cli/` are
 * both two folders below the package's own; the lab looks for its programs by itself (src/lab/start-program.ts).
 */

/** The folder of the manifests that are shown. */
export function shopFolder(): string {
  return fileURLToPath(new URL('../../examples/shop', import.meta.url))
}

/** The command that runs this very program with other arguments: launcher, sources or bundle, whatever was started. */
export function thisProgram(words: readonly string[]): readonly string[] {
  return [process.execPath, ...process.execArgv, process.argv[1] ?? '', ...words]
}
