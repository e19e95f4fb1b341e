/** Where the unit finds the table, and where docs/install.md puts both. */
export const BOOT_TABLE_FILE = '/etc/selvedge/boot.nft'
export const BOOT_UNIT = 'selvedge-boot.service'

/**
 * Loads the table before anything that starts pods, and after whatever flushes the ruleset at boot; not where an agent's table stands
 * already, which it would close for minutes. `nft` by its name: systemd looks for it where the distribution has it.
 */
export function bootUnitText(): string {
  return `[Unit]
Description=No pod of this node passes anything until the agent of selvedge runs
After=nftables.service firewalld.service
Before=containerd.service crio.service kubelet.service k3s.service k3s-agent.service
ConditionPathExists=${BOOT_TABLE_FILE}

[Service]
Type=oneshot
ExecCondition=/bin/sh -c '! nft list table inet selvedge >/dev/null 2>&1'
ExecStart=/bin/sh -c 'exec nft -f ${BOOT_TABLE_FILE}'

[Install]
WantedBy=multi-user.target
`
}
