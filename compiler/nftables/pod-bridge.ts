/** The bridge of a node's pods, as Flannel's plugin calls it, and k3s. */
export const POD_BRIDGE = 'cni0'
