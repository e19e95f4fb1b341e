import { statSync } from 'node:fs'
import { manifestsIn } from './manifests-in.ts'

const POLICY_TEST_NAME = /\.policytest\.(?:ya?ml|json)$/

/** Folders that hold other people's files, in which a test would not be ours. */
const FOREIGN = /(?:^|\/)(?:node_modules|vendor)\//

/** Files as they are, and of directories the `*.policytest.yaml` in them and their subfolders. Throws what the system says. */
export function findPolicyTests(paths: readonly string[]): readonly string[] {
  return paths.flatMap((path) => {
    if (path === '-' || statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return [path]
    const found = [...manifestsIn(path)].filter((file) => POLICY_TEST_NAME.test(file) && !FOREIGN.test(file))
    return path === '.' ? found.map((file) => file.replace(/^\.\//, '')) : found
  })
}
