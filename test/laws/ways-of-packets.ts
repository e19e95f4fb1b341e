import { isHeld, isHeldOnBridge } from '../oracle/hold.ts'

/** How a packet goes, and who is held on that way: to another node, and from pod to pod of this one. */
export const TO_OTHER_NODE = { devices: { in: 'cni0', out: 'flannel.1' }, isHeldHere: isHeld }
export const BETWEEN_PODS = { devices: { in: 'cni0', out: 'cni0' }, isHeldHere: isHeldOnBridge }
