import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { parse } from 'yaml'
import { type Fields, isFields } from '../../../compiler/objects/read-fields.ts'
import { isServer } from './kubeconfig-files.ts'
import type { Target } from './target.ts'

/**
 * What is understood here, by the names of client-go's clientcmd/api/v1. Where a file says more (credential plugins,
 * impersonation), the client library reads it, and it says what is wrong with one that cannot be read.
 */
const CLUSTER_FIELDS = new Set([
  'server',
  'certificate-authority',
  'certificate-authority-data',
  'tls-server-name',
  'insecure-skip-tls-verify',
  'proxy-url',
])
const USER_FIELDS = new Set([
  'client-certificate',
  'client-certificate-data',
  'client-key',
  'client-key-data',
  'token',
  'tokenFile',
])

/** A part of a kubeconfig, and the folder that its paths start from. */
interface Part {
  readonly fields: Fields
  readonly folder: string
}

/**
 * Reads kubeconfigs without the client library, which takes 20 MiB of memory and half a second. What comes back reads the files
 * that the kubeconfig names, each time anew; undefined: this is for the library. Throws what fs, yaml and URL throw.
 */
export function plainKubeconfig(
  files: readonly string[],
  wantedContext: string | undefined,
): (() => Target) | undefined {
  const configs = files.map(
    (file): Part => ({ fields: fieldsOf(parse(readFileSync(file, 'utf8'))), folder: dirname(file) }),
  )
  const wanted = wantedContext ?? configs.map(({ fields }) => fields['current-context']).find(Boolean)
  const context = find(configs, 'contexts', 'context', wanted)
  const cluster = context && find(configs, 'clusters', 'cluster', context.fields['cluster'])
  // A user that is not there is nobody, as for kubectl.
  const user = context && (find(configs, 'users', 'user', context.fields['user']) ?? { fields: {}, folder: '' })
  if (cluster === undefined || user === undefined) return undefined
  if (!isServer(textOf(cluster, 'server'))) return undefined
  if (!holdsOnly(cluster, CLUSTER_FIELDS) || !holdsOnly(user, USER_FIELDS)) return undefined
  return () => {
    const token = textOf(user, 'tokenFile') === undefined ? textOf(user, 'token') : read(user, 'tokenFile')?.toString()
    return {
      server: new URL(textOf(cluster, 'server') ?? ''),
      headers: token === undefined ? {} : { authorization: `Bearer ${token.trim()}` },
      tls: {
        ca: read(cluster, 'certificate-authority'),
        cert: read(user, 'client-certificate'),
        key: read(user, 'client-key'),
        servername: textOf(cluster, 'tls-server-name'),
        rejectUnauthorized: cluster.fields['insecure-skip-tls-verify'] === true ? false : undefined,
      },
      proxy: textOf(cluster, 'proxy-url'),
    }
  }
}

/** The first of a name counts, whichever file it is in. */
function find(configs: readonly Part[], list: string, key: string, name: unknown): Part | undefined {
  for (const { fields, folder } of configs) {
    const items: readonly unknown[] = Array.isArray(fields[list]) ? fields[list] : []
    const found = items.find((item) => isFields(item) && item['name'] === name)
    if (isFields(found)) return { fields: fieldsOf(found[key]), folder }
  }
  return undefined
}

function holdsOnly({ fields }: Part, known: ReadonlySet<string>): boolean {
  return Object.entries(fields).every(
    ([name, value]) => known.has(name) && (typeof value === 'string' || typeof value === 'boolean'),
  )
}

/** Empty is as good as absent. */
function textOf({ fields }: Part, name: string): string | undefined {
  const value = fields[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** What stands in the file itself before what stands in another. */
function read(part: Part, name: string): Buffer | undefined {
  const data = textOf(part, `${name}-data`)
  if (data !== undefined) return Buffer.from(data, 'base64')
  const path = textOf(part, name)
  return path === undefined ? undefined : readFileSync(resolve(part.folder, path))
}

function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {}
}
