import { TABLE } from '../../compiler/nftables/statement-text.ts'

/** One commit to the kernel's ruleset, whoever made it. */
export interface Commit {
  /** Counts the commits of this network namespace. */
  readonly generation: number
  /** In the outermost pid namespace, wherever `nft monitor` runs (kernel: task_pid_nr). */
  readonly pid: number
  /** The process's name as the kernel has it: 15 bytes at most. */
  readonly name: string
}

export type MonitorLine =
  | { readonly kind: 'commit'; readonly commit: Commit }
  /** Part of a commit that touches our table. */
  | { readonly kind: 'our-table' }
  /** Part of a commit that touches another one, which is daily work of kube-proxy. */
  | { readonly kind: 'other-table' }
  /** nft could not keep up, or reading failed: commits are missing. */
  | { readonly kind: 'lost'; readonly message: string }
  | { readonly kind: 'other' }

/** Reads a line of `nft monitor`, which names what a commit changed and then the commit. */
export function readMonitorLine(line: string): MonitorLine {
  const commit = /^# new generation (\d+) by process (\d+) \((.*?)\)?$/.exec(line)
  if (commit !== null) {
    const [, generation, pid, name = ''] = commit
    return { kind: 'commit', commit: { generation: Number(generation), pid: Number(pid), name } }
  }
  if (line.startsWith('# ERROR')) return { kind: 'lost', message: line.slice(2) }
  const table = /^\w+ \w+ (\w+ \S+)(?: |$)/.exec(line)?.[1]
  return { kind: table === undefined ? 'other' : table === TABLE ? 'our-table' : 'other-table' }
}
