import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { execa } from 'execa'
import { buildImage, defaultCache, programVersion } from './build-image.ts'
import { MissingParts } from './missing-parts.ts'
import { ARCHITECTURES } from './pins.ts'

/*
 * Builds the image, without Docker: for each architecture one archive, whose digest and path it prints, and its SBOM.
 *
 *     npm run build:image -- [--architecture amd64|arm64]... [--output FOLDER] [--reference NAME:TAG] [--locked]
 *
 * Exit 2: asked wrongly; 3: the parts cannot be had.
 */
const root = fileURLToPath(new URL('../..', import.meta.url))
const version = programVersion(root)

try {
  await build()
} catch (error) {
  const asked = error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
  if (!asked && !(error instanceof MissingParts)) throw error
  process.stderr.write(`build:image: ${error.message}\n`)
  process.exitCode = asked ? 2 : 3
}

async function build(): Promise<void> {
  const { values } = parseArgs({
    options: {
      architecture: { type: 'string', multiple: true, default: [...ARCHITECTURES] },
      output: { type: 'string', default: join(root, 'dist', 'image') },
      reference: { type: 'string', default: `localhost/selvedge:${version}` },
      locked: { type: 'boolean', default: false },
    },
  })
  const unknown = values.architecture.find((name) => !ARCHITECTURES.some((one) => one === name))
  if (unknown !== undefined) {
    process.stderr.write(`build:image: no image for ${unknown}; give ${ARCHITECTURES.join(' or ')}\n`)
    process.exitCode = 2
    return
  }
  const commit = await execa('git', ['log', '-1', '--format=%H %ct'], { cwd: root, reject: false })
  const [revision = 'unknown', committed = '0'] = commit.exitCode === 0 ? commit.stdout.split(' ') : []
  const epoch = Number(process.env['SOURCE_DATE_EPOCH'] ?? committed)
  const { reference, locked } = values

  mkdirSync(values.output, { recursive: true })
  for (const architecture of ARCHITECTURES.filter((one) => values.architecture.includes(one))) {
    const image = await buildImage({ root, architecture, reference, locked, cache: defaultCache(), revision, epoch })
    const name = join(values.output, `selvedge-${version}-${architecture}`)
    writeFileSync(`${name}.tar`, image.bytes)
    writeFileSync(`${name}.spdx.json`, image.sbom)
    for (const one of image.notPinned)
      process.stderr.write(`build:image: ${architecture}: not the pinned bytes: ${one}\n`)
    process.stdout.write(`${image.digest} ${name}.tar\n`)
  }
}
