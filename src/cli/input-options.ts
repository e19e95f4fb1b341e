import type { Command } from 'commander'

/** `-f`, `-n` and what else every command that reads manifests understands; the habits are kubectl's. */
export function addInputOptions(command: Command): Command {
  return command
    .requiredOption(
      '-f, --filename <path...>',
      'manifests: files, directories (with their subfolders), or - for standard input; repeatable',
    )
    .option('-n, --namespace <name>', 'namespace of objects that do not say theirs', 'default')
    .option('--pod-cidr <cidr>', 'range from which workloads without pods get their addresses', '10.244.0.0/16')
}
