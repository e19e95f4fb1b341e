import type { Command } from 'commander'

/** What can be completed, of the commands as they are: nothing here has to be kept up by hand. */
export interface CompletedCommand {
  readonly name: string
  readonly description: string
  readonly options: readonly CompletedOption[]
}

export interface CompletedOption {
  /** `--output` and, where there is one, `-o`. */
  readonly flags: readonly string[]
  readonly description: string
  readonly value: 'none' | 'file' | 'any' | readonly string[]
}

/** The commands of a program and their options. */
export function completionModel(program: Command): readonly CompletedCommand[] {
  return program.commands.map((command) => ({
    name: command.name(),
    description: command.description(),
    options: command.options.map(({ long, short, description, argChoices, flags }) => ({
      flags: [long, short].flatMap((flag) => flag ?? []),
      description,
      value: argChoices ?? valueOf(flags),
    })),
  }))
}

function valueOf(flags: string): 'none' | 'file' | 'any' {
  const placeholder = /[<[](\w+)/.exec(flags)?.[1]
  if (placeholder === undefined) return 'none'
  return placeholder === 'path' || placeholder === 'file' ? 'file' : 'any'
}
