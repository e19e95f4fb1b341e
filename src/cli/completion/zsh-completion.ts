import type { CompletedCommand, CompletedOption } from './completion-model.ts'

/** For `source <(selvedge completion zsh)`, after compinit. */
export function zshCompletion(commands: readonly CompletedCommand[]): string {
  const names = commands.map(({ name, description }) => `    ${quoted(`${name}:${described(description)}`)}`).join('\n')
  return `#compdef selvedge
_selvedge() {
  local -a commands
  commands=(
${names}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command="\${words[2]}"
  shift words
  (( CURRENT-- ))
  case "$command" in
${commands.map(commandCase).join('\n')}
  esac
}
compdef _selvedge selvedge
`
}

function commandCase({ name, options }: CompletedCommand): string {
  const specs = options.flatMap(optionSpecs).map((spec) => `      ${quoted(spec)}`)
  return [`    ${name}) _arguments \\`, ...specs.map((spec) => `${spec} \\`), `      '*:file:_files' ;;`].join('\n')
}

function optionSpecs({ flags, description, value }: CompletedOption): readonly string[] {
  const action =
    value === 'file'
      ? ':file:_files'
      : value === 'any'
        ? ':value:'
        : value === 'none'
          ? ''
          : `:value:(${value.join(' ')})`
  return flags.map((flag) => `*${flag}[${described(description).replaceAll(/[[\]]/g, '')}]${action}`)
}

/** A colon would end a description. */
function described(text: string): string {
  return text.replaceAll(':', ' -')
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
