import type { HeldAddress } from '../../compiler/engine/held-address.ts'
import type { Sandbox } from '../../compiler/objects/sandbox.ts'
import type { Finding } from './finding.ts'

/** What is known of the hold on this node; what the source of sandboxes says of its files (`src/sources/cni`). */
export interface HoldLook {
  readonly mode: 'auto' | 'on' | 'off'
  /** Nobody said which mode. */
  readonly isTold: boolean
  readonly established: 'rejudge' | 'keep'
  /** How many subnets of pods are known. */
  readonly subnets: number
  readonly cacheFolder: string
  readonly cache:
    | { readonly kind: 'readable'; readonly isWatched: boolean }
    | { readonly kind: 'unreadable'; readonly reason: string; readonly isDenied: boolean }
}

/** What keeps new pods from being closed from their first packet. */
export function holdFindings(look: HoldLook): readonly Finding[] {
  const { mode, isTold, cacheFolder, cache } = look
  const reason = whyOff(look)
  if (mode === 'off') return isTold || reason !== undefined ? [] : [AVAILABLE]
  return [
    ...(reason === undefined ? [] : [holdOff(reason)]),
    ...(cache.kind === 'unreadable' ? [unreadable(cacheFolder, cache)] : []),
    ...(cache.kind === 'readable' && !cache.isWatched ? [UNWATCHED] : []),
  ]
}

/** The cache was there and is not any more; the agent ends for it. */
export function cacheLost(reason: string): Finding {
  return {
    id: 'cni-cache-lost',
    severity: 'warns',
    problem: `the runtime's result cache is lost: ${reason}; every address stays as it was known`,
    cure: 'nothing: the agent ends, and sees the folder as it is when the kubelet has started it again',
  }
}

/** The kubelet's own uid of a static pod is a hash (kubernetes/pkg/kubelet/config: applyDefaults); the API's have dashes. */
const STATIC_UID = /^[0-9a-f]{32}$/
/** A mirror is made within seconds of its pod, once the API answers. */
const PATIENCE_MILLISECONDS = 60_000

/**
 * Static pods that run here and that the API has no mirror of: nobody can say which policies are theirs, so they stay held. `now` in
 * milliseconds since 1970, as files are dated.
 */
export function staticPodFindings(held: readonly HeldAddress[], now: number): readonly Finding[] {
  const addresses = new Map<Sandbox, string[]>()
  for (const { address, sandbox } of held) {
    if (!STATIC_UID.test(sandbox.uid) || now - sandbox.writtenAt < PATIENCE_MILLISECONDS) continue
    addresses.set(sandbox, [...(addresses.get(sandbox) ?? []), address])
  }
  return [...addresses].map(([{ namespace, name }, list]) => staticPodUnknown(`${namespace}/${name}`, list))
}

function staticPodUnknown(pod: string, addresses: readonly string[]): Finding {
  return {
    id: 'static-pod-unknown',
    severity: 'warns',
    problem: `the static pod ${pod} (${addresses.join(', ')}) is not in the API, so its addresses are held`,
    cure: `find out from the kubelet's log why its mirror is refused; or --hold-except for its address`,
  }
}

/** For a minute the runtime and the API have named different addresses for a pod. */
export function addressDiffers(pod: string, given: string, told: readonly string[]): Finding {
  return {
    id: 'address-differs',
    severity: 'warns',
    problem: `pod ${pod} has ${given} by its runtime and ${told.join(', ')} by its status; the runtime’s is enforced`,
    cure: 'see the kubelet’s log for why it does not report; delete the pod if it does not end',
  }
}

/** For a minute pods of this node have had addresses, and no file of the cache names one. */
export function cacheSilent(folder: string, pods: number): Finding {
  return {
    id: 'cni-cache-silent',
    severity: 'warns',
    problem: `${pods === 1 ? 'a pod of this node has an address' : `${pods} pods of this node have addresses`} and no file of ${folder} names any of them, so each new pod is held until the API shows its address, and a hook that needs the network before that waits in vain`,
    cure: '--cni-cache with the folder in which the runtime keeps the results of its network plugins; --hold=off where it keeps none',
  }
}

type Cure = readonly [problem: string, cure: string]

/** Undefined: nothing is in its way. `on` needs no cache; pods then wait for the API. */
function whyOff({ mode, established, subnets, cacheFolder, cache }: HoldLook): Cure | undefined {
  if (established === 'keep') return ['live flows are kept (--established keep)', 'give --established rejudge']
  if (subnets === 0) {
    return [
      'no subnet of this node’s pods is known: /run/flannel/subnet.env has none, and cni0 is not up',
      'wait for Flannel; mount /run/flannel into the agent; or --hold-cidr',
    ]
  }
  if (mode !== 'on' && cache.kind === 'unreadable') return [`${cacheFolder} cannot be read`, 'see cni-cache-unreadable']
  return undefined
}

function holdOff([problem, cure]: Cure): Finding {
  return {
    id: 'hold-off',
    severity: 'warns',
    problem: `new pods are open until the API shows their addresses: ${problem}`,
    cure,
  }
}

const AVAILABLE: Finding = {
  id: 'hold-available',
  severity: 'warns',
  problem:
    'new pods are open until the API shows their addresses, and this node could close them from their first packet',
  cure: '--hold=auto, as the manifests have it; --hold=off to leave it so, and to be asked no more',
}

function unreadable(
  folder: string,
  { reason, isDenied }: { readonly reason: string; readonly isDenied: boolean },
): Finding {
  return {
    id: 'cni-cache-unreadable',
    severity: 'warns',
    problem: `the runtime's result cache ${folder} cannot be read: ${reason}`,
    cure: isDenied
      ? 'run the agent as root; under SELinux give its container `seLinuxOptions: {type: spc_t}`'
      : 'mount /var/lib/cni of the node into the agent, read-only; --cni-cache where the runtime has it elsewhere',
  }
}

const UNWATCHED: Finding = {
  id: 'cni-cache-unwatched',
  severity: 'warns',
  problem:
    'the kernel gives no watch for the runtime’s result cache, so it is looked at five times a second, and new pods wait for that',
  cure: 'raise fs.inotify.max_user_instances and fs.inotify.max_user_watches',
}
