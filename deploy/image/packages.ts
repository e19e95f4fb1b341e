export const STABLE = 'trixie'
export const TESTING = 'forky'

/**
 * Debian packages and their suites. Stable, but for nft: before 1.1.4 it can crash on what a newer nft left in other
 * tables, and stable has 1.1.3. What of a package lands in the image is found by `debian-files.ts`. As few as can be:
 * each is a pin that ages. base-files is not among them, it changes with every point release (see `licences/`).
 */
export const PACKAGES: Readonly<Record<string, string>> = {
  conntrack: STABLE,
  // The licence of libgcc and libstdc++.
  'gcc-14-base': STABLE,
  libbsd0: STABLE,
  libc6: STABLE,
  libedit2: STABLE,
  'libgcc-s1': STABLE,
  libgmp10: STABLE,
  libjansson4: STABLE,
  libmd0: STABLE,
  libmnl0: STABLE,
  'libnetfilter-conntrack3': STABLE,
  libnfnetlink0: STABLE,
  libnftables1: TESTING,
  libnftnl11: TESTING,
  'libstdc++6': STABLE,
  libtinfo6: STABLE,
  libxtables12: STABLE,
  // /etc/protocols: nft knows names of protocols from there.
  netbase: STABLE,
  nftables: TESTING,
}
