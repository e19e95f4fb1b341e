import type { CompletedCommand, CompletedOption } from './completion-model.ts'

/** For `source <(selvedge completion bash)`. Needs nothing but bash. */
export function bashCompletion(commands: readonly CompletedCommand[]): string {
  const names = commands.map(({ name }) => name).join(' ')
  return `# bash completion of selvedge
_selvedge() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" command="\${COMP_WORDS[1]}"
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    mapfile -t COMPREPLY < <(compgen -W '${names}' -- "$current")
    return
  fi
  case "$command $previous" in
${commands.flatMap(valueCases).join('\n')}
  esac
  case "$current" in
    -*) ;;
    *) mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
  esac
  case "$command" in
${commands.map(flagCase).join('\n')}
  esac
}
complete -o filenames -F _selvedge selvedge
`
}

function valueCases({ name, options }: CompletedCommand): readonly string[] {
  return options.flatMap((option) => {
    const words = valueWords(option)
    if (words === undefined) return []
    const patterns = option.flags.map((flag) => `"${name} ${flag}"`).join('|')
    return [`    ${patterns}) mapfile -t COMPREPLY < <(compgen ${words} -- "$current"); return ;;`]
  })
}

function valueWords({ value }: CompletedOption): string | undefined {
  if (value === 'file') return '-f'
  return typeof value === 'string' ? undefined : `-W '${value.join(' ')}'`
}

function flagCase({ name, options }: CompletedCommand): string {
  const flags = [...options.flatMap((option) => option.flags), '--help'].join(' ')
  return `    ${name}) mapfile -t COMPREPLY < <(compgen -W '${flags}' -- "$current") ;;`
}
