import { type Command, InvalidArgumentError, Option } from 'commander'
import { checkDnsLabel, type NameCheck } from '../../compiler/objects/name-syntax.ts'

/** `-k`, of every command that reads manifests. */
export function kustomizeOption(): Option {
  return new Option(
    '-k, --kustomize <directory...>',
    'kustomizations, built by kustomize or kubectl, whichever is in PATH; without plugins, and without network, or where ' +
      'the machine allows no network namespace, with a proxy that leads nowhere',
  )
}

/** `-f`, `-n` and what else every command that reads manifests understands; the habits are kubectl's. */
export function addInputOptions(command: Command): Command {
  return command
    .option(
      '-f, --filename <path...>',
      'manifests: files, directories (with their subfolders), or - for standard input; repeatable',
    )
    .addOption(kustomizeOption())
    .option(
      '-n, --namespace <name>',
      'namespace of objects that do not say theirs',
      nameParser(checkDnsLabel),
      'default',
    )
    .option('--pod-cidr <cidr>', 'range from which workloads without pods get their addresses', '10.244.0.0/16')
}

/** Takes a name of that syntax only: of another one there can be no object, and `--node "$UNSET"` would open every pod. */
export function nameParser(check: NameCheck): (text: string) => string {
  return (text) => {
    const [problem] = check(text)
    if (problem !== undefined) throw new InvalidArgumentError(`${problem}.`)
    return text
  }
}
