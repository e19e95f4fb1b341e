import { createPrivateApt, MIRROR } from '../../deploy/image/private-apt.ts'
import { VmError } from './vm-error.ts'

export interface DebianPackages {
  /** The newest version of a package in these suites; undefined where none has it. */
  newest(name: string): Promise<string | undefined>
  /** Names of packages that this one depends on. */
  dependencies(name: string): Promise<readonly string[]>
  /** Downloads into the folder; `wanted` as apt writes it: NAME or NAME=VERSION. */
  download(wanted: readonly string[], folder: string): Promise<void>
  remove(): void
}

/** The packages of these suites of Debian, by an apt that knows nothing of the machine's own. */
export async function debianPackages(suites: readonly string[]): Promise<DebianPackages> {
  const apt = await orVmError(createPrivateApt(MIRROR, 'amd64', { names: suites }))
  return {
    newest: async (name) => (await orVmError(apt.versions([name]))).get(name)?.[0],
    dependencies: async (name) => {
      const listed = await orVmError(apt.cache(['depends', '--no-recommends', '--no-suggests', name]))
      return [...listed.matchAll(/^[ |]*(?:Pre)?Depends: (\S+)$/gm)].map(([, other = '']) => other)
    },
    download: async (wanted, into) => void (await orVmError(apt.get(['download', ...wanted], into))),
    remove: apt.remove,
  }
}

/** What apt says of a mirror or a package, in its first line. */
async function orVmError<Result>(asked: Promise<Result>): Promise<Result> {
  try {
    return await asked
  } catch (error) {
    if (!(error instanceof Error)) throw error
    const { code, stderr = '' } = error as { readonly code?: string; readonly stderr?: string }
    if (code === 'ENOENT') throw new VmError('no apt here: kernels are taken from Debian by apt')
    throw new VmError(`apt: ${(stderr.trim() || error.message).split('\n')[0]}`)
  }
}
