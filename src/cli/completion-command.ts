import { Argument, Command } from 'commander'
import { bashCompletion } from './completion/bash-completion.ts'
import { type CompletedCommand, completionModel } from './completion/completion-model.ts'
import { fishCompletion } from './completion/fish-completion.ts'
import { zshCompletion } from './completion/zsh-completion.ts'

type Shell = 'bash' | 'zsh' | 'fish'

const SCRIPTS: Readonly<Record<Shell, (commands: readonly CompletedCommand[]) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
}

const USE = `
bash: source <(selvedge completion bash)
zsh:  source <(selvedge completion zsh)
fish: selvedge completion fish | source`

/** `selvedge completion SHELL`: a script that completes commands, flags and their values. */
export function completionCommand(): Command {
  return new Command('completion')
    .description('print a completion script for a shell')
    .addArgument(new Argument('<shell>').choices(['bash', 'zsh', 'fish']))
    .addHelpText('after', USE)
    .action((shell: Shell, _flags: object, command: Command) => {
      const program = command.parent
      if (program !== null) process.stdout.write(SCRIPTS[shell](completionModel(program)))
    })
}
