import { Command, Option } from 'commander'
import { askStatus, DEFAULT_SOCKET } from '../telemetry/status-socket.ts'
import { StatusSocketError } from '../telemetry/status-socket-error.ts'
import { statusText } from '../views/status-text.ts'
import { EXIT } from './exit-codes.ts'
import { textStyle } from './text-style.ts'

/** `selvedge status`: asks the agent on this node what it enforces, since when, and what is wrong. */
export function statusCommand(): Command {
  return new Command('status')
    .description('ask the agent on this node what it enforces')
    .option('--socket <path>', 'the agent’s unix socket', DEFAULT_SOCKET)
    .addOption(new Option('-o, --output <format>', 'text or json').choices(['text', 'json']).default('text'))
    .action(status)
}

async function status({ socket, output }: { readonly socket: string; readonly output: string }): Promise<void> {
  try {
    const answer = await askStatus(socket)
    process.stdout.write(
      output === 'json' ? `${JSON.stringify(answer, undefined, 2)}\n` : statusText(answer, textStyle()),
    )
  } catch (error) {
    if (!(error instanceof StatusSocketError)) throw error
    process.stderr.write(`${error.message}${error.hint === '' ? '' : `; ${error.hint}`}\n`)
    process.exitCode = EXIT.environment
  }
}
