import { Command, CommanderError } from 'commander'
import packageJson from '../../package.json' with { type: 'json' }
import { EXIT } from './exit-codes.ts'
import { programName } from './program-name.ts'

/**
 * The program: one file a command. Commands set process.exitCode; only wrong usage ends here. An agent runs for months, and holds
 * none of what the other commands need; and `ask`, which programs run on every node, loads as little.
 */
async function createProgram(asked: string | undefined): Promise<Command> {
  const program = new Command(programName())
    .description('NetworkPolicy for clusters on Flannel: compiled to nftables, proven by packets')
    .version(packageJson.version)
    .exitOverride()
  const commands = await commandsFor(asked)
  // A command made elsewhere does not know the program's settings, and would end the process itself.
  for (const command of commands) program.addCommand(command.copyInheritedSettings(program))
  return program
}

async function commandsFor(asked: string | undefined): Promise<readonly Command[]> {
  if (asked === 'agent') return [(await import('./agent-command.ts')).agentCommand()]
  if (asked === 'ask') return [(await import('./ask-command.ts')).askCommand()]
  return (await import('./all-commands.ts')).allCommands()
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // A reader that goes away early (`| head`) is no error of ours; a full disk is nobody's, but the result is lost.
  if (error.code === 'EPIPE') return
  process.exitCode = EXIT.environment
  process.stderr.write(`standard output cannot be written: ${error.message}\n`)
})
// There is nowhere left to say it; the exit code still does.
process.stderr.on('error', () => {})

try {
  const [, , asked, ...words] = process.argv
  const program = await createProgram(asked)
  // Words that somebody is typing are no arguments: a flag among them must do nothing.
  if (asked === '__complete')
    process.stdout.write((await import('./completion/plugin-completion.ts')).pluginCompletion(program, words))
  else await program.parseAsync()
} catch (error) {
  if (!(error instanceof CommanderError)) throw error
  // Help and version are no errors; everything else that commander ends is bad usage, and it has said why.
  process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.badInput
}
