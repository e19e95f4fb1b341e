import { Command, Option } from 'commander'
import { preflight } from '../kernel/preflight.ts'
import { EXIT } from './exit-codes.ts'
import { addRulesetOptions } from './ruleset-options.ts'

/** `selvedge doctor`: can this node enforce, and what stands in the way? */
export function doctorCommand(): Command {
  const command = new Command('doctor')
    .description('can this node enforce, and what stands in the way?')
    .addOption(new Option('-o, --output <format>', 'text or json').choices(['text', 'json']).default('text'))
  return addRulesetOptions(command).action(doctor)
}

async function doctor({ output, markMask }: { readonly output: string; readonly markMask: number }): Promise<void> {
  const findings = await preflight({ markMask })
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
