import { cpSync, mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { buildImage, defaultCache } from '../../deploy/image/build-image.ts'
import type { Architecture } from '../../deploy/image/pins.ts'
import { PROJECT_ROOT } from '../support/project-root.ts'

/** What the image is made of, but for what is downloaded. */
const SOURCES = ['LICENSE', 'bin', 'compiler', 'package-lock.json', 'package.json', 'src']
const NO_NETWORK = /cannot be had|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH/

export type Built =
  | { readonly kind: 'built'; readonly bytes: Buffer; readonly digest: string }
  | { readonly kind: 'no parts'; readonly reason: string }

/** Copies the sources of that checkout, so that nobody edits them between two builds. */
export function copySources(checkout: string, folder: string): void {
  mkdirSync(folder, { recursive: true })
  for (const name of SOURCES) cpSync(join(checkout, name), join(folder, name), { recursive: true })
  symlinkSync(join(PROJECT_ROOT, 'node_modules'), join(folder, 'node_modules'))
}

export async function build(root: string, architecture: Architecture): Promise<Built> {
  const reference = 'localhost/selvedge:test'
  try {
    const request = { root, architecture, reference, cache: defaultCache(), revision: 'test', epoch: 1_700_000_000 }
    return { kind: 'built', ...(await buildImage(request)) }
  } catch (error) {
    if (!(error instanceof Error) || !NO_NETWORK.test(error.message)) throw error
    return { kind: 'no parts', reason: error.message }
  }
}
