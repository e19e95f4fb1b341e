import type { Kubectl } from './kubectl.ts'

const GONE = '--timeout=120s'

/** Waits until those of the namespaces are gone that an earlier run has deleted. Which of them stand all the same. */
export async function awaitGone(kubectl: Kubectl, names: readonly string[]): Promise<readonly string[]> {
  const { items } = (await kubectl.request('GET', '/api/v1/namespaces')) as unknown as {
    readonly items: readonly { readonly metadata: { readonly name: string; readonly deletionTimestamp?: string } }[]
  }
  const found = items.map(({ metadata }) => metadata).filter(({ name }) => names.includes(name))
  const leaving = found.filter(({ deletionTimestamp }) => deletionTimestamp !== undefined)
  if (leaving.length > 0)
    await kubectl.run(['wait', '--for=delete', GONE, ...leaving.map(({ name }) => `namespace/${name}`)])
  return found.filter((one) => !leaving.includes(one)).map(({ name }) => name)
}
