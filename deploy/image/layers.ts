import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { bundleProgram } from './bundle-program.ts'
import { debianFiles } from './debian-files.ts'
import { type FetchedNode, fetchNode } from './fetch-node.ts'
import { type FetchedPackage, fetchPackages, type PackageRequest } from './fetch-packages.ts'
import type { Architecture } from './pins.ts'
import type { Part } from './sbom.ts'
import type { Entry } from './tar.ts'

const HOME = 'usr/lib/selvedge'

/** Who the programs below are of, for scanners: Debian's stable, whatever the point release. */
const OS_RELEASE = `PRETTY_NAME="Debian GNU/Linux 13 (trixie)"
NAME="Debian GNU/Linux"
VERSION_ID="13"
VERSION="13 (trixie)"
VERSION_CODENAME=trixie
ID=debian
`

export interface LayerContent {
  readonly entries: readonly Entry[]
  readonly parts: readonly Part[]
}

export interface MachineContent extends LayerContent {
  readonly packages: ReadonlyMap<string, FetchedPackage>
}

/** The layer that changes with the pins only: Node, nft, conntrack and what these need. Some 140 MB. */
export async function machineLayer(root: string, request: PackageRequest): Promise<MachineContent> {
  const { architecture, cache } = request
  const [packages, fetchedNode] = await Promise.all([fetchPackages(request), fetchNode(root, architecture, cache)])
  const { program: node, licence } = await unpackNode(fetchedNode.path)
  const fromDebian = await debianFiles(packages, architecture, [node])
  const parts = [...debianParts(packages, architecture), nodePart(fetchedNode)]
  const entries = withFolders([
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
    text('usr/lib/os-release', OS_RELEASE),
    { kind: 'file', path: 'usr/bin/node', bytes: node, mode: 0o755 },
    { kind: 'file', path: 'usr/share/doc/node/LICENSE', bytes: licence },
    ...fromDebian,
  ])
  return { entries, parts, packages }
}

function debianParts(packages: ReadonlyMap<string, FetchedPackage>, architecture: Architecture): readonly Part[] {
  return [...packages].map(([name, { version, sha256, insteadOf }]) => ({
    name,
    version,
    purl: `pkg:deb/debian/${encodeURIComponent(name)}@${encodeURIComponent(version)}?arch=${architecture}`,
    checksum: { algorithm: 'SHA256', hex: sha256 },
    ...(insteadOf === undefined ? {} : { comment: `not the pinned bytes: ${insteadOf} was pinned` }),
  }))
}

function nodePart({ name, version, sha512 }: FetchedNode): Part {
  const purl = `pkg:npm/${name}@${version}`
  return { name, version, purl, licence: 'MIT', checksum: { algorithm: 'SHA512', hex: sha512 } }
}

/** The layer of Selvedge itself: some megabytes, the only ones that an upgrade moves. */
export async function programLayer(root: string, version: string): Promise<LayerContent> {
  const { program, thirdParty, parts } = await bundleProgram(root)
  const launcher = readFileSync(join(root, 'bin', 'selvedge.js'), 'utf8')
  const entries = withFolders([
    ...[...program].map(([name, bytes]) => ({ kind: 'file', path: `${HOME}/dist/cli/${name}`, bytes }) as const),
    { kind: 'file', path: `${HOME}/THIRD-PARTY`, bytes: thirdParty },
    { kind: 'file', path: `${HOME}/LICENSE`, bytes: readFileSync(join(root, 'LICENSE')) },
    text(`${HOME}/package.json`, `${JSON.stringify({ name: 'selvedge', version, type: 'module' })}\n`),
    // There is no env in the image to look for Node.
    { ...text(`${HOME}/bin/selvedge.js`, launcher.replace(/^#!.*/, '#!/usr/bin/node')), mode: 0o755 },
    ...['selvedge', 'kubectl-selvedge', 'kubectl_complete-selvedge'].map(
      (name) => ({ kind: 'link', path: `usr/bin/${name}`, target: '../lib/selvedge/bin/selvedge.js' }) as const,
    ),
  ])
  return { entries, parts }
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
