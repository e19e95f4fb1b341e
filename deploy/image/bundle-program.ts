import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { build } from 'esbuild'
import type { Part } from './sbom.ts'

export interface Bundle {
  /** By name: main.js, and what it loads when it is needed. */
  readonly program: ReadonlyMap<string, Buffer>
  /** Names, versions and licences of the packages that are in it. */
  readonly thirdParty: Buffer
  /** The same packages. */
  readonly parts: readonly Part[]
}

/**
 * The whole program as modules of JavaScript, dependencies included. What is loaded lazily stays apart: V8 keeps the text of what it
 * has loaded, and an agent needs a sixth of all (as one file 8 MiB more resident).
 */
export async function bundleProgram(root: string): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: ['src/cli/main.ts'],
    outdir: '/',
    chunkNames: '[name]-[hash]',
    splitting: true,
    write: false,
    metafile: true,
    bundle: true,
    // Names of files are in the bundle: they must not tell where the checkout or its node_modules lie.
    preserveSymlinks: true,
    platform: 'node',
    format: 'esm',
    target: 'node24.12',
    charset: 'utf8',
    legalComments: 'none',
    // Names stay: they are what a stack trace says.
    minifyWhitespace: true,
    minifySyntax: true,
    logLevel: 'warning',
    // Some dependencies are CommonJS and ask for Node's own modules while they run.
    banner: {
      js: `import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);`,
    },
  })
  const program = new Map(outputFiles.map(({ path, contents }) => [basename(path), Buffer.from(contents)]))
  if (!program.has('main.js')) throw new Error('esbuild made no main.js')
  // What fell away as unused is in no file, and nobody's licence is asked for it.
  const used = Object.values(metafile.outputs)
    .flatMap(({ inputs }) => Object.entries(inputs))
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
  const folders = used.map(([path]) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0])
  const unique = [...new Set(folders)].filter((folder) => folder !== undefined).toSorted()
  const packages = unique.map((folder) => packageOf(join(root, folder)))
  return {
    program,
    thirdParty: Buffer.from(unique.map((folder) => licenceOf(join(root, folder))).join('\n')),
    parts: packages.map(({ name, version, license }) => ({
      name,
      version,
      purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
      ...(license === undefined ? {} : { licence: license }),
    })),
  }
}

interface PackageFile {
  readonly name: string
  readonly version: string
  readonly license?: string
}

function packageOf(folder: string): PackageFile {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as PackageFile
}

function licenceOf(folder: string): string {
  const { name, version, license } = packageOf(folder)
  const files = existsSync(folder)
    ? readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file))
    : []
  if (license === undefined && files.length === 0) throw new Error(`${name} does not say its licence`)
  const texts = files.toSorted().map((file) => readFileSync(join(folder, file), 'utf8').trim())
  const line = '='.repeat(80)
  return `${line}\n${name} ${version}: ${license ?? 'see below'}\n${line}\n\n${texts.join('\n\n')}\n`
}
