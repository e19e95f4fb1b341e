import { Command, Option } from 'commander'
import { askRules } from '../telemetry/ask-rules.ts'
import { askStatus, DEFAULT_SOCKET } from '../telemetry/status-socket.ts'
import { StatusSocketError } from '../telemetry/status-socket-error.ts'
import { rulesText } from '../views/rules-text.ts'
import { statusText } from '../views/status-text.ts'
import { EXIT } from './exit-codes.ts'
import { textStyle } from './text-style.ts'

/** `selvedge status`: asks the agent on this node what it enforces, since when, and what is wrong. */
export function statusCommand(): Command {
  return new Command('status')
    .description('ask the agent on this node what it enforces')
    .option('--socket <path>', 'the agent’s unix socket', DEFAULT_SOCKET)
    .option('--rules', 'each rule of the policies here: was it used, never, or can that not be told')
    .addOption(new Option('-o, --output <format>', 'text or json').choices(['text', 'json']).default('text'))
    .action(status)
}

interface StatusFlags {
  readonly socket: string
  readonly output: 'text' | 'json'
  readonly rules?: boolean
}

async function status({ socket, output, rules = false }: StatusFlags): Promise<void> {
  try {
    const [answer, text] = rules ? await rulesAt(socket) : await statusAt(socket)
    process.stdout.write(output === 'json' ? `${JSON.stringify(answer, undefined, 2)}\n` : text)
  } catch (error) {
    if (!(error instanceof StatusSocketError)) throw error
    process.stderr.write(`${error.line}\n`)
    process.exitCode = EXIT.environment
  }
}

async function statusAt(socket: string): Promise<readonly [object, string]> {
  const answer = await askStatus(socket)
  return [answer, statusText(answer, textStyle())]
}

async function rulesAt(socket: string): Promise<readonly [object, string]> {
  const answer = await askRules(socket)
  return [answer, rulesText(answer, textStyle())]
}
