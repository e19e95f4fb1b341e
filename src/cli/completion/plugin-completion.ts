import type { Command } from 'commander'
import { type CompletedCommand, completionModel } from './completion-model.ts'

/** What kubectl does with the words (cobra's ShellCompDirective): completes files, or nothing besides. */
const FILES = ':0'
const NO_FILES = ':4'

/** For `kubectl_complete-selvedge`: what the last of the words may become, one a line, each with its description, then a directive. */
export function pluginCompletion(program: Command, words: readonly string[]): string {
  const { offers, directive } = complete(completionModel(program), words)
  return `${[...offers, directive].join('\n')}\n`
}

interface Completion {
  readonly offers: readonly string[]
  readonly directive: string
}

function complete(commands: readonly CompletedCommand[], words: readonly string[]): Completion {
  const current = words.at(-1) ?? ''
  const starting = (offers: readonly string[]): Completion => ({
    offers: offers.filter((offer) => offer.startsWith(current)),
    directive: NO_FILES,
  })
  if (words.length <= 1) return starting(commands.map(({ name, description }) => `${name}\t${description}`))
  const command = commands.find(({ name }) => name === words[0])
  const before = command?.options.find(({ flags }) => flags.includes(words.at(-2) ?? ''))
  if (before !== undefined && typeof before.value !== 'string') return starting(before.value)
  if (before?.value === 'any') return starting([])
  if (before?.value !== 'file' && current.startsWith('-')) {
    const flags =
      command?.options.flatMap((option) => option.flags.map((flag) => `${flag}\t${option.description}`)) ?? []
    return starting([...flags, '--help'])
  }
  return { offers: [], directive: FILES }
}
