import { KERNELS, type KernelLine } from './kernels.ts'

/** One start of a virtual machine, and the tests that run in it. */
export interface VmRun {
  readonly kernel: KernelLine
  readonly nft?: string
  readonly tests: readonly string[]
  readonly minutes: number
}

/** What another kernel may do otherwise, and no more of it than an emulated machine bears (docs/verified.md has the times). */
const EVERY_KERNEL = [
  'test/vm/cases/smoke.case.ts',
  'test/vm/cases/interval-sets.case.ts',
  'test/vm/cases/bridge-netfilter.case.ts',
  'test/vm/cases/conntrack-full.case.ts',
  'test/vm/cases/conformance.case.ts',
  'test/vm/cases/sctp.case.ts',
  'test/kernel/loading.test.ts',
  'test/kernel/random-clusters.test.ts',
  'test/vm/cases/live-flows.case.ts',
  'test/kernel/service.test.ts',
  'test/kernel-room/generations-in-use.test.ts',
  'test/flood/late-removals.test.ts',
]
/** IPVS itself changes little, and who runs a new kernel with it will not for long: the oldest and Debian's stable one. */
const IPVS = ['modules', 'ipvs', 'ipvs-node-ports', 'ipvs-reject'].map((name) => `test/vm/cases/${name}.case.ts`)
const WITH_IPVS: ReadonlySet<string> = new Set(['5.10', '6.12'])
/** What another nft may write or read otherwise. */
const EVERY_NFT = ['test/vm/cases/smoke.case.ts', 'test/vm/cases/interval-sets.case.ts', 'test/kernel/loading.test.ts']

/** The image's. */
const NEW_NFT = '1.1'
/** Kernels that refuse keys with IPv6 addresses from nft before 1.1.3, which the machine's own may be (src/kernel/known-faults.ts). */
const REFUSES_OLD_NFT: ReadonlySet<string> = new Set(['6.12', 'newest'])

/** `npm run test:vm` without more: each kernel with an nft that will do there, then pairs that are news by themselves. */
export const SUITE: readonly VmRun[] = KERNELS.flatMap((kernel): VmRun[] => {
  const refuses = REFUSES_OLD_NFT.has(kernel.name)
  const nft = refuses ? { nft: NEW_NFT } : {}
  return [
    { kernel, ...nft, tests: EVERY_KERNEL, minutes: 30 },
    ...(WITH_IPVS.has(kernel.name) ? [{ kernel, ...nft, tests: IPVS, minutes: 20 }] : []),
    // IPv4 of the old nft on a kernel that refuses its IPv6; on the oldest the new nft.
    ...(refuses ? [{ kernel, tests: ['test/vm/cases/interval-sets.case.ts'], minutes: 10 }] : []),
    ...(kernel === KERNELS[0] ? [{ kernel, nft: NEW_NFT, tests: EVERY_NFT, minutes: 10 }] : []),
  ]
})

/** For .ci/run: does an old kernel take what we write, and judge by it? */
export const SMOKE: readonly VmRun[] = KERNELS.slice(0, 1).map((kernel) => ({
  kernel,
  tests: ['test/vm/cases/smoke.case.ts'],
  minutes: 8,
}))
