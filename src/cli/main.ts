import { Command, CommanderError } from 'commander'
import packageJson from '../../package.json' with { type: 'json' }
import { ALL_COMMANDS, standIn } from './all-commands.ts'
import { EXIT } from './exit-codes.ts'
import { programName } from './program-name.ts'

/**
 * The program: one file a command. Commands set process.exitCode; only wrong usage ends here. Only the command that is asked for is
 * loaded: an agent runs for months, and holds none of what the others need; and the help is there at once.
 */
async function createProgram(words: readonly string[]): Promise<Command> {
  const program = new Command(programName())
    .description('NetworkPolicy for clusters on Flannel: compiled to nftables, proven by packets')
    .version(packageJson.version)
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(withHint(program, text)) })
  // A command made elsewhere does not know the program's settings, and would end the process itself.
  for (const command of await commandsFor(words)) program.addCommand(command.copyInheritedSettings(program))
  return program
}

/**
 * What is wrong with the arguments, as commander says it; manifests behind a command that takes no arguments are a habit of other
 * tools, and so is a -f that takes one word. Of a command with arguments of its own nobody knows which word is one too many.
 */
function withHint({ commands, args }: Command, text: string): string {
  const command = commands.find((one) => one.name() === args[0])
  if (command === undefined || !command.options.some(({ long }) => long === '--filename')) return text
  if (text.startsWith('error: too many arguments') && command.registeredArguments.length === 0)
    return `${text.trimEnd()} Manifests are given with -f: -f ${command.args.join(' ')}\n`
  const files: unknown = command.opts()['filename']
  if (/^error: (missing required argument|say FROM)/.test(text) && Array.isArray(files) && files.length > 1)
    return `${text.trimEnd()}. -f takes every word behind it (${files.join(' ')}): put it last\n`
  return text
}

function commandsFor(words: readonly string[]): Promise<readonly Command[]> {
  // The program itself has no option with a value, so the first word without a dash is the command.
  const asked = words.find((word) => !word.startsWith('-')) ?? ''
  // What programs run on every node; no help tells of it.
  if (asked === 'ask') return import('./ask-command.ts').then(({ askCommand }) => [askCommand()])
  const isAboutAll = ['help', 'completion', '__complete'].includes(asked)
  return Promise.all(
    ALL_COMMANDS.map(async (listed) => (isAboutAll || listed.name === asked ? listed.load() : standIn(listed))),
  )
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
  const [, , ...given] = process.argv
  const [asked, ...words] = given
  const program = await createProgram(given)
  // Words that somebody is typing are no arguments: a flag among them must do nothing.
  if (asked === '__complete')
    process.stdout.write((await import('./completion/plugin-completion.ts')).pluginCompletion(program, words))
  else await program.parseAsync()
} catch (error) {
  if (!(error instanceof CommanderError)) throw error
  // Help and version are no errors; everything else that commander ends is bad usage, and it has said why.
  process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.badInput
}
