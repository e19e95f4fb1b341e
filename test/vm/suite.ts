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
  'test/vm/cases',
  'test/kernel/loading.test.ts',
  'test/kernel/random-clusters.test.ts',
  'test/kernel/rejudge.test.ts',
  'test/kernel/helper-related.test.ts',
  'test/kernel/service.test.ts',
  'test/kernel-room/generations-in-use.test.ts',
  'test/flood/late-removals.test.ts',
]
/** What another nft may write or read otherwise. */
const EVERY_NFT = ['test/vm/cases/smoke.case.ts', 'test/kernel/loading.test.ts']

/** The image's. */
const NEW_NFT = '1.1'
/** Kernels that refuse sets of ours from nft before 1.1.3, which the machine's own may be (src/kernel/known-faults.ts). */
const REFUSES_OLD_NFT: ReadonlySet<string> = new Set(['6.12', 'newest'])

/** `npm run test:vm` without more: all kernels, with the machine's own nft where that will do, and the oldest with the image's too. */
export const SUITE: readonly VmRun[] = [
  ...KERNELS.map((kernel) => ({
    kernel,
    ...(REFUSES_OLD_NFT.has(kernel.name) ? { nft: NEW_NFT } : {}),
    tests: EVERY_KERNEL,
    minutes: 30,
  })),
  ...KERNELS.slice(0, 1).map((kernel) => ({ kernel, nft: NEW_NFT, tests: EVERY_NFT, minutes: 10 })),
]

/** For .ci/run: does an old kernel take what we write, and judge by it? */
export const SMOKE: readonly VmRun[] = KERNELS.slice(0, 1).map((kernel) => ({
  kernel,
  tests: ['test/vm/cases/smoke.case.ts'],
  minutes: 8,
}))
