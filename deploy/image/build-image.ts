import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { type ImageArchive, imageArchive, type Layer } from './image-archive.ts'
import { machineLayer, programLayer } from './layers.ts'
import { type Architecture, type Pins, readPins, snapshotSeconds } from './pins.ts'
import { sbom } from './sbom.ts'
import { type Entry, tar } from './tar.ts'

export interface ImageRequest {
  /** The checkout, with its node_modules. */
  readonly root: string
  readonly architecture: Architecture
  readonly reference: string
  /** Where downloads and compressed layers are kept. */
  readonly cache: string
  /** The commit's hash, for the label; 'unknown' outside of git. */
  readonly revision: string
  /** The commit's time, seconds since 1970. */
  readonly epoch: number
  /** The pinned bytes or none. */
  readonly locked: boolean
  /** Those of pins.json, unless given. */
  readonly pins?: Pins
}

export interface BuiltImage extends ImageArchive {
  /** SPDX 2.3, JSON. */
  readonly sbom: string
  /** Packages that are not the pinned bytes, as `name=version instead of version`. */
  readonly notPinned: readonly string[]
}

/** ${XDG_CACHE_HOME:-~/.cache}/selvedge/image */
export function defaultCache(): string {
  return join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'selvedge', 'image')
}

export function programVersion(root: string): string {
  return (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string }).version
}

/**
 * Builds the image of one architecture, whatever this machine is. The same commit and pins give the same digest, as long as
 * the pinned bytes can be had; where they cannot the image says so. Rejects with MissingParts.
 */
export async function buildImage(request: ImageRequest): Promise<BuiltImage> {
  const { root, architecture, cache, locked, epoch, pins = readPins() } = request
  const version = programVersion(root)
  const machine = await machineLayer(root, { pins, architecture, cache, locked })
  const program = await programLayer(root, version)
  const notPinned = [...machine.packages].flatMap(([name, { version: used, insteadOf }]) =>
    insteadOf === undefined ? [] : [`${name}=${used} instead of ${insteadOf}`],
  )
  const nft = machine.packages.get('nftables')?.version
  const layers = [
    // Of the pins' time, not the commit's: as long as the pins stay it is the same layer, and no node fetches it again.
    await layer(
      machine.entries,
      snapshotSeconds(pins.snapshot),
      `Node, nft ${nft}, conntrack and their libraries`,
      cache,
    ),
    await layer(program.entries, epoch, `Selvedge ${version}`, cache),
  ]
  const archive = imageArchive(layers, {
    architecture,
    reference: request.reference,
    created: epoch,
    labels: {
      'org.opencontainers.image.title': 'Selvedge',
      'org.opencontainers.image.description': 'NetworkPolicy for clusters on Flannel: compiled to nftables',
      'org.opencontainers.image.licenses': 'Apache-2.0',
      'org.opencontainers.image.version': version,
      'org.opencontainers.image.revision': request.revision,
      'org.opencontainers.image.created': new Date(epoch * 1000).toISOString(),
      'selvedge.pins': pins.snapshot,
      ...(notPinned.length === 0 ? {} : { 'selvedge.not-the-pinned-bytes': notPinned.join(', ') }),
    },
  })
  const comment = notPinned.length === 0 ? {} : { comment: `not the pinned bytes: ${notPinned.join(', ')}` }
  const subject = { version, architecture, digest: archive.digest, created: epoch, ...comment }
  return { ...archive, notPinned, sbom: sbom(subject, [...machine.parts, ...program.parts]) }
}

async function layer(entries: readonly Entry[], seconds: number, comment: string, cache: string): Promise<Layer> {
  const archive = tar(entries, seconds)
  const diffId = createHash('sha256').update(archive).digest('hex')
  const path = join(cache, `${diffId}.tar.gz`)
  if (!existsSync(path)) {
    // GNU gzip: its output is the same on every processor, which that of zlib in Node is not bound to be.
    const { stdout } = await execa('gzip', ['--no-name', '-6'], { input: archive, encoding: 'buffer', maxBuffer: 1e9 })
    mkdirSync(cache, { recursive: true })
    writeFileSync(`${path}.${process.pid}`, stdout)
    renameSync(`${path}.${process.pid}`, path)
  }
  return { comment, diffId, gzip: readFileSync(path) }
}
