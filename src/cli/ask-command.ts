import { Command } from 'commander'
import { askForText } from '../telemetry/ask-agent.ts'
import { DEFAULT_SOCKET } from '../telemetry/socket-path.ts'
import { StatusSocketError } from '../telemetry/status-socket-error.ts'
import { EXIT } from './exit-codes.ts'

/** As long as a listing of full sets may take on a node that is busy. */
const PATIENCE_MILLISECONDS = 20_000

/**
 * `selvedge ask QUESTION`, in no help: what the agent's socket answers, as it is. The commands that ask every node run it in the agents'
 * containers; names are lent by whoever asks, who may read the cluster.
 */
export function askCommand(): Command {
  return new Command('ask')
    .description('print what the agent on this node answers to a question of its socket')
    .argument('<question>')
    .option('--socket <path>', 'the agent’s unix socket', DEFAULT_SOCKET)
    .action(ask)
}

async function ask(question: string, { socket }: { readonly socket: string }): Promise<void> {
  try {
    process.stdout.write(await askForText(socket, question, { timeoutMilliseconds: PATIENCE_MILLISECONDS }))
  } catch (error) {
    if (!(error instanceof StatusSocketError)) throw error
    process.stderr.write(`${error.line}\n`)
    process.exitCode = EXIT.environment
  }
}
