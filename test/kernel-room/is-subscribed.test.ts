import { execa } from 'execa'
import { expect, test } from 'vitest'
import { isSubscribed } from '../../src/kernel/is-subscribed.ts'
import { describeLab } from '../lab/describe-lab.ts'
import { useNamespace } from './namespace.ts'
import { waitUntil } from './wait-until.ts'

describeLab('hearing of commits', () => {
  const namespace = useNamespace()

  test('is what nft monitor does, and not another nft with the same kind of socket', async () => {
    await namespace.nft('add table inet other')
    const [file = '', ...rest] = namespace.enter('nft')
    const monitor = execa(file, [...rest, 'monitor'], { reject: false, stdin: 'ignore' })
    const session = execa(file, [...rest, '-i'], { reject: false, stdin: 'pipe' })
    try {
      session.stdin.write('list tables\n')
      let said = ''
      session.stdout.on('data', (chunk) => {
        said += String(chunk)
      })
      await waitUntil(() => said.includes('table inet other'), 'the session at work')
      await waitUntil(async () => (await isSubscribed(monitor.pid ?? 0)) === true, 'the subscription')
      expect(await isSubscribed(session.pid ?? 0)).toBe(false)
    } finally {
      monitor.kill()
      session.kill()
      await Promise.all([monitor, session])
    }
    expect(await isSubscribed(monitor.pid ?? 0)).toBeUndefined()
  })
})
