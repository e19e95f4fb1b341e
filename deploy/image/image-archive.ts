import { createHash } from 'node:crypto'
import type { Architecture } from './pins.ts'
import { type Entry, tar } from './tar.ts'

export interface Layer {
  /** What is done to make it, for `docker history`. */
  readonly comment: string
  /** The digest of the tar archive in `gzip`, in hex. */
  readonly diffId: string
  readonly gzip: Buffer
}

export interface ImageFacts {
  readonly architecture: Architecture
  /** Such as localhost/selvedge:0.1.0. */
  readonly reference: string
  /** Seconds since 1970. */
  readonly created: number
  readonly labels: Readonly<Record<string, string>>
}

export interface ImageArchive {
  /** One tar archive that is an OCI layout, and what `docker load` has always taken. */
  readonly bytes: Buffer
  /** Of the manifest, as `sha256:…`: what a registry will call this image. */
  readonly digest: string
}

const OCI = 'application/vnd.oci.image'

/** Puts layers, configuration and manifest together; the same parts give the same bytes. */
export function imageArchive(layers: readonly Layer[], facts: ImageFacts): ImageArchive {
  const { architecture, reference, created } = facts
  const blobs = layers.map(({ gzip }) => blob(gzip))
  const config = blob(configuration(layers, facts))
  const manifest = blob({
    schemaVersion: 2,
    mediaType: `${OCI}.manifest.v1+json`,
    config: descriptor(`${OCI}.config.v1+json`, config),
    layers: blobs.map((layer) => descriptor(`${OCI}.layer.v1.tar+gzip`, layer)),
    annotations: facts.labels,
  })
  const index = {
    schemaVersion: 2,
    mediaType: `${OCI}.index.v1+json`,
    manifests: [
      {
        ...descriptor(`${OCI}.manifest.v1+json`, manifest),
        platform: { architecture, os: 'linux' },
        // containerd takes the whole name from the first, others a tag from the second.
        annotations: {
          'io.containerd.image.name': reference,
          'org.opencontainers.image.ref.name': reference.slice(reference.lastIndexOf(':') + 1),
        },
      },
    ],
  }
  const forDocker = [{ Config: config.path, RepoTags: [reference], Layers: blobs.map(({ path }) => path) }]
  const files = new Map([...blobs, config, manifest].map(({ path, bytes }) => [path, bytes]))
  const entries: Entry[] = [
    { kind: 'folder', path: 'blobs' },
    { kind: 'folder', path: 'blobs/sha256' },
    ...[...files].map(([path, bytes]) => ({ kind: 'file', path, bytes }) as const),
    { kind: 'file', path: 'index.json', bytes: json(index) },
    { kind: 'file', path: 'manifest.json', bytes: json(forDocker) },
    { kind: 'file', path: 'oci-layout', bytes: json({ imageLayoutVersion: '1.0.0' }) },
  ]
  return { bytes: tar(entries, created), digest: manifest.digest }
}

function configuration(layers: readonly Layer[], { architecture, created, labels }: ImageFacts): unknown {
  const time = new Date(created * 1000).toISOString()
  return {
    created: time,
    architecture,
    os: 'linux',
    config: {
      User: '0:0',
      Env: ['PATH=/usr/sbin:/usr/bin', 'HOME=/'],
      Entrypoint: ['/usr/bin/selvedge'],
      Cmd: ['agent'],
      WorkingDir: '/',
      StopSignal: 'SIGTERM',
      Labels: labels,
    },
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => `sha256:${diffId}`) },
    history: layers.map(({ comment }) => ({ created: time, created_by: 'deploy/image/build.ts', comment })),
  }
}

interface Blob {
  readonly bytes: Buffer
  readonly digest: string
  readonly path: string
}

function blob(content: unknown): Blob {
  const bytes = Buffer.isBuffer(content) ? content : json(content)
  const hex = createHash('sha256').update(bytes).digest('hex')
  return { bytes, digest: `sha256:${hex}`, path: `blobs/sha256/${hex}` }
}

function descriptor(mediaType: string, { bytes, digest }: Blob) {
  return { mediaType, digest, size: bytes.length }
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value))
}
