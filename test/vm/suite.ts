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
]
/** What another nft may write or read otherwise. */
const EVERY_NFT = ['test/vm/cases/smoke.case.ts', 'test/kernel/loading.test.ts']

/** `npm run test:vm` without more: all kernels with the machine's own nft, two of them with that of the image as well. */
export const SUITE: readonly VmRun[] = [
  ...KERNELS.map((kernel) => ({ kernel, tests: EVERY_KERNEL, minutes: 20 })),
  ...KERNELS.filter(({ name }) => ['5.10', 'newest'].includes(name)).map((kernel) => ({
    kernel,
    nft: '1.1',
    tests: EVERY_NFT,
    minutes: 10,
  })),
]

/** For .ci/run: does an old kernel take what we write, and judge by it? */
export const SMOKE: readonly VmRun[] = KERNELS.slice(0, 1).map((kernel) => ({
  kernel,
  tests: ['test/vm/cases/smoke.case.ts'],
  minutes: 8,
}))
