import { execFileSync } from 'node:child_process'
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/*
 * Makes dist/, which is what the npm package runs: Node strips no types below node_modules. Own code only; npm brings the
 * dependencies. The compiler is there once more file by file, with its types, for programs that import it. What is imported lazily stays in files of its own, so that `compile` never loads a Kubernetes client.
 *
 *     node scripts/build.ts [FOLDER]
 */
const root = fileURLToPath(new URL('..', import.meta.url))
const folder = process.argv[2] ?? join(root, 'dist')

/** Programs that the lab starts as processes of their own, by their place beside the code that starts them. */
const programs = readdirSync(join(root, 'src', 'lab', 'programs'))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -'.ts'.length))

rmSync(folder, { recursive: true, force: true })
await build({
  absWorkingDir: root,
  entryPoints: {
    'cli/main': 'src/cli/main.ts',
    ...Object.fromEntries(programs.map((name) => [`cli/programs/${name}`, `src/lab/programs/${name}.ts`])),
  },
  outdir: folder,
  // All as deep as in src/, so that a look-up relative to the code leads to the same place: `../../package.json`.
  chunkNames: 'cli/[name]-[hash]',
  bundle: true,
  splitting: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  target: 'node24.12',
  charset: 'utf8',
  logLevel: 'warning',
})

const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
const project = join(root, 'tsconfig.build.json')
execFileSync(process.execPath, [tsc, '-p', project, '--outDir', join(folder, 'compiler')], { stdio: 'inherit' })
