import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createLab } from '../../src/lab/create-lab.ts'
import { describeLab } from '../lab/describe-lab.ts'
import { PROJECT_ROOT } from '../support/project-root.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const PROGRAM = join(PROJECT_ROOT, 'test', 'agent', 'programs', 'sync-many.ts')
/** Kubernetes' own limit is 150,000 pods; V8 takes some 125,000 arguments in one call. */
const PODS = 200_000

describeLab('the first sync of a cluster above the limit of Kubernetes', () => {
  test(`an agent enforces for its pods among ${PODS}`, { timeout: 300_000 }, async () => {
    await using lab = await createLab({ arrangement: 'bridged', nodes: [{ name: 'node-1' }], pods: [] })
    const socket = join(temporaryFolder({}), 'agent.sock')
    const { stdout, stderr, exitCode } = await lab.exec('node-1', [process.execPath, PROGRAM, String(PODS), socket])
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0, stderr: expect.not.stringContaining('RangeError') })
    // Every 2,000th pod is of this node; all pods of their namespace may come in, and are what the kernel has to know.
    const [here, members] = [PODS / 2_000, PODS / 100]
    expect(JSON.parse(stdout)).toEqual({ isolated: here, policies: 1 })
    const table = (await lab.exec('node-1', ['nft', 'list', 'table', 'inet', 'selvedge'])).stdout
    expect(new Set(table.match(/\b10\.\d+\.\d+\.\d+\b/g)).size).toBe(members)
  })
})
