import { Command, CommanderError } from 'commander'
import packageJson from '../../package.json' with { type: 'json' }
import { agentCommand } from './agent-command.ts'
import { bootHoldCommand } from './boot-hold-command.ts'
import { compileCommand } from './compile-command.ts'
import { demoCommand } from './demo-command.ts'
import { completionCommand } from './completion-command.ts'
import { deniedCommand } from './denied-command.ts'
import { diffCommand } from './diff-command.ts'
import { doctorCommand } from './doctor-command.ts'
import { EXIT } from './exit-codes.ts'
import { explainCommand } from './explain-command.ts'
import { graphCommand } from './graph-command.ts'
import { lintCommand } from './lint-command.ts'
import { policiesCommand } from './policies-command.ts'
import { reviewCommand } from './review-command.ts'
import { statusCommand } from './status-command.ts'
import { testCommand } from './test-command.ts'
import { uninstallCommand } from './uninstall-command.ts'

/** The program: one file a command. Commands set process.exitCode; only wrong usage ends here. */
function createProgram(): Command {
  const program = new Command('selvedge')
    .description('NetworkPolicy for clusters on Flannel: compiled to nftables, proven by packets')
    .version(packageJson.version)
    .exitOverride()
  // A command made elsewhere does not know the program's settings, and would end the process itself.
  const commands = [
    compileCommand(),
    explainCommand(),
    graphCommand(),
    diffCommand(),
    policiesCommand(),
    lintCommand(),
    testCommand(),
    reviewCommand(),
    agentCommand(),
    statusCommand(),
    deniedCommand(),
    doctorCommand(),
    uninstallCommand(),
    bootHoldCommand(),
    demoCommand(),
    completionCommand(),
  ]
  for (const command of commands) program.addCommand(command.copyInheritedSettings(program))
  return program
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
  await createProgram().parseAsync()
} catch (error) {
  if (!(error instanceof CommanderError)) throw error
  // Help and version are no errors; everything else that commander ends is bad usage, and it has said why.
  process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.badInput
}
