import { namespacePath } from './namespaces.ts'

export interface NamespaceCommands {
  readonly namespace: string
  /** Lines of shell, run with `sh -e` inside the namespace. */
  readonly commands: readonly string[]
}

/** Shell lines that run the commands of all namespaces at once and wait for all; the script fails when one does. */
export function inParallel(all: readonly NamespaceCommands[]): string {
  const lines = ['running=""']
  for (const { namespace, commands } of all) {
    if (commands.length === 0) continue
    lines.push(`nsenter --net=${namespacePath(namespace)} sh -e <<'END-OF-NAMESPACE' &`)
    for (const command of commands) lines.push(command)
    lines.push('END-OF-NAMESPACE', 'running="$running $!"')
  }
  lines.push('for process in $running; do wait "$process" || exit 1; done')
  return lines.join('\n')
}

/** Shell lines that hand the input lines to a program; none when there are none. */
export function feed(program: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`${program} <<'END-OF-INPUT'`, ...lines, 'END-OF-INPUT']
}
