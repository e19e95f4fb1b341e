import { type Command, Option } from 'commander'
import { type AuditOptions, DEFAULT_AUDIT } from '../../compiler/objects/is-audited.ts'

/** Who may say that a policy is only audited; wherever a cluster's policies are judged, the same as at its agents. */
export function addAuditOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--audit <whose>',
        'whose annotation selvedge.io/mode counts: that of policies, of their namespaces too, or nobody’s',
      )
        .choices(['off', 'policies', 'namespaces'])
        .default(DEFAULT_AUDIT.audit),
    )
    .option(
      '--read-kube-router-monitor',
      'policies with kube-router’s annotation kube-router.io/network-policy.monitor are only audited as well',
      DEFAULT_AUDIT.readKubeRouterMonitor,
    )
}

/** The audit options among a command's parsed flags. */
export function auditOptions({ audit, readKubeRouterMonitor }: AuditOptions): AuditOptions {
  return { audit, readKubeRouterMonitor }
}
