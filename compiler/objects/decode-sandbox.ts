import { canonicalAddress } from '../addresses/canonical-address.ts'
import { checkDnsLabel, checkDnsSubdomain } from './name-syntax.ts'
import { type Fields, isFields } from './read-fields.ts'
import type { Sandbox } from './sandbox.ts'

/** What a file of the cache says; its place in the order, and which of its addresses count, its reader knows. */
export interface CachedSandbox extends Pick<Sandbox, 'id' | 'uid' | 'namespace' | 'name' | 'addresses'> {
  /** The path of its network namespace on the node; undefined: an older libcni, which does not note it. */
  readonly netns: string | undefined
}

/** The interface that every runtime gives a pod's default network (go-cni, ocicni); others are of further networks. */
const DEFAULT_INTERFACE = 'eth0'
const UID = /^[\x21-\x7e]{1,128}$/
const ID = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/
/** One a family is usual. */
const MOST_ADDRESSES = 16

/**
 * A file of libcni's result cache (containernetworking/cni, libcni/api.go: cachedInfo, kind `cniCacheV1`). `not yet`: no JSON, as
 * a file that is being written in place; `not ours`: no pod's default network. The file holds the pod's annotations too, which
 * anyone may have written: nothing is taken but the fields that the runtime and its plugins fill in.
 */
export function decodeSandbox(text: string): CachedSandbox | 'not yet' | 'not ours' {
  const info = parse(text)
  if (info === undefined) return 'not yet'
  if (!isFields(info) || info['kind'] !== 'cniCacheV1' || info['ifName'] !== DEFAULT_INTERFACE) return 'not ours'
  const pairs = cniArguments(info['cniArgs'])
  const id = pairs.get('K8S_POD_INFRA_CONTAINER_ID') ?? ''
  const uid = pairs.get('K8S_POD_UID') ?? ''
  const namespace = pairs.get('K8S_POD_NAMESPACE') ?? ''
  const name = pairs.get('K8S_POD_NAME') ?? ''
  const isNamed = checkDnsLabel(namespace).length === 0 && checkDnsSubdomain(name).length === 0
  if (!isNamed || !UID.test(uid) || !ID.test(id) || info['containerId'] !== id) return 'not ours'
  const addresses = resultAddresses(info['result'])
  if (addresses.length === 0) return 'not ours'
  const { netns } = info
  return { id, uid, namespace, name, addresses, netns: typeof netns === 'string' && netns !== '' ? netns : undefined }
}

/** Undefined when it is no JSON: no text of JSON means undefined, and no part of an object's text is JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

/** CNI_ARGS in pairs. Of a key that is there twice nobody can say which is meant: it counts as empty. */
function cniArguments(value: unknown): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>()
  for (const item of Array.isArray(value) ? (value as readonly unknown[]) : []) {
    if (!Array.isArray(item)) continue
    const [key, text] = item as readonly unknown[]
    if (typeof key !== 'string' || typeof text !== 'string') continue
    pairs.set(key, pairs.has(key) ? '' : text)
  }
  return pairs
}

/** `ips[].address` of results from CNI 0.3.0 on, `ip4.ip` and `ip6.ip` of older ones; each with its prefix length. */
function resultAddresses(result: unknown): readonly string[] {
  if (!isFields(result)) return []
  const ips = Array.isArray(result['ips']) ? (result['ips'] as readonly unknown[]).slice(0, MOST_ADDRESSES) : []
  const texts = [...ips.map((item) => at(item, 'address')), at(result['ip4'], 'ip'), at(result['ip6'], 'ip')]
  const addresses = texts.flatMap((text) => {
    const [written] = typeof text === 'string' ? text.split('/', 1) : []
    return (written === undefined ? undefined : canonicalAddress(written)) ?? []
  })
  return [...new Set(addresses)]
}

function at(value: unknown, key: keyof Fields): unknown {
  return isFields(value) ? value[key] : undefined
}
