import { cpSync, mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { type BuiltImage, buildImage, defaultCache } from '../../deploy/image/build-image.ts'
import { MissingParts } from '../../deploy/image/missing-parts.ts'
import type { Architecture, Pins } from '../../deploy/image/pins.ts'
import { PROJECT_ROOT } from '../support/project-root.ts'

/** What the image is made of, but for what is downloaded. */
const SOURCES = ['LICENSE', 'bin', 'compiler', 'package-lock.json', 'package.json', 'src']

export type Built = ({ readonly kind: 'built' } & BuiltImage) | { readonly kind: 'no parts'; readonly reason: string }

/** Copies the sources of that checkout, so that nobody edits them between two builds. */
export function copySources(checkout: string, folder: string): void {
  mkdirSync(folder, { recursive: true })
  for (const name of SOURCES) cpSync(join(checkout, name), join(folder, name), { recursive: true })
  symlinkSync(join(PROJECT_ROOT, 'node_modules'), join(folder, 'node_modules'))
}

export async function build(root: string, architecture: Architecture, pins?: Pins): Promise<Built> {
  const place = { root, cache: defaultCache(), reference: 'localhost/selvedge:test' }
  const commit = { revision: 'test', epoch: 1_700_000_000, locked: false }
  try {
    const image = await buildImage({ ...place, ...commit, architecture, ...(pins === undefined ? {} : { pins }) })
    return { kind: 'built', ...image }
  } catch (error) {
    if (!(error instanceof MissingParts)) throw error
    return { kind: 'no parts', reason: error.message }
  }
}
