import { parseArgs } from 'node:util'
import { fetchKernel } from './fetch-kernel.ts'
import { fetchNft } from './fetch-nft.ts'
import { KERNELS } from './kernels.ts'
import { runInVm, type VmRequest } from './run-in-vm.ts'
import { SMOKE, SUITE, type VmRun } from './suite.ts'
import { VmError } from './vm-error.ts'

/*
 * Runs tests of this checkout, or any command, under kernels of Debian's in virtual machines.
 *
 *     npm run test:vm [-- --at-once 1]                   all that is worth it, on every kernel; two machines at a time
 *     npm run test:vm -- --smoke                         one short test on the oldest
 *     npm run test:vm -- --kernel 6.1 [--nft 1.1] [--minutes 20] [--processors 2] [-- COMMAND...]
 *
 * Without a COMMAND it is the suite of that kernel; `vitest run FILE...` gets the configuration of this folder.
 * Exit 3: the machine would not.
 */
const separator = process.argv.indexOf('--')
const command = separator === -1 ? [] : process.argv.slice(separator + 1)
const { values } = parseArgs({
  args: process.argv.slice(2, separator === -1 ? undefined : separator),
  options: {
    kernel: { type: 'string' },
    nft: { type: 'string' },
    minutes: { type: 'string' },
    'at-once': { type: 'string', default: '2' },
    processors: { type: 'string' },
    smoke: { type: 'boolean', default: false },
  },
})
/** Random inputs cost an emulated machine too much to have the usual number of them. */
process.env['FC_RUNS'] ??= '3'
/** And the same ones each time: what fails here is the kernel's doing. */
process.env['FC_SEED'] ??= '11'
/** Limits of the tests' own, by so much more (test/support/patience.ts). */
process.env['SELVEDGE_SLOWNESS'] ??= '15'
/** Changes under flood (test/flood/late-removals.test.ts). */
process.env['SELVEDGE_ROUNDS'] ??= '4'

try {
  process.exitCode = await runAll(requests())
} catch (error) {
  if (!(error instanceof VmError)) throw error
  process.stderr.write(`test:vm: ${error.message}\n`)
  process.exitCode = 3
}

function requests(): readonly VmRequest[] {
  const minutes = values.minutes === undefined ? undefined : Number(values.minutes)
  const fromSuite = ({ kernel, nft, tests, minutes: usual, processors, arrangement }: VmRun): VmRequest => ({
    kernel,
    ...(nft === undefined ? {} : { nft }),
    ...(processors === undefined ? {} : { processors }),
    ...(arrangement === undefined ? {} : { environment: { SELVEDGE_ARRANGEMENT: arrangement } }),
    command: vitest(tests),
    seconds: (minutes ?? usual) * 60,
  })
  if (values.smoke) return SMOKE.map(fromSuite)
  const { kernel: name, nft } = values
  if (name === undefined) return SUITE.map(fromSuite)
  const kernel = KERNELS.find((one) => one.name === name)
  if (kernel === undefined) throw new VmError(`no kernel ${name}; give ${KERNELS.map((one) => one.name).join(', ')}`)
  if (command.length === 0)
    return SUITE.filter((run) => run.kernel === kernel && (nft ?? run.nft) === run.nft).map(fromSuite)
  const [program = '', verb = '', ...rest] = command
  const words = program === 'vitest' && verb === 'run' ? vitest(rest) : command
  const processors = values.processors === undefined ? {} : { processors: Number(values.processors) }
  return [
    { kernel, ...(nft === undefined ? {} : { nft }), ...processors, command: words, seconds: (minutes ?? 20) * 60 },
  ]
}

function vitest(words: readonly string[]): readonly string[] {
  return ['vitest', 'run', '--config', 'test/vm/vitest.config.ts', '--configLoader', 'native', ...words]
}

/** So many machines at once as asked for. 0 when all went well. */
async function runAll(all: readonly VmRequest[]): Promise<number> {
  if (all.length === 0) throw new VmError('nothing to run: the suite has no such pair; give a command')
  const machines = Number(values['at-once'])
  if (!(machines >= 1)) throw new VmError(`--at-once takes a number of machines, not ${values['at-once']}`)
  // What two machines want is fetched once.
  for (const { kernel, nft } of all) {
    await fetchKernel(kernel)
    if (nft !== undefined) await fetchNft(nft)
  }
  const waiting = [...all]
  let worst = 0
  const runNext = async (): Promise<void> => {
    for (let request = waiting.shift(); request !== undefined; request = waiting.shift()) {
      worst = Math.max(worst, await runOne(request))
    }
  }
  await Promise.all(Array.from({ length: machines }, runNext))
  return worst
}

async function runOne(request: VmRequest): Promise<number> {
  const { kernel, nft } = request
  const name = `kernel ${kernel.name}${nft === undefined ? '' : `, nft ${nft}`}`
  const started = performance.now()
  const result = await runInVm(request, (line) => process.stdout.write(`${name}: ${line}\n`))
  const said = result.kind === 'ended' ? `exit ${result.exitCode}` : `the virtual machine ${result.kind}`
  const minutes = (seconds: number): string => (seconds / 60).toFixed(1)
  const took = `${minutes((performance.now() - started) / 1000)} minutes, ${minutes(result.processorSeconds)} of a processor`
  process.stdout.write(`test:vm: ${name}: ${said}; ${took}\n`)
  return result.kind === 'ended' ? result.exitCode : 1
}
