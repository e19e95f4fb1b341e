import { needsUserNamespace, runInUserNamespace } from '../../src/lab/user-namespace.ts'
import { comparePackets } from './packets/compare-packets.ts'
import { compareNoting } from './packets/compare-noting.ts'
import { compareRules } from './packets/compare-rules.ts'
import { whyNot } from './packets/machine.ts'

/*
 * `npm run bench:packets`: what a packet costs under our ruleset, as ratios to a bare conntrack accept, beside the classic
 * layout of one chain a policy. `--quick`: under 90 s. `--rules`: what each rule on the way of every packet costs.
 * `--noting`: what counting grants, observing, and noting what is denied cost.
 */

const reason = needsUserNamespace() ? undefined : await whyNot()
if (needsUserNamespace()) process.exitCode = await runInUserNamespace()
else if (reason !== undefined) {
  console.error(`bench:packets cannot run here: ${reason}`)
  process.exitCode = 3
} else if (process.argv.includes('--rules')) await compareRules()
else if (process.argv.includes('--noting')) await compareNoting()
else await comparePackets(process.argv.includes('--quick'))
