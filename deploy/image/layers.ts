import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { bundleProgram } from './bundle-program.ts'
import { debianFiles } from './debian-files.ts'
import { fetchNode } from './fetch-node.ts'
import { fetchPackages } from './fetch-packages.ts'
import type { Architecture, Pins } from './pins.ts'
import type { Entry } from './tar.ts'

const HOME = 'usr/lib/selvedge'

/** The layer that changes with the pins only: Node, nft, conntrack and what these need. Some 140 MB. */
export async function machineLayer(
  root: string,
  pins: Pins,
  architecture: Architecture,
  cache: string,
): Promise<readonly Entry[]> {
  const [packages, tarball] = await Promise.all([
    fetchPackages(pins, architecture, cache),
    fetchNode(root, architecture, cache),
  ])
  const { program: node, licence } = await unpackNode(tarball)
  const fromDebian = await debianFiles(packages, architecture, [node])
  return withFolders([
    { kind: 'link', path: 'lib', target: 'usr/lib' },
    ...(architecture === 'amd64' ? [{ kind: 'link', path: 'lib64', target: 'usr/lib64' } as const] : []),
    // Where the runtime mounts what every container has, also when the rest is read-only.
    ...['dev', 'proc', 'run', 'sys'].map((path) => ({ kind: 'folder', path }) as const),
    { kind: 'folder', path: 'tmp', mode: 0o1777 },
    { kind: 'link', path: 'var/run', target: '../run' },
    text('etc/passwd', 'root:x:0:0:root:/:/nologin\nnonroot:x:65532:65532:nonroot:/:/nologin\n'),
    text('etc/group', 'root:x:0:\nnonroot:x:65532:\n'),
    text('etc/nsswitch.conf', 'passwd: files\ngroup: files\nprotocols: files\nhosts: files dns\n'),
    { kind: 'link', path: 'etc/os-release', target: '../usr/lib/os-release' },
    { kind: 'file', path: 'usr/bin/node', bytes: node, mode: 0o755 },
    { kind: 'file', path: 'usr/share/doc/node/LICENSE', bytes: licence },
    ...fromDebian,
  ])
}

/** The layer of Selvedge itself: some megabytes, the only ones that an upgrade moves. */
export async function programLayer(root: string, version: string): Promise<readonly Entry[]> {
  const { program, thirdParty } = await bundleProgram(root)
  const launcher = readFileSync(join(root, 'bin', 'selvedge.js'), 'utf8')
  return withFolders([
    { kind: 'file', path: `${HOME}/dist/cli/main.js`, bytes: program },
    { kind: 'file', path: `${HOME}/THIRD-PARTY`, bytes: thirdParty },
    { kind: 'file', path: `${HOME}/LICENSE`, bytes: readFileSync(join(root, 'LICENSE')) },
    text(`${HOME}/package.json`, `${JSON.stringify({ name: 'selvedge', version, type: 'module' })}\n`),
    // There is no env in the image to look for Node.
    { ...text(`${HOME}/bin/selvedge.js`, launcher.replace(/^#!.*/, '#!/usr/bin/node')), mode: 0o755 },
    { kind: 'link', path: 'usr/bin/selvedge', target: '../lib/selvedge/bin/selvedge.js' },
  ])
}

function text(path: string, content: string): Extract<Entry, { kind: 'file' }> {
  return { kind: 'file', path, bytes: Buffer.from(content) }
}

/** Adds the folders above, so that their rights never depend on who unpacks. */
function withFolders(entries: readonly Entry[]): readonly Entry[] {
  const named = new Set(entries.map(({ path }) => path))
  const folders = new Set<string>()
  for (const { path } of entries) {
    const parts = path.split('/')
    for (let length = 1; length < parts.length; length += 1) folders.add(parts.slice(0, length).join('/'))
  }
  return [
    ...entries,
    ...[...folders].filter((path) => !named.has(path)).map((path) => ({ kind: 'folder', path }) as const),
  ]
}

async function unpackNode(tarball: string): Promise<{ readonly program: Buffer; readonly licence: Buffer }> {
  const folder = mkdtempSync(join(tmpdir(), 'selvedge-node-'))
  try {
    await execa('tar', ['-xzf', tarball, '-C', folder, 'package/bin/node', 'package/LICENSE'])
    const read = (path: string) => readFileSync(join(folder, 'package', path))
    return { program: read('bin/node'), licence: read('LICENSE') }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
