/** Where each trap that does not stand in this folder is tested; `later`: what it speaks of does not exist yet. */
export const OTHER_ROOMS: Readonly<Record<'kernel' | 'agent' | 'later', readonly string[]>> = {
  // Real packets: the kernel, conntrack, bridges, kube-proxy.
  kernel: '30b 31 32 33 36 37b 37c 37d 45 47 48 53 54 55 56 57 59'.split(' '),
  // A process that starts, stops, is killed and repairs.
  agent: '38 46'.split(' '),
  // What they speak of has no test yet: a real kube-proxy in each mode (34), DNS through it (37), IPVS (58), policies with
  // tiers (52).
  later: '34 37 52 58'.split(' '),
}

/** The semantic ones, each by a test of this folder. */
export const HERE: readonly string[] = [
  '1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 30c',
  '35 39 40 41 42 43 43b 44 49 50 51',
].flatMap((row) => row.split(' '))
