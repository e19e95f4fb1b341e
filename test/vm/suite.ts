import type { Arrangement } from '../../src/lab/plan.ts'
import { KERNELS, type KernelLine } from './kernels.ts'

/** One start of a virtual machine, and the tests that run in it. */
export interface VmRun {
  readonly kernel: KernelLine
  readonly nft?: string
  readonly tests: readonly string[]
  readonly minutes: number
  /** Of tests that know both, only this one. */
  readonly arrangement?: Arrangement
  readonly processors?: number
}

const casesOf = (...names: readonly string[]) => names.map((name) => `test/vm/cases/${name}.case.ts`)

/** What another kernel may do otherwise, and no more of it than an emulated machine bears (docs/verified.md has the times). */
const EVERY_KERNEL = [
  ...casesOf('interval-sets', 'conformance', 'sctp', 'demo'),
  'test/kernel/loading.test.ts',
  'test/kernel/random-clusters.test.ts',
  'test/kernel/rejudge.test.ts',
  'test/kernel/hold.test.ts',
  'test/kernel/service.test.ts',
  'test/kernel-room/generations-in-use.test.ts',
]
/** What happens between two processors: when a transaction's parts come into sight of a packet on its way. */
const BETWEEN_PROCESSORS = ['test/flood/late-removals.test.ts']
/** Whatever the kernel's limits and modules do, they have done for long: the oldest and the newest. */
const AT_THE_ENDS = casesOf('bridge-netfilter', 'conntrack-full')
const ENDS: ReadonlySet<KernelLine | undefined> = new Set([KERNELS[0], KERNELS.at(-1)])
/** Who runs a new kernel with IPVS will not for long: the oldest and Debian's stable one. */
const IPVS = casesOf('modules', 'ipvs', 'ipvs-node-ports', 'ipvs-reject')
const WITH_IPVS: ReadonlyMap<string, Arrangement> = new Map([
  ['5.10', 'bridged'],
  ['6.12', 'routed'],
])
/** What another nft may write or read otherwise. */
const EVERY_NFT = [...casesOf('smoke', 'interval-sets'), 'test/kernel/loading.test.ts']

/** The image's. */
const NEW_NFT = '1.1'
/** Kernels that refuse keys with IPv6 addresses from nft before 1.1.3, which the machine's own may be (src/kernel/known-faults.ts). */
const REFUSES_OLD_NFT: ReadonlySet<string> = new Set(['6.12', 'newest'])

/** `npm run test:vm` without more: each kernel with an nft that will do there, then pairs that are news by themselves. */
export const SUITE: readonly VmRun[] = KERNELS.flatMap((kernel, index): VmRun[] => {
  const refuses = REFUSES_OLD_NFT.has(kernel.name)
  const run = { kernel, ...(refuses ? { nft: NEW_NFT } : {}) }
  // As Flannel has it, and as others do, in turns.
  const arrangement = index % 2 === 0 ? 'bridged' : 'routed'
  const more = ENDS.has(kernel) ? AT_THE_ENDS : []
  const ipvs = WITH_IPVS.get(kernel.name)
  return [
    { ...run, tests: [...EVERY_KERNEL, ...more], arrangement, minutes: 45 },
    { ...run, tests: BETWEEN_PROCESSORS, minutes: 15, processors: 2 },
    ...(ipvs === undefined ? [] : [{ ...run, tests: IPVS, arrangement: ipvs, minutes: 20 }]),
    // IPv4 of the old nft on a kernel that refuses its IPv6; on the oldest the new nft.
    ...(refuses ? [{ kernel, tests: casesOf('interval-sets'), minutes: 10 }] : []),
    ...(kernel === KERNELS[0] ? [{ kernel, nft: NEW_NFT, tests: EVERY_NFT, minutes: 10 }] : []),
  ]
})

/** For .ci/run: does an old kernel take what we write, and judge by it? */
export const SMOKE: readonly VmRun[] = KERNELS.slice(0, 1).map((kernel) => ({
  kernel,
  tests: casesOf('smoke'),
  minutes: 8,
}))
