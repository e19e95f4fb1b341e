import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import { parse } from 'yaml'
import { isFields } from '../../../compiler/objects/read-fields.ts'

/**
 * The kubeconfig files to read, as kubectl has it: the one that was named; else those of $KUBECONFIG that exist; else
 * ~/.kube/config if it exists. None: there is only the service account.
 */
export function kubeconfigFiles(named: string | undefined): readonly string[] {
  if (named !== undefined) return [named]
  const listed = (process.env['KUBECONFIG'] ?? '').split(delimiter).filter((file) => file !== '')
  const candidates = listed.length > 0 ? listed : [join(homedir(), '.kube', 'config')]
  return candidates.filter((file) => existsSync(file))
}

/** `localhost:6443` is a URL as well, of the scheme `localhost`. */
export function isServer(text: string | undefined): boolean {
  return text !== undefined && /^https?:/i.test(text) && URL.canParse(text)
}

/** users[].user.tokenFile, which @kubernetes/client-node does not read: user name to absolute path. Throws what yaml and fs throw. */
export function tokenFiles(file: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  const config: unknown = parse(readFileSync(file, 'utf8'))
  const users: readonly unknown[] = isFields(config) && Array.isArray(config['users']) ? config['users'] : []
  for (const item of users) {
    if (!isFields(item) || typeof item['name'] !== 'string' || !isFields(item['user'])) continue
    const tokenFile = item['user']['tokenFile']
    if (typeof tokenFile === 'string' && tokenFile !== '') {
      found.set(item['name'], resolve(dirname(file), tokenFile))
    }
  }
  return found
}
