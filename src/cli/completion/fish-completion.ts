import type { CompletedCommand, CompletedOption } from './completion-model.ts'

/** For `selvedge completion fish | source`. */
export function fishCompletion(commands: readonly CompletedCommand[]): string {
  const lines = ['# fish completion of selvedge', 'complete -c selvedge -f -n __fish_use_subcommand']
  for (const { name, description, options } of commands) {
    lines.push(`complete -c selvedge -n __fish_use_subcommand -a ${name} -d ${quoted(description)}`)
    for (const option of options) lines.push(optionLine(name, option))
  }
  return `${lines.join('\n')}\n`
}

function optionLine(command: string, { flags, description, value }: CompletedOption): string {
  const names = flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`)).join(' ')
  const values =
    value === 'none' ? '' : value === 'file' ? ' -r -F' : value === 'any' ? ' -x' : ` -x -a ${quoted(value.join(' '))}`
  return `complete -c selvedge -n '__fish_seen_subcommand_from ${command}' ${names}${values} -d ${quoted(description)}`
}

/** Within single quotes fish knows two escapes. */
function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}
