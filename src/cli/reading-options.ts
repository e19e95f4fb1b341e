import { type Command, Option } from 'commander'
import type { AuditOptions } from '../../compiler/objects/is-audited.ts'
import { checkDnsLabel } from '../../compiler/objects/name-syntax.ts'
import { addAuditOptions } from './audit-options.ts'
import { kustomizeOption, nameParser } from './input-options.ts'

/** The flags of the commands that only read: manifests with `-f`, the live cluster without it. */
export interface ReadingFlags extends AuditOptions {
  readonly filename?: readonly string[]
  readonly kustomize?: readonly string[]
  readonly namespace: string
  readonly podCidr: string
  readonly kubeconfig?: string
  readonly context?: string
  /** False: audited policies are what the command is about, and no note beside it. */
  readonly tellsAudited?: boolean
  /** Is told why the live cluster cannot be read; undefined: standard error is, and that manifests would do. */
  readonly unreadable?: ((reason: string) => void) | undefined
}

/** Is it about manifests, not about the live cluster? */
export function isOfManifests({ filename, kustomize }: Pick<ReadingFlags, 'filename' | 'kustomize'>): boolean {
  return filename !== undefined || kustomize !== undefined
}

/** What `-n` means where it narrows the answer as well. */
const NARROWS = 'only of this namespace; and that of names and objects that do not say theirs'

/** The namespace that was said; undefined: all are asked about. */
export function saidNamespace({ namespace }: Pick<ReadingFlags, 'namespace'>, command: Command): string | undefined {
  return command.getOptionValueSource('namespace') === 'default' ? undefined : namespace
}

/**
 * `-f`, `-k`, `-n`, `--kubeconfig`, `--context`, `--pod-cidr`; the habits are kubectl's. `narrowing`: without `-n` the answer is about
 * all namespaces (`saidNamespace`). And what the agents take for audited policies.
 */
export function addReadingOptions(command: Command, narrowing?: 'narrowing'): Command {
  command
    .option(
      '-f, --filename <path...>',
      'manifests: files, directories (with their subfolders), or - for standard input (default: the live cluster)',
    )
    .addOption(kustomizeOption())
    .addOption(
      new Option(
        '-n, --namespace <name>',
        narrowing === undefined ? 'namespace of names and objects that do not say theirs' : NARROWS,
      )
        .argParser(nameParser(checkDnsLabel))
        .default('default', narrowing === undefined ? undefined : 'all'),
    )
    .option('--kubeconfig <file>', 'of the cluster to read (default: as kubectl finds it, or the service account)')
    .option('--context <name>', 'of the kubeconfig (default: its current one)')
    .option('--pod-cidr <cidr>', 'range from which workloads without pods get their addresses', '10.244.0.0/16')
  return addAuditOptions(command)
}
