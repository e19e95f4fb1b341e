import { Command, Option } from 'commander'
import { findServiceProxy } from '../kernel/find-service-proxy.ts'
import { preflight } from '../kernel/preflight.ts'
import type { AgentFlags } from './agent-flags.ts'
import { lookAtHold } from './doctor-hold.ts'
import { EXIT } from './exit-codes.ts'
import { addRulesetOptions } from './ruleset-options.ts'

/** `selvedge doctor`: can this node enforce, and what stands in the way? */
export function doctorCommand(): Command {
  const command = new Command('doctor')
    .description('can this node enforce, and what stands in the way?')
    .addOption(new Option('-o, --output <format>', 'text or json').choices(['text', 'json']).default('text'))
  command.addOption(
    new Option('--hold <when>', 'what to look for: whether new pods can be held (default: as the agent here)').choices([
      'auto',
      'on',
      'off',
    ]),
  )
  return addRulesetOptions(command, { looks: true }).action(doctor)
}

interface DoctorFlags extends Pick<AgentFlags, 'markMask' | 'serviceProxy' | 'hold' | 'bridgeLocal'> {
  readonly output: string
}

async function doctor({ output, markMask, serviceProxy: told, hold, bridgeLocal }: DoctorFlags, command: Command) {
  const serviceProxy = told === 'auto' ? findServiceProxy() : told
  const ofHold = {
    ...(hold !== undefined && { hold }),
    // Its default says nothing of what the agent was told.
    ...(command.getOptionValueSource('bridgeLocal') === 'cli' && { bridgeLocal }),
  }
  const findings = [...(await preflight({ markMask, serviceProxy })), ...(await lookAtHold(ofHold))]
  const blocked = findings.some(({ severity }) => severity === 'blocks')
  if (output === 'json') process.stdout.write(`${JSON.stringify(findings, undefined, 2)}\n`)
  else {
    const lines = findings.map(
      ({ severity, problem, cure }) =>
        `${severity === 'blocks' ? 'BLOCKS' : 'warns'}: ${problem}${cure === '' ? '' : `; ${cure}`}`,
    )
    const verdict = blocked ? 'this node cannot enforce' : 'this node can enforce'
    process.stdout.write(`${[verdict, ...lines].join('\n')}\n`)
  }
  if (blocked) process.exitCode = EXIT.no
}
