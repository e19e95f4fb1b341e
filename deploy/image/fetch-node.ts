import { createHash } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { MissingParts, reasonOf } from './missing-parts.ts'
import { type Architecture, MACHINES } from './pins.ts'

export interface FetchedNode {
  /** npm's tarball. */
  readonly path: string
  readonly name: string
  readonly version: string
  /** Of the tarball, in hex. */
  readonly sha512: string
}

/** Node for that architecture, from npm: of the version and with the digest of the lockfile. */
export async function fetchNode(root: string, architecture: Architecture, cache: string): Promise<FetchedNode> {
  const name = `node-linux-${MACHINES[architecture].npm}`
  const lockfile = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, { readonly version: string; readonly integrity: string }>>
  }
  const locked = lockfile.packages[`node_modules/${name}`]
  if (locked === undefined) throw new Error(`package-lock.json has no ${name}`)
  const path = join(cache, `${name}-${locked.version}.tgz`)
  if (!existsSync(path)) await download(`${name}@${locked.version}`, path, cache)
  const digest = createHash('sha512').update(readFileSync(path)).digest()
  const found = `sha512-${digest.toString('base64')}`
  if (found === locked.integrity) return { path, name, version: locked.version, sha512: digest.toString('hex') }
  rmSync(path)
  throw new Error(`${name} is not what package-lock.json knows: ${found}`)
}

async function download(what: string, path: string, cache: string): Promise<void> {
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(join(tmpdir(), 'selvedge-node-'))
  try {
    await execa('npm', ['pack', what, '--pack-destination', folder], { cwd: folder, timeout: 300_000 })
    const [file = ''] = readdirSync(folder)
    copyFileSync(join(folder, file), `${path}.${process.pid}`)
    renameSync(`${path}.${process.pid}`, path)
  } catch (error) {
    throw new MissingParts(`${what} cannot be had from npm: ${reasonOf(error)}`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
