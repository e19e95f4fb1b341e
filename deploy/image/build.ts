import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { execa } from 'execa'
import { buildImage, defaultCache, programVersion } from './build-image.ts'
import { ARCHITECTURES, type Architecture } from './pins.ts'

/*
 * Builds the image, without Docker: one archive for each architecture, and prints its digest and path.
 *
 *     node deploy/image/build.ts [--architecture amd64|arm64]... [--output FOLDER] [--reference NAME:TAG]
 */
const root = fileURLToPath(new URL('../..', import.meta.url))
const version = programVersion(root)
const { values } = parseArgs({
  options: {
    architecture: { type: 'string', multiple: true, default: [...ARCHITECTURES] },
    output: { type: 'string', default: join(root, 'dist', 'image') },
    reference: { type: 'string', default: `localhost/selvedge:${version}` },
  },
})

const commit = await execa('git', ['log', '-1', '--format=%H %ct'], { cwd: root, reject: false })
const [revision = 'unknown', committed = '0'] = commit.exitCode === 0 ? commit.stdout.split(' ') : []
const epoch = Number(process.env['SOURCE_DATE_EPOCH'] ?? committed)

mkdirSync(values.output, { recursive: true })
for (const name of values.architecture) {
  const architecture = architectureOf(name)
  const image = await buildImage({
    root,
    architecture,
    reference: values.reference,
    cache: defaultCache(),
    revision,
    epoch,
  })
  const path = join(values.output, `selvedge-${version}-${architecture}.tar`)
  writeFileSync(path, image.bytes)
  process.stdout.write(`${image.digest} ${path}\n`)
}

function architectureOf(name: string): Architecture {
  const architecture = ARCHITECTURES.find((one) => one === name)
  if (architecture === undefined) throw new Error(`no image for ${name}; give ${ARCHITECTURES.join(' or ')}`)
  return architecture
}
