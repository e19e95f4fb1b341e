import { readFileSync } from 'node:fs'

export const ARCHITECTURES = ['amd64', 'arm64'] as const
/** As Debian and OCI call it. */
export type Architecture = (typeof ARCHITECTURES)[number]

/** One build of a package: rebuilt for one architecture alone, it has a version of its own there. */
export interface PinnedPackage {
  readonly version: string
  /** Of the .deb, in hex. */
  readonly sha256: string
}

/** What the image takes from Debian, to the byte: pins.json. */
export interface Pins {
  /** When these were the newest, as snapshot.debian.org names it; the time stamp of the files, too. */
  readonly snapshot: string
  readonly packages: Readonly<Record<string, Readonly<Record<Architecture, PinnedPackage>>>>
}

export const PINS_FILE: URL = new URL('pins.json', import.meta.url)

/** How the kernel, npm and Debian call the same machine. */
export const MACHINES: Readonly<Record<Architecture, Machine>> = {
  amd64: { npm: 'x64', triplet: 'x86_64-linux-gnu', elf: 62 },
  arm64: { npm: 'arm64', triplet: 'aarch64-linux-gnu', elf: 183 },
}

export interface Machine {
  /** In the name of the package node-linux-… */
  readonly npm: string
  /** The folder of shared libraries below /usr/lib. */
  readonly triplet: string
  /** e_machine. */
  readonly elf: number
}

export function readPins(): Pins {
  return JSON.parse(readFileSync(PINS_FILE, 'utf8')) as Pins
}

/** Seconds since 1970 of a stamp such as 20261121T120000Z. */
export function snapshotSeconds(snapshot: string): number {
  const iso = snapshot.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z')
  const seconds = Date.parse(iso) / 1000
  if (!Number.isInteger(seconds)) throw new Error(`no snapshot is called ${snapshot}`)
  return seconds
}
