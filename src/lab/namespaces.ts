import { execaSync } from 'execa'
import { mustRun, runCommand } from './run-command.ts'

/** Where `ip netns` keeps its names. */
export const NAMESPACE_FOLDER = '/var/run/netns'

export function namespacePath(namespace: string): string {
  return `${NAMESPACE_FOLDER}/${namespace}`
}

/**
 * The command that runs `argv` inside a namespace. nsenter, not `ip netns exec`: it leaves the mounts alone, which
 * is faster; /proc/sys/net follows the namespace anyhow, /sys does not.
 */
export function enterNamespace(namespace: string, argv: readonly string[]): string[] {
  return ['nsenter', `--net=${namespacePath(namespace)}`, '--', ...argv]
}

export async function addNamespaces(namespaces: readonly string[]): Promise<void> {
  await mustRun(['ip', '-batch', '-'], { input: batch('add', namespaces) })
}

/** Those that are gone already are no error. Links, routes and rules go with their namespace. */
export async function deleteNamespaces(namespaces: readonly string[]): Promise<void> {
  await runCommand(['ip', '-force', '-batch', '-'], { input: batch('delete', namespaces) })
}

/** For the last moments of a process, when nothing asynchronous runs any more. */
export function deleteNamespacesSync(namespaces: readonly string[]): void {
  execaSync('ip', ['-force', '-batch', '-'], { input: batch('delete', namespaces), reject: false, timeout: 10_000 })
}

function batch(verb: 'add' | 'delete', namespaces: readonly string[]): string {
  return namespaces.map((namespace) => `netns ${verb} ${namespace}\n`).join('')
}
