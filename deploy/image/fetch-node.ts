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
import { type Architecture, MACHINES } from './pins.ts'

/** The path of npm's tarball of Node for that architecture: of the version and with the digest of the lockfile. */
export async function fetchNode(root: string, architecture: Architecture, cache: string): Promise<string> {
  const name = `node-linux-${MACHINES[architecture].npm}`
  const lockfile = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, { readonly version: string; readonly integrity: string }>>
  }
  const locked = lockfile.packages[`node_modules/${name}`]
  if (locked === undefined) throw new Error(`package-lock.json has no ${name}`)
  const path = join(cache, `${name}-${locked.version}.tgz`)
  if (!existsSync(path)) await download(`${name}@${locked.version}`, path, cache)
  const found = `sha512-${createHash('sha512').update(readFileSync(path)).digest('base64')}`
  if (found === locked.integrity) return path
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
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
