import { Help } from 'commander'
import { expect, test } from 'vitest'
import { ALL_COMMANDS, standIn } from '../../src/cli/all-commands.ts'

test.each(ALL_COMMANDS.map((listed) => [listed.name, listed] as const))(
  'the help tells of %s what the command says of itself',
  async (_, listed) => {
    const help = new Help()
    const [command, told] = [await listed.load(), standIn(listed)]
    expect(help.subcommandTerm(told)).toBe(help.subcommandTerm(command))
    expect(help.subcommandDescription(told)).toBe(help.subcommandDescription(command))
    expect(told.aliases()).toEqual(command.aliases())
  },
)
